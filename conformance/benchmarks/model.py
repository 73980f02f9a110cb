"""What the repositories of the benchmark hold: visits of one camera, and a dataset of each CCD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = [
    *("CHAIN", "EARLIER", "EXPOSURE", "FILES", "INSTRUMENT", "RUN", "STORED", "TYPE"),
    "Model",
]

INSTRUMENT = "HSC"
DETECTORS = 112
FIRST_VISIT = 100_000
NIGHT = 20260101
PER_NIGHT = 400
TYPE, FILES = "measured", "stored"
"""Two dataset types: of the first are the many datasets, of the second some that have files."""
EXPOSURE = "exposure"
"""A dataset type without dimensions, of which there is one dataset."""
RUN, STORED, CHAIN = "bench/run", "bench/stored", "bench/chain"
EARLIER = tuple(f"bench/earlier/{number}" for number in range(4))
"""The runs that stand before `RUN` in the chain, with datasets of other visits."""
VALUE = {"seeing": 0.71, "zero_point": 27.1, "flags": [1, 2, 3], "filter": "HSC-R"}


@dataclass(frozen=True, slots=True)
class Model:
    """The records and data IDs of a repository of some size.

    Attributes
    ----------
    size
        How many datasets are asked for; there are as many as the CCDs of whole visits.
    """

    size: int

    @property
    def visits(self) -> int:
        """How many visits have datasets in `RUN`."""
        return max(1, -(-self.size // DETECTORS))

    @property
    def datasets(self) -> int:
        """How many datasets there are in `RUN`."""
        return self.visits * DETECTORS

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the exposure: those of a CCD, unless nothing is timed in earnest."""
        return (2048, 4176) if self.visits > 1 else (64, 128)

    def data_ids(self, first: int = 0, count: int | None = None) -> list[dict[str, Any]]:
        """Return the data IDs of some visits, all of those in `RUN` if nothing is said."""
        last = first + (self.visits if count is None else count)
        return [
            {"instrument": INSTRUMENT, "visit": FIRST_VISIT + visit, "detector": detector}
            for visit in range(first, last)
            for detector in range(DETECTORS)
        ]

    @property
    def earlier(self) -> list[dict[str, Any]]:
        """The data IDs of the visit that has datasets in `EARLIER`."""
        return self.data_ids(self.visits, 1)

    @property
    def one_visit(self) -> int:
        """A visit in the middle."""
        return FIRST_VISIT + self.visits // 2

    def records(self, timespan: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the elements and their records, in the order in which they refer to each other.

        Parameters
        ----------
        timespan
            The class of time spans of the implementation.
        """
        owned = {"instrument": INSTRUMENT}
        limits = {"visit_max": 10**8, "exposure_max": 10**8, "detector_max": DETECTORS}
        yield "instrument", [{"name": INSTRUMENT, "class_name": "none", **limits}]
        yield "physical_filter", [owned | {"name": "HSC-R", "band": "r"}]
        yield "detector", [owned | {"id": n, "full_name": f"CCD{n:03}"} for n in range(DETECTORS)]
        nights = {NIGHT + visit // PER_NIGHT for visit in range(self.visits + 1)}
        yield "day_obs", [owned | {"id": night} for night in sorted(nights)]
        yield "visit", [owned | self._visit(n, timespan) for n in range(self.visits + 1)]

    def regions(self) -> Iterator[dict[str, Any]]:
        """Yield the records of the regions of the CCDs of each visit."""
        for visit in range(self.visits):
            for detector in range(DETECTORS):
                west, south = (1.5 * part / 11 for part in divmod(detector, 11))
                yield {
                    "instrument": INSTRUMENT,
                    "visit": FIRST_VISIT + visit,
                    "detector": detector,
                    "region": _box(_west(visit) + west, south - 1, 0.1),
                }

    def _visit(self, number: int, timespan: Any) -> dict[str, Any]:
        from astropy.time import Time, TimeDelta

        begin = Time(60_000 + number / 400, format="mjd", scale="tai")
        return {
            "id": FIRST_VISIT + number,
            "name": str(FIRST_VISIT + number),
            "physical_filter": "HSC-R",
            "day_obs": NIGHT + number // PER_NIGHT,
            "exposure_time": 30.0,
            "timespan": timespan(begin, begin + TimeDelta(30, format="sec")),
            "region": _box(_west(number), -1, 1.5),
        }


def _west(visit: int) -> float:
    """Return the right ascension of the western edge of a visit, in degrees."""
    return visit % 350 + 1.0


def _box(west: float, south: float, size: float) -> Any:
    """Return a square on the sky; all in degrees."""
    from lsst.sphgeom import ConvexPolygon, LonLat, UnitVector3d

    corners = ((0, 0), (size, 0), (size, size), (0, size))
    places = (LonLat.fromDegrees(west + x, south + y) for x, y in corners)
    return ConvexPolygon([UnitVector3d(place) for place in places])
