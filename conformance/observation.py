"""What was expected and what was observed, kept as plain data on success and on failure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 400
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a case looked at.

    Attributes
    ----------
    what
        What was looked at, as a noun phrase.
    expected, observed
        Plain data: text, numbers, booleans, None, lists and dicts of them.
    passed
        Whether the observed is as expected.
    detail
        The difference in words, where it helps: members missing from a set, an exception.
    """

    what: str
    expected: Any
    observed: Any
    passed: bool
    detail: str = ""


class Checks:
    """Collects the observations of one case.

    Each method takes a function that observes, not a value, so that an implementation which
    raises where it should answer is a failed observation and not a fault of the harness.
    """

    def __init__(self) -> None:
        self.observations: list[Observation] = []

    @property
    def failures(self) -> list[Observation]:
        """The observations that are not as expected."""
        return [observation for observation in self.observations if not observation.passed]

    def equal(self, what: str, observe: Callable[[], Any], expected: Any) -> bool:
        """Record whether what is observed equals the expected value."""
        return self._record(
            what, observe, plain(expected), lambda value: bool(value == expected), expected
        )

    def close(
        self, what: str, observe: Callable[[], Any], expected: Sequence[float], relative: float
    ) -> bool:
        """Record whether numbers agree, each within `relative` times the expected one."""

        def agrees(value: Any) -> bool:
            return len(value) == len(expected) and all(
                math.isclose(one, other, rel_tol=relative, abs_tol=0.0)
                for one, other in zip(value, expected, strict=True)
            )

        return self._record(what, observe, plain(expected), agrees, expected)

    def holds(
        self,
        what: str,
        observe: Callable[[], Any],
        expected: str,
        predicate: Callable[[Any], bool],
    ) -> bool:
        """Record whether a predicate holds; `expected` says it in words."""
        return self._record(what, observe, expected, predicate, expected)

    def _record(
        self,
        what: str,
        observe: Callable[[], Any],
        shown: Any,
        agrees: Callable[[Any], bool],
        expected: Any,
    ) -> bool:
        try:
            value = observe()
            passed = bool(agrees(value))
        except Exception as error:
            text = f"raised {type(error).__name__}: {error}"
            self.observations.append(Observation(what, shown, _cut(text), False, _cut(text)))
            return False
        detail = "" if passed else _difference(value, expected)
        self.observations.append(Observation(what, shown, plain(value), passed, detail))
        return passed


def plain(value: Any) -> Any:
    """Return a value as data that JSON can hold.

    Sets become sorted lists, mappings get text keys, numpy scalars become Python's, and what
    is none of these is shown by its repr.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((plain(item) for item in value), key=_sort_key)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return plain(value.item())
    return _cut(ADDRESS.sub("", repr(value)))


def _sort_key(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool | int | float):
        return ("", (value,))
    if isinstance(value, list):
        return ("list", tuple(_sort_key(item) for item in value))
    return ("text", (str(value),))


def _difference(value: Any, expected: Any) -> str:
    if isinstance(value, Mapping) and isinstance(expected, Mapping) and expected:
        return _cut("; ".join(_differing(value, expected)))
    if not (isinstance(value, Set) and isinstance(expected, Set)):
        return ""
    parts = [
        f"{len(members)} {word}: " + ", ".join(str(member) for member in plain(members)[:8])
        for word, members in (("missing", expected - value), ("unexpected", value - expected))
        if members
    ]
    return _cut("; ".join(parts))


def _differing(value: Mapping[Any, Any], expected: Mapping[Any, Any]) -> Iterator[str]:
    for key, item in expected.items():
        if key not in value:
            yield f"{key} is missing, not {plain(item)}"
        elif value[key] != item:
            yield f"{key} is {plain(value[key])}, not {plain(item)}"
    for key, item in value.items():
        if key not in expected:
            yield f"{key} is {plain(item)}, not expected"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
