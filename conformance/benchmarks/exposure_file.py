"""An exposure of one CCD in the layout of afw's files, written by astropy alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["write_exposure"]

PLANES = (("IMAGE", "f4"), ("MASK", "i4"), ("VARIANCE", "f4"))
PRIMARY = {
    "FILTER": "HSC-R",
    "EXPTIME": 30.0,
    "DARKTIME": 30.0,
    "DATE-AVG": "2013-11-02T06:01:31.788500000",
    "TIMESYS": "TAI",
    "BORE-RA": 320.249908,
    "BORE-DEC": 0.250025,
    "DETNAME": "1_42",
    "DETSER": "4",
    "HIERARCH EXPINFO_V": 2,
}
WCS = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRPIX1": 1024.5,
    "CRPIX2": 2088.5,
    "CRVAL1": 320.8,
    "CRVAL2": -0.42,
    "CD1_1": -4.67e-05,
    "CD1_2": 0.0,
    "CD2_1": 0.0,
    "CD2_2": 4.67e-05,
    "CUNIT1": "deg",
    "CUNIT2": "deg",
    "RADESYS": "ICRS",
    "CTYPE1A": "LINEAR",
    "CTYPE2A": "LINEAR",
    "CRPIX1A": 1.0,
    "CRPIX2A": 1.0,
    "CRVAL1A": 0.0,
    "CRVAL2A": 0.0,
    "CUNIT1A": "PIXEL",
    "CUNIT2A": "PIXEL",
}


def write_exposure(path: Path, width: int, height: int) -> None:
    """Write an exposure of sky and noise, compressed as LSST's Butler does unless told otherwise.

    Parameters
    ----------
    path
        The file.
    width, height
        How many pixels it has.
    """
    import numpy as np
    from astropy.io import fits

    chance = np.random.default_rng(1)
    pixels: dict[str, Any] = {
        "IMAGE": chance.normal(100, 10, (height, width)),
        "MASK": chance.integers(0, 3, (height, width)),
        "VARIANCE": chance.uniform(90, 110, (height, width)),
    }
    hdus: list[Any] = [fits.PrimaryHDU(header=fits.Header(PRIMARY))]
    for name, kind in PLANES:
        header = fits.Header({**WCS, "EXTTYPE": name, "INHERIT": True})
        if name == "MASK":
            header.update({"MP_BAD": 0, "MP_SAT": 1})
        hdus.append(
            fits.CompImageHDU(
                *(pixels[name].astype(kind), header, name),
                compression_type="GZIP_2",
                tile_shape=(1, width),
                quantize_level=0,
            )
        )
    fits.HDUList(hdus).writeto(path)
