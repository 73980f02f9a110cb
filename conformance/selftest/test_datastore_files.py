"""The datastore: files that appear whole, are read, and go."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from butler_core.datastore import atomic_write
from butler_core.datastore.formatters.whole_file import WholeFileFormatter
from butler_core.datastore.stored_file import StoredFile
from butler_core.errors import (
    ConflictingDefinitionError,
    DatasetReadError,
    DatasetTypeNotSupportedError,
    DatasetWriteError,
    FileTemplateError,
    MissingFileError,
    UnknownComponentError,
    UnknownParameterError,
)

from .datastore_world import World

YAML = "lsst.daf.butler.formatters.yaml.YamlFormatter"
PLACE = "u/me/run_1/stats/20140101/r/HSC_R_2#%é/1/stats_HSC_r_HSC_R_2HASH%é_1_0_05_x_u_me_run_1"
DATA_ID: dict[str, Any] = {"instrument": "HSC", "visit": 1, "detector": 5}


@pytest.fixture
def world(tmp_path: Path) -> World:
    root = tmp_path / "root"
    root.mkdir()
    return World(
        root,
        storage_classes={"Anything": {"pytype": "object", "components": {"part": "int"}}},
        formatters={"Anything": "test.Anything"},
    )


def test_put_and_get(world: World) -> None:
    ref = world.ref(**DATA_ID)
    assert not world.datastore.knows(ref)
    world.datastore.put({"a": [1, 2]}, ref)
    path = world.root / f"{PLACE}.yaml"
    assert path.read_bytes() == b"a:\n- 1\n- 2\n"
    assert world.records.fetch(ref.id) == [
        StoredFile(ref.id, f"{PLACE}.yaml", YAML, "StructuredDataDict", None, None, 11)
    ]
    assert world.datastore.knows(ref)
    assert world.datastore.exists(ref)
    assert world.datastore.get(ref) == {"a": [1, 2]}
    assert list(path.parent.iterdir()) == [path]


def test_where_a_file_is(world: World) -> None:
    ref = world.ref(**DATA_ID)
    with pytest.raises(MissingFileError, match="is not stored in"):
        world.datastore.getURI(ref)
    predicted = world.datastore.getURI(ref, predict=True)
    assert predicted.geturl().endswith(".yaml#predicted")
    world.datastore.put({}, ref)
    uri = world.datastore.getURI(ref)
    assert uri.ospath == str(world.root / f"{PLACE}.yaml") == predicted.ospath == os.fspath(uri)
    assert str(uri).startswith("file:///")
    assert "HSC_R_2%23%25%C3%A9" in uri.geturl()
    assert uri.exists()
    assert uri.read() == b"{}\n"
    assert (uri.size(), uri.getExtension(), uri.scheme) == (3, ".yaml", "file")


class Scripted(WholeFileFormatter):
    """Writes a text, then calls what it is given."""

    extension = ".any"

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        return json.loads(path.read_text("utf-8"))

    def write(self, obj: Any, path: Path) -> None:
        path.write_text('{"part": 3, "whole": "', "utf-8")
        obj(path)


def _raise(error: BaseException) -> Callable[[Path], None]:
    def act(path: Path) -> None:
        raise error

    return act


def test_a_file_has_its_name_only_when_it_is_whole(world: World) -> None:
    world.formatters.register("test.Anything", Scripted)
    ref = world.ref("any", "Anything", run="x", instrument="HSC")
    seen: list[list[str]] = []

    def finish(path: Path) -> None:
        seen.append(world.files())
        with path.open("a", encoding="utf-8") as stream:
            stream.write('yes"}')

    world.datastore.put(finish, ref)
    assert len(seen[0]) == 3
    assert seen[0][:2] == ["x", "x/any"]
    assert seen[0][2].startswith("x/any/.writing-")
    assert world.files() == ["x", "x/any", "x/any/any_HSC_x.any"]
    assert world.datastore.get(ref, component="part") == 3
    assert world.datastore.get(ref.makeComponentRef("part")) == 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("no more"), DatasetWriteError),
        (OSError(errno.ENOSPC, "No space left on device"), DatasetWriteError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failed_write_leaves_nothing(
    world: World, error: BaseException, expected: type[BaseException]
) -> None:
    world.formatters.register("test.Anything", Scripted)
    (world.root / "x").mkdir()
    with pytest.raises(expected) as caught:
        world.datastore.put(_raise(error), world.ref("any", "Anything", "x", instrument="HSC"))
    assert world.files() == ["x"]
    assert not world.records.rows
    if isinstance(error, Exception):
        assert "any@" in str(caught.value)
        assert str(error) in str(caught.value)
        assert "any_HSC_x.any" in str(caught.value)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_failed_sync_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    calls: list[int] = []

    def fail(handle: int) -> None:
        calls.append(handle)
        if len(calls) == count:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        world.datastore.put({}, world.ref(**DATA_ID))
    assert world.files() == []
    assert not world.records.rows


def test_file_and_folders_are_synced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def record(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", record)
    world.datastore.put({}, world.ref("e", run="x", instrument="HSC"))
    places = ("x/e/e_HSC_x.yaml", "x/e", ".", "x")
    assert synced == [(world.root / place).stat().st_ino for place in places]


def test_what_cannot_be_written_names_its_cause(world: World) -> None:
    with pytest.raises(DatasetWriteError, match=r"at \['a'\] is of type object"):
        world.datastore.put({"a": object()}, world.ref(**DATA_ID))
    with pytest.raises(TypeError, match=r"stats@.*type list cannot be used.*StructuredDataDict"):
        world.datastore.put([1], world.ref(**DATA_ID))
    calexp = world.ref("calexp", "ExposureF", **DATA_ID)
    with pytest.raises(DatasetTypeNotSupportedError, match="is a component; put the whole calexp"):
        world.datastore.put(1, calexp.makeComponentRef("wcs"))
    assert world.files() == []


def test_a_rollback_takes_the_file_back(world: World) -> None:
    kept = world.ref("kept", run="x", instrument="HSC")
    world.datastore.put({}, kept)
    before = world.files()
    ref = world.ref("lost", run="x", **DATA_ID)

    def change_my_mind() -> None:
        with world.records.transaction():
            world.datastore.put({}, ref)
            assert world.datastore.exists(ref)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        change_my_mind()
    assert world.files() == before
    assert not world.datastore.knows(ref)
    world.datastore.put({"again": 1}, ref)
    assert world.datastore.get(ref) == {"again": 1}


def test_an_insert_that_fails_takes_the_file_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(files: object) -> None:
        raise RuntimeError("database is gone")

    monkeypatch.setattr(world.records, "insert", fail)
    with pytest.raises(RuntimeError, match="database is gone"):
        world.datastore.put({}, world.ref(**DATA_ID))
    assert world.files() == []


def test_a_left_over_file_is_replaced(world: World) -> None:
    path = world.root / f"{PLACE}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("left: by a killed process", "utf-8")
    ref = world.ref(**DATA_ID)
    world.datastore.put({"new": 1}, ref)
    assert world.datastore.get(ref) == {"new": 1}


def test_the_file_of_another_dataset_is_not_replaced(world: World) -> None:
    first = world.ref("a", run="x y", instrument="HSC")
    second = world.ref("a", run="x_y", instrument="HSC")
    world.datastore.put({"first": 1}, first)
    with pytest.raises(ConflictingDefinitionError, match=f"holds dataset {first.id}"):
        world.datastore.put({"second": 1}, second)
    with pytest.raises(ConflictingDefinitionError, match="is stored already"):
        world.datastore.put({"again": 1}, first)
    assert world.datastore.get(first) == {"first": 1}
    assert not world.datastore.knows(second)


def _writing(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text, "utf-8")

    return write


def test_undo_spares_a_file_that_took_the_place(world: World) -> None:
    path = world.root / "d" / "a.yaml"
    first = atomic_write.write_atomically(path, _writing("first"))
    atomic_write.write_atomically(path, _writing("second"))
    first.undo()
    assert path.read_text("utf-8") == "second"


def test_a_missing_file_is_named(world: World) -> None:
    ref = world.ref(**DATA_ID)
    world.datastore.put({}, ref)
    path = world.root / f"{PLACE}.yaml"
    path.unlink()
    assert world.datastore.knows(ref)
    assert not world.datastore.exists(ref)
    with pytest.raises(FileNotFoundError) as caught:
        world.datastore.get(ref)
    assert isinstance(caught.value, MissingFileError)
    assert str(ref) in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_damaged_file_is_named_with_the_cause(world: World) -> None:
    ref = world.ref(**DATA_ID)
    world.datastore.put({"a": 123}, ref)
    path = world.root / f"{PLACE}.yaml"
    path.write_text("a: [12\n", "utf-8")
    with pytest.raises(DatasetReadError, match="expected ',' or ']'") as caught:
        world.datastore.get(ref)
    assert str(path) in str(caught.value)
    assert str(ref) in str(caught.value)
    path.write_text("a: 1", "utf-8")
    with pytest.raises(DatasetReadError, match="has 4 bytes, not the 7 that were stored"):
        world.datastore.get(ref)
    path.write_text("- 1234\n", "utf-8")
    with pytest.raises(OSError, match="it holds a list"):
        world.datastore.get(ref)


def test_a_formatter_s_own_error_gets_the_dataset_s_name(world: World) -> None:
    class Picky(Scripted):
        def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
            raise DatasetReadError(f"{path} has no header")

    world.formatters.register("test.Anything", Picky)
    ref = world.ref("any", "Anything", "x", instrument="HSC")
    world.datastore.put(lambda path: None, ref)
    with pytest.raises(DatasetReadError, match=r"any_HSC_x\.any has no header") as caught:
        world.datastore.get(ref)
    assert str(caught.value).startswith(f"{ref} cannot be read: ")


@pytest.mark.parametrize("path", ["../secret.yaml", "/etc/hostname", "a/../../s"])
def test_a_record_cannot_lead_out_of_the_root(world: World, path: str) -> None:
    (world.root.parent / "secret.yaml").write_text("{}", "utf-8")
    ref = world.ref(**DATA_ID)
    world.records.insert([StoredFile(ref.id, path, YAML, "StructuredDataDict", None, None, 2)])
    for act in (world.datastore.get, world.datastore.exists, world.datastore.getURI):
        with pytest.raises(FileTemplateError, match="outside of"):
            act(ref)
    with pytest.raises(FileTemplateError, match="outside of"):
        world.datastore.trash([ref.id])
    assert (world.root.parent / "secret.yaml").exists()


def test_links_under_the_root_are_followed(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk2"
    elsewhere.mkdir()
    (world.root / "x").symlink_to(elsewhere)
    ref = world.ref("a", run="x", instrument="HSC")
    world.datastore.put({"a": 1}, ref)
    assert (elsewhere / "a" / "a_HSC_x.yaml").exists()
    assert world.datastore.get(ref) == {"a": 1}


def test_components_and_parameters_are_checked(world: World) -> None:
    ref = world.ref(**DATA_ID)
    world.datastore.put({"a": 1}, ref)
    with pytest.raises(UnknownComponentError, match="StructuredDataDict has no component 'a'"):
        world.datastore.get(ref, component="a")
    with pytest.raises(UnknownParameterError, match="no parameter 'bbox'"):
        world.datastore.get(ref, parameters={"bbox": 1})


def test_what_is_read_can_be_another_storage_class(world: World) -> None:
    ref = world.ref(**DATA_ID)
    world.datastore.put({"a": 1}, ref)
    assert world.datastore.get(ref, storage_class="PropertySet") == {"a": 1}
    with pytest.raises(TypeError, match="holds a dict, and storage class StructuredDataList is"):
        world.datastore.get(ref, storage_class="StructuredDataList")
    path = world.root / "m.json"
    path.write_text('{"quanta": 1}', "utf-8")
    metadata = world.ref("task_metadata", "TaskMetadata", **DATA_ID)
    name = "lsst.daf.butler.formatters.json.JsonFormatter"
    world.records.insert([StoredFile(metadata.id, "m.json", name, "TaskMetadata", None, None, 13)])
    assert world.datastore.get(metadata, storage_class="StructuredDataDict") == {"quanta": 1}
    with pytest.raises(ImportError, match="comes with the LSST Science Pipelines"):
        world.datastore.get(metadata)


def test_tables_convert(world: World) -> None:
    import astropy.table

    ref = world.ref("table", "AstropyTable", instrument="HSC")
    world.datastore.put(astropy.table.Table({"a": [1, 2]}), ref)
    assert list(world.datastore.get(ref)["a"]) == [1, 2]
    with pytest.raises(TypeError, match="Table cannot be used as storage class StructuredDataDict"):
        world.datastore.get(ref, storage_class="StructuredDataDict")


def test_parts_in_files_of_their_own(world: World) -> None:
    ref = world.ref("any", "Anything", run="x", instrument="HSC")
    (world.root / "p.json").write_text("7", "utf-8")
    name = "lsst.daf.butler.formatters.json.JsonFormatter"
    world.records.insert([StoredFile(ref.id, "p.json", name, "int", "part", None, 1)])
    assert world.datastore.get(ref, component="part") == 7
    assert world.datastore.getURI(ref, component="part").ospath.endswith("p.json")
    with pytest.raises(DatasetTypeNotSupportedError, match=r"stored in parts \(part\)"):
        world.datastore.get(ref)
