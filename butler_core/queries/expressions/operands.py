"""The values in an expression: literals, bound values, columns, and numbers made of them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from ...dimensions.record import encode_region
from ...dimensions.skypix import pixelization
from ...errors import BindValueError, nearest
from ...timespan import MAX_NANOSECONDS, MIN_NANOSECONDS
from . import checked, tree
from .bindings import parse_time, several, typed
from .meaning import Checked
from .names import Context, column
from .pointing import user_error
from .regions import FORMS, made, pixel_ranges, read_pos
from .value_types import Listed, Null, described

__all__ = ["Operands"]


class Operands:
    """Reads the values of one expression, and numbers them.

    Parameters
    ----------
    text : `str`
        The expression.
    context : `Context`
        The query that it stands in.
    colon_names : `frozenset` [ `str` ]
        The bound names that are written with a colon.
    before : `Checked`
        What must be true as well, whose parameters come before.

    Attributes
    ----------
    values : `list`
        The values of its parameters, in the order of their numbers.
    governors : `dict` [ `str`, `str` ]
        Governor dimensions without which it means nothing, and what needs them.
    mentioned : `set` [ `str` ]
        Governor dimensions that it says something of.
    dimensions, elements : `set` [ `str` ]
        What was needed since `forget_needs` was called.
    dataset_fields : `set` [ `tuple` [ `str`, `str` ] ]
        The same of datasets: types, and fields of theirs.
    """

    def __init__(
        self, text: str, context: Context, colon_names: frozenset[str], before: Checked
    ) -> None:
        self._text = text
        self._context = context
        self._universe = context.dimensions.universe
        self._colon_names = colon_names
        self.values: list[Any] = list(before.values)
        self.governors: dict[str, str] = dict(before.governors)
        self.mentioned: set[str] = set(before.mentioned)
        self.forget_needs()

    def forget_needs(self) -> None:
        """Begin anew to note what is needed."""
        self.dimensions: set[str] = set()
        self.elements: set[str] = set()
        self.dataset_fields: set[tuple[str, str]] = set()

    def numbered(self, *values: Any) -> int:
        """Return the number of the first of some parameters."""
        self.values += values
        return len(self.values) - len(values)

    def taken_back(self, parameter: checked.Parameter) -> Any:
        """Return the value of the parameter that was numbered last, which loses its number."""
        assert parameter.place == len(self.values) - 1
        return self.values.pop()

    def _parameter(self, kind: str, value: Any) -> checked.Parameter:
        values = value if kind == "timespan" else (value,)
        if kind == "region":
            skypix = self._universe.common_skypix.skypix
            assert skypix is not None
            values = value, json.dumps(pixel_ranges(value, pixelization(*skypix)))
        return checked.Parameter(self.numbered(*values), kind)

    def value(self, node: tree.Node) -> checked.Value | Listed | Null:
        """Return what a part of the expression is.

        Raises
        ------
        UserExpressionError
            If it is no value.
        """
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
                self.dataset_fields.add((found.dataset_type, found.name))
            case checked.DimensionKey():
                self.dimensions.add(found.name)
                if self._universe[found.name].is_governor:
                    self.mentioned.add(found.name)
                else:
                    self._need_governors(found.name, node)
            case checked.Field():
                element = self._universe[found.element]
                self.elements.add(element.name)
                self.dimensions.update(element.dimensions.names)
                if found.name in [one.name for one in element.alternate_keys]:
                    self._need_governors(element.name, node)

    def _need_governors(self, name: str, node: tree.Name) -> None:
        for governor in self._universe[name].dimensions.governors:
            self.governors.setdefault(governor, node.name)

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
            found = self.value(one)
            if isinstance(found, Null):
                bounds.append(_OPEN[open_bound])
            elif isinstance(found, checked.Parameter) and found.type == "datetime":
                bounds.append(self.values[found.place])
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
            value = self.value(one)
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
        if function in FORMS:
            return self._region(node)
        if function == "GLOB":
            message = "GLOB is a condition of its own: GLOB(visit.name, 'HSC*')"
        elif function == "UUID":
            message = "UUID takes one string: UUID('0123…')"
        else:
            known = ["GLOB", "UUID", *FORMS]
            hint = nearest(function, known) or f": there are {', '.join(known)}"
            message = f"there is no function {function}{hint}"
        raise user_error(self._text, node.start, message, node.end)

    def _region(self, node: tree.Call) -> checked.Value:
        """Return the region that a function such as CIRCLE stands for."""
        function, form = node.function, FORMS[node.function]
        try:
            if function == "REGION":
                region = read_pos(self._constant(node, "string"))
            else:
                numbers = [self._constant(node, "number", one) for one in node.arguments]
                region = made(function, numbers)
        except ValueError as error:
            message = f"{error}; write {form}" + (", in degrees" if function != "REGION" else "")
            raise user_error(self._text, node.start, message, node.end) from None
        return self._parameter("region", encode_region(region))

    def _constant(self, call: tree.Call, kind: str, node: tree.Node | None = None) -> Any:
        """Return a literal or bound value among the arguments of a function."""
        if node is None and len(call.arguments) == 1:
            node = call.arguments[0]
        if node is None:
            raise ValueError(f"it takes one {kind}")
        found = self.value(node)
        kinds = ("int", "float") if kind == "number" else (kind,)
        if isinstance(found, checked.Parameter) and found.type in kinds:
            return self.taken_back(found)
        raise ValueError(f"{self._text[node.start : node.end]} is no {kind}")


_OPEN = {"begin": MIN_NANOSECONDS, "end": MAX_NANOSECONDS}
