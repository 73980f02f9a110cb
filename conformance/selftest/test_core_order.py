"""Order and limit of what queries find."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from butler_core import Butler, InvalidQueryError

from .core_world import (
    CHAIN,
    DETECTORS,
    LATISS_RUN,
    RUN_A,
    RUN_B,
    TAGGED,
    VISITS,
    World,
    required_values,
)

ALL = [("HSC", detector, visit) for visit in VISITS for detector in DETECTORS]


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=CHAIN, writeable=False, inferDefaults=False)


@pytest.mark.parametrize(
    ("term", "key"),
    [
        ("visit", lambda i, d, v: v),
        ("detector", lambda i, d, v: d),
        ("visit.id", lambda i, d, v: v),
        ("detector.full_name", lambda i, d, v: {22: "1_53", 23: "1_54", 100: "0_00"}[d]),
        ("full_name", lambda i, d, v: {22: "1_53", 23: "1_54", 100: "0_00"}[d]),
        ("visit.exposure_time", lambda i, d, v: v % 1000),
        ("exposure_time", lambda i, d, v: v % 1000),
        ("visit.timespan.begin", lambda i, d, v: v % 1000 % 24),
        ("timespan.end", lambda i, d, v: v % 1000 % 24),
        ("band", lambda i, d, v: VISITS[v][-1]),
        ("physical_filter", lambda i, d, v: VISITS[v]),
        ("physical_filter.band", lambda i, d, v: VISITS[v][-1]),
    ],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_results_are_ordered(butler: Butler, term: str, key: Any, sign: str) -> None:
    for refs in (
        butler.query_datasets("stats", order_by=[sign + term, "visit", "detector"]),
        butler.query_datasets("stats", RUN_A, order_by=(sign + term, "visit", "detector")),
        butler.registry.queryDatasets("stats", collections=RUN_A).order_by(
            sign + term, "visit", "detector"
        ),
    ):
        values = required_values(refs)
        assert sorted(values) == sorted(ALL)
        keys = [key(*value) for value in values]
        assert keys == sorted(keys, reverse=bool(sign))
        ties = [value for value in values if key(*value) == keys[0]]
        assert ties == sorted(ties, key=ALL.index)


@pytest.mark.parametrize("term", ["run", "stats.run", "collection", "ingest_date"])
def test_results_are_ordered_by_what_a_dataset_has(butler: Butler, term: str) -> None:
    refs = butler.query_datasets("stats", order_by=[term, "visit", "detector"], find_first=False)
    expected = [RUN_A] * 9 + [RUN_B] * 2
    assert [ref.run for ref in refs] == expected
    refs = butler.query_datasets("stats", order_by=f"-{term}", find_first=False)
    assert [ref.run for ref in refs] == expected[::-1]
    both = butler.query_datasets("stats", order_by=term, collections=[TAGGED, LATISS_RUN])
    assert len(both) == 4


@pytest.mark.parametrize(
    ("term", "fragments"),
    [
        ("vist", ("'vist'", "did you mean 'visit'?")),
        ("visit.exposre_time", ("'exposre_time'", "did you mean 'exposure_time'?")),
        ("tract", ("'tract'",)),
        ("patch.id", ("'patch'",)),
        ("region", ("region",)),
        ("visit.region", ("region",)),
        ("", ("order_by",)),
        ("-", ("order_by",)),
        ("visit; DROP TABLE visit", ("DROP TABLE",)),
    ],
)
def test_an_order_that_means_nothing_is_refused(
    world: World, butler: Butler, term: Any, fragments: tuple[str, ...]
) -> None:
    with world.refuses(InvalidQueryError, *fragments):
        butler.query_datasets("stats", order_by=[term])
    with world.refuses(InvalidQueryError, *fragments):
        list(butler.registry.queryDatasets("stats").order_by(term))
    # Nothing was ever put of this type, and nobody asks for any: the term is wrong nonetheless.
    with world.refuses(InvalidQueryError, *fragments):
        butler.query_datasets("calexp", order_by=term, explain=False)
    with world.refuses(InvalidQueryError, *fragments):
        butler.query_datasets("stats", order_by=term, limit=0)


@pytest.mark.parametrize("limit", [0, 1, 4, 9, 100, None])
def test_a_limit_is_kept(butler: Butler, limit: int | None) -> None:
    expected = ALL[:limit]
    order = ["visit", "detector"]
    refs = butler.query_datasets("stats", order_by=order, limit=limit)
    assert required_values(refs) == expected
    refs = butler.query_datasets("stats", order_by=order, limit=limit, with_dimension_records=True)
    assert required_values(refs) == expected
    results = butler.registry.queryDatasets("stats", collections=RUN_A)
    assert required_values(results.order_by(*order).limit(limit)) == expected
    records = butler.query_dimension_records("detector", limit=limit, order_by="-full_name")
    names = ["RXX_S00", "1_54", "1_53", "0_00"]
    assert [record.full_name for record in records] == names[:limit]


def test_a_negative_limit_tells_if_there_are_more(
    butler: Butler, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert len(butler.query_datasets("stats", limit=-9)) == 9
        assert not caplog.records
        assert len(butler.query_datasets("stats", limit=-2)) == 2
    assert "More datasets" in caplog.text
    assert "2" in caplog.text
