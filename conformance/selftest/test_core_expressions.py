"""How the text of ``where`` is read: the tree, or an error that points at the mistake."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from butler_core import BindValueError, UserExpressionError, UserExpressionSyntaxError
from butler_core.dimensions import DimensionUniverse
from butler_core.queries.expressions import Checked, Context, check, parse, tree

UNIVERSE = DimensionUniverse()


def shown(node: object) -> str:
    """Return a tree with all its parentheses."""
    match node:
        case tree.And(operands=operands):
            return f"({' & '.join(map(shown, operands))})"
        case tree.Or(operands=operands):
            return f"({' | '.join(map(shown, operands))})"
        case tree.Not(operand=operand):
            return f"!{shown(operand)}"
        case tree.Comparison(operator=operator, left=left, right=right):
            return f"[{shown(left)} {operator} {shown(right)}]"
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return f"<{shown(left)} {operator} {shown(right)}>"
        case tree.In(member=member, values=values, negated=negated):
            listed = ", ".join(map(shown, values))
            return f"[{shown(member)} {'not ' if negated else ''}in {listed}]"
        case tree.Sign(sign=sign, operand=operand):
            return f"{sign}{shown(operand)}"
        case tree.Name(name=name):
            return name
        case tree.Bind(name=name):
            return f":{name}"
        case tree.Number(value=value) | tree.Text(value=value):
            return repr(value)
        case tree.Time(value=value):
            return f"T{value!r}"
        case tree.Range(first=first, last=last, stride=stride):
            return f"{first}..{last}:{stride}"
        case tree.Pair(first=first, second=second):
            return f"({shown(first)}, {shown(second)})"
        case tree.Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(shown, arguments))})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 OR b = 2 AND c = 3", "([a = 1] | ([b = 2] & [c = 3]))"),
        ("(a = 1 OR b = 2) AND c = 3", "(([a = 1] | [b = 2]) & [c = 3])"),
        ("NOT a = 1 AND b = 2", "(![a = 1] & [b = 2])"),
        ("NOT NOT a", "!!a"),
        ("a AND b and c And d", "(a & b & c & d)"),
        ("a + 2 * b - c / 2 % 3 < -d", "[<<a + <2 * b>> - <<c / 2> % 3>> < -d]"),
        ("a - b - c = 1", "[<<a - b> - c> = 1]"),
        ("- -a = +1", "[--a = 1]"),
        ("a IN (1, -2, -3..5:2, 'x', :b, c, T'2020-01-01')",
         "[a in 1, -2, -3..5:2, 'x', :b, c, T'2020-01-01']"),
        ("NOT a not  in(1 .. 5 : 2)", "![a not in 1..5:2]"),
        ("a.b.begin >= t'x'", "[a.b.begin >= T'x']"),
        ("a OVERLAPS (T'x', NULL)", "[a OVERLAPS (T'x', NULL)]"),
        ("glob(a.b, '*') OR f()", "(GLOB(a.b, '*') | F())"),
        ("a=1. and b=.5e-1", "([a = 1.0] & [b = 0.05])"),
        ("a<=1\n\tAND\r\nb!='it is'", "([a <= 1] & [b != 'it is'])"),
        ("inner = 1 AND order = 2 AND nothing = 3",
         "([inner = 1] & [order = 2] & [nothing = 3])"),
    ],
)  # fmt: skip
def test_a_tree(text: str, expected: str) -> None:
    assert shown(parse(text)) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_nothing(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a == 1", 3, "write = for equal"),
        ("a <> 1", 3, "!="),
        ("a => 1", 3, ">="),
        ("a =< 1", 3, "<="),
        ('a = "x"', 5, "single quotes"),
        ("a = 'x", 5, "no closing quote"),
        ("a = 1 && b", 7, "AND"),
        ("a = $1", 5, ":visits"),
        ("a LIKE 'x%'", 3, "GLOB"),
        ("a BETWEEN 1 AND 2", 3, "IN (10..20)"),
        ("a IS NULL", 3, "= NULL"),
        ("a =", 4, "at the end"),
        ("(a = 1", 7, ")"),
        ("a = 1)", 6, "AND, OR or the end"),
        ("a IN :b", 6, "(:b)"),
        ("a IN (1, 2", 11, ")"),
        ("a IN ((1, 2))", 7, "literal"),
        ("a IN (5..1)", 7, "write 1..5"),
        ("a IN (1..5:0)", 7, "stride"),
        ("a = 12x", 5, "neither a number nor a name"),
        ("a = 99999999999999999999", 5, "64 bits"),
        ("a = 1e999", 5, "too large"),
        ("1 < a < 2", 7, "1 < visit AND visit < 5"),
        ("NOT IN (1)", 5, "NOT IN"),
        ("'a' AND b", 1, "condition"),
        ("NOT 'a'", 5, "condition"),
        ("(a = 1) + 2 = 3", 1, "numbers"),
        ("a = (b = 1)", 5, "a value was expected"),
        ("(a, b, c)", 6, "two bounds"),
        ("a = 1\nAND b == 2", 7, "line 2"),
    ],
)
def test_a_mistake(text: str, place: int, said: str) -> None:
    with pytest.raises(UserExpressionSyntaxError) as caught:
        parse(text)
    message, line, mark = str(caught.value).split("\n")
    assert f"character {place}:" in message
    assert said in message
    assert line[4:] == text.split("\n")[-1]
    assert mark.startswith(" " * (4 + place - 1) + "^")


def test_a_long_line_is_shown_in_part() -> None:
    text = " AND ".join(f"visit = {number}" for number in range(100)) + " AND visit == 3"
    with pytest.raises(UserExpressionSyntaxError) as caught:
        parse(text)
    _, line, mark = str(caught.value).split("\n")
    assert len(line) < 110
    assert line[mark.index("^") :].startswith("== 3")


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep = "(" * 5000 + "a = 1" + ")" * 5000
    for text in (deep, "NOT " * 5000 + "a = 1", "-" * 5000 + "a = 1", "a = " + "1 + " * 5000 + "1"):
        with pytest.raises(UserExpressionSyntaxError, match="nested more than 50"):
            parse(text)
    assert parse(" OR ".join(["a = 1"] * 5000)) is not None


WORDS = """visit detector exposure instrument band tract htm7 visit.exposure_time visit.timespan
    timespan.begin visit.timespan.end exposure.can_see_sky visit.region run x.y NULL name id AND OR
    NOT IN OVERLAPS and not in ( ) , = != < <= > >= + - * / % 1 2.5 .5e3 1..5 -3..9:2 1..
    'a' '' 'HSC' T'2020-01-01' T'x' T'58849.0' :v :w :list :none v list GLOB UUID POINT LIKE == "
    ' : . .. ~ é ‘"""
