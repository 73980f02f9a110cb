"""The attributes of a repository: which managers wrote it, and its dimensions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    DatasetType,
    DimensionUniverse,
    IncompatibleVersionError,
    ManagerMismatchError,
    RepositoryError,
)

from .core_world import RUN_A, World

MANAGERS = "config:registry.managers"
ATTRIBUTES = "lsst.daf.butler.registry.attributes.DefaultButlerAttributeManager"
DIMENSIONS = "lsst.daf.butler.registry.dimensions.static.StaticDimensionRecordStorageManager"
COLLECTIONS = "lsst.daf.butler.registry.collections.synthIntKey.SynthIntKeyCollectionManager"
DATASETS = (
    "lsst.daf.butler.registry.datasets.byDimensions._manager"
    ".ByDimensionsDatasetRecordStorageManagerUUID"
)
OPAQUE = "lsst.daf.butler.registry.opaque.ByNameOpaqueTableStorageManager"
DATASTORES = "lsst.daf.butler.registry.bridge.monolithic.MonolithicDatastoreRegistryBridgeManager"


def test_they_are_those_of_the_format(world: World) -> None:
    rows: dict[str, str] = dict(world.rows("SELECT name, value FROM butler_attributes"))
    universe = json.loads(rows.pop("config:dimensions.json"))
    assert (universe["version"], universe["namespace"]) == (8, "daf_butler")
    assert rows == {
        f"{MANAGERS}.attributes": ATTRIBUTES,
        f"{MANAGERS}.dimensions": DIMENSIONS,
        f"{MANAGERS}.collections": COLLECTIONS,
        f"{MANAGERS}.datasets": DATASETS,
        f"{MANAGERS}.opaque": OPAQUE,
        f"{MANAGERS}.datastores": DATASTORES,
        f"version:{ATTRIBUTES}": "1.0.1",
        f"version:{DIMENSIONS}": "6.0.2",
        f"version:{COLLECTIONS}": "2.0.0",
        f"version:{DATASETS}": "2.0.0",
        f"version:{OPAQUE}": "0.2.0",
        f"version:{DATASTORES}": "0.2.1",
    }


@pytest.mark.parametrize(
    ("manager", "version"),
    [
        (DIMENSIONS, "7.0.0"),
        (DIMENSIONS, "5.0.0"),
        (DIMENSIONS, "6.1.0"),
        (DATASETS, "1.0.0"),
        (COLLECTIONS, "3.0.0"),
        (DATASTORES, "0.3.0"),
        (ATTRIBUTES, "1.1.1"),
        (OPAQUE, "nonsense"),
    ],
)
def test_another_version_is_refused(world: World, manager: str, version: str) -> None:
    world.write(
        "UPDATE butler_attributes SET value = ? WHERE name = ?", version, f"version:{manager}"
    )
    for writeable in (False, True):
        with world.refuses(IncompatibleVersionError, version, manager):
            world.butler(writeable=writeable)


@pytest.mark.parametrize(
    ("manager", "version"), [(DIMENSIONS, "6.0.9"), (ATTRIBUTES, "1.0.0"), (OPAQUE, "0.2.5")]
)
def test_a_version_that_can_be_read_opens(world: World, manager: str, version: str) -> None:
    world.write(
        "UPDATE butler_attributes SET value = ? WHERE name = ?", version, f"version:{manager}"
    )
    assert RUN_A in world.butler().collections.query()


def test_an_earlier_minor_version_is_read_and_not_written(world: World) -> None:
    world.write("UPDATE butler_attributes SET value = '0.1.5' WHERE name = ?", f"version:{OPAQUE}")
    assert RUN_A in world.butler(writeable=False).collections.query()
    with world.refuses(IncompatibleVersionError, "0.1.5", "writeable=True", OPAQUE):
        world.butler(writeable=True)


def test_a_missing_version_is_refused(world: World) -> None:
    world.write("DELETE FROM butler_attributes WHERE name = ?", f"version:{OPAQUE}")
    with world.refuses(IncompatibleVersionError, OPAQUE):
        world.butler()


def test_another_class_is_refused(world: World) -> None:
    other = "lsst.daf.butler.registry.collections.nameKey.NameKeyCollectionManager"
    world.write(
        "UPDATE butler_attributes SET value = ? WHERE name = ?", other, f"{MANAGERS}.collections"
    )
    with world.refuses(ManagerMismatchError, other, COLLECTIONS):
        world.butler()
    text = (world.root / "butler.yaml").read_text()
    (world.root / "butler.yaml").write_text(text.replace(COLLECTIONS, other))
    with world.refuses(ManagerMismatchError, other, COLLECTIONS):
        world.butler()


@pytest.mark.parametrize(
    ("name", "fragment"),
    [("config:dimensions.json", "dimensions.json"), (f"{MANAGERS}.opaque", "opaque")],
)
def test_a_missing_attribute_is_named(world: World, name: str, fragment: str) -> None:
    world.write("DELETE FROM butler_attributes WHERE name = ?", name)
    with world.refuses(RepositoryError, fragment):
        world.butler()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": 8}'])
def test_dimensions_that_cannot_be_read_are_named(world: World, text: str) -> None:
    world.write(
        "UPDATE butler_attributes SET value = ? WHERE name = 'config:dimensions.json'", text
    )
    with world.refuses(RepositoryError, "dimensions.json"):
        world.butler()


def test_further_attributes_are_accepted(world: World) -> None:
    world.write("INSERT INTO butler_attributes VALUES ('made by', 'somebody else')")
    assert RUN_A in world.butler().collections.query()


def test_the_short_names_of_butler_yaml_are_accepted(world: World) -> None:
    text = (world.root / "butler.yaml").read_text()
    assert DATASETS.replace("._manager", "") in text
    (world.root / "butler.yaml").write_text(
        text.replace(DATASETS.replace("._manager", ""), DATASETS)
    )
    assert RUN_A in world.butler().collections.query()


@pytest.mark.parametrize("wrong", ["a text", {"datasets": {"cls": DATASETS}}])
def test_managers_that_are_no_names_are_refused(world: World, wrong: Any) -> None:
    from butler_core import ButlerConfig, ButlerConfigError

    config = ButlerConfig(world.root)
    values: dict[str, Any] = {key: config.get(key) for key in ("datastore", "registry")}
    values["registry"] = {**values["registry"], "managers": wrong}
    with world.refuses(ButlerConfigError, "registry.managers"):
        Butler(ButlerConfig(values, root=world.root))


def older_universe() -> dict[str, Any]:
    """Return a universe of another version, in which visits know a telescope's mood."""
    config: dict[str, Any] = json.loads(DimensionUniverse().to_json())
    config["version"] = 5
    config["elements"]["visit"]["metadata"].append({"name": "mood", "type": "string", "length": 8})
    del config["elements"]["ssp_hypothesis_table"]
    del config["elements"]["ssp_hypothesis_bundle"]
    del config["elements"]["ssp_balanced_index"]
    return config


