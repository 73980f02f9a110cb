"""Which cases a fault is tried on: those that make a call which it changes, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from butler_core import CollectionType
from conformance.case import Case
from conformance.faults import Fault, Real, fault
from conformance.faulty import Faulty
from conformance.faulty.catalogue import named
from conformance.faulty.tracing import Traced, reached, shared
from conformance.implementations.loading import load
from conformance.proving.trials import Setting, chosen, suite_of, traced, tried


def changing(*calls: str) -> Fault:
    @fault("Nothing is wrong.", calls=calls, red=[])
    def harmless(real: Real, *arguments: Any, **keywords: Any) -> Any:
        return real(*arguments, **keywords)

    return harmless


def run(implementation: Any, root: Path) -> None:
    """Make a repository, and a chain in it."""
    implementation.make_repository(root)
    with implementation.open(root, writeable=True) as butler:
        butler.collections.register("r/1")
        butler.collections.register("c", CollectionType.CHAINED)
        with butler.transaction():
            butler.collections.redefine_chain("c", ["r/1"])


def test_calls_are_noted_and_do_what_they_did(tmp_path: Path) -> None:
    faults = [changing("Butler"), changing("butler.collections.re*"), changing("butler.get")]
    implementation = Traced(load("butler_core"), faults)
    run(implementation, tmp_path / "repository")
    made = implementation.taken()
    assert made >= {"Butler", "butler.collections.register", "butler.collections.redefine_chain"}
    assert "butler.transaction" not in made, "no fault changes it"
    assert [reached(one, made) for one in faults] == [True, True, False]
    assert implementation.taken() == frozenset()


def test_a_call_inside_another_is_noted_though_both_have_faults(tmp_path: Path) -> None:
    """The guard that keeps a fault from striking twice would hide the inner call."""

    class Nested:
        def outer(self) -> int:
            return self.inner()

        def inner(self) -> int:
            return 1

    faults = [changing("butler.outer"), changing("butler.inner")]
    implementation = Traced(load("butler_core"), faults)
    nested = implementation._changer.changed(Nested(), "butler")
    assert nested.outer() == 1
    assert implementation.taken() == {"butler.outer", "butler.inner"}
    guarded = Faulty(load("butler_core"), changing("butler.outer", "butler.inner"))
    assert guarded._changer.changed(Nested(), "butler").outer() == 1


def case(id: str, *needs: str, code: str = "") -> Case:
    return Case(id=id, requirement=id.partition(".")[0], title="a case", needs=needs, code=code)


def test_a_case_has_the_calls_of_what_it_builds_on() -> None:
    cases = [
        case("AAA-01.setup"),
        case("AAA-02.next", "AAA-01.setup"),
        case("AAA-03.last", "AAA-02.next"),
        case("BBB-01.numbers", code="draw()"),
        case("BBB-01.pixels", code="draw()"),
        case("CCC-01.other", code="look()"),
        case("CCC-02.none"),
    ]
    own: Mapping[str, set[str]] = {
        "AAA-01.setup": {"a"},
        "AAA-03.last": {"b"},
        "BBB-01.numbers": {"c"},
    }
    found = shared(cases, {one.id: frozenset(own.get(one.id, ())) for one in cases})
    assert found == {
        "AAA-01.setup": {"a"},
        "AAA-02.next": {"a"},
        "AAA-03.last": {"a", "b"},
        "BBB-01.numbers": {"c"},
        "BBB-01.pixels": {"c"},
        "CCC-01.other": set(),
        "CCC-02.none": set(),
    }


@pytest.mark.parametrize(
    ("name", "cases"), [("association_dropped", "COL-*"), ("wrong_message", "DID-*")]
)
def test_what_is_not_tried_would_not_have_turned_red(name: str, cases: str, tmp_path: Path) -> None:
    """The whole claim, held on families of cases of which the fault turns some red."""
    setting = Setting(
        butler="butler_core", folders=(), repository=tmp_path, scratch=tmp_path, only=(cases,)
    )
    wanted = chosen(suite_of(setting).cases, setting.only)
    plain = traced(setting, wanted, [name])
    everywhere = tried(setting, name, wanted)
    met = [one for one in wanted if reached(named(name), plain.calls[one])]
    assert {**plain.trial.seen, **tried(setting, name, met).seen} == everywhere.seen
    assert everywhere.red
    assert set(everywhere.red) <= set(met)
