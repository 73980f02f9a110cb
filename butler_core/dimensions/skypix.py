"""Pixelizations of the sky that skypix dimensions number."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

__all__ = ["pixelization"]


@lru_cache(maxsize=64)
def pixelization(system: str, level: int) -> Any:
    """Return the `lsst.sphgeom.Pixelization` of a skypix dimension.

    Parameters
    ----------
    system : `str`
        ``htm`` or ``healpix``.
    level : `int`
        Level of the subdivision.
    """
    import lsst.sphgeom

    classes = {"htm": "HtmPixelization", "healpix": "HealpixPixelization"}
    return getattr(lsst.sphgeom, classes[system])(level)
