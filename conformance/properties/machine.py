"""The rules of the machine: which calls a program may make next, drawn from what is there."""

from __future__ import annotations

from contextlib import ExitStack

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

    def teardown(self) -> None:
        self._stack.close()

    @initialize(data=st.data())
    def furnish(self, data: st.DataObject) -> None:
        with self.trial.keeping(self.world):
            furnish(self.world.do, self.model, data, chains=4)
            self.world.check()

    def do(self, operation: Operation) -> None:
        self.turn += 1
        with self.trial.keeping(self.world):
            self.world.do(operation, self.trial.reached)
            self.world.check(self.turn, self.trial.reached)

    def chooser(self, data: st.DataObject) -> Chooser:
        return Chooser(self.model, data.draw, self.world.labels)

    @rule(data=st.data())
    def define(self, data: st.DataObject) -> None:
        self.do(definitions.draw(self.chooser(data)))

    @rule(data=st.data())
    def register_collection(self, data: st.DataObject) -> None:
        self.do(chains.register(self.chooser(data)))

    @precondition(lambda self: self.model.collections.of(CollectionKind.CHAINED))
    @rule(data=st.data())
    def nest_chain(self, data: st.DataObject) -> None:
        self.do(chains.nest(self.chooser(data)))

    @precondition(lambda self: self.model.collections.of(CollectionKind.CHAINED))
    @rule(data=st.data())
    def change_chain(self, data: st.DataObject) -> None:
        self.do(chains.change(self.chooser(data)))

    @rule(data=st.data())
    def remove_collection(self, data: st.DataObject) -> None:
        self.do(chains.remove(self.chooser(data)))

    @rule(data=st.data())
    def insert(self, data: st.DataObject) -> None:
        self.do(datasets.insert(self.chooser(data)))

    @rule(data=st.data())
    def put(self, data: st.DataObject) -> None:
        self.do(datasets.put(self.chooser(data)))

    @precondition(lambda self: self.world.labels)
    @rule(data=st.data())
    def tag(self, data: st.DataObject) -> None:
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
