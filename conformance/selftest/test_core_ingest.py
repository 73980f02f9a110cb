"""Files that are ingested: on the disk before their rows, and as they were after a failure."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    ConflictingDefinitionError,
    DataCoordinate,
    DatasetRef,
    DatasetWriteError,
    FileDataset,
)
from butler_core.datastore import FileURI, ingesting, syncing
from butler_core.datastore.formatters.yaml import YamlFormatter
from butler_core.registry.file_records import DatabaseFileRecords

from .core_world import RUN_A, World

NEW = "new/run"


def source(world: World, name: str = "1.yaml", text: str = "{n: 1}") -> Path:
    """Write a file beside the repository."""
    path = world.root.parent / "incoming" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def ref(butler: Butler, detector: int = 23, run: str = NEW) -> DatasetRef:
    """Return a bias that the registry does not have."""
    kind = butler.get_dataset_type("bias")
    data_id = {"instrument": "HSC", "detector": detector}
    return DatasetRef(kind, DataCoordinate.standardize(data_id, dimensions=kind.dimensions), run)


def made(world: World) -> list[str]:
    """Return the files and folders that were made for the run."""
    return sorted(path.relative_to(world.root).as_posix() for path in world.root.glob("new/**/*"))


def test_a_file_is_synced_before_it_has_its_name_and_both_before_the_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noted(owner: Any, name: str, what: Callable[..., str]) -> None:
        original = getattr(owner, name)

        def call(*arguments: Any) -> Any:
            done.append(what(*arguments))
            return original(*arguments)

        monkeypatch.setattr(owner, name, call)

    noted(syncing, "sync_file", lambda path: f"sync {'folder' if Path(path).is_dir() else 'file'}")
    noted(os, "replace", lambda *paths: "name")
    noted(DatabaseFileRecords, "insert", lambda *arguments: "rows")
    butler = world.butler()
    new = ref(butler, run=RUN_A)
    butler.ingest(FileDataset(source(world), new), transfer="copy")
    assert done[:2] == ["sync file", "name"]
    assert set(done[2:-1]) == {"sync folder"}
    assert done[-1] == "rows"


def test_many_files_are_synced_with_their_file_system(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(syncing, "_MANY", 2)

    def sync(path: str) -> bool:
        synced.append(path)
        return True

    monkeypatch.setattr(syncing, "_sync_filesystem", sync)
    monkeypatch.setattr(syncing, "sync_file", synced.append)
    butler = world.butler()
    files = [FileDataset(source(world, f"{n}.yaml"), ref(butler, n)) for n in (22, 23)]
    butler.ingest(*files, transfer="copy")
    assert len([path for path in synced if ".writing-" in path]) == 1
    monkeypatch.undo()
    assert syncing._sync_filesystem(str(world.root)) in (True, False)


@pytest.mark.parametrize("mode", ["copy", "move"])
def test_a_full_disk_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    butler = world.butler()
    path = source(world)

    def fill(origin: str, name: str) -> None:
        Path(name).write_text("{n")
        raise OSError(errno.ENOSPC, "No space left on device")

    def refuse(*arguments: Any) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(shutil, "copy", fill)
    monkeypatch.setattr(os, "link", refuse)
    with world.refuses(DatasetWriteError, "No space left"):
        butler.ingest(FileDataset(path, ref(butler)), transfer=mode)
    assert made(world) == []
    assert path.read_text() == "{n: 1}"


def test_a_file_is_moved_to_another_file_system_by_a_copy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    butler = world.butler()
    path, new = source(world), ref(butler)
    butler.ingest(FileDataset(path, new), transfer="move")
    assert butler.get(new) == {"n": 1}
    assert not path.exists()


def test_a_failure_in_a_later_batch_undoes_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "_TOGETHER", 1)
    butler = world.butler()
    first, second = source(world, "1.yaml"), source(world, "2.yaml")
    files = [
        FileDataset(first, ref(butler, 22)),
        FileDataset(second, ref(butler, 23)),
        FileDataset(first.with_name("3.yaml"), ref(butler, 100)),
    ]
    with world.refuses(FileNotFoundError, "3.yaml"):
        butler.ingest(*files, transfer="move")
    assert made(world) == []
    assert first.exists()
    assert second.exists()


def test_a_moved_file_stays_until_the_outermost_transaction_commits(world: World) -> None:
    butler = world.butler()
    path = source(world)
    with butler.transaction():
        butler.ingest(FileDataset(path, ref(butler)), transfer="move")
        assert path.exists()
    assert not path.exists()


def test_a_source_that_cannot_be_removed_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    butler = world.butler()
    path, new = source(world), ref(butler)
    monkeypatch.setattr(os, "access", lambda *arguments: False)
    with world.refuses(DatasetWriteError, "incoming is not writeable"):
        butler.ingest(FileDataset(path, new), transfer="move")
    monkeypatch.undo()
    remove = os.unlink

    def refuse(name: str) -> None:
        if name == str(path):
            raise PermissionError(errno.EACCES, "Permission denied")
        remove(name)

    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.warns(UserWarning, match="was ingested, but cannot be removed: Permission denied"):
        butler.ingest(FileDataset(path, new), transfer="move")
    assert butler.get(new) == {"n": 1}


def test_the_file_of_another_dataset_is_not_moved_away(world: World) -> None:
    butler = world.butler()
    first = ref(butler, 22)
    butler.ingest(FileDataset(source(world), first), transfer="copy")
    with world.refuses(ConflictingDefinitionError, f"file of dataset {first.id}"):
        butler.ingest(FileDataset(butler.getURI(first), ref(butler, 23)), transfer="move")
    butler.ingest(FileDataset(butler.getURI(first), ref(butler, 23)), transfer="copy")


def test_what_a_killed_process_left_is_replaced(world: World) -> None:
    butler = world.butler()
    new = ref(butler)
    left = Path(butler.getURI(new, predict=True).ospath)
    left.parent.mkdir(parents=True)
    left.write_text("{n")
    butler.ingest(FileDataset(source(world), new), transfer="hardlink")
    assert butler.get(new) == {"n": 1}


def test_a_file_that_may_come_back_keeps_its_place(world: World) -> None:
    butler = world.butler()
    old = ref(butler)
    butler.ingest(FileDataset(source(world, text="{n: 0}"), old), transfer="copy")

    def replace() -> None:
        with butler.transaction():
            butler.pruneDatasets([old], disassociate=True, unstore=True, purge=True)
            new = ref(butler)
            butler.ingest(FileDataset(source(world), new), transfer="copy")
            assert butler.get(new) == {"n": 1}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replace()
    assert butler.get(old) == {"n": 0}
    assert len([path for path in made(world) if path.endswith(".yaml")]) == 1


def test_a_file_of_which_one_dataset_is_stored_is_refused(world: World) -> None:
    butler = world.butler()
    first, second = ref(butler, 22), ref(butler, 23)
    path = source(world)
    butler.ingest(FileDataset(path, first), transfer="copy")
    both = FileDataset(path, [first, second])
    with world.refuses(ConflictingDefinitionError, "stored already"):
        butler.ingest(both, transfer="copy", skip_existing=True)


def test_a_dataset_is_not_in_two_files(world: World) -> None:
    butler = world.butler()
    new = ref(butler)
    files = [FileDataset(source(world, name), new) for name in ("1.yaml", "2.yaml")]
    with world.refuses(ConflictingDefinitionError, "with two files"):
        butler.ingest(*files, transfer="copy", skip_existing=True)


class TextFormatter(YamlFormatter):
    """Reads YAML from files that say they are texts."""

    extension = ".txt"


def test_a_formatter_of_ones_own_is_given_by_its_class(world: World) -> None:
    butler = world.butler()
    new = ref(butler)
    given = FileDataset(source(world, "1.txt"), new, formatter=TextFormatter)
    butler.ingest(given, transfer="copy")
    assert butler.get(new) == {"n": 1}
    assert given.formatter == f"{__name__}.TextFormatter"
    assert FileURI(Path("a/b.fits.gz")).getExtension() == ".fits.gz"


@pytest.mark.parametrize("given", ["relative", "uri", "path"])
def test_a_file_is_named_in_several_ways(world: World, given: str) -> None:
    butler = world.butler()
    path = world.root / "incoming x" / "1.yaml"
    path.parent.mkdir()
    path.write_text("{n: 1}")
    names: Mapping[str, Any] = {
        "relative": "incoming x/./1.yaml",
        "uri": path.as_uri(),
        "path": FileURI(path),
    }
    new = ref(butler)
    butler.ingest(FileDataset(names[given], new), transfer=None)
    assert butler.getURI(new).ospath == str(path)
    with world.refuses(DatasetWriteError, "leads out of it"):
        butler.ingest(FileDataset("../1.yaml", ref(butler, 22)), transfer="copy")
    with world.refuses(NotImplementedError, "https://a/1.yaml"):
        butler.ingest(FileDataset("https://a/1.yaml", ref(butler, 22)), transfer="direct")


CHILD = """
import os, signal, sys
from butler_core import Butler, DatasetRef, FileDataset
from butler_core.datastore import placing
from butler_core.registry.file_records import DatabaseFileRecords

