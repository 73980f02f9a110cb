"""The folder of the reports: whether it can be written, and writing it without halves."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from conformance.console import reason

NAMES = ("events.jsonl", "report.json", "junit.xml", "summary.md", "index.html")
PICTURES = "pictures"
OWN_PICTURE = re.compile(r"[A-Z]+-\d+\.[a-z0-9_]+\.png")


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
    for old in (folder / PICTURES).glob("*.png"):
        if OWN_PICTURE.fullmatch(old.name):
            old.unlink()


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
