"""Queries at random, built step by step, and what they find by plain Python.

Nothing here is shared with what is tested: records and datasets are dicts, and a
query is all combinations of them that agree, looked through one after the other.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import itertools
import operator
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

__all__ = ["AMBIGUOUS", "Model", "Row", "World", "condition", "make_world"]

Row = dict[Any, Any]
Meaning = Callable[[Row], Any]

RELATED = {  # what records of a dimension have values of, beside their own
    "instrument": (),
    "visit": ("instrument", "physical_filter", "day_obs"),
    "exposure": ("instrument", "physical_filter", "day_obs", "group"),
    "detector": ("instrument",),
    "group": ("instrument",),
    "day_obs": ("instrument",),
    "physical_filter": ("instrument", "band"),
    "band": (),
}
TYPES = {
    "stats": ("visit", "detector"),
    "summary": ("visit",),
    "raw": ("exposure", "detector"),
    "notes": (),
    "bias": ("detector",),
    "flat": ("detector", "physical_filter"),
}
CALIBRATIONS = ("bias", "flat")
ALWAYS = (float("-inf"), float("inf"))
AMBIGUOUS = "more than one is the first"


def closure(names: Iterable[str]) -> frozenset[str]:
    """Return dimensions and all that they have to do with."""
    found = set(names)
    while more := {other for name in found for other in RELATED[name]} - found:
        found |= more
    return frozenset(found)


def required(names: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions of a data ID that no record of another tells."""
    whole = closure(names)
    told = {other for name in whole for other in RELATED[name] if other != "instrument"}
    return tuple(name for name in RELATED if name in whole and name not in told)


@dataclasses.dataclass
class World:
    """What there is in a repository."""

    records: dict[str, list[Row]]
    definitions: set[tuple[str, int, int]]
    datasets: list[Row]
    members: list[tuple[str, int, tuple[float, float]]]
    """Collections, the places of datasets in their list, and validity ranges in minutes."""

    def combinations(self, names: Iterable[str]) -> Iterator[Row]:
        """Yield values of dimensions whose records agree, and the records."""
        whole = closure(names)
        rows: list[Row] = [{"records": {}}]
        for name in RELATED:
            if name in whole:
                rows = [
                    {**row, **own, "records": {**row["records"], name: record}}
                    for row in rows
                    for record in self.records[name]
                    for own in [{key: record[key] for key in (*RELATED[name], name)}]
                    if all(row.get(key, value) == value for key, value in own.items())
                ]
        for row in rows:
            if {"visit", "exposure"} <= whole:
                pair = (row["instrument"], row["visit"], row["exposure"])
                if pair not in self.definitions:
                    continue
            yield row


