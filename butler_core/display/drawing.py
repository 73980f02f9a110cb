"""What a display draws over its image: symbols, texts and lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import DisplayError, DisplayValueError
from .backends import Backend
from .colours import mark_colour
from .marks import mark
from .scene import Mark, PolyLine

__all__ = ["LOCAL", "PARENT", "Drawing"]

PARENT = "PARENT"
LOCAL = "LOCAL"


class Drawing(ABC):
    """The part of `Display` that collects marks and lines, and has them drawn."""

    def __init__(self) -> None:
        self._glyphs: list[Mark | PolyLine] = []
        self._drawn = 0
        self._buffers = 0
        self._xy0 = (0, 0)

    @abstractmethod
    def _open_backend(self) -> Backend:
        """Return what draws."""

    def dot(
        self,
        symb: Any,
        c: float,
        r: float,
        size: float = 2,
        ctype: Any = None,
        origin: Any = PARENT,
        **options: Any,
    ) -> None:
        """Draw a symbol.

        Parameters
        ----------
        symb : `str`, `int` or an ellipse
            ``"+"``, ``"x"``, ``"*"``, ``"o"``, ``"@:Mxx,Mxy,Myy"``, an ellipse
            object, or a text.
        c, r : `float`
            Column and row of the centre, in pixels. They are drawn where they
            are: afwDisplay rounds those of a ``+`` to six digits on the way.
        size : `float`, optional
            Radius of the circle, length of an arm of the others, in pixels.
        ctype : `str`, optional
            The colour, green unless given.
        origin : optional
            `PARENT`, or `LOCAL` if ``c`` and ``r`` count from the first pixel
            of the image.
        **options
            ``fontFamily`` and ``textAngle``, taken and not used, as
            afwDisplay's matplotlib backend does.

        Raises
        ------
        DisplayValueError
            Raised if there is no such colour or ellipse.
        """
        if origin is not PARENT:
            c, r = self._parent(c, r, origin)
        self._glyphs.append(mark(symb, c, r, size, ctype))
        if not self._buffers:
            self._draw_glyphs()

    def line(
        self,
        points: Sequence[tuple[float, float]],
        origin: Any = PARENT,
        symbs: Any = False,
        ctype: Any = None,
        size: float = 0.5,
    ) -> None:
        """Join points by a line, or draw a symbol at each.

        Parameters
        ----------
        points : sequence of `tuple` [ `float` ]
            Columns and rows.
        origin : optional
            `PARENT` or `LOCAL`.
        symbs : sequence or `bool`, optional
            The symbol at each point, or one for all, instead of a line.
        ctype : `str`, optional
            The colour, green unless given.
        size : `float`, optional
            The size of the symbols, in pixels.
        """
        if symbs:
            each = "+" * len(points) if symbs is True else symbs
            if len(each) == 1:
                each = list(each) * len(points)
            if len(each) < len(points):
                raise DisplayValueError(f"{len(points)} points have {len(each)} symbols.")
            with self.Buffering():
                for symb, (c, r) in zip(each, points, strict=False):
                    self.dot(symb, c, r, size, ctype, origin)
        elif len(points):
            corners = tuple(self._parent(c, r, origin) for c, r in points)
            self._glyphs.append(PolyLine(corners, mark_colour(ctype)))
            if not self._buffers:
                self._draw_glyphs()

    def centroids(self, catalog: Iterable[Any], *, symbol: str = "o", **options: Any) -> None:
        """Draw a symbol at each source.

        Parameters
        ----------
        catalog : `~butler_core.image.SourceCatalog`
            Sources with ``getX`` and ``getY``.
        symbol : `str`, optional
            What to draw.
        **options
            Further arguments of `dot`, such as ``size`` and ``ctype``.

        Raises
        ------
        DisplayError
            Raised if the sources have no centroids.
        """
        try:
            places = [(source.getX(), source.getY()) for source in catalog]
        except (AttributeError, LookupError) as error:
            raise DisplayError(
                f"Cannot display a catalog that does not define the centroid slot: {error}"
            ) from error
        with self.Buffering():
            for x, y in places:
                self.dot(symbol, x, y, **options)

    @contextmanager
    def Buffering(self) -> Iterator[None]:
        """Collect marks, and draw them together at the end of the block.

        The result is the same, and comes sooner. Interactive mode is afterwards
        what it was before; afwDisplay leaves it on.
        """
        backend = self._open_backend()
        self._buffers += 1
        if self._buffers == 1:
            backend.buffer(True)
        try:
            yield
        finally:
            self._buffers -= 1
            if not self._buffers:
                self._draw_glyphs()
                backend.buffer(False)

    def flush(self) -> None:
        """Draw what was collected so far."""
        self._draw_glyphs()

    def _draw_glyphs(self) -> None:
        if self._drawn < len(self._glyphs):
            new = self._glyphs[self._drawn :]
            self._drawn = len(self._glyphs)
            self._open_backend().draw_glyphs(new)

    def erase(self) -> None:
        """Remove marks and lines; the image stays."""
        self._glyphs, self._drawn = [], 0
        self._open_backend().erase_glyphs()

    def _parent(self, c: float, r: float, origin: Any) -> tuple[float, float]:
        """Return parent coordinates; LSST's own constants have the names of ours."""
        name = str(getattr(origin, "name", origin)).upper()
        if name == PARENT:
            return float(c), float(r)
        if name != LOCAL:
            raise DisplayValueError(f"An origin is PARENT or LOCAL, not {origin!r}.")
        x0, y0 = self._xy0
        return c + x0, r + y0
