"""A WCS as the text of an AST FrameSet, which is how LSST's SkyWcs is kept.

Notes
-----
The maps are, in order: a shift to the reference pixel; for TAN-SIP the
polynomials of the distortion; the CD matrix, to degrees in the projection
plane; the gnomonic projection; the rotation of the native sphere to (ra, dec),
whose columns are the native axes: with the reference point (a, d) the rows are
(sin d cos a, -sin a, cos d cos a), (sin d sin a, cos a, cos d sin a) and
(-cos d, 0, sin d).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .wcs import SkyWcs

__all__ = ["frame_set_text"]

_Lines = list[str]
_TO_SPHERE = ("Nin = 3", "Nout = 2", "IsA Mapping", "UntRd = 1")
_TERM = re.compile(r"(AP|BP|A|B)_(\d+)_(\d+)$")


def frame_set_text(wcs: SkyWcs) -> str | None:
    """Return the text of a WCS.

    Parameters
    ----------
    wcs : `SkyWcs`
        The WCS.

    Returns
    -------
    text : `str` or `None`
        Nothing for a WCS that is not TAN or TAN-SIP in ICRS: LSST then takes
        that of the header.
    """
    header = wcs.to_header()
    projection = str(header["CTYPE1"])[4:].strip("-")
    if projection not in ("TAN", "TAN-SIP") or header.get("RADESYS", "ICRS").strip() != "ICRS":
        return None
    if header.get("LONPOLE", 180) != 180 or any(key.startswith("PV") for key in header):
        return None
    origin = wcs.getSkyOrigin()
    longitude = math.remainder(origin.getRa(), 2 * math.pi)
    latitude = float(origin.getDec())
    pixel = wcs.getPixelOrigin()
    to_plane = _matrix(wcs.getCdMatrix())
    if projection == "TAN-SIP":
        to_plane = _chain(_polynomial(dict(header)), to_plane)
    lines = _object(
        "FrameSet",
        ["IsA Frame", "Nframe = 3", "Currnt = 3", "Lnk2 = 1", "Lnk3 = 2"],
        Frm1=_frame("PIXELS"),
        Frm2=_frame("IWC", "FITS Intermediate World Coordinates", "deg"),
        Frm3=_sky_frame(longitude, latitude),
        Map2=_chain(_shift(-pixel.x, -pixel.y), to_plane),
        Map3=_sphere(longitude, latitude),
    )
    return "1 SkyWcs 0  " + "\n".join(lines) + "\n"


def _object(name: str, attributes: Iterable[str], **parts: _Lines) -> _Lines:
    lines = [f"Begin {name}", *(f"   {attribute}" for attribute in attributes)]
    for label, part in parts.items():
        lines.append(f"   {label} =")
        lines.extend(f"      {line}" for line in part)
    lines.append(f"End {name}")
    return lines


def _frame(domain: str, title: str = "", unit: str = "") -> _Lines:
    axis = _object("Axis", [f'Unit = "{unit}"'] if unit else [])
    attributes = ([f'Title = "{title}"'] if title else []) + ["Naxes = 2", f'Domain = "{domain}"']
    return _object("Frame", attributes, Ax1=axis, Ax2=axis)


def _sky_frame(longitude: float, latitude: float) -> _Lines:
    axis = _object("SkyAxis", [])
    lines = _object(
        "SkyFrame", ["Naxes = 2", 'System = "ICRS"', 'AlSys = "ICRS"'], Ax1=axis, Ax2=axis
    )
    ending = [
        "   IsA Frame",
        '   Proj = "gnomonic"',
        '   SRefIs = "Ignored"',
        f"   SRef1 = {longitude!r}",
        f"   SRef2 = {latitude!r}",
    ]
    return [*lines[:-1], *ending, lines[-1]]


def _chain(
    first: _Lines, second: _Lines, nin: int = 2, nout: int = 2, *, inverted: str = ""
) -> _Lines:
    """Return one map after another; ``inverted`` names those used backwards (A, B)."""
    sizes = [f"Nin = {nin}"] + ([f"Nout = {nout}"] if nout != nin else [])
    backwards = [f"Inv{which} = 1" for which in inverted]
    return _object("CmpMap", [*sizes, "IsA Mapping", *backwards], MapA=first, MapB=second)


def _shift(x: float, y: float) -> _Lines:
    return _object("WinMap", ["Nin = 2", "IsA Mapping", f"Sft1 = {x!r}", f"Sft2 = {y!r}"])


def _matrix(matrix: npt.NDArray[np.float64]) -> _Lines:
    size = len(matrix)
    inverse = np.linalg.inv(matrix)
    attributes = [f"Nin = {size}", "IsA Mapping"]
    attributes += [f"M{n} = {float(value)!r}" for n, value in enumerate(matrix.ravel())]
    attributes += [f"IM{n} = {float(value)!r}" for n, value in enumerate(inverse.ravel())]
    return _object("MatrixMap", [*attributes, 'Form = "Full"'])


def _polynomial(header: Mapping[str, Any]) -> _Lines:
    terms: dict[str, dict[tuple[int, int], float]] = {"A": {}, "B": {}, "AP": {}, "BP": {}}
    for key, value in header.items():
        match = _TERM.match(key)
        if match:
            terms[match[1]][int(match[2]), int(match[3])] = float(value)
    for name, linear in (("A", (1, 0)), ("AP", (1, 0)), ("B", (0, 1)), ("BP", (0, 1))):
        if terms[name] or not name.endswith("P"):
            terms[name][linear] = terms[name].get(linear, 0.0) + 1.0
    attributes = ["Nin = 2", "IsA Mapping"]
    attributes += _terms("F", terms["A"], terms["B"])
    if terms["AP"] and terms["BP"]:
        attributes += _terms("I", terms["AP"], terms["BP"])
    else:
        attributes.append("IterInv = 1")
    return _object("PolyMap", attributes)


def _terms(
    letter: str, x: Mapping[tuple[int, int], float], y: Mapping[tuple[int, int], float]
) -> _Lines:
    both = [*sorted(x.items()), *sorted(y.items())]
    lines = [f"MP{letter}{axis + 1} = {max(p[axis] for p, _ in both)}" for axis in (0, 1)]
    lines += [f"NC{letter}1 = {len(x)}", f"NC{letter}2 = {len(y)}"]
    lines += [f"C{letter}{n} = {value!r}" for n, (_, value) in enumerate(both, start=1)]
    powers = (power for pair, _ in both for power in pair)
    return lines + [f"P{letter}{n} = {power}" for n, power in enumerate(powers, start=1)]


def _sphere(longitude: float, latitude: float) -> _Lines:
    sin_a, cos_a = math.sin(longitude), math.cos(longitude)
    sin_d, cos_d = math.sin(latitude), math.cos(latitude)
    rotation = np.array(
        [
            [sin_d * cos_a, -sin_a, cos_d * cos_a],
            [sin_d * sin_a, cos_a, cos_d * sin_a],
            [-cos_d, 0.0, sin_d],
        ]
    )
    native = _object("SphMap", [*_TO_SPHERE, "PlrLg = 0"])
    celestial = _object("SphMap", [*_TO_SPHERE, f"PlrLg = {longitude % (2 * math.pi)!r}"])
    project = _object("WcsMap", ["Nin = 2", "IsA Mapping", 'Type = "TAN"'])
    degrees = _object("ZoomMap", ["Nin = 2", "IsA Mapping", f"Zoom = {180 / math.pi!r}"])
    to_native = _chain(degrees, project, inverted="AB")
    to_vector = _chain(to_native, native, 2, 3, inverted="B")
    rotated = _chain(to_vector, _matrix(rotation), 2, 3)
    return _chain(rotated, celestial)
