"""Why a query finds nothing."""

from __future__ import annotations

import dataclasses
import itertools
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..dimensions import DataCoordinate, DimensionGroup, DimensionUniverse
from ..errors import DataIdError, InconsistentDataIdError, InvalidQueryError, nearest
from ..registry.collections import CollectionRecord
from ..registry.expansion import expand
from ..timespan import Timespan
from .data_ids import DataIdQuery
from .dataset_query import DatasetQuery
from .expressions import Checked
from .expressions.checked import Constant
from .memberships import DatasetSearch, GivenDataIds, Search
from .query_source import QuerySource
from .records import RecordQuery

__all__ = ["Query", "why_empty"]

Query = DatasetQuery | DataIdQuery | RecordQuery

_MOST_PARTS = 24  # of a query, each of which is tried by itself
_MOST_VALUES = 1000  # of a dimension, among which the nearest is looked for


def why_empty(source: QuerySource, query: Query, *, execute: bool = True) -> list[str]:
    """Return the reasons why a query, which is known to find nothing, does so.

    What it asks for is taken apart: collections, values of the data ID,
    conditions of ``where``, datasets that there must be. Each is tried by
    itself; if all find something, the fewest that together find nothing are
    told.

    Parameters
    ----------
    source : `QuerySource`
        What it runs on.
    query : `DatasetQuery`, `DataIdQuery` or `RecordQuery`
        The query.
    execute : `bool`, optional
        Whether other queries are run to find out. If not, only what is known
        of the collections is told, which may be nothing.

    Returns
    -------
    reasons : `list` [ `str` ]
        Each says by itself that there can be no results.
    """
    if query.limit == 0:
        return ["limit=0 was given"]
    reasons = list(_nowhere(source, query))
    if reasons or not execute:
        return reasons
    if not _finds(source, query, []):
        return list(_nothing_at_all(source, query))
    reasons = list(_wrong_values(source, query))
    return reasons or list(_excluded(source, query))


def _nowhere(source: QuerySource, query: Query) -> Iterator[str]:
    """Yield what collections do not hold."""
    searches = [one for one in _joined(query) if isinstance(one, DatasetSearch)]
    if isinstance(query, DatasetQuery):
        searches.insert(0, DatasetSearch(query.record, query.collections))
    for search in searches:
        name = search.record.dataset_type.name
        if not search.collections:
            yield f"no dataset of type {name!r}: there is no collection to search"
        elif not search.narrowed(source.datasets.summaries):
            where = _listed(search.collections)
            yield f"no dataset of type {name!r} was ever put into {where}"


def _nothing_at_all(source: QuerySource, query: Query) -> Iterator[str]:
    """Yield why there is nothing, whatever the query says of it."""
    if isinstance(query, DatasetQuery):
        yield f"there are no {_what(query)} any more"
        return
    if isinstance(query, RecordQuery):
        yield f"there are no {query.element.name} records"
        return
    bare = list(_without_records(source, query.dimensions.universe, query.dimensions.names))
    yield from bare or [f"no records make data IDs of {query.dimensions}: none of them agree"]


def _without_records(
    source: QuerySource, universe: DimensionUniverse, names: Iterable[str]
) -> Iterator[str]:
    """Yield the elements of which there are no records."""
    for name in names:
        element = universe[name]
        if element.skypix is None and not _finds(source, RecordQuery(element=element), []):
            yield f"there are no {name} records"


def _wrong_values(source: QuerySource, query: Query) -> Iterator[str]:
    """Yield values that no record has, or that contradict the records of others."""
    universe = _group(query).universe
    wrong: set[str] = set()
    for name in sorted(query.constraint, key=universe.index):
        value, element = query.constraint[name], universe[name]
        required = element.required_names
        if element.skypix is not None or not query.constraint.keys() >= set(required):
            continue
        if not wrong.isdisjoint(required):
            continue  # nothing belongs to what there is not
        own = {key: query.constraint[key] for key in required}
        if not _finds(source, RecordQuery(element=element, constraint=own), [*_values(own)]):
            asks = "where" if query.where.equalities.get(name) == value else "the data ID"
            others = RecordQuery(
                element=element,
                constraint={key: one for key, one in own.items() if key != name},
                limit=_MOST_VALUES,
            )
            known = [str(record.dataId[name]) for record in _run(source, others)]
            hint = nearest(value, known) if isinstance(value, str) else ""
            wrong.add(name)
            yield f"no {name} record has the value {value!r} that {asks} asks for{hint}"
            continue
        claimed = {key: query.constraint.get(key) for key in element.dimensions.implied}
        given_values = {key: one for key, one in claimed.items() if one is not None}
        coordinate = DataCoordinate.standardize(own, dimensions=element.dimensions)
        try:
            expand(source.records, coordinate, given_values)
        except InconsistentDataIdError as error:
            yield str(error)
        except DataIdError:
            pass  # which is told of the other value


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """A part of what a query asks for."""

    kind: str
    """``value``, ``conjunct``, ``datasets`` or ``timespan``."""

    key: Any = None
    """The dimension of a value, or the place among others of the kind."""


def _values(constraint: Mapping[str, Any]) -> Iterator[_Part]:
    return (_Part("value", name) for name in constraint)


def _parts(query: Query) -> Iterator[_Part]:
    """Yield the parts of a query; the first are those that are best left out."""
    universe = _group(query).universe
    yield from sorted(_values(query.constraint), key=lambda one: not universe[one.key].is_governor)
    if isinstance(query, DatasetQuery) and query.timespan is not None:
        yield _Part("timespan")
    yield from (_Part("datasets", place) for place in range(len(_joined(query))))
    yield from (_Part("conjunct", place) for place in range(len(query.where.conjuncts)))


