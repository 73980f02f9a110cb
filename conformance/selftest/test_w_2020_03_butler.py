"""The Butler of the dialect of 2020: construction, and the data it finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from butler_core.config import ButlerConfig
from butler_core.errors import ConflictingDefinitionError, DatasetTypeNotSupportedError
from butler_core.storage_class import StorageClassFactory
from butler_core.w_2020_03 import Butler, DatasetRef, DatasetType

from .w_2020_03_world import OUTPUT, VISIT, build

DATA_ID: dict[str, Any] = {"visit": VISIT, "detector": 22, "instrument": "HSC"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("w_2020_03") / "DATA")


@pytest.fixture
def butler(root: Path) -> Butler:
    return Butler(config=str(root / "butler.yaml"), collection=OUTPUT)


@pytest.mark.parametrize("form", ["file", "folder", "path", "config"])
def test_what_a_configuration_can_be(root: Path, form: str) -> None:
    forms = {"file": str(root / "butler.yaml"), "folder": str(root), "path": root}
    butler = Butler(forms.get(form, ButlerConfig(root)), collection=OUTPUT)  # type: ignore[arg-type]
    assert butler.get("src", DATA_ID) == {"n": 22}


def _refusal(**given: Any) -> str:
    """Return the text of the plain `ValueError` that a construction raises."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        Butler(**given)
    assert caught.type is ValueError
    return str(caught.value)


def test_a_collection_is_needed(root: Path) -> None:
    assert _refusal(config=str(root)) == "No run or collection provided."


def test_a_configuration_is_needed() -> None:
    assert _refusal() == (
        "Required to replace <butlerRoot> in '<butlerRoot>/datastore' but a replacement has not "
        "been defined"
    )


def test_run_and_collection_must_agree(root: Path) -> None:
    for collection in ("a", ""):
        message = _refusal(config=str(root), collection=collection, run="b")
        assert message == f"Run (b) and collection ({collection}) are inconsistent."


def test_the_empty_collection(root: Path) -> None:
    butler = Butler(config=str(root / "butler.yaml"), collection="")
    assert butler.collection == ""
    assert butler.run is None
    assert str(butler) == (
        f"Butler(collection='', datastore='{root}', registry='SQLite3@{root}/gen3.sqlite3')"
    )
    assert repr(butler) == object.__repr__(butler)
    with pytest.raises(LookupError, match=r"could not be found in $"):
        butler.get("src", DATA_ID)


def test_the_collection_can_be_assigned(root: Path) -> None:
    butler = Butler(config=str(root), collection="")
    butler.collection = OUTPUT
    assert butler.get("src", dataId=DATA_ID) == {"n": 22}
    butler.collection = "tagged"
    assert butler.datasetExists("src", DATA_ID)
    butler.collection = "raw/hsc"
    with pytest.raises(LookupError, match=r"could not be found in raw/hsc$"):
        butler.get("src", DATA_ID)
    butler.collection = "nope"
    with pytest.raises(LookupError, match=r"could not be found in nope$"):
        butler.get("src", DATA_ID)


def test_the_order_of_fallbacks(tmp_path: Path) -> None:
    root = build(tmp_path / "r")
    text = (root / "butler.yaml").read_text("utf-8")
    (root / "butler.yaml").write_text(f"{text}\ncollection: tagged\n", "utf-8")
    assert Butler(config=str(root)).collection == "tagged"
    assert Butler(config=str(root), collection=OUTPUT).collection == OUTPUT
    by_run = Butler(config=str(root), run="mine")
    assert (by_run.collection, by_run.run) == ("mine", "mine")
    (root / "butler.yaml").write_text(f"{text}\nrun: {OUTPUT}\n", "utf-8")
    butler = Butler(config=str(root))
    assert (butler.collection, butler.run) == (OUTPUT, OUTPUT)
    with pytest.raises(
        ValueError, match=r"^Run \(shared/ci_hsc_output\) and collection \(tagged\)"
    ):
        Butler(config=str(root), collection="tagged")


def test_another_butler_on_the_same_repository(butler: Butler, tmp_path: Path) -> None:
    other = Butler(butler=butler, collection="tagged")
    assert other.get("src", DATA_ID) == {"n": 22}
    for given in ({"config": "x"}, {"searchPaths": ["x"]}):
        with pytest.raises(TypeError, match=r"^Cannot pass 'config' or 'searchPaths' arguments"):
            Butler(butler=butler, collection="", **given)
    first = Butler(config=str(build(tmp_path / "r")), collection="")
    writer = Butler(butler=first, run="mine")
    writer.put({"a": 1}, "stats", DATA_ID)
    assert Butler(butler=writer, collection="mine").get("stats", DATA_ID) == {"a": 1}


