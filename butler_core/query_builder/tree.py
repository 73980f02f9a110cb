"""What a query that is built step by step has been told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from ..dataset import DatasetType
from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import ArgumentError, DatasetTypeError, InvalidQueryError
from ..finder import DatasetFinder
from ..iterating import is_iterable
from ..queries.constraints import checked_constraint
from ..queries.expressions import NOTHING, Checked
from ..queries.memberships import DatasetSearch, GivenDataIds, Search
from ..queries.where import checked_where
from ..registry.collections import CollectionExpression
from .columns import Predicate

__all__ = ["QueryTree"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class QueryTree:
    """Dimensions, datasets, data IDs and conditions that are joined.

    Methods return another tree.

    Parameters
    ----------
    finder : `DatasetFinder`
        Finds dataset types and collections, with the defaults of a Butler.
    dimensions : `DimensionGroup`
        All dimensions that something has been said of.
    joined : `frozenset` [ `str` ], optional
        Those that there must be records of, whatever the results are.
    searches : `~collections.abc.Mapping` [ `str`, `DatasetSearch` ], optional
        Datasets that there must be, by the names of their types.
    given : `tuple` [ `GivenDataIds` ], optional
        Data IDs that the results must agree with.
    data_id : `~collections.abc.Mapping` [ `str`, `object` ], optional
        Values that dimensions must have.
    where : `Checked`, optional
        What must be true besides.
    """

    finder: DatasetFinder
    dimensions: DimensionGroup
    joined: frozenset[str] = frozenset()
    searches: Mapping[str, DatasetSearch] = dataclasses.field(default_factory=dict)
    given: tuple[GivenDataIds, ...] = ()
    data_id: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    where: Checked = NOTHING

    def with_dimensions(self, names: Iterable[str]) -> QueryTree:
        """Join records of some dimensions."""
        group = self.dimensions.universe.conform(names)
        return self._about(group, joined=self.joined | frozenset(group.names))

    def with_search(
        self, dataset_type: str | DatasetType, collections: CollectionExpression | None
    ) -> tuple[str, QueryTree]:
        """Join a search for datasets, and return the name of their type as well.

        Where the type has been joined already, no collections mean the same as then.

        Raises
        ------
        DatasetTypeError
            If the type is that of a component.
        InvalidQueryError
            If the type has been joined with other collections.
        """
        record, asked = self.finder.dataset_type(dataset_type)
        name = record.dataset_type.name
        if asked.name != name:
            raise DatasetTypeError(
                f"{asked.name!r} names a component: ask for its parent {name!r}, and for"
                f" ref.makeComponentRef({asked.component()!r}) of what is found"
            )
        before = self.searches.get(name)
        if before is not None and collections is None:
            return name, self
        searched = self.finder.defaults.search(self.finder.repository, collections)
        if before is not None and before.collections != searched:
            then, now = (
                [one.name for one in records] for records in (before.collections, searched)
            )
            raise InvalidQueryError(
                f"{name!r} is searched for in {then} by this query, and cannot be in {now} as well"
            )
        searches = {**self.searches, name: DatasetSearch(record, searched)}
        return name, self._about(record.dataset_type.dimensions, searches=searches)

    def with_data_ids(self, data_ids: Iterable[DataCoordinate]) -> QueryTree:
        """Join data IDs, which have the same dimensions.

        Raises
        ------
        ArgumentError
            If one is something else.
        InvalidQueryError
            If there are none, or their dimensions differ.
        """
        rows = []
        group: DimensionGroup | None = None
        if not is_iterable(data_ids):
            raise ArgumentError(f"join_data_coordinates takes data IDs in a list, not {data_ids!r}")
        for one in data_ids:
            if not isinstance(one, DataCoordinate):
                raise ArgumentError(
                    f"join_data_coordinates takes data IDs such as butler.registry.expandDataId"
                    f" returns, not {one!r}"
                )
            if group is not None and one.dimensions != group:
                raise InvalidQueryError(
                    f"data IDs of {group} and of {one.dimensions} are not joined together: the"
                    " dimensions of all must be the same"
                )
            group = one.dimensions
            rows.append(one.required_values)
        if group is None:
            raise InvalidQueryError("there are no data IDs to join: the query would find nothing")
        return self.with_given(GivenDataIds.of(group, rows))

    def with_given(self, given: GivenDataIds) -> QueryTree:
        """Join data IDs."""
        return self._about(given.group, given=(*self.given, given))

    def filtered(
        self,
        args: Iterable[str | Predicate | Mapping[str, Any]],
        bind: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
    ) -> QueryTree:
        """Join conditions: expressions, and values of dimensions.

        Raises
        ------
        ArgumentError
            If one is something else.
        InvalidQueryError
            If one means nothing here.
        """
        universe = self.dimensions.universe
        own: Mapping[str, Any] | None
        values: dict[str, Any] = {}
        where = self.where
        for one in args:
            if isinstance(one, Predicate):
                text, own = one.written.rendered()
            elif isinstance(one, str):
                text, own = one, bind
            elif isinstance(one, Mapping):
                values.update(checked_constraint(universe, one))
                continue
            else:
                raise ArgumentError(
                    "where takes expressions in strings, conditions made of columns, and data IDs;"
                    f" not {one!r}"
                )
            where = checked_where(
                self.dimensions, text, own, dataset_types=tuple(self.searches), before=where
            )
        values.update(checked_constraint(universe, keywords))
        data_id = dict(self.data_id)
        for name, value in values.items():
            if data_id.setdefault(name, value) != value:
                said = f"{name} is asked to be {data_id[name]!r}, and to be {value!r}"
                where = where.impossible(said)
        names = {name for one in where.conjuncts for name in one.dimensions}
        group = universe.conform({*names, *where.equalities, *values})
        return self._about(group, data_id=data_id, where=where)

    def described(self) -> list[str]:
        """Return in words what has been joined, beside dimensions."""
        parts = [f"with {name!r}" for name in self.searches]
        parts += [f"where {self.where.text!r}"] if self.where.text else []
        return parts + ([f"data ID {dict(self.data_id)}"] if self.data_id else [])

    def _about(self, group: DimensionGroup, **changes: Any) -> QueryTree:
        names = {*self.dimensions.names, *group.names}
        dimensions = self.dimensions.universe.conform(names)
        return dataclasses.replace(self, dimensions=dimensions, **changes)

    def restriction(self, group: DimensionGroup, but: str | None = None) -> dict[str, Any]:
        """Return what results of some dimensions must be, with the defaults of the Butler.

        Parameters
        ----------
        group : `DimensionGroup`
            Their dimensions.
        but : `str`, optional
            The dataset type that they are of, which is searched for by itself.

        Returns
        -------
        arguments : `dict`
            Those of a `Restriction`: ``constraint``, ``where`` and ``datasets``.
        """
        values, where = self.where.beside(self.data_id)
        search = None if but is None else self.searches[but].collections
        every = self.dimensions.universe.conform({*group.names, *self.dimensions.names})
        constraint = self.finder.defaults.constraint(
            self.finder.repository, every, values, search, where
        )
        if not group.issuperset(self.joined):
            where = where.with_records_of(self.joined)
        searches: list[Search] = [*self.given]
        searches += [one for name, one in self.searches.items() if name != but]
        return {"constraint": constraint, "where": where, "datasets": tuple(searches)}
