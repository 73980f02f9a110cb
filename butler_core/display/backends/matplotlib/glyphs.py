"""Marks and lines as few artists, each pixel as if every mark were its own.

Drawn one by one, a plus is two `~matplotlib.lines.Line2D` and a circle a
`~matplotlib.patches.CirclePolygon`. Collections give the same pixels where
their caps and joints are set to those of these artists, which are not the
defaults of collections.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse
from matplotlib.text import Text

from ...markers import Strokes, markers
from ...scene import Mark, PolyLine

__all__ = ["artists"]

_Glyph = Mark | PolyLine


def artists(glyphs: Sequence[_Glyph]) -> Iterator[Any]:
    """Make the artists that draw marks and lines.

    Parameters
    ----------
    glyphs : sequence of `Mark` and `PolyLine`
        What to draw, in the order of drawing.

    Yields
    ------
    artist : `matplotlib.artist.Artist`
        In the order in which they have to be added. One holds all neighbours
        of one kind; the order of drawing is kept.
    """
    ordered = sorted(glyphs, key=attrgetter("zorder"))
    for (zorder, kind), group in groupby(ordered, key=lambda glyph: (glyph.zorder, _kind(glyph))):
        run: list[Any] = list(group)
        if kind == "symbol":
            yield from _symbols(run, zorder)
        else:
            for glyph in run:
                yield _SINGLE[kind](glyph)


def _kind(glyph: _Glyph) -> str:
    if isinstance(glyph, PolyLine):
        return "line"
    if glyph.ellipse is not None:
        return "ellipse"
    return "symbol" if glyph.symbol in markers() else "text"


def _symbols(run: Sequence[Mark], zorder: float) -> Iterator[Any]:
    known = markers()
    for strokes, group in groupby(run, key=lambda mark: isinstance(known[mark.symbol], Strokes)):
        marks = list(group)
        shapes = _shapes(marks)
        if strokes:
            counts = [len(shape) for shape in shapes]
            yield LineCollection(
                [stroke for shape in shapes for stroke in shape],
                colors=_each(map(attrgetter("colour"), marks), counts),
                linewidths=_each(map(attrgetter("line_width"), marks), counts),
                capstyle="projecting",
                joinstyle="round",
                zorder=zorder,
            )
        else:
            yield PolyCollection(
                shapes,
                facecolors="none",
                edgecolors=_each(map(attrgetter("colour"), marks)),
                linewidths=_each(map(attrgetter("line_width"), marks)),
                capstyle="butt",
                joinstyle="miter",
                zorder=zorder,
            )


def _each(values: Iterable[Any], counts: Sequence[int] | None = None) -> list[Any]:
    """Repeat each value as often as said; one that is common to all stands alone."""
    listed = list(values)
    if len(set(listed)) == 1:
        return listed[:1]
    if counts is None:
        return listed
    return [value for value, count in zip(listed, counts, strict=True) for _ in range(count)]


def _shapes(marks: Sequence[Mark]) -> list[Any]:
    """Return the points of each mark, computed at once for those of one symbol."""
    shapes: list[Any] = [None] * len(marks)
    places: dict[str, list[int]] = {}
    for index, mark in enumerate(marks):
        places.setdefault(mark.symbol, []).append(index)
    for symbol, indices in places.items():
        table = np.array([marks[index][1:4] for index in indices], dtype=float)
        placed = markers()[symbol].at(*table.T)
        for index, shape in zip(indices, placed, strict=True):
            shapes[index] = shape
    return shapes


def _line(line: PolyLine) -> Line2D:
    x, y = np.array(line.points, dtype=float).T
    return Line2D(x, y, color=line.colour, linewidth=line.line_width, zorder=line.zorder)


def _ellipse(mark: Mark) -> Ellipse:
    a, b, theta = mark.ellipse or (mark.size, mark.size, 0.0)
    return Ellipse(
        (mark.x, mark.y),
        width=2 * b,
        height=2 * a,
        angle=90 + math.degrees(theta),
        edgecolor=mark.colour,
        facecolor="none",
        linewidth=mark.line_width,
        zorder=mark.zorder,
    )


def _text(mark: Mark) -> Text:
    return Text(
        mark.x,
        mark.y,
        mark.symbol,
        color=mark.colour,
        horizontalalignment="center",
        verticalalignment="center",
        zorder=mark.zorder,
        clip_on=False,
    )


_SINGLE: dict[str, Callable[[Any], Any]] = {"line": _line, "ellipse": _ellipse, "text": _text}
