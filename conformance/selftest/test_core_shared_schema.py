"""The schema that all repositories of a universe share in a process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from butler_core import Butler, DatasetType
from butler_core.dimensions import DimensionUniverse
from butler_core.registry import schema as schemas
from butler_core.registry.database import Database
from butler_core.registry.schema import Schema, shared_schema
from butler_core.registry.table_builder import TableBuilder


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    shared_schema.cache_clear()
    yield
    shared_schema.cache_clear()


def used(root: Path, *dimensions: str) -> list[Any]:
    """Fill a repository with datasets of some dimensions, and return what is found in it."""
    if not root.exists():
        Butler.makeRepo(root)
    values = {"instrument": "HSC", "detector": 3}
    data_id = {name: values[name] for name in dimensions}
    with Butler(root, writeable=True, run="run") as butler:
        butler.registry.syncDimensionData("instrument", {"name": "HSC"})
        butler.registry.syncDimensionData(
            "detector", {"instrument": "HSC", "id": 3, "full_name": "CCD03"}
        )
        kind = DatasetType("kind", dimensions, "StructuredDataDict", universe=butler.dimensions)
        if butler.registry.registerDatasetType(kind):
            butler.put({"a": 1}, "kind", data_id)
        found = butler.query_datasets("kind")
        assert butler.find_dataset("kind", data_id) == found[0]
        return [dict(ref.dataId.required) for ref in found]


def test_a_name_means_other_dimensions_in_another_repository(tmp_path: Path) -> None:
    for _ in range(3):
        assert used(tmp_path / "by_instrument", "instrument") == [{"instrument": "HSC"}]
        by_detector = used(tmp_path / "by_detector", "instrument", "detector")
        assert by_detector == [{"instrument": "HSC", "detector": 3}]
    for name in ("by_instrument", "by_detector"):
        with Butler(tmp_path / name) as butler:
            (record,) = butler._repository.dataset_types
            assert record.tags_table == "dataset_tags_00000001"


def test_a_second_butler_makes_no_statement_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used(tmp_path / "first", "instrument", "detector")
    used(tmp_path / "first", "instrument", "detector")
    made: list[str] = []
    compile = Database.compile

    def counted(self: Database, statement: Any) -> Any:
        compiled = compile(self, statement)
        made.append(compiled.text)
        return compiled

    monkeypatch.setattr(Database, "compile", counted)
    used(tmp_path / "first", "instrument", "detector")
    # What is written as text is not on tables of the universe.
    assert [text for text in made if "skypix" in text or "dataset_tags" in text] == []


def test_tables_of_memberships_are_forgotten_where_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schemas, "_MOST_MEMBERSHIPS", 3)
    universe = DimensionUniverse()
    schema = Schema(universe)
    static = len(schema.static_tables())
    groups = [universe.conform(names) for names in (["instrument"], ["detector"], ["visit"])]
    for number in range(10):
        for group in groups:
            name = f"dataset_tags_{number:08d}"
            table = schema.tags_table(name, group)
            assert table is schema.tags_table(name, group)
            assert set(group.required) < set(table.c.keys())
    assert len(schema.metadata.tables) <= static + 3
    assert len(schema.static_tables()) == static


def test_threads_make_each_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = Schema(DimensionUniverse())
    start = threading.Barrier(8)
    build = TableBuilder.build

    def slow(self: TableBuilder) -> Any:
        time.sleep(0.01)
        return build(self)

    monkeypatch.setattr(TableBuilder, "build", slow)
    found: list[list[Any]] = []

    def work() -> None:
        start.wait()
        tables = [schema.table(name) for name in ("visit", "detector", "dataset", "collection")]
        group = schema.universe.conform(["visit", "detector"])
        found.append([*tables, schema.tags_table("dataset_tags_00000007", group)])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(a is b for tables in found for a, b in zip(tables, found[0], strict=True))
