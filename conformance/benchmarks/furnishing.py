"""The repositories that rows start from, each made of the one before it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance.benchmarks.bench import Bench
from conformance.benchmarks.exposure_file import write_exposure
from conformance.benchmarks.model import CHAIN, EARLIER, EXPOSURE, FILES, RUN, STORED, TYPE, VALUE

__all__ = ["EXPORTED", "STAGES", "before", "furnish"]

EXPORTED = "exported.yaml"
"""The name of the export in the repository of the stage "exported"."""
STORED_AT_MOST = 500


def _empty(bench: Bench) -> None:
    bench.implementation.make_repository(bench.root)


def _records(bench: Bench) -> None:
    """Add dimension records and dataset types."""
    with bench.open(writeable=True) as butler:
        for element, records in bench.model.records(bench.api.Timespan):
            butler.registry.insertDimensionData(element, *records)
        for name in (TYPE, FILES):
            dimensions = ["instrument", "visit", "detector"]
            universe = butler.dimensions
            butler.registry.registerDatasetType(
                bench.api.DatasetType(name, dimensions, "StructuredDataDict", universe=universe)
            )


def _datasets(bench: Bench) -> None:
    """Add the many datasets, those of the chain, and some with files."""
    model = bench.model
    with bench.open(writeable=True, run=STORED) as butler:
        for name, data_ids in ((RUN, model.data_ids()), *((one, model.earlier) for one in EARLIER)):
            butler.collections.register(name)
            butler.registry.insertDatasets(TYPE, data_ids, run=name)
        butler.collections.register(CHAIN, bench.api.CollectionType.CHAINED)
        butler.collections.redefine_chain(CHAIN, [*EARLIER, RUN])
        for data_id in bench.some(STORED_AT_MOST):
            butler.put(VALUE, FILES, data_id)


def _regions(bench: Bench) -> None:
    """Add the region of each CCD of each visit, without which it has not all of its records."""
    with bench.open(writeable=True) as butler:
        butler.registry.insertDimensionData("visit_detector_region", *bench.model.regions())


def ingested(bench: Bench, *, together: int) -> None:
    """Add the many datasets with files, each of which so many of them share."""
    data_ids = bench.model.data_ids()
    with bench.open(writeable=True, run=RUN) as butler:
        kind, universe = butler.get_dataset_type(TYPE), butler.dimensions
        standardize = bench.api.DataCoordinate.standardize
        files = []
        for start in range(0, len(data_ids), together):
            path = bench.folder / f"{start}.yaml"
            path.write_text("seeing: 0.71\n", encoding="utf-8")
            refs: list[Any] = [
                bench.api.DatasetRef(kind, standardize(one, universe=universe), RUN)
                for one in data_ids[start : start + together]
            ]
            files.append(bench.api.FileDataset(path=str(path), refs=refs))
        butler.ingest(*files, transfer="copy")


def _shared(bench: Bench) -> None:
    ingested(bench, together=bench.model.datasets)


def _by_visit(bench: Bench) -> None:
    ingested(bench, together=len(bench.model.earlier))


def export(bench: Bench, file: Path) -> None:
    """Export all of the many datasets; their files stay where they are."""
    with bench.open() as butler:
        refs = butler.query_datasets(TYPE, RUN, limit=None)
        with butler.export(filename=str(file), format="yaml", transfer=None) as exporting:
            exporting.saveDatasets(refs)


def _exported(bench: Bench) -> None:
    export(bench, bench.root / EXPORTED)


def _exposure(bench: Bench) -> None:
    """Add an exposure, in a file that no Butler wrote."""
    path = bench.folder / "exposure.fits"
    write_exposure(path, *bench.model.pixels)
    with bench.open(writeable=True, run=STORED) as butler:
        kind = bench.api.DatasetType(EXPOSURE, (), "ExposureF", universe=butler.dimensions)
        butler.registry.registerDatasetType(kind)
        nothing = bench.api.DataCoordinate.standardize({}, universe=butler.dimensions)
        ref = bench.api.DatasetRef(kind, nothing, STORED)
        butler.ingest(bench.api.FileDataset(path=str(path), refs=[ref]), transfer="move")


STAGES: dict[str, tuple[str, Callable[[Bench], None]]] = {
    "empty": ("", _empty),
    "records": ("empty", _records),
    "datasets": ("records", _datasets),
    "regions": ("datasets", _regions),
    "sky": ("records", _regions),
    "files": ("sky", _by_visit),
    "shared": ("sky", _shared),
    "exported": ("files", _exported),
    "exposure": ("empty", _exposure),
}
"""Name of a repository to the one that it is made of, and what is done to that."""


def before(stage: str) -> list[str]:
    """Return a stage and those that must be made before it, the first one first."""
    found: list[str] = []
    while stage:
        found.insert(0, stage)
        stage = STAGES[stage][0]
    return found


def furnish(bench: Bench, stage: str, template: Path | None) -> None:
    """Make the repository of a stage at the root of a bench, of a copy of the one before it."""
    if template is not None:
        shutil.copytree(template, bench.root)
    STAGES[stage][1](bench)
