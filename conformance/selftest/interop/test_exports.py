"""Exports that pass between `butler_core` and lsst-daf-butler."""

from __future__ import annotations

import dataclasses
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import butler_core
from butler_core.transfers.reader import read_pieces
from butler_core.transfers.records import AssociatedDatasets
from conformance.interop.rows import rows as rows_by_name

from .. import core_world
from ..core_world import CALIB, CHAIN, RUN_A, RUN_B, TAGGED

pytestmark = pytest.mark.lsst

INGESTED_AT = "ingest_date"


def theirs() -> Any:
    import lsst.daf.butler

    return lsst.daf.butler


def rows(root: Path) -> dict[str, list[str]]:
    """Return the rows of all tables of a repository, without those that say who made it."""
    found = {}
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in database.execute(names).fetchall():
            columns = [
                f'"{row[1]}"'
                for row in database.execute(f'PRAGMA table_info("{table}")')
                if row[1] != INGESTED_AT
            ]
            select = f'SELECT {", ".join(columns)} FROM "{table}"'
            found[table] = sorted(map(repr, database.execute(select)))
    del found["butler_attributes"]
    return found


def imported(api: Any, root: Path, *files: Path, **options: Any) -> Path:
    """Return a new repository into which files were imported."""
    api.Butler.makeRepo(str(root))
    with api.Butler.from_config(str(root), writeable=True) as butler:
        for file in files:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                butler.import_(filename=str(file), **options)
    return root


@pytest.mark.parametrize(
    "names",
    [
        ("base", "datasets"),
        ("base", "spatial"),
        ("ci_hsc-subset",),
        ("ci_hsc-subset-skymap",),
        ("hsc-rc2-subset-v0",),
        ("lsstcam-subset",),
    ],
    ids="+".join,
)
def test_registry_data_makes_the_same_rows(names: tuple[str, ...], tmp_path: Path) -> None:
    from lsst.daf.butler.tests import registry_data

    files = [Path(registry_data.__path__[0]) / f"{name}.yaml" for name in names]
    expected = rows(imported(theirs(), tmp_path / "theirs", *files, without_datastore=True))
    found = rows(imported(butler_core, tmp_path / "ours", *files, without_datastore=True))
    assert {name: len(some) for name, some in found.items()} == {
        name: len(some) for name, some in expected.items()
    }
    assert found == expected


def test_old_warnings_are_given(tmp_path: Path) -> None:
    from lsst.daf.butler.tests import registry_data

    file = Path(registry_data.__path__[0]) / "hsc-rc2-subset-v0.yaml"
    butler_core.Butler.makeRepo(tmp_path)
    with (
        butler_core.Butler(tmp_path, writeable=True) as butler,
        pytest.warns(UserWarning, match="day_obs records were made without timespans for HSC"),
    ):
        butler.import_(filename=file)


def exported(api: Any, root: Path, place: Path) -> list[Any]:
    """Export all that has a file, and return what the text holds."""
    with (
        api.Butler.from_config(str(root)) as butler,
        butler.export(filename=str(place)) as export,
    ):
        for name in ("bias", "stats", "notes"):
            export.saveDatasets(
                butler.query_datasets(
                    name, [RUN_A, RUN_B], find_first=False, with_dimension_records=True
                )
            )
        for name in (TAGGED, CALIB, CHAIN):
            export.saveCollection(name)
    with place.open() as stream:
        pieces = [piece for _, piece in read_pieces(stream, "it", bulk=False)]
    return [
        dataclasses.replace(piece, ids=sorted(piece.ids))
        if isinstance(piece, AssociatedDatasets)
        else piece
        for piece in pieces
    ]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Root of a repository with files, certified biases, and a tag."""
    core_world.make(tmp_path / "repository")
    world = core_world.World(tmp_path / "repository")
    with world.butler() as butler:
        for name in ("bias", "stats"):
            for ref in butler.query_datasets(name, [RUN_A, RUN_B], find_first=False):
                butler.put({"of": ref.run}, ref)
        butler.put(["a", "b"], "notes", run=RUN_A)
        for run, year in ((RUN_A, "2013"), (RUN_B, "2014")):
            begin, end = (core_world.time(f"{year}-0{month}-01T00:00:00") for month in (1, 2))
            span = butler_core.Timespan(begin, end)
            butler.registry.certify(CALIB, butler.query_datasets("bias", run), span)
    return world.root


def test_both_write_the_same_records(filled: Path, tmp_path: Path) -> None:
    expected = exported(theirs(), filled, tmp_path / "theirs.yaml")
    found = exported(butler_core, filled, tmp_path / "ours.yaml")
    assert found == expected
    assert len(found) > 15


def test_both_import_the_same_rows(filled: Path, tmp_path: Path) -> None:
    exported(butler_core, filled, tmp_path / "ours.yaml")
    how = {"directory": str(filled), "transfer": "copy"}
    place = tmp_path / "ours.yaml"
    expected = imported(theirs(), tmp_path / "theirs", place, **how)
    found = imported(butler_core, tmp_path / "ours", place, **how)
    assert rows_by_name(found) == rows_by_name(expected)
    files = [
        sorted(path.relative_to(root) for path in root.rglob("*.yaml"))
        for root in (found, expected)
    ]
    assert files[0] == files[1]
