"""The collections of a registry, kept in memory while nobody changes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..collection import CollectionType
from ..errors import (
    ArgumentError,
    CollectionCycleError,
    CollectionExpressionError,
    CollectionTypeError,
    ConflictingDefinitionError,
    OrphanedRecordError,
)
from .collection_expressions import CollectionExpression, gather, matching, named
from .database import Database

__all__ = ["CollectionExpression", "CollectionManager", "CollectionRecord", "collection_names"]

_MOST_FLATTENED = 1000  # expressions


@dataclasses.dataclass(frozen=True, slots=True)
class CollectionRecord:
    """A row of the collection table, with a chain's children.

    Parameters
    ----------
    key : `int`
        The collection's id.
    name : `str`
        Its name.
    type : `CollectionType`
        Its type.
    doc : `str`
        Its documentation.
    children : `tuple` [ `str` ]
        The children of a chain, in order.
    """

    key: int
    name: str
    type: CollectionType
    doc: str = ""
    children: tuple[str, ...] = ()


class CollectionManager:
    """Reads and writes the tables of collections.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._token: object = None
        self._records: dict[str, CollectionRecord] = {}
        self._names: dict[int, str] = {}
        self._parents: dict[str, set[str]] | None = None
        self._flattened: dict[str | tuple[str, ...], tuple[CollectionRecord, ...]] = {}

    def _current(self) -> dict[str, CollectionRecord]:
        with self._database.lock:
            token = self._database.change_token()
            if token != self._token or not self._records:
                self._records = self._read()
                self._flattened = {}
                self._parents = None
                self._token = token
            return self._records

    def _read(self) -> dict[str, CollectionRecord]:
        rows = self._database.query(
            "SELECT collection_id, name, type, doc FROM collection ORDER BY collection_id"
        ).fetchall()
        names = self._names = {row[0]: row[1] for row in rows}
        children: dict[int, list[str]] = {}
        chain = "SELECT parent, child FROM collection_chain ORDER BY parent, position"
        for parent, child in self._database.query(chain).fetchall():
            children.setdefault(parent, []).append(names[child])
        return {
            name: CollectionRecord(
                key, name, CollectionType(kind), doc or "", tuple(children.get(key, ()))
            )
            for key, name, kind, doc in rows
        }

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._database.lock:
            self._token = None
            self._database.execute(statement, rows)

    def _changed(self, record: CollectionRecord, *, is_gone: bool = False) -> None:
        """Have what was read say so too, which stays right until this is rolled back."""
        with self._database.lock:
            if is_gone:
                self._records.pop(record.name, None)
            else:
                self._records[record.name] = record
            self._flattened = {}
            if record.type is CollectionType.CHAINED:
                self._parents = None

    def __iter__(self) -> Iterator[CollectionRecord]:
        return iter(list(self._current().values()))

    def __contains__(self, name: str) -> bool:
        return name in self._current()

    def get(self, name: str) -> CollectionRecord:
        """Return a collection.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        """
        return named(self._current(), name)

    def get_chain(self, name: str) -> CollectionRecord:
        """Return a chain.

        Raises
        ------
        MissingCollectionError
            If there is no collection of that name.
        CollectionTypeError
            If it is not a chain.
        """
        record = self.get(name)
        if record.type is not CollectionType.CHAINED:
            raise CollectionTypeError(
                f"collection {name!r} is {record.type}, not CHAINED: it has no children"
            )
        return record

    def name_of(self, key: int) -> str:
        """Return the name of the collection with an id."""
        return self.names_by_key()[key]

    def names_by_key(self) -> Mapping[int, str]:
        """Return the name of each collection by its id."""
        self._current()
        return self._names

    def register(self, name: str, type: CollectionType, doc: str | None = None) -> bool:
        """Make sure that a collection exists.

        Returns
        -------
        registered : `bool`
            Whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If one of that name exists with another type.
        """
        if not isinstance(name, str) or not name:
            raise ArgumentError(
                f"the name of a collection is a string that is not empty, not {name!r}"
            )
        type = _collection_type(type)
        if self._is_registered(name, type):
            return False
        with self._database.transaction():
            if self._is_registered(name, type):  # by another process, just now
                return False
            self._database.execute(
                "INSERT INTO collection (name, type, doc) VALUES (:name, :type, :doc)",
                [(name, int(type), doc)],
            )
            ((key,),) = self._database.query(
                "SELECT collection_id FROM collection WHERE name = :name", (name,)
            ).fetchall()
            if type is CollectionType.RUN:
                self._database.execute("INSERT INTO run (collection_id) VALUES (:key)", [(key,)])
            # What was read stays right with this one more, until this is rolled back.
            self._records[name] = CollectionRecord(key, name, type, doc or "")
            self._names[key] = name
            self._flattened = {}
        return True

    def _is_registered(self, name: str, type: CollectionType) -> bool:
        existing = self._current().get(name)
        if existing is not None and existing.type is not type:
            raise ConflictingDefinitionError(
                f"collection {name!r} exists as {existing.type}; it cannot be registered as {type}"
            )
        return existing is not None

    def set_doc(self, name: str, doc: str | None) -> None:
        """Replace a collection's documentation."""
        key = self.get(name).key
        self._write("UPDATE collection SET doc = :doc WHERE collection_id = :key", [(doc, key)])

    def set_chain(self, name: str, children: Iterable[str] | str, *, flatten: bool = False) -> None:
        """Replace the children of a chain.

        Parameters
        ----------
        name : `str`
            The chain.
        children : `str` or `~collections.abc.Iterable` [ `str` ]
            Collections, in the order of search.
        flatten : `bool`, optional
            Whether chains among them are replaced by their own children.

        Raises
        ------
        CollectionTypeError
            If ``name`` is not a chain.
        CollectionCycleError
            If the chain would hold itself; with the path.
        """
        names = collection_names(children)
        with self._database.transaction():
            parent = self.get_chain(name)
            records = [self.get(child) for child in names]
            if flatten:
                records = list(self.flatten(names))
            for child in records:
                path = self._path(child, name)
                if path:
                    raise CollectionCycleError(
                        f"chain {name!r} would hold itself: {' → '.join([name, *path])}"
                    )
            self._database.execute(
                "DELETE FROM collection_chain WHERE parent = :parent", [(parent.key,)]
            )
            self._database.execute(
                "INSERT INTO collection_chain (parent, position, child)"
                " VALUES (:parent, :position, :child)",
                [(parent.key, place, child.key) for place, child in enumerate(records)],
            )
            self._changed(
                dataclasses.replace(parent, children=tuple(child.name for child in records))
            )

    def change_chain(self, name: str, change: Callable[[Sequence[str]], Iterable[str]]) -> None:
        """Replace the children of a chain by what a function makes of them.

        No other process changes them meanwhile.
        """
        with self._database.transaction():
            self.set_chain(name, change(self.get_chain(name).children))

    def _path(self, start: CollectionRecord, goal: str) -> list[str]:
        """Return the names from a collection down to another, nothing if it does not hold it."""
        if start.name == goal:
            return [goal]
        for child in start.children:
            path = self._path(self.get(child), goal)
            if path:
                return [start.name, *path]
        return []

    def remove(self, name: str) -> None:
        """Remove a collection, which no chain may hold.

        Raises
        ------
        OrphanedRecordError
            If a chain holds it.
        """
        record = self.get(name)
        parents = sorted(self.parents(name))
        if parents:
            raise OrphanedRecordError(
                f"collection {name!r} is in {' and '.join(f'chain {one!r}' for one in parents)}:"
                f" take it out with butler.collections.remove_from_chain({parents[0]!r}, {name!r})"
                " first"
            )
        with self._database.lock:
            self._database.execute(
                "DELETE FROM collection WHERE collection_id = :key", [(record.key,)]
            )
            self._changed(record, is_gone=True)

    def unlink(self, names: Iterable[str]) -> None:
        """Take collections out of all chains that hold them."""
        gone = set(names)
        for parent in sorted({parent for name in gone for parent in self.parents(name)}):
            self.change_chain(parent, lambda old: [child for child in old if child not in gone])

    def parents(self, name: str) -> set[str]:
        """Return the chains that hold a collection directly."""
        self.get(name)
        with self._database.lock:
            records = self._current()
            if self._parents is None:
                self._parents = {}
                for record in records.values():
                    for child in record.children:
                        self._parents.setdefault(child, set()).add(record.name)
            return set(self._parents.get(name, ()))

    def query(
        self,
        expression: CollectionExpression,
        types: Iterable[CollectionType] | CollectionType | None = None,
        *,
        flatten_chains: bool = False,
        include_chains: bool | None = None,
    ) -> list[CollectionRecord]:
        """Return the collections that an expression names.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``
            Names and globs.
        types : `CollectionType` or iterable of them, optional
            Types to return; all if not given.
        flatten_chains : `bool`, optional
            Whether the children of chains are returned, each once.
        include_chains : `bool`, optional
            Whether chains are returned themselves; by default, if they are
            not flattened.

        Raises
        ------
        MissingCollectionError
            If a name, not a glob, is that of no collection.
        """
        kinds: Iterable[object] = CollectionType if types is None else [types]
        if isinstance(types, Iterable) and not isinstance(types, str):
            kinds = types
        wanted = frozenset(_collection_type(kind) for kind in kinds)
        chains = not flatten_chains if include_chains is None else include_chains
        found: dict[str, CollectionRecord] = {}
        records = self._current()
        for record in matching(records, expression):
            gather(records, record, found, flatten_chains)
        return [
            record
            for record in found.values()
            if record.type in wanted and (chains or record.type is not CollectionType.CHAINED)
        ]

    def flatten(self, expression: CollectionExpression) -> tuple[CollectionRecord, ...]:
        """Return what is searched, in order: no chains, each collection once."""
        if not isinstance(expression, str | tuple):
            return tuple(self.query(expression, flatten_chains=True))
        with self._database.lock:
            self._current()
            try:
                found = self._flattened.get(expression)
            except TypeError:  # a tuple of what cannot be a name
                found = None
            if found is None:
                found = tuple(self.query(expression, flatten_chains=True))
                if len(self._flattened) < _MOST_FLATTENED:
                    self._flattened[expression] = found
            return found


def collection_names(given: str | Iterable[str]) -> list[str]:
    """Return the names of collections, of which one may be given alone.

    Raises
    ------
    CollectionExpressionError
        If it is neither a name nor several.
    """
    if not isinstance(given, Iterable):
        raise CollectionExpressionError(
            f"collections are named by a string or a list of strings, not by {given!r}"
        )
    return [given] if isinstance(given, str) else list(dict.fromkeys(given))


def _collection_type(given: object) -> CollectionType:
    for known in CollectionType:
        if given == known:
            return known
    raise ArgumentError(
        f"the type of a collection is one such as CollectionType.RUN, not {given!r}"
    )
