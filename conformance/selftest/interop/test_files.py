"""Each Butler reads the files that the other wrote, of each storage class both have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.table import QTable, Table

import butler_core

pytestmark = pytest.mark.lsst


def table(kind: type[Table]) -> Table:
    made = kind(
        {
            "id": np.array([775958091962253313, 2], dtype=np.int64),
            "flux": np.array([1.5, np.nan], dtype=np.float32),
            "flag": np.array([True, False]),
            "name": ["NGC 1", "µ Cep"],
        }
    )
    made["x"] = np.array([0.1, 1 / 3]) * units.pix
    made["flux"].description = "flux of a source"
    made.meta["visit"] = 903334
    return made


def contents() -> dict[str, Any]:
    return {
        "StructuredDataDict": {"a": [1, 2.5, None, True], "b": {"nested": "ü", "empty": {}}},
        "StructuredDataList": [1, "two", {"three": 3.0}],
        "int": 903334,
        "AstropyTable": table(Table),
        "AstropyQTable": table(QTable),
    }


WRITTEN_BY_BOTH = [name for name in contents() if name != "StructuredDataList"]
"""LSST's package has no formatter for lists; it reads ours."""


def same(first: Any, second: Any) -> bool:
    if not isinstance(first, Table):
        return type(first) is type(second) and bool(first == second)
    return (
        type(first) is type(second)
        and first.colnames == second.colnames
        and dict(first.meta) == dict(second.meta)
        and all(
            first[name].dtype == second[name].dtype
            and first[name].unit == second[name].unit
            and np.array_equal(first[name], second[name], equal_nan=name in ("flux", "x"))
            for name in first.colnames
        )
    )


@pytest.fixture
def butlers(tmp_path: Path) -> Any:
    """Open one repository for writing by both."""
    import lsst.daf.butler

    butler_core.Butler.makeRepo(tmp_path / "repo")
    ours = butler_core.Butler(tmp_path / "repo", run="ours", collections=None)
    for name in contents():
        ours.registry.registerDatasetType(
            butler_core.DatasetType(f"a_{name}", (), name, universe=ours.dimensions)
        )
    theirs = lsst.daf.butler.Butler.from_config(str(tmp_path / "repo"), run="theirs")
    yield ours, theirs
    theirs.close()
    ours.close()


@pytest.mark.parametrize("name", contents())
def test_lsst_butler_reads_what_we_wrote(butlers: Any, name: str) -> None:
    ours, theirs = butlers
    content = contents()[name]
    ref = ours.put(content, f"a_{name}")
    assert same(theirs.get(f"a_{name}", collections="ours"), content)
    assert theirs.getURI(f"a_{name}", collections="ours").ospath == ours.getURI(ref).ospath


@pytest.mark.parametrize("name", WRITTEN_BY_BOTH)
def test_we_read_what_lsst_butler_wrote(butlers: Any, name: str) -> None:
    ours, theirs = butlers
    content = contents()[name]
    theirs.put(content, f"a_{name}")
    assert same(ours.get(f"a_{name}", collections="theirs"), content)


def test_each_has_the_same_formatter_for_a_storage_class(butlers: Any) -> None:
    ours, theirs = butlers
    for name in WRITTEN_BY_BOTH:
        ours.put(contents()[name], f"a_{name}")
        theirs.put(contents()[name], f"a_{name}")
    rows = ours.registry._repository.database.query(
        "SELECT storage_class, count(DISTINCT formatter), count(*) FROM file_datastore_records"
        " GROUP BY storage_class"
    ).fetchall()
    assert {row[0]: tuple(row[1:]) for row in rows} == dict.fromkeys(WRITTEN_BY_BOTH, (1, 2))
