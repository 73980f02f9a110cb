"""The backend that draws with matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure

from ....errors import DisplayError, DisplayValueError, nearest
from ...scene import Mark, PolyLine, Scene
from .. import Backend
from .colour_bar import add_colour_bar
from .glyphs import artists
from .norm import StretchNorm
from .sampled_image import MaskImage, PixelImage

__all__ = ["MatplotlibBackend"]


class MatplotlibBackend(Backend):
    """Draws on one figure.

    Parameters
    ----------
    frame : `int`, `str` or `matplotlib.figure.Figure`
        The number or label of a figure of pyplot, which is made, or adopted as
        it stands and cleared. A figure given itself is not cleared, and its
        current axes are used: so one figure may hold several panels.
    verbose : `bool`, optional
        Taken for afwDisplay's sake, and not used.
    dpi : `float`, optional
        Dots per inch of a figure that is made.
    """

    name: ClassVar[str] = "matplotlib"

    def __init__(self, frame: Any, *, verbose: bool = False, dpi: float | None = None) -> None:
        if isinstance(frame, Figure):
            self.figure = frame
        else:
            exists = plt.fignum_exists(frame)
            self.figure = plt.figure(frame) if exists else plt.figure(frame, dpi=dpi)
            if exists and dpi is not None:
                self.figure.set_dpi(dpi)
            self.figure.clf()
        self._bars: dict[Axes, Axes] = {}
        self._glyphs: list[Any] = []
        self._image: PixelImage | None = None
        self._was_interactive: bool | None = None

    def show_image(self, scene: Scene) -> None:
        """Draw the image, its mask, its colour bar and its title on the current axes."""
        layer = scene.image
        if layer is None:
            raise DisplayError("There is no image in the scene.")
        axes = self.figure.gca()
        self._remove_bar(axes)
        axes.cla()
        self._glyphs = [artist for artist in self._glyphs if artist.axes is not None]
        axes.set_aspect("equal")
        norm = Normalize(*layer.colour_bar) if layer.stretch is None else StretchNorm(layer.stretch)
        self._image = PixelImage(axes, layer, norm)
        images: list[PixelImage | MaskImage] = [self._image]
        if scene.mask is not None and any(plane.alpha for plane in scene.mask.planes):
            images.append(MaskImage(axes, scene.mask, self._image.picker))
        for image in images:
            image.set_clip_path(axes.patch)
            image.set_extent(image.get_extent())
            axes.add_image(image)
        if scene.title:
            axes.set_title(scene.title)
        self.show_colorbar()
        self.set_view(scene)

    def show_colorbar(
        self,
        show: bool = True,
        where: str = "right",
        axSize: float | str = "5%",
        axPad: float | None = None,
        **options: Any,
    ) -> None:
        """Show the colour bar, or remove it.

        Parameters
        ----------
        show : `bool`, optional
            Whether there is one.
        where : `str`, optional
            At the ``right``, ``left``, ``top`` or ``bottom`` of the image.
        axSize : `str` or `float`, optional
            Its width, as a percentage of the image's or in inches.
        axPad : `float`, optional
            Its distance in inches: 0.1 beside the image, 0.3 above and below.
        **options
            Further arguments of `matplotlib.figure.Figure.colorbar`.

        Raises
        ------
        DisplayValueError
            Raised if ``where`` is none of the four.
        """
        if self._image is None or self._image.axes is None:
            return
        axes = self._image.axes
        self._remove_bar(axes)
        if show:
            self._bars[axes] = add_colour_bar(self._image, where, axSize, axPad, **options)

    def _remove_bar(self, axes: Axes) -> None:
        bar = self._bars.pop(axes, None)
        if bar is not None and bar.figure is not None:
            bar.remove()
            # The image gets back the room that was set aside for the bar.
            axes.set_axes_locator(None)  # type: ignore[arg-type]

    def draw_glyphs(self, glyphs: Sequence[Mark | PolyLine]) -> None:
        """Add marks and lines to the current axes, as few artists."""
        if not glyphs:
            return
        axes = self.figure.gca()
        for artist in artists(glyphs):
            axes.add_artist(artist)
            self._glyphs.append(artist)

    def erase_glyphs(self) -> None:
        """Remove the marks and lines, and all other lines, texts and patches of the figure."""
        others = [
            artist
            for axes in self.figure.axes
            for artist in (*axes.lines, *axes.texts, *axes.patches)
        ]
        for artist in dict.fromkeys([*self._glyphs, *others]):
            if artist.axes is not None:
                artist.remove()
        self._glyphs = []

    def set_view(self, scene: Scene) -> None:
        """Zoom the axes; without a zoom they show the image."""
        if scene.view is None or scene.view.zoom is None or scene.image is None:
            return
        axes = self.figure.gca()
        x, y = scene.view.limits(scene.image.pixels.shape)
        axes.set_xlim(x)
        axes.set_ylim(y)
        axes.set_aspect("equal", "datalim")

    def colour_map(self, cmap: Any) -> str:
        """Return the name of a colour map; one that is new to matplotlib is registered."""
        if isinstance(cmap, Colormap):
            if cmap.name not in matplotlib.colormaps:
                matplotlib.colormaps.register(cmap)
            return str(cmap.name)
        if cmap not in matplotlib.colormaps:
            raise DisplayValueError(
                f"matplotlib has no colour map {cmap!r}"
                f"{nearest(str(cmap), list(matplotlib.colormaps))}"
            )
        return str(cmap)

    def buffer(self, enable: bool) -> None:
        """Switch pyplot's interactive mode off, and back to what it was.

        afwDisplay leaves it on, also where it had been off.
        """
        if enable:
            self._was_interactive = plt.isinteractive()
            plt.ioff()
        elif self._was_interactive:
            plt.ion()
            self.figure.canvas.draw_idle()

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Write the figure to a file; see `matplotlib.figure.Figure.savefig`."""
        self.figure.savefig(*args, **kwargs)

    def show(self) -> None:
        """Bring the figure's window to the front, where there is one."""
        manager = self.figure.canvas.manager
        if manager is not None and plt.isinteractive():
            manager.show()

    def close(self) -> None:
        """Forget the artists; the figure stays open."""
        self._bars, self._glyphs, self._image = {}, [], None


BACKEND = MatplotlibBackend
