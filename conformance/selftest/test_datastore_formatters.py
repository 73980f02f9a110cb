"""Formatters of structured data, tables and pickles, and how they are chosen."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from butler_core.datastore.formatter_factory import ALLOW_VARIABLE, FormatterFactory
from butler_core.datastore.formatters.array_pickle import ArrayPickleFormatter
from butler_core.datastore.formatters.ecsv import EcsvFormatter
from butler_core.datastore.formatters.json import JsonFormatter
from butler_core.datastore.formatters.pickle import PickleFormatter
from butler_core.datastore.formatters.whole_file import component_of
from butler_core.datastore.formatters.yaml import YamlFormatter
from butler_core.errors import (
    DatasetTypeNotSupportedError,
    MissingPackageError,
    UnknownComponentError,
    UnknownParameterError,
)
from butler_core.storage_class import StorageClass, StorageClassFactory
from butler_core.timespan import Timespan

from .datastore_world import World

YAML = "lsst.daf.butler.formatters.yaml.YamlFormatter"
PICKLE = "lsst.daf.butler.formatters.pickle.PickleFormatter"
DATA = {"z": 1, "a": [1, 2.5, "x", None, True], "s": {"t": "é"}, "empty": {}}
CLASSES = StorageClassFactory()


class Point(NamedTuple):
    """A named tuple."""

    x: int
    y: int


@dataclasses.dataclass
class Box:
    """A dataclass."""

    corner: int
    size: float = 1.0


def test_yaml_is_what_the_reference_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    formatter = YamlFormatter(CLASSES["StructuredDataDict"])
    formatter.write(DATA, path)
    assert path.read_bytes() == (
        b'z: 1\na:\n- 1\n- 2.5\n- x\n- null\n- true\ns:\n  t: "\\xE9"\nempty: {}\n'
    )
    assert formatter.read(path) == DATA
    assert list(formatter.read(path)) == list(DATA)


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system", "!mine {a: 1}"]
)
def test_yaml_makes_no_objects(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        YamlFormatter(CLASSES["StructuredDataDict"]).read(path)


def test_yaml_of_another_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("[1, 2]", "utf-8")
    with pytest.raises(TypeError, match="holds a list, and storage class StructuredDataDict is"):
        YamlFormatter(CLASSES["StructuredDataDict"]).read(path)


def test_property_lists_keep_their_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "!<lsst.daf.base.PropertyList>\n"
        "- [EXPTIME, Double, 30.0, exposure time]\n"
        "- [FLAGS, Int, [1, 2], '']\n"
        "- [DATE, DateTime, !<lsst.daf.base.DateTime> '2014-01-01T00:00:00.0', '']\n"
        "- [SUB, PropertySet, !<lsst.daf.base.PropertySet> [[N, LongLong, 5000000000]], '']\n",
        "utf-8",
    )
    formatter = YamlFormatter(CLASSES["PropertyList"])
    expected: dict[str, Any] = {"EXPTIME": 30.0, "FLAGS": [1, 2]}
    expected |= {"DATE": "2014-01-01T00:00:00.0", "SUB": {"N": 5000000000}}
    assert formatter.read(path) == expected
    again = tmp_path / "b.yaml"
    formatter.write({**expected, "ok": True, "none": None}, again)
    text = again.read_text("utf-8")
    assert text.startswith("!<lsst.daf.base.PropertyList>")
    for part in ("- Double\n", "- Int\n", "- LongLong\n", "- Bool\n", "- Undef\n", "- String\n"):
        assert part in text
    assert formatter.read(again) == {**expected, "ok": True, "none": None}
    with pytest.raises(TypeError, match="'x' is a complex, which a PropertyList cannot hold"):
        formatter.write({"x": 1j}, again)


def test_json_is_what_the_reference_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    formatter = JsonFormatter(CLASSES["StructuredDataDict"])
    formatter.write(DATA, path)
    assert path.read_bytes() == (
        '{"z": 1, "a": [1, 2.5, "x", null, true], "s": {"t": "é"}, "empty": {}}'.encode()
    )
    assert formatter.read(path) == DATA


def test_a_timespan_is_two_integers(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    formatter = JsonFormatter(CLASSES["Timespan"])
    timespan = Timespan.from_nanoseconds(1577836800000000000, 4102444800000000000)
    formatter.write(timespan, path)
    assert path.read_bytes() == b"[1577836800000000000, 4102444800000000000]"
    assert formatter.read(path) == timespan


@pytest.mark.parametrize(
    ("obj", "plain"), [(Point(1, 2), {"x": 1, "y": 2}), (Box(3), {"corner": 3, "size": 1.0})]
)
def test_plain_objects_come_back(tmp_path: Path, obj: Any, plain: dict[str, Any]) -> None:
    storage_class = StorageClass("Mine", type(obj))
    for formatter in (YamlFormatter(storage_class), JsonFormatter(storage_class)):
        path = tmp_path / f"a{formatter.extension}"
        formatter.write(obj, path)
        assert yaml.safe_load(path.read_text("utf-8")) == plain
        assert formatter.read(path) == obj


def test_components_come_out_of_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    formatter = YamlFormatter(CLASSES["StructuredDataDict"])
    formatter.write(DATA, path)
    assert formatter.read(path, component="s") == {"t": "é"}
    with pytest.raises(UnknownComponentError, match="The dict has no component 'items'"):
        formatter.read(path, component="items")
    with pytest.raises(UnknownParameterError, match="cannot read with the parameter 'bbox'"):
        formatter.read(path, parameters={"bbox": 1})


def test_components_of_objects_are_attributes_or_getters() -> None:
    class Thing:
        corner = 1

        def getPsf(self) -> str:
            return "psf"

    assert component_of(Thing(), "corner") == 1
    assert component_of(Thing(), "psf") == "psf"
    with pytest.raises(KeyError, match="The Thing has no component 'wcs'"):
        component_of(Thing(), "wcs")


@pytest.mark.parametrize("storage_class", ["AstropyTable", "AstropyQTable"])
def test_tables_keep_units_and_metadata(tmp_path: Path, storage_class: str) -> None:
    import astropy.table
    import astropy.units
    import numpy

    kind: Any = CLASSES[storage_class].pytype
    table = kind({"flux": numpy.array([1.0, 2.5]), "name": ["a", "b"]}, meta={"k": [1, 2]})
    table["flux"].unit = astropy.units.nJy
    table["flux"].info.description = "flux in a circle"
    path = tmp_path / "a.ecsv"
    formatter = EcsvFormatter(CLASSES[storage_class])
    formatter.write(table, path)
    assert path.read_bytes().startswith(b"# %ECSV 1.0\n")
    back = formatter.read(path)
    assert type(back) is kind
    assert back["flux"].unit == astropy.units.nJy
    assert back["flux"].info.description == "flux in a circle"
    assert list(back["flux"].value) == [1.0, 2.5]
    assert list(back["name"]) == ["a", "b"]
    assert back.meta == {"k": [1, 2]}


def test_pickle_is_refused_until_the_user_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays, lists = CLASSES["NumpyArray"], CLASSES["StructuredDataList"]
    factory = FormatterFactory({"NumpyArray": PICKLE})
    with pytest.raises(DatasetTypeNotSupportedError, match="runs code from the file") as caught:
        factory.formatter(PICKLE, lists, "n@{}")
    assert f"formatters.allow({PICKLE!r})" in str(caught.value)
    assert isinstance(factory.formatter(PICKLE, arrays, "n@{}"), ArrayPickleFormatter)
    with pytest.raises(DatasetTypeNotSupportedError, match="runs code from the file"):
        factory.formatter(PICKLE, lists, "n@{}")
    factory.allow(PICKLE)
    formatter = factory.formatter(PICKLE, arrays, "n@{}")
    assert isinstance(formatter, PickleFormatter)
    formatter.write([1, 2], tmp_path / "a.pickle")
    assert formatter.read(tmp_path / "a.pickle") == [1, 2]
    monkeypatch.setenv(ALLOW_VARIABLE, f" {PICKLE} ,")
    assert isinstance(FormatterFactory().formatter(PICKLE, lists, "n@{}"), PickleFormatter)
    with pytest.raises(DatasetTypeNotSupportedError, match="PickleFormater' to allow; did you"):
        factory.allow("lsst.daf.butler.formatters.pickle.PickleFormater")


def test_the_formatter_of_each_kind(tmp_path: Path) -> None:
    world = World(tmp_path)
    for storage_class, name in {
        "StructuredDataDict": YAML,
        "StructuredDataList": YAML,
        "int": "lsst.daf.butler.formatters.json.JsonFormatter",
        "AstropyTable": "lsst.daf.butler.formatters.astropyTable.AstropyTableFormatter",
        "ExposureF": "lsst.obs.base.formatters.fitsExposure.FitsExposureFormatter",
        "SourceCatalog": "lsst.obs.base.formatters.fitsGeneric.FitsGenericFormatter",
        "NumpyArray": PICKLE,
    }.items():
        ref = world.ref("a", storage_class, instrument="HSC")
        assert world.formatters.name_for(ref) == (name, "default")


def test_a_repository_chooses_among_known_formatters(tmp_path: Path) -> None:
    world = World(tmp_path)
    json_name = "lsst.daf.butler.formatters.json.JsonFormatter"
    factory = FormatterFactory(
        {
            "a": {"formatter": json_name, "parameters": {"recipe": "lossy"}},
            "b": "os.system",
            "default": {YAML: {}},
        }
    )
    assert factory.name_for(world.ref("a", instrument="HSC")) == (json_name, "lossy")
    assert factory.name_for(world.ref("c", instrument="HSC")) == (YAML, "default")
    name, _ = factory.name_for(world.ref("b", instrument="HSC"))
    with pytest.raises(DatasetTypeNotSupportedError, match=r"nothing for os\.system"):
        factory.formatter(name, CLASSES["StructuredDataDict"], "b@{}")


def test_what_cannot_be_stored_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    ref = world.ref("box", "Box2I", instrument="HSC")
    with pytest.raises(DatasetTypeNotSupportedError, match=r"Unable to find formatter for box@"):
        world.formatters.name_for(ref)
    name, _ = world.formatters.name_for(world.ref("conf", "Config", instrument="HSC"))
    with pytest.raises(DatasetTypeNotSupportedError, match=r"PexConfigFormatter.*class Config"):
        world.formatters.formatter(name, CLASSES["Config"], "conf@{}")


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    formatters = "butler_core.datastore.formatters"
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, f"{formatters}.parquet", raising=False)
    # What was imported before stays an attribute of its package.
    monkeypatch.delattr(f"{formatters}.parquet", raising=False)
    name = "lsst.daf.butler.formatters.parquet.ParquetFormatter"
    with pytest.raises(MissingPackageError, match=r"pip install 'butler-conformance\[parquet\]'"):
        FormatterFactory().formatter(name, CLASSES["ArrowAstropy"], "t@{}")


def test_a_program_can_add_a_formatter() -> None:
    factory = FormatterFactory()
    factory.register("my.package.Formatter", JsonFormatter)
    found = factory.formatter("my.package.Formatter", CLASSES["int"], "n@{}")
    assert type(found) is JsonFormatter


def test_an_unknown_formatter_can_be_added_as_the_error_says() -> None:
    factory = FormatterFactory()
    with pytest.raises(DatasetTypeNotSupportedError, match=r"nothing for me\.F,") as caught:
        factory.formatter("me.F", CLASSES["int"], "n@{}")
    call = "butler.datastore.formatters.register('me.F', the class)"
    assert str(caught.value).endswith(f"add a formatter of your own with {call}")
    factory.register("me.F", JsonFormatter)
    assert type(factory.formatter("me.F", CLASSES["int"], "n@{}")) is JsonFormatter


def test_an_unknown_formatter_gets_the_nearest_name() -> None:
    with pytest.raises(DatasetTypeNotSupportedError, match=r"did you mean '.*JsonFormatter'\? Or"):
        FormatterFactory().formatter(
            "lsst.daf.butler.formatters.json.JsonFormater", CLASSES["int"], "n@{}"
        )
