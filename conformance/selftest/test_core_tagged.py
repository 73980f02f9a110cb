"""Tagged collections: associating and taking out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from butler_core import (
    Butler,
    CollectionTypeError,
    ConflictingDefinitionError,
    DatasetRef,
    DatasetTypeError,
    MissingCollectionError,
    ReadOnlyError,
)

from .core_world import CALIB, CHAIN, RUN_A, RUN_B, TAGGED, World, data_id


def ref_of(butler: Butler, run: str, visit: int = 903334, detector: int = 22) -> DatasetRef:
    found = butler.find_dataset("stats", data_id(visit, detector), collections=run)
    assert found is not None
    return found


def tagged(butler: Butler, name: str = TAGGED) -> set[DatasetRef]:
    return set(butler.query_datasets("stats", collections=name, explain=False))


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler()


def test_members_belong_to_their_runs_still(butler: Butler) -> None:
    assert {ref.run for ref in tagged(butler)} == {RUN_A, RUN_B}
    for ref in tagged(butler):
        assert ref in set(butler.query_datasets("stats", collections=ref.run))
        assert butler.find_dataset("stats", ref.dataId, collections=TAGGED) == ref


def test_what_is_in_already_stays(world: World, butler: Butler) -> None:
    members = tagged(butler)
    with world.unchanged():
        butler.registry.associate(TAGGED, members)
        butler.registry.associate(TAGGED, [])
    new = ref_of(butler, RUN_A, 903342)
    butler.registry.associate(TAGGED, [new, *members, new])
    assert tagged(butler) == {*members, new}


def test_another_dataset_of_a_data_id_is_refused(world: World, butler: Butler) -> None:
    rival = ref_of(butler, RUN_A)
    there = ref_of(butler, TAGGED)
    assert rival.dataId == there.dataId
    new = ref_of(butler, RUN_A, 903342)
    with world.refuses(
        ConflictingDefinitionError, TAGGED, str(rival.id), str(there.id), "disassociate"
    ):
        butler.registry.associate(TAGGED, [new, rival])
    butler.registry.registerCollection("two")
    with world.refuses(ConflictingDefinitionError, "'two'", str(rival.id), str(there.id)):
        butler.registry.associate("two", [rival, there])
    butler.registry.disassociate(TAGGED, [there])
    butler.registry.associate(TAGGED, [rival])
    assert ref_of(butler, TAGGED) == rival


def test_taking_out_leaves_the_dataset(world: World, butler: Butler) -> None:
    members = tagged(butler)
    gone = ref_of(butler, TAGGED)
    butler.registry.disassociate(TAGGED, [gone, ref_of(butler, RUN_A, 903342)])
    assert tagged(butler) == members - {gone}
    assert butler.get_dataset(gone.id) == gone
    assert ref_of(butler, RUN_B) == gone
    with world.unchanged():
        butler.registry.disassociate(TAGGED, [gone])


def test_several_types_at_once(butler: Butler) -> None:
    bias = butler.query_datasets("bias", collections=RUN_A)
    butler.registry.registerCollection("both")
    butler.registry.associate("both", [*bias, ref_of(butler, RUN_A)])
    assert butler.query_datasets("bias", collections="both") == bias
    assert tagged(butler, "both") == {ref_of(butler, RUN_A)}
    info = butler.collections.get_info("both", include_summary=True)
    assert info.dataset_types == frozenset({"bias", "stats"})


@pytest.mark.parametrize("name", [RUN_A, CHAIN, CALIB])
def test_only_tagged_collections_are_tagged(world: World, butler: Butler, name: str) -> None:
    refs = [ref_of(butler, RUN_A)]
    with world.refuses(CollectionTypeError, repr(name), "TAGGED"):
        butler.registry.associate(name, refs)
    with world.refuses(CollectionTypeError, repr(name), "TAGGED"):
        butler.registry.disassociate(name, refs)


def test_what_is_not_in_the_registry_is_refused(world: World, butler: Butler) -> None:
    there = ref_of(butler, RUN_A)
    unknown = DatasetRef(there.datasetType, data_id(903342, 22), RUN_A)
    with world.refuses(ConflictingDefinitionError, str(unknown.id), "not in the registry"):
        butler.registry.associate(TAGGED, [unknown])
    component = ref_of(butler, RUN_A)._of_type(butler.get_dataset_type("calexp.wcs"))
    with world.refuses(DatasetTypeError, "calexp.wcs"):
        butler.registry.associate(TAGGED, [component])


def test_unknown_collections_and_readers(world: World, butler: Butler) -> None:
    refs = [ref_of(butler, RUN_A, 903342)]
    reader = world.butler(writeable=False)
    calls: list[tuple[type[Exception], Callable[[], object]]] = [
        (MissingCollectionError, lambda: butler.registry.associate("nope", refs)),
        (MissingCollectionError, lambda: butler.registry.disassociate("nope", refs)),
        (ReadOnlyError, lambda: reader.registry.associate(TAGGED, refs)),
        (ReadOnlyError, lambda: reader.registry.disassociate(TAGGED, refs)),
    ]
    for kind, call in calls:
        with world.refuses(kind):
            call()
