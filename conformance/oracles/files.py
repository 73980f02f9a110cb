"""What the files of a repository hold, read with astropy alone."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray


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
    """

    image: NDArray[np.float32]
    mask: NDArray[np.int32]
    variance: NDArray[np.float32]
    planes: dict[str, int]

    def plane_pixels(self) -> dict[str, int]:
        """Return how many pixels each plane marks."""
        return {
            name: int(np.count_nonzero(self.mask & (1 << bit)))
            for name, bit in sorted(self.planes.items())
        }


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


def read_table(path: Path) -> tuple[int, list[str]]:
    """Return the number of rows and the names of the columns of the first table of a file."""
    with fits.open(path, memmap=False) as hdus:
        table = next(hdu for hdu in hdus if isinstance(hdu, fits.BinTableHDU))
        return int(table.header["NAXIS2"]), list(table.columns.names)


def _has_pixels(hdu: Any) -> bool:
    return bool(hdu.header.get("NAXIS", 0) == 2)
