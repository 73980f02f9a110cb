"""What a display shows, as plain records: the limits, the layers, the marks.

A `Scene` is made of numbers and arrays, and knows nothing of the library that
draws it. Backends draw it; tests and reports read it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .mask_overlay import Plane
from .stretches import Stretch

__all__ = ["Extent", "ImageLayer", "Mark", "MaskLayer", "PolyLine", "Scene", "View"]


class Extent(NamedTuple):
    """The outer edges of an image in parent pixel coordinates.

    The centre of a pixel has whole coordinates, so the edges have halves.
    """

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def of(cls, shape: tuple[int, ...], xy0: tuple[int, int]) -> Extent:
        """Return the extent of an image.

        Parameters
        ----------
        shape : `tuple` [ `int` ]
            Height and width.
        xy0 : `tuple` [ `int` ]
            Parent x and y of the image's first pixel.

        Returns
        -------
        extent : `Extent`
            Its edges.
        """
        height, width = shape[:2]
        x0, y0 = xy0
        return cls(x0 - 0.5, x0 + width - 0.5, y0 - 0.5, y0 + height - 0.5)


class Mark(NamedTuple):
    """One symbol at one place."""

    symbol: str
    """``+``, ``x``, ``*``, ``o``, ``@`` for an ellipse, or a text."""

    x: float
    """Parent column of the centre, in pixels. Never rounded."""

    y: float
    """Parent row of the centre, in pixels. Never rounded."""

    size: float
    """Radius or length of an arm, in pixels of the image."""

    colour: str
    """The colour as it is drawn."""

    line_width: float
    """In points."""

    zorder: float
    """Marks of a higher order are drawn over those of a lower one."""

    ellipse: tuple[float, float, float] | None = None
    """Semi-axes a and b in pixels and the angle of a from the x axis in radians."""


class PolyLine(NamedTuple):
    """Points joined by straight lines."""

    points: tuple[tuple[float, float], ...]
    """Parent x and y of each, in pixels."""

    colour: str
    """The colour as it is drawn."""

    line_width: float = 1.5
    """In points."""

    zorder: float = 2
    """Lines of a higher order are drawn over those of a lower one."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageLayer:
    """An image, and how its values become grey."""

    pixels: npt.NDArray[Any]
    """The values, of shape (height, width), in native byte order."""

    extent: Extent
    """Where it lies."""

    stretch: Stretch | None
    """The stretch; `None` is linear between the smallest and the largest pixel."""

    colour_bar: tuple[float, float]
    """The pixel values at the ends of the colour bar."""

    colour_map: str
    """The name of the colour map."""


@dataclass(frozen=True, slots=True, eq=False)
class MaskLayer:
    """A mask, and how its planes are drawn."""

    pixels: npt.NDArray[Any]
    """The bits, of shape (height, width), in native byte order."""

    extent: Extent
    """Where it lies."""

    planes: tuple[Plane, ...]
    """The planes by their numbers."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of the image that is shown."""

    centre: tuple[float, float]
    """Parent x and y of the centre, in pixels."""

    zoom: float | None = None
    """The magnification; `None` shows the whole image."""

    def limits(self, shape: tuple[int, ...]) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return what part of the plane is shown.

        Parameters
        ----------
        shape : `tuple` [ `int` ]
            Height and width of the image.

        Returns
        -------
        x, y : `tuple` [ `float` ]
            The limits, each the centre plus and minus ``min(shape) / zoom``.
        """
        zoom = 1.0 if self.zoom is None else self.zoom
        reach = max(min(shape), zoom) / zoom
        (x, y) = self.centre
        return (x - reach, x + reach), (y - reach, y + reach)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that a display shows."""

    title: str = ""
    """The line above the image."""

    image: ImageLayer | None = None
    """The image."""

    mask: MaskLayer | None = None
    """The mask over it."""

    view: View | None = None
    """The part shown; `None` before anything is displayed."""

    glyphs: tuple[Mark | PolyLine, ...] = field(default=())
    """Marks and lines in the order in which they came."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The symbols and texts among the glyphs."""
        return tuple(glyph for glyph in self.glyphs if isinstance(glyph, Mark))

    @property
    def lines(self) -> tuple[PolyLine, ...]:
        """The lines among the glyphs."""
        return tuple(glyph for glyph in self.glyphs if isinstance(glyph, PolyLine))

    def record(self) -> dict[str, Any]:
        """Return the scene as plain values, without the pixels.

        Returns
        -------
        record : `dict` [ `str`, `typing.Any` ]
            Ready for JSON: `None` for NaN and infinity, and for an array its
            shape, its dtype and the SHA-256 of its bytes in little-endian, C order.
        """
        image, mask = self.image, self.mask
        return {
            "title": self.title,
            "image": image
            and {
                "pixels": _fingerprint(image.pixels),
                "extent": list(image.extent),
                "stretch": image.stretch and image.stretch.record(),
                "colour_bar": list(image.colour_bar),
                "colour_map": image.colour_map,
            },
            "mask": mask
            and {
                "pixels": _fingerprint(mask.pixels),
                "extent": list(mask.extent),
                "planes": [
                    {
                        "name": plane.name,
                        "bit": plane.bit,
                        "colour": plane.colour,
                        "alpha": plane.alpha,
                    }
                    for plane in mask.planes
                ],
            },
            "view": self.view and {"centre": list(self.view.centre), "zoom": self.view.zoom},
            "glyphs": [_finite(glyph._asdict()) for glyph in self.glyphs],
        }


def _finite(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in record.items()
    }


def _fingerprint(array: npt.NDArray[Any]) -> dict[str, Any]:
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return {
        "shape": list(array.shape),
        "dtype": array.dtype.name,
        "sha256": hashlib.sha256(little.data).hexdigest(),
    }