@pytest.mark.parametrize(
    "given",
    [
        {"dataId": {"instrument": "HSC", "detector": 22, "visit": VISIT}},
        {"dataId": {"visit": VISIT, "instrument": "HSC", "detector": 22}},
        {"visit": VISIT, "instrument": "HSC", "detector": 22},
        {"dataId": {"instrument": "HSC"}, "visit": VISIT, "detector": 22},
        {"dataId": {**DATA_ID, "detector": "22", "visit": str(VISIT)}},
        {"dataId": {**DATA_ID, "foo": 1}},
        {"dataId": {**DATA_ID, "physical_filter": "HSC-I"}},
        {"dataId": {**DATA_ID, "abstract_filter": "i"}},
    ],
)
def test_forms_of_a_data_id(butler: Butler, given: dict[str, Any]) -> None:
    assert butler.get("src", **given) == {"n": 22}
    assert butler.datasetExists("src", **given)


def test_a_required_dimension_must_be_given(butler: Butler) -> None:
    with pytest.raises(KeyError) as caught:
        butler.get("src", {"visit": VISIT, "detector": 22})
    assert type(caught.value) is KeyError
    assert caught.value.args == ("No value in data ID for required dimension 'instrument'.",)


@pytest.mark.parametrize("visit", [1, "x"])
def test_what_is_not_found(butler: Butler, visit: object) -> None:
    with pytest.raises(LookupError) as caught:
        butler.get("src", {**DATA_ID, "visit": visit})
    assert type(caught.value) is LookupError
    assert str(caught.value) == (
        f"Dataset src with data ID {{'instrument': 'HSC', 'detector': 22, 'visit': {visit!r}}} "
        f"could not be found in {OUTPUT}"
    )


def test_an_unknown_dataset_type(butler: Butler) -> None:
    for act in (butler.get, butler.getUri, butler.datasetExists):
        with pytest.raises(KeyError) as caught:
            act("nope", DATA_ID)
        assert caught.value.args == ("Could not find entry for datasetType nope",)


def test_references_are_looked_up_in_the_collection(butler: Butler) -> None:
    ref = next(butler.registry.queryDatasets("src", collections=[OUTPUT], **DATA_ID))
    assert butler.get(ref) == {"n": 22}
    assert butler.getDirect(ref) == {"n": 22}
    with pytest.raises(ValueError, match=r"^DatasetRef given, cannot use dataId as well$"):
        butler.get(ref, DATA_ID)
    other = DatasetRef(ref.datasetType, ref.dataId, id=7)
    with pytest.raises(ValueError, match=r"^DatasetRef\.id does not match id in registry$"):
        butler.get(other)
    assert butler.get(DatasetRef(ref.datasetType, ref.dataId)) == {"n": 22}
    butler.collection = ""
    with pytest.raises(LookupError, match=r"could not be found in $"):
        butler.get(ref)
    assert butler.getDirect(ref) == {"n": 22}


def test_a_dataset_type_serves_as_well_as_its_name(butler: Butler) -> None:
    src = butler.registry.getDatasetType("src")
    assert butler.get(src, DATA_ID) == {"n": 22}
    missing = DatasetType("nope", ["instrument"], "StructuredDataDict")
    with pytest.raises(KeyError, match="Could not find entry for datasetType nope"):
        butler.get(missing, instrument="HSC")


def test_a_raw_is_found_by_its_exposure(root: Path) -> None:
    butler = Butler(config=str(root), collection="raw/hsc")
    data_id = {"instrument": "HSC", "exposure": VISIT, "detector": 22}
    assert butler.datasetExists("raw", data_id) is False
    with pytest.raises(LookupError, match="'exposure': 5} not found in collection raw/hsc"):
        butler.datasetExists("raw", {**data_id, "exposure": 5})


