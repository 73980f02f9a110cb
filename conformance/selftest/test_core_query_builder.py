"""Queries that are built step by step: what makes no sense, and what is large."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from butler_core import Butler, DatasetType, Timespan
from butler_core.errors import (
    ButlerUserError,
    DataIdValueError,
    DimensionValueError,
    InvalidQueryError,
)
from butler_core.query_builder import ExpressionFactory, Predicate, Query

from .core_world import CHAIN, RUN_A, VISITS, World, data_id

Call = Callable[[Query, Any], object]


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=CHAIN, instrument="HSC")


@pytest.fixture
def query(butler: Butler) -> Iterator[Query]:
    with butler.query() as made:
        yield made.join_dataset_search("stats", RUN_A)


def visits(query: Query) -> list[Any]:
    return sorted(one["visit"] for one in query.data_ids("visit"))


CALLS: dict[str, Call] = {
    "bind": lambda query, value: query.where("visit = 1", bind=value),
    "join_data_coordinates": lambda query, value: query.join_data_coordinates(value),
    "join_data_coordinate_table": lambda query, value: query.join_data_coordinate_table(value),
    "join_dimensions": lambda query, value: query.join_dimensions(value),
    "join_dataset_search": lambda query, value: query.join_dataset_search("bias", value),
    "materialize": lambda query, value: query.materialize(datasets=value),
    "materialize, listed": lambda query, value: query.materialize(datasets=[value]),
    "find_first": lambda query, value: list(query.datasets("stats", find_first=value)),
    "general, find_first": lambda query, value: query.general(
        ["visit"], "stats.run", find_first=value
    ),
    "general": lambda query, value: query.general(["visit"], value),
    "dimension_fields": lambda query, value: query.general(["visit"], dimension_fields=value),
    "its fields": lambda query, value: query.general(["visit"], dimension_fields={"visit": value}),
    "dataset_fields": lambda query, value: query.general(
        ["visit"], dataset_fields=value, find_first=True
    ),
    "iter_tuples": lambda query, value: list(query.general(["visit"]).iter_tuples(value)),
    "values_of": lambda query, value: query.values_of(value),
    "order_by": lambda query, value: query.data_ids("visit").order_by(value),
    "limit": lambda query, value: query.data_ids("visit").limit(value),
    "x[...]": lambda query, value: query.expression_factory[value],
    "in_iterable": lambda query, value: query.expression_factory.visit.in_iterable(value),
    "in_range": lambda query, value: query.expression_factory.visit.in_range(value),
    "in_range, to": lambda query, value: query.expression_factory.visit.in_range(0, value),
    "in_range, step": lambda query, value: query.expression_factory.visit.in_range(0, 9, value),
    "in_query": lambda query, value: query.expression_factory.visit.in_query(value, query),
    "in_query, query": lambda query, value: query.expression_factory.visit.in_query(
        query.expression_factory.visit, value
    ),
}
VALUES: dict[str, Any] = {
    "a number with a point": 1.5,
    "an array without dimensions": np.array(5.5),
    "an object": object(),
    "a list in a list": [["visit"]],
    "a name": "{}",
    "bytes": b"ab",
}
# These take a name, and tell of one that is wrong when they know more.
NAMED = {"x[...]", "join_dimensions", "join_dataset_search", "order_by", "general"}
RIGHT = {*((call, "a name") for call in NAMED), ("in_iterable", "a list in a list")}


@pytest.mark.parametrize(
    ("call", "value"), [one for one in itertools.product(CALLS, VALUES) if one not in RIGHT]
)
def test_what_is_no_argument(query: Query, call: str, value: str) -> None:
    with pytest.raises(ButlerUserError) as caught:
        CALLS[call](query, VALUES[value])
    assert "not" in str(caught.value) or "there is no" in str(caught.value)


def test_columns_are_not_iterated(query: Query) -> None:
    """An object with items is iterated, without an end, where it does not refuse."""
    with pytest.raises(TypeError, match="not iterable"):
        list(query.expression_factory)  # type: ignore[call-overload]


def test_no_time_is_bound_to_nothing(query: Query) -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(InvalidQueryError, match="NaTType"):
        visits(query.where("visit.timespan OVERLAPS :now", bind={"now": pandas.NaT}))


@pytest.mark.parametrize("term", ["--visit", "---visit", "-"])
def test_two_directions_are_none(query: Query, term: str) -> None:
    for results in (
        query.general(["visit"], "stats.run", find_first=False),
        query.data_ids("visit"),
        query.dimension_records("visit"),
        query.datasets("stats"),
    ):
        with pytest.raises(InvalidQueryError, match="order_by"):
            list(results.order_by(term))


def test_more_than_a_registry_counts(query: Query) -> None:
    for size in (2**63 - 1, 2**63, 2**200):
        assert len(list(query.data_ids("visit").limit(size))) == len(VISITS)


def test_a_region_overlaps_itself(query: Query) -> None:
    x = query.expression_factory
    assert visits(query.where(x.visit.region.overlaps(x.visit.region))) == sorted(VISITS)
    assert visits(query.where("NOT (visit.region OVERLAPS visit.region)")) == []


@pytest.mark.parametrize("digits", [20, 5000])
def test_numbers_of_many_digits(butler: Butler, digits: int) -> None:
    with pytest.raises(DataIdValueError, match="64 bits"):
        butler.query().where(visit="9" * digits)
    with pytest.raises((DataIdValueError, DimensionValueError)):
        butler.find_dataset("stats", {**data_id(), "visit.visit_system": "9" * digits})


def test_the_least_number(query: Query) -> None:
    x = query.expression_factory
    assert visits(query.where(x.visit > -(2**63))) == sorted(VISITS)
    with pytest.raises(InvalidQueryError, match="64 bits"):
        query.where(x.visit < 2**63)


def test_keys_that_are_no_names(butler: Butler) -> None:
    for key in (1, None, b"visit", ("visit",)):
        with pytest.raises(DimensionValueError, match="not a dimension"):
            butler.find_dataset("stats", {**data_id(), key: 1})  # type: ignore[dict-item]


@pytest.mark.parametrize("number", [np.float64(30.0), np.float32(30.0), np.int64(30), 30])
def test_numbers_before_columns(query: Query, number: Any) -> None:
    seconds = query.expression_factory.visit.exposure_time
    for condition in (number < seconds, 2 * number > number + seconds, number - seconds != 1):
        assert isinstance(condition, Predicate)
    assert visits(query.where(number < seconds)) == visits(query.where("exposure_time > 30"))


Combine = Callable[[ExpressionFactory, Predicate, Predicate], Predicate]


@pytest.mark.parametrize(
    ("combine", "compare", "found"),
    [
        (lambda x, one, other: x.all(one, other), operator.ne, [904014]),
        (lambda x, one, other: x.any(other, one), operator.eq, [903334, 903342]),
        (lambda x, one, other: one.logical_and(other), operator.ne, [904014]),
        (lambda x, one, other: one.logical_or(other), operator.eq, [903334, 903342]),
    ],
)
def test_conditions_that_grow_in_a_loop(
    query: Query, combine: Combine, compare: Callable[[Any, int], Predicate], found: list[int]
) -> None:
    x = query.expression_factory
    conditions = [compare(x.visit, visit) for visit in range(903000, 904000)]
    whole = functools.reduce(lambda one, other: combine(x, one, other), conditions)
    assert visits(query.where(whole)) == found


def test_groups_stay_groups(query: Query) -> None:
    x = query.expression_factory
    one, other, third = (x.visit == visit for visit in sorted(VISITS))
    last = x.any(x.all(one, other), third)
    assert visits(query.where(last)) == [904014]
    assert visits(query.where(x.all(last, x.any(one, other)))) == []
    assert visits(query.where(x.not_(x.any(one, other)).logical_and(third))) == [904014]


def test_thousands_of_conditions(butler: Butler) -> None:
    first, *_ = sorted(VISITS)
    where = " AND ".join(f"visit != {number}" for number in range(first + 1, first + 3000))
    with butler.query() as query:
        assert visits(query.where(where)) == [first]
        one_by_one = query
        for low, high in itertools.pairwise(range(0, 1500)):
            one_by_one = one_by_one.where(f"visit NOT IN ({low}, {high})")
        assert len(visits(one_by_one)) == len(VISITS)
        # A condition on what the results do not have is one of related records.
        assert [one["band"] for one in query.where(where).data_ids("band")] == ["r"]
    reasons = butler.registry.queryDatasets("stats", where=f"{where} AND visit != {first}")
    assert len(str(reasons.explain_no_results())) < 3000


def test_more_than_a_database_can_do(query: Query) -> None:
    data_ids = list(query.data_ids("visit"))
    for _ in range(300):
        query = query.join_data_coordinates(data_ids)
    with pytest.raises(InvalidQueryError, match="more than the database can do"):
        visits(query)


def test_numpy_says_what_is_true(query: Query) -> None:
    for first in (True, np.bool_(True), 1):
        found = list(query.datasets("stats", find_first=first))  # type: ignore[arg-type]
        assert len(found) == 9
    everything = Timespan(None, None)
    assert visits(query.where(query.expression_factory.visit.timespan.overlaps(everything)))


def test_pixels_that_nothing_overlaps(butler: Butler) -> None:
    pixel = butler.query().where(htm7=1)
    x = pixel.expression_factory
    for query in (pixel, butler.query().where(x.htm7 == 1), butler.query().where(x.htm7 > 1)):
        for results in (
            query.data_ids("detector"),
            query.dimension_records("detector"),
            query.datasets("bias", RUN_A),
            query.general(["detector"]),
        ):
            with pytest.raises(InvalidQueryError, match="htm7: pixels of the sky are computed"):
                list(results)
    assert visits(pixel) == []


def test_pixels_of_datasets_beside_others(world: World) -> None:
    """Pixels have values by the datasets of one type alone, whichever is joined first."""
    writer = world.butler(writeable=True, run="pixels", instrument="HSC")
    kind = DatasetType("density", ["htm7"], "StructuredDataDict", universe=writer.dimensions)
    writer.registry.registerDatasetType(kind)
    numbers = [131072 + number for number in range(3)]
    writer.registry.insertDatasets(kind, [{"htm7": number} for number in numbers], run="pixels")
    with writer.query() as query:
        both = query.join_dataset_search("bias", RUN_A).join_dataset_search(kind, "pixels")
        given = query.join_dataset_search("bias", RUN_A).join_data_coordinates(
            list(query.join_dataset_search(kind, "pixels").data_ids("htm7"))
        )
        for made in (both, given):
            names = ["detector", "htm7"]
            assert sorted(one["htm7"] for one in made.data_ids(names)) == numbers
            rows = list(made.general(names, "bias.run", find_first=True).order_by("htm7"))
            assert [(row["detector"], row["htm7"]) for row in rows] == [(22, n) for n in numbers]
        rows_of_one = query.join_dataset_search("bias", RUN_A).general(
            ["detector", "htm7"], "bias.run", find_first=True
        )
        with pytest.raises(InvalidQueryError, match="htm7: pixels of the sky are computed"):
            list(rows_of_one)
