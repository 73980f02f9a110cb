"""What one Butler removes is gone for the other, and what it leaves can be used."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import butler_core
from butler_core.datastore.trash import FileTrash

pytestmark = pytest.mark.lsst


def api(name: str) -> Any:
    if name == "butler_core":
        return butler_core
    import lsst.daf.butler

    return lsst.daf.butler


@contextlib.contextmanager
def opened(name: str, root: Path) -> Iterator[Any]:
    with api(name).Butler.from_config(str(root), writeable=True) as butler:
        yield butler


@pytest.fixture(params=["butler_core", "lsst.daf.butler"])
def remover(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["butler_core", "lsst.daf.butler"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Make a repository: runs a and b of four files each, a tag that holds a's, and a chain."""
    name = str(request.param)
    api(name).Butler.makeRepo(str(tmp_path / "repo"))
    with opened(name, tmp_path / "repo") as butler:
        insert = butler.registry.insertDimensionData
        limits = {"visit_max": 9, "exposure_max": 9, "detector_max": 9}
        insert("instrument", {"name": "HSC", "class_name": "a.b", **limits})
        insert("detector", *({"instrument": "HSC", "id": n, "full_name": str(n)} for n in range(4)))
        kind = api(name).DatasetType(
            "stats", ["detector"], "StructuredDataDict", universe=butler.dimensions
        )
        butler.registry.registerDatasetType(kind)
        for run in "ab":
            butler.collections.register(run)
            for detector in range(4):
                data_id = {"instrument": "HSC", "detector": detector}
                butler.put({"run": run, "n": detector}, "stats", data_id, run=run)
        butler.collections.register("tag", api(name).CollectionType.TAGGED)
        butler.registry.associate("tag", butler.registry.queryDatasets("stats", collections="a"))
        butler.collections.register("chain", api(name).CollectionType.CHAINED)
        butler.collections.redefine_chain("chain", ["a", "b"])
    return tmp_path / "repo"


def remove(butler: Any) -> None:
    """Remove something in each way."""
    found = butler.registry.queryDatasets("stats", collections="a")
    refs = sorted(found, key=lambda ref: ref.dataId["detector"])
    butler.pruneDatasets(refs[:1], purge=True, unstore=True)
    butler.pruneDatasets(refs[1:2], tags=["tag"])
    butler.pruneDatasets(refs[2:3], disassociate=False, unstore=True)
    butler.registry.removeDatasets(refs[2:3])
    with butler.transaction():
        butler.pruneDatasets(refs[3:], purge=True, unstore=True)
        butler.put({"n": "new"}, "stats", refs[3].dataId, run="a")
    butler.removeRuns(["b"], unlink_from_chains=True)


def seen(name: str, root: Path) -> dict[str, Any]:
    """Return what a Butler finds in each collection, and its files."""
    with opened(name, root) as butler:
        found: dict[str, Any] = {
            collection: sorted(
                (ref.run, ref.dataId["detector"], butler.exists(ref).name, butler.get(ref)["n"])
                for ref in butler.registry.queryDatasets("stats", collections=collection)
            )
            for collection in butler.collections.query("*")
        }
        found["files"] = len(list(root.rglob("*_HSC_*")))
        return found


def test_both_see_what_one_leaves(root: Path, remover: str) -> None:
    with opened(remover, root) as butler:
        remove(butler)
    left = [("a", 1, "VERIFIED", 1), ("a", 3, "VERIFIED", "new")]
    expected = {"a": left, "chain": left, "tag": [], "files": 2}
    assert seen("lsst.daf.butler", root) == expected
    assert seen("butler_core", root) == expected


def test_each_puts_again_what_the_other_purged(root: Path, remover: str) -> None:
    with opened(remover, root) as butler:
        remove(butler)
    other = {"butler_core": "lsst.daf.butler", "lsst.daf.butler": "butler_core"}[remover]
    with opened(other, root) as butler:
        for detector in (0, 2):
            butler.put({"n": "again"}, "stats", instrument="HSC", detector=detector, run="a")
        butler.removeRuns(["a"], unlink_from_chains=True)
    assert seen(remover, root) == {"chain": [], "tag": [], "files": 0}


def test_lssts_butler_empties_the_trash_that_a_kill_left(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = "SELECT count(*) FROM dataset_location_trash"
    with monkeypatch.context() as patch, opened("butler_core", root) as butler:
        patch.setattr(FileTrash, "empty", lambda self: None)
        butler.pruneDatasets(
            butler.query_datasets("stats", collections="b"), purge=True, unstore=True
        )
    with contextlib.closing(sqlite3.connect(root / "gen3.sqlite3")) as connection:
        assert connection.execute(trash).fetchall() == [(4,)]
        assert seen("lsst.daf.butler", root)["files"] == 8
        with opened("lsst.daf.butler", root) as theirs:
            theirs._datastore.emptyTrash()
        assert connection.execute(trash).fetchall() == [(0,)]
    assert seen("lsst.daf.butler", root)["files"] == 4
