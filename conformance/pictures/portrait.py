"""One drawing, in the three spaces in which it is compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conformance.implementations import Drawn
from conformance.oracles import device
from conformance.pictures import figures, numbers
from conformance.pictures.figures import FigureError, View
from conformance.pictures.numbers import Arrays, Numbers

if TYPE_CHECKING:
    from conformance.oracles.files import ExposureFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What was drawn, or what should be.

    Attributes
    ----------
    numbers, arrays
        What it shows as numbers; None where nobody says.
    unread
        Why the numbers cannot be read, where they were asked for.
    pixels
        Image and mask alone, one device pixel for each, shape (height, width, 3), the first row
        highest; None where the figure holds no image.
    whole
        The canvas as it was left; None for what no display drew.
    view
        The part of the parent image that `pixels` shows.
    places
        From a place on the canvas of `whole` to the image: (x, y) of the image, or None beside it.
    """

    pixels: NDArray[np.uint8] | None = None
    whole: NDArray[np.uint8] | None = None
    numbers: Numbers | None = None
    arrays: Arrays | None = None
    unread: str = ""
    view: View | None = None
    places: Callable[[int, int], tuple[int, int] | None] = lambda column, row: None


def of_figure(
    figure: Any,
    drawn: Callable[[], Drawn] | None = None,
    view: View | None = None,
    *,
    image: bool = True,
) -> Portrait:
    """Read a figure, and lay it out anew.

    Parameters
    ----------
    figure
        A matplotlib figure, which is changed.
    drawn
        Asks the display what it drew; None where nobody asks.
    view
        The part of the parent image to look at; that of the image itself unless given.
    image
        Whether the figure holds an image that is looked at by itself.
    """
    whole = figures.canvas_pixels(figure)
    if not image:
        return Portrait(whole=whole)
    places = _places(figures.image_axes(figure), len(whole))
    view = view or figures.own_view(figure)
    extent = [float(edge) for edge in figures.layers(figure)[0].get_extent()]
    shown = numbers.limits_of_axes(figure)
    figures.lay_out(figure, view)
    pixels = figures.canvas_pixels(figure)
    portrait = Portrait(pixels=pixels, whole=whole, view=view, places=places)
    if drawn is not None:
        portrait = _with_numbers(portrait, figure, drawn, extent, shown)
    if figures.colour_pixel_values(figure):
        portrait = replace(portrait, pixels=figures.canvas_pixels(figure))
    return portrait


def _with_numbers(
    portrait: Portrait,
    figure: Any,
    drawn: Callable[[], Drawn],
    extent: Sequence[float],
    shown: Sequence[float],
) -> Portrait:
    try:
        arrays = _arrays(figure)
        found = numbers.of_display(drawn(), arrays, extent, shown)
    except FigureError as error:
        return replace(portrait, unread=str(error))
    except Exception as error:
        text = f"what the display says of itself raised {type(error).__name__}: {error}"
        return replace(portrait, unread=text)
    return replace(portrait, arrays=arrays, numbers=found)


def _arrays(figure: Any) -> Arrays:
    layers = figures.layers(figure)
    if len(layers) > 2:
        raise FigureError(f"{len(layers)} images lie over each other, not one and its mask")
    mask = figures.layer_colours(figure, layers[1]) if len(layers) == 2 else None
    return numbers.arrays_of(figure, mask)


def of_file(held: ExposureFile, markers: tuple[Any, ...] = ()) -> Portrait:
    """Return what a display should draw of an exposure, without one."""
    found, arrays = numbers.of_file(held, markers)
    height, width = held.image.shape
    return Portrait(
        pixels=device.device_pixels(arrays.brightness, arrays.mask_layer),
        numbers=found,
        arrays=arrays,
        view=View.of((width, height), held.xy0),
    )


def _places(axes: Any, height: int) -> Callable[[int, int], tuple[int, int] | None]:
    inverse, box = axes.transData.inverted().frozen(), axes.get_window_extent().frozen()

    def place(column: int, row: int) -> tuple[int, int] | None:
        centre = (column + 0.5, height - row - 0.5)
        if not box.contains(*centre):
            return None
        x, y = inverse.transform(centre)
        return round(float(x)), round(float(y))

    return place
