"""The values of literals and bound names, as the registry's columns hold them."""

from __future__ import annotations

import base64
import numbers
import re
import uuid
from collections.abc import Set
from typing import Any

from ...errors import BindValueError
from ...timespan import MAX_NANOSECONDS, MIN_NANOSECONDS, Timespan, nanoseconds_from_time
from .regions import encoded

__all__ = ["nanoseconds", "parse_time", "several", "typed"]

_TIME = re.compile(
    r"""
    ( (?P<format> [A-Za-z_]\w* ) / )?
    ( (?P<number> -? ( [0-9]+\.[0-9]* | \.[0-9]+ ) )
    | (?P<fits>   \+ [0-9]+-[0-9]+-[0-9]+ ( T[0-9]+:[0-9]+:[0-9]+ (\.[0-9]*)? )? )
    | (?P<date>   [0-9]+-[0-9]+-[0-9]+ ( [ Tt][0-9]+:[0-9]+ ( :[0-9]+ (\.[0-9]*)? )? )? )
    | (?P<yday>   [0-9]+:[0-9]+ ( :[0-9]+:[0-9]+ ( :[0-9]+ (\.[0-9]*)? )? )? )
    )
    ( / (?P<scale> \w+ ) )?
    """,
    re.VERBOSE,
)

_SCALES = {"iso": "utc", "isot": "utc", "fits": "utc", "yday": "utc", "unix": "utc", "cxcsec": "tt"}
"""The scale of a format where none is written; TAI of all others."""


def several(value: object) -> list[Any] | None:
    """Return the values of a bound list, tuple or set, `None` if it is a single value.

    Those of a set are sorted, so that the same set is the same query.
    """
    if isinstance(value, Set):
        return sorted(value, key=lambda one: (type(one).__name__, str(one)))
    return list(value) if isinstance(value, list | tuple) else None


def typed(name: str, value: Any) -> tuple[str, Any]:
    """Return the type of a bound value, and what the registry's columns hold for it.

    Raises
    ------
    BindValueError
        If no column has values of its type.
    """
    if isinstance(value, numbers.Integral):
        number = int(value)
        if -(2**63) <= number < 2**63:
            return "int", number
        raise BindValueError(f"bound value {name}={value!r} has more than 64 bits")
    if isinstance(value, str):
        return "string", str(value)
    if isinstance(value, numbers.Real):
        return "float", float(value)
    if isinstance(value, Timespan):
        return "timespan", value.nsec
    if isinstance(value, uuid.UUID):
        return "uuid", value
    if isinstance(value, bytes):
        return "hash", base64.b64encode(value).decode("ascii")
    if (time := _astropy_time(value)) is not None:
        return "datetime", nanoseconds(time)
    if (region := encoded(value)) is not None:
        return "region", region
    listed = " or list(value)" if hasattr(value, "__iter__") else ""
    raise BindValueError(
        f"bound value {name}={value!r} is of type {type(value).__name__}; what can be bound are"
        " integers, strings, floats, UUIDs, times, Timespans, regions and places of the sky, and"
        " lists, tuples and sets of them"
        f"{f': give value.tolist(){listed}' if listed else ''}"
    )


def _astropy_time(value: Any) -> Any:
    """Return a time or date as an astropy time, `None` if it is neither."""
    import datetime

    is_time = type(value).__module__.startswith("astropy.time") and hasattr(value, "tai")
    if not is_time and not isinstance(value, datetime.date):
        return None
    from astropy.time import Time

    if isinstance(value, Time):
        return value if value.isscalar else None
    if not isinstance(value, datetime.datetime):
        value = value.isoformat()
    try:
        return Time(value, scale="utc")
    except ValueError:
        return None  # pandas has a datetime that is no time


def nanoseconds(time: Any) -> int:
    """Return a time as columns hold it, clipped to what these can."""
    return min(max(nanoseconds_from_time(time), MIN_NANOSECONDS), MAX_NANOSECONDS)


def parse_time(value: str) -> int:
    """Return the nanoseconds of what is between the quotes of ``T'...'``.

    It is a date (``2020-01-01``, ``2020-01-01T12:00``), a day of a year
    (``2020:123``) or a number with a point, which is an MJD; an astropy format
    may come before and a scale after it, as in ``mjd/58849.5/utc``. The scale is
    UTC for what is written as a date, and TAI for numbers.

    Raises
    ------
    ValueError
        If it is none.
    """
    import warnings

    from astropy.time import Time

    match = _TIME.fullmatch(value.replace("+00:00", "").strip())
    if match is None:
        raise ValueError("no time was found in it")
    number, date = match["number"], match["date"]
    style = (match["format"] or "").lower()
    if style and style not in Time.FORMATS:
        raise ValueError(f"{style} is no format of astropy.time")
    if not style:
        written = {"mjd": number, "fits": match["fits"], "yday": match["yday"]}
        style = next((name for name, part in written.items() if part), "iso")
        if date and "t" in date.lower():
            style = "isot"
    scale = (match["scale"] or _SCALES.get(style, "tai")).lower()
    if scale not in Time.SCALES:
        raise ValueError(f"{scale} is no scale of astropy.time")
    moment = float(number) if number else date or match["fits"] or match["yday"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years that leap seconds are not known of
        try:
            return nanoseconds(Time(moment, format=style, scale=scale))
        except Exception:
            raise ValueError(f"it is no time of format {style}") from None
