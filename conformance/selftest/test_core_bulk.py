"""Many datasets at once: their ids, their data IDs, and the collector of garbage meanwhile."""

from __future__ import annotations

import gc
import uuid
from typing import Any

import numpy as np
import pytest

from butler_core import (
    ConflictingDefinitionError,
    DataIdValueError,
    DimensionNameError,
    DimensionValueError,
)
from butler_core.collector import Uncollected
from butler_core.dataset_id import uuid7_digits

from .core_world import DETECTORS, RUN_B, VISITS, World, data_id


def test_ids_are_of_version_7_in_order_and_each_once() -> None:
    digits = uuid7_digits(5000)
    assert digits == sorted(set(digits))
    ids = [uuid.UUID(hex=one) for one in digits]
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {uuid.RFC_4122}
    assert [one.hex for one in ids] == digits
    assert {one[16] for one in digits} == set("89ab")
    assert len({one[13:16] for one in digits}) > 2000
    (later,) = uuid7_digits(1)
    assert 0 <= int(later[:12], 16) - int(digits[0][:12], 16) < 60_000


def test_an_id_is_the_same_in_the_reference_and_in_the_registry(world: World) -> None:
    butler = world.butler(run="new")
    refs = butler.registry.insertDatasets("stats", [data_id(903334, one) for one in DETECTORS])
    assert [ref.raw_id for ref in refs] == [ref.id.hex for ref in refs]
    for ref in refs:
        assert butler.get_dataset(ref.id) == ref
    found = butler.query_datasets("stats", "new")
    assert {ref.id for ref in found} == {ref.id for ref in refs}


@pytest.mark.parametrize("value", [np.int64(100), "100", 100.0], ids=["numpy", "digits", "float"])
def test_one_value_among_many_that_is_of_another_type_is_converted(
    world: World, value: Any
) -> None:
    butler = world.butler(run="new")
    wanted = [data_id(903334, one) for one in DETECTORS]
    given = [*wanted[:-1], {**wanted[-1], "detector": value}]
    refs = butler.registry.insertDatasets("stats", given)
    assert [dict(ref.dataId.required) for ref in refs] == wanted
    assert all(type(ref.dataId["detector"]) is int for ref in refs)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"detector": 2**63}, DataIdValueError),
        ({"detector": "one"}, DataIdValueError),
        ({"detector": None}, DimensionNameError),
        ({"detectr": 1}, DimensionValueError),
        ({"detector": 5}, DataIdValueError),
    ],
    ids=["large", "word", "missing", "misspelt", "unknown"],
)
def test_one_data_id_among_many_that_is_wrong_is_refused(
    world: World, change: dict[str, Any], error: type[Exception]
) -> None:
    butler = world.butler(run="new")
    given = [data_id(visit, one) for visit in VISITS for one in DETECTORS]
    given[4] = {**given[4], **change}
    if "detectr" in change:
        del given[4]["detector"]
    with pytest.raises(error):
        butler.registry.insertDatasets("stats", given)
    assert not butler.query_datasets("stats", "new", explain=False)
    assert gc.isenabled()


def test_data_ids_with_and_without_implied_values_are_inserted_together(world: World) -> None:
    butler = world.butler(run="new")
    known = butler.query_datasets("stats", RUN_B)
    given = [known[0].dataId, data_id(904014, 100)]
    refs = butler.registry.insertDatasets("stats", given)
    assert [ref.dataId["band"] for ref in refs] == ["r", "i"]
    filters = [ref.dataId.records["physical_filter"] for ref in refs]
    assert [one and one.name for one in filters] == ["HSC-R", "HSC-I"]


def test_what_is_inserted_piece_by_piece_is_inserted_wholly_or_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("butler_core.butler_registry.datasets._TOGETHER", 2)
    butler = world.butler(run="new")
    given = [data_id(visit, one) for visit in VISITS for one in DETECTORS]
    with pytest.raises(ConflictingDefinitionError):
        butler.registry.insertDatasets("stats", [*given, given[0]])
    assert not butler.query_datasets("stats", "new", explain=False)
    refs = butler.registry.insertDatasets("stats", given)
    assert [dict(ref.dataId.required) for ref in refs] == given
    assert set(butler.query_datasets("stats", "new")) == set(refs)


def test_the_collector_is_as_it_was_afterwards() -> None:
    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            with pytest.raises(KeyError), Uncollected(), Uncollected():
                raise KeyError
            assert gc.isenabled() is enabled
        finally:
            gc.enable()
    with Uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
