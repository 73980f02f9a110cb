"""The detector that took an exposure, as far as a file names it."""

from __future__ import annotations

from dataclasses import dataclass

from .archived import ArchivedObject
from .box import Box2I

__all__ = ["Detector"]


@dataclass(frozen=True, repr=False)
class Detector:
    """A detector.

    Parameters
    ----------
    name : `str`
        Its name, such as ``"1_42"``.
    id : `int`, optional
        Its number; a file states it as DET-ID, if at all.
    serial : `str`
        Its serial number.
    bbox : `Box2I`, optional
        Its pixels; the cards of a file do not state them.
    archived : `ArchivedObject`, optional
        All that the file holds of it: amplifiers, crosstalk, transforms.

    Raises
    ------
    TypeError
        Raised if the name or the serial number is no text.
    """

    name: str
    id: int | None = None
    serial: str = ""
    bbox: Box2I | None = None
    archived: ArchivedObject | None = None

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("serial number", self.serial)):
            if not isinstance(text, str):
                raise TypeError(f"the {what} of a detector is a text, not {text!r}")

    def getName(self) -> str:
        """Return the name."""
        return self.name

    def getId(self) -> int | None:
        """Return the number."""
        return self.id

    def getSerial(self) -> str:
        """Return the serial number."""
        return self.serial

    def getBBox(self) -> Box2I | None:
        """Return the pixels of the detector, or nothing where they are not known."""
        return self.bbox

    def __repr__(self) -> str:
        known = [f"{self.name!r}"]
        known += [f"id={self.id}"] if self.id is not None else []
        known += [f"serial={self.serial!r}"] if self.serial else []
        known += [f"bbox={self.bbox}"] if self.bbox is not None else []
        return f"Detector({', '.join(known)})"
