"""All cases on one implementation, each tried once, each after those it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conformance.case import Case, Outcome, is_meant
from conformance.cases import case_files
from conformance.cases.source import DataCases
from conformance.deviations import reading
from conformance.deviations.known import known
from conformance.faulty import Faulty
from conformance.implementations import Implementation
from conformance.interop.loading import stories
from conformance.interop.source import Interop
from conformance.notebook.runner import Notebook
from conformance.pictures.declaring import declared
from conformance.pictures.source import Pictures
from conformance.properties.loading import laws
from conformance.properties.source import Properties
from conformance.repro import with_heading
from conformance.requirements import requirements
from conformance.scripted.source import Scripts
from conformance.source import Source
from conformance.verdict import Verdict
from conformance.workplace import Workplace


class Suite:
    """The cases of the suite on one implementation.

    A case is tried when its outcome is first asked for, after the cases it needs; so any selection
    of cases, in any order, gives the same verdicts.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    folders
        Folders with cases of others beside the suite's own.
    place
        Where cases are tried; None where they are only listed.
    sources
        Where cases come from; all there are unless given.
    deviations
        Files with what is known of the implementation, beside those of the folders.
    others
        The Butlers that share repositories with it in interop cases; itself unless given.
    """

    def __init__(
        self,
        implementation: Implementation,
        folders: Sequence[Path] = (),
        place: Workplace | None = None,
        sources: Sequence[Source] | None = None,
        deviations: Sequence[Path] = (),
        others: Sequence[Implementation] = (),
    ) -> None:
        self.implementation = implementation
        self.place = place
        self.requirements = requirements(folders)
        self._sources: dict[str, Source] = {}
        self.cases: dict[str, Case] = {}
        for source in _all(implementation, folders, others) if sources is None else sources:
            for case in source.cases.values():
                if case.id in self.cases:
                    raise ValueError(
                        f"{case.place}: {case.id} is the id of a case in "
                        f"{self.cases[case.id].place} already"
                    )
                self.cases[case.id] = case
                self._sources[case.id] = source
        files = reading.files(implementation.name, folders, deviations)
        entries = [entry for path in files for entry in reading.read(path)]
        names = [other.name for other in others or [implementation]]
        self._known = known(entries, self.cases, implementation.version, names)
        self._outcomes: dict[str, Outcome] = {}

    def outcome(self, case_id: str) -> Outcome:
        """Return what became of a case, trying it where it has not been tried yet."""
        if case_id not in self._outcomes:
            self._outcomes[case_id] = self._known.marked(self._try(self.cases[case_id]))
        return self._outcomes[case_id]

    def wanted(self, names: Sequence[str]) -> set[str]:
        """Return the ids of the cases that some names stand for, and of what sets them up.

        Parameters
        ----------
        names
            Ids of cases or requirements, or patterns such as ``COL-*``.
        """
        found = {case for case in self.cases if any(is_meant(case, name) for name in names)}
        needed = [need for case in found for need in self.cases[case].needs]
        while needed:
            need = needed.pop()
            if need not in found and not self.cases[need].judged:
                found.add(need)
            needed += self.cases[need].needs
        return found

    def _try(self, case: Case) -> Outcome:
        if self.place is None:
            raise ValueError(f"{case.id} cannot be tried: the suite was made only to list cases")
        if case.dialect not in self.implementation.dialects:
            reason = f"{self.implementation.name} does not offer the dialect {case.dialect}"
            return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message=reason)
        for need in case.needs:
            earlier = self.outcome(need)
            if earlier.verdict is not Verdict.PASSED:
                root = earlier.blocked_by or need
                return Outcome(
                    case=case.id,
                    verdict=Verdict.BLOCKED,
                    blocked_by=root,
                    message=f"blocked by {root}, which {self.outcome(root).verdict.predicate}",
                )
        source = self._sources[case.id]
        lacking = sorted(case.capabilities & set(self.implementation.unsupported))
        if lacking:
            return source.probe(case, self.place, lacking[0])
        outcome = source.run(case, self.place)
        if isinstance(self.implementation, Faulty):  # a script alone would not have the fault
            return replace(outcome, repro="")
        if outcome.verdict is Verdict.FAILED and outcome.repro:
            return replace(outcome, repro=with_heading(case, outcome, self.implementation))
        return outcome


def check_folders(folders: Sequence[Path]) -> None:
    """See that folders of others can be used.

    Raises
    ------
    ValueError
        Raised with what is wrong in them, by file and line.
    """
    case_files.check(folders)
    declared(folders)
    laws(folders)
    stories(folders)


def _all(
    implementation: Implementation, folders: Sequence[Path], others: Sequence[Implementation]
) -> list[Source]:
    notebook = Notebook(implementation)
    return [
        notebook,
        DataCases(implementation, folders),
        Properties(implementation, folders),
        Interop(implementation, others or [_sound(implementation)], folders),
        Pictures(notebook, folders),
        Scripts(implementation),
    ]


def _sound(implementation: Implementation) -> Implementation:
    """Return an implementation without the fault that it may have: what one writes both read."""
    return implementation.real if isinstance(implementation, Faulty) else implementation
