"""Constraints by dimensions that a query's results do not have."""

from __future__ import annotations

from typing import Any

import pytest

from butler_core import Butler, DatasetType, InvalidQueryError

from .core_world import RUN_A, VISITS, World, required_values

EXPOSURES = {1: 903334, 2: 903334, 3: 904014}


@pytest.fixture
def butler(world: World) -> Butler:
    """Two exposures of one visit, one of another, one of none, and a type for each."""
    butler = world.butler()
    insert = butler.registry.insertDimensionData
    for exposure, visit in {**EXPOSURES, 4: 903342}.items():
        insert("group", {"instrument": "HSC", "name": f"g{exposure}"})
        insert(
            "exposure",
            {
                "instrument": "HSC",
                "id": exposure,
                "obs_id": f"e{exposure}",
                "physical_filter": VISITS[visit],
                "day_obs": 20131102,
                "group": f"g{exposure}",
                "timespan": None,
            },
        )
    insert(
        "visit_definition",
        *(
            {"instrument": "HSC", "exposure": exposure, "visit": visit}
            for exposure, visit in EXPOSURES.items()
        ),
    )
    registry = butler.registry
    for name, dimensions in (("raw", ["exposure", "detector"]), ("flat", ["physical_filter"])):
        dataset_type = DatasetType(
            name, dimensions, "StructuredDataDict", universe=butler.dimensions
        )
        registry.registerDatasetType(dataset_type)
    raws = [{"instrument": "HSC", "exposure": one, "detector": 22} for one in (*EXPOSURES, 4)]
    registry.insertDatasets("raw", raws, run=RUN_A)
    flats = [{"instrument": "HSC", "physical_filter": name} for name in ("HSC-R", "HSC-I")]
    registry.insertDatasets("flat", flats, run=RUN_A)
    return butler


@pytest.mark.parametrize(
    ("dataset_type", "given", "expected"),
    [
        ("raw", {"visit": 903334}, [("HSC", 22, 1), ("HSC", 22, 2)]),
        ("raw", {"visit": 904014, "band": "i"}, [("HSC", 22, 3)]),
        ("raw", {"visit": 904014, "band": "r"}, []),
        ("raw", {"visit": 903342}, []),
        ("flat", {"visit": 903342}, [("HSC", "HSC-R")]),
        ("flat", {"exposure": 3}, [("HSC", "HSC-I")]),
        ("flat", {"exposure": 3, "visit": 903334}, []),
        ("flat", {"exposure": 1, "visit": 903334}, [("HSC", "HSC-R")]),
        ("bias", {"physical_filter": "HSC-R"}, [("HSC", 22)]),
        ("bias", {"physical_filter": "HSC-Z"}, []),
        ("bias", {"visit": 1}, []),
        (
            "stats",
            {"exposure": 3},
            [("HSC", 22, 904014), ("HSC", 23, 904014), ("HSC", 100, 904014)],
        ),
    ],
    ids=str,
)
def test_datasets(
    butler: Butler, dataset_type: str, given: dict[str, Any], expected: list[Any]
) -> None:
    given = {"instrument": "HSC", **given}
    found = butler.query_datasets(dataset_type, RUN_A, data_id=given, explain=False)
    assert sorted(required_values(found)) == sorted(expected)
    again = butler.registry.queryDatasets(dataset_type, collections=RUN_A, dataId=given)
    assert sorted(required_values(again)) == sorted(expected)


@pytest.mark.parametrize(
    ("element", "given", "expected"),
    [
        ("physical_filter", {"visit": 903334}, [("HSC", "HSC-R")]),
        ("band", {"visit": 904014}, [("i",)]),
        ("exposure", {"visit": 903334}, [("HSC", 1), ("HSC", 2)]),
        ("visit", {"exposure": 2}, [("HSC", 903334)]),
        ("visit", {"exposure": 4}, []),
        ("instrument", {"visit": 903334}, [("HSC",)]),
        ("instrument", {"detector": 7}, []),
        ("detector", {"visit": 903334, "detector": 23}, [("HSC", 23)]),
    ],
    ids=str,
)
def test_records(butler: Butler, element: str, given: dict[str, Any], expected: list[Any]) -> None:
    records = butler.query_dimension_records(element, instrument="HSC", explain=False, **given)
    assert sorted(required_values(record.dataId for record in records)) == expected


def test_an_instrument_that_results_do_not_have_may_be_the_default(world: World) -> None:
    with world.butler(instrument="HSC", writeable=False) as butler:
        [band] = butler.query_dimension_records("band", visit=904014)
    assert band.name == "i"


def test_an_open_instrument_is_asked_for(world: World) -> None:
    butler = world.butler()
    with world.refuses(
        InvalidQueryError, "visit=903334 needs instrument=..., which may be any of 'HSC', 'LATISS'"
    ):
        butler.query_dimension_records("band", visit=903334)
