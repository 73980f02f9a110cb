"""The records of dimension elements in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..dimensions.record import encode_region
from ..dimensions.skypix import pixelization
from ..errors import ConflictingDefinitionError, DataIdValueError
from .database import CompiledStatement, Database
from .overlaps import OverlapWriter
from .schema import Schema

__all__ = ["DimensionRecordManager"]

_MOST_KEPT = 100_000  # records of a table that is not kept whole
_PARAMETERS = 900  # of a statement; SQLite's oldest builds take 999


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
        self._statements: dict[tuple[str, str], CompiledStatement] = {}

    def refresh(self) -> None:
        """Forget what another process may have changed."""
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
                self.refresh()
                existing = {record.row for record in records if self._exists(element, record)}
            else:
                existing = set()
            if replace and existing:
                self._replace(element, [record for record in records if record.row in existing])
            new = [record for record in records if record.row not in existing]
            self._forget(element)
            try:
                self._database.execute(
                    self._statement(element, "insert"), [record.row for record in new]
                )
            except sqlalchemy.exc.IntegrityError as error:
                raise self._explain(element, new, error) from error
            self._overlaps.add(element, new)

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
        kept = self._kept.setdefault(element.name, {})
        if key not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            row = self._database.query(self._statement(element, "fetch"), key).fetchone()
            kept[key] = None if row is None else element.RecordClass.from_row(tuple(row))
        return kept[key]

    def fetch_many(
        self, element: DimensionElement, keys: set[tuple[Any, ...]]
    ) -> Mapping[tuple[Any, ...], DimensionRecord | None]:
        """Return records by their required values; those that do not exist may be left out."""
        if element.is_cached:
            return self.all_cached(element)
        if element.skypix is not None or len(keys) <= 2:
            return {key: self.fetch(element, key) for key in keys}
        kept = self._kept.setdefault(element.name, {})
        waiting = [key for key in sorted(keys) if key not in kept]
        if len(kept) + len(waiting) > _MOST_KEPT:
            kept = self._kept[element.name] = {}
            waiting = sorted(keys)
        if len(waiting) > _MOST_KEPT:
            kept = {}  # more than is kept: for this call alone
        count = len(element.required_names)
        size = max(1, _PARAMETERS // count)
        for start in range(0, len(waiting), size):
            chunk = waiting[start : start + size]
            kept.update(dict.fromkeys(chunk))
            statement = self._statement(element, f"fetch {len(chunk)}")
            for row in self._database.query(statement, [value for key in chunk for value in key]):
                kept[tuple(row[:count])] = element.RecordClass.from_row(tuple(row))
        return kept

    def all_cached(self, element: DimensionElement) -> dict[tuple[Any, ...], DimensionRecord]:
        """Return all records of a table that is kept whole, by their required values."""
        whole = self._whole.get(element.name)
        if whole is None:
            count = len(element.required_names)
            rows = self._database.query(self._statement(element, "all")).fetchall()
            whole = {tuple(row[:count]): element.RecordClass.from_row(tuple(row)) for row in rows}
            self._whole[element.name] = whole
        return whole

    def _exists(self, element: DimensionElement, record: DimensionRecord) -> bool:
        return self.fetch(element, self._key(element, record)) is not None

    @staticmethod
    def _key(element: DimensionElement, record: DimensionRecord) -> tuple[Any, ...]:
        return record.row[: len(element.required_names)]

    def _replace(self, element: DimensionElement, records: Sequence[DimensionRecord]) -> None:
        self._forget(element)
        self._overlaps.remove(element, records)
        count = len(element.required_names)
        rows = [(*record.row[count:], *record.row[:count]) for record in records]
        if len(rows[0]) > count:
            self._database.execute(self._statement(element, "update"), rows)
        self._overlaps.add(element, records)

    def _forget(self, element: DimensionElement) -> None:
        self._whole.clear()  # views of the table among them
        self._kept.pop(element.name, None)

    @staticmethod
    def _check_own_table(element: DimensionElement) -> None:
        if element.view_of is not None:
            raise TypeError(
                f"records of {element.name!r} cannot be inserted: they are the values that"
                f" {element.view_of!r} records have"
            )
        if not element.has_own_table:
            raise TypeError(f"records of {element.name!r} cannot be inserted: they are computed")

    def _statement(self, element: DimensionElement, kind: str) -> CompiledStatement:
        statement = self._statements.get((element.name, kind))
        if statement is None:
            statement = self._database.compile(self._construct(element, kind))
            self._statements[element.name, kind] = statement
        return statement

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
        if kind.startswith("fetch "):
            return sqlalchemy.select(table).where(_any_of(keys, int(kind.split()[1])))
        return sqlalchemy.select(table).order_by(*keys)

    def _explain(
        self,
        element: DimensionElement,
        records: Iterable[DimensionRecord],
        error: sqlalchemy.exc.IntegrityError,
    ) -> Exception:
        """Return the exception that says which record was the reason."""
        self.refresh()
        universe = element.universe
        if self._database.is_missing_reference(error):
            for record in records:
                values = record.dataId.mapping
                for name in (*element.required_names, *element.implied_names):
                    other = universe[name]
                    if name == element.name or not other.has_own_table:
                        continue
                    key = tuple(values.get(required) for required in other.required_names)
                    if self.fetch(other, key) is None:
                        needed = dict(zip(other.required_names, key, strict=True))
                        return DataIdValueError(
                            f"a record of {element.name} {record.dataId.required} refers to"
                            f" {name} {needed}, which has no record"
                        )
        seen = set()
        for record in records:
            key = self._key(element, record)
            if key in seen or self.fetch(element, key) is not None:
                return ConflictingDefinitionError(
                    f"a record of {element.name} {record.dataId.required} exists already"
                    " (skip_existing=True passes over it, replace=True replaces it)"
                )
            seen.add(key)
        return ConflictingDefinitionError(
            f"records of {element.name} conflict with each other or those there: {error.orig}"
        )


def _any_of(columns: Sequence[Any], count: int) -> Any:
    return sqlalchemy.or_(
        *(
            sqlalchemy.and_(
                *(column == sqlalchemy.bindparam(f"key_{row}_{column.name}") for column in columns)
            )
            for row in range(count)
        )
    )
