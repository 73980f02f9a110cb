"""An exposure of one CCD: the whole of it, and parts, which shall not need the whole."""

from __future__ import annotations

from typing import Any

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import EXPOSURE, STORED
from conformance.benchmarks.raw import RawBench

TIMES = 5
PART = 0.1
"""Which part of the time of the whole each of these may take."""


def _get(bench: Bench, component: str = "", times: int = TIMES, **parameters: Any) -> None:
    with bench.open(collections=STORED) as butler:
        (ref,) = butler.query_datasets(EXPOSURE)
        asked = ref.makeComponentRef(component) if component else ref
        butler.get(asked, parameters=parameters)
        with bench.measured(times):
            for _ in range(times):
                butler.get(asked, parameters=parameters)


def expand_tiles(raw: RawBench) -> None:
    """Expand all tiles of the three planes, without sorting their bytes."""
    import zlib

    from astropy.io import fits

    (path,) = (raw.root / STORED).rglob("*.fits")
    with fits.open(path, disable_image_compression=True) as hdus:
        tiles = [bytes(tile) for hdu in hdus[1:4] for tile in hdu.data.field("COMPRESSED_DATA")]
    with raw.measured():
        for tile in tiles:
            zlib.decompress(tile, 31)


@row("exposure", "get an exposure of one CCD", starts_from="exposure", limit=expand_tiles)
def exposure(bench: Bench) -> None:
    """Get the whole exposure."""
    _get(bench, times=2)


@row(
    *("exposure-bbox", "256 × 256 pixels of it, by bbox"),
    starts_from="exposure",
    part_of="exposure",
    at_most=PART,
)
def exposure_bbox(bench: Bench) -> None:
    """Get the pixels in a box, of all planes, and what else an exposure has."""
    # An exposure says by itself which classes its Butler has for boxes.
    with bench.open(collections=STORED) as butler:
        (ref,) = butler.query_datasets(EXPOSURE)
        whole = butler.get(ref.makeComponentRef("bbox"))
    corner, extent = type(whole.getMin()), type(whole.getDimensions())
    width, height = bench.model.pixels
    size = min(256, width, height)
    place = corner((width - size) // 2, (height - size) // 2)
    _get(bench, bbox=type(whole)(place, extent(size, size)))


@row(*("exposure-wcs", "its WCS"), starts_from="exposure", part_of="exposure", at_most=PART)
def exposure_wcs(bench: Bench) -> None:
    """Get the component wcs."""
    _get(bench, "wcs")


@row(*("exposure-visit", "its visitInfo"), starts_from="exposure", part_of="exposure", at_most=PART)
def exposure_visit_info(bench: Bench) -> None:
    """Get the component visitInfo."""
    _get(bench, "visitInfo")
