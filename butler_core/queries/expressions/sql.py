"""The SQL of what has been checked."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import sqlalchemy
from sqlalchemy.sql.elements import Grouping

from ...dimensions import DimensionElement
from ...registry.schema import Schema
from .. import sky
from ..planning import masked
from . import checked

__all__ = ["Columns", "ConditionWriter", "DatasetColumns", "joined"]

DatasetColumns: TypeAlias = Mapping[tuple[str, str], Any]
"""Columns of datasets by the type, and by the field: ``("raw", "timespan.begin")``."""

_WIDEST = 100  # operands side by side: a database may count each as a level of its own

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%": operator.mod,
}

_TYPES: dict[str, Any] = {
    "int": sqlalchemy.BigInteger(),
    "float": sqlalchemy.Float(),
    "datetime": sqlalchemy.BigInteger(),
    "timespan": sqlalchemy.BigInteger(),
}
"""The types of parameters; of others, strings."""


class Columns(Protocol):
    """Where a query's columns are."""

    def dimension(self, name: str) -> Any:
        """Return the column with the values of a dimension."""

    def field(self, element: DimensionElement, name: str) -> Any:
        """Return the column of a field of an element, or of a bound of its timespan."""


class ConditionWriter:
    """Writes conditions on the columns of one query.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    columns : `Columns`
        Where the columns of dimensions are.
    dataset_columns : `DatasetColumns`, optional
        Those of datasets.
    found : `bool`, optional
        Whether rows are found by other conditions, which leave few of them, so
        that no index shall be chosen for these.
    """

    def __init__(
        self,
        schema: Schema,
        columns: Columns,
        dataset_columns: DatasetColumns | None = None,
        *,
        found: bool = False,
    ) -> None:
        self._schema = schema
        self._elements = schema.universe
        self._columns = columns
        self._dataset_columns = dataset_columns or {}
        self._found = found

    def condition(self, node: checked.Condition, *, exact: bool = False) -> Any:
        """Return a condition.

        Parameters
        ----------
        node : `checked.Condition`
            What must be true.
        exact : `bool`, optional
            Whether it must be unknown where its operands are, as what is
            negated must be; else it may be false there, which is faster.
        """
        match node:
            case checked.Every(operands):
                parts = [self.condition(one, exact=exact) for one in operands]
                return joined(sqlalchemy.and_, parts)
            case checked.Some(operands):
                parts = [self.condition(one, exact=exact) for one in operands]
                return joined(sqlalchemy.or_, parts)
            case checked.Not(operand):
                return sqlalchemy.not_(self.condition(operand, exact=True))
            case checked.SkyOverlap(left, right):
                regions = [self._value(one) for one in (left, right)]
                both = sqlalchemy.and_(self._pixels_shared(left, right), sky.overlap(*regions))
                if not exact:
                    return both
                unknown = sqlalchemy.or_(*(region.is_(None) for region in regions))
                return sqlalchemy.case((unknown, sqlalchemy.null()), else_=both) == _ONE
            case checked.Constant(value):
                return sqlalchemy.literal_column("1" if value else "0") == _ONE
            case checked.Truth(operand):
                return self._value(operand) == sqlalchemy.true()
            case checked.IsNull(operand):
                begin, *_ = self._parts(operand)
                return begin.is_(None)
            case checked.Glob(operand, pattern):
                return self._value(operand).op("GLOB", is_comparison=True)(self._value(pattern))
            case checked.Compare():
                return self._comparison(node)
            case checked.Overlap(left, right):
                (begin, end), (other_begin, other_end) = self._span(left), self._span(right)
                return sqlalchemy.and_(begin < other_end, end > other_begin)
        return self._membership(node)

    def _pixels_shared(self, left: checked.Value, right: checked.Value) -> Any:
        """Return the condition that two regions have a pixel in common, which indexes find."""
        fields = [one for one in (left, right) if isinstance(one, checked.Field)]
        elements = [self._elements[one.element] for one in fields]
        pixels = sky.Pixels(self._schema, *elements)
        keys = {name: self._columns.dimension(name) for name in pixels.columns}
        if len(fields) == 1:
            (place,) = (one.place for one in (left, right) if isinstance(one, checked.Parameter))
            found = pixels.within(_parameter(place + 1, "string"))
            return sqlalchemy.tuple_(*keys.values()).in_(found)
        equal = [one == keys[name] for name, same in pixels.columns.items() for one in same]
        tables = list(pixels.tables.values())
        return (
            sqlalchemy.select(_ONE)
            .select_from(*tables)
            .where(*pixels.conditions(), *equal)
            .correlate_except(*tables)
            .exists()
        )

    def _comparison(self, node: checked.Compare) -> Any:
        compare = _OPERATORS[node.operator]
        left, right = self._parts(node.left), self._parts(node.right)
        parts = [compare(*pair) for pair in zip(left, right, strict=True)]
        return sqlalchemy.or_(*parts) if node.operator == "!=" else sqlalchemy.and_(*parts)

    def _membership(self, node: checked.InList | checked.InLongList | checked.InRange) -> Any:
        member = self._value(node.member)
        match node:
            case checked.InList(_, first, count, kind):
                values = [_parameter(first + place, kind) for place in range(count)]
                return member.in_(values) if count > 1 else member == values[0]
            case checked.InLongList(_, place):
                listed = sqlalchemy.func.json_each(_parameter(place, "string"))
                return member.in_(sqlalchemy.select(listed.table_valued("value").c.value))
            case checked.InRange(_, first, strided):
                low, high, stride = (_parameter(first + place, "int") for place in range(3))
                within = sqlalchemy.and_(member >= low, member <= high)
                return sqlalchemy.and_(within, (member - low) % stride == 0) if strided else within

    def _value(self, node: checked.Value) -> Any:
        """Return what is one column or number."""
        match node:
            case checked.DimensionKey(name, _):
                column = self._columns.dimension(name)
                return masked(column) if self._found else column
            case checked.Field(element, name, _):
                return self._columns.field(self._elements[element], name)
            case checked.DatasetField(dataset_type, name, _):
                return self._dataset_columns[dataset_type, name]
            case checked.Parameter(place, kind):
                return _parameter(place, kind)
            case checked.Negative(operand, _):
                return -self._value(operand)
            case checked.Bound(operand, name, _):
                begin, end = self._parts(operand)
                return begin if name == "begin" else end
            case checked.Arithmetic(sign, left, right, kind):
                first, second = self._value(left), self._value(right)
                if sign == "/":
                    return first // second if kind == "int" else first / second
                return _OPERATORS[sign](first, second)

    def _parts(self, node: checked.Value) -> Sequence[Any]:
        """Return the columns of a value, two for a timespan."""
        if node.type != "timespan":
            return [self._value(node)]
        if isinstance(node, checked.Parameter):
            return [_parameter(node.place, "int"), _parameter(node.place + 1, "int")]
        if isinstance(node, checked.DatasetField):
            bounds = (f"timespan.{name}" for name in ("begin", "end"))
            return [self._dataset_columns[node.dataset_type, name] for name in bounds]
        assert isinstance(node, checked.Field)
        element = self._elements[node.element]
        return [self._columns.field(element, f"{node.name}.{name}") for name in ("begin", "end")]

    def _span(self, node: checked.Value) -> Sequence[Any]:
        """Return the bounds of a timespan, or of the nanosecond that begins at a time."""
        parts = self._parts(node)
        return parts if len(parts) == 2 else [parts[0], parts[0] + 1]


_ONE: Any = sqlalchemy.literal_column("1")


def _parameter(place: int, kind: str) -> Any:
    return sqlalchemy.bindparam(f"where_{place}", type_=_TYPES.get(kind, sqlalchemy.String()))


def joined(join: Callable[..., Any], parts: list[Any]) -> Any:
    """Join conditions, many of them in groups of groups."""
    if len(parts) <= _WIDEST:
        return join(*parts)
    # Groups that `sqlalchemy.or_` joins by OR would become one long list again.
    word = "AND" if join is sqlalchemy.and_ else "OR"
    half = len(parts) // 2
    first: Any
    second: Any
    first, second = (Grouping(joined(join, some)) for some in (parts[:half], parts[half:]))
    if word == "AND":
        # What is joined by AND may be taken out of its group again, but not out of a comparison.
        second = second.op("=", is_comparison=True)(_ONE)
    return Grouping(first.op(word, is_comparison=True)(second))
