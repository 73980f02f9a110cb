"""A clean display state for each test, and small images to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from butler_core.display import Display, delAllDisplays
from butler_core.display.defaults import DEFAULTS
from butler_core.display.planes import PlaneStyle
from butler_core.image import Image, Mask, MaskedImage

PLANES = [
    "BAD",
    "SAT",
    "INTRP",
    "CR",
    "EDGE",
    "DETECTED",
    "DETECTED_NEGATIVE",
    "SUSPECT",
    "NO_DATA",
    "BRIGHT_OBJECT",
    "CROSSTALK",
    "NOT_DEBLENDED",
    "UNMASKEDNAN",
    "CLIPPED",
    "REJECTED",
]
"""The fifteen planes of an HSC calexp, in the order of their numbers."""


@pytest.fixture(autouse=True)
def clean_display() -> Iterator[None]:
    """Draw without a screen, and leave no display, figure or default behind."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    colours = dict(PlaneStyle.defaults)
    plt.close("all")
    plt.ioff()
    yield
    delAllDisplays()
    plt.close("all")
    plt.ioff()
    DEFAULTS.backend, DEFAULTS.frame, DEFAULTS.colour_map = None, 0, "gray"
    DEFAULTS.transparencies = {}
    PlaneStyle.defaults.clear()
    PlaneStyle.defaults.update(colours)


SHAPE = (40, 30)
XY0 = (100, 200)


def image(shape: tuple[int, int] = (40, 30), xy0: tuple[int, int] = (0, 0)) -> Image:
    """Return noise about 100 with a bright square, in float32."""
    pixels = np.random.default_rng(5).normal(100, 10, shape).astype(np.float32)
    pixels[10:13, 10:13] += 3000
    return Image(pixels, xy0=xy0)


def masked_image(shape: tuple[int, int] = (40, 30), xy0: tuple[int, int] = (0, 0)) -> MaskedImage:
    """Return the image with a mask of fifteen planes, each set in some pixels."""
    bits = np.zeros(shape, np.int32)
    for plane in range(len(PLANES)):
        bits[2 * plane : 2 * plane + 4, plane : plane + 8] |= 1 << plane
    pixels = image(shape, xy0)
    mask = Mask(bits, {name: bit for bit, name in enumerate(PLANES)}, xy0=xy0)
    return MaskedImage(pixels, mask, Image(np.ones(shape, np.float32), xy0=xy0))


def canvas(display: Display) -> np.ndarray[Any, Any]:
    """Draw the display's figure and return its pixels, of shape (height, width, 4)."""
    figure = display.figure
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba()).copy()


def shown(scale: float, **masks: Any) -> Display:
    """Show the masked image alone on its figure, each pixel ``scale`` dots wide.

    Its planes are invisible but for those whose transparency is given.
    """
    import matplotlib.pyplot as plt

    figure = plt.figure(1, figsize=(SHAPE[1] * scale / 100, SHAPE[0] * scale / 100), dpi=100)
    display = Display(1, "matplotlib")
    display.setMaskTransparency(100)
    display.setMaskTransparency(masks)
    display.scale("asinh", "zscale")
    pixels = masked_image(SHAPE, XY0)
    pixels.image.array[3, 5] = np.nan
    pixels.image.array[4, 6] = np.inf
    display.mtv(pixels)
    display.show_colorbar(False)
    plt.axis("off")
    plt.gca().set_position((0, 0, 1, 1))
    assert plt.gcf() is figure
    return display
