"""The tags of export files, and the values that they stand for."""

from __future__ import annotations

import calendar
import datetime
import re
import uuid
from typing import TYPE_CHECKING, Any

import yaml

from ..dimensions.record import region_decoder
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS, Timespan, nanoseconds_from_time

if TYPE_CHECKING:
    from yaml.constructor import SafeConstructor

__all__ = [
    "REGION_CLASSES",
    "TIMESPAN_TAG",
    "TIME_TAG",
    "UUID_TAG",
    "TaiTime",
    "add_constructors",
    "bounded_timespan",
    "region_of_hex",
    "time_of_text",
    "time_text",
]

UUID_TAG = "!uuid"
TIME_TAG = "!butler_time/tai/iso"
TIMESPAN_TAG = "!lsst.daf.butler.Timespan"

REGION_CLASSES = {
    "p": "ConvexPolygon",
    "c": "Circle",
    "b": "Box",
    "e": "Ellipse",
    "u": "UnionRegion",
    "i": "IntersectionRegion",
}
"""The class of a region by the first byte of its encoding (``lsst.sphgeom.Region.decode``).

Its tag is ``lsst.sphgeom.`` and this name, verbatim, without an exclamation mark.
"""

_EMPTY_BOUND_TAG = (
    "tag:yaml.org,2002:python/object/apply:lsst.daf.butler._timespan._SpecialTimespanBound"
)
"""What LSST's Butler writes, but cannot read, for both bounds of a record's empty timespan."""

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?", re.ASCII
)
_SECOND = 10**9


class TaiTime(int):
    """TAI nanoseconds since 1970, or `EMPTY` for a bound of the timespan that holds no time."""

    __slots__ = ()

    EMPTY: TaiTime

    def __repr__(self) -> str:
        return "TaiTime.EMPTY" if self is TaiTime.EMPTY else f"TaiTime({int(self)})"


TaiTime.EMPTY = TaiTime(-1)


def time_text(nanoseconds: int) -> str:
    """Return a time as the format has it, ``2014-01-01 00:00:00.000000000``."""
    seconds, rest = divmod(nanoseconds, _SECOND)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{rest:09d}"


def time_of_text(text: str) -> TaiTime:
    """Return the time of a text that astropy would read as ``iso`` of scale ``tai``.

    Raises
    ------
    ValueError
        If it is not such a text.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time such as '2014-01-01 00:00:00.000000000'")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    moment = datetime.datetime(year, month, day, hour, minute, min(second, 59))
    seconds = calendar.timegm(moment.timetuple()) + second - moment.second
    return TaiTime(seconds * _SECOND + int((match[7] or "0").ljust(9, "0")))


def bounded_timespan(begin: TaiTime | None, end: TaiTime | None) -> Timespan:
    """Return the timespan between two bounds, of which `None` is unbounded."""
    if begin is TaiTime.EMPTY or end is TaiTime.EMPTY:
        return Timespan.makeEmpty()
    first = MIN_NANOSECONDS if begin is None else _clipped(begin)
    last = MAX_NANOSECONDS if end is None else _clipped(end)
    if first == last and begin is not None:
        last = first + 1
    return Timespan.from_nanoseconds(first, last)


def _clipped(time: int) -> int:
    return min(max(int(time), MIN_NANOSECONDS), MAX_NANOSECONDS)


def region_of_hex(encoded: str) -> Any:
    """Return the `lsst.sphgeom.Region` of an encoding in hexadecimal digits.

    Raises
    ------
    ValueError
        If it is not one.
    """
    try:
        return region_decoder()(bytes.fromhex(encoded))
    except (RuntimeError, ValueError, TypeError) as error:
        raise ValueError(f"the region cannot be decoded: {error}") from error


def add_constructors(constructor: type[SafeConstructor]) -> None:
    """Teach a class that constructs plain YAML the tags of export files, and no others."""
    constructor.add_constructor(UUID_TAG, _uuid)
    constructor.add_constructor(TIME_TAG, _time)
    constructor.add_constructor(TIMESPAN_TAG, _timespan)
    constructor.add_constructor(_EMPTY_BOUND_TAG, _empty_bound)
    constructor.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)
    for name in REGION_CLASSES.values():
        constructor.add_constructor(f"lsst.sphgeom.{name}", _region)


def _uuid(loader: Any, node: yaml.Node) -> uuid.UUID:
    return uuid.UUID(hex=str(loader.construct_scalar(node)))


def _time(loader: Any, node: yaml.Node) -> TaiTime:
    return time_of_text(str(loader.construct_scalar(node)))


def _timestamp(loader: Any, node: yaml.Node) -> Any:
    """Return a plain timestamp, which is UTC, as old files have them."""
    moment = loader.construct_yaml_timestamp(node)
    if not isinstance(moment, datetime.datetime):
        return moment
    from astropy.time import Time

    return TaiTime(nanoseconds_from_time(Time(moment, scale="utc")))


def _timespan(loader: Any, node: yaml.Node) -> Timespan:
    if isinstance(node, yaml.ScalarNode):
        if node.value != "EMPTY":
            raise ValueError(f"a timespan is EMPTY, or has a begin and an end, not {node.value!r}")
        return Timespan.makeEmpty()
    bounds = loader.construct_mapping(node, deep=True)
    if bounds.keys() != {"begin", "end"}:
        raise ValueError(f"a timespan has a begin and an end, not {', '.join(map(str, bounds))}")
    for bound in bounds.values():
        if not isinstance(bound, TaiTime | None):
            raise ValueError(f"a bound of a timespan is a time or null, not {bound!r}")
    return bounded_timespan(bounds["begin"], bounds["end"])


def _empty_bound(loader: Any, node: yaml.Node) -> TaiTime:
    if loader.construct_sequence(node) != [1]:
        raise ValueError("this bound of a timespan is not known")
    return TaiTime.EMPTY


def _region(loader: Any, node: yaml.Node) -> Any:
    mapping = loader.construct_mapping(node)
    if mapping.keys() != {"encoded"}:
        raise ValueError("a region has one key, encoded")
    return region_of_hex(str(mapping["encoded"]))
