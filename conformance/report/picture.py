"""Pictures inside the page: as data, and without the margin that surrounds what was drawn."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from conformance.case import PictureComparison

MARGIN = 12
SMALL = 320
Window: TypeAlias = tuple[int, int, int, int]


@dataclass(slots=True)
class Picture:
    """A picture that was drawn once or several times, byte for byte the same.

    Attributes
    ----------
    source
        The PNG file as a data URI.
    size
        Its (width, height) in pixels.
    window
        The part worth showing: (left, top, width, height) in pixels.
    labels
        Who drew it.
    """

    source: str
    size: tuple[int, int]
    window: Window
    labels: list[str] = field(default_factory=list)

    @property
    def frame_style(self) -> str:
        """The style of the frame, which is as wide as the window where there is room."""
        _, _, width, height = self.window
        return f"max-width: {max(width, SMALL)}px; aspect-ratio: {width} / {height}"

    @property
    def image_style(self) -> str:
        """The style that puts the window of the image into the frame."""
        left, top, width, height = self.window
        style = (
            f"width: {100 * self.size[0] / width:.4f}%; left: {-100 * left / width:.4f}%; "
            f"top: {-100 * top / height:.4f}%"
        )
        return f"{style}; image-rendering: pixelated" if width < SMALL else style

    def box_style(self, box: Window) -> str:
        """Return the style of a rectangle round a box (left, top, right, bottom) in pixels."""
        left, top, width, height = self.window
        return (
            f"left: {100 * (box[0] - left) / width:.4f}%; "
            f"top: {100 * (box[1] - top) / height:.4f}%; "
            f"width: {100 * (box[2] - box[0]) / width:.4f}%; "
            f"height: {100 * (box[3] - box[1]) / height:.4f}%"
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with its pictures.

    Attributes
    ----------
    comparison
        What was compared, and where it differs.
    expected, actual, difference
        The pictures; None where there is none.
    """

    comparison: PictureComparison
    expected: Picture | None
    actual: Picture | None
    difference: Picture | None

    @property
    def is_equal(self) -> bool:
        """Whether all pixels were compared, and none differs."""
        return self.comparison.total > 0 and self.comparison.count == 0

    @property
    def shown(self) -> list[tuple[str, Picture]]:
        """The pictures with a name each; one alone where they are the same."""
        if self.is_equal:
            named = [("expected and actual", self.expected or self.actual)]
        else:
            named = [("expected", self.expected), ("actual", self.actual)]
            named.append(("difference", self.difference))
        return [(name, picture) for name, picture in named if picture is not None]

    @property
    def can_slide(self) -> bool:
        """Whether expected and actual can lie upon each other, and differ."""
        if self.expected is None or self.actual is None or self.comparison.count == 0:
            return False
        return self.expected.size == self.actual.size

    @property
    def where(self) -> str:
        """How many pixels differ, and where, in words."""
        one = self.comparison
        if not one.count:
            return f"None of {one.total:,} pixels differs." if one.total else ""
        words = f"{one.count:,} of {one.total:,} pixels differ{'s' if one.count == 1 else ''}"
        if one.first is not None:
            words += f", the first at column {one.first[0]}, row {one.first[1]}"
        if one.box is not None and one.count > 1:
            left, top, right, bottom = one.box
            words += f", all in columns {left} to {right - 1} and rows {top} to {bottom - 1}"
        return f"{words}."


class Album:
    """The pictures of a page that are shown once, however often they were drawn."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def earlier(self, pictures: Sequence[Picture], place: str) -> str:
        """Return where the same pictures stand already; empty where they stand here first."""
        name = hashlib.sha256("\n".join(one.source for one in pictures).encode()).hexdigest()
        if name in self._places:
            return self._places[name]
        self._places[name] = place
        return ""


def compared(comparison: PictureComparison, folder: Path) -> Compared:
    """Return a comparison with its pictures from the folder of a report, all cut alike."""
    names = (comparison.expected, comparison.actual, comparison.difference)
    expected, actual, difference = (_load(folder / name) if name else None for name in names)
    alike = [
        picture
        for picture in (expected, actual, difference)
        if picture is not None and picture.size == (expected or picture).size
    ]
    if alike:
        whole = _union([picture.window for picture in alike])
        for picture in alike:
            picture.window = whole
    return Compared(comparison, expected, actual, difference)


def gather(pictures: Iterable[tuple[str, Path]]) -> list[Picture]:
    """Return the different pictures among several; missing files are left out.

    Parameters
    ----------
    pictures
        Who drew it, and the file, of each.
    """
    found: dict[str, Picture] = {}
    for label, path in pictures:
        if not path.is_file():
            continue
        name = hashlib.sha256(path.read_bytes()).hexdigest()
        if name not in found:
            loaded = _load(path)
            assert loaded is not None
            found[name] = loaded
        found[name].labels.append(label)
    return list(found.values())


def _load(path: Path) -> Picture | None:
    if not path.is_file():
        return None
    source = f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
    return Picture(source, *_window(path))


def _union(windows: list[Window]) -> Window:
    left = min(window[0] for window in windows)
    top = min(window[1] for window in windows)
    right = max(window[0] + window[2] for window in windows)
    bottom = max(window[1] + window[3] for window in windows)
    return left, top, right - left, bottom - top


def _window(path: Path) -> tuple[tuple[int, int], Window]:
    """Return the size of a picture and the part that differs from its corner, with a margin."""
    import numpy as np
    from matplotlib.image import imread

    pixels = imread(path)
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, width, -1)
    drawn = np.any(flat != flat[0, 0], axis=-1)
    if not drawn.any():
        return (width, height), (0, 0, width, height)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    left, top = max(0, int(columns[0]) - MARGIN), max(0, int(rows[0]) - MARGIN)
    right = min(width, int(columns[-1]) + 1 + MARGIN)
    bottom = min(height, int(rows[-1]) + 1 + MARGIN)
    return (width, height), (left, top, right - left, bottom - top)
