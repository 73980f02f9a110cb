"""The pictures of the notebook: cells 11 and 22."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.case import Case
from conformance.execution import execute
from conformance.implementations import Dialect, Drawn, Marker
from conformance.notebook import steps
from conformance.notebook.repro import script
from conformance.notebook.runner import Notebook, quiet_plots
from conformance.observation import Observation
from conformance.pictures import baselines, portrait
from conformance.pictures.drawing import LAYERS, Drawing, forget_plane_colours
from conformance.pictures.figures import FigureError
from conformance.pictures.numbers import sha256
from conformance.pictures.portrait import Portrait
from conformance.workplace import Workplace

if TYPE_CHECKING:
    from conformance.oracles.files import ExposureFile

STEPS = {11: (903338, 25, False), 22: (903334, 22, True)}  # visit, detector, with markers
CROSS, CIRCLE = ("+", 2.0, "red"), ("o", 20.0, "orange")


@dataclass(frozen=True, slots=True)
class CellPicture:
    """The picture of a step of the notebook.

    Attributes
    ----------
    notebook
        The steps on the implementation that draws.
    step
        The number of the step.
    visit, detector
        Those of the calexp that is drawn.
    marked
        Whether the sources of its src are marked.
    """

    notebook: Notebook
    step: int
    visit: int
    detector: int
    marked: bool = False

    @property
    def name(self) -> str:
        """The name, such as ``cell-11``."""
        return f"cell-{self.step}"

    @property
    def folder(self) -> Path:
        """The folder of the suite's own approved pictures."""
        return baselines.own_folder()

    @property
    def layers(self) -> tuple[str, ...]:
        """All layers."""
        return LAYERS

    def needs(self, dialect: str) -> tuple[str, ...]:
        """Return the steps that the step builds on.

        Not the step itself: what its judge finds wrong is just what a picture shows.
        """
        return self._case(dialect).needs

    def step_id(self, dialect: str) -> str:
        """Return the id of the step in a dialect."""
        return steps.case_id(self.step, dialect)

    def _case(self, dialect: str) -> Case:
        return self.notebook.cases[self.step_id(dialect)]

    def draw(self, case: Case, dialect: Dialect, place: Workplace) -> Drawing:
        """Run the step, and read its figure."""
        repository = place.ci_hsc
        src = repository.file("src", self.visit, self.detector) if self.marked else None
        held, expected, inputs = _of_files(
            repository.file("calexp", self.visit, self.detector), src
        )
        step = self._case(case.dialect)
        with quiet_plots(step):
            forget_plane_colours(dialect)
            execution = execute(step.code, self.notebook.names_for(step, place), step.id)
            if execution.error is not None:
                return Drawing(execution=execution, problem=f"{step.id} raises")
            names = execution.names
            found, problem = _read(
                names.get("fig"), names.get("display"), self.notebook.implementation.drawn, expected
            )
        return Drawing(
            execution=execution,
            portrait=found,
            problem=problem,
            display=_classes(names.get("display")),
            expected=expected,
            held=held,
            inputs=inputs,
        )

    def repro(self, case: Case, drawing: Drawing, message: str) -> str:
        """Return the cells up to this one, and what was seen."""
        step = self._case(case.dialect)
        seen = Observation(case.title, "as approved", message, False)
        return script(step, self.notebook.earlier(step), drawing.execution, (seen,))


def pictures(notebook: Notebook) -> list[CellPicture]:
    """Return the pictures of the notebook."""
    return [CellPicture(notebook, step, *shown) for step, shown in STEPS.items()]


def _read(
    figure: Any, display: Any, drawn: Callable[[Any], Drawn], expected: Portrait
) -> tuple[Portrait | None, str]:
    """Return what a figure shows, or why it cannot be read."""
    try:
        return portrait.of_figure(figure, lambda: drawn(display), expected.view), ""
    except FigureError as error:
        return None, str(error)
    except Exception as error:
        return None, f"reading the figure raised {type(error).__name__}: {error}"


def _classes(display: Any) -> tuple[str, ...]:
    return tuple(f"{one.__module__}.{one.__qualname__}" for one in type(display).__mro__)


@lru_cache(maxsize=2)
def _of_files(calexp: Path, src: Path | None) -> tuple[ExposureFile, Portrait, dict[str, str]]:
    from conformance.oracles.catalogue import read_catalogue
    from conformance.oracles.files import read_exposure

    held = read_exposure(calexp)
    inputs = {"image": sha256(held.image.astype("<f4")), "mask": sha256(held.mask.astype("<i4"))}
    markers: list[Marker] = []
    if src is not None:
        places = read_catalogue(src).positions()
        inputs["places"] = sha256(places.astype("<f8"))
        markers = [
            Marker(symbol, x, y, size, colour)
            for x, y in places.tolist()
            for symbol, size, colour in (CROSS, CIRCLE)
        ]
    return held, portrait.of_file(held, tuple(markers)), inputs
