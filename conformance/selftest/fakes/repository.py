"""The files of a ci_hsc repository as far as the notebook looks, and a registry to count in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from conformance.notebook import facts
from conformance.oracles.picture import PLANE_COLOURS
from conformance.selftest.fakes import registry

HEIGHT, WIDTH = facts.QUARTER.shape
CARDS = {
    "TELESCOP": "Subaru",
    "DET-ID": 25,
    "SIMULATE": True,
    "GAIN": 2.27,
    "HIERARCH MAGZERO_NOBJ": 5,
}
WCS_CARDS = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRPIX1": 256.5,
    "CRPIX2": 522.5,
    "CRVAL1": 320.84,
    "CRVAL2": -0.295,
    "CD1_2": -0.00018545,
    "CD2_1": -0.00018397,
    "CTYPE1A": "LINEAR",
    "CTYPE2A": "LINEAR",
    "CRPIX1A": 1.0,
    "CRPIX2A": 1.0,
    "CRVAL1A": 0.0,
    "CRVAL2A": 0.0,
}
FLAGS = ("calib_detected", "base_SdssCentroid_flag", "base_SdssCentroid_flag_edge")


def make(folder: Path) -> Path:
    """Build the files below a folder, and return the folder."""
    output = folder / "DATA" / facts.OUTPUT
    output.mkdir(parents=True)
    for name in ("butler.yaml", "gen3.sqlite3"):
        (folder / "DATA" / name).touch()
    for visit, detector in sorted(facts.VISIT_DETECTORS):
        band = "r" if visit in facts.R_VISITS else "i"
        for name in ("calexp", "icSrc", "src"):
            stem = f"{name}_{band}_HSC-{band.upper()}_{visit}_{detector}_HSC_shared"
            place = output / name / band / f"HSC-{band.upper()}" / str(visit) / stem
            place.mkdir(parents=True)
            path = place / "ci_hsc_output.fits"
            if (name, visit, detector) in (("calexp", 903338, 25), ("calexp", 903334, 22)):
                exposure(visit + detector).writeto(path)
            elif (name, visit, detector) == ("src", 903334, 22):
                catalogue().writeto(path)
            else:
                path.touch()
    coadd = output / "deepCoadd_calexp" / "0" / "69"
    coadd.mkdir(parents=True)
    (coadd / "deepCoadd_calexp_0_69.fits").touch()
    registry.write(folder / "DATA")
    return folder


def exposure(seed: int) -> fits.HDUList:
    """Return a sky of noise with a gradient and stars, and a mask with a few planes set."""
    numbers = np.random.default_rng(seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    image = numbers.normal(0.0, 20.0, (HEIGHT, WIDTH)) + 0.02 * y
    for star_x, star_y in zip(*positions(), strict=True):
        image += 4000.0 * np.exp(-((x - star_x) ** 2 + (y - star_y) ** 2) / 40.0)
    planes = dict(zip(PLANE_COLOURS, range(9), strict=True))
    mask = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    mask[image > 100.0] |= 1 << planes["DETECTED"]
    mask[:40] |= 1 << planes["EDGE"]
    mask[:, 100:120] |= 1 << planes["BAD"]
    mask_hdu = fits.ImageHDU(mask, name="MASK")
    for name, bit in planes.items():
        mask_hdu.header[f"HIERARCH MP_{name}"] = bit
    image_hdu = fits.ImageHDU(image.astype(np.float32), name="IMAGE")
    image_hdu.header.update(WCS_CARDS)
    primary = fits.PrimaryHDU()
    primary.header.update(CARDS)
    return fits.HDUList(
        [
            primary,
            image_hdu,
            mask_hdu,
            fits.ImageHDU(np.full((HEIGHT, WIDTH), 400.0, np.float32), name="VARIANCE"),
        ]
    )


def positions() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y of the sources, in pixels."""
    numbers = np.random.default_rng(56)
    count = facts.QUARTER.sources
    return numbers.uniform(5, WIDTH - 5, count), numbers.uniform(5, HEIGHT - 5, count)


def catalogue() -> fits.HDUList:
    """Return the sources as afw writes a table: flags in one column of bits, slots as aliases."""
    x, y = positions()
    count = len(x)
    numbers = np.random.default_rng(3)
    flux = numbers.uniform(100.0, 1e4, count).astype(np.float32)
    flux[5] = np.nan
    columns = (
        fits.Column("flags", "3X", array=numbers.random((count, 3)) < 0.2),
        fits.Column("id", "K", array=facts.FIRST_SOURCE_ID + np.arange(count)),
        fits.Column("coord_ra", "D", unit="rad", array=5.59 + x * 1e-6),
        fits.Column("coord_dec", "D", unit="rad", array=0.005 + y * 1e-6),
        fits.Column("parent", "K", array=np.zeros(count, dtype=np.int64)),
        fits.Column("base_SdssCentroid_x", "D", unit="pixel", array=x),
        fits.Column("base_SdssCentroid_y", "D", unit="pixel", array=y),
        fits.Column("base_PsfFlux_instFlux", "E", unit="count", array=flux),
    )
    table = fits.BinTableHDU.from_columns(columns)
    table.header["FLAGCOL"] = 1
    for number, name in enumerate(FLAGS, start=1):
        table.header[f"TFLAG{number}"] = name
    table.header["AFW_TYPE"] = "SOURCE"
    for slot in ("slot_Centroid:base_SdssCentroid", "slot_PsfFlux:base_PsfFlux"):
        table.header.append(("ALIAS", slot), end=True)
    return fits.HDUList([fits.PrimaryHDU(), table])