def _excluded(source: QuerySource, query: Query) -> Iterator[str]:
    """Yield which part of a query excludes everything, or which do so together."""
    contradictions = [
        said.text
        for conjunct, said in zip(query.where.conjuncts, query.where.said, strict=False)
        if conjunct.condition == Constant(False)
    ]
    if contradictions:
        yield from contradictions
        return
    parts = list(_parts(query))
    few = len(parts) <= _MOST_PARTS
    alone = [part for part in parts if few and not _finds(source, query, [part])]
    what = f"of the {_what(query)}, none"
    if alone:
        bare = list(_without_records(source, _group(query).universe, _beyond(query, alone)))
        yield from dict.fromkeys(bare) or (f"{what} {_phrase(query, part)}" for part in alone)
        return
    for part in parts if few else ():
        fewer = [one for one in parts if one is not part]
        if not _finds(source, query, fewer):
            parts = fewer
    left_out = max(len(parts) - _MOST_PARTS, 0)
    shown = [*parts[: _MOST_PARTS - 2], *parts[_MOST_PARTS - 2 + left_out :]]
    *most, last = (_phrase(query, part) for part in shown)
    if left_out:
        most.insert(-1, f"satisfies {left_out} conditions more")
    each = ", though each by itself is true of some" if few else ""
    yield f"{what} {', '.join(most)} and {last}{each}"


def _beyond(query: Query, parts: Iterable[_Part]) -> Iterator[str]:
    """Yield the elements that some parts of a query need, and its results do not have."""
    for part in parts:
        if part.kind == "conjunct":
            one = query.where.conjuncts[part.key]
            yield from sorted((one.dimensions | one.elements) - set(_group(query).names))


def _finds(source: QuerySource, query: Query, parts: Iterable[_Part]) -> bool:
    """Return whether there is anything that is as some parts of a query ask for."""
    kept = set(parts)
    where = query.where
    changes: dict[str, Any] = {
        "constraint": {
            name: value for name, value in query.constraint.items() if _Part("value", name) in kept
        },
        "where": dataclasses.replace(
            where, conjuncts=_kept(where.conjuncts, "conjunct", kept), said=()
        ),
        "order_by": (),
        "limit": 1,
    }
    if isinstance(query, DatasetQuery):
        changes["find_first"] = False
        changes["timespan"] = query.timespan if _Part("timespan") in kept else None
    # What is said of fields of datasets means nothing without the datasets.
    types = {name for one in changes["where"].conjuncts for name, _ in one.dataset_fields}
    for place, search in enumerate(_joined(query)):
        if isinstance(search, DatasetSearch) and search.record.dataset_type.name in types:
            kept.add(_Part("datasets", place))
    changes["others" if isinstance(query, DatasetQuery) else "datasets"] = _kept(
        _joined(query), "datasets", kept
    )
    try:
        return any(True for _ in _run(source, dataclasses.replace(query, **changes)))
    except InvalidQueryError:
        return True  # the rest of the query made clear what is meant


def _kept(values: Sequence[Any], kind: str, kept: set[_Part]) -> tuple[Any, ...]:
    return tuple([one for place, one in enumerate(values) if _Part(kind, place) in kept])


def _run(source: QuerySource, query: Query) -> Iterator[Any]:
    if isinstance(query, DatasetQuery):
        return source.dataset_queries.run(query, source.collections.names_by_key)
    if isinstance(query, RecordQuery):
        return source.record_queries.run(query)
    return source.data_id_queries.run(query)


def _joined(query: Query) -> tuple[Search, ...]:
    """Return what the results of a query must agree with."""
    return query.others if isinstance(query, DatasetQuery) else query.datasets


def _group(query: Query) -> DimensionGroup:
    if isinstance(query, DatasetQuery):
        return query.record.dataset_type.dimensions
    return query.element.dimensions if isinstance(query, RecordQuery) else query.dimensions


def _what(query: Query) -> str:
    """Return what a query is for, many of them."""
    if isinstance(query, DatasetQuery):
        name = query.record.dataset_type.name
        return f"datasets of type {name!r} in {_listed(query.collections)}"
    if isinstance(query, RecordQuery):
        return f"{query.element.name} records"
    return f"data IDs of {', '.join(query.dimensions.required) or 'no dimensions'}"


def _phrase(query: Query, part: _Part) -> str:
    """Return what a result must do for the sake of a part, as what follows its subject."""
    if part.kind == "value":
        return f"has {part.key}={query.constraint[part.key]!r}"
    if part.kind == "conjunct":
        return f"satisfies {_said(query.where, part.key)}"
    if isinstance(query, DatasetQuery) and part.kind == "timespan":
        if query.timespan is not None and query.timespan.isEmpty():
            return "is valid at the time of the data ID, which is not known"
        return f"is valid in {query.timespan}"
    search = _joined(query)[part.key]
    if isinstance(search, GivenDataIds):
        return f"agrees with one of the given data IDs of {', '.join(search.group.required)}"
    name = search.record.dataset_type.name
    return f"has a dataset of type {name!r} in {_listed(search.collections)}"


def _said(where: Checked, place: int) -> str:
    """Return the text of a condition, with the values that are bound to its names."""
    if place >= len(where.said):
        return f"{where.text!r}"
    said = where.said[place]
    bound = [
        f"{name}={value if isinstance(value, Timespan) else reprlib.repr(value)}"
        for name, value in said.bound.items()
        if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", said.text)
    ]
    return f"{said.text} (with {', '.join(bound)})" if bound else said.text


def _listed(collections: Sequence[CollectionRecord], most: int = 8) -> str:
    names = [repr(one.name) for one in itertools.islice(collections, most)]
    if len(collections) > most:
        names.append(f"{len(collections) - most} more")
    return ", ".join(names)
