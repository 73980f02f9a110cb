"""Storage classes and their factory."""

from __future__ import annotations

from pathlib import Path

import pytest

from butler_core import Butler, DatasetType
from butler_core.errors import (
    ButlerConfigError,
    MissingPackageError,
    MissingStorageClassError,
    UnknownComponentError,
    UnknownParameterError,
)
from butler_core.storage_class import StorageClass, StorageClassFactory, UndefinedStorageClass

YAML = "lsst.daf.butler.formatters.yaml.YamlFormatter"
EXPOSURE_COMPONENTS = {
    *("image", "mask", "variance", "wcs", "psf", "photoCalib", "visitInfo", "apCorrMap"),
    *("coaddInputs", "transmissionCurve", "metadata", "filter", "detector", "validPolygon"),
    *("summaryStats", "id"),
}


@pytest.fixture(scope="module")
def factory() -> StorageClassFactory:
    return StorageClassFactory()


def test_every_name_of_the_reference_is_known(factory: StorageClassFactory) -> None:
    assert len(factory) == 122
    assert {"ExposureF", "SourceCatalog", "SkyMap", "TaskMetadata", "Timespan"} <= set(factory)


def test_exposure_has_its_components(factory: StorageClassFactory) -> None:
    exposure = factory.getStorageClass("ExposureF")
    assert set(exposure.components) == EXPOSURE_COMPONENTS
    assert set(exposure.derivedComponents) == {"bbox", "dimensions", "xy0"}
    assert set(exposure.allComponents()) == EXPOSURE_COMPONENTS | {"bbox", "dimensions", "xy0"}
    assert exposure.component("image").name == "ImageF"
    assert factory["ExposureI"].component("image").name == "ImageI"
    assert exposure.component("id").pytype is int
    assert exposure.isComposite()
    assert not factory["StructuredDataDict"].isComposite()


def test_parameters_are_inherited_and_checked(factory: StorageClassFactory) -> None:
    exposure = factory["ExposureF"]
    assert {"bbox", "origin", "amp", "detector"} <= exposure.knownParameters()
    exposure.validateParameters({"bbox": None})
    with pytest.raises(UnknownParameterError, match=r"no parameter 'bbx'.*did you mean 'bbox'"):
        exposure.validateParameters(["bbx"])
    with pytest.raises(KeyError, match="StructuredDataDict has no parameter 'bbox'; it takes none"):
        factory["StructuredDataDict"].validateParameters(["bbox"])


def test_misspelt_names_get_the_nearest(factory: StorageClassFactory) -> None:
    with pytest.raises(MissingStorageClassError, match="'ExposurF'; did you mean 'ExposureF'"):
        factory.getStorageClass("ExposurF")
    with pytest.raises(UnknownComponentError, match=r"no component 'wsc'.*did you mean 'wcs'"):
        factory["ExposureF"].component("wsc")


def test_a_missing_package_is_named(factory: StorageClassFactory) -> None:
    with pytest.raises(MissingPackageError, match=r"Config: lsst\.pex\.config\.Config.*Pipelines"):
        _ = factory["Config"].pytype
    with pytest.raises(ImportError, match="nowhere at all"):
        _ = StorageClass("X", "nowhere at all.Y").pytype


def test_a_repository_adds_and_does_not_redefine() -> None:
    factory = StorageClassFactory(
        {"Pair": {"pytype": "dict", "components": {"left": "Half"}}, "Half": {"pytype": "int"}}
    )
    assert factory["Pair"].component("left").name == "Half"
    assert "Pair" not in StorageClassFactory()
    with pytest.raises(ButlerConfigError, match="'ExposureF' is defined by the Butler"):
        factory.addFromConfig({"ExposureF": {"pytype": "dict"}})
    factory.addFromConfig({"Half": {"pytype": "int"}})
    with pytest.raises(ButlerConfigError, match="'Half' exists with another definition"):
        factory.addFromConfig({"Half": {"pytype": "str"}})
    assert factory["Half"].pytype is int


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"A": "list"}, "'A' must be a mapping"),
        ({"A": {"pytyp": "list"}}, "'A' has the key 'pytyp'; did you mean 'pytype'"),
        ({"A": {"components": {"x": "Imag"}}}, "'A' refers to 'Imag'.*did you mean 'Image'"),
        ({"A": {"inheritsFrom": "B"}, "B": {"inheritsFrom": "A"}}, "is defined by itself"),
    ],
)
def test_bad_definitions_are_refused(definition: dict[str, object], message: str) -> None:
    with pytest.raises(ButlerConfigError, match=message):
        StorageClassFactory(definition)


def test_objects_are_converted_only_where_there_is_a_converter() -> None:
    pairs = StorageClass("Pairs", dict, converters={"list": "dict"})
    assert pairs.coerce_type([("a", 1)]) == {"a": 1}
    same = {"a": 1}
    assert pairs.coerce_type(same) is same
    with pytest.raises(TypeError, match="type tuple cannot be used as storage class Pairs"):
        pairs.coerce_type((1, 2))


def test_equality_is_of_definitions() -> None:
    assert StorageClass("A", "dict") == StorageClass("A", dict)
    assert StorageClass("A", "dict") != StorageClass("A", "list")
    assert StorageClass("A", "dict") != StorageClass("A", "dict", parameters=["x"])
    assert repr(StorageClass("A", "dict")) == "StorageClass('A', pytype='dict')"


def test_the_factory_of_the_process_is_one() -> None:
    assert StorageClassFactory.default() is StorageClassFactory.default()


@pytest.fixture
def process_factory(monkeypatch: pytest.MonkeyPatch) -> StorageClassFactory:
    """Return the factory of the process, which forgets afterwards what is added to it."""
    factory = StorageClassFactory.default()
    monkeypatch.setattr(factory, "_classes", dict(factory._classes))
    return factory


def test_a_missing_storage_class_says_where_it_is_added(
    process_factory: StorageClassFactory,
) -> None:
    mine = StorageClass("MyWords", str)
    StorageClassFactory().registerStorageClass(mine)
    with pytest.raises(MissingStorageClassError) as caught:
        process_factory.getStorageClass("MyWords")
    assert "StorageClassFactory.default().registerStorageClass(...)" in str(caught.value)
    assert "storageClasses of butler.yaml" in str(caught.value)
    process_factory.registerStorageClass(mine)
    assert process_factory.getStorageClass("MyWords") is mine


def test_a_storage_class_can_be_added_to_an_open_butler(
    tmp_path: Path, process_factory: StorageClassFactory
) -> None:
    Butler.makeRepo(tmp_path, {"datastore": {"formatters": {"MyWords": YAML}}})
    mine = StorageClass("MyWords", list, converters={"tuple": "list"})
    with Butler(tmp_path, writeable=True, run="r") as butler:
        words = DatasetType("words", (), mine, universe=butler.dimensions)
        butler.registry.registerDatasetType(words)
        with pytest.raises(MissingStorageClassError, match=r"'MyWords'.*\.default\(\)\.register"):
            butler.put(["a"], "words")
        process_factory.registerStorageClass(mine)
        butler.put(("a",), "words")
        assert butler.get("words") == ["a"]
        assert butler.get_dataset_type("words").storageClass.pytype is list


def test_an_undefined_storage_class_defines_nothing(process_factory: StorageClassFactory) -> None:
    martian = UndefinedStorageClass("Martian")
    process_factory.registerStorageClass(martian)
    with pytest.raises(MissingStorageClassError, match="There is no storage class 'Martian'"):
        _ = martian.pytype
