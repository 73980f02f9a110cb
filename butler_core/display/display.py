"""The display of a notebook: `lsst.afw.display.Display`, which keeps a scene."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, ClassVar, Self

from ..errors import DisplayError, DisplayValueError
from . import defaults
from .backends import Backend, backend_class
from .defaults import DEFAULTS
from .displayable import displayable
from .drawing import PARENT, Drawing
from .scale import Scale
from .scene import Extent, ImageLayer, MaskLayer, Scene, View
from .settings import Settings

__all__ = ["Display"]


class Display(Settings, Drawing):
    """A picture of one image, with its mask and with marks.

    Parameters
    ----------
    frame : `int`, `str` or a figure of the backend, optional
        What names the display; the default frame unless given. For matplotlib
        it is the number of the figure, which is adopted if it is open.
    backend : `str`, optional
        What draws; the default backend unless given, and matplotlib if there
        is none.
    **options
        Arguments of the backend.

    Raises
    ------
    DisplayError
        Raised if the backend cannot be used.

    Notes
    -----
    Coordinates are those of the parent image: 0-based columns and rows plus the
    image's XY0, with whole numbers at the centres of pixels.
    """

    _displays: ClassVar[dict[Any, Display]] = {}

    setDefaultBackend = staticmethod(defaults.setDefaultBackend)
    getDefaultBackend = staticmethod(defaults.getDefaultBackend)
    setDefaultFrame = staticmethod(defaults.setDefaultFrame)
    getDefaultFrame = staticmethod(defaults.getDefaultFrame)
    incrDefaultFrame = staticmethod(defaults.incrDefaultFrame)
    setDefaultMaskTransparency = staticmethod(defaults.setDefaultMaskTransparency)
    setDefaultMaskPlaneColor = staticmethod(defaults.setDefaultMaskPlaneColor)
    setDefaultImageColormap = staticmethod(defaults.setDefaultImageColormap)

    def __init__(self, frame: Any = None, backend: str | None = None, **options: Any) -> None:
        self.frame = DEFAULTS.frame if frame is None else frame
        self.name = backend or DEFAULTS.backend or "matplotlib"
        self.verbose = bool(options.get("verbose", False))
        self._backend: Backend | None = backend_class(self.name)(self.frame, **options)
        Settings.__init__(self, self._backend)
        Drawing.__init__(self)
        self._scene = Scene()
        Display._displays[self.frame] = self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __str__(self) -> str:
        return f"Display[{self.frame}]"

    def __repr__(self) -> str:
        return f"Display(frame={self.frame!r}, backend={self.name!r})"

    def __getattr__(self, name: str) -> Any:
        """Return what the backend offers beyond this class, such as `savefig`."""
        if not name.startswith("_"):
            value = getattr(self._open_backend(), name, None)
            if value is not None:
                self._draw_glyphs()
                return value
        raise AttributeError(f"{self} with the backend {self.name} has no attribute {name!r}")

    def _open_backend(self) -> Backend:
        if self._backend is None:
            raise DisplayError(f"{self} is closed. Make another: Display({self.frame!r}).")
        return self._backend

    @staticmethod
    def getDisplay(
        frame: Any = None,
        backend: str | None = None,
        create: bool = True,
        verbose: bool = False,
        **options: Any,
    ) -> Display:
        """Return the display of a frame; make it if there is none.

        Parameters
        ----------
        frame : optional
            The frame; the default one unless given.
        backend : `str`, optional
            What draws a display that is made; ``""`` makes none.
        create : `bool`, optional
            Whether to make one. afwDisplay documents this and makes one anyway.
        verbose : `bool`, optional
            Whether the backend may be talkative.
        **options
            Arguments of the backend.

        Returns
        -------
        display : `Display`
            The display.

        Raises
        ------
        DisplayError
            Raised if there is none and none is to be made.
        """
        frame = DEFAULTS.frame if frame is None else frame
        display = Display._displays.get(frame)
        if display is None:
            if backend == "" or not create:
                known = ", ".join(str(other) for other in Display._displays) or "none"
                raise DisplayError(f"Frame {frame} does not exist; open frames: {known}.")
            display = Display(frame, backend, verbose=verbose, **options)
        display.verbose = verbose
        return display

    @staticmethod
    def delAllDisplays() -> None:
        """Close all displays; their figures stay as they are."""
        for display in list(Display._displays.values()):
            display.close()

    @property
    def scene(self) -> Scene:
        """What is shown, with the marks of an open `Buffering` (`Scene`)."""
        if len(self._scene.glyphs) != len(self._glyphs):
            self._scene = replace(self._scene, glyphs=tuple(self._glyphs))
        return self._scene

    def close(self) -> None:
        """Take the display out of the list of displays; its figure stays as it is."""
        if self._backend is not None:
            self._draw_glyphs()
            self._backend.close()
            self._backend = None
        if Display._displays.get(self.frame) is self:
            del Display._displays[self.frame]

    def show(self) -> None:
        """Bring the window to the front, where there is one."""
        self._draw_glyphs()
        self._open_backend().show()

    def mtv(self, data: Any, title: str = "", wcs: Any = None) -> None:
        """Show an image in place of what is shown.

        Parameters
        ----------
        data
            An exposure, a masked image, an image, a mask, or a two-dimensional
            array; see `displayable.displayable`.
        title : `str`, optional
            A line above the image.
        wcs : optional
            Taken for images without one, and not used: axes are in pixels.

        Raises
        ------
        DisplayError
            Raised if the data cannot be displayed, or the scale finds no limits
            in them. What was shown stays.
        """
        backend = self._open_backend()
        shown = displayable(data, wcs)
        extent = Extent.of(shown.image.shape, shown.xy0)
        stretch = self._scale.stretch(shown.image, shown.mask, shown.planes)
        ends = stretch.colour_bar if stretch is not None else Scale.data_range(shown.image)
        mask = None
        if shown.mask is not None:
            mask = MaskLayer(shown.mask, extent, self._style.planes(shown.planes or {}))
        self._scene = Scene(
            title=str(title or ""),
            image=ImageLayer(shown.image, extent, stretch, ends, self._colour_map),
            mask=mask,
            view=View(((extent.left + extent.right) / 2, (extent.bottom + extent.top) / 2)),
        )
        self._xy0 = shown.xy0
        self._glyphs, self._drawn = [], 0
        backend.show_image(self._scene)

    image = mtv

    def zoom(
        self,
        zoomfac: float | None = None,
        colc: float | None = None,
        rowc: float | None = None,
        origin: Any = PARENT,
    ) -> None:
        """Magnify the image, and pan.

        Parameters
        ----------
        zoomfac : `float`, optional
            The magnification: at 2 the shorter side of the image is shown, at 1
            twice as much. 2 unless given, and unchanged if a centre is given.
        colc, rowc : `float`, optional
            Column and row of the centre, in pixels.
        origin : optional
            `PARENT` or `LOCAL`.

        Raises
        ------
        DisplayError
            Raised before an image is shown.
        DisplayValueError
            Raised if only one of ``colc`` and ``rowc`` is given, or the
            magnification is not positive.
        """
        if (colc is None) != (rowc is None):
            raise DisplayValueError("Please specify row and column center to pan about")
        view = self._scene.view
        if view is None:
            raise DisplayError("There is no image to zoom; show one with mtv() first.")
        if colc is not None and rowc is not None:
            view = replace(view, centre=self._parent(colc, rowc, origin))
        elif zoomfac is None:
            zoomfac = 2
        if zoomfac is not None:
            if not zoomfac > 0:
                raise DisplayValueError(f"A magnification is above 0, not {zoomfac!r}.")
            view = replace(view, zoom=float(zoomfac))
        self._scene = replace(self._scene, view=view)
        self._open_backend().set_view(self._scene)

    def pan(
        self, colc: float | None = None, rowc: float | None = None, origin: Any = PARENT
    ) -> None:
        """Move the centre of the view; before any `zoom`, it waits for one.

        Parameters
        ----------
        colc, rowc : `float`
            Column and row of the centre, in pixels.
        origin : optional
            `PARENT` or `LOCAL`.
        """
        self.zoom(None, colc, rowc, origin)
