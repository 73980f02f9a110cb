"""Queries for datasets: all of them, and those of one visit."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import INSTRUMENT, RUN, TYPE
from conformance.benchmarks.raw import RawBench

TIMES = 20
NAMES = ("instrument", "detector", "visit", "band", "day_obs", "physical_filter")


def _select(table: str) -> str:
    """Return the SQL of the datasets of a type in a collection, with all values of dimensions."""
    return (
        "SELECT m.dataset_id, m.instrument, m.detector, m.visit, f.band, v.day_obs,"
        f" v.physical_filter FROM {table} AS m"
        " JOIN visit AS v ON v.instrument = m.instrument AND v.id = m.visit"
        " JOIN physical_filter AS f ON f.instrument = m.instrument AND f.name = v.physical_filter"
        " WHERE +m.dataset_type_id = ? AND +m.collection_id = ?"
    )


def _objects(rows: sqlite3.Cursor) -> list[Any]:
    return [(uuid.UUID(hex=id), dict(zip(NAMES, rest, strict=True))) for id, *rest in rows]


def scan_rows(raw: RawBench) -> None:
    """Select all, as UUID and dict."""
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, TYPE)
        run = raw.key(connection, RUN)
        with raw.measured():
            found = _objects(connection.execute(_select(table), (kind, run)))
    assert len(found) == raw.model.datasets


def _scan(bench: Bench, **arguments: Any) -> None:
    with bench.open() as butler:
        butler.query_datasets(TYPE, RUN, limit=1, **arguments)
        with bench.measured():
            refs = butler.query_datasets(TYPE, RUN, limit=None, **arguments)
    _check(len(refs), bench.model.datasets)


@row("scan", "query_datasets, all", goal=3, limit=scan_rows)
def scan(bench: Bench) -> None:
    """Get references to all of the many datasets."""
    _scan(bench)


@row("scan-records", "the same with dimension records", goal=8, starts_from="regions")
def scan_records(bench: Bench) -> None:
    """Get them with the records of their dimensions."""
    _scan(bench, with_dimension_records=True)


def visit_rows(raw: RawBench) -> None:
    """Select those of one visit."""
    values = (INSTRUMENT, raw.model.one_visit)
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, TYPE)
        run = raw.key(connection, RUN)
        query = f"{_select(table)} AND m.instrument = ? AND m.visit = ?"
        with raw.measured(TIMES):
            for _ in range(TIMES):
                found = _objects(connection.execute(query, (kind, run, *values)))
    assert len(found) == len(raw.model.earlier)


def _one_visit(bench: Bench, **arguments: Any) -> None:
    with bench.open() as butler:
        butler.query_datasets(TYPE, RUN, **arguments)
        with bench.measured(TIMES):
            for _ in range(TIMES):
                refs = butler.query_datasets(TYPE, RUN, **arguments)
    _check(len(refs), len(bench.model.earlier))


@row("visit", "query_datasets, one visit, by data ID", goal=10, limit=visit_rows)
def one_visit(bench: Bench) -> None:
    """Get those of one visit, which a data ID names."""
    _one_visit(bench, instrument=INSTRUMENT, visit=bench.model.one_visit)


@row("where", "query_datasets, one visit, by where", goal=10, limit=visit_rows)
def where_one_visit(bench: Bench) -> None:
    """Get those of one visit, which an expression names."""
    values = {"it": INSTRUMENT, "one": bench.model.one_visit}
    _one_visit(bench, where="instrument = it AND visit = one", bind=values)


def _check(found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"{found} datasets were found of {expected}")
