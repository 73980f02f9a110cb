"""What is imported when."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .core_world import CHAIN, World

HEAVY = ("astropy", "matplotlib", "lsst.sphgeom", "pyarrow", "numpy", "pandas", "hypothesis")


def loaded(code: str, *arguments: str) -> set[str]:
    """Return which of the heavy modules a fresh interpreter has after some code."""
    report = f"\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code + report, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(eval(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import butler_core",
        "import butler_core\nbutler_core.errors.DataIdError",
        "from butler_core import Butler, DatasetType, DatasetRef, Timespan, CollectionType",
        "from butler_core import *",
        "import butler_core.cli",
        "import butler_core.w_2020_03",
    ],
)
def test_importing_loads_nothing_heavy(code: str) -> None:
    assert loaded(code) == set()


def test_importing_the_package_alone_loads_no_database_library() -> None:
    code = "import butler_core, sys\nassert 'sqlalchemy' not in sys.modules, 'sqlalchemy'"
    assert loaded(code) == set()


def test_opening_listing_and_finding_load_nothing_heavy(world: World) -> None:
    code = """
import sys
from butler_core import Butler
with Butler(sys.argv[1], collections=sys.argv[2]) as butler:
    assert len(butler.collections.query_info(include_summary=True)) == 6
    assert len(butler.registry.queryDatasetTypes()) == 5
    assert len(butler.query_datasets("stats", with_dimension_records=True, order_by="visit")) == 9
    ref = butler.find_dataset("stats", visit=903334, detector=22)
    assert butler.get_dataset(ref.id) == ref
    assert butler.registry.expandDataId(ref.dataId)["band"] == "r"
    records = butler.query_dimension_records("visit")
    assert records[0].exposure_time > 30
    assert records[0].physical_filter
"""
    assert loaded(code, str(world.root), CHAIN) == set()


def test_putting_and_getting_a_dict_load_nothing_heavy(world: World) -> None:
    code = """
import sys
from butler_core import Butler
with Butler(sys.argv[1], run="new") as butler:
    butler.put({"a": 1}, "summary", instrument="HSC", visit=903334)
    assert butler.get("summary", instrument="HSC", visit=903334) == {"a": 1}
"""
    assert loaded(code, str(world.root)) == set()


def test_every_public_name_is_there() -> None:
    import butler_core

    assert sorted(set(butler_core.__all__)) == sorted(butler_core.__all__)
    for name in butler_core.__all__:
        assert getattr(butler_core, name) is not None
        assert name in dir(butler_core)
    with pytest.raises(AttributeError, match="nope"):
        _ = butler_core.nope
