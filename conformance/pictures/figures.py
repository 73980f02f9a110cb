"""The pixels of a matplotlib figure: as it is, and laid out anew with one for each image pixel.

A picture whose pixels are resampled changes from one matplotlib to the next. On axes that lie on
whole pixels of the canvas, as large as the image, nothing is resampled, and the pixels are the same
in every release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DPI = 64  # a power of two, so that no size in inches is rounded


class FigureError(Exception):
    """A figure is not made as one that shows an image."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of the parent image that a canvas shows, and the size of the canvas.

    Attributes
    ----------
    limits
        Left, right, bottom and top edge in pixels of the parent image, whose centres are whole.
    size
        Width and height of the image in pixels.
    """

    limits: tuple[float, float, float, float]
    size: tuple[int, int]

    @classmethod
    def of(cls, size: tuple[int, int], xy0: tuple[int, int] = (0, 0)) -> View:
        """Return the view of a whole image that has its first pixel at `xy0`."""
        (width, height), (x0, y0) = size, xy0
        return cls((x0 - 0.5, x0 + width - 0.5, y0 - 0.5, y0 + height - 0.5), size)


def image_axes(figure: Any) -> Any:
    """Return the axes that hold an image.

    Raises
    ------
    FigureError
        Raised where there are none, or several.
    """
    found = [axes for axes in figure.axes if axes.images]
    if len(found) != 1:
        raise FigureError(
            f"{len(found)} of the {len(figure.axes)} axes of the figure hold an image, and not "
            "exactly one: its pixels cannot be laid out one to one"
        )
    return found[0]


def own_view(figure: Any) -> View:
    """Return the view of the image that a figure shows, as far as it says itself."""
    image = image_axes(figure).images[0]
    height, width = image.get_array().shape[:2]
    left, right, bottom, top = (float(edge) for edge in image.get_extent())
    return View((left, right, min(bottom, top), max(bottom, top)), (width, height))


def canvas_pixels(figure: Any) -> NDArray[np.uint8]:
    """Draw a figure and return its canvas, shape (height, width, 3), the first row highest.

    Raises
    ------
    FigureError
        Raised where the canvas is not opaque: it would look different on each page.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rgba = np.asarray(canvas.buffer_rgba())
    if not (rgba[:, :, 3] == 255).all():
        raise FigureError("the figure is not opaque; give it a face colour")
    return np.array(rgba[:, :, :3])


def layers(figure: Any) -> list[Any]:
    """Return the images of the axes, the lowest first."""
    return sorted(image_axes(figure).images, key=lambda image: image.get_zorder())


def lay_out(figure: Any, view: View) -> None:
    """Change a figure: its image fills a canvas of its own size, and all else is hidden.

    The axes keep the direction in which they count.
    """
    axes = image_axes(figure)
    left, right, bottom, top = view.limits
    _hide_others(figure.get_children(), [axes, figure.patch])
    _hide_others(axes.get_children(), axes.images)
    figure.patch.set_facecolor("white")
    figure.set_layout_engine("none")
    figure.set_dpi(DPI)
    figure.set_size_inches(view.size[0] / DPI, view.size[1] / DPI)
    axes.set_axes_locator(None)
    axes.set_axis_off()
    axes.set_aspect("auto")
    axes.set_position((0, 0, 1, 1))
    axes.set_xlim((right, left) if axes.xaxis_inverted() else (left, right))
    axes.set_ylim((top, bottom) if axes.yaxis_inverted() else (bottom, top))


def colour_pixel_values(figure: Any) -> bool:
    """Give matplotlib the colours of images instead of their pixel values; say whether it did.

    Before 3.10 it rescales pixel values while it places them, and so moves some by a grey level.
    Images that place themselves are left alone.
    """
    from matplotlib.image import AxesImage

    found = [
        image
        for image in layers(figure)
        if type(image).make_image is AxesImage.make_image and np.ndim(image.get_array()) == 2
    ]
    for image in found:
        image.set_data(image.to_rgba(image.get_array(), bytes=True))
    return bool(found)


def _hide_others(artists: Sequence[Any], kept: Sequence[Any]) -> None:
    for artist in artists:
        if not any(artist is one for one in kept):
            artist.set_visible(False)


def layer_colours(figure: Any, layer: Any) -> NDArray[np.uint8]:
    """Return the colours of one layer of a figure that is laid out, before it is mixed.

    Returns
    -------
    rgba
        Shape (height, width, 4), straight alpha, the first row lowest.
    """
    drawn, _, _, _ = layer.make_image(figure.canvas.get_renderer(), 1.0)
    return np.asarray(drawn)
