"""Which collections an expression names."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from types import EllipsisType
from typing import TYPE_CHECKING, TypeAlias

from ..errors import CollectionExpressionError, MissingCollectionError, nearest
from ..iterating import is_iterable

if TYPE_CHECKING:
    from .collections import CollectionRecord

__all__ = ["CollectionExpression", "gather", "matching", "named"]

CollectionExpression: TypeAlias = "str | Iterable[str] | EllipsisType"
"""A name, a glob such as ``HSC/*``, several of them, or ``...`` for all."""

_GLOB = frozenset("*?[")

_UNNAMED = ": leave collections= out, or write collections=... for all"


def named(records: Mapping[str, CollectionRecord], name: str) -> CollectionRecord:
    """Return the collection of a name.

    Raises
    ------
    MissingCollectionError
        If there is none.
    """
    record = records.get(name)
    if record is None:
        raise MissingCollectionError(
            f"no collection is named {name!r}{nearest(str(name), records) if name else _UNNAMED}"
        )
    return record


def matching(
    records: Mapping[str, CollectionRecord], expression: CollectionExpression
) -> Iterator[CollectionRecord]:
    """Yield the collections that an expression names, in its order.

    Raises
    ------
    CollectionExpressionError
        If it is none.
    MissingCollectionError
        If a name, not a glob, is that of no collection.
    """
    if isinstance(expression, EllipsisType):
        expression = "*"
    if not is_iterable(expression):
        raise CollectionExpressionError(
            f"collections are named by strings and globs, or all by ..., not by {expression!r}"
        )
    for pattern in [expression] if isinstance(expression, str) else expression:
        if not isinstance(pattern, str):
            raise CollectionExpressionError(
                f"a collection is named by a string or a glob, not by {pattern!r}"
            )
        if _GLOB.isdisjoint(pattern) or pattern in records:
            yield named(records, pattern)
            continue
        for record in list(records.values()):
            if fnmatch.fnmatchcase(record.name, pattern):
                yield record


def gather(
    records: Mapping[str, CollectionRecord],
    record: CollectionRecord,
    found: dict[str, CollectionRecord],
    flatten: bool,
) -> None:
    """Add a collection, and what chains hold, to what was found, each once and in order."""
    if record.name in found:
        return
    found[record.name] = record
    if flatten:
        for child in record.children:
            gather(records, named(records, child), found, flatten)
