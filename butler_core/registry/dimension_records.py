"""The records of dimension elements in the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..dimensions.record import encode_region
from ..dimensions.skypix import pixelization
from ..errors import ArgumentError, ConflictingDefinitionError
from .database import Database
from .overlaps import OverlapWriter
from .record_conflicts import explain_conflict
from .schema import Schema
from .statements import CompiledStatement

__all__ = ["DimensionRecordManager"]

_MOST_KEPT = 100_000  # records of a table that is not kept whole
_MOST_TOGETHER = 5_000  # of which it is likely that they are asked for again


class DimensionRecordManager:
    """Reads and writes the tables of dimension elements.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.

    Notes
    -----
    Tables that do not grow with the nights, such as detectors, are kept whole
    while nobody else writes; of the others, the records that were asked for.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._schema = schema
        self._overlaps = OverlapWriter(database, schema)
        self._token: object = None
        self._whole: dict[str, dict[tuple[Any, ...], DimensionRecord]] = {}
        self._kept: dict[str, dict[tuple[Any, ...], DimensionRecord | None]] = {}
        self._statements = database.statements(schema, "dimension records")

    def refresh(self) -> None:
        """Forget what another process may have changed."""
        with self._database.lock:
            token = self._database.change_token()
            if token != self._token:
                self._whole.clear()
                self._kept.clear()
                self._token = token

    def insert(
        self,
        element: DimensionElement,
        records: Sequence[DimensionRecord],
        *,
        replace: bool = False,
        skip_existing: bool = False,
    ) -> None:
        """Insert records, and the pixels of the sky that their regions cover.

        Raises
        ------
        ConflictingDefinitionError
            If a record with the same key exists.
        DataIdValueError
            If a record refers to one that does not exist.
        """
        self._check_own_table(element)
        if not records:
            return
        with self._database.transaction():
            if replace or skip_existing:
                records = self._distinct(element, records, last=replace)
                if not replace and len(records) > 1 and self._add_if_new(element, records):
                    return
                self.refresh()
                keys = [self._key(element, record) for record in records]
                found = self.fetch_many(element, set(keys))
                existing = [one for one, key in zip(records, keys, strict=True) if found.get(key)]
                records = [
                    one for one, key in zip(records, keys, strict=True) if not found.get(key)
                ]
                if replace and existing:
                    self._replace(element, existing)
            try:
                self._add(element, records)
            except sqlalchemy.exc.IntegrityError as error:
                raise explain_conflict(self, element, records, error) from error

    def _add_if_new(self, element: DimensionElement, records: Sequence[DimensionRecord]) -> bool:
        """Insert records if none is there; it is the database that tells, without being asked."""
        try:
            with self._database.transaction():
                self._add(element, records)
        except sqlalchemy.exc.IntegrityError:
            return False
        return True

    def _add(self, element: DimensionElement, records: Sequence[DimensionRecord]) -> None:
        self._forget(element)
        self._database.insert(
            self._statement(element, "insert"), [record.row for record in records]
        )
        if element.is_governor:
            self._overlaps.cover(element, records)
        self._overlaps.add(element, records)

    def sync(
        self, element: DimensionElement, record: DimensionRecord, *, update: bool = False
    ) -> bool | dict[str, Any]:
        """Make sure that a record exists.

        Returns
        -------
        changed : `bool` or `dict` [ `str`, `object` ]
            `True` if it is new, `False` if it was there already, and the old
            values of changed fields where ``update`` was given.

        Raises
        ------
        ConflictingDefinitionError
            If it is there with other values, and ``update`` is `False`.
        """
        self.refresh()
        existing = self.fetch(element, self._key(element, record))
        if existing is None:
            self.insert(element, [record])
            return True
        if existing.row == record.row:
            return False
        old, new = existing.toDict(), record.toDict()
        changed = {name: old[name] for name in old if old[name] != new[name]}
        if not changed:
            return False
        if not update:
            differences = ", ".join(
                f"{name} is {old[name]!r} there and {new[name]!r} here" for name in changed
            )
            raise ConflictingDefinitionError(
                f"{element.name} {record.dataId} exists with other values: {differences}"
            )
        with self._database.transaction():
            self._replace(element, [record])
        return changed

    def fetch(self, element: DimensionElement, key: tuple[Any, ...]) -> DimensionRecord | None:
        """Return the record with some required values, or `None`."""
        if element.skypix is not None:
            region = encode_region(pixelization(*element.skypix).pixel(key[0]))
            return element.RecordClass.from_row((key[0], region))
        if element.is_cached:
            return self.all_cached(element).get(key)
        with self._database.lock:
            kept = self._kept.setdefault(element.name, {})
            if key not in kept:
                if len(kept) >= _MOST_KEPT:
                    kept = self._kept[element.name] = {}
                row = self._database.query(self._statement(element, "fetch"), key).fetchone()
                kept[key] = None if row is None else element.RecordClass.from_row(row)
            return kept[key]

    def fetch_many(
        self, element: DimensionElement, keys: set[tuple[Any, ...]]
    ) -> Mapping[tuple[Any, ...], DimensionRecord | None]:
        """Return records by their required values; those that do not exist may be left out."""
        if element.is_cached:
            return self.all_cached(element)
        if element.skypix is not None:
            return {key: self.fetch(element, key) for key in keys}
        with self._database.lock:
            return self._fetch_and_keep(element, keys)

    def _fetch_and_keep(
        self, element: DimensionElement, keys: set[tuple[Any, ...]]
    ) -> Mapping[tuple[Any, ...], DimensionRecord | None]:
        kept = self._kept.setdefault(element.name, {})
        if len(keys) > _MOST_TOGETHER:
            waiting, kept = keys, {}  # for this call alone
        else:
            waiting = keys.difference(kept)
            if len(kept) + len(waiting) > _MOST_KEPT:
                kept = self._kept[element.name] = {}
                waiting = keys
        ordered = sorted(waiting)
        make = element.RecordClass.from_row
        rows = self._database.first_of_each(self._statement(element, "fetch"), ordered)
        for key, row in zip(ordered, rows, strict=True):
            kept[key] = None if row is None else make(row)
        return kept

    def rows(self, element: DimensionElement) -> Iterator[tuple[Any, ...]]:
        """Return the rows of an element's table by key, read as they are iterated."""
        return self._database.stream(self._statement(element, "all"))

    def all_cached(self, element: DimensionElement) -> dict[tuple[Any, ...], DimensionRecord]:
        """Return all records of a table that is kept whole, by their required values."""
        with self._database.lock:
            whole = self._whole.get(element.name)
            if whole is None:
                count = len(element.required_names)
                rows = self._database.query(self._statement(element, "all"))
                whole = {row[:count]: element.RecordClass.from_row(row) for row in rows}
                self._whole[element.name] = whole
            return whole

    def fetch_by_alternate(
        self, element: DimensionElement, record: DimensionRecord, name: str
    ) -> DimensionRecord | None:
        """Return the record that has the same value of an alternate key, or `None`."""
        table = self._schema.table(element.name)
        own = element.primary_key.name if element.primary_key is not None else None
        names = [column.name for column in list(table.columns)[: len(element.required_names)]]
        statement = self._database.compile(
            sqlalchemy.select(table).where(
                *(table.c[other] == sqlalchemy.bindparam(other) for other in names if other != own),
                table.c[name] == sqlalchemy.bindparam(name),
            )
        )
        values = {other: record.get(other) for other in (*names, name)}
        row = self._database.query(statement, statement.bind(values)).fetchone()
        return None if row is None else element.RecordClass.from_row(tuple(row))

    def _distinct(
        self, element: DimensionElement, records: Sequence[DimensionRecord], *, last: bool
    ) -> list[DimensionRecord]:
        """Return one record for each key, the first or the last that was given."""
        chosen: dict[tuple[Any, ...], DimensionRecord] = {}
        for record in records:
            key = self._key(element, record)
            if last or key not in chosen:
                chosen[key] = record
        return list(chosen.values())

    @staticmethod
    def _key(element: DimensionElement, record: DimensionRecord) -> tuple[Any, ...]:
        return record.row[: len(element.required_names)]

    def _replace(self, element: DimensionElement, records: Sequence[DimensionRecord]) -> None:
        self._forget(element)
        self._overlaps.remove(element, records)
        count = len(element.required_names)
        rows = [(*record.row[count:], *record.row[:count]) for record in records]
        if len(rows[0]) > count:
            try:
                self._database.execute(self._statement(element, "update"), rows)
            except sqlalchemy.exc.IntegrityError as error:
                raise explain_conflict(self, element, records, error, replaced=True) from error
        self._overlaps.add(element, records)

    def _forget(self, element: DimensionElement) -> None:
        self._whole.clear()  # views of the table among them
        self._kept.pop(element.name, None)

    @staticmethod
    def _check_own_table(element: DimensionElement) -> None:
        if element.view_of is not None:
            raise ArgumentError(
                f"records of {element.name!r} cannot be inserted: they are the values that"
                f" {element.view_of!r} records have"
            )
        if not element.has_own_table:
            raise ArgumentError(
                f"records of {element.name!r} cannot be inserted: they are computed"
            )

    def _statement(self, element: DimensionElement, kind: str) -> CompiledStatement:
        return self._statements.get((element.name, kind), lambda: self._construct(element, kind))

    def _construct(self, element: DimensionElement, kind: str) -> Any:
        if element.view_of is not None:
            column = self._schema.table(element.view_of).columns[element.name]
            return sqlalchemy.select(column).distinct()
        table = self._schema.table(element.name)
        columns = list(table.columns)
        keys = columns[: len(element.required_names)]
        same = [column == sqlalchemy.bindparam(f"key_{column.name}") for column in keys]
        if kind == "insert":
            return table.insert()
        if kind == "update":
            values: dict[str, Any] = {
                column.name: sqlalchemy.bindparam(f"new_{column.name}")
                for column in columns[len(keys) :]
            }
            return table.update().where(*same).values(values or {keys[0].name: keys[0]})
        if kind == "fetch":
            return sqlalchemy.select(table).where(*same)
        return sqlalchemy.select(table).order_by(*keys)
