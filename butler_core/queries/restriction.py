"""What queries for dimensions have in common: which rows, in which order, and how many."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Self

import sqlalchemy

from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from .expressions import NOTHING, Checked
from .memberships import Membership, Search, memberships

__all__ = ["Restriction", "limited"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What the results of a query must be.

    Parameters
    ----------
    constraint : `~collections.abc.Mapping` [ `str`, `object` ], optional
        Values of dimensions that they must have, or be related to.
    where : `Checked`, optional
        What they must be besides.
    datasets : `tuple` [ `Search` ], optional
        Datasets that there must be, or data IDs that they must agree with.
    order_by : `tuple` [ `str` ], optional
        Terms to order by.
    limit : `int` or `None`, optional
        How many to return at most.
    """

    constraint: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    where: Checked = NOTHING
    datasets: tuple[Search, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None

    def narrowed(self, summaries: CollectionSummaries) -> Self | None:
        """Return a query that looks for datasets only where they may be, `None` if nowhere."""
        held = tuple(one.narrowed(summaries) for one in self.datasets)
        if not all(held):
            return None
        return dataclasses.replace(self, datasets=held)

    @property
    def shape(self) -> Hashable:
        """What its SQL depends on, but for what is selected."""
        return (
            tuple(self.constraint),
            self.where.conjuncts,
            tuple(one.shape for one in self.datasets),
            self.order_by,
            self.limit is None,
        )

    def values(self, encode_uuid: Callable[[uuid.UUID], Any]) -> dict[str, Any]:
        """Return the parameters of its SQL by name."""
        values = {f"value_{name}": value for name, value in self.constraint.items()}
        values.update(self.where.parameters(encode_uuid))
        for place, search in enumerate(self.datasets):
            values.update(search.values(place))
        values["limit"] = self.limit
        return values

    def memberships(self, schema: Schema, done: Collection[int] = ()) -> list[Membership]:
        """Return the tables of its datasets; not those of places which are dealt with already."""
        return list(memberships(schema, self.datasets, self.constraint, self.where, done))


def limited(statement: sqlalchemy.Select[Any], limit: int | None) -> sqlalchemy.Select[Any]:
    """Return a statement that selects no more rows than its parameter ``limit``, if there is one.

    Parameters
    ----------
    statement : `sqlalchemy.Select`
        The statement.
    limit : `int` or `None`
        The limit, whose value is bound when it runs.
    """
    if limit is None:
        return statement
    return statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
