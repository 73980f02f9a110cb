"""LSST's Butler opens the ci_hsc repository that `butler_core` made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import butler_core

pytestmark = pytest.mark.lsst

OUTPUT = "shared/ci_hsc_output"
RUNS = {"calib/hsc", "masks/hsc", "raw/hsc", "ref_cats", "skymaps", "shared/ci_hsc", OUTPUT}


@pytest.fixture(scope="module")
def lsst_butler(ci_hsc: Path) -> Any:
    from lsst.daf.butler import Butler

    butler = Butler.from_config(str(ci_hsc))
    yield butler
    butler.close()


def test_collections_are_listed(lsst_butler: Any) -> None:
    assert set(lsst_butler.collections.query("*")) == RUNS


def test_53_dataset_types_are_listed_as_we_list_them(lsst_butler: Any, ci_hsc: Path) -> None:
    theirs = {
        (one.name, one.storageClass_name, one.isCalibration(), tuple(one.dimensions.names))
        for one in lsst_butler.registry.queryDatasetTypes()
    }
    with butler_core.Butler(ci_hsc) as butler:
        ours = {
            (one.name, one.storageClass_name, one.isCalibration(), one.dimensions.names)
            for one in butler.registry.queryDatasetTypes()
        }
    assert len(theirs) == 53
    assert theirs == ours


def plain(refs: Any) -> set[tuple[Any, ...]]:
    return {
        (str(ref.id), ref.datasetType.name, ref.run, *sorted(ref.dataId.mapping.items()))
        for ref in refs
    }


@pytest.mark.parametrize("name", ["calexp", "src"])
def test_all_33_are_found_with_their_records(lsst_butler: Any, ci_hsc: Path, name: str) -> None:
    refs = lsst_butler.query_datasets(name, OUTPUT, with_dimension_records=True, limit=None)
    assert len(refs) == 33
    with butler_core.Butler(ci_hsc, collections=OUTPUT) as butler:
        ours = butler.query_datasets(name, with_dimension_records=True)
    assert plain(refs) == plain(ours)
    by_id = {ref.id: ref.dataId.records for ref in ours}
    for ref in refs:
        for element in ref.dataId.dimensions.elements:
            theirs, mine = ref.dataId.records[element], by_id[ref.id][element]
            assert fields(theirs) == fields(mine), (ref, element)


def fields(record: Any) -> dict[str, Any]:
    values: dict[str, Any] = record.toDict()
    timespan = values.get("timespan")
    if timespan is not None:
        values["timespan"] = tuple(timespan.nsec)
    return values


@pytest.mark.parametrize("name", ["calexp", "src"])
def test_each_is_found_by_overlap_with_its_centre(lsst_butler: Any, name: str) -> None:
    from lsst.sphgeom import LonLat

    refs = lsst_butler.query_datasets(name, OUTPUT, with_dimension_records=True, limit=None)
    for ref in refs:
        centre = LonLat(ref.dataId.region.getCentroid())
        found = lsst_butler.query_datasets(
            name,
            OUTPUT,
            where="visit = :v AND visit_detector_region.region OVERLAPS POINT(:ra, :dec)",
            bind={
                "v": ref.dataId["visit"],
                "ra": centre.getLon().asDegrees(),
                "dec": centre.getLat().asDegrees(),
            },
            instrument="HSC",
        )
        assert ref.id in {other.id for other in found}, ref


def test_files_are_where_lsst_butler_looks(lsst_butler: Any, ci_hsc: Path) -> None:
    for ref in lsst_butler.query_datasets("calexp", OUTPUT, limit=None):
        path = Path(lsst_butler.getURI(ref).ospath)
        assert path.is_relative_to(ci_hsc)
        assert path.is_file(), ref
        assert lsst_butler.exists(ref)


def test_lsst_butler_would_put_files_in_the_same_places(ci_hsc_copy: Path) -> None:
    from lsst.daf.butler import Butler, DatasetType

    theirs = Butler.from_config(str(ci_hsc_copy), run="here")
    theirs.registry.registerDatasetType(
        DatasetType(
            "note",
            {"instrument", "visit", "detector"},
            "StructuredDataDict",
            universe=theirs.dimensions,
        )
    )
    data_id = {"instrument": "HSC", "visit": 903338, "detector": 25}
    place = theirs.getURI("note", data_id, predict=True, run="here").ospath
    theirs.close()
    with butler_core.Butler(ci_hsc_copy, run="here") as ours:
        assert ours.getURI("note", data_id, predict=True).ospath == place


def test_structured_data_passes_both_ways(ci_hsc_copy: Path) -> None:
    from lsst.daf.butler import Butler, DatasetType

    data_id = {"instrument": "HSC", "visit": 903334, "detector": 22}
    content = {"seeing": 0.68, "flags": ["EDGE", "SAT"], "nested": {"n": 56, "none": None}}
    theirs = Butler.from_config(str(ci_hsc_copy), run="lsst/run")
    for name in ("from_lsst", "from_core"):
        theirs.registry.registerDatasetType(
            DatasetType(
                name,
                {"instrument", "visit", "detector"},
                "StructuredDataDict",
                universe=theirs.dimensions,
            )
        )
    put = theirs.put(content, "from_lsst", data_id)
    with butler_core.Butler(ci_hsc_copy, collections="lsst/run", run="core/run") as ours:
        assert ours.get("from_lsst", data_id) == content
        found = ours.find_dataset("from_lsst", data_id)
        assert found is not None
        assert found.id == put.id
        mine = ours.put(content, "from_core", data_id)
    assert theirs.get("from_core", data_id, collections="core/run") == content
    assert theirs.find_dataset("from_core", data_id, collections="core/run").id == mine.id
    theirs.close()


def test_lsst_butler_removes_what_we_put(ci_hsc_copy: Path) -> None:
    from lsst.daf.butler import Butler

    with butler_core.Butler(ci_hsc_copy, collections=OUTPUT) as ours:
        path = ours.getURI("calexp", visit=903334, detector=22).ospath
    theirs = Butler.from_config(str(ci_hsc_copy), writeable=True)
    theirs.removeRuns([OUTPUT])
    theirs.close()
    assert not Path(path).exists()
    with butler_core.Butler(ci_hsc_copy) as ours:
        assert set(ours.collections.query("*")) == RUNS - {OUTPUT}
