"""The folder of the reports: whether it can be written, and writing it without halves."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from conformance.case import Outcome, PictureComparison
from conformance.console import reason

NAMES = ("events.jsonl", "report.json", "junit.xml", "summary.md", "index.html")
PICTURES = "pictures"
REPRO = "repro"
OWN = {
    PICTURES: re.compile(r"[A-Z]+(-\d+)?\.[A-Za-z0-9_.-]+\.png"),
    REPRO: re.compile(r"[A-Z]+(-\d+)?\.[A-Za-z0-9_.-]+\.py"),
}


class ReportFolderError(Exception):
    """Reports cannot be written where they shall be."""


def check(folder: Path) -> None:
    """Make the folder where it is not there, and try whether reports can be written to it.

    Raises
    ------
    ReportFolderError
        Raised where they cannot.
    """
    try:
        for place in (folder, folder / PICTURES):
            place.mkdir(parents=True, exist_ok=True)
            write(place / "probe", "")
            (place / "probe").unlink()
        taken = next((name for name in NAMES if (folder / name).is_dir()), "")
        if taken:
            raise IsADirectoryError(0, f"{taken} is a folder there")
    except OSError as error:
        raise ReportFolderError(
            f"reports cannot be written to {folder}: {reason(error)}; name a folder that can be "
            "made and written to."
        ) from error


def clear(folder: Path) -> None:
    """Remove the reports of an earlier run, so that none of them is taken for this run's."""
    for name in NAMES:
        (folder / name).unlink(missing_ok=True)
    for kind, own in OWN.items():
        for old in _files(folder / kind):
            if own.fullmatch(old.name):
                old.unlink()
        for emptied in (*(folder / kind).glob("*/"), folder / kind):
            with contextlib.suppress(OSError):  # what others put there stays
                emptied.rmdir()
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    for pattern in ("*", "*/*"):
        yield from (path for path in folder.glob(pattern) if path.is_file())


def subfolders(names: Sequence[str]) -> list[str]:
    """Return a folder name for each of several Butlers, for their pictures and scripts.

    One Butler alone needs none: its name is empty.
    """
    if len(names) == 1:
        return [""]
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")[:60] or "butler"
        number = 2
        free = plain
        while free in found:
            free, number = f"{plain}-{number}", number + 1
        found.append(free)
    return found


def file_name(case: str) -> str:
    """Return the id of a case as the stem of a file name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", case)


def moved(outcome: Outcome, subfolder: str) -> Outcome:
    """Return an outcome whose pictures are named in a subfolder of the pictures of a report."""

    def place(name: str) -> str:
        return f"{PICTURES}/{subfolder}/{PurePosixPath(name).name}" if name else ""

    def placed(one: PictureComparison) -> PictureComparison:
        return replace(
            one,
            expected=place(one.expected),
            actual=place(one.actual),
            difference=place(one.difference),
        )

    return replace(
        outcome,
        pictures=tuple(map(place, outcome.pictures)),
        comparisons=tuple(map(placed, outcome.comparisons)),
    )


def write(path: Path, text: str) -> None:
    """Write a text file under another name, and give it its own when it is whole.

    Letters that UTF-8 cannot hold, which file names and output may have, become escapes.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8", errors="backslashreplace")
        partial.replace(path)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
