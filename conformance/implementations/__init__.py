"""What the suite must be told of a Butler to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

DIALECTS = ("w_2020_03", "current")


class ImplementationError(Exception):
    """An implementation cannot be found, or is not what the suite can speak to.

    A factory may raise it where its Butler is not installed, with what to install.
    """


@dataclass(frozen=True, slots=True)
class Dialect:
    """The modules that speak one dialect of Rubin's API.

    Attributes
    ----------
    butler
        Module with `Butler`, what a notebook imports as ``lsst.daf.butler``.
    display
        Module with the calls of ``lsst.afw.display``.
    """

    butler: str
    display: str

    def imports(self, *, display: bool = True) -> str:
        """Return the lines that bind ``daf_butler`` and ``afw_display``."""
        lines = [f"import {self.butler} as daf_butler"]
        if display:
            lines.append(f"import {self.display} as afw_display")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Marker:
    """A symbol that a display drew, in pixels of the parent image."""

    symbol: str
    x: float
    y: float
    size: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a display says it drew; the suite holds it against the picture and the file.

    Attributes
    ----------
    limits
        The limits of the stretch, in the units of the image.
    algorithm
        The stretch, such as ``asinh``.
    markers
        The symbols in the order of drawing.
    mask_planes
        The planes of the overlay with their colours, those shown only.
    """

    limits: tuple[float, float]
    algorithm: str
    markers: tuple[Marker, ...]
    mask_planes: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Implementation(Protocol):
    """A Butler as the suite sees it; an adapter takes some 40 lines."""

    @property
    def name(self) -> str:
        """The name shown in reports."""

    @property
    def version(self) -> str:
        """The version shown in reports."""

    @property
    def dialects(self) -> Mapping[str, Dialect]:
        """Name of a dialect to its modules; cases in other dialects are not run."""

    @property
    def unsupported(self) -> Mapping[str, str]:
        """Capability to the reason why it is missing.

        Each claim is tried: the implementation must refuse as
        `conformance.implementations.capabilities` documents.
        """

    def make_repository(self, root: Path) -> None:
        """Make an empty repository."""

    def open(self, root: Path, **arguments: Any) -> Any:
        """Open a repository with today's Butler; the arguments are those of `Butler`."""

    def drawn(self, display: Any) -> Drawn:
        """Return what a display of this implementation has drawn last."""