def make_world(chance: random.Random) -> World:
    """Return records and datasets; some times and seconds are not known."""

    def span() -> tuple[int, int] | None:
        begin = chance.randrange(0, 50)
        return chance.choice((None, (begin, begin + chance.randint(1, 15))))

    records: dict[str, list[Row]] = {
        "instrument": [{"instrument": name} for name in ("Cam", "Lat")],
        "band": [{"band": band} for band in "gir"],
        "physical_filter": [
            {"instrument": one, "physical_filter": f"{one}-{band}", "band": band}
            for one, bands in (("Cam", "rig"), ("Lat", "r"))
            for band in bands
        ],
        "day_obs": [
            {"instrument": one, "day_obs": day, "span": (-60, 120) if day == 20200101 else None}
            for one in ("Cam", "Lat")
            for day in (20200101, 20200102)
        ],
        "group": [
            {"instrument": one, "group": name} for one in ("Cam", "Lat") for name in ("g1", "g2")
        ],
        "detector": [
            {"instrument": one, "detector": n, "purpose": chance.choice(("SCIENCE", "GUIDE", None))}
            for one, count in (("Cam", 3), ("Lat", 1))
            for n in range(1, count + 1)
        ],
    }
    for name, count in (("visit", 4), ("exposure", 5)):
        records[name] = [
            {
                "instrument": one,
                name: number,
                "physical_filter": f"{one}-{chance.choice('rig' if one == 'Cam' else 'r')}",
                "day_obs": chance.choice((20200101, 20200102)),
                "group": chance.choice(("g1", "g2")),
                "span": span(),
                "seconds": chance.choice((None, 15.0, 30.0, 45.0)),
            }
            for one in ("Cam", "Lat")
            for number in range(1, count + 1 if one == "Cam" else 3)
        ]
    definitions = {
        ("Cam", visit, exposure)
        for visit in range(1, 5)
        for exposure in range(1, 6)
        if chance.random() < 0.3
    }
    world = World(records, definitions, [], [])
    for run, (kind, dimensions) in itertools.product("ab", TYPES.items()):
        for row in world.combinations(dimensions):
            names = required(dimensions)
            # Data IDs of a dataset need no agreement beyond their own dimensions.
            data_id = {name: row[name] for name in names}
            if chance.random() < 0.45 and data_id not in [
                one["data_id"] for one in world.datasets if (one["type"], one["run"]) == (kind, run)
            ]:
                world.datasets.append({"type": kind, "run": run, "data_id": data_id})
    taken = set()
    for place, one in enumerate(world.datasets):
        world.members.append((one["run"], place, ALWAYS))
        key = (one["type"], *one["data_id"].values())
        if chance.random() < 0.3 and key not in taken:
            taken.add(key)
            world.members.append(("tag", place, ALWAYS))
    certified: dict[Any, list[tuple[float, float]]] = {}
    for place, one in enumerate(world.datasets):
        spans = certified.setdefault((one["type"], *one["data_id"].values()), [])
        for _ in range(chance.randrange(3) if one["type"] in CALIBRATIONS else 0):
            begin = chance.choice((float("-inf"), *range(0, 60, 10)))
            end = chance.choice((*range(10, 70, 10), float("inf")))
            if begin < end and not any(begin < stop and end > start for start, stop in spans):
                spans.append((begin, end))
                world.members.append(("calib", place, (begin, end)))
    return world


@dataclasses.dataclass(frozen=True)
class Condition:
    """A text and an object that say the same, what they mean, and what they are about."""

    text: str
    made: Callable[[Any], Any]
    meaning: Meaning
    dimensions: frozenset[str]
    types: frozenset[str] = frozenset()
    bind: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def _overlap(one: Any, other: Any) -> bool | None:
    if one is None or other is None:
        return None
    return bool(one[0] < other[1] and one[1] > other[0])


def _record(name: str, field: str) -> Meaning:
    return lambda row: row["records"][name][field]


def _known(member: Meaning, holds: Callable[[Any], bool]) -> Meaning:
    def meaning(row: Row) -> bool | None:
        value = member(row)
        return None if value is None else holds(value)

    return meaning


