"""The detector that took an exposure, as far as a file names it."""

from __future__ import annotations

from dataclasses import dataclass

from .archived import ArchivedObject
from .box import Box2I

__all__ = ["Detector"]


@dataclass(frozen=True)
class Detector:
    """A detector.

    Parameters
    ----------
    name : `str`
        Its name, such as ``"1_42"``.
    id : `int`, optional
        Its number.
    serial : `str`
        Its serial number.
    bbox : `Box2I`, optional
        Its pixels.
    archived : `ArchivedObject`, optional
        All that the file holds of it: amplifiers, crosstalk, transforms.
    """

    name: str
    id: int | None = None
    serial: str = ""
    bbox: Box2I | None = None
    archived: ArchivedObject | None = None

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
        """Return the pixels of the detector."""
        return self.bbox
