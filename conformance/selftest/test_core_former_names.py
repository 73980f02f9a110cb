"""Names of earlier years, which are answered with those of today."""

from __future__ import annotations

import copy
import pickle

import pytest

from butler_core import Butler, DataCoordinate, Registry

from .core_world import RUN_A, World


@pytest.mark.parametrize("owner", [Butler, Registry, DataCoordinate])
def test_what_is_named_instead_is_there(owner: type, world: World) -> None:
    butler = world.butler(collections=RUN_A)
    data_id = butler.query_datasets("stats")[0].dataId
    there = {Butler: butler, Registry: butler.registry, DataCoordinate: data_id}[owner]
    names = {"butler": butler, "registry": butler.registry, "data_id": data_id}
    former = owner._former_names  # type: ignore[attr-defined]
    assert former
    for name, instead in former.items():
        assert not hasattr(there, name)
        with pytest.raises(AttributeError) as caught:
            getattr(there, name)
        assert str(caught.value).endswith(f"write {instead}")
        for part in instead.replace("dict(", "").split(", or "):
            value: object = names[part.partition(".")[0]]
            for attribute in part.partition("(")[0].rstrip(")").split(".")[1:]:
                value = getattr(value, attribute)


def test_what_never_was_is_an_ordinary_error(world: World) -> None:
    butler = world.butler(collections=RUN_A)
    with pytest.raises(AttributeError, match=r"no attribute 'quary_datasets'$"):
        butler.quary_datasets()  # type: ignore[attr-defined]


def test_data_ids_are_copied_and_pickled(world: World) -> None:
    data_id = world.butler(collections=RUN_A).query_datasets("stats")[0].dataId
    assert copy.deepcopy(data_id) == pickle.loads(pickle.dumps(data_id)) == data_id
