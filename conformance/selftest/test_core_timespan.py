"""Timespans: half-open intervals of TAI nanoseconds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from butler_core import Timespan
from butler_core.timespan import MAX_NANOSECONDS, nanoseconds_from_time, time_from_nanoseconds

from .core_world import time

INSTANTS = st.integers(min_value=0, max_value=MAX_NANOSECONDS)
SPANS = st.builds(Timespan.from_nanoseconds, INSTANTS, INSTANTS)


@given(INSTANTS)
def test_no_nanosecond_is_lost_through_astropy(nanoseconds: int) -> None:
    assert nanoseconds_from_time(time_from_nanoseconds(nanoseconds)) == nanoseconds


@given(SPANS)
def test_bounds_make_the_same_timespan(span: Timespan) -> None:
    assert Timespan(span.begin, span.end) == span
    assert hash(Timespan(span.begin, span.end)) == hash(span)


@given(SPANS, SPANS)
def test_overlap_is_a_common_instant(first: Timespan, second: Timespan) -> None:
    common = first.intersection(second)
    assert first.overlaps(second) == second.overlaps(first) == (not common.isEmpty())
    assert first.contains(common)
    assert second.contains(common)


@given(SPANS, SPANS)
def test_the_difference_and_the_common_part_make_the_whole(
    first: Timespan, second: Timespan
) -> None:
    parts = [*first.difference(second), first.intersection(second)]
    length = sum(end - begin for begin, end in (part.nsec for part in parts if not part.isEmpty()))
    begin, end = first.nsec
    assert length == (0 if first.isEmpty() else end - begin)
    assert not any(part.overlaps(second) for part in first.difference(second))


@given(SPANS, SPANS)
def test_containing_is_absorbing(first: Timespan, second: Timespan) -> None:
    assert first.contains(second) == (first.intersection(second) == second)


def test_columns_of_a_known_time() -> None:
    begin, end = time("2013-11-02T12:00:00"), time("2013-11-02T12:00:30.000000001")
    # 16011 days since 1970-01-01 TAI.
    assert Timespan(begin, end).nsec == (1383393600 * 10**9, 1383393630 * 10**9 + 1)


def test_other_scales_are_converted() -> None:
    assert Timespan(time("2013-11-02T12:00:35").utc, None) == Timespan(
        time("2013-11-02T12:00:35"), None
    )
    from astropy.time import Time

    # TAI was 35 s ahead of UTC in 2013.
    assert Timespan(Time("2013-11-02T12:00:00", scale="utc"), None) == Timespan(
        time("2013-11-02T12:00:35"), None
    )


def test_unbounded() -> None:
    everything = Timespan(None, None)
    assert everything.nsec == (0, 4102444800000000000)
    assert everything.begin is None
    assert everything.end is None
    assert str(everything) == "(-∞, ∞)"
    assert Timespan(time("1960-01-01T00:00:00"), time("2120-01-01T00:00:00")) == everything


def test_empty() -> None:
    empty = Timespan.makeEmpty()
    assert empty.isEmpty()
    assert empty.begin is Timespan.EMPTY
    assert str(empty) == "(empty)"
    assert repr(empty) == "Timespan.makeEmpty()"
    later, earlier = time("2020-01-02T00:00:00"), time("2020-01-01T00:00:00")
    assert Timespan(later, earlier) == empty
    assert Timespan(None, None).contains(empty)
    assert not Timespan(None, None).overlaps(empty)


def test_an_instant_is_one_nanosecond() -> None:
    instant = time("2020-01-01T00:00:00")
    begin, end = Timespan.fromInstant(instant).nsec
    assert end == begin + 1
    assert Timespan(instant, instant) == Timespan.fromInstant(instant)
    assert Timespan(instant, instant, padInstant=False).isEmpty()
    assert Timespan(instant, None).contains(instant)
    assert not Timespan(None, instant).overlaps(instant)


def test_printed_forms() -> None:
    span = Timespan(time("2020-01-01T00:00:00"), None)
    assert str(span) == "[2020-01-01 00:00:00.000000000, ∞)"
    assert "2020-01-01 00:00:00.000000000" in repr(span)


@pytest.mark.parametrize("bound", ["2020-01-01", 5, 2.5])
def test_a_bound_that_is_no_time_is_named(bound: Any) -> None:
    with pytest.raises(TypeError, match=str(bound)):
        Timespan(bound, None)
