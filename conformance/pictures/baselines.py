"""The approved pictures: a PNG and a record each, in the folder ``golden_images`` of a suite."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from conformance.pictures.comparing import Pixels
from conformance.pictures.numbers import sha256
from conformance.pictures.record import Record, RecordError, from_text

FOLDER = "golden_images"
NAMELESS: dict[str, Any] = {"Software": None}
INSTALLED = Path(__file__).resolve().parents[1] / "_data" / FOLDER
CHECKOUT = Path(__file__).resolve().parents[2] / FOLDER


class BaselineError(Exception):
    """An approved picture is not there, or is not what its record says."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """An approved picture.

    Attributes
    ----------
    pixels
        Shape (height, width, 3), the first row highest.
    record
        What is written down of it.
    path
        Its PNG.
    """

    pixels: Pixels
    record: Record
    path: Path


def own_folder() -> Path:
    """Return the folder of the suite's own approved pictures, in a wheel or in a checkout."""
    return INSTALLED if INSTALLED.is_dir() else CHECKOUT


def read(folder: Path, name: str) -> Baseline:
    """Return an approved picture.

    Raises
    ------
    BaselineError
        Raised where it is not there, or not what its record says; the message says what to type.
    """
    png, text = folder / f"{name}.png", folder / f"{name}.json"
    approve = _approve(folder, name)
    if not png.is_file() and not text.is_file():
        raise BaselineError(f"there is no {_shown(png)}: nobody has approved it; {approve}")
    for there, missing in ((png, text), (text, png)):
        if not missing.is_file():
            raise BaselineError(f"{_shown(there)} is without {missing.name}; {approve}")
    try:
        record = from_text(text.read_text(encoding="utf-8"))
        pixels = read_png(png)
    except (RecordError, OSError, ValueError, SyntaxError) as error:
        broken = text if isinstance(error, RecordError | UnicodeDecodeError) else png
        raise BaselineError(f"{_shown(broken)} cannot be read: {error}; {approve}") from None
    if record.name != name:
        raise BaselineError(f"{_shown(text)} is the record of {record.name}; {approve}")
    if record.pixels != sha256(pixels):
        raise BaselineError(
            f"{_shown(png)} has other pixels than those that {text.name} was written for; put "
            f"back the one that was approved, or look at it and {approve}"
        )
    return Baseline(pixels, record, png)


def problems(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with a folder of approved pictures, a sentence each.

    Parameters
    ----------
    folder
        The folder.
    names
        The names of the pictures that the suite draws.
    """
    wanted = sorted(names)
    for name in wanted:
        try:
            read(folder, name)
        except BaselineError as error:
            yield str(error)
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if path.suffix not in (".png", ".json") or path.stem not in wanted:
            yield (
                f"{_shown(path)} belongs to no picture of the suite: remove it, or declare the "
                "picture that it shows"
            )


def write(folder: Path, pixels: Pixels, record: Record) -> None:
    """Write an approved picture and its record: both, or neither.

    Raises
    ------
    OSError
        Raised where they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = {
        folder / f"{record.name}{suffix}": folder / f".{record.name}.{os.getpid()}{suffix}"
        for suffix in (".png", ".json")
    }
    png, text = partial.values()
    try:
        write_png(png, pixels)
        text.write_text(record.to_text(), encoding="utf-8")
        _replace(partial)
    finally:
        for path in partial.values():
            path.unlink(missing_ok=True)


def _replace(partial: dict[Path, Path]) -> None:
    before = {path: path.read_bytes() if path.is_file() else None for path in partial}
    try:
        for path, new in partial.items():
            new.replace(path)
    except BaseException:
        for path, content in before.items():
            with contextlib.suppress(OSError):
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)
        raise


def read_png(path: Path) -> Pixels:
    """Return the pixels of an opaque PNG, shape (height, width, 3)."""
    from matplotlib.image import imread

    pixels = np.rint(np.asarray(imread(path)) * 255.0).astype(np.uint8)
    if pixels.ndim != 3 or (pixels.shape[2] == 4 and not (pixels[:, :, 3] == 255).all()):
        raise ValueError("it is not a picture of opaque colours")
    return np.ascontiguousarray(pixels[:, :, :3])


def write_png(path: Path, pixels: Pixels) -> None:
    """Write a PNG that does not name its maker, so that the same pixels make the same file."""
    from matplotlib.image import imsave

    imsave(path, pixels, format="png", metadata=NAMELESS)


def _approve(folder: Path, name: str) -> str:
    suite = "" if folder == own_folder() else f" --suite {folder.parent.name}"
    return f"approve it with `butler-conformance approve {name} --reason TEXT{suite}`"


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