EXPRESSIONS = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=12).map(" ".join)
BIND = {"v": 1, "w": "a", "list": [1, 2], "none": None, "visit_": 2.5}


def understood(text: str) -> Checked | None:
    """Return what an expression means, `None` if it is refused as it should be."""
    dimensions = UNIVERSE.conform(["visit", "detector"])
    try:
        return check(text, parse(text), Context(dimensions, ("calexp",), BIND))
    except UserExpressionError as error:
        pointed = "^" in str(error) or isinstance(error, BindValueError)
        return None if pointed else pytest.fail(f"{error} does not say where")


@given(EXPRESSIONS)
@example("visit IN (list, 1..5) AND NOT exposure.can_see_sky")
@example("GLOB(visit.name, 'x') OR (v = 1)")
def test_words_give_a_meaning_or_the_documented_error(text: str) -> None:
    understood(text)


@given(st.text(max_size=30))
@example("'\x00' = '\ud800'")
@example("a = '\u2028' == 1")
def test_any_text_gives_a_meaning_or_the_documented_error(text: str) -> None:
    understood(text)


def test_values_are_parameters() -> None:
    one, other = (
        understood(f"visit IN ({first}, 7) AND visit.name != '{second}' AND detector < {first}")
        for first, second in ((1, "a"), (2, "b"))
    )
    assert one is not None
    assert other is not None
    assert one.conjuncts == other.conjuncts
    assert hash(one.conjuncts) == hash(other.conjuncts)
    assert one.values != other.values


def test_equal_dimensions_are_constraints() -> None:
    found = understood("instrument = 'HSC' AND 5 = visit AND detector IN (7) AND band != 'r'")
    assert found is not None
    assert found.equalities == {"instrument": "HSC", "visit": 5, "detector": 7}
    (rest,) = found.conjuncts
    assert rest.dimensions == {"band"}


def test_governors_that_are_needed_and_mentioned() -> None:
    found = understood("visit > 5 OR instrument != 'HSC' OR detector.full_name = 'x'")
    assert found is not None
    assert found.governors == {"instrument": "visit"}
    assert found.mentioned == {"instrument"}
    fields = understood("visit.exposure_time > 5 AND band = 'r'")
    assert fields is not None
    assert not fields.governors


def test_lists_of_similar_length_have_one_shape() -> None:
    shapes = {
        understood(f"visit IN ({', '.join(map(str, range(length)))})").conjuncts  # type: ignore[union-attr]
        for length in range(65, 128)
    }
    assert len(shapes) == 1
