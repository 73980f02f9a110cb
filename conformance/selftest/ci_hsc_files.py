"""The files of the ci_hsc repository, read by astropy alone, for tests of what they hold."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from conformance import recipes

OUTPUT = "shared/ci_hsc_output"


def recipe_module(name: str) -> Any:
    """Import a module of the recipe."""
    recipes.load("ci_hsc")
    return importlib.import_module(f"{recipes.PACKAGE}.ci_hsc.{name}")


@dataclass(frozen=True, slots=True)
class CalexpFile:
    """An image as its file holds it.

    Attributes
    ----------
    visit, detector
        Which image.
    header
        The primary header.
    image, variance
        Planes, shape (height, width), float64.
    mask
        Bits, shape (height, width).
    planes
        Bits of the planes, from the file.
    wcs
        The WCS of the image HDU.
    """

    visit: int
    detector: int
    header: fits.Header
    image: NDArray[np.float64]
    variance: NDArray[np.float64]
    mask: NDArray[np.int64]
    planes: dict[str, int]
    wcs: WCS

    @property
    def psf_sigma(self) -> float:
        """Width of the PSF as the header states it, pixels."""
        return float(self.header["PSFSIGMA"])

    @property
    def zero_point(self) -> float:
        """AB magnitude of one count: MAGZERO is that of one count a second."""
        return float(self.header["MAGZERO"] + 2.5 * np.log10(self.header["EXPTIME"]))

    def has(self, *names: str) -> NDArray[np.bool_]:
        """Where any of some planes is set."""
        return np.asarray(self.mask & sum(1 << self.planes[name] for name in names) != 0)


def paths(root: Path, name: str) -> dict[tuple[int, int], Path]:
    """Files of a dataset type of the output run, by visit and detector."""
    pattern = re.compile(rf"{name}_[ri]_HSC-[RI]_(\d+)_(\d+)_HSC_")
    found = {}
    for path in sorted((root / OUTPUT / name).rglob("*.fits")):
        match = pattern.search(str(path.relative_to(root)))
        assert match, path
        found[int(match[1]), int(match[2])] = path
    return found


def calexps(root: Path) -> Iterator[CalexpFile]:
    """All calexps of a repository."""
    for (visit, detector), path in paths(root, "calexp").items():
        yield read_calexp(path, visit, detector)


def read_calexp(path: Path, visit: int, detector: int) -> CalexpFile:
    """Read the planes and headers of an image."""
    with fits.open(path) as hdus:
        planes = {
            keyword[3:]: int(bit)
            for keyword, bit in hdus["MASK"].header.items()
            if keyword.startswith("MP_")
        }
        return CalexpFile(
            visit,
            detector,
            hdus[0].header,
            hdus["IMAGE"].data.astype(float),
            hdus["VARIANCE"].data.astype(float),
            hdus["MASK"].data.astype(np.int64),
            planes,
            WCS(hdus["IMAGE"].header),
        )


def read_sources(path: Path) -> dict[str, NDArray[Any]]:
    """Read the columns of a catalogue, the packed flags taken apart."""
    with fits.open(path) as hdus:
        header, data = hdus[1].header, hdus[1].data
        columns = {
            name: np.array(data[name], data[name].dtype.newbyteorder("="))
            for name in data.names
            if name != "flags"
        }
        for keyword, name in header.items():
            if match := re.fullmatch(r"TFLAG(\d+)", keyword):
                columns[name] = np.array(data["flags"][:, int(match[1]) - 1], bool)
    return columns
