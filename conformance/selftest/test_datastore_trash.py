"""Files that go: after the commit, and never those of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from butler_core.datastore import StoredFile, atomic_write

from .datastore_world import World

DATA_ID: dict[str, Any] = {"instrument": "HSC", "visit": 1, "detector": 5}
YAML = "lsst.daf.butler.formatters.yaml.YamlFormatter"


@pytest.fixture
def world(tmp_path: Path) -> World:
    root = tmp_path / "repo"
    root.mkdir()
    return World(root)


def test_a_file_that_was_recorded_by_a_uri_is_not_the_datastores(world: World) -> None:
    path = world.root.parent / "theirs.yaml"
    path.write_text("{}", "utf-8")
    ref = world.ref(**DATA_ID)
    stored = StoredFile(ref.id, path.as_uri(), YAML, "StructuredDataDict", None, None, 2)
    world.records.insert([stored])
    assert world.datastore.get(ref) == {}
    assert world.datastore.exists(ref)
    assert world.datastore.getURI(ref).ospath == str(path)
    world.datastore.trash([ref.id])
    assert path.exists()
    assert not world.datastore.knows(ref)
    assert not world.records.bin


def test_trash_takes_files_and_empty_folders_after_the_commit(world: World) -> None:
    first = world.ref("a", run="x/y", instrument="HSC")
    second = world.ref("b", run="x", instrument="HSC")
    for ref in (first, second):
        world.datastore.put({}, ref)
    with world.records.transaction():
        world.datastore.trash([first.id])
        assert not world.datastore.knows(first)
        assert (world.root / "x/y/a/a_HSC_x_y.yaml").exists()
    assert world.files() == ["x", "x/b", "x/b/b_HSC_x.yaml"]

    def change_my_mind() -> None:
        with world.records.transaction():
            world.datastore.trash([second.id])
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        change_my_mind()
    assert world.datastore.exists(second)
    world.datastore.trash([second.id])
    assert world.files() == []
    assert world.root.is_dir()


def test_a_file_of_two_datasets_stays_for_the_other(world: World) -> None:
    refs = [world.ref(name, run="x", instrument="HSC") for name in ("a", "b")]
    (world.root / "shared.yaml").write_text("{}", "utf-8")
    for ref in refs:
        world.records.insert(
            [StoredFile(ref.id, "shared.yaml", YAML, "StructuredDataDict", None, None, 2)]
        )
    world.datastore.trash([refs[0].id])
    assert world.datastore.get(refs[1]) == {}
    world.datastore.trash([refs[1].id])
    assert world.files() == []


def test_a_folder_that_a_removal_takes_meanwhile_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "run" / "type" / "file"
    turns = []

    def write(temporary: Path) -> None:
        turns.append(temporary)
        if len(turns) < 3:
            atomic_write.remove_empty_directories(temporary.parent, tmp_path)
        temporary.write_text("done", "utf-8")

    atomic_write.write_atomically(path, write)
    assert path.read_text("utf-8") == "done"
    assert len(turns) == 3


def test_a_writer_that_misses_a_file_of_its_own_is_called_once(tmp_path: Path) -> None:
    turns = []

    def write(temporary: Path) -> None:
        turns.append(temporary)
        raise FileNotFoundError("input.fits")

    with pytest.raises(FileNotFoundError, match=r"input\.fits"):
        atomic_write.write_atomically(tmp_path / "run" / "file", write)
    assert len(turns) == 1
    assert list(tmp_path.iterdir()) == []
