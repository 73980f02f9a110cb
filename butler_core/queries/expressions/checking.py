"""From the tree of an expression to what it means in a query."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import BindValueError, nearest
from ...timespan import MAX_NANOSECONDS, MIN_NANOSECONDS
from . import checked, tree
from .bindings import parse_time, several, typed
from .names import Context, column
from .pointing import user_error
from .types import Listed, Null, comparable, described, kind_of

__all__ = ["NOTHING", "Checked", "Conjunct", "Context", "check"]

_LONG = 128  # values of a list that are parameters of their own


@dataclasses.dataclass(frozen=True, slots=True)
class Conjunct:
    """A condition that must be true.

    Parameters
    ----------
    condition : `checked.Condition`
        The condition.
    dimensions : `frozenset` [ `str` ]
        What it needs to know the values of.
    elements : `frozenset` [ `str` ]
        Whose records it needs.
    dataset_fields : `frozenset` [ `str` ]
        What it needs to know of datasets.
    """

    condition: checked.Condition
    dimensions: frozenset[str]
    elements: frozenset[str] = frozenset()
    dataset_fields: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What an expression asks of a query.

    Parameters
    ----------
    text : `str`
        The expression.
    equalities : `dict` [ `str`, `object` ]
        Values that dimensions must have.
    conjuncts : `tuple` [ `Conjunct` ]
        What must be true besides; it holds no values.
    values : `tuple`
        The values of its parameters.
    governors : `dict` [ `str`, `str` ]
        Governor dimensions without which it means nothing, and what needs them.
    mentioned : `frozenset` [ `str` ]
        Governor dimensions that it says something of.
    """

    text: str = ""
    equalities: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    conjuncts: tuple[Conjunct, ...] = ()
    values: tuple[Any, ...] = ()
    governors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()

    def beside(self, data_id: Mapping[str, Any]) -> tuple[dict[str, Any], Checked]:
        """Return the values that it and a data ID ask for, and what must be true besides.

        That is impossible if they ask for two values of one dimension.
        """
        values = {**self.equalities, **data_id}
        if all(values[name] == value for name, value in self.equalities.items()):
            return values, self
        impossible = Conjunct(checked.Constant(False), frozenset())
        return values, dataclasses.replace(self, conjuncts=(*self.conjuncts, impossible))

    def parameters(self, encode_uuid: Callable[[uuid.UUID], Any]) -> dict[str, Any]:
        """Return the values by the names that they have in SQL."""
        return {
            f"where_{place}": encode_uuid(value) if isinstance(value, uuid.UUID) else value
            for place, value in enumerate(self.values)
        }


NOTHING = Checked()
"""What asks for nothing."""


def check(text: str, node: tree.Node | None, context: Context) -> Checked:
    """Return what a parsed expression means.

    Parameters
    ----------
    text : `str`
        The expression.
    node : `tree.Node` or `None`
        Its tree.
    context : `Context`
        The query that it stands in.

    Raises
    ------
    UserExpressionError
        If a name means nothing, or values of different types are compared.
    """
    if node is None:
        return Checked()
    return _Checker(text, context, _colon_names(node)).whole(node)


def _colon_names(node: Any) -> frozenset[str]:
    """Return the bound names that are written with a colon."""
    if isinstance(node, tree.Bind):
        return frozenset({node.name})
    if isinstance(node, tuple):
        return frozenset().union(*(_colon_names(one) for one in node))
    if isinstance(node, tree.Node):
        fields = (getattr(node, field.name) for field in dataclasses.fields(node))
        return _colon_names(tuple(one for one in fields if isinstance(one, tree.Node | tuple)))
    return frozenset()


