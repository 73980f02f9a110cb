"""The model that properties hold implementations against: what it answers, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from conformance.model import (
    CollectionKind,
    DatasetTypeDefinition,
    ModelButler,
    Refusal,
    RefusalKind,
    implied,
    required,
)

RUN, TAGGED, CHAINED = CollectionKind
CAM: dict[str, str | int] = {"instrument": "Cam"}


def data_id(detector: int) -> dict[str, str | int]:
    return {**CAM, "detector": detector}


@pytest.fixture
def model() -> ModelButler:
    """Two runs with the same data ID, a tag of one, and a chain of chains of all three."""
    model = ModelButler()
    model.records.insert("instrument", {"name": "Cam"})
    for detector in (1, 2):
        fields = {**CAM, "id": detector, "full_name": f"chip {detector}"}
        model.records.insert("detector", fields)
    model.dataset_types.register(DatasetTypeDefinition("flat", ("detector",)))
    for name, kind in (("r1", RUN), ("r2", RUN), ("t", TAGGED), ("in", CHAINED), ("out", CHAINED)):
        model.collections.register(name, kind)
    model.insert("flat", [data_id(1)], "r1", ["a"])
    model.insert("flat", [data_id(1), data_id(2)], "r2", ["b", "c"])
    model.associate("t", ["b"])
    model.collections.redefine("in", ["t", "r1"])
    model.collections.redefine("out", ["in", "r2", "r1"])
    return model


def test_required_and_implied_dimensions() -> None:
    assert required(["visit", "detector"]) == ("instrument", "detector", "visit")
    assert implied(["visit", "detector"]) == ("band", "physical_filter", "day_obs")
    assert required(["physical_filter", "band"]) == ("instrument", "physical_filter")
    assert required([]) == ()


def test_chains_are_searched_in_order_and_depth_first(model: ModelButler) -> None:
    assert model.collections.flattened(["out"]) == ["t", "r1", "r2"]
    assert model.collections.flattened(["r2", "in", "r2"]) == ["r2", "t", "r1"]
    assert model.collections.depth("out") == 2
    assert model.collections.parents("r1") == {"in", "out"}


def test_children_that_are_put_again_move(model: ModelButler) -> None:
    model.collections.prepend("out", ["r1"])
    assert model.collections.children("out") == ("r1", "in", "r2")
    model.collections.extend("out", ["r1", "in"])
    assert model.collections.children("out") == ("r2", "r1", "in")
    model.collections.remove_from_chain("out", ["t", "r1"])
    assert model.collections.children("out") == ("r2", "in")


def test_the_first_match_is_found(model: ModelButler) -> None:
    assert model.find("flat", data_id(1), ["out"]) == "b"
    assert model.find("flat", data_id(1), ["r1", "out"]) == "a"
    assert model.find("flat", data_id(2), ["in"]) is None
    assert model.query("flat", ["out"]) == {"b", "c"}
    assert model.query("flat", ["out"], find_first=False) == {"a", "b", "c"}
    assert model.query("flat", ["out"], find_first=False, detector=2) == {"c"}


def test_a_tagged_dataset_belongs_to_its_run(model: ModelButler) -> None:
    assert [one.label for one in model.members("t")] == ["b"]
    assert [one.label for one in model.members("r2")] == ["b", "c"]
    assert [one.label for one in model.members("out")] == ["b", "a", "c"]


def test_removal_takes_datasets_out_of_tags(model: ModelButler) -> None:
    model.remove_datasets(["b"])
    assert model.members("t") == []
    assert model.find("flat", data_id(1), ["out"]) == "a"
    model.remove_datasets(["b"])
    model.insert("flat", [data_id(1)], "r2", ["d"])
    assert model.find("flat", data_id(1), ["r2"]) == "d"


def test_removing_a_run_removes_its_datasets(model: ModelButler) -> None:
    model.collections.redefine("out", [])
    model.collections.redefine("in", [])
    model.remove_collection("r2")
    assert [one.label for one in model.datasets] == ["a"]
    assert model.members("t") == []


def test_implied_values_limit_a_query() -> None:
    model = ModelButler()
    model.records.insert("instrument", {"name": "Cam"})
    model.records.insert("day_obs", {**CAM, "id": 1})
    for name, band in (("F1", "r"), ("F2", "i")):
        model.records.insert("physical_filter", {**CAM, "name": name, "band": band})
    for visit, name in ((1, "F1"), (2, "F2")):
        refers: dict[str, str | int] = {"physical_filter": name, "day_obs": 1}
        model.records.insert("visit", {**CAM, "id": visit, "name": str(visit), **refers})
    model.dataset_types.register(DatasetTypeDefinition("src", ("visit",)))
    model.collections.register("r", RUN)
    model.insert("src", [{**CAM, "visit": 1}, {**CAM, "visit": 2}], "r", ["one", "two"])
    assert model.query("src", ["r"], band="r") == {"one"}
    assert model.query("src", ["r"], physical_filter="F2") == {"two"}


REFUSED: dict[str, tuple[Callable[[ModelButler], object], RefusalKind]] = {
    "another type": (lambda m: m.collections.register("r1", TAGGED), RefusalKind.CONFLICT),
    "no chain": (lambda m: m.collections.redefine("r1", []), RefusalKind.WRONG_COLLECTION_TYPE),
    "no parent": (lambda m: m.collections.redefine("x", []), RefusalKind.MISSING_COLLECTION),
    "no child": (lambda m: m.collections.extend("in", ["x"]), RefusalKind.MISSING_COLLECTION),
    "itself": (lambda m: m.collections.prepend("in", ["in"]), RefusalKind.CYCLE),
    "its parent": (lambda m: m.collections.extend("in", ["out"]), RefusalKind.CYCLE),
    "in a chain": (lambda m: m.remove_collection("t"), RefusalKind.IN_USE),
    "twice": (lambda m: m.insert("flat", [data_id(1)], "r1", ["x"]), RefusalKind.CONFLICT),
    "two alike": (
        lambda m: m.insert("flat", [data_id(2), data_id(2)], "r1", ["x", "y"]),
        RefusalKind.CONFLICT,
    ),
    "no record": (
        lambda m: m.insert("flat", [data_id(9)], "r1", ["x"]),
        RefusalKind.MISSING_RECORD,
    ),
    "no type": (
        lambda m: m.insert("dark", [data_id(1)], "r1", ["x"]),
        RefusalKind.MISSING_DATASET_TYPE,
    ),
    "into a tag": (
        lambda m: m.insert("flat", [data_id(2)], "t", ["x"]),
        RefusalKind.WRONG_COLLECTION_TYPE,
    ),
    "tagging a run": (lambda m: m.associate("r1", ["a"]), RefusalKind.WRONG_COLLECTION_TYPE),
    "rival": (lambda m: m.associate("t", ["a"]), RefusalKind.CONFLICT),
    "untagging a chain": (
        lambda m: m.disassociate("in", ["a"]),
        RefusalKind.WRONG_COLLECTION_TYPE,
    ),
    "type in use": (lambda m: m.remove_dataset_type("flat"), RefusalKind.IN_USE),
    "other dimensions": (
        lambda m: m.dataset_types.register(DatasetTypeDefinition("flat", ("instrument",))),
        RefusalKind.CONFLICT,
    ),
    "record that differs": (
        lambda m: m.records.sync("detector", {**CAM, "id": 1, "full_name": "other"}),
        RefusalKind.CONFLICT,
    ),
    "record of nothing": (
        lambda m: m.records.insert("detector", {"instrument": "No", "id": 1, "full_name": "x"}),
        RefusalKind.MISSING_RECORD,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_change_nothing(model: ModelButler, name: str) -> None:
    call, kind = REFUSED[name]
    before = repr(vars(model.collections)), repr(vars(model.datasets)), repr(vars(model.records))
    with pytest.raises(Refusal) as raised:
        call(model)
    assert raised.value.kinds == (kind,)
    after = repr(vars(model.collections)), repr(vars(model.datasets)), repr(vars(model.records))
    assert after == before


def test_a_dataset_with_a_file_is_pruned_and_not_removed(model: ModelButler) -> None:
    model.insert("flat", [data_id(2)], "r1", ["stored"], stored=True)
    with pytest.raises(Refusal, match="in use"):
        model.remove_datasets(["a", "stored"])
    assert "a" in model.datasets
    model.prune(["stored"])
    assert "stored" not in model.datasets


def test_any_of_several_reasons_may_be_named(model: ModelButler) -> None:
    with pytest.raises(Refusal) as raised:
        model.insert("flat", [data_id(9)], "t", ["x"])
    refusal = raised.value
    assert set(refusal.kinds) == {RefusalKind.WRONG_COLLECTION_TYPE, RefusalKind.MISSING_RECORD}
    for name in ("CollectionTypeError", "DataIdValueError"):
        assert refusal.allows(type(name, (ValueError,), {})())
        assert refusal.allows(type("Own", (type(name, (Exception,), {}),), {})())
    assert not refusal.allows(ValueError())


def test_a_transaction_that_raises_changes_nothing(model: ModelButler) -> None:
    def undone() -> None:
        with model.transaction():
            model.collections.register("new", RUN)
            model.insert("flat", [data_id(1)], "new", ["x"])
            model.associate("t", ["x"])

    with pytest.raises(Refusal):
        undone()
    assert "new" not in model.collections
    assert "x" not in model.datasets
    with model.transaction():
        model.collections.register("new", RUN)
    assert "new" in model.collections


def test_the_model_imports_no_implementation() -> None:
    code = (
        "import sys, conformance.model\n"
        "wrong = [name for name in sys.modules if name.partition('.')[0] in"
        " ('butler_core', 'lsst', 'sqlalchemy', 'sqlite3')]\n"
        "sys.exit(', '.join(wrong) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
