"""A case as data, with what its file says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.case import Case
from conformance.cases import expected, program
from conformance.cases.expected import Expected, Refusal
from conformance.cases.program import Program
from conformance.cases.repositories import CI_HSC
from conformance.folders import shown_place
from conformance.implementations import Implementation


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCase:
    """One case of a file: an entry, or one spelling of it.

    Attributes
    ----------
    id
        The id, with the name of the spelling where there is more than one.
    entry
        The keys and values of the entry.
    ask
        The expression; for a function, its call.
    path, line
        Where it is written.
    function
        The function, where it is one.
    """

    id: str
    entry: Mapping[str, Any]
    ask: str
    path: Path
    line: int
    function: Callable[[Any, Path], Any] | None = None

    @property
    def requirement(self) -> str:
        """The id of the requirement."""
        return self.id.partition(".")[0]

    @property
    def repository(self) -> str:
        """The name of the repository."""
        return str(self.entry["repository"])

    @property
    def dialect(self) -> str:
        """The dialect of the API."""
        return str(self.entry.get("dialect", "current"))

    @property
    def expected(self) -> Expected:
        """What is expected."""
        return expected.from_entry(self.entry)

    @property
    def is_refusal(self) -> bool:
        """Whether an exception is expected."""
        return isinstance(self.expected, Refusal)

    def module(self, implementation: Implementation) -> str:
        """Return the module of the API that an implementation has for the case."""
        found = implementation.dialects.get(self.dialect)
        return found.butler if found else "the_implementation"

    def program(self, implementation: Implementation) -> Program:
        """Return the program as an implementation runs it."""
        if self.function is not None:
            return Program("", self.ask)
        return program.write(
            self.module(implementation),
            self.entry.get("steps", ()),
            self.ask,
            self._opening(),
            self.dialect,
        )

    def case(self, implementation: Implementation) -> Case:
        """Return the case as runs and reports know it."""
        from conformance.cases.functions import source

        code = source(self.function) if self.function else self.program(implementation).text
        return Case(
            id=self.id,
            requirement=self.requirement,
            title=self.entry["title"],
            kind="function" if self.function else "data",
            dialect=self.dialect,
            code=code,
            place=shown_place(self.path, self.line),
            needs=() if self.repository == CI_HSC else (f"REPO.{self.repository}",),
            capabilities=frozenset(self.entry.get("capabilities", ())),
        )

    def _opening(self) -> Mapping[str, Any] | None:
        given = self.entry.get("open", {})
        if given is False:
            return None
        if self.dialect != "current" or self.repository == CI_HSC:
            return dict(given)
        return {"writeable": True, **given}


def spelled(
    entry: Mapping[str, Any],
    path: Path,
    line: Callable[[str], int],
    function: Callable[[Any, Path], Any] | None = None,
) -> Iterator[DataCase]:
    """Yield the cases of an entry: one, or one for each spelling of its question.

    Parameters
    ----------
    entry
        The keys and values.
    path
        The file.
    line
        Gives the line of a spelling, and of the entry itself for "".
    function
        The function, where the entry is one.
    """
    if function is not None:
        ask = f"{function.__name__}(api, root)"
        yield DataCase(
            id=entry["id"], entry=entry, ask=ask, path=path, line=line(""), function=function
        )
    elif isinstance(entry["ask"], str):
        yield DataCase(id=entry["id"], entry=entry, ask=entry["ask"], path=path, line=line(""))
    else:
        for name, ask in entry["ask"].items():
            yield DataCase(
                id=f"{entry['id']}.{name}", entry=entry, ask=ask, path=path, line=line(name)
            )
