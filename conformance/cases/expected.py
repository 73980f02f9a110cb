"""What a case expects, and holding an answer against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.cases.simple import columns, simple
from conformance.observation import Checks, Observation


@dataclass(frozen=True, slots=True)
class Value:
    """The answer is this value."""

    value: Any

    def judge(self, what: str, answer: Any, checks: Checks) -> None:
        """Record whether the answer is the value."""
        expected = self.value
        if isinstance(answer, Set) and isinstance(expected, list):
            expected = sorted(expected, key=repr)
        checks.equal(what, lambda: simple(answer), expected)


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer holds these rows, each a mapping of some of its columns.

    Attributes
    ----------
    rows
        The rows.
    ordered
        Whether their order matters.
    """

    rows: tuple[Mapping[str, Any], ...]
    ordered: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are looked at; all there are, where no row is expected."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row))

    def judge(self, what: str, answer: Any, checks: Checks) -> None:
        """Record whether the answer holds the rows."""
        expected = [dict(row) for row in self.rows]
        try:
            observed = [self._looked_at(columns(row)) for row in answer]
        except Exception as error:
            seen = f"raised {type(error).__name__}: {text_of(error)}"
            checks.observations.append(Observation(what, expected, seen, False))
            return
        if not self.ordered:
            expected, observed = sorted(expected, key=_order), sorted(observed, key=_order)
        detail = "" if observed == expected else _difference(observed, expected)
        checks.observations.append(
            Observation(what, expected, observed, observed == expected, detail)
        )

    def _looked_at(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if not self.rows:
            return dict(row)
        return {name: row[name] for name in self.columns if name in row}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The call is refused, and the repository stays as it was.

    Attributes
    ----------
    type
        The name of a class that the exception is of.
    kinds
        Names of further classes, builtins mostly, that it is of.
    says
        Fragments of its text.
    """

    type: str
    kinds: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def judge(self, error: BaseException, checks: Checks) -> None:
        """Record whether an exception is the refusal."""
        classes = [found.__name__ for found in type(error).__mro__]
        text = text_of(error)
        raised = f"raised {classes[0]}: {text}"
        _hold(checks, "the call", f"raises {self.type}", raised, self.type in classes)
        for kind in self.kinds:
            what, seen = f"the classes of {classes[0]}", ", ".join(classes[:-1])
            _hold(checks, what, f"{kind} is among them", seen, kind in classes)
        for fragment in self.says:
            what = f"the text of {classes[0]}"
            _hold(checks, what, f"says {fragment!r}", text, fragment in text)


def _hold(checks: Checks, what: str, expected: str, observed: str, passed: bool) -> None:
    checks.holds(what, lambda: observed, expected, lambda _: passed)


Expected: TypeAlias = Value | Rows | Refusal


def from_entry(entry: Mapping[str, Any]) -> Expected:
    """Return what a case of a file expects; it has one of ``value``, ``rows`` and ``error``."""
    if "rows" in entry:
        return Rows(tuple(entry["rows"]), bool(entry.get("ordered", False)))
    if "error" in entry:
        error = entry["error"]
        return Refusal(error["type"], _texts(error.get("is")), _texts(error.get("says")))
    return Value(entry["value"])


def text_of(error: BaseException) -> str:
    """Return the text of an exception as its author wrote it; `KeyError` alone shows a repr."""
    if type(error).__str__ is KeyError.__str__ and len(error.args) == 1:
        return str(error.args[0])
    return str(error)


def _texts(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def _order(row: Mapping[str, Any]) -> str:
    return repr(sorted(row.items(), key=lambda item: item[0]))


def _difference(observed: list[dict[str, Any]], expected: list[dict[str, Any]]) -> str:
    """Return which rows are missing and which are too many."""
    left = list(observed)
    missing = []
    for row in expected:
        if row in left:
            left.remove(row)
        else:
            missing.append(row)
    if not missing and not left:
        return f"the same rows in another order: {_some(observed)}"
    parts = (("missing", missing), ("unexpected", left))
    return "; ".join(f"{len(rows)} {word}: {_some(rows)}" for word, rows in parts if rows)


def _some(rows: list[dict[str, Any]]) -> str:
    return ", ".join(map(str, rows[:4])) + (", …" if len(rows) > 4 else "")
