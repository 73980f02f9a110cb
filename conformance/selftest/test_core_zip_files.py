"""Zip files of datasets that are odd: damaged, encrypted, strangely named, shared, interrupted."""

from __future__ import annotations

import functools
import json
import os
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from butler_core import Butler, DatasetRef, FileDataset
from butler_core.cli import main
from butler_core.datastore import trash
from butler_core.datastore.artifact_index import INDEX_NAME
from butler_core.datastore.recorded_path import RecordedPath
from butler_core.errors import (
    ConflictingDefinitionError,
    DatasetReadError,
    DatasetWriteError,
    InconsistentUniverseError,
    TransferError,
    ZipFileError,
)
from butler_core.registry.file_records import DatabaseFileRecords
from butler_core.repository_check import MissingFile, compared_files

from .core_world import RUN_A, RUN_B, World


def run(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


class Zipped:
    """A repository, and a Zip file of two datasets that were in it."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.butler = world.butler()
        self.refs = [
            self.butler.put({"of": run}, "summary", instrument="HSC", visit=903334, run=run)
            for run in (RUN_A, RUN_B)
        ]
        self.path = Path(self.butler.retrieve_artifacts_zip(self.refs, folder / "zips"))
        self.butler.pruneDatasets(self.refs, purge=True, unstore=True)
        with zipfile.ZipFile(self.path) as archive:
            self.index: dict[str, Any] = json.loads(archive.read(INDEX_NAME))
            self.contents = {name: archive.read(name) for name in archive.namelist()}
        files: Mapping[str, Any] = self.index["artifact_map"]
        by_id = {file["ids"][0]: name for name, file in files.items()}
        self.names = [by_id[str(ref.id)] for ref in self.refs]

    def rewrite(
        self,
        names: Mapping[str, str] = MappingProxyType({}),
        contents: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Write the Zip file anew, with other names of members, or other contents."""
        files = self.index["artifact_map"]
        index = self.index | {
            "artifact_map": {names.get(name, name): one for name, one in files.items()}
        }
        with zipfile.ZipFile(self.path, "w") as archive:
            for name, content in {**self.contents, **contents}.items():
                if name == INDEX_NAME:
                    content = json.dumps(index).encode()
                archive.writestr(names.get(name, name), content)

    def held(self) -> list[Path]:
        """Return the Zip files in the repository."""
        return sorted(self.world.root.rglob("*.zip"))

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the paths that are recorded."""
        return self.world.rows("SELECT path FROM file_datastore_records ORDER BY path")

    def refuses(self, match: str, kind: type[Exception] = ZipFileError, **how: Any) -> None:
        """Look that an ingest is refused, and leaves nothing."""
        with pytest.raises(kind, match=match):
            self.butler.ingest_zip(self.path, **{"transfer": "copy", **how})
        assert self.held() == []
        assert self.rows() == []
        assert self.world.rows("SELECT * FROM dataset_location") == []


@pytest.fixture
def zipped(world: World, tmp_path: Path) -> Zipped:
    return Zipped(world, tmp_path)


def test_a_member_that_is_damaged_is_named_when_it_is_got(
    zipped: Zipped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    (held,) = zipped.held()
    content = held.read_bytes()
    wrong = zipped.contents[zipped.names[0]]
    assert content.count(wrong) == 1
    held.write_bytes(content.replace(wrong, wrong[::-1]))
    with pytest.raises(DatasetReadError, match=rf"{zipped.names[0]}.* in .*\.zip is damaged"):
        zipped.butler.get(zipped.refs[0])
    assert zipped.butler.get(zipped.refs[1]) == {"of": RUN_B}
    assert list(temporary.iterdir()) == []


def test_a_member_that_cannot_be_parsed_is_named_as_what_it_is(zipped: Zipped) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    zipped.rewrite(contents={zipped.names[0]: b"{" * len(zipped.contents[zipped.names[0]])})
    shutil.copy(zipped.path, zipped.held()[0])
    with pytest.raises(DatasetReadError, match=rf"{zipped.names[0]} in .*\.zip"):
        zipped.butler.get(zipped.refs[0])


def test_a_member_that_does_not_begin_where_the_directory_says_is_refused(zipped: Zipped) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    (held,) = zipped.held()
    with zipfile.ZipFile(held) as archive:
        begin = archive.getinfo(zipped.names[0]).header_offset
    content = bytearray(held.read_bytes())
    content[begin : begin + 2] = b"XX"
    held.write_bytes(content)
    with pytest.raises(DatasetReadError, match="does not begin where the directory says"):
        zipped.butler.get(zipped.refs[0])
    zipped.butler.pruneDatasets(zipped.refs, purge=True, unstore=True)
    zipped.path.write_bytes(content)
    zipped.refuses("damaged, or no Zip file")


def encrypted(content: bytes, path: Path, name: str) -> bytes:
    """Return a Zip file whose member says that it is encrypted."""
    with zipfile.ZipFile(path) as archive:
        begin = archive.getinfo(name).header_offset
    changed = bytearray(content)
    changed[begin + 6] |= 1
    entry = content.index(b"PK\1\2")
    while content[entry + 46 :][: len(name)] != name.encode():
        entry = content.index(b"PK\1\2", entry + 4)
    changed[entry + 8] |= 1
    return bytes(changed)


def test_a_member_that_is_encrypted_is_refused(zipped: Zipped) -> None:
    content = zipped.path.read_bytes()
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    zipped.held()[0].write_bytes(encrypted(content, zipped.path, zipped.names[0]))
    with pytest.raises(DatasetReadError, match=rf"{zipped.names[0]}.*encrypted"):
        zipped.butler.get(zipped.refs[0])
    zipped.butler.pruneDatasets(zipped.refs, purge=True, unstore=True)
    zipped.path.write_bytes(encrypted(content, zipped.path, zipped.names[0]))
    zipped.refuses(f"'{zipped.names[0]}' in it is encrypted")


def test_a_member_that_is_there_twice_is_refused(zipped: Zipped) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(zipped.path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(zipped.names[0], zipped.contents[zipped.names[0]])
    zipped.refuses(f"more than one file '{zipped.names[0]}'")


def test_a_zip_file_that_was_cut_off_is_refused(zipped: Zipped) -> None:
    zipped.path.write_bytes(zipped.path.read_bytes()[:-40])
    zipped.refuses("damaged, or no Zip file")


@pytest.mark.parametrize("name", ["../../out.yaml", "/out.yaml", "a/../../out.yaml", "folder/"])
def test_a_member_whose_name_leads_elsewhere_is_refused(zipped: Zipped, name: str) -> None:
    zipped.rewrite({zipped.names[0]: name})
    zipped.refuses("would be outside")


@pytest.mark.parametrize(
    "name", ["a b.yaml", "100%.yaml", "a%20b.yaml", "a#b.yaml", "ü.yaml", "x/y.yaml", "a?b.yaml"]
)
def test_members_of_strange_names_are_got_retrieved_and_removed(
    zipped: Zipped, name: str, tmp_path: Path
) -> None:
    zipped.rewrite({zipped.names[0]: name})
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    assert zipped.butler.get(zipped.refs[0]) == {"of": RUN_A}
    assert zipped.butler.stored(zipped.refs[0])
    assert list(compared_files(zipped.butler)) == []
    to = tmp_path / "to"
    (got,) = zipped.butler.retrieveArtifacts(zipped.refs[:1], to, preserve_path=False)
    assert Path(got).name == name.rpartition("/")[2]
    zipped.butler.pruneDatasets(zipped.refs, purge=True, unstore=True)
    assert zipped.held() == []


def test_a_name_with_a_percent_sign_that_lsst_did_not_quote_is_found(zipped: Zipped) -> None:
    zipped.rewrite({zipped.names[0]: "a%20b.yaml"})
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    assert zipped.rows()[1][0].endswith("#zip-path=a%2520b.yaml")
    zipped.world.write("UPDATE file_datastore_records SET path = replace(path, '%25', '%')")
    assert zipped.butler.get(zipped.refs[0]) == {"of": RUN_A}


def test_a_recorded_path_is_a_file_and_perhaps_a_member() -> None:
    assert RecordedPath.parse("a/b.yaml") == ("a/b.yaml", None)
    place = RecordedPath.parse("a.zip#zip-path=b#zip-path=c")
    assert place == ("a.zip", "b#zip-path=c")
    assert str(RecordedPath.of_member("a.zip", "b#c%")) == "a.zip#zip-path=b%23c%25"
    assert RecordedPath.of_member("a.zip", "b#c%").name == "b#c%"


def test_a_recorded_member_that_leads_elsewhere_is_read_but_not_retrieved(
    zipped: Zipped, tmp_path: Path
) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    zipped.rewrite({zipped.names[0]: "../../../out.yaml"})
    shutil.copy(zipped.path, zipped.held()[0])
    zipped.world.write(
        "UPDATE file_datastore_records SET path = replace(path, ?, '../../../out.yaml')",
        zipped.names[0],
    )
    assert zipped.butler.get(zipped.refs[0]) == {"of": RUN_A}
    to = tmp_path / "deep" / "to"
    with pytest.raises(ValueError, match="would leave the folder"):
        zipped.butler.retrieveArtifacts(zipped.refs, to)
    (got,) = zipped.butler.retrieveArtifacts(zipped.refs[:1], to, preserve_path=False)
    assert Path(got).parent == to


def without(index: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return an index that lacks something."""
    copy: dict[str, Any] = json.loads(json.dumps(index))
    inner = functools.reduce(lambda one, key: one[key], keys[:-1], copy)
    del inner[keys[-1]]
    return copy


def test_an_index_that_lacks_something_is_refused_by_what_it_lacks(zipped: Zipped) -> None:
    for keys in [
        ("artifact_map",),
        ("artifact_map", zipped.names[0], "info"),
        ("artifact_map", zipped.names[0], "info", "file_size"),
        ("refs", "compact_refs", str(zipped.refs[0].id), "data_id", "visit"),
        ("refs", "compact_refs", str(zipped.refs[0].id), "run"),
        ("refs", "dataset_types", "summary"),
    ]:
        whole, zipped.index = zipped.index, without(zipped.index, *keys)
        with zipfile.ZipFile(zipped.path, "w") as archive:
            archive.writestr(INDEX_NAME, json.dumps(zipped.index))
        zipped.index = whole
        zipped.refuses(rf"{INDEX_NAME} is not as .*{keys[-1]}")
    zipped.index = without(zipped.index, "refs", "compact_refs", str(zipped.refs[0].id))
    zipped.rewrite()
    zipped.refuses(f"does not say what dataset {zipped.refs[0].id} is")


def test_a_dataset_in_two_members_is_refused(zipped: Zipped) -> None:
    files = zipped.index["artifact_map"]
    files[zipped.names[0]]["ids"].append(str(zipped.refs[1].id))
    zipped.rewrite()
    zipped.refuses(f"dataset {zipped.refs[1].id} is in two of its files")


def test_unknown_dimensions_are_refused_by_name(zipped: Zipped) -> None:
    zipped.index["refs"]["dataset_types"]["summary"]["dimensions"].append("bench")
    zipped.rewrite()
    zipped.refuses("dimensions that the repository has not: bench", InconsistentUniverseError)


def test_sizes_of_members_must_be_those_of_the_index(zipped: Zipped) -> None:
    info = zipped.index["artifact_map"][zipped.names[0]]["info"]
    info["file_size"] = 3
    zipped.rewrite()
    zipped.refuses("bytes, not the 3 that its index says")
    info["file_size"] = -1
    zipped.rewrite()
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    assert zipped.butler.get(zipped.refs[0]) == {"of": RUN_A}


def test_nothing_is_left_if_rows_cannot_be_written(
    zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: DatabaseFileRecords, files: Any) -> None:
        assert len(zipped.held()) == 1
        raise OSError("the disk is full")

    monkeypatch.setattr(DatabaseFileRecords, "insert", fail)
    for transfer in ("copy", "move", "symlink"):
        zipped.refuses("the disk is full", OSError, transfer=transfer)
        assert zipped.path.exists()
    assert not (zipped.world.root / "zips").exists()


def test_a_zip_file_that_holds_datasets_cannot_be_moved(zipped: Zipped) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    (held,) = zipped.held()
    renamed = {str(ref.id): str(ref.id)[::-1].replace("-", "") for ref in zipped.refs}
    index = json.dumps(zipped.index)
    for old, new in renamed.items():
        index = index.replace(f'"{old}"', f'"{new}"')
    zipped.index = json.loads(index.replace(RUN_A, "x/a").replace(RUN_B, "x/b"))
    with zipfile.ZipFile(zipped.path, "w") as archive:
        for name, content in zipped.contents.items():
            archive.writestr(name, json.dumps(zipped.index) if name == INDEX_NAME else content)
    shutil.copy(zipped.path, held)
    with pytest.raises(ConflictingDefinitionError, match="another Zip file has the same names"):
        zipped.butler.ingest_zip(zipped.path, transfer="copy")
    with pytest.raises(ConflictingDefinitionError, match="cannot be moved: it holds dataset"):
        zipped.butler.ingest_zip(held, transfer="move")
    assert zipped.held() == [held]
    assert len(zipped.rows()) == 2


def test_a_zip_file_that_a_killed_process_left_in_the_trash_goes_next_time(
    zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    with monkeypatch.context() as patched:
        patched.setattr(trash.FileTrash, "empty", lambda self: None)
        zipped.butler.pruneDatasets(zipped.refs[:1], purge=True, unstore=True)
    assert list(compared_files(zipped.butler)) == []
    zipped.butler.datastore.emptyTrash()
    assert len(zipped.held()) == 1
    assert len(zipped.rows()) == 1
    with monkeypatch.context() as patched:
        patched.setattr(trash.FileTrash, "empty", lambda self: None)
        zipped.butler.pruneDatasets(zipped.refs[1:], purge=True, unstore=True)
    assert len(zipped.held()) == 1
    assert list(compared_files(zipped.butler)) == []
    zipped.butler.datastore.emptyTrash()
    assert zipped.held() == []
    assert zipped.rows() == []
    assert zipped.world.rows("SELECT * FROM dataset_location_trash") == []


def test_a_zip_file_in_a_folder_that_cannot_be_written_keeps_its_datasets(
    zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    folder = zipped.held()[0].parent
    original = os.access

    def access(path: Path, mode: int) -> bool:
        return Path(path) != folder and original(path, mode)

    monkeypatch.setattr(os, "access", access)
    with pytest.raises(DatasetWriteError, match="is not writeable"):
        zipped.butler.pruneDatasets(zipped.refs, purge=True, unstore=True)
    assert [zipped.butler.get(ref)["of"] for ref in zipped.refs] == [RUN_A, RUN_B]


def test_a_zip_file_is_read_anew_when_another_is_in_its_place(zipped: Zipped) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    (held,) = zipped.held()
    assert zipped.butler.stored(zipped.refs[0])
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipped.names[1], zipped.contents[zipped.names[1]])
    assert not zipped.butler.stored(zipped.refs[0])
    recorded = zipped.rows()[[zipped.names[0] in row[0] for row in zipped.rows()].index(True)][0]
    assert list(compared_files(zipped.butler)) == [MissingFile(recorded, zipped.refs[0].id)]
    held.write_bytes(b"")
    assert {one.dataset_id for one in compared_files(zipped.butler)} == {  # type: ignore[union-attr]
        ref.id for ref in zipped.refs
    }


def test_the_directory_of_a_zip_file_is_read_once_for_all_its_members(
    zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    opened: list[Any] = []
    original: Callable[..., Any] = zipfile.ZipFile.__init__

    def init(self: zipfile.ZipFile, *arguments: Any, **keywords: Any) -> None:
        opened.append(arguments)
        original(self, *arguments, **keywords)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", init)
    for _ in range(3):
        for ref in zipped.refs:
            zipped.butler.get(ref)
    assert len(opened) == 1


def ingested_alone(zipped: Zipped, transfer: str | None, ref: DatasetRef, path: str) -> Any:
    """Ingest a member by itself, and return what is got."""
    zipped.butler.ingest(FileDataset(path, [ref]), transfer=transfer)
    return zipped.butler.get(ref)


def test_a_member_can_be_ingested_alone(zipped: Zipped) -> None:
    first, _ = zipped.refs
    outside = f"{zipped.path.as_uri()}#zip-path={zipped.names[0]}"
    assert ingested_alone(zipped, "direct", first, outside) == {"of": RUN_A}
    assert zipped.rows() == [(outside,)]
    zipped.butler.pruneDatasets([first], purge=True, unstore=True)
    assert zipped.path.exists()
    for transfer in ("copy", "auto"):
        path = f"{zipped.path}#zip-path={zipped.names[0]}"
        assert ingested_alone(zipped, transfer, first, path) == {"of": RUN_A}
        assert zipped.rows()[0][0].endswith(".yaml")
        assert "#" not in zipped.rows()[0][0]
        zipped.butler.pruneDatasets([first], purge=True, unstore=True)
    for transfer in ("move", "symlink", "hardlink"):
        with pytest.raises(TransferError, match="can be copied"):
            ingested_alone(zipped, transfer, first, outside)
    shutil.copy(zipped.path, zipped.world.root / "own.zip")
    inside = f"own.zip#zip-path={zipped.names[0]}"
    assert ingested_alone(zipped, None, first, inside) == {"of": RUN_A}
    assert zipped.rows() == [(inside,)]


def test_an_export_in_place_names_members_and_is_imported_with_the_same_root(
    zipped: Zipped, tmp_path: Path
) -> None:
    zipped.butler.ingest_zip(zipped.path, transfer="copy")
    before = zipped.rows()
    with zipped.butler.export(filename=tmp_path / "all.yaml") as export:
        export.saveDatasets(zipped.refs)
    zipped.world.write("DELETE FROM file_datastore_records")
    zipped.world.write("DELETE FROM dataset_location")
    butler = zipped.world.butler()
    butler.import_(filename=tmp_path / "all.yaml", transfer=None)
    assert zipped.rows() == before
    assert [butler.get(ref)["of"] for ref in zipped.refs] == [RUN_A, RUN_B]


def test_members_that_were_ingested_directly_are_handed_on(zipped: Zipped, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(zipped.world.root, other)
    zipped.butler.ingest_zip(zipped.path, transfer="direct")
    for transfer, count in (("copy", 1), ("auto", 0), ("unsafe_direct", 0)):
        with Butler(other, writeable=True) as butler:
            butler.transfer_from(zipped.butler, zipped.refs, transfer=transfer)
            assert [butler.get(ref)["of"] for ref in zipped.refs] == [RUN_A, RUN_B]
            held = [path.relative_to(other).as_posix() for path in other.rglob("*.zip")]
            assert held == [f"zips/{zipped.path.name[:4]}/{zipped.path.name}"] * count
            butler.pruneDatasets(zipped.refs, purge=True, unstore=True)
    with zipped.butler.export(directory=tmp_path, filename="x.yaml", transfer="copy") as export:
        export.saveDatasets(zipped.refs)
    with Butler(other, writeable=True) as butler:
        butler.import_(directory=tmp_path, filename="x.yaml", transfer="copy")
        assert [butler.get(ref)["of"] for ref in zipped.refs] == [RUN_A, RUN_B]


def test_the_command_takes_a_zip_file_in(zipped: Zipped) -> None:
    zipped.butler.close()
    assert run("ingest-zip", zipped.world.root, zipped.path, "--dry-run").exit_code == 0
    assert zipped.held() == []
    given = ("-t", "copy")
    assert run("ingest-zip", zipped.world.root, zipped.path.as_uri(), *given).exit_code == 0
    assert len(zipped.held()) == 1
    again = run("ingest-zip", zipped.world.root, zipped.path, "--transfer-dimensions")
    assert again.exit_code == 1
    assert "is stored already" in again.stderr
    summary = run("summary", zipped.world.root, "--format", "json")
    assert json.loads(summary.stdout)["files"] == {"missing": [], "orphaned": []}
