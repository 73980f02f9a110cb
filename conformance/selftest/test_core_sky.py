"""Queries by regions of the sky, against what the geometry library says of each pair."""

from __future__ import annotations

import random
from typing import Any

import pytest
from lsst.sphgeom import DISJOINT, Angle, Box, Circle, ConvexPolygon, LonLat, UnitVector3d

from butler_core import Butler, DatasetType, RepositoryError, UserExpressionError

from .core_world import RUN_A, VISITS, World, box
from .test_core_plans import plans

DETECTORS = "visit_detector_region"
SKY = {"skymap": "rings"}


def overlap(first: Any, second: Any) -> bool:
    """Return whether two regions overlap, as the geometry library has it."""
    return first is not None and not first.relate(second) & DISJOINT


def insert_sky(butler: Butler) -> None:
    """Insert a sky map: tracts of a degree beside each other, each of four patches."""
    insert = butler.registry.insertDimensionData
    numbers = {"tract_max": 9, "patch_nx_max": 2, "patch_ny_max": 2}
    insert("skymap", {"name": "rings", "hash": b"0", **numbers})
    for tract in range(5):
        lon = 319.0 + tract
        insert("tract", {**SKY, "id": tract, "region": box(lon, 0.0, 1.0)})
        for patch in range(4):
            place = box(lon - 0.25 + patch % 2 / 2, -0.25 + patch // 2 / 2, 0.5)
            own = {"tract": tract, "id": patch, "cell_x": patch % 2, "cell_y": patch // 2}
            insert("patch", {**SKY, **own, "region": place})
    insert("tract", {**SKY, "id": 7})  # nobody knows where


@pytest.fixture
def sky(world: World) -> Butler:
    with world.butler(writeable=True) as butler:
        insert_sky(butler)
    return world.butler(writeable=False, instrument="HSC", skymap="rings", collections=RUN_A)


def regions(butler: Butler, element: str) -> dict[tuple[Any, ...], Any]:
    """Return the regions of all records, by their values."""
    records = butler.query_dimension_records(element, explain=False)
    return {one.dataId.required_values: one.region for one in records}


def chosen(butler: Butler, element: str, where: str, **bind: Any) -> set[tuple[Any, ...]]:
    """Return the values of the records that an expression is true of."""
    found = butler.query_dimension_records(element, where=where, bind=bind, explain=False)
    return {one.dataId.required_values for one in found}


def shapes(number: int) -> list[tuple[str, Any]]:
    """Return shapes at random around the visits: how they are written, and what they are."""
    chance = random.Random(number)
    found: list[tuple[str, Any]] = []
    for _ in range(25):
        lon, lat = chance.uniform(318, 323), chance.uniform(-1.5, 1.5)
        size = 10 ** chance.uniform(-3, 0.5)
        place = LonLat.fromDegrees(lon, lat)
        point, angle = UnitVector3d(place), Angle.fromDegrees(size)
        corners = [lon, lat, lon + size, lat - size, lon + size / 2, lat + size]
        pairs = zip(corners[::2], corners[1::2], strict=True)
        polygon = ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*pair)) for pair in pairs])
        found += [
            (f"POINT({lon!r}, {lat!r})", Circle(point)),
            (f"CIRCLE({lon!r}, {lat!r}, {size!r})", Circle(point, angle)),
            (f"BOX({lon!r}, {lat!r}, {2 * size!r}, {size!r})", Box(place, angle, angle / 2)),
            (f"POLYGON({', '.join(map(repr, corners))})", polygon),
            (f"REGION('CIRCLE {lon!r} {lat!r} {size!r}')", Circle(point, angle)),
        ]
    return found


@pytest.mark.parametrize("element", ["visit", DETECTORS, "tract", "patch"])
def test_shapes_at_random(sky: Butler, element: str) -> None:
    known = regions(sky, element)
    counts = set()
    for text, shape in shapes(len(element)):
        inside = {key for key, region in known.items() if overlap(region, shape)}
        counts.add(len(inside))
        where = f"{element}.region OVERLAPS"
        assert chosen(sky, element, f"{where} {text}") == inside, text
        assert chosen(sky, element, f"{where} :shape", shape=shape) == inside, text
        outside = {key for key, region in known.items() if region is not None} - inside
        assert chosen(sky, element, f"NOT {where} {text}") == outside, text
        assert chosen(sky, element, f"NOT ({where} {text} OR {where} {text})") == outside, text
    assert len(counts) > 2


@pytest.mark.parametrize(
    ("names", "first", "second"),
    [
        (["visit", "tract"], "visit", "tract"),
        (["visit", "patch"], "visit", "patch"),
        (["visit", "detector", "tract"], DETECTORS, "tract"),
        (["visit", "detector", "patch"], DETECTORS, "patch"),
    ],
)
def test_pairs_that_overlap(sky: Butler, names: list[str], first: str, second: str) -> None:
    firsts, seconds = regions(sky, first), regions(sky, second)
    keys = [sky.dimensions[element].required for element in (first, second)]
    expected = {
        (*one, *other)
        for one, region in firsts.items()
        for other, place in seconds.items()
        if overlap(place, region)
    }

    def pairs(data_ids: Any) -> set[tuple[Any, ...]]:
        return {tuple(one[name] for key in keys for name in key) for one in data_ids}

    found = sky.query_data_ids(names, explain=False)
    assert pairs(found) == expected
    assert len(list(found)) == len(expected) > 2
    explicit = f"{first}.region OVERLAPS {second}.region"
    for where in (explicit, f"{explicit} AND {explicit}", f"NOT NOT {explicit}"):
        again = sky.query_data_ids(names, where=where, explain=False)
        assert pairs(again) == expected
    last = sky.query_data_ids(names, order_by=f"-{names[0]}", limit=1)
    assert last[0][names[0]] == max(one[names[0]] for one in found)
    for key in seconds:
        place = dict(zip(["skymap", "tract", "patch"], key, strict=False))
        related = sky.query_dimension_records(first, **place, explain=False)
        assert {one.dataId.required_values for one in related} == {
            pair[: -len(key)] for pair in expected if pair[-len(key) :] == key
        }


