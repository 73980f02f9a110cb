"""Imports and exports from the inside: what is undone, what is read again, what errors say."""

from __future__ import annotations

import contextlib
import gc
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from butler_core import Butler, DatasetRef
from butler_core.errors import (
    ArgumentError,
    ConflictingDefinitionError,
    DataIdValueError,
    ExportFileError,
    MissingDatasetTypeError,
    MissingFileError,
    TransferError,
    UnknownFormatterError,
)
from butler_core.transfers import exporting, importing
from butler_core.transfers.spool import FileSpool

from . import core_world
from .core_world import CHAIN, RUN_A, RUN_B, TAGGED, World, data_id


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with an empty repository, and an export of two types and runs with their files."""
    place = tmp_path_factory.mktemp("made")
    core_world.make(place / "world")
    (place / "exported").mkdir()
    with Butler(place / "world", writeable=True) as butler:
        refs = []
        for name in ("stats", "bias"):
            for ref in butler.query_datasets(name, [RUN_A, RUN_B], find_first=False):
                butler.put({"of": ref.run}, ref)
                refs.append(ref)
        with butler.export(directory=place / "exported", format="yaml", transfer="copy") as export:
            export.saveDatasets(refs)
            for name in (TAGGED, CHAIN):
                export.saveCollection(name)
    Butler.makeRepo(place / "empty")
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Folder with the export, to be changed."""
    return Path(shutil.copytree(made / "exported", tmp_path / "exported"))


@pytest.fixture
def other(made: Path, tmp_path: Path) -> Iterator[World]:
    """Copy the empty repository."""
    found = core_world.copy(made / "empty", tmp_path / "other")
    yield found
    found.close()


def count(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM file_datastore_records")[0][0])


def changed(folder: Path, old: str, new: str, times: int = -1) -> None:
    """Change the text of an export."""
    text = (folder / "export.yaml").read_text()
    assert old in text
    (folder / "export.yaml").write_text(text.replace(old, new, times))


def test_a_second_import_changes_nothing(folder: Path, other: World) -> None:
    butler = other.butler()
    butler.import_(directory=folder, filename="export.yaml", transfer="copy")
    assert count(other) == 13
    for transfer in ("copy", "symlink", "hardlink", "move", "direct"):
        with other.unchanged():
            butler.import_(directory=folder, filename="export.yaml", transfer=transfer)
    assert (folder / "export.yaml").parent.joinpath(RUN_A).is_dir()


@pytest.mark.parametrize("table", ["dataset", "file_datastore_records", "collection_chain"])
@pytest.mark.parametrize("transfer", ["copy", "hardlink", "move"])
def test_what_the_database_refuses_is_undone_with_its_files(
    table: str, transfer: str, folder: Path, other: World
) -> None:
    other.write(
        f"CREATE TRIGGER t BEFORE INSERT ON {table} WHEN (SELECT count(*) FROM {table}) >= 1"
        " BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    sources = sorted(folder.rglob("*"))
    with other.unchanged(), pytest.raises(Exception, match="no more"):
        other.butler().import_(directory=folder, format="yaml", transfer=transfer)
    assert sorted(folder.rglob("*")) == sources


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ("detector: 23\n      visit: 904014", "detector: 24\n      visit: 904014",
         DataIdValueError, "24"),
        ("detector: 23\n      visit: 904014", "detector: x\n      visit: 904014",
         DataIdValueError, "'x'"),
        ("dataset_type: bias", "dataset_type: bais", MissingDatasetTypeError, "'bias'"),
        ("yaml.YamlFormatter", "yaml.YamlFormater", UnknownFormatterError, "YamlFormatter"),
        ("    path: HSC/runs/b/", "    path: ../runs/b/", ExportFileError, "outside"),
        ("    path: HSC/runs/b/", "    path: HSC/runs/c/", MissingFileError, "HSC/runs/c"),
        ("  - HSC/runs/b\n", "  - HSC/chain\n", Exception, "hold itself"),
    ],
)  # fmt: skip
def test_errors_name_the_file_and_undo_it_all(
    old: str, new: str, error: type[Exception], says: str, folder: Path, other: World
) -> None:
    changed(folder, old, new)
    with other.unchanged(), pytest.raises(error) as raised:
        other.butler().import_(directory=folder, format="yaml", transfer="copy")
    assert str(raised.value).startswith(str(folder / "export.yaml")), raised.value
    assert says in str(raised.value)


def test_the_line_of_an_error_is_named(folder: Path, other: World) -> None:
    lines = (folder / "export.yaml").read_text().splitlines()
    line = 1 + next(n for n, text in enumerate(lines) if text == "- type: dataset_type")
    changed(folder, "storage_class: StructuredDataDict", "storage_class: StructuredDict", 1)
    with pytest.raises(KeyError, match=f"export.yaml, line {line}: .*did you mean"):
        other.butler().import_(directory=folder, format="yaml", transfer="copy")


def test_what_looked_like_records_is_read_again(folder: Path, other: World) -> None:
    text = (folder / "export.yaml").read_text()
    record = text[text.index("- type: dataset\n") :]
    quoted = record[: record.index("- type: dataset_type")].replace("'", "''")
    text = text.replace("description: Butler", f"notes: 'x\n{quoted}'\ndescription: Butler")
    other.butler().import_(directory=folder, filename=io.StringIO(text), transfer="copy")
    assert count(other) == 13


def test_files_in_any_order_are_ingested(folder: Path, other: World) -> None:
    head, *records = (folder / "export.yaml").read_text().split("- type: ")
    text = head + "".join(f"- type: {one}" for one in reversed(records))
    other.butler().import_(directory=folder, filename=io.StringIO(text), transfer="copy")
    assert count(other) == 13
    assert other.rows("SELECT count(*) FROM collection_chain") == [(2,)]


