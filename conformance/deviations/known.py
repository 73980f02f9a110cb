"""Holding what became of cases against what is known of the implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conformance.case import Case, Outcome, is_meant
from conformance.cases.mistakes import CaseFileError, Mistake, suggestion
from conformance.deviations import Deviation
from conformance.deviations.reading import Entry
from conformance.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Known:
    """The deviations of one implementation, by case.

    Attributes
    ----------
    here
        Those of its version.
    elsewhere
        Those of other versions.
    """

    here: Mapping[str, Deviation] = field(default_factory=dict)
    elsewhere: Mapping[str, Deviation] = field(default_factory=dict)

    def marked(self, outcome: Outcome) -> Outcome:
        """Return an outcome with what is known of its case.

        A failure that is known becomes a deviation. What is listed and does not fail is told to
        be removed: it goes wrong, as a failure would.
        """
        known = self.here.get(outcome.case)
        if known is None:
            return self._of_other_versions(outcome)
        if outcome.verdict is Verdict.FAILED:
            return replace(outcome, verdict=Verdict.DEVIATES, deviation=known)
        if outcome.verdict in (Verdict.PASSED, Verdict.UNSUPPORTED):
            text = f"the deviation of {known.place} is not seen any more: remove the case there"
            return replace(outcome, message=text, deviation=known)
        return outcome

    def _of_other_versions(self, outcome: Outcome) -> Outcome:
        other = self.elsewhere.get(outcome.case)
        if other is None or outcome.verdict is not Verdict.FAILED:
            return outcome
        text = f"{other.place} knows it of the versions {other.versions} alone: {other.reason}"
        return replace(outcome, texts={**outcome.texts, "known of other versions": text})


def known(
    entries: Iterable[Entry], cases: Mapping[str, Case], version: str, others: Sequence[str] = ()
) -> Known:
    """Return the deviations by case.

    Parameters
    ----------
    entries
        What the files hold.
    cases
        The cases of the suite by id.
    version
        The version of the implementation.
    others
        The names of the Butlers that are B in interop cases; where there are some, entries of
        others are passed over.

    Raises
    ------
    conformance.cases.mistakes.CaseFileError
        Raised where an entry matches no case, or two match one; with each.
    """
    here: dict[str, Deviation] = {}
    elsewhere: dict[str, Deviation] = {}
    mistakes: list[Mistake] = []
    for entry in entries:
        if entry.beside and others and entry.beside not in others:
            continue
        found = here if entry.holds_for(version) else elsewhere
        for case, line in _matched(entry, _concerned(entry, cases, others), mistakes):
            other = found.setdefault(case, entry.deviation)
            if found is here and other is not entry.deviation:
                text = f"{case} is listed in {other.place} already; remove one of them"
                mistakes.append(Mistake(entry.path, line, text))
    if mistakes:
        raise CaseFileError(mistakes)
    return Known(here, elsewhere)


def _concerned(entry: Entry, cases: Mapping[str, Case], others: Sequence[str]) -> list[str]:
    """Return the ids of the cases that an entry may name."""
    if not entry.beside:
        return [case.id for case in cases.values() if case.judged]
    pairs = [case.id for case in cases.values() if case.kind == "interop"]
    return [case for case in pairs if len(others) < 2 or case.endswith(f".{entry.beside}")]


def _matched(entry: Entry, judged: list[str], mistakes: list[Mistake]) -> Iterator[tuple[str, int]]:
    """Yield the cases of an entry with the lines that name them; note names that match none."""
    seen: set[str] = set()
    for name, line in entry.names:
        matched = [case for case in judged if is_meant(case, name)]
        if not matched:
            hint = suggestion(name, judged)
            text = f"{name!r} matches no case; remove it, or name another: {hint}"
            mistakes.append(Mistake(entry.path, line, text))
        yield from ((case, line) for case in matched if case not in seen)
        seen.update(matched)
