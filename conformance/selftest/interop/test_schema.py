"""The database that `butler_core` makes is the one that LSST's Butler makes."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import butler_core

pytestmark = pytest.mark.lsst

TYPES = [
    ("no_dimensions", (), False),
    ("calexp", ("instrument", "visit", "detector"), False),
    ("raw", ("instrument", "exposure", "detector", "visit"), False),
    ("flat", ("instrument", "detector", "physical_filter"), True),
    ("camera", ("instrument",), True),
    ("reference", ("htm7",), False),
    ("deepCoadd", ("skymap", "tract", "patch", "band"), False),
]


def make(api: Any, root: Path) -> Path:
    api.Butler.makeRepo(str(root))
    butler = api.Butler.from_config(str(root), writeable=True)
    for name, dimensions, calibration in TYPES:
        butler.registry.registerDatasetType(
            api.DatasetType(
                name,
                dimensions,
                "StructuredDataDict",
                universe=butler.dimensions,
                isCalibration=calibration,
            )
        )
    butler.close()
    return root / "gen3.sqlite3"


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    import lsst.daf.butler

    folder = tmp_path_factory.mktemp("schema")
    return make(butler_core, folder / "core"), make(lsst.daf.butler, folder / "lsst")


def definitions(database: Path) -> dict[str, Any]:
    """Return each table's columns and the set of its constraints, each index's text."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
    connection.close()
    found: dict[str, Any] = {}
    for name, kind, sql in rows:
        text = re.sub(r"\s+", " ", sql).strip()
        if kind == "table":
            parts = split(text[text.index("(") + 1 : text.rindex(")")])
            columns = [part for part in parts if not part.startswith(("CONSTRAINT", "PRIMARY"))]
            found[name] = (columns, sorted(set(parts) - set(columns)))
        else:
            found[name] = text
    return found


def split(text: str) -> list[str]:
    """Split at the commas that are not in parentheses."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


def test_tables_indexes_and_constraints_are_the_same(databases: tuple[Path, Path]) -> None:
    ours, theirs = map(definitions, databases)
    assert sorted(ours) == sorted(theirs)
    assert {name: ours[name] for name in theirs if ours[name] != theirs[name]} == {}


def test_attributes_are_the_same(databases: tuple[Path, Path]) -> None:
    ours, theirs = map(attributes, databases)
    universe = "config:dimensions.json"
    assert without_docs(json.loads(ours.pop(universe))) == without_docs(
        json.loads(theirs.pop(universe))
    )
    assert ours == theirs


def attributes(database: Path) -> dict[str, str]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT name, value FROM butler_attributes").fetchall()
    connection.close()
    return dict(rows)


def without_docs(config: Any) -> Any:
    if isinstance(config, dict):
        return {key: without_docs(value) for key, value in config.items() if key != "doc"}
    return [without_docs(one) for one in config] if isinstance(config, list) else config


def test_dataset_types_have_the_same_rows(databases: tuple[Path, Path]) -> None:
    rows = []
    for database in databases:
        with sqlite3.connect(database) as connection:
            rows.append(connection.execute("SELECT * FROM dataset_type ORDER BY id").fetchall())
        connection.close()
    assert rows[0] == rows[1]


def test_the_universe_has_the_same_order_and_records() -> None:
    import lsst.daf.butler

    ours, theirs = butler_core.DimensionUniverse(), lsst.daf.butler.DimensionUniverse()
    names = [element.name for element in theirs.elements]
    assert [element.name for element in ours.elements] == [
        name for name in names if not name.startswith(("htm", "healpix"))
    ]
    assert [element.name for element in ours.dimensions] == list(theirs.dimensions.names)
    for name in names:
        assert ours[name].RecordClass.fields == tuple(theirs[name].RecordClass.fields.names), name
        assert set(ours[name].required_names) == set(theirs[name].required.names), name
        assert set(ours[name].implied_names) == set(theirs[name].implied.names), name


@pytest.mark.parametrize(
    "names",
    [
        ("visit", "detector"),
        ("exposure", "visit"),
        ("patch", "band"),
        ("visit", "detector", "patch"),
        ("physical_filter",),
        ("htm7", "instrument"),
        ("band", "physical_filter", "skymap"),
    ],
    ids=lambda names: "+".join(names),
)
def test_groups_are_the_same(names: tuple[str, ...]) -> None:
    import lsst.daf.butler

    ours = butler_core.DimensionUniverse().conform(names)
    theirs = lsst.daf.butler.DimensionUniverse().conform(names)
    assert ours.names == tuple(theirs.names)
    assert ours.required == tuple(theirs.required)
    assert ours.implied == tuple(theirs.implied)
    assert ours.elements == tuple(theirs.elements)
    assert ours.data_coordinate_keys == tuple(theirs.data_coordinate_keys)
    assert str(ours) == str(theirs)
