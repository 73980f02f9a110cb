"""Faults of `butler_core`, each put in by replacing one method, for properties to find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from butler_core import Butler
from butler_core.butler_collections import ButlerCollections
from butler_core.butler_registry import Registry
from butler_core.errors import ConflictingDefinitionError
from butler_core.registry.collections import CollectionManager
from butler_core.registry.database import Database
from butler_core.registry.datasets import DatasetManager
from butler_core.registry.summaries import CollectionSummaries
from butler_core.registry.transactions import Transaction, Transactions

Mutant = Callable[[pytest.MonkeyPatch], None]


def find_first_reversed(patch: pytest.MonkeyPatch) -> None:
    found = DatasetManager.find

    def reversed_find(self: Any, record: Any, data_id: Any, collections: Any, *rest: Any) -> Any:
        return found(self, record, data_id, list(reversed(collections)), *rest)

    patch.setattr(DatasetManager, "find", reversed_find)


def association_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Registry, "associate", lambda self, collection, refs: None)


def chain_order_forgotten(patch: pytest.MonkeyPatch) -> None:
    set_chain = CollectionManager.set_chain

    def sorted_set_chain(self: Any, name: str, children: Any, **options: Any) -> None:
        set_chain(self, name, sorted([children] if isinstance(children, str) else children))

    patch.setattr(CollectionManager, "set_chain", sorted_set_chain)


def removed_stays_in_tag(patch: pytest.MonkeyPatch) -> None:
    remove = DatasetManager.remove

    def remove_untagged(self: Any, refs: Any) -> None:
        count = "SELECT count(*) FROM {} WHERE dataset_id = :id"
        untagged = []
        for ref in refs:
            table = self._dataset_types.get(ref.datasetType.name).tags_table
            id = self._database.encode_uuid(ref.id)
            if self._database.query(count.format(table), (id,)).fetchall()[0][0] < 2:
                untagged.append(ref)
        remove(self, untagged)

    patch.setattr(DatasetManager, "remove", remove_untagged)


def cycle_accepted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CollectionManager, "_path", lambda self, start, goal: [])


def conflict_accepted(patch: pytest.MonkeyPatch) -> None:
    associate = DatasetManager.associate

    def lenient(self: Any, collection: Any, refs: Any) -> None:
        try:
            associate(self, collection, refs)
        except ConflictingDefinitionError:
            return

    patch.setattr(DatasetManager, "associate", lenient)


def rollback_keeps_rows(patch: pytest.MonkeyPatch) -> None:
    def leave(self: Any, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind in (None, InterruptedError):
                self._transactions.commit(self._mark)
            else:
                self._transactions.undo(self._mark, error)
        finally:
            self._transactions.lock.__exit__(None, None, None)

    patch.setattr(Transaction, "__exit__", leave)


def summary_stale(patch: pytest.MonkeyPatch) -> None:
    current = CollectionSummaries._current

    def first_read(self: Any) -> Any:
        if not hasattr(self, "_first"):
            self._first = {name: set(pairs) for name, pairs in current(self).items()}
        return {name: set(pairs) for name, pairs in self._first.items()}

    patch.setattr(CollectionSummaries, "_current", first_read)


def wrong_class_refused(patch: pytest.MonkeyPatch) -> None:
    def check(collection: Any) -> None:
        if collection.type.name != "TAGGED":
            raise ValueError("no")

    patch.setattr(DatasetManager, "_check_tagged", staticmethod(check))


def chain_forgotten_on_reopening(patch: pytest.MonkeyPatch) -> None:
    opened = Butler.__init__

    def forgetful(self: Any, *arguments: Any, **options: Any) -> None:
        opened(self, *arguments, **options)
        for record in list(self._repository.collections):
            if len(record.children) > 1:
                self._repository.collections.set_chain(record.name, record.children[:1])

    patch.setattr(Butler, "__init__", forgetful)


def children_lost_by_extending(patch: pytest.MonkeyPatch) -> None:
    def replaced(self: Any, parent: str, children: Any) -> None:
        self.redefine_chain(parent, children)

    patch.setattr(ButlerCollections, "extend_chain", replaced)


def limit_one_more(patch: pytest.MonkeyPatch) -> None:
    queried = Butler.query_datasets

    def generous(self: Any, *arguments: Any, limit: Any = None, **options: Any) -> Any:
        more = limit + 1 if limit else limit
        return queried(self, *arguments, limit=more, **options)

    patch.setattr(Butler, "query_datasets", generous)


def file_left_by_rollback(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Transactions, "on_rollback", lambda self, undo: None)
    patch.setattr(Database, "on_rollback", lambda self, undo: None, raising=False)
