"""From the tree of an expression to what it means in a query."""

from __future__ import annotations

import dataclasses
import json
import math
import uuid
from typing import Any

from . import checked, tree
from .meaning import NOTHING, Checked, Conjunct, Said
from .names import Context
from .operands import Operands
from .pointing import user_error
from .value_types import Listed, Null, comparable, described, kind_of

__all__ = ["check"]

_LONG = 128  # values of a list that are parameters of their own


def check(
    text: str, node: tree.Node | None, context: Context, before: Checked = NOTHING
) -> Checked:
    """Return what a parsed expression means, and what must be true as well.

    Parameters
    ----------
    text : `str`
        The expression.
    node : `tree.Node` or `None`
        Its tree.
    context : `Context`
        The query that it stands in.
    before : `Checked`, optional
        What must be true as well.

    Raises
    ------
    UserExpressionError
        If a name means nothing, or values of different types are compared.
    """
    if node is None:
        return before
    return _Checker(text, context, _colon_names(node), before).whole(node)


def _both(first: str, second: str) -> str:
    """Return the text of two conditions."""
    return f"({first}) AND ({second})" if first and second else first or second


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

    def __init__(
        self, text: str, context: Context, colon_names: frozenset[str], before: Checked
    ) -> None:
        self._text = text
        self._bound = context.bind
        self._before = before
        self._operands = Operands(text, context, colon_names, before)

    def whole(self, node: tree.Node) -> Checked:
        """Check all of it, one thing that must be true after another."""
        operands = self._operands
        equalities: dict[str, Any] = dict(self._before.equalities)
        conjuncts = list(self._before.conjuncts)
        said = list(self._before.said)
        for part in node.operands if isinstance(node, tree.And) else (node,):
            operands.forget_needs()
            condition = self._condition(part)
            equality = self._equality(condition)
            if equality is not None and equality[0] not in equalities:
                equalities.update([equality])
                continue
            said.append(Said(self._text[part.start : part.end], self._bound))
            conjuncts.append(
                Conjunct(
                    condition,
                    frozenset(operands.dimensions),
                    frozenset(operands.elements),
                    frozenset(operands.dataset_fields),
                )
            )
        return Checked(
            _both(self._before.text, self._text.strip()),
            equalities,
            tuple(conjuncts),
            tuple(operands.values),
            operands.governors,
            frozenset(operands.mentioned),
            tuple(said),
        )

    def _equality(self, condition: checked.Condition) -> tuple[str, Any] | None:
        """Return the dimension and the value that a condition says are equal, if it does."""
        match condition:
            case checked.Compare(
                "=", checked.DimensionKey(name, kind), checked.Parameter(place, other)
            ) | checked.Compare(
                "=", checked.Parameter(place, other), checked.DimensionKey(name, kind)
            ) if kind == other:
                return name, self._operands.values[place]
            case checked.InList(checked.DimensionKey(name, kind), place, 1, other) if kind == other:
                return name, self._operands.values[place]
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
        found = self._operands.value(node)
        if not isinstance(found, Null | Listed) and found.type == "bool":
            return checked.Truth(found)
        raise user_error(
            self._text,
            node.start,
            f"{described(self._text, node, found)}, not a condition: compare it with something",
            node.end,
        )

    def _comparison(self, node: tree.Comparison) -> checked.Condition:
        left, right = self._operands.value(node.left), self._operands.value(node.right)
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
        if operator == "OVERLAPS" and left.type == "region":
            if left == right:
                return checked.Compare("=", left, right)  # what is known overlaps itself
            return checked.SkyOverlap(left, right)
        if operator == "OVERLAPS":
            return checked.Overlap(left, right)
        return checked.Compare(operator, left, right)

    def _glob(self, node: tree.Call) -> checked.Condition:
        if len(node.arguments) == 2:
            operand, pattern = (self._operands.value(one) for one in node.arguments)
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
        member = self._operands.value(node.member)
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
                first = self._operands.numbered(one.first, one.last, one.stride)
                parts.append(checked.InRange(member, first, one.stride > 1))
                continue
            found = self._operands.value(one)
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
                plain.append(self._operands.taken_back(found))
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
        finite = all(math.isfinite(one) for one in distinct if isinstance(one, float))
        if len(distinct) > _LONG and finite:
            listed = [one.hex if isinstance(one, uuid.UUID) else one for one in distinct]
            return checked.InLongList(member, self._operands.numbered(json.dumps(listed)))
        # Lists of similar length share a statement: the last value stands several times.
        size = 1 << (len(distinct) - 1).bit_length()
        distinct += distinct[-1:] * (size - len(distinct))
        return checked.InList(member, self._operands.numbered(*distinct), size, kind)
