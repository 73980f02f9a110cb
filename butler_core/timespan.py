"""Half-open intervals of TAI time, kept as the registry keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from astropy.time import Time

__all__ = ["MAX_NANOSECONDS", "MIN_NANOSECONDS", "Timespan"]

MIN_NANOSECONDS = 0
"""An unbounded begin: 1970-01-01T00:00:00 TAI."""

MAX_NANOSECONDS = 4102444800000000000
"""An unbounded end: 2100-01-01T00:00:00 TAI."""

_NANOSECONDS_PER_DAY = 86_400 * 10**9
_EPOCH_JD = 2440587.5  # 1970-01-01T00:00:00
_PRECISION = 6  # decimals of a second, where a time is written as text


def nanoseconds_from_time(time: Time) -> int:
    """Return integer TAI nanoseconds since 1970, rounded to the nearest.

    The day and its fraction, astropy's two doubles, are taken apart first, so
    that no nanosecond is lost.
    """
    tai = time.tai
    whole, fraction = float(tai.jd1) - _EPOCH_JD, float(tai.jd2)
    days = round(whole)
    nanoseconds = round((whole - days + fraction) * _NANOSECONDS_PER_DAY)
    return days * _NANOSECONDS_PER_DAY + nanoseconds


def time_from_nanoseconds(nanoseconds: int) -> Time:
    """Return the astropy time of integer TAI nanoseconds since 1970."""
    from astropy.time import Time

    days, rest = divmod(nanoseconds, _NANOSECONDS_PER_DAY)
    fraction = rest / _NANOSECONDS_PER_DAY
    return Time(_EPOCH_JD + days, fraction, format="jd", scale="tai", precision=_PRECISION)


class _Empty:
    """Either bound of the timespan that holds no time."""

    __slots__ = ()

    def __reduce__(self) -> str:
        return "Timespan.EMPTY"

    def __repr__(self) -> str:
        return "Timespan.EMPTY"


class Timespan:
    """A half-open interval ``[begin, end)`` of TAI time.

    Parameters
    ----------
    begin, end : `astropy.time.Time` or `None`
        The bounds, in any scale; `None` is unbounded. `Timespan.EMPTY` on
        either side, or an end that is not after the begin, makes the empty
        timespan.
    padInstant : `bool`, optional
        Whether equal bounds mean the one nanosecond that begins there.

    Notes
    -----
    Times are integer nanoseconds since 1970-01-01T00:00:00 TAI, from 0 to
    4102444800000000000 (2100-01-01), as in the columns of the registry. Times
    outside are clipped.
    """

    __slots__ = ("_nsec",)

    EMPTY: ClassVar[object] = _Empty()

    _nsec: tuple[int, int]

    def __init__(
        self, begin: Time | object | None, end: Time | object | None, padInstant: bool = True
    ) -> None:
        if begin is self.EMPTY or end is self.EMPTY:
            self._nsec = (MAX_NANOSECONDS, MIN_NANOSECONDS)
            return
        first = MIN_NANOSECONDS if begin is None else self._clip(begin)
        last = MAX_NANOSECONDS if end is None else self._clip(end)
        if padInstant and first == last and begin is not None:
            last = first + 1
        self._nsec = (first, last) if first < last else (MAX_NANOSECONDS, MIN_NANOSECONDS)

    @staticmethod
    def _clip(time: Any) -> int:
        try:
            nanoseconds = nanoseconds_from_time(time)
        except (AttributeError, TypeError):
            raise TypeError(
                f"a bound of a Timespan is an astropy.time.Time or None, not {time!r}"
            ) from None
        return min(max(nanoseconds, MIN_NANOSECONDS), MAX_NANOSECONDS)

    @classmethod
    def from_nanoseconds(cls, begin: int, end: int) -> Timespan:
        """Make a timespan of two columns of the registry."""
        self = cls.__new__(cls)
        self._nsec = (begin, end) if begin < end else (MAX_NANOSECONDS, MIN_NANOSECONDS)
        return self

    @classmethod
    def fromInstant(cls, time: Time) -> Timespan:
        """Return the nanosecond that begins at a time."""
        nanoseconds = cls._clip(time)
        return cls.from_nanoseconds(nanoseconds, nanoseconds + 1)

    @classmethod
    def makeEmpty(cls) -> Timespan:
        """Return the timespan that holds no time."""
        return cls(cls.EMPTY, cls.EMPTY)

    @property
    def nsec(self) -> tuple[int, int]:
        """The two columns of the registry, TAI nanoseconds since 1970."""
        return self._nsec

    @property
    def begin(self) -> Time | object | None:
        """The first instant; `None` if unbounded, `EMPTY` if there is none."""
        return self._bound(self._nsec[0], MIN_NANOSECONDS)

    @property
    def end(self) -> Time | object | None:
        """The first instant that is no longer in; `None` if unbounded."""
        return self._bound(self._nsec[1], MAX_NANOSECONDS)

    def _bound(self, nanoseconds: int, unbounded: int) -> Time | object | None:
        if self.isEmpty():
            return self.EMPTY
        return None if nanoseconds == unbounded else time_from_nanoseconds(nanoseconds)

    def isEmpty(self) -> bool:
        """Return whether no time is in."""
        return self._nsec[0] >= self._nsec[1]

    def contains(self, other: Timespan | Time) -> bool:
        """Return whether all of ``other`` is in; the empty timespan is in any."""
        span = other if isinstance(other, Timespan) else Timespan.fromInstant(other)
        if span.isEmpty():
            return True
        return self._nsec[0] <= span._nsec[0] and span._nsec[1] <= self._nsec[1]

    def overlaps(self, other: Timespan | Time) -> bool:
        """Return whether any time is in both."""
        span = other if isinstance(other, Timespan) else Timespan.fromInstant(other)
        return not self.intersection(span).isEmpty()

    def intersection(self, *args: Timespan) -> Timespan:
        """Return the timespan that is in all of them."""
        spans = [self._nsec, *(other._nsec for other in args)]
        return Timespan.from_nanoseconds(max(s[0] for s in spans), min(s[1] for s in spans))

    def difference(self, other: Timespan) -> Iterator[Timespan]:
        """Yield the zero, one or two timespans that are in this one alone."""
        common = self.intersection(other)
        if self.isEmpty() or common.isEmpty():
            yield self
            return
        for begin, end in ((self._nsec[0], common._nsec[0]), (common._nsec[1], self._nsec[1])):
            if begin < end:
                yield Timespan.from_nanoseconds(begin, end)

    def __eq__(self, other: object) -> bool:
        return self._nsec == other._nsec if isinstance(other, Timespan) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._nsec)

    def __repr__(self) -> str:
        if self.isEmpty():
            return "Timespan.makeEmpty()"
        begin, end = (
            None if time is None else f"Time('{_iso(time)}', scale='tai', format='iso')"
            for time in (self.begin, self.end)
        )
        return f"Timespan(begin={begin}, end={end})"

    def __str__(self) -> str:
        if self.isEmpty():
            return "(empty)"
        begin = "(-∞" if self.begin is None else f"[{_iso(self.begin)}"
        end = "∞)" if self.end is None else f"{_iso(self.end)})"
        return f"{begin}, {end}"


def _iso(time: Any) -> str:
    tai = time.tai.copy(format="iso")
    tai.precision = 9
    return str(tai.value)
