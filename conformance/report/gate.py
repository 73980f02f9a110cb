"""Two reports held against each other: the verdicts that changed, and whether that is worse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from conformance.console import one_line, reason
from conformance.report.json_report import FORMAT
from conformance.verdict import Verdict

WRONG = (Verdict.FAILED, Verdict.ERROR)
UNKNOWN_BEFORE = (None, Verdict.NOT_RUN, Verdict.UNSUPPORTED, Verdict.DEVIATES)


class InconclusiveError(Exception):
    """Two reports cannot be held against each other."""


class Kind(StrEnum):
    """What a change is."""

    REGRESSION = "regression"
    REPAIRED = "repaired"
    NEW = "new"
    GONE = "gone"
    OTHER = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that is not what it was.

    Attributes
    ----------
    implementation, case
        Whose verdict it is.
    old, new
        The verdicts; None where the case is not in that report.
    message
        Why, as the later report says; empty for a pass.
    """

    implementation: str
    case: str
    old: Verdict | None
    new: Verdict | None
    message: str

    @property
    def kind(self) -> Kind:
        """What the change is; a regression before all else."""
        if self.old is Verdict.PASSED:
            return Kind.REGRESSION
        if self.new in WRONG and self.old in UNKNOWN_BEFORE:
            return Kind.REGRESSION
        if self.old is None:
            return Kind.NEW
        if self.new is None:
            return Kind.GONE
        return Kind.REPAIRED if self.new is Verdict.PASSED else Kind.OTHER

    @property
    def words(self) -> str:
        """The change in words: ``passed → failed``, ``new, failed``, ``failed, now gone``."""
        if self.old is None:
            return f"new, {self.new}"
        if self.new is None:
            return f"{self.old}, now gone"
        return f"{self.old} → {self.new}"


def load(path: Path) -> dict[str, Any]:
    """Return a report whose run came to its end.

    Raises
    ------
    InconclusiveError
        Raised where it cannot be read, is of another format, or was broken off.
    """
    import jsonschema

    from conformance.report.json_report import schema

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InconclusiveError(f"{path} cannot be read: {reason(error)}.") from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        what = f"is a {found!r}" if isinstance(found, str) else "is no report"
        raise InconclusiveError(f"{path} {what}; this compares two of {FORMAT!r}.")
    validator = jsonschema.Draft202012Validator(schema())
    wrong = next(validator.iter_errors(data), None)
    if wrong is not None:
        place = "/".join(map(str, wrong.absolute_path))
        what = one_line(wrong.message)[:200]
        raise InconclusiveError(f"{path} is not as its schema says, at {place or 'top'}: {what}.")
    broken = [run["implementation"]["name"] for run in data["runs"] if not run["complete"]]
    if broken:
        raise InconclusiveError(f"{path}: the run of {', '.join(broken)} was broken off.")
    report: dict[str, Any] = data
    return report


def changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[Change]:
    """Return the verdicts that changed from one report to another, in the order of the later.

    Raises
    ------
    InconclusiveError
        Raised where they judge other implementations, or the same with another fault.
    """
    runs, earlier = _runs(new), _runs(old)
    if set(runs) != set(earlier):
        then, now = (", ".join(sorted(one)) for one in (earlier, runs))
        raise InconclusiveError(f"the earlier report judges {then}, the later {now}.")
    for name, run in runs.items():
        faults = [one["fault"] or "no fault" for one in (earlier[name], run)]
        if faults[0] != faults[1]:
            raise InconclusiveError(
                f"{name} was judged with {faults[0]}, and now with {faults[1]}."
            )
    return [change for name, run in runs.items() for change in _changes(run, earlier[name])]


def _runs(report: Mapping[str, Any]) -> dict[str, Any]:
    return {run["implementation"]["name"]: run for run in report["runs"]}


def _changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Change]:
    name = new["implementation"]["name"]
    now, then = ({case["id"]: case for case in run["cases"]} for run in (new, old))
    for case in [*now, *(case for case in then if case not in now)]:
        before, after = _verdict(then.get(case)), _verdict(now.get(case))
        if before is not after:
            message = now[case]["message"] if case in now else ""
            yield Change(name, case, before, after, one_line(message))


def _verdict(case: Mapping[str, Any] | None) -> Verdict | None:
    return None if case is None else Verdict(case["verdict"])


def summary(found: list[Change]) -> str:
    """Return how many changes there are of each kind, in one line."""
    counts = [
        (sum(change.kind is kind for change in found), kind, "s" if kind is Kind.REGRESSION else "")
        for kind in Kind
    ]
    parts = [f"{many} {kind}{ending if many > 1 else ''}" for many, kind, ending in counts if many]
    return ", ".join(parts) or "no verdict changed"


def as_lines(found: list[Change]) -> Iterator[str]:
    """Yield a line for each change, regressions first, and the counts."""
    for change in in_order(found):
        why = f": {change.message}" if change.message else ""
        yield f"{change.kind:<10} {change.case} on {change.implementation}: {change.words}{why}"
    yield summary(found)


def as_markdown(found: list[Change]) -> Iterator[str]:
    """Yield the changes as Markdown, for a comment on a pull request."""
    from conformance.report.markdown import escaped

    yield f"**{summary(found)}**"
    if not found:
        return
    yield ""
    yield "| | case | Butler | verdict | why |"
    yield "|---|---|---|---|---|"
    for change in in_order(found):
        cells = (change.kind, change.case, change.implementation, change.words, change.message)
        yield f"| {' | '.join(map(escaped, cells))} |"


def in_order(found: list[Change]) -> list[Change]:
    """Return changes by kind, regressions first."""
    return sorted(found, key=lambda change: list(Kind).index(change.kind))
