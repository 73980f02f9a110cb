"""Butlers of both dialects with canned answers; pixels come from the files, by astropy."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from astropy.table import Column, Table

from conformance.notebook import facts
from conformance.oracles.catalogue import read_catalogue
from conformance.oracles.files import ExposureFile, read_exposure
from conformance.repository import CaseRepository

PLACE = ("id", "base_SdssCentroid_x", "base_SdssCentroid_y")


class Array:
    """An image plane with both ways to its pixels."""

    def __init__(self, array: Any, planes: Mapping[str, int] | None = None) -> None:
        self.array = array
        self.planes = dict(planes or {})

    def getArray(self) -> Any:
        return self.array

    def getMaskPlaneDict(self) -> dict[str, int]:
        return self.planes


class FakeWcs:
    """The positions that astropy finds in the file of an exposure, or a pixel beside them."""

    def __init__(self, held: ExposureFile, shift: float = 0.0) -> None:
        self.held = held
        self.shift = shift

    def pixelToSky(self, x: float, y: float) -> Any:
        ra, dec = (np.radians(float(angle)) for angle in self.held.sky(x + self.shift, y))
        return SimpleNamespace(
            getRa=lambda: SimpleNamespace(asRadians=lambda: ra),
            getDec=lambda: SimpleNamespace(asRadians=lambda: dec),
        )


class FakeMetadata(dict[str, Any]):
    """Cards with both ways to their values."""

    def getScalar(self, name: str) -> Any:
        return self[name]


class FakeExposure:
    """An exposure that is also its own masked image."""

    def __init__(self, path: Path) -> None:
        held = read_exposure(path)
        self.image = Array(held.image)
        self.variance = Array(held.variance)
        self.mask = Array(held.mask, held.planes)
        self.x0, self.y0 = held.xy0
        self.wcs = FakeWcs(held)
        self.metadata = FakeMetadata(held.cards)

    def getMaskedImage(self) -> FakeExposure:
        return self

    def getImage(self) -> Array:
        return self.image

    def getVariance(self) -> Array:
        return self.variance

    def getMask(self) -> Array:
        return self.mask

    def getXY0(self) -> Any:
        return SimpleNamespace(getX=lambda: self.x0, getY=lambda: self.y0)

    def getWcs(self) -> FakeWcs:
        return self.wcs

    def getMetadata(self) -> FakeMetadata:
        return self.metadata


class FakeCatalog:
    """A table, and rows with ids and positions."""

    def __init__(self, path: Path) -> None:
        held = read_catalogue(path)
        self.table = Table(
            [Column(c.values, name, unit=c.unit or None) for name, c in held.columns.items()]
        )

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Any]:
        for number, x, y in self.table.iterrows(*PLACE):
            yield SimpleNamespace(
                getId=lambda number=number: int(number),
                getX=lambda x=x: float(x),
                getY=lambda y=y: float(y),
            )

    def copy(self, deep: bool = False) -> FakeCatalog:
        return self

    def asAstropy(self) -> Table:
        return self.table


def fetch(repository: CaseRepository, name: str, data_id: Mapping[str, Any]) -> Any:
    """Return a dataset from its file."""
    path = repository.file(name, data_id["visit"], data_id["detector"])
    return FakeExposure(path) if name == "calexp" else FakeCatalog(path)


def was_made(data_id: Mapping[str, Any]) -> bool:
    """Return whether the repository holds the datasets of a visit and detector."""
    return (data_id["visit"], data_id["detector"]) in facts.VISIT_DETECTORS


def repository_of(config: str) -> CaseRepository:
    """Return the repository of a configuration, or of its folder."""
    path = Path(config)
    root = path.parent if path.name == "butler.yaml" else path
    return CaseRepository(root.parent, facts.QUARTER)


class JanuaryType(SimpleNamespace):
    """A dataset type that prints itself as in January 2020."""

    def __str__(self) -> str:
        return str(self.printed)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.name)


class JanuaryButler:
    """The Butler of January 2020, as far as the notebook goes."""

    refusal = "No run or collection provided."

    def __init__(self, config: str, collection: str | None = None) -> None:
        if collection is None:
            raise ValueError(self.refusal)
        self.repository = repository_of(config)
        self.collection = collection
        self.run = None
        self.registry = self

    def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
        if self.collection != facts.OUTPUT:
            raise LookupError(f"Dataset {name} could not be found in {self.collection}")
        return fetch(self.repository, name, dataId)

    def datasetExists(self, name: str, data_id: Mapping[str, Any]) -> bool:
        if self.collection != facts.OUTPUT or not was_made(data_id):
            raise LookupError(f"{name} with {data_id} not found in collection {self.collection}")
        return True

    def getAllCollections(self) -> set[str]:
        return set(facts.FILLED_COLLECTIONS)

    def getAllDatasetTypes(self) -> frozenset[JanuaryType]:
        whole = {known.name: known.printed for known in facts.DATASET_TYPES}
        parts = {name: f"DatasetType({name})" for name in facts.COMPONENT_NAMES}
        parts.update({text[12:].split(",")[0]: text for text in facts.CALEXP_COMPONENTS})
        return frozenset(
            JanuaryType(name=name, printed=text) for name, text in (whole | parts).items()
        )

    def queryDatasets(self, datasetType: str, collections: list[str]) -> Iterator[str]:
        for number, (visit, detector) in enumerate(sorted(facts.VISIT_DETECTORS), start=7):
            data_id = {"instrument": "HSC", "detector": detector, "visit": visit}
            yield f"{datasetType}@{data_id} (id={number * 17})"


class TodayRef(SimpleNamespace):
    """A reference that prints itself as today."""

    def __str__(self) -> str:
        shown = ", ".join(f"{key}: {value!r}" for key, value in self.dataId.items())
        return f"{self.name}@{{{shown}}} [sc=SourceCatalog] (run={facts.OUTPUT} id={self.id})"


class TodayType(SimpleNamespace):
    """A dataset type of today."""

    def __lt__(self, other: TodayType) -> bool:
        return bool(self.name < other.name)

    def isCalibration(self) -> bool:
        return bool(self.calibration)

    def __str__(self) -> str:
        names = "band, instrument, day_obs, detector, physical_filter, visit"
        return f"DatasetType('{self.name}', {{{names}}}, {self.storageClass_name})"


class NoDefaultCollectionError(Exception):
    """There is no collection to look in."""


class TodayButler:
    """Today's Butler, as far as the notebook's steps go."""

    def __init__(self, repository: CaseRepository, collections: tuple[str, ...]) -> None:
        self.repository = repository
        self.collections = SimpleNamespace(
            defaults=collections, query=lambda pattern: sorted(facts.ALL_COLLECTIONS)
        )
        self.registry = self

    @classmethod
    def from_config(cls, config: str, collections: str = "") -> TodayButler:
        return cls(repository_of(config), tuple(filter(None, [collections])))

    def clone(self, collections: str) -> TodayButler:
        return type(self)(self.repository, (collections,))

    def exists(self, name: str, data_id: Mapping[str, Any], collections: str = "") -> bool:
        searched = [collections] if collections else self.collections.defaults
        return facts.OUTPUT in searched and was_made(data_id)

    def get(self, name: str, data_id: Mapping[str, Any] | None = None, **keywords: Any) -> Any:
        if not self.collections.defaults:
            raise NoDefaultCollectionError("No collections provided and no default collections.")
        return fetch(self.repository, name, {**(data_id or {}), **keywords})

    def getURI(self, ref: TodayRef) -> Any:
        folder, place = self.repository.output / ref.name, ref.dataId
        name = f"_{place['visit']}_{place['detector']}_" if ref.name != "deepCoadd_calexp" else ""
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return SimpleNamespace(ospath=next(str(path) for path in files if name in str(path)))

    def query_datasets(self, name: str, **keywords: Any) -> list[TodayRef]:
        refs = []
        for visit, detector in sorted(facts.VISIT_DETECTORS):
            band = "r" if visit in facts.R_VISITS else "i"
            data_id = {
                "instrument": "HSC",
                "detector": detector,
                "visit": visit,
                "band": band,
                "day_obs": 20130617 if band == "r" else 20131102,
                "physical_filter": f"HSC-{band.upper()}",
            }
            wanted = ("instrument", "visit", "physical_filter")
            if all(data_id[key] == keywords.get(key, data_id[key]) for key in wanted):
                number = f"{visit:08x}-0000-4000-8000-{detector:012x}"
                refs.append(TodayRef(name=name, dataId=data_id, id=number))
        return list(itertools.islice(refs, keywords.get("limit")))

    def queryDatasetTypes(self) -> list[TodayType]:
        return [
            TodayType(
                name=known.name,
                storageClass_name=known.storage_class,
                calibration=known.is_calibration,
                dimensions=SimpleNamespace(required=known.required_today),
            )
            for known in facts.DATASET_TYPES
        ]
