"""Faults in front of an implementation: what is changed, and that nothing else is."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import butler_core
from conformance.faults import Fault, Real, fault
from conformance.faulty import Faulty
from conformance.implementations import Dialect, Implementation
from conformance.implementations.butler_core import ButlerCore
from conformance.selftest import core_world


@fault("Nothing is associated.", calls=["butler.registry.associate"], red=["COL-12"])
def nothing_associated(real: Real, collection: str, refs: Any) -> None:
    """Do nothing."""


@fault("Names of collections are shouted.", calls=["butler.collections.q*"], red=["COL-01"])
def shouted(real: Real, *arguments: Any, **keywords: Any) -> Any:
    """Answer in capitals."""
    return [name.upper() for name in real(*arguments, **keywords)]


@shouted.also("butler.run")
def _run(real: Real) -> Any:
    return (real() or "").upper()


def module(faulty: Implementation, dialect: str = "current") -> Any:
    return importlib.import_module(faulty.dialects[dialect].butler)


@pytest.fixture
def root(core_template: Path, tmp_path: Path) -> Path:
    core_world.copy(core_template, tmp_path / "repo").close()
    return tmp_path / "repo"


def opened(faulty: Faulty, root: Path) -> Iterator[Any]:
    """Yield Butlers from each way of opening one."""
    api = module(faulty)
    yield api.Butler(root, writeable=True)
    yield api.Butler.from_config(root, writeable=True)
    yield faulty.open(root, writeable=True)
    yield api.Butler.from_config(root).clone(collections=core_world.RUN_A)
    yield pickle.loads(pickle.dumps(api.Butler.from_config(root)))


def test_each_way_of_opening_gives_a_butler_with_the_fault(root: Path) -> None:
    faulty = Faulty(ButlerCore(), shouted)
    for butler in opened(faulty, root):
        assert isinstance(butler, module(faulty).Butler)
        assert isinstance(butler, butler_core.Butler)
        assert type(butler).__qualname__ == butler_core.Butler.__qualname__
        assert "HSC/RUNS/A" in butler.collections.query("HSC/*")
        assert "HSC/runs/a" in butler.registry.queryCollections("HSC/*")
        butler.close()


def test_properties_can_be_wrong(root: Path) -> None:
    with Faulty(ButlerCore(), shouted).open(root, run="HSC/runs/a") as butler:
        assert butler.run == "HSC/RUNS/A"


def test_the_real_butler_stays_as_it_is(root: Path) -> None:
    faulty = Faulty(ButlerCore(), nothing_associated)
    for butler_class in (module(faulty).Butler, butler_core.Butler):
        with butler_class.from_config(root, writeable=True) as butler:
            ref, *_ = butler.query_datasets("stats", core_world.RUN_A)
            butler.collections.register("tag", butler_core.CollectionType.TAGGED)
            butler.registry.associate("tag", [ref])
            found = butler.query_datasets("stats", "tag", explain=False)
            assert found == ([] if butler_class is not butler_core.Butler else [ref])


def test_the_module_offers_what_the_real_one_offers(root: Path, tmp_path: Path) -> None:
    api = module(Faulty(ButlerCore(), shouted))
    assert api.__all__ == butler_core.__all__
    assert dir(api) == dir(butler_core)
    assert api.CollectionType is butler_core.CollectionType
    assert api.Butler.has_repo_config(root)
    assert issubclass(butler_core.Butler, api.Butler)
    assert not isinstance(root, api.Butler)
    api.Butler.makeRepo(tmp_path / "new")
    assert butler_core.Butler.has_repo_config(tmp_path / "new")
    with pytest.raises(AttributeError, match="'butler_core' has no attribute 'Buttler'"):
        _ = api.Buttler


def test_what_is_imported_from_below_the_module_is_the_real() -> None:
    faulty = Faulty(ButlerCore(), nothing_associated)
    below = importlib.import_module(f"{faulty.dialects['current'].butler}.registry")
    assert below is sys.modules["butler_core.registry"]
    assert below.__spec__ is not None
    assert below.__spec__.name == "butler_core.registry"
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{faulty.dialects['current'].butler}.nothing")


def test_a_subclass_of_somebody_has_the_fault_too(root: Path) -> None:
    class Mine(module(Faulty(ButlerCore(), shouted)).Butler):  # type: ignore[misc]
        def mine(self) -> int:
            return 3

    for mine in (Mine(root), Mine.from_config(root)):
        assert isinstance(mine, Mine)
        assert mine.mine() == 3
        assert mine.collections.query("HSC/runs/*") == ["HSC/RUNS/A", "HSC/RUNS/B"]
        assert not isinstance(butler_core.Butler.from_config(root), Mine)


def test_the_butler_of_2020_has_the_fault_where_it_has_the_call(root: Path) -> None:
    @fault("There are no collections.", calls=["butler.registry.getAllCollections"], red=["NB-15"])
    def no_collections(real: Real) -> set[str]:
        return set()

    faulty = Faulty(ButlerCore(), no_collections)
    butler = module(faulty, "w_2020_03").Butler(config=str(root), collection="")
    assert butler.registry.getAllCollections() == set()
    assert isinstance(butler, importlib.import_module("butler_core.w_2020_03").Butler)
    assert "HSC/runs/a" in module(faulty).Butler(root).collections.query("*")


def test_displays_have_the_fault_however_they_are_made() -> None:
    @fault("Each marker lies a pixel to the right.", calls=["display.dot"], red=["NB-22"])
    def to_the_right(real: Real, symbol: str, x: float, y: float, **keywords: Any) -> None:
        real(symbol, x + 1, y, **keywords)

    faulty = Faulty(ButlerCore(), to_the_right)
    drawing = importlib.import_module(faulty.dialects["current"].display)
    real = importlib.import_module("butler_core.display")
    assert drawing.RED is real.RED
    for make in (drawing.Display, drawing.getDisplay):
        real.delAllDisplays()
        display = make("virtual", backend="virtualDevice")
        assert isinstance(display, real.Display)
        display.dot("+", 3, 4)
        assert [(mark.x, mark.y) for mark in display.scene.marks] == [(4, 4)]
    real.delAllDisplays()


def test_opening_itself_can_be_wrong(root: Path) -> None:
    @fault("Nothing can be opened.", calls=["Butler"], red=["OPN-01"])
    def closed(real: Real, *arguments: Any, **keywords: Any) -> Any:
        raise PermissionError("closed today")

    faulty = Faulty(ButlerCore(), closed)
    api = module(faulty)
    for call in (api.Butler, api.Butler.from_config, faulty.open):
        with pytest.raises(PermissionError, match="closed today"):
            call(root)
    faulty.make_repository(root.parent / "new")
    assert butler_core.Butler.has_repo_config(root.parent / "new")


class Outside:
    """An outside Butler of another make: slots, a metaclass, and no from_config."""

    __slots__ = ("registry",)

    def __init__(self, root: Any) -> None:
        self.registry = Part()

    def double(self, number: int) -> int:
        return 2 * number

    def clone(self) -> Outside:
        return Outside(None)

    def quadruple(self, number: int) -> int:
        return self.double(self.double(number))


class Part:
    """What such a Butler has for a registry."""

    __slots__ = ()

    @staticmethod
    def answer(number: int) -> int:
        return number


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Implementation:
    found = ModuleType("outside_butler")
    vars(found).update(Butler=Outside, open_one=lambda: Outside(None))
    monkeypatch.setitem(sys.modules, found.__name__, found)
    dialects = {"current": Dialect(found.__name__, "no_such_package.display")}
    return ButlerCore(name="outside", dialects=dialects)


def test_an_outside_butler_of_another_make_can_be_wrong(outside: Implementation) -> None:
    @fault("It cannot count.", calls=["butler.*le", "butler.registry.answer"], red=["NB-06"])
    def miscounts(real: Real, number: int) -> int:
        return int(real(number)) + 1

    api = module(Faulty(outside, miscounts))
    for butler in (api.Butler("root"), api.open_one(), api.open_one().clone()):
        for _ in "12":  # the fault is put in front once
            assert (butler.double(2), butler.registry.answer(2)) == (5, 3)
            assert butler.quadruple(2) == 9  # what a call asks of itself has no fault
        assert isinstance(butler, Outside)
    assert (Outside(None).double(2), Outside(None).registry.answer(2)) == (4, 2)


def test_a_module_that_is_not_there_is_missing_when_it_is_imported(
    outside: Implementation,
) -> None:
    faulty = Faulty(outside, shouted)
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        importlib.import_module(faulty.dialects["current"].display)


def test_the_implementation_keeps_its_name_version_and_claims() -> None:
    real = ButlerCore(name="mine", version="7", unsupported={"display": "none"})
    faulty = Faulty(real, shouted)
    assert (faulty.name, faulty.version, faulty.unsupported) == ("mine", "7", {"display": "none"})
    assert isinstance(faulty, Implementation)


@pytest.mark.parametrize("call", ["get", "butler", "butler.datastore.get", "registry.associate"])
def test_what_no_fault_can_change_is_named_with_its_place(call: str) -> None:
    with pytest.raises(ValueError, match=rf"selftest/test_.*:\d+: .* change '{call}'; write one"):

        @fault("Wrong.", calls=[call], red=[])
        def wrong(real: Real) -> None:
            """Do nothing."""


def test_a_call_is_changed_once() -> None:
    with pytest.raises(ValueError, match=r"shouted changes butler\.run twice"):
        shouted.also("butler.run")(_run)


def test_a_glob_leaves_private_names_and_deeper_calls_alone() -> None:
    @fault("All is wrong.", calls=["butler.*"], red=[])
    def wrong(real: Real) -> None:
        """Do nothing."""

    assert isinstance(wrong, Fault)
    assert wrong.replacement("butler.get") is not None
    assert wrong.replacement("butler._finder") is None
    assert wrong.replacement("butler.registry.get") is None
