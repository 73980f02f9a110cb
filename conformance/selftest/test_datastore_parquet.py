"""Tables as Parquet, where pyarrow is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.table import MaskedColumn, Table
from astropy.time import Time

from butler_core.datastore.formatters import Formatter
from butler_core.errors import MissingPackageError, UnknownComponentError, UnknownParameterError
from butler_core.storage_class import StorageClassFactory

from .datastore_world import World

pyarrow = pytest.importorskip("pyarrow")

CLASSES = StorageClassFactory()


def formatter(storage_class: str) -> Formatter:
    from butler_core.datastore.formatters.parquet import ParquetFormatter

    return ParquetFormatter(CLASSES[storage_class])


def table() -> Table:
    made = Table(
        {
            "id": np.array([775958091962253313, 2, 3], dtype=np.int64),
            "flux": np.array([1.5, np.nan, 2.0], dtype=">f4"),
            "flag": np.array([True, False, True]),
            "name": ["NGC 1", "µ Cep", ""],
            "raw": np.array([b"ab", b"c", b""]),
            "cube": np.arange(18, dtype=np.int32).reshape(3, 3, 2),
        }
    )
    made["rare"] = MaskedColumn([1, 2, 3], mask=[False, True, False])
    made["rare_name"] = MaskedColumn(["a", "bb", "c"], mask=[False, True, False])
    made["pair"] = MaskedColumn([[1, 2], [3, 4], [5, 6]], mask=[[0, 0], [0, 1], [0, 0]])
    made["x"] = np.array([0.1, 1 / 3, 2.0]) * units.pix
    made["flux"].description = "flux of a source"
    made["flux"].format = ".3f"
    made.meta["visit"] = 903334
    return made


def same(first: Table, second: Table) -> bool:
    return (
        first.colnames == second.colnames
        and dict(first.meta) == dict(second.meta)
        and all(
            first[name].dtype.newbyteorder("=") == second[name].dtype.newbyteorder("=")
            and first[name].shape == second[name].shape
            and first[name].unit == second[name].unit
            and first[name].info.description == second[name].info.description
            and first[name].info.format == second[name].info.format
            and np.array_equal(np.ma.getmaskarray(first[name]), np.ma.getmaskarray(second[name]))
            and first[name].tolist().__repr__() == second[name].tolist().__repr__()
            for name in first.colnames
        )
    )


@pytest.mark.parametrize("rows", [3, 0])
def test_an_astropy_table_comes_back(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "a.parq"
    formatter("ArrowAstropy").write(table()[:rows], path)
    back = formatter("ArrowAstropy").read(path)
    assert type(back) is Table
    assert same(back, table()[:rows])


def test_times_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.parq"
    times = Time(["2020-01-01", "2014-11-12T01:02:03.004"], scale="tai")
    formatter("ArrowAstropy").write(Table({"time": times}), path)
    back = formatter("ArrowAstropy").read(path)
    assert isinstance(back["time"], Time)
    assert back["time"].scale == "tai"
    assert list(back["time"].isot) == list(times.isot)


def test_columns_rows_and_components(tmp_path: Path) -> None:
    path = tmp_path / "a.parq"
    reader = formatter("ArrowAstropy")
    reader.write(table(), path)
    assert reader.read(path, component="columns") == table().colnames
    assert reader.read(path, component="rowcount") == 3
    assert reader.read(path, component="schema").schema.colnames == table().colnames
    some = reader.read(path, parameters={"columns": ["x", "id"]})
    assert some.colnames == ["x", "id"]
    assert some["x"].unit == units.pix
    assert reader.read(path, parameters={"columns": "id"}).colnames == ["id"]
    few = reader.read(path, parameters={"columns": ["id"], "filters": [("id", "<", 3)]})
    assert list(few["id"]) == [2]
    plain = reader.read(path, parameters={"strip_astropy_meta_yaml": True})
    assert dict(plain.meta) == {}
    assert plain["x"].unit == units.pix
    assert plain["flux"].description == "flux of a source"
    with pytest.raises(UnknownParameterError, match=r"no column 'fluxx'; did you mean 'flux'"):
        reader.read(path, parameters={"columns": ["fluxx"]})
    with pytest.raises(UnknownParameterError, match="parameter 'bbox'"):
        reader.read(path, parameters={"bbox": 1})
    with pytest.raises(UnknownComponentError, match="component 'row'"):
        reader.read(path, component="row")


def test_other_kinds_of_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parq"
    arrow = pyarrow.table({"a": [1, 2], "s": ["x", None]})
    formatter("ArrowTable").write(arrow, path)
    assert formatter("ArrowTable").read(path).equals(arrow)
    assert list(formatter("ArrowAstropy").read(path)["s"].mask) == [False, True]
    arrays = {"a": np.arange(3), "b": np.array(["x", "yy", "z"])}
    formatter("ArrowNumpyDict").write(arrays, path)
    back: Any = formatter("ArrowNumpyDict").read(path)
    assert {name: list(each) for name, each in back.items()} == {
        name: list(each) for name, each in arrays.items()
    }
    structured = np.array([(1, 2.0, "a")], dtype=[("i", "i4"), ("f", "f8"), ("s", "U3")])
    formatter("ArrowNumpy").write(structured, path)
    again = formatter("ArrowNumpy").read(path)
    assert again.dtype == structured.dtype
    assert again.tolist() == structured.tolist()


def test_a_data_frame_keeps_its_index(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "a.parq"
    frame = pandas.DataFrame({"a": [1, 2]}, index=pandas.Index([5, 6], name="k"))
    formatter("DataFrame").write(frame, path)
    pandas.testing.assert_frame_equal(formatter("DataFrame").read(path), frame)


def test_a_stored_table_can_be_read_as_another_kind(tmp_path: Path) -> None:
    world = World(tmp_path)
    ref = world.ref("objects", "ArrowAstropy", run="x", instrument="HSC")
    world.datastore.put(table(), ref)
    assert world.files()[-1] == "x/objects/objects_HSC_x.parq"
    assert same(world.datastore.get(ref), table())
    arrow = world.datastore.get(ref, storage_class="ArrowTable", parameters={"columns": ["id"]})
    assert arrow.to_pydict() == {"id": [775958091962253313, 2, 3]}
    assert world.datastore.get(ref, component="rowcount") == 3
    assert world.datastore.get(ref.makeComponentRef("columns"))[:2] == ["id", "flux"]


def test_a_schema_stands_alone(tmp_path: Path) -> None:
    schema = pyarrow.schema([("a", pyarrow.int32()), ("b", pyarrow.string())], {"by": "us"})
    formatter("ArrowSchema").write(schema, tmp_path / "schema.parq")
    found = formatter("ArrowSchema").read(tmp_path / "schema.parq")
    assert found.equals(schema, check_metadata=True)


def test_a_frame_without_pandas_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    ref = world.ref("objects", "ArrowAstropy", run="x", instrument="HSC")
    world.datastore.put(table(), ref)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingPackageError, match=r"read as DataFrame.*install the package pandas"):
        world.datastore.get(ref, storage_class="DataFrame")