def as_mapping(config: dict[str, Any], folder: Path) -> Any:
    return config


def as_file(config: dict[str, Any], folder: Path) -> Any:
    file = folder / "dimensions.yaml"
    file.write_text(json.dumps(config))  # JSON is YAML
    return file


@pytest.mark.parametrize("given", [as_mapping, as_file])
def test_another_universe_opens(
    tmp_path: Path, given: Callable[[dict[str, Any], Path], Any]
) -> None:
    root = tmp_path / "old"
    Butler.makeRepo(root, dimensionConfig=given(older_universe(), tmp_path))
    with Butler(root, run="r") as butler:
        assert butler.dimensions.version == 5
        assert "ssp_balanced_index" not in butler.dimensions
        limits = {"visit_max": 9, "exposure_max": 9, "detector_max": 9, "class_name": "a.b"}
        insert = butler.registry.insertDimensionData
        insert("instrument", {"name": "HSC", **limits})
        insert("physical_filter", {"instrument": "HSC", "name": "R", "band": "r"})
        insert("day_obs", {"instrument": "HSC", "id": 1})
        insert(
            "visit",
            {"instrument": "HSC", "id": 1, "name": "v", "physical_filter": "R", "day_obs": 1}
            | {"mood": "bright"},
        )
        (record,) = butler.query_dimension_records("visit")
        assert record.mood == "bright"
        butler.registry.registerDatasetType(
            DatasetType("d", ["visit"], "StructuredDataDict", universe=butler.dimensions)
        )
        butler.put({"a": 1}, "d", instrument="HSC", visit=1)
    with Butler(root, collections="r") as butler:
        assert butler.dimensions.version == 5
        assert butler.get("d", instrument="HSC", visit=1) == {"a": 1}
