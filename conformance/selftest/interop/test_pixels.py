"""LSST's own reader of exposures reads the fixture's files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import butler_core

pytestmark = [
    pytest.mark.lsst,
    pytest.mark.skipif(sys.version_info < (3, 12), reason="lsst-images needs Python 3.12"),
]

RENAMED = {
    "SATURATED": "SAT",
    "COSMIC_RAY": "CR",
    "DETECTION_EDGE": "EDGE",
    "INTERPOLATED": "INTRP",
}
"""Planes that lsst-images shows under other names than the files have."""


def test_lsst_images_reads_a_calexp_to_the_same_pixels(ci_hsc: Path) -> None:
    from lsst.images import MaskedImage

    with butler_core.Butler(ci_hsc, collections="shared/ci_hsc_output") as butler:
        data_id = {"instrument": "HSC", "visit": 903334, "detector": 22}
        exposure = butler.get("calexp", data_id)
        theirs = MaskedImage.read_legacy(butler.getURI("calexp", data_id).ospath)
    np.testing.assert_array_equal(theirs.image.array, exposure.image.array)
    np.testing.assert_array_equal(theirs.variance.array, exposure.variance.array)
    ours = {
        name: (exposure.mask.array >> bit) & 1 == 1
        for name, bit in exposure.mask.getMaskPlaneDict().items()
    }
    read = {
        RENAMED.get(plane.name, plane.name): theirs.mask.get(plane.name)
        for plane in theirs.mask.schema
        if plane is not None
    }
    assert read.keys() >= {name for name, pixels in ours.items() if pixels.any()}
    nowhere = np.zeros(exposure.image.array.shape, dtype=bool)
    for name, pixels in read.items():
        np.testing.assert_array_equal(pixels, ours.get(name, nowhere), err_msg=name)
