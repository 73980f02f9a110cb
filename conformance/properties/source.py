"""Properties as a source of cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conformance.case import Case, Outcome
from conformance.implementations import Implementation
from conformance.properties.bench import Bench
from conformance.properties.law_trial import LawProperty
from conformance.properties.loading import laws
from conformance.properties.lock_step import LockStep
from conformance.properties.trial import Property
from conformance.properties.trying import tried
from conformance.workplace import Workplace


class Properties:
    """The machine and the laws on one implementation: a source of cases.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    folders
        Folders with properties of others beside the suite's own.
    """

    def __init__(self, implementation: Implementation, folders: Sequence[Path] = ()) -> None:
        self.implementation = implementation
        self._properties = {one.id: one for one in _all(folders)}
        self.cases = {id: _case(one) for id, one in self._properties.items()}

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Try a property on as many examples as the profile says."""
        one = self._properties[case.id]
        return tried(one, case, place, lambda folder: Bench(self.implementation, folder))

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Refuse: properties need no capability."""
        raise NotImplementedError(f"{case.id} needs no capability, and so not {lacking}")


def case_ids(folders: Sequence[Path] = ()) -> list[str]:
    """Return the ids of all properties."""
    return [one.id for one in _all(folders)]


def _all(folders: Sequence[Path]) -> list[Property]:
    return [LockStep(), *(LawProperty(one) for one in laws(folders))]


def _case(one: Property) -> Case:
    return Case(
        id=one.id,
        requirement=one.id.partition(".")[0],
        title=one.title,
        kind="property",
        code=one.code,
        place=one.place,
    )
