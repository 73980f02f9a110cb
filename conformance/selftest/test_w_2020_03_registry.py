"""The registry of the dialect of 2020, and its printed forms."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from butler_core import Butler as Today
from butler_core.w_2020_03 import (
    Butler,
    DataCoordinate,
    DatasetRef,
    DatasetType,
    Dimension,
    DimensionGraph,
    ExpandedDataCoordinate,
    Like,
    Registry,
)

from .w_2020_03_world import OUTPUT, VISIT, build

V = "{abstract_filter, instrument, detector, physical_filter, visit}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("w_2020_03") / "DATA")


@pytest.fixture
def registry(root: Path) -> Registry:
    return Butler(config=str(root), collection="").registry


def test_collections_that_hold_datasets(registry: Registry) -> None:
    names = registry.getAllCollections()
    assert type(names) is set
    assert names == {OUTPUT, "raw/hsc", "calib/hsc", "rerun", "tagged"}


def test_an_empty_repository_has_no_collections(tmp_path: Path) -> None:
    Today.makeRepo(tmp_path / "r")
    registry = Butler(config=str(tmp_path / "r"), collection="").registry
    assert registry.getAllCollections() == set()
    assert registry.getAllDatasetTypes() == frozenset()


def test_all_dataset_types_with_their_components(registry: Registry) -> None:
    types = registry.getAllDatasetTypes()
    assert type(types) is frozenset
    assert len(types) == 8 + 3 * 11 + 3
    names = {one.name for one in types}
    assert {one for one in names if one.startswith("calexp.")} == {
        f"calexp.{part}"
        for part in (
            *("image", "mask", "variance", "wcs", "psf", "photoCalib", "visitInfo"),
            *("apCorrMap", "coaddInputs", "transmissionCurve", "metadata"),
        )
    }
    assert {one for one in names if one.startswith("flat.")} == {
        "flat.image",
        "flat.mask",
        "flat.variance",
    }
    with pytest.raises(TypeError, match="'<' not supported"):
        sorted(types)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("calexp", f"DatasetType(calexp, {V}, ExposureF)"),
        ("calexp.wcs", f"DatasetType(calexp.wcs, {V}, Wcs)"),
        (
            "raw",
            "DatasetType(raw, {abstract_filter, instrument, detector, physical_filter, visit, "
            "exposure}, Exposure)",
        ),
        ("bias", "DatasetType(bias, {instrument, calibration_label, detector}, ExposureF)"),
        (
            "flat",
            "DatasetType(flat, {abstract_filter, instrument, calibration_label, detector, "
            "physical_filter}, MaskedImageF)",
        ),
        (
            "coadd",
            "DatasetType(coadd, {abstract_filter, skymap, tract, patch}, StructuredDataDict)",
        ),
    ],
)
def test_dataset_types_print_as_in_2020(registry: Registry, name: str, printed: str) -> None:
    found = registry.getDatasetType(name)
    assert repr(found) == str(found) == printed


@pytest.mark.parametrize("name", ["nope", "calexp.filter", "nope.wcs", "src.image"])
def test_an_unknown_dataset_type(registry: Registry, name: str) -> None:
    with pytest.raises(KeyError) as caught:
        registry.getDatasetType(name)
    assert type(caught.value) is KeyError
    assert caught.value.args == (f"Could not find entry for datasetType {name}",)


def test_references_print_as_in_2020(root: Path, registry: Registry) -> None:
    refs = list(registry.queryDatasets(datasetType="src", collections=[OUTPUT]))
    assert len(refs) == 2
    ref = next(each for each in refs if each.dataId["detector"] == 22)
    data_id = "{'instrument': 'HSC', 'detector': 22, 'visit': 903334}"
    assert str(ref) == f"src@{data_id} (id={ref.id})"
    assert repr(ref) == (
        f"DatasetRef(DatasetType(src, {V}, StructuredDataDict), {data_id}, id={ref.id}, "
        "run=None, components={})"
    )
    assert type(ref.id) is int
    with Today(root, collections=OUTPUT) as today:
        found = today.find_dataset("src", instrument="HSC", visit=VISIT, detector=22)
    assert found is not None
    assert uuid.UUID(int=ref.id) == found.id


def test_a_raw_shows_the_exposure_and_a_calibration_no_label(registry: Registry) -> None:
    raw = next(registry.queryDatasets("raw", collections=["raw/hsc"]))
    assert str(raw.dataId) == "{'instrument': 'HSC', 'detector': 1, 'exposure': 903334}"
    assert raw.dataId["visit"] == VISIT
    bias = next(registry.queryDatasets("bias", collections=["calib/hsc"]))
    assert str(bias.dataId) == "{'instrument': 'HSC', 'detector': 22}"


def test_references_cannot_be_hashed_or_sorted(registry: Registry) -> None:
    refs = list(registry.queryDatasets("src", collections=[OUTPUT]))
    for act in (hash, lambda ref: {ref}):
        with pytest.raises(TypeError, match=r"^hash\(\) takes exactly one argument \(3 given\)$"):
            act(refs[0])
    with pytest.raises(TypeError, match="'<' not supported"):
        sorted(refs)  # type: ignore[type-var]
    again = list(registry.queryDatasets("src", collections=[OUTPUT]))
    assert sorted(refs, key=lambda ref: ref.id or 0) == sorted(again, key=lambda ref: ref.id or 0)


def test_data_ids_know_the_rest(registry: Registry) -> None:
    ref = next(registry.queryDatasets("src", collections=[OUTPUT], detector=22, instrument="HSC"))
    data_id = ref.dataId
    assert isinstance(data_id, ExpandedDataCoordinate)
    assert len(data_id) == 3
    assert data_id["visit"] == data_id[Dimension("visit")] == VISIT
    assert data_id.byName() == {"instrument": "HSC", "detector": 22, "visit": VISIT}
    assert str(data_id.full) == (
        "{abstract_filter: r, instrument: HSC, detector: 22, physical_filter: HSC-R, visit: 903334}"
    )
    assert data_id["abstract_filter"] == "r"
    assert "abstract_filter" in data_id
    assert data_id.records["visit"].name == "HSCA90333400"
    assert "day_obs" not in data_id.records
    assert list(dict(data_id)) == [Dimension(each) for each in ("instrument", "detector", "visit")]
    assert data_id == {"instrument": "HSC", "detector": 22, "visit": VISIT}
    with pytest.raises(TypeError):
        dict(**data_id)
    plain = next(registry.queryDatasets("src", collections=[OUTPUT], expand=False)).dataId
    assert type(plain) is DataCoordinate
    assert "abstract_filter" not in plain


def test_queries_are_generators_that_check_late(registry: Registry) -> None:
    with pytest.raises(TypeError, match="required keyword-only argument: 'collections'"):
        registry.queryDatasets("src")  # type: ignore[call-arg]
    query = registry.queryDatasets("src", collections=[OUTPUT], bind={})
    with pytest.raises(TypeError, match="has no len"):
        len(query)  # type: ignore[arg-type]
    with pytest.raises(KeyError) as caught:
        next(query)
    assert caught.value.args == ("bind",)
    once = registry.queryDatasets("src", collections=[OUTPUT])
    assert len(list(once)) == 2
    assert list(once) == []


def _names(registry: Registry, dataset_type: object, collections: object) -> list[str]:
    found = registry.queryDatasets(dataset_type, collections=collections)  # type: ignore[arg-type]
    return sorted(ref.datasetType.name for ref in found)


def test_what_names_stand_for(registry: Registry) -> None:
    assert _names(registry, "src", OUTPUT) == []
    assert _names(registry, "nope", [OUTPUT]) == []
    assert _names(registry, "src", ["nope"]) == []
    assert _names(registry, "src", []) == []
    assert _names(registry, "src", ["nope", OUTPUT]) == ["src", "src"]
    assert _names(registry, "src", [Like("shared/%")]) == ["src", "src"]
    assert _names(registry, "src", [Like("SHARED/ci_hsc_outpu_")]) == ["src", "src"]
    assert _names(registry, "src", [Like("ci%")]) == []
    assert _names(registry, Like("s%"), [OUTPUT]) == ["src", "src"]
    assert _names(registry, registry.getDatasetType("src"), [OUTPUT]) == ["src", "src"]
    assert _names(registry, "calexp.wcs", [OUTPUT]) == ["calexp.wcs", "calexp.wcs"]
    assert _names(registry, "bias", ...) == ["bias"]
    whole = [name for name in _names(registry, ..., ["raw/hsc", "calib/hsc"]) if "." not in name]
    assert whole == ["bias", "raw", "raw"]


def test_duplicates_and_ranks(registry: Registry) -> None:
    both = [OUTPUT, "rerun"]
    first = {ref.id for ref in registry.queryDatasets("src", collections=[OUTPUT])}
    second = {ref.id for ref in registry.queryDatasets("src", collections=["rerun"])}
    assert (len(first), len(second)) == (2, 1)
    assert {ref.id for ref in registry.queryDatasets("src", collections=both)} == first | second
    ranked = registry.queryDatasets("src", collections=both, deduplicate=True)
    assert {ref.id for ref in ranked} == first
    ranked = registry.queryDatasets("src", collections=both[::-1], deduplicate=True)
    assert second < {ref.id for ref in ranked} < first | second
    query = registry.queryDatasets("src", collections=..., deduplicate=True)
    with pytest.raises(TypeError, match=r"^Cannot rank collections when no collections are prov"):
        next(query)
    query = registry.queryDatasets("src", collections=[Like("s%")], deduplicate=True)
    with pytest.raises(TypeError, match=r"^Cannot rank collections that include LIKE pattern 's%'"):
        next(query)


def test_data_ids_constrain_queries(registry: Registry) -> None:
    def count(**given: object) -> int:
        return len(list(registry.queryDatasets("src", collections=[OUTPUT], **given)))  # type: ignore[arg-type]

    assert count(instrument="HSC", detector=22) == 1
    assert count(dataId={"instrument": "HSC"}, visit=VISIT) == 2
    assert count(dataId={Dimension("instrument"): "HSC"}) == 2
    assert count(abstract_filter="r") == 2
    assert count(abstract_filter="i") == 0
    with pytest.raises(KeyError, match="No value in data ID for required dimension 'instrument'"):
        count(visit=VISIT)


def test_what_cannot_be_translated_is_said(registry: Registry) -> None:
    for given in ({"where": "visit = 903334"}, {"dimensions": ["tract"]}):
        query = registry.queryDatasets("src", collections=[OUTPUT], **given)
        with pytest.raises(ValueError, match=next(iter(given))):
            next(query)
    with pytest.raises(ValueError, match="cannot join"):
        next(registry.queryDimensions(["visit", "detector"]))
    with pytest.raises(ValueError, match="cannot evaluate"):
        next(registry.queryDimensions(["visit"], where="visit = 1"))


def test_data_ids_of_a_dimension(registry: Registry) -> None:
    found = list(registry.queryDimensions(["visit"], instrument="HSC"))
    assert [str(each) for each in found] == [f"{{'instrument': 'HSC', 'visit': {VISIT}}}"]
    assert found[0]["abstract_filter"] == "r"
    filters = [each["abstract_filter"] for each in registry.queryDimensions(["abstract_filter"])]
    assert sorted(filters) == ["i", "r"]


def test_the_universe_prints_in_its_order(registry: Registry) -> None:
    assert str(registry.dimensions) == (
        "{htm7, htm9, abstract_filter, instrument, skymap, calibration_label, detector, "
        "physical_filter, tract, patch, visit, exposure}"
    )
    graph = DimensionGraph(["exposure"])
    assert [each.name for each in graph.required] == ["instrument", "exposure"]
    assert [each.name for each in graph.implied] == ["abstract_filter", "physical_filter", "visit"]


def test_dataset_types_can_be_registered(tmp_path: Path) -> None:
    butler = Butler(config=str(build(tmp_path / "r")), run="mine")
    mine = DatasetType("mine", ["instrument", "abstract_filter"], "StructuredDataDict")
    assert butler.registry.registerDatasetType(mine)
    assert not butler.registry.registerDatasetType(mine)
    assert butler.registry.getDatasetType("mine") == mine
    old = DatasetType("dark", ["calibration_label", "detector"], "ExposureF")
    butler.registry.registerDatasetType(old)
    assert butler.registry.getDatasetType("dark") == old
    with Today(tmp_path / "r") as today:
        assert today.get_dataset_type("dark").isCalibration()
        assert set(today.get_dataset_type("mine").dimensions.names) == {"instrument", "band"}


def test_references_of_the_user(registry: Registry) -> None:
    src = registry.getDatasetType("src")
    ref = DatasetRef(src, {"visit": 1, "instrument": "HSC", "detector": 2, "foo": 3})
    assert str(ref) == "src@{'instrument': 'HSC', 'detector': 2, 'visit': 1} (id=None)"
    with pytest.raises(KeyError, match="required dimension 'detector'"):
        DatasetRef(src, {"visit": 1, "instrument": "HSC"})
