"""Expressions at random about visits: their text, and what they say in plain Python.

Nothing here is shared with what is tested: a visit is a dict, and a condition is
a function of one that returns `True`, `False`, or `None` where that is not known.
"""

from __future__ import annotations

import fnmatch
import operator
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.strategies.conditions import COMPARISONS

__all__ = ["Expression", "expression", "spoilt", "visits"]

Visit = Mapping[str, Any]
Meaning = Callable[[Visit], Any]

TARGETS = ("M31", "NGC 1", "it s", "µ Cep", None)
FILTERS = {"HSC-R": "r", "HSC-I": "i", "HSC-Z": "z"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A text, what it means of a visit, and what is bound."""

    text: str
    meaning: Meaning
    bind: dict[str, Any] = field(default_factory=dict)


def visits(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Return the fields of some visits: minutes and degrees are whole numbers."""
    found = []
    for place in range(count):
        begin = chance.randrange(60)
        found.append(
            {
                "id": 1 + place * chance.choice((1, 3)),
                "name": f"{chance.choice('abc')}{place}",
                "day_obs": chance.choice((20200101, 20200102)),
                "physical_filter": chance.choice(list(FILTERS)),
                "exposure_time": chance.choice((None, 15.0, 30.0, 30.5, 0.1 + 0.2)),
                "zenith_angle": chance.choice((None, 0.0, -2.5, 45.0)),
                "target_name": chance.choice(TARGETS),
                "span": chance.choice((None, (begin, begin + chance.randint(1, 20)))),
                "place": chance.choice(
                    (None, (chance.randrange(100, 120), chance.randrange(-5, 5)))
                ),
            }
        )
    return list({one["id"]: one for one in found}.values())


class _Maker:
    """Makes the parts of one expression."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.bind: dict[str, Any] = {}

    def condition(self, depth: int) -> tuple[str, Meaning]:
        choices = [self.numbers, self.strings, self.members, self.is_known, self.times, self.sky]
        kind = self.chance.randrange(9)
        if depth <= 0 or kind < 4:
            return self.chance.choice([*choices, self.numbers, self.glob])()
        text, meaning = self.condition(depth - 1)
        if kind == 4:
            return f"{self.word('not')} ({text})", lambda visit: _not(meaning(visit))
        other_text, other = self.condition(depth - 1)
        word, join = (("and", _and), ("or", _or))[kind % 2]
        whole = f"({text}){self.space()}{self.word(word)}{self.space()}({other_text})"
        return whole, lambda visit: join(meaning(visit), other(visit))

    def word(self, word: str) -> str:
        return self.chance.choice((word.upper(), word, word.title()))

    def space(self) -> str:
        return self.chance.choice((" ", "  ", "\n", "\t "))

    def bound(self, value: Any) -> str:
        name = f"v{len(self.bind)}"
        self.bind[name] = value
        return self.chance.choice((f":{name}", name))

    def literal(self, value: Any) -> str:
        if self.chance.random() < 0.3:
            return self.bound(value)
        return f"'{value}'" if isinstance(value, str) else repr(value)

    def integer(self, depth: int) -> tuple[str, Meaning]:
        kind = self.chance.randrange(4 if depth > 0 else 2)
        if kind == 0:
            value = self.chance.choice((0, 1, 2, 5, 17, 20200101))
            return self.literal(value), lambda visit: value
        if kind == 1:
            name = self.chance.choice(("visit", "visit.id", "day_obs", "visit.day_obs"))
            key = "day_obs" if "day" in name else "id"
            return name, lambda visit: visit[key]
        return self.arithmetic(self.integer, "+-*/%", depth)

    def real(self, depth: int) -> tuple[str, Meaning]:
        kind = self.chance.randrange(4 if depth > 0 else 2)
        if kind == 0:
            value = self.chance.choice((0.0, 1.5, 30.0, 45.0, 0.30000000000000004))
            return self.literal(value), lambda visit: value
        if kind == 1:
            key = self.chance.choice(("exposure_time", "zenith_angle"))
            return self.chance.choice((key, f"visit.{key}")), lambda visit: visit[key]
        return self.arithmetic(self.real, "+-*/", depth)

    def arithmetic(
        self, operand: Callable[[int], tuple[str, Meaning]], signs: str, depth: int
    ) -> tuple[str, Meaning]:
        (text, first), (other, second) = operand(depth - 1), operand(depth - 1)
        sign = self.chance.choice(signs)
        if self.chance.random() < 0.2:
            return f"-({text})", lambda visit: _calculated("-", 0, first(visit), negate=True)
        whole = f"({text}) {sign} ({other})"
        return whole, lambda visit: _calculated(sign, first(visit), second(visit))

    def numbers(self) -> tuple[str, Meaning]:
        sides = [self.chance.choice((self.integer, self.real))(2) for _ in range(2)]
        return self.compared(*sides)

    def compared(
        self, first: tuple[str, Meaning], second: tuple[str, Meaning]
    ) -> tuple[str, Meaning]:
        sign = self.chance.choice(list(COMPARISONS))
        (text, one), (other_text, other) = first, second

        def meaning(visit: Visit) -> bool | None:
            pair = one(visit), other(visit)
            return None if None in pair else COMPARISONS[sign](*pair)

        return f"{text}{self.space()}{sign} {other_text}", meaning

    def string(self) -> tuple[str, Meaning]:
        key = self.chance.choice(("name", "physical_filter", "band", "target_name"))
        shown = {"name": "visit.name", "physical_filter": "physical_filter", "band": "band"}
        text = shown.get(key, self.chance.choice(("target_name", "visit.target_name")))
        return text, lambda visit: _string(visit, key)

    def strings(self) -> tuple[str, Meaning]:
        value = self.chance.choice(("HSC-R", "r", "b", "M31", "µ Cep", ""))
        sides = [self.string(), (self.literal(value), lambda visit: value)]
        self.chance.shuffle(sides)
        return self.compared(sides[0], sides[1])

    def members(self) -> tuple[str, Meaning]:
        inside = self.chance.random() < 0.6
        member: Meaning
        if self.chance.random() < 0.5:
            key = self.chance.choice(("id", "day_obs"))
            text, member = "visit" if key == "id" else key, operator.itemgetter(key)
            first, more = self.chance.randrange(10), self.chance.randrange(12)
            stride = self.chance.randint(1, 3)
            single = [self.chance.randrange(25) for _ in range(self.chance.randrange(1, 4))]
            values = [*range(first, first + more + 1, stride), *single]
            shown = [f"{first}..{first + more}:{stride}", *map(str, single)]
            if self.chance.random() < 0.3:
                shown = [self.bound(values)]
        else:
            text, member = self.string()
            values = self.chance.sample(["r", "i", "HSC-I", "M31", "a0", "b1"], 3)
            shown = (
                [self.bound(values)]
                if self.chance.random() < 0.3
                else [self.literal(value) for value in values]
            )

        def meaning(visit: Visit) -> bool | None:
            value = member(visit)
            return None if value is None else (value in values) is inside

        word = "in" if inside else "not in"
        return f"{text} {self.word(word)} ({', '.join(shown)})", meaning

    def is_known(self) -> tuple[str, Meaning]:
        key = self.chance.choice(("exposure_time", "target_name", "span", "place", "id"))
        text = {"span": "visit.timespan", "place": "visit.region", "id": "visit"}.get(key, key)
        known = self.chance.random() < 0.5
        null = self.word("null")
        return (
            f"{text} {'!=' if known else '='} {null}",
            lambda visit: (visit[key] is not None) is known,
        )

    def minute(self) -> tuple[int, str]:
        minute = self.chance.randrange(70)
        text = f"T'2020-01-01T{20 + minute // 60}:{minute % 60:02d}:00/tai'"
        return minute, text

    def times(self) -> tuple[str, Meaning]:
        minute, text = self.minute()
        kind = self.chance.randrange(3)
        if kind == 0:
            bound = self.chance.randrange(2)
            name = ("begin", "end")[bound]
            column = f"visit.timespan.{name}", lambda visit: visit["span"] and visit["span"][bound]
            return self.compared(column, (text, lambda visit: minute))
        if kind == 1:
            return (
                f"visit.timespan OVERLAPS {text}",
                lambda visit: visit["span"] and visit["span"][0] <= minute < visit["span"][1],
            )
        later, other_text = self.minute()
        span = (min(minute, later), max(minute, later))
        texts = (text, other_text) if minute <= later else (other_text, text)
        if span[0] == span[1]:
            return self.times()
        return (
            f"({', '.join(texts)}) OVERLAPS visit.timespan",
            lambda visit: (
                visit["span"] and visit["span"][0] < span[1] and visit["span"][1] > span[0]
            ),
        )

    def sky(self) -> tuple[str, Meaning]:
        # Regions are squares of 0.8 degrees around whole numbers of them, on the equator.
        lon, lat = self.chance.randrange(100, 120), self.chance.randrange(-5, 5)
        shape = self.chance.choice(
            (f"POINT({lon}, {lat}.1)", f"CIRCLE({lon}, {lat}, 0.2)", f"BOX({lon}, {lat}, 0.2, 0.2)")
        )
        text = self.chance.choice((f"visit.region OVERLAPS {shape}", f"{shape} OVERLAPS region"))
        return text, lambda visit: visit["place"] and visit["place"] == (lon, lat)

    def glob(self) -> tuple[str, Meaning]:
        text, member = self.string()
        pattern = self.chance.choice(("*", "a*", "?1", "HSC-?", "*3*", "r", "M*1"))

        def meaning(visit: Visit) -> bool | None:
            value = member(visit)
            return None if value is None else fnmatch.fnmatchcase(value, pattern)

        return f"{self.word('glob')}({text}, '{pattern}')", meaning


def _string(visit: Visit, key: str) -> str | None:
    value = FILTERS[visit["physical_filter"]] if key == "band" else visit[key]
    return value if value is None else str(value)


def _not(one: Any) -> bool | None:
    return None if one is None else not one


def _and(one: Any, other: Any) -> bool | None:
    known = {one, other}
    return False if False in known else None if None in known else True


def _or(one: Any, other: Any) -> bool | None:
    return _not(_and(_not(one), _not(other)))


def _calculated(sign: str, one: Any, other: Any, *, negate: bool = False) -> Any:
    """Return a number, as SQL counts: integers are divided towards zero, by zero to nothing."""
    if one is None or other is None:
        return None
    if negate:
        return -other
    if sign in "/%" and other == 0:
        return None
    if sign == "/" and isinstance(one, int):
        quotient = abs(one) // abs(other)
        return quotient if (one < 0) == (other < 0) else -quotient
    if sign == "%":
        return one - other * _calculated("/", one, other)
    signs: dict[str, Callable[[Any, Any], Any]] = {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
    }
    return signs[sign](one, other)


def expression(chance: random.Random) -> Expression:
    """Return a right expression."""
    maker = _Maker(chance)
    text, meaning = maker.condition(chance.randrange(4))
    return Expression(text, meaning, maker.bind)


_WRONG = (
    *("==", "LIKE", '"r"', "BETWEEN", "IS", "NULL", "IN", "GLOB", "visti", "exposure.tim", "tract"),
    *(":", "'", "(", ")", ",", "\0", "é", "--", ";", "..", "*", "%", "[", "☃", "\\", "vist_1"),
    *("T'x'", "1e999", "99999999999999999999", "POINT(1)", "visit.region", "detector"),
)


def spoilt(chance: random.Random, right: Expression) -> Expression:
    """Return an expression that is probably wrong: nothing is known of what it means."""
    text, bind = right.text, dict(right.bind)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(text) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:place] + text[place + chance.randint(1, 5) :]
        elif kind == 1:
            text = f"{text[:place]} {chance.choice(_WRONG)} {text[place:]}"
        elif kind == 2:
            text = text[:place] + chance.choice(_WRONG) + text[place:]
        elif kind == 3:
            words = text.split(" ")
            chance.shuffle(words)
            text = " ".join(words)
        elif bind:
            name = chance.choice(sorted(bind))
            values = [object(), [1, "a"], b"\xff", 1 << 80, float("nan"), [], None, {"a": 1}]
            bind[name] = chance.choice(values)
    return Expression(text, lambda visit: None, bind)
