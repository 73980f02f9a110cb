"""Files in the layout of afw, made by astropy alone, for the tests of `butler_core.image`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

HEIGHT, WIDTH = 7, 11
PLANES = {"BAD": 0, "SAT": 1, "NO_DATA": 9, "CROSSTALK": 8, "DETECTED_NEGATIVE": 30}
ODD_CARDS = (
    "COMMENT   two lines of comment, as cfitsio writes them",
    "COMMENT   'with quotes'",
    "UT-STR  = '06:00:40.668'",
    "MJD-STR =     56598.2504706895",
    "NUMBER  =   1.50000E+01 / a float in another form",
    "OBSERVER= '\"Tomono, Utsumi\"'",
    "HIERARCH ISR_OSCAN_LEVEL0 = 1164.15496826172",
    "HIERARCH BORE-AIRMASS = 1.103 / Airmass",
    "EMPTY   =                      / a card without a value",
    "LONGTEXT= 'a text that does not fit on one card and goes on over the next on&'",
    "CONTINUE  'e, and here ends' / with a comment",
    "ALIAS   = 'one:two'",
    "ALIAS   = 'three:four'",
    "",
    "HISTORY reduced once",
    "HISTORY reduced twice",
    "FILTER  = 'HSC-R   '",
    "EXPTIME =                  30.",
    "DATE-AVG= '2013-11-02T06:01:31.788500000' / TAI date at middle of observation",
    "TIMESYS = 'TAI     '",
    "BORE-RA =     320.249908333333",
    "BORE-DEC=             0.250025",
    "DETNAME = '1_42    '",
    "DETSER  = '4       '",
    "EXPID   =            180802004",
)
WCS_CARDS = (
    "WCSAXES =                    2 / Number of WCS axes",
    "CRPIX1  =          1201.737280 / Reference pixel on axis 1",
    "CRPIX2  =          1494.754755 / Reference pixel on axis 2",
    "CRVAL1  =     320.729416266032 / Value at ref. pixel on axis 1",
    "CRVAL2  =    -0.32082280660093 / Value at ref. pixel on axis 2",
    "CTYPE1  = 'RA---TAN-SIP'       / Type of co-ordinate on axis 1",
    "CTYPE2  = 'DEC--TAN-SIP'       / Type of co-ordinate on axis 2",
    "CD1_1   = 1.59102655048245E-06 / Transformation matrix element",
    "CD1_2   = 4.41254712775062E-05 / Transformation matrix element",
    "CD2_1   = 4.35862073927386E-05 / Transformation matrix element",
    "CD2_2   =  1.5321216998967E-06 / Transformation matrix element",
    "RADESYS = 'ICRS    '           / Reference frame for RA/DEC values",
    "A_ORDER =                    2 / SIP max order",
    "A_2_0   = 5.71179577033349E-06 / SIP forward distortion coeff",
    "A_0_2   = 2.19757392025624E-06 / SIP forward distortion coeff",
    "B_ORDER =                    2 / SIP max order",
    "B_1_1   = 4.10419807704102E-06 / SIP forward distortion coeff",
)


def header(lines: Iterable[str]) -> fits.Header:
    """Return a header of the very cards that some lines show."""
    return fits.Header.fromstring("".join(line.ljust(80) for line in lines))


def place_cards(x0: int, y0: int) -> list[str]:
    """Return the cards that say where an image lies in its parent."""
    return [
        f"LTV1    = {float(-x0):20}",
        f"LTV2    = {float(-y0):20}",
        "CTYPE1A = 'LINEAR  '           / Type of projection",
        "CTYPE2A = 'LINEAR  '           / Type of projection",
        "CRPIX1A =                   1. / Column Pixel Coordinate of Reference",
        "CRPIX2A =                   1. / Row Pixel Coordinate of Reference",
        f"CRVAL1A = {float(x0):20} / Column pixel of Reference Pixel",
        f"CRVAL2A = {float(y0):20} / Row pixel of Reference Pixel",
        "CUNIT1A = 'PIXEL   '           / Column unit",
        "CUNIT2A = 'PIXEL   '           / Row unit",
    ]


def plane_cards() -> list[str]:
    """Return the cards of the mask planes, as cfitsio writes them."""
    return [
        f"MP_{name:<5}= {bit:20}" if len(name) <= 5 else f"HIERARCH MP_{name} = {bit:4}"
        for name, bit in PLANES.items()
    ]


def pixels() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Return image, mask and variance, with a NaN and every plane somewhere."""
    rng = np.random.default_rng(904010)
    image = rng.normal(558.5, 19.25, (HEIGHT, WIDTH)).astype(np.float32)
    image[2, 3] = np.nan
    mask = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    for row, bit in enumerate(PLANES.values()):
        mask[row, row + 1] |= np.int32(1 << bit)
    variance = rng.normal(250, 3, (HEIGHT, WIDTH)).astype(np.float32)
    return image, mask, variance