def die(*arguments, **keywords):
    os.kill(os.getpid(), signal.SIGKILL)

root, path, moment = sys.argv[1:]
owner, name = {
    "staged": (placing.os, "replace"),
    "placed": (DatabaseFileRecords, "insert"),
    "committed": (placing.PlacedFiles, "remove_sources"),
}[moment]
setattr(owner, name, die)
butler = Butler(root, writeable=True)
kind = butler.get_dataset_type("bias")
new = DatasetRef(kind, {"instrument": "HSC", "detector": 23}, "new/run")
butler.ingest(FileDataset(path, new), transfer="move")
"""


@pytest.mark.parametrize("moment", ["staged", "placed", "committed"])
def test_a_process_that_is_killed_loses_nothing(world: World, moment: str) -> None:
    path = source(world)
    command = [sys.executable, "-c", CHILD, str(world.root), str(path), moment]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert path.read_text() == "{n: 1}"
    butler = world.butler()
    found = butler.registry.findDataset(
        "bias", instrument="HSC", detector=23, collections=butler.collections.query("new*")
    )
    if moment == "committed":
        assert found is not None
        assert butler.get(found) == {"n": 1}
        return
    assert found is None
    new = ref(butler)
    butler.ingest(FileDataset(path, new), transfer="move")
    assert butler.get(new) == {"n": 1}
    shutil.rmtree(path.parent)
    assert os.listdir(world.root / "new")  # noqa: PTH208
