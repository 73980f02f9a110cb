"""Files that the two take in and hand out: the same rows, the same index, each from the other."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import butler_core
from conformance.selftest.core_world import RUN_A, World

pytestmark = pytest.mark.lsst


def lsst(root: Path, **keywords: Any) -> Any:
    """Open a repository with LSST's Butler, which closes when the context ends."""
    import lsst.daf.butler

    return contextlib.closing(lsst.daf.butler.Butler.from_config(root, **keywords))


def index(folder: Path) -> dict[str, Any]:
    """Return an index, with what is a set in it sorted."""
    found: dict[str, Any] = json.loads((folder / "_butler_zip_index.json").read_text())
    for file in found["artifact_map"].values():
        file["ids"] = sorted(file["ids"])
    for records in (found["refs"]["dimension_records"] or {}).values():
        records.sort(key=repr)
    return found


def test_the_index_of_retrieved_files_is_that_of_lsst(world: World, tmp_path: Path) -> None:
    butler = world.butler(run=RUN_A)
    refs = list(butler.registry.queryDatasets("stats", collections=RUN_A))[:4]
    path = tmp_path / "shared.yaml"
    path.write_text("{x: 1}")
    butler.ingest(butler_core.FileDataset(path, refs[:2]), transfer="copy")
    butler.ingest(butler_core.FileDataset(path, refs[2:3]), transfer="direct")
    ids = [ref.id for ref in refs[:3]]
    mine = [butler.get_dataset(id, dimension_records=True) for id in ids]
    got = butler.retrieveArtifacts([ref for ref in mine if ref], tmp_path / "mine")
    (tmp_path / "theirs").mkdir()
    with lsst(world.root) as other:
        theirs = [other.get_dataset(id, dimension_records=True) for id in ids]
        expected = other.retrieveArtifacts(theirs, str(tmp_path / "theirs"))
    assert index(tmp_path / "mine") == index(tmp_path / "theirs")
    assert sorted(Path(one.ospath).name for one in got) == sorted(
        Path(one.ospath).name for one in expected
    )


@pytest.mark.parametrize("mode", ["copy", "direct", "symlink", None])
def test_a_file_is_recorded_as_lsst_records_it(
    world: World, tmp_path: Path, mode: str | None
) -> None:
    import lsst.daf.butler

    other = Path(shutil.copytree(world.root, tmp_path / "other"))
    rows = []
    for root, api in ((world.root, butler_core), (other, lsst.daf.butler)):
        path = (root if mode is None else tmp_path) / "a folder" / "file ü.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{x: 1}")
        with contextlib.closing(api.Butler.from_config(root, writeable=True)) as butler:
            kind = butler.get_dataset_type("bias")
            data_id = {"instrument": "HSC", "detector": 23}
            ref = api.DatasetRef(kind, data_id, run=RUN_A)
            butler.ingest(api.FileDataset(str(path), [ref]), transfer=mode)
        with contextlib.closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
            columns = "path, formatter, storage_class, component, checksum, file_size"
            found = database.execute(f"SELECT {columns} FROM file_datastore_records").fetchall()
        rows.append(found)
        for one in (butler_core, lsst.daf.butler):
            with contextlib.closing(one.Butler.from_config(root)) as reader:
                assert reader.get("bias", data_id, collections=RUN_A) == {"x": 1}
    assert rows[0] == rows[1]


def test_datasets_are_taken_over_from_lsst(world: World, tmp_path: Path) -> None:
    butler_core.Butler.makeRepo(tmp_path / "target")
    butler = world.butler(run=RUN_A)
    for detector in (23, 100):
        butler.put({"n": detector}, "bias", instrument="HSC", detector=detector)
    with (
        lsst(world.root) as source,
        butler_core.Butler(tmp_path / "target", writeable=True) as target,
    ):
        refs = list(source.registry.queryDatasets("bias", collections=RUN_A))
        got = target.transfer_from(
            source, refs, "copy", register_dataset_types=True, transfer_dimensions=True
        )
        assert sorted(target.get(ref)["n"] for ref in got) == [23, 100]
        assert {ref.id for ref in got} < {ref.id for ref in refs}
