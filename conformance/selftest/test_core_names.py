"""Names with odd characters are values, everywhere."""

from __future__ import annotations

import pytest

from butler_core import CollectionType, DatasetType

from .core_world import RUN_A, World, visit_fields

ODD = [
    "it's",
    'say "hi"',
    "100%",
    "%s %(a)s {b}",
    ":name",
    "?",
    "a b\tc",
    "ünïcødé 星",
    "x'; DROP TABLE collection; --",
    "a\\b",
    "-- comment",
    "NULL",
    "under_score",
]


@pytest.mark.parametrize("name", ODD)
def test_collections(world: World, name: str) -> None:
    butler = world.butler()
    collections = butler.collections
    assert collections.register(name, CollectionType.RUN, doc=name)
    assert collections.register(f"{name}/chain", CollectionType.CHAINED)
    collections.redefine_chain(f"{name}/chain", [name, RUN_A])
    ref = butler.put({"a": name}, "summary", instrument="HSC", visit=903334, run=name)
    other = world.butler(collections=f"{name}/chain", writeable=False)
    assert other.get("summary", instrument="HSC", visit=903334) == {"a": name}
    assert other.query_datasets("summary", order_by="run") == [ref]
    assert other.collections.get_info(name).doc == name
    assert other.collections.query(f"{name}/chain", flatten_chains=True) == [name, RUN_A]
    butler.registry.registerCollection(f"{name}/tag")
    butler.registry.associate(f"{name}/tag", [ref])
    assert other.find_dataset("summary", ref.dataId, collections=f"{name}/tag") == ref
    collections.x_remove(f"{name}/tag")
    assert f"{name}/tag" not in other.collections.query()
    assert world.rows("SELECT count(*) FROM collection WHERE name = ?", name) == [(1,)]


@pytest.mark.parametrize("name", ODD)
def test_values_of_dimensions(world: World, name: str) -> None:
    butler = world.butler(run=RUN_A)
    registry = butler.registry
    limits = {"visit_max": 9, "exposure_max": 9, "detector_max": 9, "class_name": name}
    registry.insertDimensionData("instrument", {"name": name, **limits})
    registry.insertDimensionData(
        "physical_filter", {"instrument": name, "name": name, "band": name}
    )
    registry.insertDimensionData("day_obs", {"instrument": name, "id": 20131102})
    fields = visit_fields(1, name, name) | {"target_name": name}
    registry.insertDimensionData("visit", fields)
    ref = butler.put({"a": 1}, "summary", instrument=name, visit=1)
    assert ref.dataId["band"] == name
    (found,) = butler.query_datasets("summary", band=name, instrument=name)
    assert found == ref
    assert butler.find_dataset("summary", instrument=name, visit=1, band=name) == ref
    (record,) = butler.query_dimension_records("visit", physical_filter=name, instrument=name)
    assert record.target_name == name
    assert butler.get(ref) == {"a": 1}
    assert butler.getURI(ref).exists()


def test_globs_take_odd_characters_as_they_are(world: World) -> None:
    butler = world.butler()
    for name in ODD:
        butler.collections.register(f"odd/{name}")
    assert sorted(butler.collections.query("odd/*")) == sorted(f"odd/{name}" for name in ODD)
    butler.collections.register("with[brackets]*")
    assert butler.collections.query("with[brackets]*") == ["with[brackets]*"]
    assert butler.collections.query("odd/_____%*") == []


def test_names_of_sql_are_names_of_dataset_types(world: World) -> None:
    butler = world.butler(run=RUN_A)
    for name in ("select", "TABLE", "dataset", "collection", "order", "run", "ingest_date"):
        kind = DatasetType(name, ["visit"], "StructuredDataDict", universe=butler.dimensions)
        butler.registry.registerDatasetType(kind)
        ref = butler.put({"a": name}, name, instrument="HSC", visit=903334)
        assert butler.query_datasets(name, order_by=[f"{name}.ingest_date", "visit"]) == [ref]
        assert butler.get(name, instrument="HSC", visit=903334) == {"a": name}


@pytest.mark.parametrize("name", ["lone \udc80 surrogate", "nul \0 character"])
def test_what_a_database_cannot_hold_is_refused_or_kept(world: World, name: str) -> None:
    butler = world.butler()
    if "\0" in name:
        butler.collections.register(name)
        assert name in world.butler(writeable=False).collections.query()
        return
    with world.refuses(ValueError, "surrogate"):
        butler.collections.register(name)
    with world.refuses(ValueError, "surrogate"):
        butler.registry.insertDimensionData(
            "detector", {"instrument": "HSC", "id": 5, "full_name": name}
        )