def plane_hdu(
    array: npt.NDArray[Any],
    kind: str | None,
    more: Sequence[str] = (),
    *,
    xy0: tuple[int, int] = (0, 0),
) -> fits.ImageHDU:
    """Return an HDU of a masked image; ``kind`` is its EXTTYPE."""
    named = [f"EXTTYPE = '{kind:<8}'", f"EXTNAME = '{kind:<8}'"] if kind else []
    cards = [*WCS_CARDS, "INHERIT =                    T", *named, *more, *place_cards(*xy0)]
    return fits.ImageHDU(array, header(cards))


def archive_hdus() -> list[fits.BinTableHDU]:
    """Return an archive of a GaussianPsf (2), a PhotoCalib (1) and something else (3)."""
    rows = [
        (1, 1, 0, 0, 1, "PhotoCalib", ""),
        (2, 2, 0, 0, 1, "GaussianPsf", "lsst.afw.detection"),
        (3, 3, 0, 1, 2, "ApCorrMap", "lsst.afw.image"),
    ]
    names = ("id", "cat.archive", "cat.persistable", "row0", "nrows", "name", "module")
    forms = ("1J", "1J", "1J", "1J", "1J", "64A", "64A")
    index = _table(names, forms, list(zip(*rows, strict=True)))
    index.header["EXTTYPE"] = "ARCHIVE_INDEX"
    index.header["EXTNAME"] = "ARCHIVE_INDEX"
    index.header["AR_CATN"] = (0, "# of this catalog")
    index.header["AR_NCAT"] = (4, "# of catalogs in this archive")
    index.header["HIERARCH AFW_TABLE_VERSION"] = 3
    flags = ("flags", "calibrationMean", "calibrationErr", "field", "version")
    calib = _table(
        flags,
        ("1X", "1D", "1D", "1J", "1J"),
        [np.array([[True]]), [57.25], [0.5], [0], [1]],
    )
    calib.header["FLAGCOL"] = 1
    calib.header["TFLAG1"] = "isConstant"
    psf = _table(("dimensions_x", "dimensions_y", "sigma"), ("1J", "1J", "1D"), [[21], [23], [2.5]])
    corrections = _table(
        ("name", "field"),
        ("64A", "1J"),
        [["unused", "base_PsfFlux", "base_GaussianFlux"], [0, 7, 8]],
    )
    tables = [calib, psf, corrections]
    for number, (table, name) in enumerate(
        zip(tables, ("PhotoCalib", "GaussianPsf", "ApCorrMap"), strict=True), start=1
    ):
        table.header["EXTTYPE"] = "ARCHIVE_DATA"
        table.header["AR_CATN"] = number
        table.header["AR_NAME"] = (name, "Class name for objects stored here")
        table.header["EXTNAME"] = name
        table.header["HIERARCH AFW_TABLE_VERSION"] = 3
    return [index, *tables]


def write_exposure_file(path: Path, *, xy0: tuple[int, int] = (0, 0)) -> Path:
    """Write an exposure as afw would: odd cards, WCS, planes, archive, one more table."""
    image, mask, variance = pixels()
    numbers = [
        f"HIERARCH {prefix}{key}{suffix} = {number:4} / archive ID"
        for key, number in (("PHOTOCALIB", 1), ("AP_CORR_MAP", 3))
        for prefix, suffix in (("", "_ID"), ("ARCHIVE_ID_", ""))
    ]
    cards = [
        *ODD_CARDS,
        "HIERARCH EXPINFO_V =         2",
        "AR_HDU  =                    5 / HDU (1-indexed) containing the archive",
        *numbers,
        "PSF_ID  =                    2 / archive ID",
        "HIERARCH ARCHIVE_ID_PSF =    2 / archive ID",
    ]
    extra = _table(("a",), ("1D",), [[1.5, np.nan]])
    extra.header["EXTNAME"] = "UNKNOWN"
    hdus = [
        fits.PrimaryHDU(header=header(cards)),
        plane_hdu(image, "IMAGE", ["BUNIT   = 'adu     '"], xy0=xy0),
        plane_hdu(mask, "MASK", plane_cards(), xy0=xy0),
        plane_hdu(variance, "VARIANCE", ["BUNIT   = 'adu**2  '"], xy0=xy0),
        *archive_hdus(),
        extra,
    ]
    fits.HDUList(hdus).writeto(path)
    return path


def _table(names: Sequence[str], forms: Sequence[str], columns: Sequence[Any]) -> fits.BinTableHDU:
    return fits.BinTableHDU.from_columns(
        [
            fits.Column(name=name, format=form, array=np.asarray(column))
            for name, form, column in zip(names, forms, columns, strict=True)
        ]
    )
