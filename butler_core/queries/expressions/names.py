"""What the names in an expression are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from ...dimensions import DimensionElement, DimensionGroup
from ...errors import nearest
from . import checked, tree
from .pointing import user_error

__all__ = ["DATASET_FIELDS", "Context", "column"]

DATASET_FIELDS = {
    "dataset_id": "uuid",
    "ingest_date": "datetime",
    "run": "string",
    "collection": "string",
    "timespan": "timespan",
}
"""The types of what an expression may say of datasets."""


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        The dimensions of the query's results.
    dataset_types : `tuple` [ `str` ]
        The dataset types that the query is for, or is about.
    bind : `~collections.abc.Mapping`
        Values by name.
    """

    dimensions: DimensionGroup
    dataset_types: tuple[str, ...]
    bind: Mapping[str, Any]


def column(text: str, context: Context, node: tree.Name) -> checked.Value:
    """Return the column, or the bound of a timespan, that a name means.

    Raises
    ------
    UserExpressionError
        If it means nothing here, or several things.
    """
    parts = node.name.split(".")
    universe = context.dimensions.universe
    bound = parts.pop() if len(parts) > 1 and parts[-1] in ("begin", "end") else None
    if len(parts) == 2 and parts[0] in universe:
        found = _field(text, node, universe[parts[0]], parts[1])
    elif len(parts) == 2:
        found = _dataset_field(text, context, node, *parts)
    elif len(parts) == 1:
        found = _unqualified(text, context, node, parts[0])
    else:
        raise _unknown(text, context, node, node.name)
    if bound is None:
        return found
    if found.type != "timespan":
        shown = node.name.removesuffix(f".{bound}")
        raise user_error(text, node.start, f"{shown} is no timespan, and has no {bound}", node.end)
    return checked.Bound(found, bound)


def _field(text: str, node: tree.Name, element: DimensionElement, name: str) -> checked.Value:
    universe = element.universe
    if element.primary_key is not None and name in (element.primary_key.name, element.name):
        return _key(element)
    if name in element.required_names or name in element.implied_names:
        return _key(universe[name])
    if element.skypix is not None:
        message = f"{element.name} is a pixel of the sky, of which the number alone is queried"
        raise user_error(text, node.start, message, node.end)
    for one in element.columns:
        if one.name == name:
            return checked.Field(element.name, name, one.type)
    known = [one.name for one in element.columns]
    raise user_error(
        text,
        node.start,
        f"{element.name} has no field {name!r}{nearest(name, known) or _listed(known)}",
        node.end,
    )


def _key(dimension: DimensionElement) -> checked.DimensionKey:
    assert dimension.primary_key is not None
    return checked.DimensionKey(dimension.name, dimension.primary_key.type)


def _dataset_field(
    text: str, context: Context, node: tree.Name, dataset_type: str, name: str
) -> checked.Value:
    if dataset_type not in context.dataset_types and name in DATASET_FIELDS:
        message = (
            f"{dataset_type} is no dataset type that this query is for"
            f"{nearest(dataset_type, context.dataset_types)}; with butler.query() a type is joined"
            f" by join_dataset_search({dataset_type!r}, ...)"
        )
        raise user_error(text, node.start, message, node.end)
    if dataset_type not in context.dataset_types:
        raise _unknown(text, context, node, dataset_type)
    if name not in DATASET_FIELDS:
        hint = nearest(name, DATASET_FIELDS) or _listed(DATASET_FIELDS)
        raise user_error(text, node.start, f"datasets have no field {name!r}{hint}", node.end)
    return checked.DatasetField(dataset_type, name, DATASET_FIELDS[name])


def _unqualified(text: str, context: Context, node: tree.Name, name: str) -> checked.Value:
    universe = context.dimensions.universe
    if name in universe and universe[name].is_dimension:
        return _key(universe[name])
    owners = [
        element
        for element in (universe[other] for other in context.dimensions.elements)
        if name in [one.name for one in element.columns]
    ]
    fields = [f"{element.name}.{name}" for element in owners]
    if name in DATASET_FIELDS:
        fields += [f"{dataset_type}.{name}" for dataset_type in context.dataset_types]
    if len(fields) > 1:
        choices = " or ".join(fields)
        raise user_error(text, node.start, f"{name} could be {choices}: write which", node.end)
    if owners:
        return _field(text, node, owners[0], name)
    if fields:
        (dataset_type,) = context.dataset_types
        return checked.DatasetField(dataset_type, name, DATASET_FIELDS[name])
    raise _unknown(text, context, node, name)


def _unknown(text: str, context: Context, node: tree.Name, name: str) -> Exception:
    known = list(_known(context))
    universe = context.dimensions.universe
    elsewhere = [
        f"{element.name}.{name}"
        for element in universe.elements
        if name in [one.name for one in element.columns]
    ]
    hint = nearest(name, known) if len(name) > 2 else ""  # all short names are alike
    if elsewhere and "." not in node.name:
        hint = f": write {' or '.join(elsewhere[:3])}"
    elif not hint and "." not in node.name:
        hint = f"; a string is in single quotes, '{name}', and a bound value is :{name}"
    return user_error(
        text,
        node.start,
        f"{name} is no dimension, field or bound value of this query{hint}",
        node.end,
    )


def _known(context: Context) -> Iterator[str]:
    universe = context.dimensions.universe
    yield from (element.name for element in universe.elements)
    yield from context.bind
    for name in context.dimensions.elements:
        yield from (one.name for one in universe[name].columns)
    if context.dataset_types:
        yield from context.dataset_types
        yield from DATASET_FIELDS


def _listed(names: Any) -> str:
    return f": there are {', '.join(names)}"
