"""From the text of an expression to its tree.

A parser by precedence, written by hand rather than with lark: each place knows
what may stand there and what people write there by mistake, which a generated
table of states does not; and it costs nothing to import, where lark takes 50
ms, as long as a Butler takes to open.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

from . import grammar, tree
from .literals import literal
from .pointing import syntax_error
from .tokens import Token, tokens

__all__ = ["parse"]

_DEEPEST = 50  # levels of parentheses, each of which is a dozen calls within each other


@functools.lru_cache(maxsize=256)
def parse(text: str) -> tree.Node | None:
    """Return the tree of an expression, `None` if it says nothing.

    Raises
    ------
    UserExpressionSyntaxError
        If the text follows no rule of the grammar; with the place.
    """
    return _Parser(text).whole()


class _Parser:
    """Reads one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._place = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._tokens[self._place]
        self._place += 1
        return token

    def _sees(self, *values: str) -> bool:
        return self._next.value in values and self._next.kind in ("sign", "keyword")

    def whole(self) -> tree.Node | None:
        """Read all of it."""
        if self._next.kind == "end":
            return None
        found = self._either()
        if self._next.kind != "end":
            raise self._unexpected("AND, OR or the end")
        if not isinstance(found, grammar.CONDITIONS):
            raise syntax_error(
                self._text,
                found.start,
                "a condition such as visit = 903334 was expected",
                found.end,
            )
        return found

    def _either(self) -> tree.Node:
        operands = [self._all()]
        while self._sees("OR"):
            self._take()
            operands.append(self._all())
        if len(operands) == 1:
            return operands[0]
        return tree.Or(operands[0].start, operands[-1].end, self._conditions(operands))

    def _all(self) -> tree.Node:
        operands = [self._negation()]
        while self._sees("AND"):
            self._take()
            operands.append(self._negation())
        if len(operands) == 1:
            return operands[0]
        return tree.And(operands[0].start, operands[-1].end, self._conditions(operands))

    def _conditions(self, operands: list[tree.Node]) -> tuple[tree.Node, ...]:
        for one in operands:
            self._need_condition(one)
        return tuple(operands)

    def _need_condition(self, node: tree.Node) -> None:
        if not isinstance(node, grammar.CONDITIONS):
            raise syntax_error(
                self._text,
                node.start,
                "a condition such as visit = 903334 was expected, not a value",
                node.end,
            )

    def _negation(self) -> tree.Node:
        if not self._sees("NOT"):
            return self._comparison()
        token = self._take()
        if self._sees("IN"):
            raise self._unexpected(
                "a condition", ": NOT IN comes after a value, visit NOT IN (1, 2)"
            )
        self._deeper(token)
        operand = self._negation()
        self._depth -= 1
        self._need_condition(operand)
        return tree.Not(token.start, operand.end, operand)

    def _comparison(self) -> tree.Node:
        left = self._sum()
        if self._sees("IN") or self._sees_not_in():
            found: tree.Comparison | tree.In = self._membership(left)
        elif self._sees(*grammar.COMPARISONS):
            operator = self._take()
            right = self._sum()
            if not isinstance(right, grammar.VALUES):
                raise syntax_error(
                    self._text,
                    right.start,
                    f"a value was expected after {operator.value}",
                    right.end,
                )
            found = tree.Comparison(left.start, right.end, operator.value, left, right)
        else:
            return left
        if not isinstance(left, grammar.VALUES):
            raise syntax_error(
                self._text,
                left.start,
                f"a value was expected before {_operator_of(found)}",
                left.end,
            )
        if self._sees("IN", *grammar.COMPARISONS) or self._sees_not_in():
            raise syntax_error(
                self._text,
                self._next.start,
                "comparisons do not follow each other: write 1 < visit AND visit < 5",
                self._next.end,
            )
        return found

    def _sees_not_in(self) -> bool:
        following = self._tokens[self._place + 1 : self._place + 2]
        return self._sees("NOT") and bool(following) and following[0].value == "IN"

    def _membership(self, member: tree.Node) -> tree.In:
        negated = self._take().value == "NOT"
        if negated:
            self._take()
        if not self._sees("("):
            listed = self._next
            hint = f": write ({listed.value})" if listed.kind in ("bind", "name", "range") else ""
            raise self._unexpected("a list in parentheses", hint)
        self._take()
        if self._sees(")"):
            raise self._unexpected("a value")
        values = [self._member()]
        while self._sees(","):
            self._take()
            values.append(self._member())
        end = self._closing()
        return tree.In(member.start, end, member, tuple(values), negated)

    def _member(self) -> tree.Node:
        value = self._sum()
        if not isinstance(value, grammar.MEMBERS):
            raise syntax_error(
                self._text,
                value.start,
                "a literal, a range such as 1..10:2 or a bound value was expected in the list",
                value.end,
            )
        return value

    def _closing(self) -> int:
        if not self._sees(")"):
            raise self._unexpected("a comma or )")
        return self._take().end

    def _sum(self) -> tree.Node:
        return self._chain(grammar.SUMS, lambda: self._chain(grammar.PRODUCTS, self._signed))

    def _chain(self, operators: frozenset[str], operand: Callable[[], tree.Node]) -> tree.Node:
        left = operand()
        deeper = 0
        while self._next.kind == "sign" and self._next.value in operators:
            operator = self._take()
            self._deeper(operator)
            deeper += 1
            right = operand()
            for one in (left, right):
                if not isinstance(one, grammar.NUMBERS):
                    raise syntax_error(
                        self._text, one.start, f"{operator.value} is for numbers", one.end
                    )
            left = tree.Arithmetic(left.start, right.end, operator.value, left, right)
        self._depth -= deeper
        return left

    def _signed(self) -> tree.Node:
        if not self._sees("+", "-"):
            return self._primary()
        token = self._take()
        self._deeper(token)
        operand = self._signed()
        self._depth -= 1
        start, end = token.start, operand.end
        if isinstance(operand, tree.Number):
            value = -operand.value if token.value == "-" else operand.value
            return tree.Number(start, end, value)
        if not isinstance(operand, grammar.NUMBERS):
            raise syntax_error(self._text, operand.start, "a number was expected", operand.end)
        return tree.Sign(start, end, token.value, operand)

    def _primary(self) -> tree.Node:
        token = self._next
        if token.kind == "name":
            return self._named()
        if self._sees("("):
            return self._parenthesis()
        if token.kind not in ("text", "time", "number", "range", "bind"):
            raise self._unexpected("a value or a condition")
        self._take()
        return literal(self._text, token)

    def _named(self) -> tree.Node:
        token = self._take()
        if self._sees("("):
            if token.value.upper() in grammar.INSTEAD_OF_WORDS and token.value.upper() != "GLOB":
                self._place -= 1
                raise self._unexpected("a value or a condition")
            return self._call(token)
        return tree.Name(token.start, token.end, token.value)

    def _call(self, name: Token) -> tree.Call:
        self._deeper(self._take())
        arguments: list[tree.Node] = []
        while not self._sees(")"):
            if arguments:
                if not self._sees(","):
                    raise self._unexpected("a comma or )")
                self._take()
            arguments.append(self._sum())
        end = self._take().end
        self._depth -= 1
        return tree.Call(name.start, end, name.value.upper(), tuple(arguments))

    def _parenthesis(self) -> tree.Node:
        opening = self._take()
        self._deeper(opening)
        first = self._either()
        if self._sees(","):
            self._take()
            second = self._either()
            found: tree.Node = tree.Pair(opening.start, self._pair_end(), first, second)
        elif self._sees(")"):
            end = self._take().end
            # The parentheses belong to what they hold, which messages point at.
            found = dataclasses.replace(first, start=opening.start, end=end)
        else:
            raise self._unexpected("AND, OR or )")
        self._depth -= 1
        return found

    def _pair_end(self) -> int:
        if self._sees(","):
            raise self._unexpected(
                ")", " after the two bounds of a timespan; a list comes after IN"
            )
        if not self._sees(")"):
            raise self._unexpected(")")
        return self._take().end

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise syntax_error(
                self._text,
                token.start,
                f"this is nested more than {_DEEPEST} levels deep",
                token.end,
            )

    def _unexpected(self, expected: str, hint: str = "") -> Exception:
        token = self._next
        if token.kind == "end":
            return syntax_error(
                self._text, token.start, f"{expected} was expected at the end{hint}"
            )
        instead = (
            grammar.INSTEAD_OF_WORDS.get(token.value.upper(), "") if token.kind == "name" else ""
        )
        found = f"{token.value} was found where {expected} was expected{hint}"
        if instead:
            found = f"{token.value} means nothing here: {instead}"
        return syntax_error(self._text, token.start, found, token.end)


def _operator_of(node: tree.Node) -> str:
    """Return the operator of a comparison or a membership."""
    return node.operator if isinstance(node, tree.Comparison) else "IN"