def test_datasets_of_a_patch(sky: Butler) -> None:
    places = regions(sky, DETECTORS)
    for key, patch in regions(sky, "patch").items():
        where = f"tract = {key[1]} AND patch = {key[2]}"
        found = sky.query_datasets("stats", where=where, explain=False)
        ids = {ref.dataId.required_values for ref in sky.query_datasets("stats")}
        assert {ref.dataId.required_values for ref in found} == {
            one for one in ids if overlap(places[one], patch)
        }
        assert sky.query_datasets("stats", tract=key[1], patch=key[2], explain=False) == found


def test_datasets_relate_what_they_have(world: World) -> None:
    with world.butler(writeable=True) as butler:
        insert_sky(butler)
    with world.butler(writeable=True, run=RUN_A, instrument="HSC", skymap="rings") as butler:
        kind = DatasetType(
            "warp", ["visit", "patch"], "StructuredDataDict", universe=butler.dimensions
        )
        butler.registry.registerDatasetType(kind)
        visit = min(VISITS)
        far = butler.put({}, kind, visit=visit, tract=0, patch=3)
        assert butler.query_datasets("warp") == [far]
        assert butler.query_datasets("warp", where="visit.exposure_time > 1 AND patch = 3") == [far]
        # The dataset does not say that this detector of its visit is over its patch.
        assert butler.query_datasets("warp", where="detector = 22", explain=False) == []
        [data_id] = butler.registry.queryDataIds(["visit", "patch"], datasets="warp")
        assert (data_id["visit"], data_id["tract"]) == (visit, 0)


def test_a_point_is_found_by_its_pixel(world: World) -> None:
    where = "instrument = 'HSC' AND visit_detector_region.region OVERLAPS POINT(320.3, 0.1)"
    found = plans(world, lambda b: b.query_data_ids(["visit", "detector"], where=where))
    assert any("skypix_overlap" in step and "skypix_index>? AND" in step for step in found), found


def test_a_region_that_cannot_be_read_is_named(world: World) -> None:
    with world.butler(writeable=False, instrument="HSC") as butler:
        where = "NOT visit.region OVERLAPS POINT(1, 2)"
        assert len(butler.query_dimension_records("visit", where=where)) == len(VISITS)
        world.write("UPDATE visit SET region = 'AAAA' WHERE id = ?", min(VISITS))
        with pytest.raises(RepositoryError, match="region that cannot be read"):
            list(butler.query_dimension_records("visit", where=where))
        others = f"{where} AND visit > {min(VISITS)}"
        assert len(butler.query_dimension_records("visit", where=others)) == len(VISITS) - 1


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("POINT(1)", "2 numbers, not 1; write POINT\\(ra, dec\\), in degrees"),
        ("POINT()", "2 numbers, not 0"),
        ("POINT(1, 91)", "91 is no declination"),
        ("POINT(1e300, 1)", "is no right ascension"),
        ("POINT('1', 2)", "'1' is no number"),
        ("POINT(visit, 2)", "visit is no number"),
        ("CIRCLE(1, 2, -1)", "from 0 to 360"),
        ("BOX(1, 2, 3, 400)", "from 0 to 360"),
        ("POLYGON(1, 2, 3, 4)", "each of three corners"),
        ("POLYGON(1, 2, 3, 4, 5, 6, 7)", "each of three corners"),
        ("POLYGON(1, 2, 1, 2, 1, 2)", "POLYGON\\(ra1, dec1"),
        ("REGION('SQUARE 1 2')", "SQUARE"),
        ("REGION(7)", "7 is no string"),
        ("REGION('CIRCLE 1 2 3', 4)", "takes one string"),
        ("CIRCEL(1, 2, 3)", "did you mean 'CIRCLE'"),
        ("5", "OVERLAPS is for regions of the sky"),
        ("visit.timespan", "OVERLAPS is for regions of the sky"),
        (":many", ":many is a list"),
    ],
)
def test_what_is_no_region(sky: Butler, shape: str, said: str) -> None:
    bind = {"many": [Box.full()]}
    with pytest.raises(UserExpressionError, match=said):
        sky.query_dimension_records("visit", where=f"visit.region OVERLAPS {shape}", bind=bind)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("POINT(1, 2) OVERLAPS CIRCLE(1, 2, 3)", "that of records, such as visit.region"),
        ("visit.region < POINT(1, 2)", "no order: write OVERLAPS"),
        ("visit.region", "a region of the sky, not a condition"),
        ("visit.region IN (:shape)", "no list has in it"),
        ("htm7.region OVERLAPS POINT(1, 2)", "htm7 is a pixel of the sky"),
    ],
)
def test_what_regions_are_not(sky: Butler, where: str, said: str) -> None:
    with pytest.raises(UserExpressionError, match=said):
        sky.query_dimension_records("visit", where=where, bind={"shape": Box.full()})


def test_equal_regions(sky: Butler) -> None:
    [(key, region), *_] = regions(sky, DETECTORS).items()
    assert chosen(sky, DETECTORS, f"{DETECTORS}.region = :own", own=region) == {key}
    others = chosen(sky, DETECTORS, f"{DETECTORS}.region != :own", own=region)
    assert others == set(regions(sky, DETECTORS)) - {key}
