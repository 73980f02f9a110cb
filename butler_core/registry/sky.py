"""The function by which a database compares regions of the sky."""

from __future__ import annotations

import functools
from typing import Any

from ..dimensions.record import decode_region

__all__ = ["REGIONS_OVERLAP", "regions_overlap"]

REGIONS_OVERLAP = "regions_overlap"
"""What the function is called in SQL."""

_decoded = functools.lru_cache(maxsize=1024)(decode_region)
"""Most comparisons are of one region with many."""


@functools.cache
def _disjoint() -> int:
    from lsst.sphgeom import DISJOINT

    return int(DISJOINT)


def regions_overlap(first: str | None, second: str | None) -> bool | None:
    """Return whether two regions may have a place in common.

    They have none if ``lsst.sphgeom.Region.relate`` says that they are
    disjoint. That is exact for circles and convex polygons; of a box and a
    polygon it compares the bounding boxes.

    Parameters
    ----------
    first, second : `str` or `None`
        The regions, as columns hold them; `None` is one that is not known.

    Returns
    -------
    overlap : `bool` or `None`
        `None` if one of them is not known.
    """
    if first is None or second is None:
        return None
    relation: Any = _decoded(first).relate(_decoded(second))
    return not relation & _disjoint()
