"""A Butler that threads share, and clones that are closed."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from butler_core import Butler, DatasetType
from butler_core.errors import RepositoryError

from .core_world import CHAIN, DETECTORS, VISITS, World

DATA_IDS = [
    {"instrument": "HSC", "visit": visit, "detector": detector}
    for visit, detector in itertools.product(VISITS, DETECTORS)
]


def found(butler: Butler, data_id: dict[str, Any]) -> tuple[Any, ...]:
    ref = butler.find_dataset("stats", data_id, collections=CHAIN, dimension_records=True)
    assert ref is not None, data_id
    return (ref.id, ref.run, ref.dataId.records["visit"], len(butler.collections.query("*")))


def test_threads_find_what_one_finds(world: World) -> None:
    with Butler(world.root) as butler:
        expected = [found(butler, one) for one in DATA_IDS]
        with ThreadPoolExecutor(8) as pool:
            for _ in range(30):
                assert list(pool.map(lambda one: found(butler, one), DATA_IDS)) == expected


def test_threads_write_and_read_at_once(world: World) -> None:
    with Butler(world.root, run="threads") as butler:

        def work(number: int) -> tuple[bool, int]:
            dataset_type = DatasetType(
                f"note_{number}", ["instrument"], "StructuredDataDict", universe=butler.dimensions
            )
            new = butler.registry.registerDatasetType(dataset_type)
            butler.put({"number": number}, dataset_type, instrument="HSC")
            return new, butler.get(f"note_{number}", instrument="HSC")["number"]

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(work, range(24))) == [(True, number) for number in range(24)]
        assert len(butler.registry.queryDatasetTypes("note_*")) == 24


def test_a_closed_clone_leaves_the_original_open(world: World) -> None:
    butler = Butler(world.root, collections=CHAIN)
    reading = iter(butler.registry.queryDatasets("stats"))
    first = next(reading)
    with butler.clone(collections=None) as other:
        assert other.get_dataset(first.id) == first
    other.close()
    assert len(list(reading)) > 0
    assert butler.get_dataset(first.id) == first
    butler.close()


def test_a_clone_outlives_the_original(world: World) -> None:
    butler = Butler(world.root)
    clone = butler.clone()
    butler.close()
    assert CHAIN in clone.collections.query("*")
    clone.close()


def test_a_closed_butler_says_so(world: World, tmp_path: Path) -> None:
    butler = Butler(world.root)
    butler.close()
    butler.close()
    with pytest.raises(RepositoryError, match="was closed"):
        butler.collections.query("*")


def test_a_butler_shows_where_it_is(world: World) -> None:
    with Butler(world.root, collections=CHAIN) as butler:
        shown = repr(butler)
    assert f"collections=('{CHAIN}',)" in shown
    assert "gen3.sqlite3" in shown
    assert " object at 0x" not in shown
