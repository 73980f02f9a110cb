"""``butler-conformance make-repo``: a repository that is whole, or none, and a sentence."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from conformance.selftest.command_line import command
from conformance.staging import scratch, staged


def contents(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_what_is_built_appears_at_the_end(tmp_path: Path) -> None:
    destination = tmp_path / "new" / "with space é" / "repo"
    with staged(destination) as folder:
        (folder / "DATA").mkdir()
        assert not destination.exists()
        assert folder.stat().st_dev == tmp_path.stat().st_dev
    assert contents(destination) == {"DATA"}
    assert contents(destination.parent) == {"repo", "repo/DATA"}
    mask = os.umask(0)
    os.umask(mask)
    assert destination.stat().st_mode & 0o777 == 0o777 & ~mask


def test_an_empty_folder_is_filled_and_stays_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    with staged(Path()) as folder:
        (folder / "DATA").mkdir()
    assert tmp_path.stat().st_ino == before
    assert contents(tmp_path) == {"DATA"}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("there", [False, True])
def test_what_is_broken_off_leaves_no_trace(
    error: type[BaseException], there: bool, tmp_path: Path
) -> None:
    destination = tmp_path / "a" / "b"
    if there:
        destination.mkdir(parents=True)
    before = contents(tmp_path)
    with contextlib.suppress(error), staged(destination) as folder:
        (folder / "half").touch()
        assert contents(tmp_path) != before
        raise error
    assert contents(tmp_path) == before


def test_what_appears_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    def build() -> None:
        with staged(tmp_path / "repo") as folder:
            (folder / "DATA").mkdir()
            (tmp_path / "repo").mkdir()
            (tmp_path / "repo" / "thesis.tex").touch()

    with pytest.raises(FileExistsError, match="it has been filled meanwhile"):
        build()
    assert contents(tmp_path) == {"repo", "repo/thesis.tex"}


def test_scratch_is_removed(tmp_path: Path) -> None:
    with contextlib.suppress(KeyboardInterrupt), scratch() as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert not folder.exists()


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        ("file", "it is not a folder"),
        ("file/a/b", "{folder}/file is not a folder"),
        ("/proc/nowhere/repo", "No such file or directory"),
        ("/dev/full", "it is not a folder"),
        ("dangling", "it is not a folder"),
        ("full", "it is not empty"),
        ("n" * 300, "File name too long"),
    ],
)
def test_folders_that_cannot_be_made(destination: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    before = contents(tmp_path)
    done = command("make-repo", "ci_hsc", destination, folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    place = words.format(folder=tmp_path)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"Error: ci_hsc cannot be made below {destination}: {place}")
    assert last.endswith(".")
    assert "Traceback" not in done.stderr
    assert contents(tmp_path) == before


def test_a_full_disk(tmp_path: Path) -> None:
    done = command("make-repo", "ci_hsc", "repo", folder=tmp_path, largest_file=100_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error: ci_hsc cannot be made below repo: " in done.stderr
    assert contents(tmp_path) == set()


def test_recipes_are_known_by_name(tmp_path: Path) -> None:
    unknown = command("make-repo", "ci_hcs", "there", folder=tmp_path)
    assert unknown.returncode == 1
    assert "No recipe 'ci_hcs'; there are: ci_hsc." in unknown.stderr
    assert contents(tmp_path) == set()
