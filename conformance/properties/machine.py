"""The rules of the machine: which calls a program may make next, drawn from what is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conformance.model import CollectionKind, ModelButler
from conformance.properties.furnishing import furnish
from conformance.properties.operations import (
    Operation,
    Reopen,
    RolledBack,
)
from conformance.properties.rules import chains, datasets, definitions
from conformance.properties.rules.choosing import Chooser
from conformance.properties.trial import Trial

UNDONE = (chains.register, datasets.insert, datasets.put, datasets.tag)
"""What is done in transactions; no document allows dataset types to be registered in one."""


def machine(trial: Trial) -> type[RuleBasedStateMachine]:
    """Return the class of a machine whose runs are examples of a trial."""
    return type("LockStepMachine", (_LockStepMachine,), {"trial": trial})


class _LockStepMachine(RuleBasedStateMachine):
    trial: Trial

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.world = self._stack.enter_context(self.trial.example())
        self.turn = 0

    @property
    def model(self) -> ModelButler:
        return self.world.model

    @property
    def has_chain(self) -> bool:
        return bool(self.model.collections.of(CollectionKind.CHAINED))

    def teardown(self) -> None:
        self._stack.close()

    @initialize(data=st.data())
    def furnish(self, data: st.DataObject) -> None:
        self.draw = data.draw
        with self.trial.keeping(self.world):
            furnish(self.world.do, self.model, data, chains=4)
            self.world.check()

    def do(self, operation: Operation) -> None:
        operation = self.world.by_someone(operation, self.draw)
        self.turn += 1
        with self.trial.keeping(self.world):
            self.world.do(operation, self.trial.reached)
            self.world.check(self.turn, self.trial.reached)

    def chooser(self, data: st.DataObject) -> Chooser:
        return Chooser(self.model, data.draw, self.world.labels)

    @rule(data=st.data())
    def change_anything(self, data: st.DataObject) -> None:
        choose = self.chooser(data)
        self.do(choose.one([kind for kind, fits in CALLS if fits(self)])(choose))

    @rule(data=st.data())
    def change_collections(self, data: st.DataObject) -> None:
        choose = self.chooser(data)
        self.do(choose.one([chains.register, chains.change, chains.remove])(choose))

    @precondition(lambda self: self.has_chain)
    @rule(data=st.data())
    def close_cycle(self, data: st.DataObject) -> None:
        self.do(chains.close(self.chooser(data)))

    @precondition(lambda self: self.has_chain)
    @rule(data=st.data())
    def nest_chains(self, data: st.DataObject) -> None:
        self.do(chains.nest(self.chooser(data)))

    @rule(data=st.data())
    def write_datasets(self, data: st.DataObject) -> None:
        choose = self.chooser(data)
        self.do(choose.one([datasets.insert, datasets.put])(choose))

    @precondition(lambda self: self.world.labels)
    @rule(data=st.data())
    def tag_datasets(self, data: st.DataObject) -> None:
        self.do(datasets.tag(self.chooser(data)))

    @precondition(lambda self: self.world.labels)
    @rule(data=st.data())
    def remove_datasets(self, data: st.DataObject) -> None:
        self.do(datasets.remove(self.chooser(data)))

    @precondition(lambda self: self.world.labels)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        self.do(_rolled_back(self.chooser(data)))

    @precondition(lambda self: self.turn % 4 == 0)
    @rule()
    def reopen(self) -> None:
        self.do(Reopen())


def _rolled_back(choose: Chooser) -> Operation:
    """Return one or two calls in a transaction that is undone."""
    kinds = [choose.one(UNDONE) for _ in range(2 if choose.spelling() else 1)]
    return RolledBack(tuple(kind(choose) for kind in kinds))


def _reopened(choose: Chooser) -> Operation:
    return Reopen()


CALLS: tuple[tuple[Callable[[Chooser], Operation], Callable[[_LockStepMachine], Any]], ...] = (
    (definitions.draw, lambda machine: True),
    (chains.register, lambda machine: True),
    (chains.nest, lambda machine: machine.has_chain),
    (chains.close, lambda machine: machine.has_chain),
    (chains.change, lambda machine: True),
    (chains.remove, lambda machine: True),
    (datasets.insert, lambda machine: True),
    (datasets.put, lambda machine: True),
    (datasets.tag, lambda machine: machine.world.labels),
    (datasets.remove, lambda machine: machine.world.labels),
    (_rolled_back, lambda machine: machine.world.labels),
    (_reopened, lambda machine: True),
)
"""All kinds of calls, and when each can be made.

Hypothesis leaves out some rules in each program; the rule that draws from these brings them back.
"""
