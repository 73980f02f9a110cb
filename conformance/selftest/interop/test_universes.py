"""Repositories of each universe of dimensions that Rubin has had, made by one, used by the other.

The configurations are those inside lsst-daf-butler.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import butler_core
from conformance.interop.rows import rows
from conformance.interop.sight import sight

from .test_schema import definitions

pytestmark = pytest.mark.lsst

VERSIONS = range(8)
NAMES = {
    "instrument": "Cam",
    "skymap": "sky",
    "physical_filter": "Cam-R",
    "band": "r",
    "group": "g",
}
DATA_ID = {"instrument": "Cam", "visit": 1, "detector": 1}


def config(version: int) -> Path:
    import lsst.daf.butler

    package = Path(str(lsst.daf.butler.__file__)).parent
    return package / "configs" / "old_dimensions" / f"daf_butler_universe{version}.yaml"


def api(name: str) -> Any:
    if name == "butler_core":
        return butler_core
    import lsst.daf.butler

    return lsst.daf.butler


def make(name: str, root: Path, version: int) -> Path:
    """Make a repository, with a record of each element, and a dataset of a visit."""
    api(name).Butler.makeRepo(str(root), dimensionConfig=str(config(version)))
    with api(name).Butler.from_config(str(root), writeable=True) as butler:
        for element, fields in records(version, api(name)):
            butler.registry.insertDimensionData(element, fields)
        kind = api(name).DatasetType(
            "stats", ["visit", "detector"], "StructuredDataDict", universe=butler.dimensions
        )
        butler.registry.registerDatasetType(kind)
        butler.collections.register("run")
        butler.put({"seeing": 0.5}, "stats", DATA_ID, run="run")
    return root


def records(version: int, of: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the fields of a record of each element that has a table, all of them given."""
    from astropy.time import Time
    from lsst.sphgeom import ConvexPolygon, LonLat, UnitVector3d

    corners = [(10.0, -5.0), (11.0, -5.0), (11.0, -4.0), (10.0, -4.0)]
    values = {
        "string": "one",
        "int": 1,
        "float": 1.5,
        "bool": True,
        "hash": b"hash",
        "region": ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*one)) for one in corners]),
        "timespan": of.Timespan(Time("2020-01-01", scale="tai"), Time("2020-01-02", scale="tai")),
    }
    universe = butler_core.DimensionUniverse(yaml.safe_load(config(version).read_text()))
    return [
        (
            element.name,
            {
                column.name: NAMES.get(
                    element.name if column is element.primary_key else column.name,
                    values[column.type],
                )
                for column in element.columns
            },
        )
        for element in universe.elements
        if element.has_own_table
    ]


@pytest.fixture(scope="module", params=VERSIONS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the roots of the repositories of a universe that each has made."""
    folder = tmp_path_factory.mktemp(f"universe{request.param}")
    names = {"butler_core": "ours", "lsst.daf.butler": "theirs"}
    return {name: make(name, folder / to, request.param) for name, to in names.items()}


def test_the_tables_are_the_same(both: Any) -> None:
    ours, theirs = (definitions(root / "gen3.sqlite3") for root in both.values())
    assert {name: ours.get(name) for name in theirs if ours.get(name) != theirs[name]} == {}
    assert ours.keys() == theirs.keys()


def test_the_rows_are_the_same(both: Any) -> None:
    ours, theirs = (rows(root) for root in both.values())
    assert {name: ours.get(name) for name in theirs if ours.get(name) != theirs[name]} == {}
    assert ours.keys() == theirs.keys()


@pytest.mark.parametrize("maker", ["butler_core", "lsst.daf.butler"])
def test_each_sees_the_same(both: Any, maker: str) -> None:
    seen = []
    for reader in both:
        with api(reader).Butler.from_config(str(both[maker])) as butler:
            seen.append(sight(butler))
    ours, theirs = seen
    assert {part: ours.get(part) for part in theirs if ours.get(part) != theirs[part]} == {}
    assert any("seeing" in text for text in ours["the contents of the datasets"])