class _Checker:
    """Checks one expression, and numbers its values."""

    def __init__(self, text: str, context: Context, colon_names: frozenset[str]) -> None:
        self._text = text
        self._context = context
        self._universe = context.dimensions.universe
        self._colon_names = colon_names
        self._values: list[Any] = []
        self._governors: dict[str, str] = {}
        self._mentioned: set[str] = set()
        self._forget_needs()

    def _forget_needs(self) -> None:
        self._dimensions: set[str] = set()
        self._elements: set[str] = set()
        self._dataset_fields: set[str] = set()

    def whole(self, node: tree.Node) -> Checked:
        """Check all of it, one thing that must be true after another."""
        equalities: dict[str, Any] = {}
        conjuncts = []
        for part in node.operands if isinstance(node, tree.And) else (node,):
            self._forget_needs()
            condition = self._condition(part)
            equality = self._equality(condition)
            if equality is not None and equality[0] not in equalities:
                equalities.update([equality])
                continue
            conjuncts.append(
                Conjunct(
                    condition,
                    frozenset(self._dimensions),
                    frozenset(self._elements),
                    frozenset(self._dataset_fields),
                )
            )
        return Checked(
            self._text.strip(),
            equalities,
            tuple(conjuncts),
            tuple(self._values),
            self._governors,
            frozenset(self._mentioned),
        )

    def _equality(self, condition: checked.Condition) -> tuple[str, Any] | None:
        """Return the dimension and the value that a condition says are equal, if it does."""
        match condition:
            case checked.Compare(
                "=", checked.DimensionKey(name, kind), checked.Parameter(place, other)
            ) | checked.Compare(
                "=", checked.Parameter(place, other), checked.DimensionKey(name, kind)
            ) if kind == other:
                return name, self._values[place]
            case checked.InList(checked.DimensionKey(name, kind), place, 1, other) if kind == other:
                return name, self._values[place]
        return None

    def _condition(self, node: tree.Node) -> checked.Condition:
        match node:
            case tree.And():
                return checked.Every(tuple(self._condition(one) for one in node.operands))
            case tree.Or():
                return checked.Some(tuple(self._condition(one) for one in node.operands))
            case tree.Not():
                return checked.Not(self._condition(node.operand))
            case tree.In():
                return self._membership(node)
            case tree.Comparison():
                return self._comparison(node)
            case tree.Call(function="GLOB"):
                return self._glob(node)
        found = self._value(node)
        if not isinstance(found, Null | Listed) and found.type == "bool":
            return checked.Truth(found)
        raise user_error(
            self._text,
            node.start,
            f"{described(self._text, node, found)}, not a condition: compare it with something",
            node.end,
        )

    def _comparison(self, node: tree.Comparison) -> checked.Condition:
        left, right = self._value(node.left), self._value(node.right)
        operator = node.operator
        if isinstance(left, Null) or isinstance(right, Null):
            operand = right if isinstance(left, Null) else left
            if isinstance(operand, Null | Listed) or operator not in ("=", "!="):
                raise user_error(
                    self._text,
                    node.start,
                    "NULL is compared with = or !=, and with one value",
                    node.end,
                )
            is_null = checked.IsNull(operand)
            return is_null if operator == "=" else checked.Not(is_null)
        problem = comparable(self._text, node, left, right)
        if problem is not None:
            raise user_error(self._text, node.start, problem, node.end)
        assert not isinstance(left, Listed)
        assert not isinstance(right, Listed)
        if operator == "OVERLAPS":
            return checked.Overlap(left, right)
        return checked.Compare(operator, left, right)

    def _glob(self, node: tree.Call) -> checked.Condition:
        if len(node.arguments) == 2:
            operand, pattern = (self._value(one) for one in node.arguments)
            if (
                isinstance(pattern, checked.Parameter)
                and kind_of(operand) == kind_of(pattern) == "string"
                and not isinstance(operand, Null | Listed)
            ):
                return checked.Glob(operand, pattern)
        raise user_error(
            self._text,
            node.start,
            "GLOB takes a field that is a string, and a pattern: GLOB(visit.name, 'HSC*')",
            node.end,
        )

    def _membership(self, node: tree.In) -> checked.Condition:
        member = self._value(node.member)
        if isinstance(member, Null | Listed) or member.type in ("timespan", "region", "bool"):
            raise user_error(
                self._text,
                node.member.start,
                f"{described(self._text, node.member, member)}, which no list has in it",
                node.member.end,
            )
        parts: list[checked.Condition] = []
        plain: list[Any] = []
        for one in node.values:
            if isinstance(one, tree.Range):
                if member.type != "int":
                    problem = (
                        f"{described(self._text, node.member, member)}, which a range has none of"
                    )
                    raise user_error(self._text, one.start, problem, one.end)
                first = self._numbered(one.first, one.last, one.stride)
                parts.append(checked.InRange(member, first, one.stride > 1))
                continue
            found = self._value(one)
            if isinstance(found, Null):
                parts.append(checked.IsNull(member))
                continue
            pair = tree.Comparison(0, 0, "IN", node.member, one)
            why_not = comparable(self._text, pair, member, found)
            if why_not is not None:
                raise user_error(self._text, one.start, why_not, one.end)
            if isinstance(found, Listed):
                plain += found.values
            elif isinstance(found, checked.Parameter):
                plain.append(self._values[found.place])
            else:
                parts.append(checked.Compare("=", member, found))
        if plain:
            parts.insert(0, self._in_list(member, plain))
        whole: checked.Condition = checked.Constant(False)
        if parts:
            whole = parts[0] if len(parts) == 1 else checked.Some(tuple(parts))
        return checked.Not(whole) if node.negated else whole

    def _in_list(self, member: checked.Value, plain: list[Any]) -> checked.Condition:
        distinct = list(dict.fromkeys(plain))
        kind = member.type
        if all(isinstance(one, float) for one in distinct):
            kind = "float"
        if len(distinct) > _LONG:
            listed = [one.hex if isinstance(one, uuid.UUID) else one for one in distinct]
            return checked.InLongList(member, self._numbered(json.dumps(listed)))
        # Lists of similar length share a statement: the last value stands several times.
        size = 1 << (len(distinct) - 1).bit_length()
        distinct += distinct[-1:] * (size - len(distinct))
        return checked.InList(member, self._numbered(*distinct), size, kind)

    def _numbered(self, *values: Any) -> int:
        """Return the number of the first of some parameters."""
        self._values += values
        return len(self._values) - len(values)

    def _parameter(self, kind: str, value: Any) -> checked.Parameter:
        values = value if kind == "timespan" else (value,)
        return checked.Parameter(self._numbered(*values), kind)

    def _value(self, node: tree.Node) -> checked.Value | Listed | Null:
        match node:
            case tree.Number():
                kind = "int" if isinstance(node.value, int) else "float"
                return self._parameter(kind, node.value)
            case tree.Text():
                return self._parameter("string", node.value)
            case tree.Time():
                return self._parameter("datetime", self._time(node))
            case tree.Bind():
                return self._bound(node)
            case tree.Name():
                return self._named(node)
            case tree.Pair():
                return self._timespan(node)
            case tree.Sign() | tree.Arithmetic():
                return self._number(node)
            case tree.Call():
                return self._call(node)
            case tree.Range():
                message = "a range stands in a list: visit IN (1..10)"
                raise user_error(self._text, node.start, message, node.end)
        raise user_error(self._text, node.start, "a value was expected", node.end)

    def _time(self, node: tree.Time) -> int:
        try:
            return parse_time(node.value)
        except ValueError as error:
            raise user_error(
                self._text,
                node.start,
                f"T'...' holds a date such as 2020-01-01, or 2020-01-01T12:00:00/tai, or an MJD"
                f" such as 58849.5: {error}",
                node.end,
            ) from None

    def _named(self, node: tree.Name) -> checked.Value | Listed | Null:
        if node.name in self._context.bind and node.name not in self._colon_names:
            self._refuse_collision(node)
            return self._bound(node)
        if node.name.upper() == "NULL":
            return Null()
        found = column(self._text, self._context, node)
        self._need(found, node)
        return found

    def _refuse_collision(self, node: tree.Name) -> None:
        """Refuse a name that a bound value shares with a dimension of the universe."""
        if node.name in self._universe:
            raise user_error(
                self._text,
                node.start,
                f"{node.name} is a dimension, and a bound value: write :{node.name} for that",
                node.end,
            )

    def _need(self, found: checked.Value, node: tree.Name) -> None:
        """Note what a query must know to have a column."""
        match found:
            case checked.Bound():
                self._need(found.operand, node)
            case checked.DatasetField():
                self._dataset_fields.add(found.name)
            case checked.DimensionKey():
                self._dimensions.add(found.name)
                if self._universe[found.name].is_governor:
                    self._mentioned.add(found.name)
                else:
                    self._need_governors(found.name, node)
            case checked.Field():
                element = self._universe[found.element]
                self._elements.add(element.name)
                self._dimensions.update(element.dimensions.names)
                if found.name in [one.name for one in element.alternate_keys]:
                    self._need_governors(element.name, node)

    def _need_governors(self, name: str, node: tree.Name) -> None:
        for governor in self._universe[name].dimensions.governors:
            self._governors.setdefault(governor, node.name)

    def _bound(self, node: tree.Bind | tree.Name) -> checked.Value | Listed:
        bind = self._context.bind
        if node.name not in bind:
            hint = nearest(node.name, bind) or (
                f": bind={{{node.name!r}: ...}} gives it"
                if not bind
                else f"; there are {', '.join(bind)}"
            )
            message = f"no value is bound to {node.name}{hint}"
            raise user_error(self._text, node.start, message, node.end)
        values = several(bind[node.name])
        try:
            if values is None:
                return self._parameter(*typed(node.name, bind[node.name]))
            pairs = [typed(node.name, one) for one in values]
        except BindValueError as error:
            raise BindValueError(f"where={self._text!r}: {error}") from None
        kinds = sorted({kind for kind, _ in pairs})
        if len(kinds) > 1:
            message = f"the values bound to {node.name} are of several types: {', '.join(kinds)}"
            raise user_error(self._text, node.start, message, node.end)
        return Listed(kinds[0] if kinds else "", tuple(value for _, value in pairs))

    def _timespan(self, node: tree.Pair) -> checked.Value:
        bounds: list[int] = []
        for one, open_bound in (node.first, "begin"), (node.second, "end"):
            found = self._value(one)
            if isinstance(found, Null):
                bounds.append(_OPEN[open_bound])
            elif isinstance(found, checked.Parameter) and found.type == "datetime":
                bounds.append(self._values[found.place])
            else:
                raise user_error(
                    self._text,
                    one.start,
                    "the bounds of a timespan are times, (T'2020-01-01', T'2020-01-02'), or NULL",
                    one.end,
                )
        begin, end = bounds
        # An empty timespan ends before it begins, as in the registry's columns.
        pair = (begin, end) if begin < end else (_OPEN["end"], _OPEN["begin"])
        return self._parameter("timespan", pair)

    def _number(self, node: tree.Sign | tree.Arithmetic) -> checked.Value:
        operands = [node.operand] if isinstance(node, tree.Sign) else [node.left, node.right]
        found = []
        for one in operands:
            value = self._value(one)
            if isinstance(value, Null | Listed) or value.type not in ("int", "float"):
                problem = f"{described(self._text, one, value)}, not a number"
                raise user_error(self._text, one.start, problem, one.end)
            found.append(value)
        if isinstance(node, tree.Sign):
            return found[0] if node.sign == "+" else checked.Negative(found[0], found[0].type)
        left, right = found
        if left.type != right.type:
            problem = (
                f"{described(self._text, node.left, left)},"
                f" {described(self._text, node.right, right)}: {node.operator} takes two integers,"
                " or two numbers with a point, as 2.0 is"
            )
            raise user_error(self._text, node.start, problem, node.end)
        if node.operator == "%" and left.type != "int":
            raise user_error(self._text, node.start, "% is for integers", node.end)
        return checked.Arithmetic(node.operator, left, right, left.type)

    def _call(self, node: tree.Call) -> checked.Value:
        function = node.function
        if function == "UUID" and len(node.arguments) == 1:
            (argument,) = node.arguments
            if isinstance(argument, tree.Text):
                try:
                    return self._parameter("uuid", uuid.UUID(argument.value))
                except ValueError:
                    message = f"{argument.value!r} is no UUID"
                    raise user_error(self._text, argument.start, message, argument.end) from None
        if function in _REGIONS:
            message = "regions of the sky are not compared by this version"
        elif function == "GLOB":
            message = "GLOB is a condition of its own: GLOB(visit.name, 'HSC*')"
        elif function == "UUID":
            message = "UUID takes one string: UUID('0123…')"
        else:
            message = f"there is no function {function}: what there are are GLOB and UUID"
        raise user_error(self._text, node.start, message, node.end)


_OPEN = {"begin": MIN_NANOSECONDS, "end": MAX_NANOSECONDS}

_REGIONS = frozenset({"POINT", "CIRCLE", "BOX", "POLYGON", "REGION"})
