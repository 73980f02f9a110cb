"""What the exposures of a repository hold, read with astropy alone."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class ExposureFile:
    """An afw exposure as its file holds it.

    Attributes
    ----------
    image, variance
        Pixels of shape (height, width), float32; counts and counts squared.
    mask
        Bits of shape (height, width), int32.
    planes
        Name of a mask plane to its bit, from the ``MP_`` cards.
    xy0
        Where the lower left pixel lies in the parent image, x and y, from the linear WCS "A";
        afw reads no other card for it (afw, src/geom/wcsUtils.cc).
    cards
        The header of the primary HDU.
    image_cards
        The header of the image, which holds the celestial WCS.
    """

    image: NDArray[np.float32]
    mask: NDArray[np.int32]
    variance: NDArray[np.float32]
    planes: dict[str, int]
    xy0: tuple[int, int]
    cards: fits.Header
    image_cards: fits.Header

    def sky(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where pixels lie on the sky, by `astropy.wcs` from the cards of the image.

        Parameters
        ----------
        x, y
            Pixels of the parent image, counted from 0.

        Returns
        -------
        ra, dec
            Degrees.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wcs = WCS(self.image_cards)
        left, bottom = self.xy0
        ra, dec = wcs.all_pix2world(np.subtract(x, left), np.subtract(y, bottom), 0)
        return np.asarray(ra), np.asarray(dec)


def single_file(folder: Path, pattern: str) -> Path:
    """Return the one FITS file below a folder whose path matches a glob pattern.

    Raises
    ------
    FileNotFoundError
        Raised where there is none, or more than one.
    """
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if len(found) != 1:
        names = ", ".join(str(path.relative_to(folder)) for path in found) or "none"
        raise FileNotFoundError(f"one file should match {pattern!r} in {folder}; found: {names}")
    return found[0]


def read_exposure(path: Path) -> ExposureFile:
    """Read the pixels of an exposure: the first three image HDUs with pixels, as afw writes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(path, memmap=False) as hdus:
            image, mask, variance = [hdu for hdu in hdus if hdu.is_image and _has_pixels(hdu)][:3]
            planes = {
                card.keyword.upper().removeprefix("MP_"): int(card.value)
                for card in mask.header.cards
                if card.keyword.upper().startswith("MP_")
            }
            return ExposureFile(
                np.asarray(image.data, dtype=np.float32),
                np.asarray(mask.data, dtype=np.int32),
                np.asarray(variance.data, dtype=np.float32),
                planes,
                _xy0(image.header),
                hdus[0].header.copy(),
                image.header.copy(),
            )


def exposure_size(path: Path) -> tuple[int, int]:
    """Return (width, height) of an exposure in pixels, without reading them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(path) as hdus:
            for hdu in hdus:
                if hdu.is_image and _has_pixels(hdu):
                    return int(hdu.header["NAXIS1"]), int(hdu.header["NAXIS2"])
    raise ValueError(f"{path} holds no image")


def _has_pixels(hdu: Any) -> bool:
    return bool(hdu.header.get("NAXIS", 0) == 2)


def _xy0(header: fits.Header) -> tuple[int, int]:
    if any(header.get(f"CRPIX{axis}A") != 1 for axis in (1, 2)):
        return 0, 0
    return round(header["CRVAL1A"]), round(header["CRVAL2A"])