class Unseekable(io.RawIOBase):
    """Bytes that can be read once."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._stream.readinto(buffer)


@pytest.mark.parametrize("kind", ["text", "bytes", "pipe", "middle", "uri"])
def test_streams_are_read_from_where_they_are(kind: str, folder: Path, other: World) -> None:
    data = (folder / "export.yaml").read_bytes()
    given: Any = {
        "text": io.StringIO(data.decode()),
        "bytes": io.BytesIO(data),
        "pipe": Unseekable(data),
        "middle": io.BytesIO(b"not this\n" + data),
        "uri": (folder / "export.yaml").as_uri(),
    }[kind]
    if kind == "middle":
        given.readline()
    other.butler().import_(directory=folder.as_uri(), filename=given, transfer="copy")
    assert count(other) == 13
    assert kind == "uri" or not given.closed


@pytest.mark.parametrize(
    "wrong",
    [
        {"filename": 3},
        {"filename": "s3://bucket/export.yaml"},
        {"filename": "export.yaml", "directory": 3},
        {"filename": "export.yaml", "directory": "s3://bucket"},
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], other: World) -> None:
    with other.refuses(ArgumentError):
        other.butler().import_(**wrong)


def test_wrong_modes_and_formats_are_refused(folder: Path, other: World) -> None:
    butler = other.butler()
    with other.refuses(TransferError, "did you mean 'copy'"):
        butler.import_(directory=folder, format="yaml", transfer="copi")
    with other.refuses(ExportFileError, "did you mean 'yaml'"):
        butler.import_(directory=folder, filename="export.yaml", format="yam")


def test_the_collector_of_cycles_is_as_it_was(folder: Path, other: World) -> None:
    butler = other.butler()
    for was in (True, False):
        (gc.enable if was else gc.disable)()
        try:
            butler.import_(directory=folder, format="yaml", transfer="copy")
            assert gc.isenabled() is was
            with pytest.raises(ExportFileError):
                butler.import_(filename=io.StringIO("version: 0\ndata: [1]\n"))
            assert gc.isenabled() is was
        finally:
            gc.enable()


def test_a_conflict_names_both(folder: Path, other: World) -> None:
    butler = other.butler()
    butler.import_(directory=folder, format="yaml", transfer="copy")
    ref = butler.query_datasets("bias", RUN_A)[0]
    changed(folder, str(ref.id), "00000000-0000-4000-8000-000000000001")
    with other.unchanged(), pytest.raises(ConflictingDefinitionError, match=str(ref.id)):
        butler.import_(directory=folder, format="yaml", transfer="copy")


def test_a_call_that_fails_adds_nothing(world: World, tmp_path: Path) -> None:
    butler = world.butler()
    one, two, *_ = butler.query_datasets("stats", RUN_A)
    for ref in (one, two):
        butler.put({}, ref)
    without = butler.query_datasets("bias", RUN_A)[0]
    place = tmp_path / "exported"
    place.mkdir()
    with butler.export(directory=place, format="yaml", transfer="copy") as export:
        export.saveDatasets([one])
        with pytest.raises(MissingFileError, match="bias"):
            export.saveDatasets([two, without])
    text = (place / "export.yaml").read_text()
    assert (str(one.id) in text, str(two.id) in text, "bias" in text) == (True, False, False)
    assert len([path for path in place.rglob("*.yaml") if path.name != "export.yaml"]) == 1


def test_datasets_are_exported_by_path_whatever_the_order(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    butler = world.butler()
    refs = butler.query_datasets("stats", RUN_A)
    for ref in refs:
        butler.put({}, ref)
    monkeypatch.setattr(exporting, "_TOGETHER", 2)
    texts = []
    for number, some in enumerate((refs, [*reversed(refs), *refs])):
        with butler.export(filename=tmp_path / f"{number}.yaml") as export:
            export.saveDatasets(some)
        texts.append((tmp_path / f"{number}.yaml").read_text())
    assert texts[0] == texts[1]


def test_a_component_exports_the_whole(world: World, tmp_path: Path) -> None:
    butler = world.butler()
    whole = butler.query_datasets("calexp", RUN_A, explain=False)
    kind = butler.get_dataset_type("calexp")
    ref = DatasetRef(kind, butler.registry.expandDataId(data_id()), RUN_A)
    assert not whole
    butler.registry.insertDatasets(kind, [ref.dataId], run=RUN_A)
    (ref,) = butler.query_datasets("calexp", RUN_A)
    with (
        pytest.raises(MissingFileError, match="calexp@"),
        butler.export(filename=tmp_path / "e.yaml") as export,
    ):
        export.saveDatasets([ref.makeComponentRef("wcs")])
    assert not list(tmp_path.glob("e.yaml"))


def test_the_spool_undoes_what_fails() -> None:
    spool = FileSpool()
    spool.add_ids(["a"])
    with contextlib.suppress(ZeroDivisionError), spool.all_or_nothing():
        spool.add_ids(["b"])
        spool.add_files([("t", "r", "p", "b", "text")])
        raise ZeroDivisionError
    assert spool.known(["a", "b"]) == {"a"}
    assert not spool.runs()
    spool.close()


def test_failing_in_order_is_not_tried_again(
    folder: Path, other: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []
    real = importing.ExportImport._attempt

    def attempt(self: importing.ExportImport, stages: Any = None) -> None:
        attempts.append(stages)
        real(self, stages)

    monkeypatch.setattr(importing.ExportImport, "_attempt", attempt)
    changed(folder, "dataset_type: bias", "dataset_type: bais")
    with pytest.raises(MissingDatasetTypeError):
        other.butler().import_(directory=folder, format="yaml", transfer="copy")
    assert attempts == [None]