def _atom(
    chance: random.Random, types: list[str], minute: Callable[[Any, Any], Any], ids: list[Any]
) -> Condition:
    """Return a comparison; those of fields of datasets are of types that have been joined."""
    name = chance.choice(("visit", "exposure"))
    about = frozenset((name,))
    number = chance.randint(1, 5)
    sign, word = chance.choice(((operator.gt, ">"), (operator.eq, "="), (operator.ne, "!=")))
    begin = chance.randrange(0, 60, 5)
    asked = (begin, begin + 10)
    kind = chance.randrange(16 if types else 10)
    if kind == 0:
        return Condition(
            f"{name} {word} {number}",
            lambda x: sign(getattr(x, name), number),
            lambda row: sign(row[name], number),
            about,
        )
    if kind == 1:
        return Condition(
            f"detector IN ({number}, 2)",
            lambda x: x.detector.in_iterable([number, 2]),
            lambda row: row["detector"] in (number, 2),
            frozenset(("detector",)),
        )
    if kind == 2:
        return Condition(
            f"{name}.exposure_time {word} 30.0",
            lambda x: sign(getattr(x, name).exposure_time, 30.0),
            _known(_record(name, "seconds"), lambda value: sign(value, 30.0)),
            about,
        )
    if kind == 3:
        return Condition(
            f"{name}.exposure_time = NULL",
            lambda x: getattr(x, name).exposure_time.is_null,
            lambda row: row["records"][name]["seconds"] is None,
            about,
        )
    if kind == 4:
        band = chance.choice("rig")
        return Condition(
            f"band {word.replace('>', '=')} '{band}'",
            lambda x: x.band != band if word == "!=" else x.band == band,
            lambda row: (row["band"] == band) is (word != "!="),
            frozenset(("band",)),
        )
    if kind == 5:
        pattern = chance.choice(("*-r", "Cam-?", "*i"))
        return Condition(
            f"GLOB(physical_filter, '{pattern}')",
            lambda x: x.physical_filter.glob(pattern),
            lambda row: fnmatch.fnmatchcase(row["physical_filter"], pattern),
            frozenset(("physical_filter",)),
        )
    if kind == 6:
        owner = chance.choice((name, "day_obs"))
        return Condition(
            f"{owner}.timespan OVERLAPS :asked",
            lambda x: getattr(x, owner).timespan.overlaps(minute(*asked)),
            lambda row: _overlap(row["records"][owner]["span"], asked),
            frozenset((owner,)),
            bind={"asked": minute(*asked)},
        )
    if kind == 7:
        return Condition(
            "detector.purpose = 'SCIENCE'",
            lambda x: x.detector.purpose == "SCIENCE",
            _known(_record("detector", "purpose"), lambda value: bool(value == "SCIENCE")),
            frozenset(("detector",)),
        )
    if kind == 8:
        return Condition(
            "visit.timespan OVERLAPS exposure.timespan",
            lambda x: x.visit.timespan.overlaps(x.exposure.timespan),
            lambda row: _overlap(
                row["records"]["visit"]["span"], row["records"]["exposure"]["span"]
            ),
            frozenset(("visit", "exposure")),
        )
    if kind == 9:
        return Condition(
            f"{name} % 2 = detector % 2",
            lambda x: getattr(x, name) % 2 == x.detector % 2,
            lambda row: row[name] % 2 == row["detector"] % 2,
            frozenset((name, "detector")),
        )
    of = chance.choice(types)
    own = frozenset((of,))
    dimensions = frozenset(TYPES[of])
    if kind in (10, 11):
        value = chance.choice("ab")
        return Condition(
            f"{of}.run = '{value}'",
            lambda x: x[of].run == value,
            lambda row: row["dataset", of][0]["run"] == value,
            dimensions,
            own,
        )
    if kind == 12:
        value = chance.choice(("a", "b", "tag", "calib"))
        return Condition(
            f"{of}.collection = '{value}'",
            lambda x: x[of].collection == value,
            lambda row: row["dataset", of][1] == value,
            dimensions,
            own,
        )
    if kind == 13:
        return Condition(
            f"{of}.timespan OVERLAPS :asked",
            lambda x: x[of].timespan.overlaps(minute(*asked)),
            lambda row: _overlap(row["dataset", of][2], asked),
            dimensions,
            own,
            {"asked": minute(*asked)},
        )
    if kind == 14:
        return Condition(
            f"{name}.timespan OVERLAPS {of}.timespan",
            lambda x: getattr(x, name).timespan.overlaps(x[of].timespan),
            lambda row: _overlap(row["records"][name]["span"], row["dataset", of][2]),
            dimensions | about,
            own,
        )
    chosen = chance.sample(range(len(ids)), len(ids) // 2)
    among = [ids[place] for place in chosen]
    return Condition(
        f"{of}.dataset_id IN (:ids)",
        lambda x: x[of].dataset_id.in_iterable(among),
        lambda row: row["dataset", of][3] in chosen,
        dimensions,
        own,
        {"ids": among},
    )


def condition(
    chance: random.Random,
    types: list[str],
    minute: Callable[[Any, Any], Any],
    ids: list[Any],
    depth: int = 2,
) -> Condition:
    """Return a condition whose parts may be about anything."""
    kind = chance.randrange(6)
    if depth == 0 or kind < 3:
        return _atom(chance, types, minute, ids)
    one = condition(chance, types, minute, ids, depth - 1)
    if kind == 3:

        def negated(row: Row) -> bool | None:
            value = one.meaning(row)
            return None if value is None else not value

        return dataclasses.replace(
            one, text=f"NOT ({one.text})", made=lambda x: x.not_(one.made(x)), meaning=negated
        )
    other = condition(chance, types, minute, ids, depth - 1)
    shared = one.bind.keys() & other.bind.keys()
    if any(one.bind[name] != other.bind[name] for name in shared):
        return one
    # AND is not the outermost, where it would be two conditions.
    word = "OR" if depth == 2 or kind == 4 else "AND"
    decisive = word == "OR"

    def together(row: Row) -> bool | None:
        values = (one.meaning(row), other.meaning(row))
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    return Condition(
        f"({one.text}) {word} ({other.text})",
        lambda x: (x.any if decisive else x.all)(one.made(x), other.made(x)),
        together,
        one.dimensions | other.dimensions,
        one.types | other.types,
        {**one.bind, **other.bind},
    )


@dataclasses.dataclass(frozen=True)
class Model:
    """A query: what it has been told, and what it finds."""

    world: World
    dimensions: frozenset[str] = frozenset()
    searches: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    given: tuple[tuple[tuple[str, ...], frozenset[Any]], ...] = ()
    values: tuple[tuple[str, Any], ...] = ()
    where: tuple[Condition, ...] = ()

    def about(self, names: Iterable[str], **changes: Any) -> Model:
        """Return a query about more dimensions."""
        dimensions = self.dimensions | closure(names)
        return dataclasses.replace(self, dimensions=dimensions, **changes)

    def joined(self, kind: str, collections: Iterable[str]) -> Model:
        """Join datasets."""
        searches = {**self.searches, kind: tuple(collections)}
        return self.about(TYPES[kind], searches=searches)

    def agreeing(self, names: tuple[str, ...], data_ids: Iterable[Any]) -> Model:
        """Join data IDs."""
        return self.about(names, given=(*self.given, (names, frozenset(data_ids))))

    def valued(self, **values: Any) -> Model:
        """Ask for values of dimensions."""
        return self.about(values, values=(*self.values, *values.items()))

    def told(self, one: Condition) -> Model:
        """Join a condition."""
        return self.about(one.dimensions, where=(*self.where, one))

    def materialized(self, names: Iterable[str] | None, kinds: Iterable[str] | None) -> Model:
        """Return a query of the data IDs that are found."""
        group = self.dimensions if names is None else closure(names)
        keys = required(group)
        kept = {
            one: searched
            for one, searched in self.searches.items()
            if kinds is None or one in kinds
        }
        found = frozenset(tuple(row[name] for name in keys) for row in self.rows(group))
        # What was said of datasets is true of theirs still.
        where = tuple(one for one in self.where if one.types and one.types <= kept.keys())
        return Model(
            self.world,
            closure({*group, *(name for one in where for name in one.dimensions)}),
            kept,
            ((keys, found),),
            tuple(pair for pair in self.values if pair[0] == "instrument"),
            where,
        )

    def rows(self, more: Iterable[str] = ()) -> Iterator[Row]:
        """Yield all that agrees, of the dimensions of the query and others."""
        whole = closure({*self.dimensions, *more})
        timed = next((one for one in ("exposure", "visit", "day_obs") if one in whole), None)
        for row in self.world.combinations(whole):
            if any(row[name] != value for name, value in self.values):
                continue
            if any(tuple(row[name] for name in keys) not in ids for keys, ids in self.given):
                continue
            span = row["records"][timed]["span"] if timed else ALWAYS
            choices = [
                [(kind, one) for one in self.members(kind, where, row, span)]
                for kind, where in self.searches.items()
            ]
            for chosen in itertools.product(*choices):
                found = {**row, **{("dataset", kind): one for kind, one in chosen}}
                if all(one.meaning(found) for one in self.where):
                    yield found

    def members(
        self, kind: str, collections: tuple[str, ...], row: Row, span: Any
    ) -> Iterator[tuple[Row, str, Any, int]]:
        """Yield the datasets of a type that have the data ID of a row, and are valid then."""
        for collection, place, valid in self.world.members:
            one = self.world.datasets[place]
            if one["type"] != kind or collection not in collections:
                continue
            if any(row[name] != value for name, value in one["data_id"].items()):
                continue
            if collection != "calib" or _overlap(span, valid):
                yield one, collection, valid, place

    def first(self, rows: Iterable[Row], kind: str, keys: Iterable[str]) -> Any:
        """Return the rows whose dataset is in the first collection of each data ID."""
        ranks = self.searches[kind]
        best: dict[Any, list[Row]] = {}
        for row in sorted(rows, key=lambda row: ranks.index(row["dataset", kind][1])):
            known = best.setdefault(tuple(row[name] for name in keys), [row])
            if known[0]["dataset", kind][1] == row["dataset", kind][1]:
                known.append(row)
        if any(len({row["dataset", kind][3] for row in same}) > 1 for same in best.values()):
            return AMBIGUOUS
        return [row for same in best.values() for row in same]
