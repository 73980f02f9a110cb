"""JSON for programs, and times as text."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..timespan import Timespan

__all__ = ["exact_time", "iso_time", "json_value", "print_json", "shown_value"]

_TOGETHER = 2000  # objects that are written at once


def print_json(objects: Iterable[Mapping[str, Any]]) -> None:
    """Print objects as a JSON list, each on a line of its own, as they come."""
    start = "["
    lines: list[str] = []
    for one in objects:
        lines.append(json.dumps(one, default=str))
        if len(lines) == _TOGETHER:
            click.echo(start + ",\n".join(lines), nl=False)
            start = ",\n"
            lines.clear()
    click.echo(start + ",\n".join(lines) + "]" if lines or start == "[" else "]")


def iso_time(nanoseconds: int) -> str:
    """Return the second of TAI nanoseconds since 1970, which are rounded to milliseconds first."""
    seconds = (nanoseconds + 500_000) // 1_000_000 // 1000
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.isoformat()


def shown_value(value: Any) -> Any:
    """Return the value of a record's field as tables show it."""
    from ..timespan import Timespan

    if isinstance(value, Timespan):
        return _shown_timespan(value)
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return "(elided)" if hasattr(value, "encode") and not isinstance(value, str) else value


def json_value(value: Any) -> Any:
    """Return the value of a record's field for JSON.

    A timespan is an object with ``begin`` and ``end``, TAI times or null where
    it has no bound, or null where it is empty; bytes and regions, as encoded
    by sphgeom, are hexadecimal.
    """
    from ..timespan import Timespan

    if isinstance(value, Timespan):
        return None if value.isEmpty() else _bounds(value)
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "encode") and not isinstance(value, str):
        return value.encode().hex()
    return value


def _bounds(timespan: Timespan) -> dict[str, str | None]:
    from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS

    begin, end = timespan.nsec
    return {
        "begin": None if begin == MIN_NANOSECONDS else exact_time(begin),
        "end": None if end == MAX_NANOSECONDS else exact_time(end),
    }


def exact_time(nanoseconds: int) -> str:
    """Return TAI nanoseconds since 1970 as text, with all nine decimals."""
    seconds, rest = divmod(nanoseconds, 10**9)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return f"{moment.isoformat()}.{rest:09d}"


def _shown_timespan(timespan: Timespan) -> str:
    from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS

    if timespan.isEmpty():
        return "(empty)"
    begin, end = timespan.nsec
    first = "(-∞" if begin == MIN_NANOSECONDS else f"[{iso_time(begin)}"
    last = "∞)" if end == MAX_NANOSECONDS else f"{iso_time(end)})"
    return f"{first}, {last}"
