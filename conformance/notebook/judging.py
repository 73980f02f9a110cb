"""What a judge sees of a step that ran, and where judges are kept."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from conformance.execution import Execution
from conformance.implementations import DIALECTS, Implementation
from conformance.observation import Checks
from conformance.repository import CaseRepository

HOMES = (
    "judge_files",
    "judge_butlers",
    "judge_registry",
    "judge_exposures",
    "judge_catalogues",
    "judge_pictures",
)


@dataclass(slots=True)
class Seen:
    """A step that ran without raising.

    Attributes
    ----------
    case
        The id of the case.
    execution
        What running its code gave.
    repository
        The repository it ran on.
    implementation
        The Butler that is judged.
    picture_folder
        Where pictures go; None where nobody wants them.
    pictures
        The names of the pictures written so far.
    """

    case: str
    execution: Execution
    repository: CaseRepository
    implementation: Implementation
    picture_folder: Path | None = None
    pictures: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.execution.names[name]

    @property
    def value(self) -> Any:
        """The value of the last line of the code."""
        return self.execution.value

    @property
    def output(self) -> str:
        """What the code printed."""
        return self.execution.output

    def save(self, figure: Any) -> None:
        """Write a matplotlib figure beside the report, where there is one."""
        if self.picture_folder is not None:
            self.picture_folder.mkdir(parents=True, exist_ok=True)
            name = f"{self.case}.png"
            figure.savefig(self.picture_folder / name, metadata={"Software": None})
            self.pictures.append(f"{self.picture_folder.name}/{name}")


Judge: TypeAlias = Callable[[Seen, Checks], None]
_judges: dict[tuple[int, str], Judge] = {}


def judges(step: int, *dialects: str) -> Callable[[Judge], Judge]:
    """Declare a function as the judge of a step, in the dialects named or in all."""

    def declare(judge: Judge) -> Judge:
        for dialect in dialects or DIALECTS:
            if (step, dialect) in _judges:
                raise ValueError(f"step {step} in {dialect} has two judges")
            _judges[step, dialect] = judge
        return judge

    return declare


def judge_of(step: int, dialect: str) -> Judge:
    """Return the judge of a step in a dialect.

    Raises
    ------
    LookupError
        Raised where nobody judges the step.
    """
    for home in HOMES:
        importlib.import_module(f"conformance.notebook.{home}")
    try:
        return _judges[step, dialect]
    except KeyError:
        raise LookupError(f"no judge is declared for step {step} in {dialect}") from None
