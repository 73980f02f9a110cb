"""The steps of the notebook, and the cases made from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from conformance.case import Case
from conformance.implementations import DIALECTS, Implementation
from conformance.notebook import cells

IMPORTS = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One code cell of the notebook.

    Attributes
    ----------
    number
        Its place among the code cells, from 1.
    title
        What it does.
    judged
        False where it only binds names, and so cannot fail by itself.
    capabilities
        What it asks of an implementation beyond the registry.
    """

    number: int
    title: str
    judged: bool = True
    capabilities: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The step's id, which is that of its requirement."""
        return f"NB-{self.number:02d}"


STEPS = (
    Step(1, "Import the libraries", judged=False),
    Step(IMPORTS, "Import the Butler and the display", judged=False),
    Step(3, "Name the folder of the repository", judged=False),
    Step(4, "Look into the folder"),
    Step(5, "List what the processing left"),
    Step(6, "Open a Butler on one collection"),
    Step(7, "Which bands have calexps"),
    Step(8, "Which visits have calexps in HSC-R"),
    Step(9, "Which detectors has visit 903338"),
    Step(10, "Get a calexp", capabilities=frozenset({"exposure"})),
    Step(11, "Draw the calexp", capabilities=frozenset({"display", "exposure"})),
    Step(12, "Name the configuration", judged=False),
    Step(13, "Open a Butler without a collection"),
    Step(14, "Open a Butler on nothing, to explore"),
    Step(15, "Which collections are there"),
    Step(16, "Which dataset types are there"),
    Step(17, "Where are there src"),
    Step(18, "Turn the Butler to a collection"),
    Step(19, "Write a data ID", judged=False),
    Step(20, "Get the calexp of that data ID", capabilities=frozenset({"exposure"})),
    Step(21, "Get its src as a table", capabilities=frozenset({"source_catalog"})),
    Step(
        22,
        "Draw the calexp with its sources",
        capabilities=frozenset({"display", "exposure", "source_catalog"}),
    ),
)


@cache
def steps() -> dict[int, Step]:
    """Return the steps by number."""
    return {step.number: step for step in STEPS}


def case_id(number: int, dialect: str) -> str:
    """Return the id of the case of a step in a dialect."""
    return f"{steps()[number].id}.{dialect}"


def case_ids() -> list[str]:
    """Return the ids of all cases, in the order of the notebook, dialect by dialect."""
    return [
        case_id(step.number, dialect)
        for dialect in DIALECTS
        for step in STEPS
        if step.number == IMPORTS or step.number in cells.read(dialect)
    ]


def cases(implementation: Implementation) -> list[Case]:
    """Return the cases with the code that this implementation will run."""
    return [
        _case(step, dialect, implementation)
        for dialect in DIALECTS
        for step in STEPS
        if step.number == IMPORTS or step.number in cells.read(dialect)
    ]


def _case(step: Step, dialect: str, implementation: Implementation) -> Case:
    if step.number == IMPORTS:
        cell = cells.Cell(IMPORTS, (), _imports(dialect, implementation))
    else:
        cell = cells.read(dialect)[step.number]
        if "display" in step.capabilities & set(implementation.unsupported):
            cell = replace(cell, code=_import_of_display(dialect, implementation) + cell.code)
    return Case(
        id=case_id(step.number, dialect),
        requirement=step.id,
        title=step.title,
        place=f"notebook/cells/{dialect}.py",
        dialect=dialect,
        step=step.number,
        code=cell.code,
        needs=tuple(case_id(need, dialect) for need in cell.needs),
        capabilities=step.capabilities,
        judged=step.judged,
    )


def _import_of_display(dialect: str, implementation: Implementation) -> str:
    """Return the import that a step must try where the set-up leaves it out."""
    modules = implementation.dialects.get(dialect)
    return f"import {modules.display} as afw_display\n" if modules else ""


def _imports(dialect: str, implementation: Implementation) -> str:
    modules = implementation.dialects.get(dialect)
    if modules is None:
        return "# this implementation does not offer the dialect"
    return modules.imports(display="display" not in implementation.unsupported)
