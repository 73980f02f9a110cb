"""Dataset types."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from conformance.model import DatasetTypeDefinition
from conformance.strategies.checking import checked_dimensions, checked_names

DIMENSION_GROUPS = (
    ("instrument", "detector"),
    ("instrument", "physical_filter"),
    ("visit", "detector"),
)


def dataset_types(
    names: Collection[str] = ("bias", "flat", "src"),
    *,
    dimensions: Collection[Collection[str]] = DIMENSION_GROUPS,
) -> st.SearchStrategy[DatasetTypeDefinition]:
    """Return a strategy for definitions of dataset types.

    Parameters
    ----------
    names
        The names to draw from.
    dimensions
        The sets of dimensions to draw from.

    Raises
    ------
    InvalidArgument
        Raised where there is nothing to draw from, or a name is no dimension.
    """
    given = checked_names(names, "names")
    if not given:
        raise InvalidArgument("names=() leaves no name to draw: write one, such as ('flat',)")
    if isinstance(dimensions, str) or not isinstance(dimensions, Collection):
        raise InvalidArgument(
            f"dimensions={dimensions!r}: write tuples in a tuple, such as (('instrument',),)"
        )
    groups = tuple(checked_dimensions(one) for one in dimensions)
    if not groups:
        raise InvalidArgument("dimensions=() leaves nothing to draw; () in it is a set without any")
    return st.builds(DatasetTypeDefinition, st.sampled_from(given), st.sampled_from(groups))
