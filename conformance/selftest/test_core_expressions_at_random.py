"""Expressions at random give the rows that Python gives, or the documented error.

``EXPRESSIONS=20000`` tries so many; by itself each run tries fewer, always the same.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from butler_core import BindValueError, Butler, InvalidQueryError, Timespan

from .core_world import box, time
from .generated_expressions import FILTERS, expression, spoilt, visits

COUNT = int(os.environ.get("EXPRESSIONS", "1500"))
SQL = re.compile(r"\bSELECT\b|\bsqlite|sqlalchemy|\bFROM\b|where_\d|bindparam", re.IGNORECASE)


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return visits(random.Random(7), 40)


@pytest.fixture(scope="module")
def butler(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Butler:
    root: Path = tmp_path_factory.mktemp("random") / "repo"
    Butler.makeRepo(root)
    with Butler(root, writeable=True) as writer:
        insert = writer.registry.insertDimensionData
        insert("instrument", {"name": "HSC"})
        insert("day_obs", *({"instrument": "HSC", "id": 20200101 + n} for n in range(2)))
        for name, band in FILTERS.items():
            insert("physical_filter", {"instrument": "HSC", "name": name, "band": band})
        insert("visit", *({"instrument": "HSC", **_fields(one)} for one in records))
    return Butler(root, instrument="HSC")


def _fields(one: dict[str, Any]) -> dict[str, Any]:
    fields = {key: value for key, value in one.items() if key not in ("span", "place")}
    if one["span"] is not None:
        fields["timespan"] = Timespan(*(_minute(minute) for minute in one["span"]))
    if one["place"] is not None:
        lon, lat = one["place"]
        fields["region"] = box(lon, lat, 0.8)
    return fields


def _minute(minute: int) -> Any:
    return time(f"2020-01-01T{20 + minute // 60}:{minute % 60:02d}:00")


def test_right_ones(butler: Butler, records: list[dict[str, Any]]) -> None:
    chance = random.Random(1)
    sizes = []
    for number in range(COUNT):
        one = expression(chance)
        right = sorted(visit["id"] for visit in records if one.meaning(visit))
        found = butler.query_dimension_records(
            "visit", where=one.text, bind=one.bind, explain=False
        )
        assert sorted(record.id for record in found) == right, (number, one.text, one.bind)
        sizes.append(len(right))
    some = sum(0 < size < len(records) for size in sizes)
    assert some > COUNT / 4, "most expressions choose nothing or everything"


def test_wrong_ones(butler: Butler) -> None:
    chance = random.Random(2)
    refused = 0
    for number in range(COUNT):
        one = spoilt(chance, expression(chance))
        try:
            found = butler.query_dimension_records(
                "visit", where=one.text, bind=one.bind, explain=False
            )
            assert all(record.instrument == "HSC" for record in found)
        except (InvalidQueryError, BindValueError) as error:
            refused += 1
            message = str(error)
            for shown in (one.text, *map(repr, one.bind.values())):
                message = message.replace(shown, "")
            assert not SQL.search(message), (number, one.text, message)
        except Exception as error:
            raise AssertionError(f"number {number}: {one.text!r}, {one.bind!r}") from error
    assert refused > COUNT / 2
