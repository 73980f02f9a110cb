"""Judges of the steps that get data: 10, 20 and 21."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks
from conformance.oracles.files import ExposureFile, read_exposure, read_table

FIRST_COLUMNS = ["id", "coord_ra", "coord_dec", "parent"]


@judges(10, "w_2020_03")
def calexp_by_getters(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 25 through the getters of the time."""
    _by_getters(seen, check, 903338, 25)


@judges(20, "w_2020_03")
def second_calexp_by_getters(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 22, found through the assigned collection."""
    _by_getters(seen, check, 903334, 22)


@judges(10, "current")
def calexp_by_properties(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 25 through properties."""
    _by_properties(seen, check, 903338, 25)


@judges(20, "current")
def second_calexp_by_properties(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 22, found through the clone."""
    _by_properties(seen, check, 903334, 22)


def _by_getters(seen: Seen, check: Checks, visit: int, detector: int) -> None:
    calexp = seen["calexp"]
    _calexp(
        seen,
        check,
        (visit, detector),
        lambda: calexp.getMaskedImage().getImage().getArray(),
        lambda: calexp.getMaskedImage().getVariance().getArray(),
        lambda: calexp.getMaskedImage().getMask().getArray(),
        lambda: calexp.getMaskedImage().getMask().getMaskPlaneDict(),
    )


def _by_properties(seen: Seen, check: Checks, visit: int, detector: int) -> None:
    calexp = seen["calexp"]
    _calexp(
        seen,
        check,
        (visit, detector),
        lambda: calexp.image.array,
        lambda: calexp.variance.array,
        lambda: calexp.mask.array,
        lambda: calexp.mask.getMaskPlaneDict(),
    )


def _calexp(
    seen: Seen,
    check: Checks,
    which: tuple[int, int],
    image: Callable[[], Any],
    variance: Callable[[], Any],
    mask: Callable[[], Any],
    planes: Callable[[], Any],
) -> None:
    """Hold an exposure against the pixels that astropy finds in its file."""
    held = read_exposure(seen.repository.file("calexp", *which))
    check.equal("shape, (height, width)", lambda: image().shape, seen.repository.size.shape)
    check.equal("type of the pixels", lambda: str(image().dtype), "float32")
    check.equal("pixels of the image unlike the file's", lambda: _unlike(image(), held.image), 0)
    check.equal(
        "pixels of the variance unlike the file's", lambda: _unlike(variance(), held.variance), 0
    )
    check.equal(
        "mask planes that the file has and the mask has not",
        lambda: sorted(set(held.planes) - set(planes())),
        [],
    )
    check.equal(
        "pixels marked in each plane",
        lambda: _marked(mask(), planes(), held),
        held.plane_pixels(),
    )


def _unlike(array: Any, held: Any) -> int:
    return int(np.count_nonzero(~((array == held) | (np.isnan(array) & np.isnan(held)))))


def _marked(mask: Any, planes: Any, held: ExposureFile) -> dict[str, int]:
    return {
        name: int(np.count_nonzero(np.asarray(mask) & (1 << planes[name])))
        for name in sorted(held.planes)
    }


@judges(21)
def sources_as_a_table(seen: Seen, check: Checks) -> None:
    """Check that src has the rows of its file, with ids of LSST's form and positions."""
    expected = seen.repository.size.sources
    rows, _ = read_table(seen.repository.file("src", 903334, 22))
    table, src = seen.value, seen["src"]
    check.equal("rows of the file", lambda: rows, expected)
    check.equal("rows of the table", lambda: len(table), expected)
    check.equal("rows of the catalogue", lambda: len(src), expected)
    check.equal("the first columns", lambda: list(table.colnames[:4]), FIRST_COLUMNS)
    check.equal("the smallest id", lambda: int(min(table["id"])), facts.FIRST_SOURCE_ID)
    check.equal("different ids", lambda: len({int(one) for one in table["id"]}), expected)
    check.equal(
        "rows with a finite position in the image",
        lambda: sum(_inside(row, seen.repository.size.shape) for row in src),
        expected,
    )
    check.equal("rows with a finite coord_ra, coord_dec", lambda: _finite(table), expected)


def _inside(row: Any, shape: tuple[int, int]) -> bool:
    height, width = shape
    return bool(-0.5 <= row.getX() < width - 0.5 and -0.5 <= row.getY() < height - 0.5)


def _finite(table: Any) -> int:
    coordinates = (np.asarray(table[name], dtype=float) for name in ("coord_ra", "coord_dec"))
    return int(np.count_nonzero(np.logical_and.reduce([np.isfinite(one) for one in coordinates])))
