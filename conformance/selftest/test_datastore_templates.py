"""Paths from templates; the expected paths were seen with lsst-daf-butler 30.2026.4300."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from butler_core.datastore.locations import leaves_root
from butler_core.datastore.templates import FileTemplate, FileTemplates
from butler_core.errors import FileTemplateError

from .datastore_world import World

DETECTOR_VISIT: dict[str, Any] = {"instrument": "HSC", "visit": 1, "detector": 5}
DETECTOR_EXPOSURE: dict[str, Any] = {"instrument": "HSC", "exposure": 1, "detector": 5}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    ("name", "data_id", "expected"),
    [
        (
            "a",
            DETECTOR_VISIT,
            "u/me/run_1/a/20140101/r/HSC_R_2#%é/1/a_HSC_r_HSC_R_2HASH%é_1_0_05_x_u_me_run_1",
        ),
        (
            "b",
            DETECTOR_EXPOSURE,
            "u/me/run_1/b/20140101/HSCA0001/b_HSC_HSC_R_2HASH%é_HSCA0001_0_05_x_u_me_run_1",
        ),
        (
            "c_d",
            {"instrument": "HSC", "physical_filter": "HSC/R 2#%é"},
            "u/me/run_1/c_d/r/HSC_R_2#%é/c_d_HSC_r_HSC_R_2HASH%é_u_me_run_1",
        ),
        ("e", {}, "u/me/run_1/e/e_u_me_run_1"),
        ("htm", {"htm7": 140000}, "u/me/run_1/htm/htm_140000_u_me_run_1"),
    ],
)
def test_default_layout_is_the_reference_s(
    world: World, name: str, data_id: dict[str, Any], expected: str
) -> None:
    assert FileTemplates().path(world.ref(name, **data_id)) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{run:/}/{datasetType}_{visit:06d}_{detector}", "x/y/a_000001_5"),
        ("{run:/}/{datasetType}_{visit:?06d}_{detector}", "x/y/a_000001_5"),
        ("{run}/{visit!r:>8s}_{physical_filter!r}", "x_y/       1_'HSC_R_2HASH%é'"),
        ("/{tract:?}/{run}/{visit}", "x_y/1"),
        ("{run}/{visit.nope:?}_{visit}", "x_y/_1"),
        ("{run}/{visit.timespan}_{visit}", "x_y/None_1"),
        ("{run}/{visit}/..x", "x_y/1/__x"),
        ("{run}/{nope:?}/{visit}", "x_y/1"),
        ("{run}/{nope|visit}/x", "x_y/1/x"),
        ("{run}/{exposure.obs_id|group:?}/{visit.name|exposure}", "x_y/v1"),
        ("{run:/}/{visit}.{component:?}_x.y", "x/y/1_x_y"),
        ("{run:/}/{{literal}}/{visit}", "x/y/{literal}/1"),
        ("{run:/}/{instrument:s}_{band:>3s}_{visit:x}", "x/y/HSC_  r_1"),
        ("{run:/}/{visit|run}", "x/y/1"),
        ("{run:/}/{visit.id}#{detector.full_name}", "x/y/1HASH0_05_x"),
        ("{run}/{datasetType:?}_{component:?}_{visit}_{detector:?}", "x_y/a_1_5"),
        ("{run}/{visit:/}", "x_y/1"),
        ("{run:?/}/{visit}", "x/y/1"),
        ("{run}/{day_obs|visit.day_obs|exposure.day_obs:?}", "x_y/20140101"),
        ("{run}/{visit.physical_filter}", "x_y/HSC_R_2HASH%é"),
    ],
)
def test_the_template_language(world: World, template: str, expected: str) -> None:
    assert FileTemplate(template).format(world.ref("a", run="x/y", **DETECTOR_VISIT)) == expected


def test_skypix_stands_for_any_pixelization(world: World) -> None:
    ref = world.ref("htm", run="x", htm7=140000)
    assert FileTemplate("{run}/{skypix}_{htm7}").format(ref) == "x/140000_140000"


def test_id_serves_as_a_name(world: World) -> None:
    ref = world.ref("a", **DETECTOR_VISIT)
    assert FileTemplate("{id}").format(ref) == str(ref.id)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{run:/}/{visit}/../../../{visit}", "leaves the root"),
        ("../{run:/}/{visit}", "leaves the root"),
        ("/..{component:?}/{run}/{visit}", "leaves the root"),
        ("{visit}", r"needs \{run\}"),
        ("{run}/x", "no field is a dimension"),
        ("{id}/x", r"\{id\} has to stand in the name"),
        ("{run:/}/{collection}/{visit}", r"write \{run\}"),
        ("{}/{run}/{visit}", "a field without a name"),
        ("{run}/{visit", "expected '}'"),
        ("", "A file template is a text"),
        (7, "A file template is a text"),
    ],
)
def test_unusable_templates_are_refused_when_they_are_read(template: str, message: str) -> None:
    with pytest.raises(FileTemplateError, match=message):
        FileTemplate(template)


def test_a_bad_entry_is_named_with_its_key() -> None:
    with pytest.raises(FileTemplateError, match=r"entry 'instrument<HSC>\.a': .*leaves the root"):
        FileTemplates({"instrument<HSC>": {"a": "../{run}/{visit}"}})


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{run}/{nope}/{visit}", "has no 'nope'"),
        ("{run}/{vist}", "did you mean 'visit'"),
        ("{run}/{visit.nope}_{visit}", r"has no 'visit\.nope'"),
        ("{run:/}/{abstract_filter}/{visit}", "has no 'abstract_filter'"),
        ("{run:/}/{component}/{visit}", "has no 'component'"),
    ],
)
def test_missing_fields_are_named(world: World, template: str, message: str) -> None:
    with pytest.raises(FileTemplateError, match=message):
        FileTemplate(template).format(world.ref("a", **DETECTOR_VISIT))


def test_a_run_cannot_lead_out_of_the_root(world: World) -> None:
    ref = world.ref("a", run="../../out", **DETECTOR_VISIT)
    with pytest.raises(FileTemplateError, match="leaves the root"):
        FileTemplate("{run:/}/{visit}").format(ref)
    assert FileTemplate("{run}/{visit}").format(ref) == ".._.._out/1"


def test_a_component_needs_its_place(world: World) -> None:
    ref = world.ref("calexp", "ExposureF", run="x", **DETECTOR_VISIT).makeComponentRef("wcs")
    assert FileTemplate("{run}/{datasetType}.{component:?}/{visit}").format(ref) == "x/calexp.wcs/1"
    with pytest.raises(FileTemplateError, match="no place for the component"):
        FileTemplate("{run}/{visit}").format(ref)


def test_the_records_are_asked_for_only_if_needed(world: World) -> None:
    ref = world.ref("a", run="x", **DETECTOR_VISIT)
    bare = type(ref)(ref.datasetType, dict(ref.dataId.required), run="x")
    assert FileTemplate("{run}/{visit}").format(bare) == "x/1"
    with pytest.raises(FileTemplateError, match=r"\{visit\.name\} needs the records"):
        FileTemplate("{run}/{visit.name}").format(bare)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"default": "{run}/d{instrument}"}, "x/dHSC"),
        ({"visit+": "{run}/{visit}/v"}, None),
        ({"visit+detector": "{run}/{visit}/vd"}, "x/1/vd"),
        ({"detector+visit+instrument+band": "{run}/{visit}/vd"}, "x/1/vd"),
        ({"nope+visit": "{run}/{visit}/no"}, None),
        ({"StructuredDataDict": "{run}/{visit}/sc"}, "x/1/sc"),
        (
            {"StructuredDataDict": "{run}/{visit}/sc", "visit+detector": "{run}/{visit}/vd"},
            "x/1/vd",
        ),
        ({"a": "{run}/{visit}/a", "visit+detector": "{run}/{visit}/vd"}, "x/1/a"),
        ({"a": "{run}/{visit}/a", "instrument<HSC>": {"a": "{run}/{visit}/H"}}, "x/1/H"),
        ({"a": "{run}/{visit}/a", "instrument<DEC>": {"a": "{run}/{visit}/D"}}, "x/1/a"),
    ],
)
def test_the_choice_of_a_template(
    world: World, config: dict[str, Any], expected: str | None
) -> None:
    ref = world.ref("a", run="x", **DETECTOR_VISIT)
    assert FileTemplates(config).path(ref) == (expected or FileTemplates().path(ref))


def test_dimensions_in_another_order_override_the_package_s(world: World) -> None:
    templates = FileTemplates({"exposure+detector": "{run}/{exposure}/mine"})
    assert templates.path(world.ref("b", run="x", **DETECTOR_EXPOSURE)) == "x/1/mine"


def test_the_default_can_be_switched_off(world: World) -> None:
    with pytest.raises(FileTemplateError, match="No file template applies to a@"):
        FileTemplates({"default": ""}).path(world.ref("a", **DETECTOR_VISIT))


@pytest.mark.parametrize(
    ("path", "leaves"),
    [("a/../b", False), ("a/../../b", True), ("/a", True), ("..", True), ("..a/b", False)],
)
def test_what_leaves_the_root(path: str, leaves: bool) -> None:
    assert leaves_root(path) is leaves
