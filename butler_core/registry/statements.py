"""Statements that are compiled once, and the rows they return."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

__all__ = ["CompiledStatement", "Rows", "StatementCache", "of_several_rows"]


class Rows(list[tuple[Any, ...]]):
    """The rows of a query."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the first row, `None` if there is none."""
        return self[0] if self else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self


class CompiledStatement:
    """The SQL text of a statement, and the order of its parameters.

    Parameters
    ----------
    text : `str`
        SQL with positional parameters.
    parameters : `~collections.abc.Sequence` [ `str` ]
        Name of the value at each position.
    literals : `dict` [ `str`, `object` ]
        Values that the statement itself holds.
    """

    __slots__ = ("literals", "parameters", "text")

    def __init__(self, text: str, parameters: Sequence[str], literals: dict[str, Any]) -> None:
        self.text = text
        self.parameters = tuple(parameters)
        self.literals = literals

    def bind(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """Return the parameters of one execution."""
        if self.literals:
            values = {**self.literals, **values}
        return tuple([values[name] for name in self.parameters])


class StatementCache:
    """Statements by what they depend on, forgotten all together where they are too many.

    Parameters
    ----------
    compile : `~collections.abc.Callable`
        Makes a `CompiledStatement` of a SQLAlchemy one.
    kept : `dict`
        Where they are, which may be shared: see `Schema.statements`.
    most : `int`, optional
        How many are kept.
    """

    def __init__(
        self,
        compile: Callable[[Any], CompiledStatement],
        kept: dict[Hashable, CompiledStatement],
        most: int = 500,
    ) -> None:
        self._compile = compile
        self._most = most
        self._statements = kept

    def get(self, key: Hashable, construct: Callable[[], Any]) -> CompiledStatement:
        """Return the statement of a key, which ``construct`` makes if it is not there."""
        statement = self._statements.get(key)
        if statement is None:
            if len(self._statements) >= self._most:
                self._statements.clear()
            statement = self._statements[key] = self._compile(construct())
        return statement

    def __len__(self) -> int:
        return len(self._statements)


def of_several_rows(insert: str, count: int) -> str:
    """Return the SQL that inserts several rows at once.

    Parameters
    ----------
    insert : `str`
        SQL that inserts the parameters of one row, with whatever follows them.
    count : `int`
        How many rows.
    """
    head, values, rest = insert.partition(" VALUES ")
    row = rest[: rest.index(")") + 1]
    return f"{head}{values}{', '.join([row] * count)}{rest[len(row) :]}"
