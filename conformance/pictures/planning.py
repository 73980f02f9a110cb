"""The cases that pictures make: one for each layer, in each dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.case import Case
from conformance.implementations import DIALECTS
from conformance.notebook.runner import Notebook
from conformance.pictures import baselines
from conformance.pictures.cells import STEPS, CellPicture
from conformance.pictures.declaring import declared, own
from conformance.pictures.drawing import LAYERS, Subject, baseline_name
from conformance.pictures.functions import DeclaredPicture

REQUIREMENTS = {"numbers": "PIC-01", "pixels": "PIC-02", "whole": "PIC-03"}
COMPLETE = "PIC-04.complete"
TITLES = {
    "numbers": "the numbers",
    "pixels": "image and mask, pixel by pixel",
    "whole": "the whole picture",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """What a case compares: one layer of one picture."""

    subject: Subject
    name: str

    @property
    def baseline(self) -> str:
        """The name of the approved picture."""
        return baseline_name(self.subject.name, self.name)


def of_cells(pictures: Iterable[CellPicture], notebook: Notebook) -> Iterator[tuple[Case, Layer]]:
    """Yield the cases of the notebook's pictures."""
    drawn = list(pictures)
    for dialect in DIALECTS:
        for cell in drawn:
            step = notebook.cases[cell.step_id(dialect)]
            for name in cell.layers:
                layer = Layer(cell, name)
                case = Case(
                    id=case_id(name, cell.name, dialect),
                    requirement=REQUIREMENTS[name],
                    title=f"{step.title}: {TITLES[name]}",
                    kind="picture",
                    dialect=dialect,
                    code=step.code,
                    place=f"{baselines.FOLDER}/{layer.baseline}.json",
                    needs=cell.needs(dialect),
                    capabilities=step.capabilities,
                )
                yield case, layer


def of_functions(pictures: Iterable[DeclaredPicture]) -> Iterator[tuple[Case, Layer]]:
    """Yield the cases of the pictures that functions draw."""
    for picture in pictures:
        declared = picture.declared
        for name in picture.layers:
            case = Case(
                id=f"{declared.id}.{name}",
                requirement=declared.requirement,
                title=f"{declared.title}: {TITLES[name]}",
                kind="picture",
                dialect=declared.dialect,
                code=declared.code,
                place=declared.place,
                capabilities=declared.capabilities,
            )
            yield case, Layer(picture, name)


def case_ids(folders: Iterable[Path]) -> list[str]:
    """Return the ids of all cases of pictures, without an implementation."""
    of_notebook = [
        case_id(layer, f"cell-{step}", dialect)
        for dialect in DIALECTS
        for step in STEPS
        for layer in LAYERS
    ]
    functions = [*own(), *(one for _, one in declared(folders))]
    of_functions = [f"{one.id}.{layer}" for one in functions for layer in one.layers]
    return [*of_notebook, *of_functions, COMPLETE]


def case_id(layer: str, name: str, dialect: str) -> str:
    """Return the id of the case of a picture of the notebook."""
    return f"{REQUIREMENTS[layer]}.{name}.{dialect}"


def complete(dialects: Iterable[str]) -> Case:
    """Return the case that judges the folders of approved pictures, without any Butler."""
    return Case(
        id=COMPLETE,
        requirement="PIC-04",
        title="Each picture has an approved one with a record, and none is left over",
        kind="picture",
        dialect=next(iter(dialects), DIALECTS[-1]),
        place=f"{baselines.FOLDER}/",
    )
