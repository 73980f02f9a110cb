"""Keeping pictures as files: beside a report, and for who approves."""

from __future__ import annotations

import shutil
from pathlib import Path

from conformance.case import PictureComparison
from conformance.pictures.baselines import Baseline, write_png
from conformance.pictures.comparing import Difference, Pixels, amplified


def kept(
    folder: Path | None, stem: str, baseline: Baseline, actual: Pixels, found: Difference
) -> PictureComparison:
    """Write the files of a comparison, and return it.

    Where nothing differs there is one file for both.

    Parameters
    ----------
    folder
        Where pictures go; None where nobody wants them.
    stem
        How the names of the files begin.
    baseline
        The approved picture.
    actual
        What was drawn.
    found
        How they differ.
    """
    names = {"expected": "", "actual": "", "difference": ""}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        names = write_files(folder, stem, baseline.path, baseline.pixels, actual, found)
    return PictureComparison(
        name=baseline.record.name,
        **{kind: f"pictures/{name}" if name else "" for kind, name in names.items()},
        count=found.count,
        total=found.total,
        first=found.first,
        box=found.box,
    )


def write_files(
    folder: Path, stem: str, approved: Path, expected: Pixels, actual: Pixels, found: Difference
) -> dict[str, str]:
    """Write the expected, the actual and the difference picture, and return their names."""
    names = {kind: f"{stem}.{kind}.png" for kind in ("expected", "actual", "difference")}
    shutil.copyfile(approved, folder / names["expected"])
    if not found.count:
        return {**names, "actual": names["expected"], "difference": ""}
    write_png(folder / names["actual"], actual)
    apart = amplified(expected, actual)
    if apart is None:
        return {**names, "difference": ""}
    write_png(folder / names["difference"], apart)
    return names
