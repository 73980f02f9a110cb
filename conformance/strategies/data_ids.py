"""Data IDs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from conformance.model import required
from conformance.model.records import Records, Value
from conformance.strategies.checking import checked_dimensions

VALUES: Mapping[str, tuple[Value, ...]] = {
    "instrument": ("Cam",),
    "band": ("r", "i"),
    "detector": (1, 2, 3, 4),
    "physical_filter": ("Cam-R", "Cam-I"),
    "day_obs": (20260101, 20260102),
    "visit": (10, 11, 12),
}
"""The values that are drawn for each dimension, few so that they meet each other."""


def data_ids(
    dimensions: Iterable[str], *, records: Records | None = None
) -> st.SearchStrategy[dict[str, Value]]:
    """Return a strategy for data IDs with a value for each required dimension.

    Parameters
    ----------
    dimensions
        Names of dimensions; of those that others imply no value is drawn.
    records
        Records of a model, of which one must exist for each value; any values unless given.

    Raises
    ------
    InvalidArgument
        Raised for names that are no dimensions, and where no record exists to draw.
    """
    names = required(checked_dimensions(dimensions))
    if records is None:
        return st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in names})
    if not isinstance(records, Records):
        raise InvalidArgument(f"records={records!r}: give the records of a ModelButler")
    found = _all(names, records)
    if not found:
        raise InvalidArgument(
            f"there is no record to draw a data ID of {', '.join(names)} from:"
            " insert one for each dimension first"
        )
    return st.sampled_from(found).map(dict)


def _all(names: tuple[str, ...], records: Records) -> list[dict[str, Any]]:
    """Return all data IDs whose values have records, in the order of inserting."""
    found: list[dict[str, Any]] = [{}]
    for name in names:
        values = VALUES[name] if name == "band" else records.keys(name)
        found = [{**one, name: value} for one in found for value in dict.fromkeys(values)]
        found = [one for one in found if records.has(one)]
    return found
