"""Datasets that are taken over from another repository, and files that are where they should be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

import butler_core
from butler_core import (
    Butler,
    ConflictingDefinitionError,
    DatasetType,
    FileDataset,
    InconsistentUniverseError,
)
from butler_core.repository_check import missing_files, orphaned_files
from butler_core.transfer_sources import OtherSource, source_of

from .core_world import RUN_A, World, insert_dimensions


class PublicOnly:
    """A Butler of which nothing but its public API can be seen."""

    def __init__(self, butler: Butler) -> None:
        self._hidden = butler

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._hidden, name)


@pytest.fixture
def target(tmp_path: Path) -> Any:
    """Make an empty repository."""
    Butler.makeRepo(tmp_path / "target")
    with Butler(tmp_path / "target", writeable=True) as butler:
        yield butler


def test_any_butler_with_the_public_api_is_a_source(
    world: World, target: Butler, tmp_path: Path
) -> None:
    butler = world.butler(run=RUN_A)
    refs = [butler.put({"n": n}, "bias", instrument="HSC", detector=n) for n in (23, 100)]
    shared = tmp_path / "shared.yaml"
    shared.write_text("{x: 1}")
    stats = list(butler.registry.queryDatasets("stats", collections=RUN_A))[:2]
    butler.ingest(FileDataset(shared, stats), transfer="copy")
    other = PublicOnly(butler)
    assert isinstance(source_of(other, target.dimensions, target.datastore), OtherSource)
    given = [*refs, *stats, *butler.registry.queryDatasets("bias", collections="HSC/runs/b")]
    how = {"register_dataset_types": True, "transfer_dimensions": True}
    got = target.transfer_from(other, given, "copy", **how)
    assert {ref.id for ref in got} == {ref.id for ref in (*refs, *stats)}
    assert [target.get(ref) for ref in refs] == [{"n": 23}, {"n": 100}]
    assert [target.get(ref) for ref in stats] == [{"x": 1}, {"x": 1}]
    assert target.query_dimension_records("visit")[0].region is not None
    assert len(target.transfer_from(other, given, "copy")) == 4


def test_a_butler_of_another_universe_is_a_source_where_dimensions_agree(
    world: World, tmp_path: Path
) -> None:
    config = Path(butler_core.__file__).parent / "configs" / "dimensions.yaml"
    dimensions = yaml.safe_load(config.read_text("utf-8"))
    dimensions["version"] = 99
    Butler.makeRepo(tmp_path / "other", dimensionConfig=dimensions)
    butler = world.butler(run=RUN_A)
    (ref,) = [butler.put({"n": 1}, "bias", instrument="HSC", detector=23)]
    with Butler(tmp_path / "other", writeable=True) as other:
        insert_dimensions(other)
        (got,) = other.transfer_from(
            butler, [ref], register_dataset_types=True, transfer_dimensions=True
        )
        assert got.id == ref.id
        assert other.get(other.get_dataset(ref.id)) == {"n": 1}  # type: ignore[arg-type]
        flat = DatasetType("flat", ["detector"], "StructuredDataDict", universe=other.dimensions)
        other.registry.registerDatasetType(flat)
        (back,) = [other.put({"n": 2}, flat, instrument="HSC", detector=22, run=RUN_A)]
        butler.transfer_from(other, [back], register_dataset_types=True)
        assert butler.get("flat", instrument="HSC", detector=22, collections=RUN_A) == {"n": 2}
    dimensions["namespace"] = "elsewhere"
    Butler.makeRepo(tmp_path / "elsewhere", dimensionConfig=dimensions)
    with (
        Butler(tmp_path / "elsewhere", writeable=True) as elsewhere,
        pytest.raises(InconsistentUniverseError, match="of universe daf_butler 8; in elsewhere 99"),
    ):
        elsewhere.transfer_from(butler, [ref], register_dataset_types=True)


def test_a_file_is_not_put_over_that_of_another_dataset(world: World, target: Butler) -> None:
    butler = world.butler(run=RUN_A)
    ref = butler.put({"n": 1}, "bias", instrument="HSC", detector=23)
    how = {"register_dataset_types": True, "transfer_dimensions": True}
    target.transfer_from(butler, [ref], skip_missing=False, dry_run=True)
    place = Path(butler.getURI(ref).ospath).relative_to(world.root)
    mine = target.datastore.root / place
    mine.parent.mkdir(parents=True)
    mine.write_text("{n: 0}")
    target.transfer_dimension_records_from(butler, [ref])
    note = DatasetType("note", ["detector"], "StructuredDataDict", universe=target.dimensions)
    other = butler_core.DatasetRef(note, ref.dataId, "mine")
    target.ingest(FileDataset(mine, other), transfer=None)
    with pytest.raises(ConflictingDefinitionError, match=f"place of dataset {other.id}"):
        target.transfer_from(butler, [ref], "copy", **how)
    assert mine.read_text() == "{n: 0}"
    assert target.collections.query("*") == ["mine"]


def test_what_is_missing_and_what_is_orphaned_is_found(world: World, tmp_path: Path) -> None:
    butler = world.butler(run=RUN_A)
    refs = [butler.put({}, "bias", instrument="HSC", detector=n) for n in (23, 100)]
    direct, shared = tmp_path / "direct.yaml", tmp_path / "shared.yaml"
    for path in (direct, shared):
        path.write_text("{}")
    stats = list(butler.registry.queryDatasets("stats", collections=RUN_A))[:3]
    butler.ingest(FileDataset(direct, stats[0]), transfer="direct")
    butler.ingest(FileDataset(shared, stats[1:]), transfer="copy")
    assert list(missing_files(butler)) == []
    assert list(orphaned_files(butler)) == []
    direct.unlink()
    gone = [refs[0], stats[1]]
    paths = [Path(butler.getURI(ref).ospath) for ref in gone]
    for path in paths:
        path.unlink()
    stray = world.root / "HSC" / ".writing-1.yaml"
    stray.write_text("{")
    (world.root / "notes.txt").write_text("mine")
    os.symlink("nowhere", world.root / "link")  # noqa: PTH211
    assert [one.dataset_id for one in missing_files(butler) if "://" in one.path] == [stats[0].id]
    assert {one.path for one in missing_files(butler)} == {
        direct.as_uri(),
        *(path.relative_to(world.root).as_posix() for path in paths),
    }
    assert {one.dataset_id for one in missing_files(butler)} == {
        refs[0].id,
        *(ref.id for ref in stats),
    }
    assert sorted(orphaned_files(butler)) == ["HSC/.writing-1.yaml", "notes.txt"]