def test_a_file_that_is_gone(butler: Butler, root: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        butler.get("calexp", DATA_ID)
    assert type(caught.value) is FileNotFoundError
    ref = next(butler.registry.queryDatasets("calexp", collections=[OUTPUT], **DATA_ID))
    assert str(caught.value) == (
        f"Unable to locate dataset '{ref}' in datastore PosixDatastore@{root}"
    )
    with pytest.raises(FileNotFoundError):
        butler.get("calexp.wcs", DATA_ID)
    assert butler.datasetExists("calexp", DATA_ID) is False


def test_where_files_are(butler: Butler, root: Path) -> None:
    uri = butler.getUri("src", DATA_ID)
    assert type(uri) is str
    assert uri.startswith(f"file://{root}/{OUTPUT}/src/")
    with pytest.raises(FileNotFoundError, match="does not exist in Registry") as caught:
        butler.getUri("stats", DATA_ID)
    assert str(caught.value).startswith("Dataset DatasetType(stats, {abstract_filter, ")
    with pytest.raises(ValueError, match=r"^Cannot predict location from read-only Butler"):
        butler.getUri("stats", DATA_ID, predict=True)


def test_what_exists(butler: Butler) -> None:
    assert butler.datasetExists("src", DATA_ID) is True
    with pytest.raises(LookupError) as caught:
        butler.datasetExists("stats", DATA_ID)
    assert str(caught.value) == (
        "DatasetType(stats, {abstract_filter, instrument, detector, physical_filter, visit}, "
        "StructuredDataDict) with {'instrument': 'HSC', 'detector': 22, 'visit': 903334} "
        f"not found in collection {OUTPUT}"
    )


def test_a_handle_reads_later(butler: Butler) -> None:
    handle = butler.getDeferred("src", DATA_ID)
    assert handle.get() == {"n": 22}
    with pytest.raises(KeyError, match=r"datasetType src\.wcs"):
        handle.get(component="wcs")
    later = butler.getDeferred("nope", DATA_ID)
    with pytest.raises(KeyError, match="datasetType nope"):
        later.get()


def test_a_butler_without_a_run_cannot_put(butler: Butler) -> None:
    with pytest.raises(TypeError, match=r"^Butler is read-only\.$"):
        butler.put({}, "stats", DATA_ID)


def test_put(tmp_path: Path) -> None:
    root = build(tmp_path / "r")
    butler = Butler(config=str(root), run="mine")
    predicted = butler.getUri("stats", DATA_ID, predict=True)
    assert predicted.endswith("#predicted")
    ref = butler.put({"a": 1}, "stats", {**DATA_ID, "foo": 1, "abstract_filter": "i"})
    assert ref.run == "mine"
    assert type(ref.id) is int
    assert f"{butler.getUri('stats', DATA_ID)}#predicted" == predicted
    assert butler.get("stats", DATA_ID) == {"a": 1}
    assert butler.get(ref) == {"a": 1}
    assert "mine" in butler.registry.getAllCollections()
    with pytest.raises(ConflictingDefinitionError) as caught:
        butler.put({"a": 2}, "stats", DATA_ID)
    assert str(caught.value).startswith(
        "Constraint violation while associating datasets with collection mine. This probably means"
    )
    assert butler.get("stats", DATA_ID) == {"a": 1}
    with pytest.raises(
        ValueError, match=r"^DatasetRef must not be in registry, must have None id$"
    ):
        butler.put({}, ref)
    other = DatasetRef(ref.datasetType, {**DATA_ID, "detector": 1})
    assert butler.put({"b": 1}, other).id is not None
    box = StorageClassFactory.default()["Box2I"].pytype
    with pytest.raises(DatasetTypeNotSupportedError) as unsupported:
        butler.put(object.__new__(box), "odd", instrument="HSC")
    assert str(unsupported.value).startswith("Unable to find formatter for odd@{'instrument': ")


def test_a_transaction_takes_all_back(tmp_path: Path) -> None:
    butler = Butler(config=str(build(tmp_path / "r")), run="mine")

    def change_my_mind() -> None:
        with butler.transaction():
            butler.put({}, "stats", DATA_ID)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        change_my_mind()
    with pytest.raises(LookupError):
        butler.get("stats", DATA_ID)
    assert not (tmp_path / "r" / "mine").exists()


def test_what_is_not_offered_says_so(butler: Butler) -> None:
    with pytest.raises(AttributeError, match=r"Butler\.export of w_2020_03 is not offered"):
        _ = butler.export
    with pytest.raises(AttributeError, match="no attribute 'collections'"):
        _ = butler.collections
