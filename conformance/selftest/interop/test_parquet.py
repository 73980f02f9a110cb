"""Each Butler reads the Parquet tables that the other wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.table import MaskedColumn, Table

import butler_core

pytestmark = pytest.mark.lsst


def table() -> Table:
    made = Table(
        {
            "id": np.array([775958091962253313, 2], dtype=np.int64),
            "flux": np.array([1.5, 0.25], dtype=np.float32),
            "flag": np.array([True, False]),
            "name": ["NGC 1", "µ Cep"],
            "cube": np.arange(12, dtype=np.int32).reshape(2, 3, 2),
        }
    )
    made["rare"] = MaskedColumn([1, 2], mask=[False, True])
    made["x"] = np.array([0.1, 1 / 3]) * units.pix
    made["flux"].description = "flux of a source"
    return made


def same(found: Table, expected: Table) -> bool:
    return found.colnames == expected.colnames and all(
        found[name].dtype == expected[name].dtype
        and found[name].unit == expected[name].unit
        and found[name].description == expected[name].description
        and found[name].tolist() == expected[name].tolist()
        for name in expected.colnames
    )


@pytest.fixture
def butlers(tmp_path: Path) -> Any:
    """Open a repository with both for writing."""
    import lsst.daf.butler

    butler_core.Butler.makeRepo(tmp_path / "repo")
    ours = butler_core.Butler(tmp_path / "repo", run="ours", collections=None)
    for name in ("ArrowAstropy", "ArrowNumpyDict"):
        ours.registry.registerDatasetType(
            butler_core.DatasetType(f"a_{name}", (), name, universe=ours.dimensions)
        )
    theirs = lsst.daf.butler.Butler.from_config(str(tmp_path / "repo"), run="theirs")
    yield ours, theirs
    theirs.close()
    ours.close()


def test_lsst_butler_reads_what_we_wrote(butlers: Any) -> None:
    ours, theirs = butlers
    made = table()
    made.meta["visit"] = 903334
    ours.put(made, "a_ArrowAstropy")
    found = theirs.get("a_ArrowAstropy", collections="ours")
    assert same(found, made)
    assert dict(found.meta) == {"visit": 903334}
    assert theirs.get("a_ArrowAstropy.rowcount", collections="ours") == 2
    some = theirs.get("a_ArrowAstropy", collections="ours", parameters={"columns": ["x"]})
    assert same(some, made["x",])


def test_we_read_what_lsst_butler_wrote(butlers: Any) -> None:
    ours, theirs = butlers
    theirs.put(table(), "a_ArrowAstropy")
    assert same(ours.get("a_ArrowAstropy", collections="theirs"), table())
    assert ours.get("a_ArrowAstropy.columns", collections="theirs") == table().colnames


def test_arrays_by_name_pass_both_ways(butlers: Any) -> None:
    ours, theirs = butlers
    arrays = {"a": np.arange(3), "b": np.array(["x", "yy", "z"])}
    ours.put(arrays, "a_ArrowNumpyDict")
    theirs.put(arrays, "a_ArrowNumpyDict")
    for found in (
        theirs.get("a_ArrowNumpyDict", collections="ours"),
        ours.get("a_ArrowNumpyDict", collections="theirs"),
    ):
        assert {name: each.tolist() for name, each in found.items()} == {
            name: each.tolist() for name, each in arrays.items()
        }
