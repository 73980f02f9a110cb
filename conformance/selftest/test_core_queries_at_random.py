"""Queries at random, built step by step, find what Python finds by looking at everything.

``QUERIES=20000`` tries so many; by itself each run tries fewer, always the same.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    CalibrationLookupError,
    CollectionType,
    DataCoordinate,
    DatasetType,
    Timespan,
)
from butler_core.query_builder import Query

from .core_world import time
from .generated_queries import (
    AMBIGUOUS,
    CALIBRATIONS,
    RELATED,
    TYPES,
    Model,
    Row,
    World,
    closure,
    condition,
    make_world,
    required,
)

SQL = re.compile(r"\bSELECT\b|\bsqlite|sqlalchemy|\bFROM\b|where_\d|bindparam", re.IGNORECASE)
COUNT = int(os.environ.get("QUERIES", "600"))
COLLECTIONS = ("a", "b", "tag", "calib")
WORLDS = 3
STEPS = (
    *("join_dimensions", "join_datasets", "join_datasets", "where", "where", "where", "values"),
    *("join_data_ids", "materialize"),
)
VALUES: tuple[tuple[str, Any], ...] = (
    *(("visit", 1), ("visit", 3), ("exposure", 2), ("detector", 1), ("band", "r")),
    *(("physical_filter", "Cam-i"), ("day_obs", 20200101), ("group", "g1")),
)


def minutes(begin: float, end: float) -> Timespan:
    """Return the time between minutes of an evening, either of which may be no bound."""
    low, high = (None if abs(one) == float("inf") else minute(one) for one in (begin, end))
    return Timespan(low, high)


def minute(number: float) -> Any:
    return time(f"2020-01-01T{20 + int(number) // 60}:{int(number) % 60:02d}:00")


def fill(root: Path, world: World) -> list[Any]:
    """Make a repository of a world, and return the ids of its datasets."""
    Butler.makeRepo(root)
    with Butler(root, writeable=True) as butler:
        insert, registry = butler.registry.insertDimensionData, butler.registry
        for element in ("instrument", "physical_filter", "day_obs", "group", "detector"):
            insert(element, *(_fields(element, one) for one in world.records[element]))
        for element in ("visit", "exposure"):
            insert(element, *(_fields(element, one) for one in world.records[element]))
        insert(
            "visit_definition",
            *(
                {"instrument": instrument, "visit": visit, "exposure": exposure}
                for instrument, visit, exposure in world.definitions
            ),
        )
        for name, dimensions in TYPES.items():
            registry.registerDatasetType(
                DatasetType(
                    name,
                    dimensions,
                    "StructuredDataDict",
                    universe=butler.dimensions,
                    isCalibration=name in CALIBRATIONS,
                )
            )
        for name in "ab":
            butler.collections.register(name)
        butler.collections.register("tag", CollectionType.TAGGED)
        butler.collections.register("calib", CollectionType.CALIBRATION)
        refs = [
            ref
            for one in world.datasets
            for ref in registry.insertDatasets(one["type"], [one["data_id"]], run=one["run"])
        ]
        for collection, place, valid in world.members:
            if collection == "tag":
                registry.associate(collection, [refs[place]])
            elif collection == "calib":
                registry.certify(collection, [refs[place]], minutes(*valid))
        return [ref.id for ref in refs]


def _fields(element: str, record: Row) -> Row:
    key = "name" if element in ("instrument", "physical_filter", "group") else "id"
    fields = {name: value for name, value in record.items() if name in (*RELATED[element],)}
    fields[key] = record[element]
    if element == "visit":
        fields.pop("group", None)
        fields["name"] = f"v{record[element]}"
    if element == "exposure":
        fields |= {"obs_id": f"e{record[element]}"}
    if element == "detector":
        fields |= {"full_name": f"d{record[element]}", "purpose": record["purpose"]}
    if "seconds" in record:
        fields["exposure_time"] = record["seconds"]
    if record.get("span") is not None:
        fields["timespan"] = minutes(*record["span"])
    return fields


class Walk:
    """One query, built by a Butler and as a model, with what has been done."""

    def __init__(self, chance: random.Random, butler: Butler, world: World, ids: list[Any]) -> None:
        self.chance, self.butler, self.ids = chance, butler, ids
        self.query: Query = butler.query().where(instrument="Cam")
        self.model = Model(world).valued(instrument="Cam")
        self.done: list[str] = []

    def dimensions(self, most: int = 2) -> list[str]:
        return self.chance.sample(list(RELATED), self.chance.randint(1, most))

    def collections(self) -> list[str]:
        return self.chance.sample(COLLECTIONS, self.chance.randint(1, 3))

    def step(self) -> None:
        getattr(self, self.chance.choice(STEPS))()

    def join_dimensions(self) -> None:
        names = self.dimensions()
        self.done.append(f"join_dimensions({names})")
        self.query = self.query.join_dimensions(names)
        self.model = self.model.about(names)

    def join_datasets(self, kind: str = "") -> str:
        kind = kind or self.chance.choice(list(TYPES))
        if kind not in self.model.searches:
            where = self.collections()
            self.done.append(f"join_dataset_search({kind!r}, {where})")
            self.query = self.query.join_dataset_search(kind, where)
            self.model = self.model.joined(kind, where)
        return kind

    def where(self) -> None:
        one = condition(self.chance, list(self.model.searches), minutes, self.ids)
        if self.chance.random() < 0.5:
            self.done.append(f"where({one.text!r}, {dict(one.bind)})")
            self.query = self.query.where(one.text, bind=one.bind)
        else:
            made = one.made(self.query.expression_factory)
            self.done.append(f"where({made})")
            self.query = self.query.where(made)
        self.model = self.model.told(one)

    def values(self) -> None:
        name, value = self.chance.choice(VALUES)
        self.done.append(f"where({name}={value!r})")
        self.query = self.query.where({name: value})
        self.model = self.model.valued(**{name: value})

    def join_data_ids(self) -> None:
        names = self.dimensions()
        keys = required(names)
        every = [tuple(row[name] for name in keys) for row in self.model.world.combinations(names)]
        found = self.chance.sample(every, self.chance.randint(1, len(every))) if every else []
        if not found:
            return
        self.done.append(f"join_data_coordinates({keys}: {found})")
        group = self.butler.dimensions.conform(names)
        self.query = self.query.join_data_coordinates(
            DataCoordinate.standardize(dict(zip(keys, one, strict=True)), dimensions=group)
            for one in found
        )
        self.model = self.model.agreeing(keys, found)

    def materialize(self) -> None:
        names, kinds = None, None
        if self.chance.random() < 0.5:
            kinds = [one for one in self.model.searches if self.chance.random() < 0.5]
            names = [*self.dimensions(), *(name for kind in kinds for name in TYPES[kind])]
            if "instrument" not in closure(names):
                names.append("instrument")
        self.done.append(f"materialize(dimensions={names}, datasets={kinds})")
        self.query = self.query.materialize(dimensions=names, datasets=kinds)
        self.model = self.model.materialized(names, kinds)

    def finish(self) -> tuple[Any, Any]:
        """Return what is found, and what should be."""
        kind = self.chance.choice(("data_ids", "records", "datasets", "datasets", "rows", "rows"))
        found, expected = getattr(self, f"the_{kind}")()
        self.done.append(repr(found))
        terms, keys = self.order(kind, found)
        try:
            rows = [keys(one) for one in found.order_by(*terms)]
            size = self.chance.randint(0, 4)
            few = [keys(one) for one in found.order_by(*terms).limit(size)]
        except CalibrationLookupError:
            return AMBIGUOUS, expected
        assert rows == sorted(rows, key=_nulls_first), ("order", rows)
        assert [_nulls_first(one) for one in few] == [_nulls_first(one) for one in rows[:size]]
        assert found.any() is bool(rows)
        return _sorted(found), expected

    def order(self, kind: str, found: Any) -> tuple[list[str], Any]:
        # Data IDs of records have no values but those that they need.
        known = found.dimensions.required if kind == "records" else found.dimensions.names
        names = self.chance.sample(sorted(known), min(len(known), 1))

        def key(one: Any) -> tuple[Any, ...]:
            if kind == "rows":
                return tuple(one[name] for name in names)
            data_id = one if kind == "data_ids" else one.dataId
            return tuple(data_id[name] for name in names)

        return names, key

    def the_data_ids(self) -> tuple[Any, Any]:
        names = self.dimensions(3)
        whole = closure(names)
        expected = [{name: row[name] for name in whole} for row in self.model.rows(names)]
        return self.query.data_ids(names), _sorted(expected)

    def the_records(self) -> tuple[Any, Any]:
        name = self.chance.choice(list(RELATED))
        keys = required([name]) if name != "band" else ("band",)
        expected = [{key: row[key] for key in keys} for row in self.model.rows([name])]
        return self.query.dimension_records(name), _sorted(expected)

    def the_datasets(self) -> tuple[Any, Any]:
        kind = self.join_datasets()
        first = self.chance.random() < 0.5
        rows = list(self.model.rows())
        if first:
            chosen = self.model.first(rows, kind, required(TYPES[kind]))
            rows = chosen if chosen != AMBIGUOUS else []
            if chosen == AMBIGUOUS:
                return self.query.datasets(kind, find_first=first), AMBIGUOUS
        expected = [self._dataset(row, kind) for row in rows]
        return self.query.datasets(kind, find_first=first), _sorted(expected)

    def _dataset(self, row: Row, kind: str) -> Row:
        one, _, _, place = row["dataset", kind]
        return {"id": self.ids[place], "run": one["run"], **one["data_id"]}

    def the_rows(self) -> tuple[Any, Any]:
        names = self.dimensions()
        kinds = self.chance.sample(list(TYPES), self.chance.choice((0, 1, 1, 1, 2)))
        kinds = [self.join_datasets(kind) for kind in kinds]
        first = len(kinds) == 1 and self.chance.random() < 0.6
        fields = self.chance.sample(("run", "collection", "dataset_id", "timespan"), 2)
        if first:
            fields = [one for one in fields if one != "timespan"]
        of_records = [name for name in ("visit", "exposure") if self.chance.random() < 0.2]
        whole = closure([*names, *of_records, *(one for kind in kinds for one in TYPES[kind])])
        asked = [f"{name}.exposure_time" for name in of_records]
        asked += [f"{kind}.{field}" for kind in kinds for field in fields]
        found = self.query.general(names, *asked, find_first=first)
        rows: Any = self.model.rows(whole)
        if first:
            rows = self.model.first(rows, kinds[0], sorted(whole))
        if rows == AMBIGUOUS:
            return found, AMBIGUOUS
        expected = []
        for row in rows:
            shown = {name: row[name] for name in whole}
            for name in of_records:
                shown[f"{name}.exposure_time"] = row["records"][name]["seconds"]
            for kind in kinds:
                one, collection, valid, place = row["dataset", kind]
                values = {"run": one["run"], "collection": collection}
                values |= {"dataset_id": self.ids[place], "timespan": minutes(*valid)}
                shown |= {f"{kind}.{field}": values[field] for field in fields}
            expected.append(shown)
        return found, _sorted(expected)


def _nulls_first(key: Sequence[Any]) -> list[Any]:
    return [(one is not None, one) for one in key]


def _plain(one: Any) -> str:
    if hasattr(one, "datasetType"):
        return _plain({"id": one.id, "run": one.run, **one.dataId.required})
    if hasattr(one, "dataId"):
        return _plain(dict(one.dataId.required))
    return str(
        sorted((name, str(value)) for name, value in dict(getattr(one, "mapping", one)).items())
    )


def _sorted(found: Iterable[Any]) -> list[str]:
    """Return what was found as text; what is expected stands once."""
    if isinstance(found, list):
        return sorted({_plain(one) for one in found})
    return sorted(_plain(one) for one in found)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_queries(seed: int, tmp_path: Path) -> None:
    world = make_world(random.Random(seed))
    ids = fill(tmp_path / "repo", world)
    sizes = []
    with Butler(tmp_path / "repo") as butler:
        for number in range(COUNT // WORLDS):
            walk = Walk(random.Random(f"{seed} {number}"), butler, world, ids)
            try:
                for _ in range(walk.chance.randrange(5)):
                    walk.step()
                found, expected = walk.finish()
            except Exception as error:
                raise AssertionError((seed, number, walk.done)) from error
            assert found == expected, (seed, number, walk.done)
            sizes.append(len(expected))
    assert sum(size > 0 for size in sizes) > len(sizes) / 4, "most queries find nothing"


class Told(Walk):
    """A query whose parts are told in words that reasons have in them."""

    def where(self) -> None:
        one = condition(self.chance, list(self.model.searches), minutes, self.ids, 1)
        if " AND " in one.text:
            return  # which are two conditions
        self.done.append(f"where({one.text!r})")
        self.query = self.query.where(one.text, bind=one.bind)
        self.model = self.model.told(one)

    def asked(self) -> tuple[Any, Any, str | None]:
        """Return results, their dimensions, and the type of datasets that they are."""
        kind = self.chance.choice(("data_ids", "records", "datasets", "datasets"))
        if kind == "data_ids":
            names = self.dimensions()
            return self.query.data_ids(names), names, None
        if kind == "records":
            name = self.chance.choice(list(RELATED))
            return self.query.dimension_records(name), [name], None
        own = self.join_datasets()
        return self.query.datasets(own, find_first=False), TYPES[own], own

    def parts_of(self, reason: str, own: str | None) -> list[Model]:
        """Return the query without anything but what a reason tells, each part by itself."""
        asked = self.model
        bare = Model(asked.world)
        if own is not None:
            bare = bare.joined(own, asked.searches[own])
        found = []
        for one in asked.where:
            if re.search(rf"satisfies {re.escape(one.text)}( \(with|$|,| and )", reason):
                alone = bare
                for kind in one.types:
                    alone = alone.joined(kind, asked.searches[kind])
                found.append(alone.told(one))
        # An equality in a condition is a value as well.
        for name, value in re.findall(r"has (\w+)=('[\w-]+'|\d+)", reason):
            found.append(bare.valued(**{name: value[1:-1] if value[0] == "'" else int(value)}))
        kinds = re.findall(r"has a dataset of type '(\w+)'", reason)
        found += [bare.joined(kind, asked.searches[kind]) for kind in kinds]
        for required_names, data_ids in asked.given:
            if f"given data IDs of {', '.join(self._ordered(required_names))}" in reason:
                found.append(bare.agreeing(required_names, data_ids))
        records = re.findall(r"there are records of ((?:\w+, )*\w+)", reason)
        found += [bare.about({*names.split(", ")} & RELATED.keys()) for names in records]
        return found

    def _ordered(self, names: Iterable[str]) -> tuple[str, ...]:
        return self.butler.dimensions.conform(names).required


def _together(parts: Sequence[Model]) -> Model:
    whole, *others = parts
    for one in others:
        whole = whole.about(
            one.dimensions,
            searches={**whole.searches, **one.searches},
            given=(*whole.given, *one.given),
            values=(*whole.values, *one.values),
            where=(*whole.where, *one.where),
        )
    return whole


def _finds(model: Model, names: Iterable[str]) -> bool:
    return any(True for _ in model.rows(names))


def test_reasons(tmp_path: Path) -> None:
    """What finds nothing has reasons; what each tells is enough for finding nothing."""
    world = make_world(random.Random(1))
    ids = fill(tmp_path / "repo", world)
    told = 0
    with Butler(tmp_path / "repo") as butler:
        for number in range(COUNT):
            walk = Told(random.Random(f"why {number}"), butler, world, ids)
            for _ in range(walk.chance.randint(1, 5)):
                walk.step()
            results, names, own = walk.asked()
            if _finds(walk.model, names):
                assert results.explain_no_results() == [], (number, walk.done)
                continue
            reasons = results.explain_no_results()
            assert reasons, (number, walk.done)
            for reason in reasons:
                assert not SQL.search(reason), (number, walk.done, reason)
                parts = walk.parts_of(reason.partition(", none ")[2], own)
                if not parts:
                    known = reason.endswith("which is not known") or "of the " not in reason[:7]
                    assert known, (number, walk.done, reason)
                    continue
                told += 1
                assert not _finds(_together(parts), names), (number, walk.done, reason)
                if "each by itself" in reason:
                    assert all(_finds(one, names) for one in parts), (number, walk.done, reason)
    assert told > COUNT / 10
