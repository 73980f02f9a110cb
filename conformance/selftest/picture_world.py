"""A small exposure with sources, drawn through the public calls of `butler_core.display`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from butler_core.display import RED, Display, setDefaultBackend, setDefaultMaskPlaneColor
from butler_core.image import Exposure, Image, Mask, MaskedImage
from conformance.execution import execute
from conformance.implementations.butler_core import ButlerCore
from conformance.oracles.files import ExposureFile
from conformance.pictures import portrait
from conformance.pictures.drawing import Drawing
from conformance.pictures.figures import View
from conformance.pictures.portrait import Portrait

WIDTH, HEIGHT = 96, 128
XY0 = (100, 200)
PLANES = {"BAD": 0, "SAT": 1, "EDGE": 4, "DETECTED": 5, "CROSSTALK": 12}


@dataclass(frozen=True)
class Sky:
    """What is drawn, and how.

    Attributes
    ----------
    image, mask
        Pixels and bits, shape (height, width).
    xy0
        Where the first pixel lies in the parent image.
    sources
        Places of the sources, in pixels of the parent image.
    scale
        Keyword arguments of ``Display.scale`` beyond the algorithm and zscale.
    transparency
        That of the mask planes, in percent; None leaves it as it is.
    prepare
        Called with the display before the image is shown.
    """

    image: NDArray[np.float32]
    mask: NDArray[np.int32]
    xy0: tuple[int, int] = XY0
    sources: tuple[tuple[float, float], ...] = ()
    scale: dict[str, Any] = field(default_factory=dict)
    transparency: float | None = None
    prepare: Callable[[Display], None] = lambda display: None

    def held(self) -> ExposureFile:
        """Return it as if a file held it."""
        nothing = fits.Header()
        planes = dict(PLANES)
        return ExposureFile(
            self.image, self.mask, np.ones_like(self.image), planes, self.xy0, nothing, nothing
        )

    def draw(self) -> Portrait:
        """Draw it as cell 22 does, and read the figure as one that should lie at `XY0`."""
        import matplotlib.pyplot as plt

        plt.close("all")
        setDefaultBackend("matplotlib")
        setDefaultMaskPlaneColor()
        figure = plt.figure(figsize=(5, 4))
        display = Display(figure.number)
        display.scale("asinh", "zscale", **self.scale)
        if self.transparency is not None:
            display.setMaskTransparency(self.transparency)
        self.prepare(display)
        pixels = Image(self.image, xy0=self.xy0)
        variance = Image(np.ones_like(self.image), xy0=self.xy0)
        mask = Mask(self.mask, dict(PLANES), xy0=self.xy0)
        display.image(Exposure(MaskedImage(pixels, mask, variance)))
        plt.gca().axis("off")
        with display.Buffering():
            for x, y in self.sources:
                display.dot("+", x, y, ctype=RED)
                display.dot("o", x, y, size=5, ctype="orange")
        view = View.of((WIDTH, HEIGHT), XY0)
        return portrait.of_figure(figure, lambda: ButlerCore().drawn(display), view)

    def drawing(self, expected: Portrait | None) -> Drawing:
        """Draw it for a judge, beside what should be drawn."""
        return Drawing(
            execution=execute("", {}, "nothing"),
            portrait=self.draw(),
            expected=expected,
            held=self.held(),
        )


def sky() -> Sky:
    """Return noise with three stars, some mask planes, a NaN and an infinite pixel."""
    numbers = np.random.default_rng(3)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    image = numbers.normal(10.0, 4.0, (HEIGHT, WIDTH))
    mask = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    places = ((12.25, 20.5), (30.0, 41.75), (36.5, 9.0))
    for place_x, place_y in places:
        away = np.hypot(x - place_x, y - place_y)
        image += 900.0 * np.exp(-0.5 * (away / 1.8) ** 2)
        mask[away < 5] |= 1 << PLANES["DETECTED"]
    mask[:3] |= 1 << PLANES["EDGE"]
    mask[:, 20] |= 1 << PLANES["BAD"]
    mask[50:53, 30:34] |= 1 << PLANES["CROSSTALK"]
    image[5, 5], image[70, 4] = np.nan, np.inf
    parent = tuple((place_x + XY0[0], place_y + XY0[1]) for place_x, place_y in places)
    return Sky(image.astype(np.float32), mask, sources=parent)


def with_pixel(sky: Sky, x: int, y: int, more: float) -> Sky:
    """Return it with one pixel brighter."""
    image = sky.image.copy()
    image[y, x] += more
    return replace(sky, image=image)


def without_plane(sky: Sky, name: str) -> Sky:
    """Return it with one mask plane empty."""
    return replace(sky, mask=sky.mask & ~(1 << PLANES[name]))
