"""Dimension records."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from conformance.model import DIMENSIONS, required
from conformance.model.records import Value
from conformance.strategies.checking import checked_dimension
from conformance.strategies.data_ids import VALUES

BANDS = {"Cam-R": "r", "Cam-I": "i"}


def records(element: str) -> st.SearchStrategy[dict[str, Value]]:
    """Return a strategy for the fields of a record, as `insertDimensionData` takes them.

    A record of one key has always the same fields, so that drawing it again is no conflict. Other
    records that it refers to, such as the filter of a visit, must be inserted before.

    Parameters
    ----------
    element
        The dimension.

    Raises
    ------
    InvalidArgument
        Raised where there is no such dimension, or it has no records of its own.
    """
    one = DIMENSIONS[checked_dimension(element, "element")]
    if not one.has_records:
        raise InvalidArgument(
            f"{element} has no records of its own: a band is that of a physical_filter"
        )
    return st.sampled_from(VALUES[element]).map(lambda value: fields_of(element, value))


def fields_of(element: str, value: Value) -> dict[str, Value]:
    """Return the fields of the record of one value."""
    one = DIMENSIONS[element]
    parents = {name: VALUES[name][0] for name in required(one.requires)}
    return {**parents, one.key: value, **_more(element, value)}


def _more(element: str, value: Value) -> dict[str, Value]:
    match element:
        case "detector":
            return {"full_name": f"chip {value}"}
        case "physical_filter":
            return {"band": BANDS[str(value)]}
        case "visit":
            filters, days = VALUES["physical_filter"], VALUES["day_obs"]
            number = int(value)
            return {
                "name": f"visit {value}",
                "physical_filter": filters[number % len(filters)],
                "day_obs": days[0],
            }
    return {}
