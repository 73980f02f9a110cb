"""A repository that is given must be as its recipe builds it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from conformance.built import locate_as_built
from conformance.repository import RepositoryNotFoundError
from conformance.selftest.command_line import command
from conformance.selftest.fakes import repository

CALEXP = "shared/ci_hsc_output/calexp/r/HSC-R/903338"


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc")


@pytest.fixture
def repo(fake: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fake, tmp_path / "a copy é ?#%41"))


def sql(statement: str) -> Callable[[Path], None]:
    def change(repo: Path) -> None:
        with closing(sqlite3.connect(repo / "DATA" / "gen3.sqlite3")) as database, database:
            database.execute(statement)

    return change


def calexp(repo: Path) -> Path:
    [path] = (repo / "DATA" / CALEXP).rglob("*_25_*/*.fits")
    return path


def of_another_size(repo: Path) -> None:
    path = calexp(repo)
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(np.zeros((7, 9)))]).writeto(path, overwrite=True)
    name = path.relative_to(repo / "DATA").as_posix()
    sql(
        f"UPDATE file_datastore_records SET file_size = {path.stat().st_size} WHERE path = '{name}'"
    )(repo)


CHANGES: list[tuple[Callable[[Path], object], str]] = [
    (lambda repo: (repo / "DATA" / "butler.yaml").unlink(), "holds no DATA/butler.yaml"),
    (lambda repo: (repo / "DATA" / "gen3.sqlite3").unlink(), "cannot be read as a registry"),
    (lambda repo: (repo / "DATA" / "gen3.sqlite3").write_text("?" * 200), "is not a database"),
    (sql("DELETE FROM collection WHERE name = 'raw/hsc'"), "lacks the collection 'raw/hsc'"),
    (sql("INSERT INTO collection VALUES (9, 'u/me', 1)"), "has the collection 'u/me' besides"),
    (sql("UPDATE collection SET type = 2 WHERE name = 'raw/hsc'"), "raw/hsc is not a RUN"),
    (sql("DELETE FROM dataset_type WHERE name = 'src'"), "lacks the dataset type 'src'"),
    (sql("INSERT INTO dataset_type VALUES (99, 'mine')"), "has the dataset type 'mine' besides"),
    (
        sql("DELETE FROM dataset WHERE rowid = (SELECT MIN(rowid) FROM dataset)"),
        "shared/ci_hsc_output holds 32 datasets postISRCCD instead of 33",
    ),
    (
        sql("INSERT INTO dataset SELECT * FROM dataset ORDER BY rowid LIMIT 1"),
        "shared/ci_hsc_output holds 34 datasets postISRCCD instead of 33",
    ),
    (
        sql("DELETE FROM file_datastore_records WHERE path LIKE '%/0.fits'"),
        "its registry knows 199 files instead of 200 (and 1 more differences)",
    ),
    (lambda repo: (repo / "DATA" / "raw/hsc/3.fits").unlink(), "raw/hsc/3.fits is not there"),
    (lambda repo: (repo / "DATA" / "notes.txt").touch(), "notes.txt is not in its registry"),
    (lambda repo: (repo / "DATA" / "raw/hsc/3.fits").write_text("x"), "has 1 bytes instead of 0"),
    (of_another_size, "its calexps have 9 x 7 pixels instead of 512 x 1044 or 2048 x 4176"),
    (lambda repo: calexp(repo).write_bytes(bytes(calexp(repo).stat().st_size)), "cannot be read"),
]


def test_one_that_is(repo: Path) -> None:
    assert locate_as_built(repo).root == repo / "DATA"
    assert locate_as_built(repo / "DATA") == locate_as_built(repo)


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=[words for _, words in CHANGES])
def test_one_that_is_not(change: Callable[[Path], object], words: str, repo: Path) -> None:
    change(repo)
    with pytest.raises(RepositoryNotFoundError) as caught:
        locate_as_built(repo)
    text = str(caught.value)
    assert words in text
    assert text.startswith(str(repo))
    assert text.endswith("made for the run.")


def test_the_command_says_so_before_anything_is_run(repo: Path, tmp_path: Path) -> None:
    sql("INSERT INTO collection VALUES (9, 'u/me', 1)")(repo)
    done = command(
        *("run", "--butler", "conformance.selftest.fakes:perfect", "--repo", str(repo)),
        folder=tmp_path,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "it has the collection 'u/me' besides; make another one" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report").exists()
