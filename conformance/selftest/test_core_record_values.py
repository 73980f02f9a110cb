"""Fields of records in place of the values of dimensions."""

from __future__ import annotations

from typing import Any

import pytest

from butler_core import (
    Butler,
    DataIdValueError,
    DatasetType,
    DimensionNameError,
    DimensionValueError,
    InconsistentDataIdError,
)

from .core_world import RUN_A, World


@pytest.fixture
def butler(world: World) -> Butler:
    butler = world.butler(run=RUN_A, instrument="HSC")
    kind = DatasetType(
        "pair", ["visit", "exposure"], "StructuredDataDict", universe=butler.dimensions
    )
    butler.registry.registerDatasetType(kind)
    butler.registry.insertDimensionData("group", {"instrument": "HSC", "name": "g"})
    butler.registry.insertDimensionData(
        "exposure",
        {"instrument": "HSC", "id": 5, "obs_id": "e5", "group": "g", "seq_num": 5,
         "day_obs": 20131102, "physical_filter": "HSC-R"},
    )  # fmt: skip
    definition = {"instrument": "HSC", "exposure": 5, "visit": 903334}
    butler.registry.insertDimensionData("visit_definition", definition)
    return butler


def found(butler: Butler, **given: Any) -> dict[str, Any]:
    ref = butler.find_dataset("stats", given)
    assert ref is not None
    return dict(ref.dataId.required)


@pytest.mark.parametrize(
    "given",
    [
        {"visit": "HSC903334", "detector": 22},
        {"visit.name": "HSC903334", "detector.id": "22"},
        {"name": "HSC903334", "detector": 22, "seq_num": None, "nothing": None},
        {"visit": "903334", "detector": 22, "visit.physical_filter": "HSC-R"},
        {"visit": 903334, "detector": 22, "name": "HSC903334", "exposure": "e5"},
        {"visit": 903334, "full_name": "1_53", "detector.id": 22},
    ],
)
def test_one_dataset_in_many_ways(butler: Butler, given: dict[str, Any]) -> None:
    assert found(butler, **given) == {"instrument": "HSC", "visit": 903334, "detector": 22}


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"visit": "x", "detector": 22}, DataIdValueError, "not str 'x', and no visit.*name='x'"),
        ({"name": 5, "detector": 22}, DataIdValueError, r"name=5 is not.*visit.name \(string\)"),
        ({"name": "x", "detector": 22}, DimensionValueError, "no visit record has name='x'"),
        ({"exposure_time": 30.0, "band": "z", "detector": 22}, DimensionValueError, "band='z'"),
        ({"visit": 903342, "name": "HSC903334", "detector": 22}, InconsistentDataIdError,
         "visit 903342 has name 'HSC903342', not 'HSC903334'"),
        ({"visit": 99, "name": "HSC903334", "detector": 22}, DataIdValueError, "no visit record"),
        ({"visit": 903334, "detector": 22, "obs_id": "e5"}, DimensionValueError,
         "a field of exposure, which"),
        ({"visit": 903334, "detector": 22, "visit.nme": "x"}, DimensionValueError,
         "did you mean 'name'"),
        ({"visit": 903334, "detector": 22, "vist": 1}, DimensionValueError,
         "did you mean 'visit'"),
        ({"name": "HSC903334"}, DimensionNameError, "detector"),
    ],
)  # fmt: skip
def test_what_is_none_or_another(
    world: World, butler: Butler, given: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with world.unchanged(), pytest.raises(kind, match=said) as caught:
        butler.get("stats", given)
    assert type(caught.value) is kind


def test_a_field_that_two_dimensions_have(butler: Butler) -> None:
    with pytest.raises(DimensionValueError, match=r"'exposure.seq_num' or 'visit.seq_num'"):
        butler.find_dataset("pair", {"seq_num": 5, "visit": 903334})
    ref = butler.put({}, "pair", {"exposure.seq_num": 5, "visit": 903334})
    assert ref.dataId["exposure"] == 5


def test_the_instrument_is_that_of_the_collections(world: World) -> None:
    butler = world.butler()
    ref = butler.find_dataset("stats", visit="HSC903334", detector=22, collections=RUN_A)
    assert ref is not None
    assert ref.dataId["instrument"] == "HSC"


def test_many_data_ids_at_once(butler: Butler) -> None:
    refs = butler.registry.insertDatasets(
        "summary", [{"name": "HSC903334"}, {"visit": 903342}], run=RUN_A
    )
    assert [ref.dataId["visit"] for ref in refs] == [903334, 903342]


def test_a_query_says_where(butler: Butler) -> None:
    with pytest.raises(DimensionValueError, match=r"where='exposure.obs_id = :value'"):
        butler.query_datasets("stats", obs_id="e5")
    with pytest.raises(DimensionValueError, match="'obs_id' is not an argument"):
        butler.registry.expandDataId(obs_id="e5")
