"""Queries with expressions: their SQL, what they share, what they say if they find nothing."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest

from butler_core import (
    BindValueError,
    Butler,
    DimensionNameError,
    EmptyQueryResultError,
    InvalidQueryError,
    Timespan,
)
from butler_core.registry.statements import CompiledStatement, StatementCache

from .core_world import CALIB, CHAIN, RUN_A, World, time
from .test_core_plans import TAGS, plans


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(writeable=False, instrument="HSC", collections=RUN_A)


def visits(butler: Butler, where: str, **more: Any) -> list[Any]:
    found = butler.query_dimension_records("visit", where=where, explain=False, **more)
    return sorted(one.id for one in found)


def test_a_visit_is_looked_up_by_its_index(world: World) -> None:
    where = "instrument = 'HSC' AND visit = 903334 AND detector > 5"
    found = plans(world, lambda b: b.query_datasets("stats", where=where))
    (plan,) = [plan for plan in found if TAGS in plan]
    assert f"{TAGS}_fkidx_instrument_visit (instrument=? AND visit=?)" in plan


def test_values_do_not_make_statements(butler: Butler) -> None:
    statements = butler._repository.record_queries._statements
    counts = []
    for visit in range(903330, 903340):
        visits(butler, f"visit > {visit} AND visit.name != 'v{visit}'")
        counts.append(len(statements))
    assert set(counts) == {counts[0]}


def test_statements_are_forgotten_where_they_are_many() -> None:
    made: list[str] = []

    def compiled(text: str) -> CompiledStatement:
        made.append(text)
        return CompiledStatement(text, (), {})

    cache = StatementCache(compiled, {}, most=3)
    for key in "12312344":
        assert cache.get(key, partial(str, key)).text == key
    assert made == ["1", "2", "3", "4"]
    assert len(cache) == 1


@pytest.mark.parametrize(
    "values",
    [
        [30.0, math.inf, -math.inf, math.nan],
        [float(number) for number in range(500)] + [math.inf],
        [number / 10 for number in range(5000)],
        list(range(100)),
    ],
)
def test_lists_of_numbers(butler: Butler, values: list[Any]) -> None:
    times = {one.id: one.exposure_time for one in butler.query_dimension_records("visit")}
    column = "visit.exposure_time" if isinstance(values[0], float) else "detector"
    if column == "detector":
        found = butler.query_data_ids("detector", where="detector IN (:v)", bind={"v": values})
        assert sorted(one["detector"] for one in found) == [22, 23]
    else:
        right = sorted(id for id, seconds in times.items() if seconds in values)
        assert visits(butler, f"{column} IN (:v)", bind={"v": values}) == right


def test_thousands_of_alternatives(butler: Butler) -> None:
    many = " OR ".join(f"(visit = {number} AND band = 'r')" for number in range(903300, 903900))
    assert visits(butler, many) == [903334, 903342]
    assert visits(butler, f"NOT ({many})") == [904014]


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.query_datasets("stats", where="htm9 = 5"),
        lambda b: b.query_datasets("stats", where="htm7 = 5 AND tract = 2"),
        lambda b: b.query_data_ids(["visit", "tract", "htm7"]),
        lambda b: b.query_data_ids(["visit", "healpix5"]),
        lambda b: b.query_data_ids("htm7"),
    ],
)  # fmt: skip
def test_what_the_sky_does_not_relate_is_refused(butler: Butler, call: Any) -> None:
    with pytest.raises(InvalidQueryError, match="sky"):
        call(butler)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda b: b.query_datasets("stats", where="visit = 903342"), "visit.*903342"),
        (lambda b: b.query_datasets("stats", where="visit.exposure_time > 1e6"), "1e6"),
        (lambda b: b.query_dimension_records("visit", where="exposure_time < 0"), "time < 0"),
        (lambda b: b.query_data_ids("visit", where="exposure_time < 0"), "exposure_time < 0"),
        (lambda b: b.query_data_ids("tract"), "tract"),
    ],
)  # fmt: skip
def test_an_empty_answer_repeats_the_question(world: World, call: Any, said: str) -> None:
    butler = world.butler(writeable=False, instrument="HSC", collections="HSC/runs/b")
    with pytest.raises(EmptyQueryResultError, match=said):
        call(butler)


def test_arguments_of_other_types(butler: Butler) -> None:
    with pytest.raises(TypeError, match="where="):
        butler.query_datasets("stats", where=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bind="):
        butler.query_datasets("stats", where="visit = :v", bind=[5])  # type: ignore[arg-type]
    with pytest.raises(BindValueError, match="v=None"):
        butler.query_datasets("stats", where="visit = :v", bind={"v": None})
    with pytest.raises(DimensionNameError, match="did you mean 'visit'"):
        butler.registry.queryDataIds("visti")


def test_results_say_what_they_are(butler: Butler) -> None:
    where = "visit > 903334"
    found = butler.registry.queryDataIds(
        ["visit"], where=where, datasets="stats", collections=RUN_A
    )
    assert repr(found.limit(1)) == (
        "DataCoordinateQueryResults({band, instrument, day_obs, physical_filter, visit},"
        " where 'visit > 903334', data ID {'instrument': 'HSC'}, limit 1, with 'stats')"
    )
    datasets = butler.registry.queryDatasets("stats", where=where)
    assert repr(datasets) == (
        "DatasetQueryResults('stats' in 'HSC/runs/a', where 'visit > 903334',"
        " data ID {'instrument': 'HSC'})"
    )
    assert datasets.parentDatasetType.name == "stats"
    assert len(list(datasets.dataIds)) == datasets.count()
    nothing = butler.registry.queryDataIds("visit", where="visit = 1")
    assert nothing.explain_no_results() == ["no visit record has the value 1 that where asks for"]
    assert not found.explain_no_results()


def test_data_ids_with_calibrations_that_are_valid(world: World) -> None:
    butler = world.butler(instrument="HSC")
    bias = butler.find_dataset("bias", detector=22, collections=RUN_A)
    assert bias is not None
    began = {one.id: one.timespan.begin for one in butler.query_dimension_records("visit")}
    middle = sorted(began, key=lambda id: began[id])[1]
    butler.registry.certify(CALIB, [bias], Timespan(None, began[middle]))
    before = sorted(id for id, begin in began.items() if begin < began[middle])

    def found(name: Any, **more: Any) -> list[Any]:
        last = name if isinstance(name, str) else name[-1]
        ids = butler.registry.queryDataIds(name, datasets="bias", collections=CALIB, **more)
        return sorted(one[last] for one in ids)

    assert found(["detector", "visit"]) == found("visit") == before
    assert found("detector") == found("detector", visit=before[0]) == [22]
    assert found("detector", visit=middle) == found("detector", where=f"visit = {middle}") == []
    assert butler.query_datasets("bias", CALIB, where=f"visit.name = 'HSC{before[0]}'") == [bias]
    with pytest.raises(EmptyQueryResultError):
        butler.query_datasets("bias", CALIB, where=f"visit.name = 'HSC{middle}'")
    assert butler.query_datasets("bias", [CHAIN, CALIB], where="timespan.end < :t",
                                 bind={"t": time("2050-01-01T00:00:00")}) == [bias]  # fmt: skip
