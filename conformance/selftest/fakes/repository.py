"""The files of a ci_hsc repository as far as the notebook looks, without any registry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from conformance.notebook import facts
from conformance.oracles.picture import PLANE_COLOURS

HEIGHT, WIDTH = facts.QUARTER.shape


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
    return fits.HDUList(
        [
            fits.PrimaryHDU(),
            fits.ImageHDU(image.astype(np.float32), name="IMAGE"),
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
    """Return the sources as a table with the first columns of a src."""
    x, y = positions()
    count = len(x)
    columns = {
        "id": facts.FIRST_SOURCE_ID + np.arange(count),
        "coord_ra": 5.59 + x * 1e-6,
        "coord_dec": 0.005 + y * 1e-6,
        "parent": np.zeros(count, dtype=np.int64),
        "x": x,
        "y": y,
    }
    table = fits.BinTableHDU.from_columns(
        [
            fits.Column(name, "K" if values.dtype.kind == "i" else "D", array=values)
            for name, values in columns.items()
        ]
    )
    return fits.HDUList([fits.PrimaryHDU(), table])
