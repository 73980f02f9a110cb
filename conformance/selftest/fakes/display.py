"""A display that draws with matplotlib what LSST's would, in the plainest way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import CirclePolygon

from conformance.implementations import Drawn, Marker
from conformance.oracles.picture import PLANE_COLOURS, expected_colours
from conformance.oracles.zscale import zscale_limits


class FakeDisplay:
    """The calls of the notebook; each step of drawing is a method that a faulty one replaces."""

    def __init__(self, frame: int) -> None:
        self.figure = pyplot.figure(frame)
        self.markers: list[Marker] = []
        self.limits = (0.0, 1.0)
        self.planes: dict[str, int] = {}

    @staticmethod
    def setDefaultBackend(name: str) -> None:
        if name != "matplotlib":
            raise RuntimeError(f"Unable to set backend to {name}")

    def scale(self, algorithm: str, limits: str) -> None:
        self.algorithm = algorithm

    def find_limits(self, image: Any) -> tuple[float, float]:
        return zscale_limits(image)

    def colours(self, exposure: Any) -> Any:
        return expected_colours(exposure.image.array, exposure.mask.array, self.planes, self.limits)

    def mtv(self, exposure: Any) -> None:
        self.planes = exposure.mask.planes
        self.limits = self.find_limits(exposure.image.array)
        colours = self.colours(exposure)
        height, width = colours.shape[:2]
        axes = self.figure.add_axes((0.2, 0.1, 0.6, 0.8))
        shown = axes.imshow(
            np.asarray(colours),
            origin="lower",
            interpolation="nearest",
            extent=(-0.5, width - 0.5, -0.5, height - 0.5),
        )
        bar = self.figure.add_axes((0.7, 0.1, 0.03, 0.8))
        shades = pyplot.cm.ScalarMappable(Normalize(*self.limits), cmap="gray")
        self.figure.colorbar(shades, cax=bar)
        pyplot.sca(axes)
        self.axes, self.shown = axes, shown

    image = mtv

    def dot(self, symbol: str, x: float, y: float, size: float = 2, ctype: str = "green") -> None:
        self.markers.append(Marker(symbol, x, y, size, ctype))
        draw = self.draw_circle if symbol == "o" else self.draw_cross
        draw(x, y, size, ctype)

    def draw_circle(self, x: float, y: float, size: float, colour: str) -> None:
        self.axes.add_patch(CirclePolygon((x, y), size, fill=False, ec=colour, lw=1))

    def draw_cross(self, x: float, y: float, size: float, colour: str) -> None:
        for across, up in ((size, 0), (0, size)):
            ends = [x - across, x + across], [y - up, y + up]
            self.axes.add_line(Line2D(*ends, color=colour, lw=1.5, zorder=2))

    @contextmanager
    def Buffering(self) -> Iterator[None]:
        yield

    def drawn(self) -> Drawn:
        return Drawn(
            limits=self.limits,
            algorithm=self.algorithm,
            markers=tuple(self.markers),
            mask_planes={name: PLANE_COLOURS.get(name, "red") for name in self.planes},
        )
