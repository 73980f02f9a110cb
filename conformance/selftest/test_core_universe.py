"""The dimension universe: order, groups, elements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from butler_core import (
    ButlerConfigError,
    DimensionGroup,
    DimensionNameError,
    DimensionUniverse,
)

UNIVERSE = DimensionUniverse()


def group(*names: str) -> Any:
    return UNIVERSE.conform(names)


def test_it_is_universe_8_of_the_format() -> None:
    assert (UNIVERSE.version, UNIVERSE.namespace) == (8, "daf_butler")
    assert [governor.name for governor in UNIVERSE.governor_dimensions] == ["instrument", "skymap"]
    assert UNIVERSE.common_skypix.name == "htm7"


def test_dimensions_follow_what_they_refer_to() -> None:
    for element in UNIVERSE.elements:
        for name in {*element.required_names, *element.implied_names} - {element.name}:
            assert UNIVERSE.index(name) < UNIVERSE.index(element.name), f"{element.name}: {name}"


def test_pixel_levels_are_ordered_as_numbers() -> None:
    levels = [element.name for element in UNIVERSE if element.name.startswith("htm")]
    assert levels == [f"htm{level}" for level in range(1, 25)]


@pytest.mark.parametrize(
    ("given", "required", "implied"),
    [
        ((), (), ()),
        (("visit",), ("instrument", "visit"), ("band", "day_obs", "physical_filter")),
        (
            ("detector", "visit"),
            ("instrument", "detector", "visit"),
            ("band", "day_obs", "physical_filter"),
        ),
        (
            ("exposure",),
            ("instrument", "exposure"),
            ("band", "day_obs", "group", "physical_filter"),
        ),
        (("physical_filter",), ("instrument", "physical_filter"), ("band",)),
        (("patch", "band"), ("band", "skymap", "tract", "patch"), ()),
        (("htm7",), ("htm7",), ()),
    ],
)
def test_a_group_has_all_that_its_dimensions_need(
    given: tuple[str, ...], required: tuple[str, ...], implied: tuple[str, ...]
) -> None:
    conformed = UNIVERSE.conform(given)
    assert conformed.required == required
    assert conformed.implied == implied
    assert conformed.data_coordinate_keys == required + implied
    assert set(conformed.names) == {*required, *implied}


def test_one_object_for_each_group() -> None:
    assert group("visit") is group("visit", "instrument", "band") is UNIVERSE.conform(["visit"])


def test_groups_are_sets() -> None:
    visit, detector = group("visit"), group("detector")
    assert visit.union(detector) == group("visit", "detector")
    assert visit.intersection(detector) == group("instrument")
    assert visit.difference(detector) == visit - detector == visit
    assert visit | detector == visit.union(detector)
    assert visit & detector == visit.intersection(detector)
    assert all(
        isinstance(one, DimensionGroup)
        for one in (visit | detector, visit & detector, visit - detector)
    )
    assert visit | {"spam"} == {*visit.names, "spam"}
    assert detector.issubset(group("visit", "detector"))
    assert group("visit", "detector") > detector
    assert not visit <= detector
    assert visit == set(visit.names)
    assert "band" in visit
    assert UNIVERSE["band"] in visit
    assert group() == UNIVERSE.empty
    assert not UNIVERSE.empty


def test_joins_belong_to_the_group_that_has_all_they_join() -> None:
    assert "visit_detector_region" in group("visit", "detector").elements
    assert "visit_detector_region" not in group("visit").elements
    assert {"visit_definition", "visit_system_membership"} & set(
        group("visit", "exposure").elements
    )


def test_the_best_region_of_a_family_counts() -> None:
    names = [element.name for element in group("visit", "detector", "patch").region_elements]
    assert sorted(names) == ["patch", "visit_detector_region"]
    assert [element.name for element in group("visit").region_elements] == ["visit"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("instrumnt", "did you mean 'instrument'?"), ("Visit", "did you mean 'visit'?")],
)
def test_an_unknown_dimension_is_named_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(DimensionNameError, match=name) as caught:
        UNIVERSE.conform([name])
    assert hint in str(caught.value)


def test_a_join_is_no_dimension() -> None:
    with pytest.raises(DimensionNameError, match="visit_definition"):
        UNIVERSE.conform(["visit_definition"])


def test_an_element_equals_its_name() -> None:
    assert UNIVERSE["visit"] == "visit"
    assert UNIVERSE["visit"] in {"visit"}
    assert UNIVERSE["instrument"] < UNIVERSE["visit"]
    assert UNIVERSE.get("nope") is None


def test_it_survives_its_json() -> None:
    again = DimensionUniverse.from_json(UNIVERSE.to_json())
    assert again == UNIVERSE
    assert [element.name for element in again] == [element.name for element in UNIVERSE]


def test_a_circle_of_dimensions_is_named() -> None:
    config = json.loads(UNIVERSE.to_json())
    config["elements"]["detector"]["requires"] = ["visit"]
    config["elements"]["visit"]["requires"] = ["detector"]
    with pytest.raises(ButlerConfigError, match="circle") as caught:
        DimensionUniverse(config)
    assert "detector" in str(caught.value)


@pytest.mark.parametrize("key", ["version", "elements", "skypix"])
def test_an_incomplete_configuration_says_what_is_missing(key: str) -> None:
    config = json.loads(UNIVERSE.to_json())
    del config[key]
    with pytest.raises(ButlerConfigError, match=key):
        DimensionUniverse(config)


def test_an_element_that_refers_to_nothing_is_named() -> None:
    config = json.loads(UNIVERSE.to_json())
    config["elements"]["detector"]["requires"] = ["nope"]
    with pytest.raises(ButlerConfigError, match="nope"):
        DimensionUniverse(config)
