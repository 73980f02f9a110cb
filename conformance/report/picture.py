"""Pictures inside the page: as data, and without the margin that surrounds what was drawn."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MARGIN = 12


@dataclass(slots=True)
class Picture:
    """A picture that one or more dialects drew, byte for byte the same.

    Attributes
    ----------
    source
        The PNG file as a data URI.
    size
        Its (width, height) in pixels.
    window
        The part worth showing: (left, top, width, height) in pixels.
    dialects
        The dialects that drew it.
    """

    source: str
    size: tuple[int, int]
    window: tuple[int, int, int, int]
    dialects: list[str] = field(default_factory=list)

    @property
    def frame_style(self) -> str:
        """The style of the frame, which is as wide as the window where there is room."""
        _, _, width, height = self.window
        return f"max-width: {width}px; aspect-ratio: {width} / {height}"

    @property
    def image_style(self) -> str:
        """The style that puts the window of the image into the frame."""
        left, top, width, height = self.window
        return (
            f"width: {100 * self.size[0] / width:.4f}%; left: {-100 * left / width:.4f}%; "
            f"top: {-100 * top / height:.4f}%"
        )


def gather(pictures: Iterable[tuple[str, Path]]) -> list[Picture]:
    """Return the different pictures among those of several dialects; missing files are left out.

    Parameters
    ----------
    pictures
        Dialect and file of each.
    """
    found: dict[str, Picture] = {}
    for dialect, path in pictures:
        if not path.is_file():
            continue
        content = path.read_bytes()
        name = hashlib.sha256(content).hexdigest()
        if name not in found:
            source = f"data:image/png;base64,{base64.b64encode(content).decode()}"
            size, window = _window(path)
            found[name] = Picture(source, size, window)
        found[name].dialects.append(dialect)
    return list(found.values())


def _window(path: Path) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
    """Return the size of a picture and the part that differs from its corner, with a margin."""
    import numpy as np
    from matplotlib.image import imread

    pixels = imread(path)
    height, width = pixels.shape[:2]
    drawn = np.any(pixels != pixels[0, 0], axis=-1)
    if not drawn.any():
        return (width, height), (0, 0, width, height)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    left, top = max(0, int(columns[0]) - MARGIN), max(0, int(rows[0]) - MARGIN)
    right = min(width, int(columns[-1]) + 1 + MARGIN)
    bottom = min(height, int(rows[-1]) + 1 + MARGIN)
    return (width, height), (left, top, right - left, bottom - top)
