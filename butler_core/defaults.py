"""What a Butler assumes where a call does not say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from types import EllipsisType
from typing import Any

from .collection import CollectionType
from .dimensions import DimensionGroup
from .dimensions.values import check_is_data_id, coerce_value
from .errors import (
    ArgumentError,
    CollectionTypeError,
    DataIdValueError,
    InvalidQueryError,
    MissingCollectionError,
    NoDefaultCollectionError,
    nearest,
)
from .queries.expressions import Checked
from .registry.collections import CollectionExpression, CollectionRecord
from .repository import Repository

__all__ = ["RegistryDefaults"]


@dataclasses.dataclass(frozen=True)
class RegistryDefaults:
    """Default collections, run and data ID values of a Butler.

    Parameters
    ----------
    collections : `tuple` [ `str` ]
        Where to look, in order.
    run : `str` or `None`
        Where to put.
    dataId : `dict` [ `str`, `str` ]
        Values of governor dimensions.
    infer : `bool`
        Whether the values of other governor dimensions are those that the
        collections hold, where they hold one each.
    """

    collections: tuple[str, ...] = ()
    run: str | None = None
    dataId: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    infer: bool = True

    @classmethod
    def make(
        cls,
        repository: Repository,
        collections: CollectionExpression | None,
        run: str | None,
        data_id: Mapping[str, Any],
        infer: bool,
    ) -> RegistryDefaults:
        """Check what a user gave; a run alone is where to look as well.

        Raises
        ------
        MissingCollectionError
            If one of the collections does not exist, or globs match none.
        CollectionTypeError
            If the run is a collection of another type.
        ArgumentError
            If a default is given for what is not a governor dimension.
        DataIdValueError
            If a default has no record.
        """
        check_is_data_id(data_id)
        governors = [dimension.name for dimension in repository.universe.governor_dimensions]
        values: dict[str, Any] = {}
        for name, value in data_id.items():
            if name not in governors:
                raise ArgumentError(
                    f"Butler takes default values of {' and '.join(governors)},"
                    f" not of {name!r}{nearest(str(name), governors)}"
                )
            if value is not None:
                values[name] = _known_value(repository, name, value)
        if run is not None and run in repository.collections:
            kind = repository.collections.get(run).type
            if kind is not CollectionType.RUN:
                raise CollectionTypeError(f"run={run!r} is a {kind} collection, not a RUN")
        if collections is None:
            names: tuple[str, ...] = () if run is None else (run,)
        else:
            names = tuple(record.name for record in repository.collections.query(collections))
            if not names and not isinstance(collections, EllipsisType) and collections:
                raise MissingCollectionError(
                    f"no collection matches {collections!r}; there are"
                    f" {_listing([record.name for record in repository.collections])}"
                )
        return cls(names, run, values, infer)

    def search(
        self, repository: Repository, collections: CollectionExpression | None
    ) -> tuple[CollectionRecord, ...]:
        """Return the collections to search, in order, each once and no chains.

        Raises
        ------
        NoDefaultCollectionError
            If none are given, and there is no default.
        MissingCollectionError
            If one does not exist.
        """
        wanted: CollectionExpression = self.collections if collections is None else collections
        if collections is None and not wanted:
            names = [record.name for record in repository.collections]
            raise NoDefaultCollectionError(
                "No collections provided and no default collections: give collections=..."
                f" to this call or to Butler(...); there are {_listing(names)}"
            )
        return repository.collections.flatten(wanted)

    def run_to_write(self, repository: Repository, call: str, run: str | None) -> str:
        """Return the run that a call shall write into: what it was given, or the default.

        Raises
        ------
        NoDefaultCollectionError
            If there is neither; with the runs that exist.
        """
        target = self.run if run is None else run
        if target is None:
            runs = [one.name for one in repository.collections.query("*", CollectionType.RUN)]
            raise NoDefaultCollectionError(
                f"{call} needs run=..., as the Butler was opened without a run; there are"
                f" {_listing(runs)}"
            )
        return target

    def nothing_to_search(
        self, repository: Repository, collections: CollectionExpression | None
    ) -> str:
        """Return why no collection is named by what was to be searched."""
        wanted: CollectionExpression = self.collections if collections is None else collections
        if not isinstance(wanted, EllipsisType) and not wanted:
            return f"collections={wanted!r} was given"
        chains = [record.name for record in repository.collections.query(wanted)]
        if chains:
            return f"chain {' and '.join(map(repr, chains))} is empty"
        return f"no collection matches {wanted!r}"

    def data_id(
        self,
        repository: Repository,
        governors: Iterable[str],
        collections: Iterable[CollectionRecord] = (),
    ) -> dict[str, Any]:
        """Return default values of some governor dimensions.

        Those that were given come first, then what the default collections
        hold one value of, then what ``collections``, those of a call, do.
        """
        values = {name: self.dataId[name] for name in governors if name in self.dataId}
        missing = [name for name in governors if name not in values]
        if not missing or not self.infer:
            return values
        known = repository.collections
        own = known.flatten([name for name in self.collections if name in known])
        for records in (own, collections):
            keys = {record.key for record in records}
            for name in missing if keys else ():
                held = repository.datasets.summaries.governor(name, keys)
                if len(held) == 1:
                    values.setdefault(name, *held)
            if all(name in values for name in missing):
                break
        return values

    def constraint(
        self,
        repository: Repository,
        dimensions: DimensionGroup,
        given: Mapping[str, Any],
        searched: Iterable[CollectionRecord] | None = None,
        where: Checked | None = None,
        *,
        check: bool = True,
    ) -> dict[str, Any]:
        """Return the values that the results of a query must have.

        Parameters
        ----------
        repository : `Repository`
            The open repository.
        dimensions : `DimensionGroup`
            Dimensions of the query.
        given : `~collections.abc.Mapping`
            Values that a user gave.
        searched : `~collections.abc.Iterable` [ `CollectionRecord` ], optional
            The collections that the query is about, if it is about any.
        where : `Checked`, optional
            An expression that the results must satisfy, whose values are
            among the given ones.
        check : `bool`, optional
            Whether it is an error if it is open of which instrument.

        Raises
        ------
        InvalidQueryError
            If a value is given of a dimension such as visit, and it is open
            of which instrument; for an expression, if neither it nor a default
            says.
        """
        mentioned = frozenset() if where is None else where.mentioned
        open_ones = [name for name in dimensions.governors if name not in mentioned]
        values = self.data_id(repository, [name for name in open_ones if name not in given])
        values.update(given)
        for governor, name in {} if where is None else where.governors.items():
            if governor not in values and governor not in mentioned:
                values.update(self.data_id(repository, [governor]))
            if check and governor not in values and governor not in mentioned:
                raise self._governor_missing(repository, governor, name)
        universe = repository.universe
        needed = {
            governor: name
            for name in given
            for governor in universe[name].dimensions.governors
            if governor not in values and governor not in mentioned
        }
        for governor, name in needed.items():
            if governor not in dimensions:
                values.update(self.data_id(repository, [governor]))
            if governor in values:
                continue
            held = searched if governor in dimensions else None
            choices = self._choices(repository, governor, held)
            if check and len(choices) > 1:
                listed = ", ".join(repr(choice) for choice in sorted(choices))
                raise InvalidQueryError(
                    f"{name}={given[name]!r} needs {governor}=..., which may be any of {listed}"
                )
            values.update((governor, choice) for choice in choices if len(choices) == 1)
        return values

    def _governor_missing(
        self, repository: Repository, governor: str, name: str
    ) -> InvalidQueryError:
        choices = sorted(self._choices(repository, governor, None), key=str)
        values = " or ".join(f"{governor} = {choice!r}" for choice in choices[:4])
        return InvalidQueryError(
            f"where: {name} means nothing without {governor}: write {values or governor} AND ...,"
            f" or open Butler(..., {governor}=...)"
        )

    def _choices(
        self,
        repository: Repository,
        governor: str,
        searched: Iterable[CollectionRecord] | None,
    ) -> set[Any]:
        """Return the values of a governor dimension that a query may be about."""
        if searched is not None:
            keys = [record.key for record in searched]
            return repository.datasets.summaries.governors(keys)[governor]
        repository.records.refresh()
        return {key[0] for key in repository.records.all_cached(repository.universe[governor])}


def _known_value(repository: Repository, name: str, value: Any) -> Any:
    governor = repository.universe[name]
    coerced = coerce_value(governor, value)
    repository.records.refresh()
    known = repository.records.all_cached(governor)
    if (coerced,) not in known:
        names = [str(key[0]) for key in known]
        raise DataIdValueError(
            f"there is no {name} record for {coerced!r}{nearest(str(coerced), names)}"
        )
    return coerced


def _listing(names: list[str]) -> str:
    if not names:
        return "none in this repository"
    shown = ", ".join(repr(name) for name in sorted(names)[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
