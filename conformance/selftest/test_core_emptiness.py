"""What a query that finds nothing gives as the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from butler_core import Butler, DatasetNotFoundError, EmptyQueryResultError
from butler_core.queries import emptiness
from butler_core.queries.datasets import DatasetQueries

from .core_world import RUN_A, RUN_B, TAGGED, World


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=RUN_A, instrument="HSC")


def reasons(butler: Butler, name: str = "stats", **asked: Any) -> list[str]:
    """Return why there are no datasets, which the registry's results tell in the same way."""
    with pytest.raises(EmptyQueryResultError) as caught:
        butler.query_datasets(name, **asked)
    assert str(caught.value) == "; ".join(caught.value.reasons)
    assert butler.registry.queryDatasets(name, **asked).explain_no_results() == caught.value.reasons
    return caught.value.reasons


STATS = f"of the datasets of type 'stats' in '{RUN_A}', none "
EACH = ", though each by itself is true of some"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"visit": 99}, "no visit record has the value 99 that the data ID asks for"),
        ({"where": "visit = 99"}, "no visit record has the value 99 that where asks for"),
        (
            {"physical_filter": "hsc-r"},
            "no physical_filter record has the value 'hsc-r' that the data ID asks for;"
            " did you mean 'HSC-R'?",
        ),
        (
            {"visit": 903334, "where": "band = 'i'"},
            "data ID {'instrument': 'HSC', 'visit': 903334} has band 'r', not 'i'",
        ),
        (
            {"visit": 903334, "where": "visit = 903342"},
            "where asks for visit=903342, the data ID for visit=903334",
        ),
        ({"where": "visit.exposure_time > 1e6"}, f"{STATS}satisfies visit.exposure_time > 1e6"),
        (
            {"where": "visit > 0 AND (visit IN (1, :one) OR visit < 1)", "bind": {"one": 5}},
            f"{STATS}satisfies (visit IN (1, :one) OR visit < 1) (with one=5)",
        ),
        (
            {"where": "detector > 22 AND exposure_time > 0 AND visit > 903334"},
            f"{STATS}satisfies detector > 22 and satisfies visit > 903334{EACH}",
        ),
        (
            {"visit": 903342, "where": "detector != 22 AND visit > 0"},
            f"{STATS}has visit=903342 and satisfies detector != 22{EACH}",
        ),
        ({"where": "exposure > 1"}, "there are no exposure records"),
    ],
)
def test_datasets(world: World, asked: dict[str, Any], reason: str) -> None:
    butler = world.butler(collections=RUN_A, instrument="HSC")
    refs = butler.query_datasets("stats", where="visit > 903334 AND detector != 22")
    butler.pruneDatasets(refs, disassociate=True, unstore=True, purge=True)
    assert reason in reasons(butler, **asked)


def test_collections_without_the_type_and_without_datasets(butler: Butler) -> None:
    assert reasons(butler, "calexp") == [f"no dataset of type 'calexp' was ever put into '{RUN_A}'"]
    refs = butler.query_datasets("stats", RUN_B)
    butler.pruneDatasets(refs, disassociate=True, unstore=True, purge=True)
    assert reasons(butler, collections=RUN_B) == [
        f"there are no datasets of type 'stats' in '{RUN_B}' any more"
    ]
    with pytest.raises(DatasetNotFoundError, match=f"ever put into '{TAGGED}'"):
        butler.get("summary", visit=903334, collections=TAGGED)


def test_each_type_has_its_reasons(butler: Butler) -> None:
    results = butler.registry.queryDatasets(["stats", "calexp"], visit=99)
    assert results.explain_no_results() == [
        "no visit record has the value 99 that the data ID asks for",
        f"no dataset of type 'calexp' was ever put into '{RUN_A}'",
    ]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            lambda registry: registry.queryDataIds("tract"),
            ["there are no skymap records", "there are no tract records"],
        ),
        (
            lambda registry: registry.queryDataIds(["visit", "detector"], where="visit < 0"),
            ["of the data IDs of instrument, detector, visit, none satisfies visit < 0"],
        ),
        (
            lambda registry: registry.queryDataIds(
                "visit", where="visit > 903342", datasets="stats", collections=RUN_B
            ),
            [
                "of the data IDs of instrument, visit, none has a dataset of type 'stats' in"
                f" '{RUN_B}' and satisfies visit > 903342{EACH}"
            ],
        ),
        (
            lambda registry: registry.queryDataIds("visit", datasets="calexp", collections=RUN_B),
            [f"no dataset of type 'calexp' was ever put into '{RUN_B}'"],
        ),
        (
            lambda registry: registry.queryDimensionRecords("skymap"),
            ["there are no skymap records"],
        ),
        (
            lambda registry: registry.queryDimensionRecords("visit", where="exposure_time < 0"),
            ["of the visit records, none satisfies exposure_time < 0"],
        ),
        (
            lambda registry: registry.queryDimensionRecords("visit").limit(0),
            ["limit=0 was given"],
        ),
    ],
)  # fmt: skip
def test_data_ids_and_records(
    butler: Butler, call: Callable[[Any], Any], reason: list[str]
) -> None:
    butler.registry.insertDimensionData(
        "visit",
        {"instrument": "HSC", "id": 903350, "name": "new", "day_obs": 20131102,
         "physical_filter": "HSC-R"},
    )  # fmt: skip
    results = call(butler.registry)
    assert list(results) == []
    assert results.explain_no_results() == reason


def test_what_belongs_to_no_instrument_is_not_told_of(butler: Butler) -> None:
    results = butler.registry.queryDimensionRecords("detector", instrument="HCS", detector=22)
    assert results.explain_no_results() == [
        "no instrument record has the value 'HCS' that the data ID asks for; did you mean 'HSC'?"
    ]


def test_a_visit_of_no_instrument_in_particular(world: World) -> None:
    registry = world.butler().registry
    results = registry.queryDatasets("stats", collections=..., visit=99, check=False)
    (reason,) = results.explain_no_results()
    assert reason.endswith("none has visit=99")


def test_nothing_is_run_where_that_is_not_wanted(
    butler: Butler, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = butler.registry.queryDatasets("stats")
    assert some.explain_no_results() == []
    nothing = butler.registry.queryDatasets(["stats", "calexp"], visit=99)
    monkeypatch.setattr(DatasetQueries, "run", None)
    assert nothing.explain_no_results(execute=False) == [
        f"no dataset of type 'calexp' was ever put into '{RUN_A}'"
    ]


def test_very_many_conditions_are_not_tried_one_by_one(
    butler: Butler, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    run = emptiness._run

    def counted(source: Any, query: Any) -> Iterator[Any]:
        asked.append(query)
        return run(source, query)

    monkeypatch.setattr(emptiness, "_run", counted)
    where = " AND ".join(f"visit != {number}" for number in range(200))
    (reason,) = reasons(butler, where=f"{where} AND visit < 1")
    assert reason.endswith("satisfies visit != 199 and satisfies visit < 1")
    assert len(asked) < 20
