"""A small repository, made once a session and copied for each test."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    CollectionType,
    DataCoordinate,
    DatasetRef,
    DatasetType,
    Timespan,
    errors,
)

RUN_A, RUN_B = "HSC/runs/a", "HSC/runs/b"
LATISS_RUN = "LATISS/runs/a"
TAGGED, CHAIN, CALIB = "HSC/tagged", "HSC/chain", "HSC/calib"
VISITS = {903334: "HSC-R", 903342: "HSC-R", 904014: "HSC-I"}
DETECTORS = (22, 23, 100)


def time(text: str) -> Any:
    """Return an astropy time of TAI."""
    from astropy.time import Time

    return Time(text, scale="tai", format="isot")


def box(ra: float, dec: float, size: float) -> Any:
    """Return a convex polygon around a position; all in degrees."""
    from lsst.sphgeom import ConvexPolygon, LonLat, UnitVector3d

    half = size / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return ConvexPolygon([UnitVector3d(LonLat.fromDegrees(ra + x, dec + y)) for x, y in corners])


def visit_fields(visit: int, physical_filter: str, instrument: str = "HSC") -> dict[str, Any]:
    """Return the fields of a visit record: region and time follow from the id."""
    place = visit % 1000
    begin = time(f"2013-11-02T{place % 24:02d}:00:00")
    return {
        "instrument": instrument,
        "id": visit,
        "name": f"{instrument}{visit}",
        "physical_filter": physical_filter,
        "day_obs": 20131102,
        "exposure_time": 30.0 + place / 10,
        "region": box(320.0 + place / 100, 0.0, 1.5),
        "timespan": Timespan(begin, time(f"2013-11-02T{place % 24:02d}:00:30")),
    }


def insert_dimensions(butler: Butler) -> None:
    """Insert the records of two instruments."""
    insert = butler.registry.insertDimensionData
    for name in ("HSC", "LATISS"):
        limits = {"visit_max": 10**7, "exposure_max": 10**7, "detector_max": 200}
        insert("instrument", {"name": name, "class_name": "a.b", **limits})
        insert("day_obs", {"instrument": name, "id": 20131102})
    for instrument, name, band in (
        ("HSC", "HSC-R", "r"),
        ("HSC", "HSC-I", "i"),
        ("LATISS", "empty~g", "g"),
    ):
        insert("physical_filter", {"instrument": instrument, "name": name, "band": band})
    names = {22: "1_53", 23: "1_54", 100: "0_00"}
    insert(
        "detector",
        *({"instrument": "HSC", "id": id, "full_name": names[id]} for id in DETECTORS),
        {"instrument": "LATISS", "id": 0, "full_name": "RXX_S00"},
    )
    insert("visit", *(visit_fields(visit, name) for visit, name in VISITS.items()))
    insert("visit", visit_fields(903334, "empty~g", "LATISS"))
    insert(
        "visit_detector_region",
        *(
            {
                "instrument": "HSC",
                "visit": visit,
                "detector": detector,
                "region": box(320.0 + visit % 1000 / 100 + detector / 200, 0.1, 0.2),
            }
            for visit in VISITS
            for detector in DETECTORS
        ),
    )


def dataset_types(butler: Butler) -> list[DatasetType]:
    """Return the dataset types of the repository."""
    universe = butler.dimensions
    return [
        DatasetType("stats", ["visit", "detector"], "StructuredDataDict", universe=universe),
        DatasetType("summary", ["visit"], "StructuredDataDict", universe=universe),
        DatasetType("notes", [], "StructuredDataList", universe=universe),
        DatasetType(
            "bias", ["detector"], "StructuredDataDict", universe=universe, isCalibration=True
        ),
        DatasetType("calexp", ["visit", "detector"], "ExposureF", universe=universe),
    ]


def make(root: Path) -> None:
    """Make the repository: records, types, collections, and datasets without files."""
    Butler.makeRepo(root)
    with Butler(root, writeable=True) as butler:
        insert_dimensions(butler)
        registry = butler.registry
        for dataset_type in dataset_types(butler):
            registry.registerDatasetType(dataset_type)
        for name in (RUN_A, RUN_B, LATISS_RUN):
            butler.collections.register(name)
        butler.collections.register(TAGGED, CollectionType.TAGGED, "what was chosen")
        butler.collections.register(CALIB, CollectionType.CALIBRATION)
        butler.collections.register(CHAIN, CollectionType.CHAINED)
        butler.collections.redefine_chain(CHAIN, [RUN_B, RUN_A])
        everything = [data_id(visit, detector) for visit in VISITS for detector in DETECTORS]
        of_a = registry.insertDatasets("stats", everything, run=RUN_A)
        of_b = registry.insertDatasets("stats", everything[:2], run=RUN_B)
        other = {"instrument": "LATISS", "visit": 903334, "detector": 0}
        registry.insertDatasets("stats", [other], run=LATISS_RUN)
        registry.associate(TAGGED, [of_b[0], of_a[1], of_a[8]])
        for run in (RUN_A, RUN_B):
            registry.insertDatasets("bias", [{"instrument": "HSC", "detector": 22}], run=run)


def data_id(visit: int = 903334, detector: int = 22) -> dict[str, Any]:
    """Return a data ID of HSC."""
    return {"instrument": "HSC", "visit": visit, "detector": detector}


class World:
    """A copy of the repository, and Butlers on it that are closed in the end.

    Parameters
    ----------
    root : `~pathlib.Path`
        Root of the repository.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "gen3.sqlite3"
        self._open: list[Butler] = []

    def butler(self, **kwargs: Any) -> Butler:
        """Open the repository; for writing, if nothing is said."""
        if "run" not in kwargs:
            kwargs.setdefault("writeable", True)
        butler = Butler(self.root, **kwargs)
        self._open.append(butler)
        return butler

    def close(self) -> None:
        """Close all Butlers."""
        for butler in self._open:
            butler.close()

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return what plain sqlite3 reads."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def write(self, sql: str, *parameters: Any) -> None:
        """Change the database behind the Butler's back."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(sql, parameters)

    def certify(self, ref: DatasetRef, timespan: Timespan, collection: str = CALIB) -> None:
        """Write the rows that make a dataset valid in a calibration collection."""
        key = self.rows("SELECT collection_id FROM collection WHERE name = ?", collection)[0][0]
        kind, table = self.rows(
            "SELECT id, calibration_association_table FROM dataset_type WHERE name = ?",
            ref.datasetType.name,
        )[0]
        self.write("INSERT OR IGNORE INTO collection_summary_dataset_type VALUES (?, ?)", key, kind)
        self.write(
            "INSERT OR IGNORE INTO collection_summary_instrument VALUES (?, ?)",
            key,
            ref.dataId["instrument"],
        )
        columns = ("dataset_type_id", "dataset_id", "collection_id", *ref.dataId.required)
        values = (kind, ref.id.hex, key, *ref.dataId.required.values(), *timespan.nsec)
        self.write(
            f"INSERT INTO {table} ({', '.join(columns)}, timespan_begin, timespan_end)"
            f" VALUES ({', '.join('?' * len(values))})",
            *values,
        )

    def snapshot(self) -> dict[str, str]:
        """Return each table's rows and each file's checksum."""
        found: dict[str, str] = {}
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            for number, line in enumerate(connection.iterdump()):
                found[f"database line {number}"] = line
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_dir():
                found[name] = "folder"
            # What undoes a transaction is kept, empty, as long as a Butler is open.
            elif path not in (self.database, self.root / f"{self.database.name}-journal"):
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    @contextlib.contextmanager
    def unchanged(self) -> Iterator[None]:
        """Fail if the database or the file tree is another afterwards."""
        before = self.snapshot()
        yield
        after = self.snapshot()
        changed = {
            key: (before.get(key), after.get(key))
            for key in {**before, **after}
            if before.get(key) != after.get(key)
        }
        assert not changed, f"the repository was changed: {dict(list(changed.items())[:5])}"

    @contextlib.contextmanager
    def refuses(self, kind: type[Exception], *fragments: str) -> Iterator[None]:
        """Expect an exception of the package, whose text says something, and no change."""
        with self.unchanged(), pytest.raises(kind) as caught:
            yield
        assert type(caught.value).__module__ == errors.__name__, f"{caught.value!r} is not ours"
        for fragment in fragments:
            assert fragment in str(caught.value), f"{fragment!r} is not in {caught.value}"


def required_values(refs: Any) -> list[tuple[Any, ...]]:
    """Return the values that identify some references or data IDs, in their order."""
    data_ids: list[DataCoordinate] = [getattr(ref, "dataId", ref) for ref in refs]
    return [tuple(data_id.required.values()) for data_id in data_ids]


def copy(template: Path, root: Path) -> World:
    """Return a world of its own, copied from the template."""
    shutil.copytree(template, root)
    return World(root)
