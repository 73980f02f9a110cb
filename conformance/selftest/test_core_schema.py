"""The tables of the format: their number, columns, constraints and indexes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from butler_core import Butler, DatasetType

from .core_world import World

COLUMNS = {
    "butler_attributes": 2,
    "collection": 4,
    "collection_chain": 3,
    "collection_summary_dataset_type": 2,
    "collection_summary_instrument": 2,
    "collection_summary_skymap": 2,
    "dataset": 4,
    "dataset_location": 2,
    "dataset_location_trash": 2,
    "dataset_type": 6,
    "day_obs": 4,
    "detector": 6,
    "dimension_graph_definition": 2,
    "dimension_graph_key": 1,
    "exposure": 24,
    "file_datastore_records": 7,
    "group": 2,
    "instrument": 6,
    "opaque_meta": 1,
    "patch": 6,
    "patch_skypix_overlap": 6,
    "patch_skypix_overlap_summary": 3,
    "patch_visit_detector_region_overlap": 6,
    "patch_visit_detector_region_overlap_summary": 2,
    "patch_visit_overlap": 5,
    "patch_visit_overlap_summary": 2,
    "physical_filter": 3,
    "run": 4,
    "skymap": 5,
    "ssp_balanced_index": 2,
    "ssp_hypothesis_bundle": 2,
    "ssp_hypothesis_table": 1,
    "subfilter": 2,
    "tract": 3,
    "tract_skypix_overlap": 5,
    "tract_skypix_overlap_summary": 3,
    "tract_visit_detector_region_overlap": 5,
    "tract_visit_detector_region_overlap_summary": 2,
    "tract_visit_overlap": 4,
    "tract_visit_overlap_summary": 2,
    "visit": 15,
    "visit_definition": 3,
    "visit_detector_region": 4,
    "visit_detector_region_skypix_overlap": 6,
    "visit_detector_region_skypix_overlap_summary": 3,
    "visit_skypix_overlap": 5,
    "visit_skypix_overlap_summary": 3,
    "visit_system": 3,
    "visit_system_membership": 3,
}
"""The number of columns of each table that a fresh repository has."""

TAGS_COLUMNS = ["dataset_type_id", "dataset_id", "collection_id"]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    root = tmp_path_factory.mktemp("fresh")
    Butler.makeRepo(root)
    return _memory(root / "gen3.sqlite3")


def _memory(path: Path) -> sqlite3.Connection:
    """Return a copy in memory, which needs no closing in time."""
    disk, memory = sqlite3.connect(path), sqlite3.connect(":memory:")
    disk.backup(memory)
    disk.close()
    return memory


@pytest.fixture(autouse=True, scope="module")
def _closed(fresh: sqlite3.Connection) -> object:
    yield
    fresh.close()


def columns(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, int]]:
    """Return type and NOT NULL of each column."""
    rows = connection.execute(f'PRAGMA table_info("{table}")')
    return {name: (kind, not_null) for _, name, kind, not_null, _, _ in rows}


def sql(connection: sqlite3.Connection, name: str) -> str:
    (text,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return " ".join(str(text).split())


def indexes(connection: sqlite3.Connection, table: str) -> set[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOTNULL",
        (table,),
    )
    return {row[0] for row in rows}


def test_a_fresh_repository_has_the_49_tables(fresh: sqlite3.Connection) -> None:
    names = [
        row[0]
        for row in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
    ]
    assert len(COLUMNS) == 49
    assert names == sorted(COLUMNS)
    assert {name: len(columns(fresh, name)) for name in names} == COLUMNS
    pragma = {name: fresh.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version",)}
    assert pragma == {"user_version": 0}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "visit",
            {
                "instrument": ("VARCHAR(32)", 1),
                "id": ("BIGINT", 1),
                "physical_filter": ("VARCHAR(32)", 1),
                "name": ("TEXT", 0),
                "exposure_time": ("FLOAT", 0),
                "region": ("TEXT", 0),
                "timespan_begin": ("BIGINT", 0),
                "timespan_end": ("BIGINT", 0),
            },
        ),
        (
            "collection",
            {"name": ("TEXT", 1), "type": ("SMALLINT", 1), "doc": ("TEXT", 0)},
        ),
        (
            "dataset",
            {"id": ("CHAR(32)", 1), "ingest_date": ("BIGINT", 1), "run_id": ("BIGINT", 1)},
        ),
        ("exposure", {"can_see_sky": ("BOOLEAN", 0), "has_simulated": ("BOOLEAN", 0)}),
        ("skymap", {"hash": ("TEXT", 0)}),
    ],
)
def test_columns_have_the_types_of_the_format(
    fresh: sqlite3.Connection, table: str, expected: dict[str, tuple[str, int]]
) -> None:
    found = columns(fresh, table)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (
            "visit",
            [
                "CONSTRAINT visit_len_instrument CHECK",
                "CONSTRAINT visit_unq_instrument_name UNIQUE",
                "CONSTRAINT fkey_visit_instrument_name_instrument FOREIGN KEY",
            ],
        ),
        ("collection", ["CONSTRAINT collection_unq_name UNIQUE"]),
        ("detector", ["CONSTRAINT detector_unq_instrument_full_name UNIQUE"]),
        ("exposure", ["CONSTRAINT exposure_unq_instrument_obs_id UNIQUE"]),
        (
            "run",
            ["CONSTRAINT fkey_run_collection_collection_id_collection_id FOREIGN KEY"],
        ),
    ],
)
def test_constraints_have_the_names_of_the_format(
    fresh: sqlite3.Connection, table: str, names: list[str]
) -> None:
    text = sql(fresh, table)
    for name in names:
        assert name in text


def test_indexes_have_the_names_of_the_format(fresh: sqlite3.Connection) -> None:
    assert indexes(fresh, "visit") == {
        "visit_fkidx_instrument",
        "visit_fkidx_instrument_day_obs",
        "visit_fkidx_instrument_physical_filter",
    }
    assert indexes(fresh, "file_datastore_records") == {"file_datastore_records_idx_path"}
    assert (
        "visit_skypix_overlap_idx_skypix_system_skypix_level_skypix_index_instrument_visit"
        in indexes(fresh, "visit_skypix_overlap")
    )


def test_every_foreign_key_refers_to_what_exists(fresh: sqlite3.Connection) -> None:
    for table in COLUMNS:
        for row in fresh.execute(f'PRAGMA foreign_key_list("{table}")'):
            target, source, column = row[2], row[3], row[4]
            assert source in columns(fresh, table)
            assert column is None or column in columns(fresh, target), (table, row)
    assert fresh.execute("PRAGMA foreign_key_check").fetchall() == []


def test_tables_of_memberships_come_with_the_first_type(world: World) -> None:
    before = {row[0] for row in world.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    butler = world.butler()
    types = [
        DatasetType("one", ["tract", "band"], "StructuredDataDict", universe=butler.dimensions),
        DatasetType(
            "two",
            ["tract", "band"],
            "StructuredDataDict",
            universe=butler.dimensions,
            isCalibration=True,
        ),
    ]
    made = []
    for dataset_type in types:
        butler.registry.registerDatasetType(dataset_type)
        now = {row[0] for row in world.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        made.append(now - before)
        before = now
    (tags,), (calibs,) = made
    assert tags.startswith("dataset_tags_0000")
    assert calibs == tags.replace("tags", "calibs")
    with _memory(world.database) as connection:
        dimensions = ["band", "skymap", "tract"]
        assert list(columns(connection, tags)) == [*TAGS_COLUMNS, *dimensions]
        assert list(columns(connection, calibs)) == [
            "id",
            *TAGS_COLUMNS,
            *dimensions,
            "timespan_begin",
            "timespan_end",
        ]
        unique = f"CONSTRAINT {tags}_unq_dataset_type_id_collection_id_band_skymap_tract UNIQUE"
        assert unique in sql(connection, tags)
        assert f"{tags}_fkidx_skymap_tract" in indexes(connection, tags)
        assert f"{tags}_fkidx_collection_id_skymap" in indexes(connection, tags)
        assert "UNIQUE" not in sql(connection, calibs)
    connection.close()


def test_each_set_of_dimensions_has_one_integer(world: World) -> None:
    rows = world.rows(
        "SELECT name, dimensions_key, tag_association_table FROM dataset_type ORDER BY name"
    )
    keys = {name: (key, table) for name, key, table in rows}
    assert keys["stats"] == keys["calexp"] != keys["summary"]
    assert keys["notes"] == (0, "dataset_tags_00000000")
    names = world.rows(
        "SELECT dimension_name FROM dimension_graph_definition WHERE dimension_graph_id = ?"
        " ORDER BY 1",
        keys["stats"][0],
    )
    assert names == [("detector",), ("instrument",), ("visit",)]
