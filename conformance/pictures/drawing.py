"""Pictures that a suite draws: what is common to those of the notebook and those of others."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from conformance.case import Case
from conformance.execution import Execution
from conformance.implementations import Dialect
from conformance.pictures.portrait import Portrait
from conformance.workplace import Workplace

if TYPE_CHECKING:
    from conformance.oracles.files import ExposureFile

LAYERS = ("numbers", "pixels", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What trying to draw a picture gave.

    Attributes
    ----------
    execution
        What running the code gave.
    portrait
        What was drawn; None where there is no such figure.
    problem
        Why there is none.
    display
        The class of the display and those it is derived from.
    expected
        What should be drawn, computed without a display; None where nobody knows.
    held
        The file that is shown, where it is known.
    inputs
        SHA-256 of the pixels and the mask of that file.
    """

    execution: Execution
    portrait: Portrait | None = None
    problem: str = ""
    display: tuple[str, ...] = ()
    expected: Portrait | None = None
    held: ExposureFile | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)

    def shown_at(self, layer: str, column: int, row: int) -> str:
        """Return what lies at a place of the canvas, in words; "" beside the image."""
        portrait = self.portrait
        if portrait is None or portrait.view is None:
            return ""
        left, _, bottom, _ = portrait.view.limits
        x0, y0 = round(left + 0.5), round(bottom + 0.5)
        width, height = portrait.view.size
        if layer == "pixels":
            place: tuple[int, int] | None = (x0 + column, y0 + height - 1 - row)
        else:
            place = portrait.places(column, row)
        if place is None or not (0 <= place[0] - x0 < width and 0 <= place[1] - y0 < height):
            return ""
        x, y = place
        return f"it shows pixel x {x}, y {y} of the image{self._value(x - x0, y - y0)}"

    def _value(self, column: int, row: int) -> str:
        if self.held is None:
            return ""
        bits = int(self.held.mask[row, column])
        planes = [name for name, bit in self.held.planes.items() if bits >> bit & 1]
        words = f"the mask planes {', '.join(planes)}" if planes else "no mask plane"
        return f", with the value {self.held.image[row, column]:.6g} and {words}"


class Subject(Protocol):
    """A picture that a suite draws."""

    @property
    def name(self) -> str:
        """The name, such as ``cell-11``; those of its files add the layer."""

    @property
    def folder(self) -> Path:
        """The folder of its approved pictures."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Those of `LAYERS` in which it is compared."""

    def needs(self, dialect: str) -> tuple[str, ...]:
        """Return the ids of the cases that must have passed before it is drawn."""

    def draw(self, case: Case, dialect: Dialect, place: Workplace) -> Drawing:
        """Draw it in the dialect of a case."""

    def repro(self, case: Case, drawing: Drawing, message: str) -> str:
        """Return a script that draws it with the implementation alone."""


def forget_plane_colours(dialect: Dialect) -> None:
    """Have displays start with the colours of the start, where that can be asked for.

    They keep the colours that they give to planes without one, so a picture would depend on those
    that were drawn before it.
    """
    module = importlib.import_module(dialect.display)
    forget = getattr(module, "setDefaultMaskPlaneColor", None)
    if forget is not None:
        forget()


def baseline_name(name: str, layer: str) -> str:
    """Return the name of the approved picture that a layer is compared with."""
    return f"{name}-whole" if layer == "whole" else f"{name}-pixels"


def baseline_names(name: str, layers: tuple[str, ...]) -> list[str]:
    """Return the names of all approved pictures of one that a suite draws."""
    return list(dict.fromkeys(baseline_name(name, layer) for layer in layers))
