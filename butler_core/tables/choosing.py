"""Which columns of a table are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pyarrow

from butler_core.errors import UnknownColumnError, nearest

__all__ = ["chosen_columns", "filter_columns"]

_LISTED = 12


def chosen_columns(asked: Any, schema: pyarrow.Schema) -> list[str] | None:
    """Return the columns to read, in the order in which they were asked for.

    Parameters
    ----------
    asked : `str`, `~collections.abc.Iterable` [ `str` ], or `None`
        Names, or patterns with ``*``, ``?`` and ``[...]``; all if `None`. Of a
        frame of pandas whose columns have several levels, names as `tuple`, or
        a mapping from levels to one or several of their values.
    schema : `pyarrow.Schema`
        That of the table.

    Raises
    ------
    UnknownColumnError
        There is no such column, or it is not of these types.
    """
    if asked is None:
        return None
    levels = _levels(schema)
    if len(levels) > 1:
        return _of_levels(asked, levels, schema)
    if not isinstance(asked, str) and (
        not isinstance(asked, Iterable) or isinstance(asked, Mapping | bytes)
    ):
        raise UnknownColumnError(
            f"columns= takes the name of a column or a list of such, not {asked!r}"
        )
    found: dict[str, None] = {}
    for name in [asked] if isinstance(asked, str) else list(asked):
        if not isinstance(name, str):
            raise UnknownColumnError(f"columns= takes names of columns, not {name!r}")
        found |= dict.fromkeys(_matching(name, schema))
    return list(found)


def filter_columns(filters: Any) -> Iterator[str]:
    """Yield the columns that the parameter ``filters`` names, where it is a list of conditions."""
    for each in filters if isinstance(filters, list | tuple) else ():
        if isinstance(each, tuple) and len(each) == 3 and isinstance(each[0], str):
            yield each[0]
        elif isinstance(each, list | tuple):
            yield from filter_columns(each)


def _matching(name: str, schema: pyarrow.Schema) -> list[str]:
    if name in schema.names:
        return [name]
    found = [one for one in schema.names if fnmatchcase(one, name) and not one.startswith("__")]
    if not found:
        raise _unknown(name, schema.names)
    return found


def _unknown(name: object, known: Iterable[str]) -> UnknownColumnError:
    names = list(known)
    near = nearest(str(name), names)
    listed = ", ".join(names[:_LISTED]) + (" and others" if len(names) > _LISTED else "")
    return UnknownColumnError(
        f"the table has no column {name!r}" + (near or f"; its columns are {listed}")
    )


def _levels(schema: pyarrow.Schema) -> list[str | None]:
    """Return the names of the levels of the columns of a frame of pandas."""
    said = (schema.metadata or {}).get(b"pandas")
    return [level["name"] for level in json.loads(said)["column_indexes"]] if said else []


def _of_levels(asked: Any, levels: list[str | None], schema: pyarrow.Schema) -> list[str]:
    """Return the columns of a frame whose names are tuples, as they are in its file."""
    import pandas

    frame = schema.empty_table().to_pandas()
    columns: pandas.MultiIndex = frame.columns
    if not isinstance(asked, Mapping):
        one = not isinstance(asked, Iterable) or (isinstance(asked, tuple) and asked in columns)
        names = [asked] if one else list(asked)
        for name in names:
            if not isinstance(name, tuple):
                raise UnknownColumnError(
                    f"the columns of the table have the levels {', '.join(map(str, levels))}; "
                    f"columns= takes a list of tuples with a value of each, or a mapping such as "
                    f"{{{levels[0]!r}: {columns[0][0]!r}}}, not {name!r}"
                )
            if name not in columns:
                raise _unknown(name, map(str, columns))
        return [str(name) for name in dict.fromkeys(names)]
    wanted: dict[int, list[Any]] = {}
    for level, values in asked.items():
        if level not in levels:
            known = [str(one) for one in levels]
            raise UnknownColumnError(
                f"the columns of the table have no level {level!r}; they have {', '.join(known)}"
                + nearest(str(level), known)
            )
        place = levels.index(level)
        wanted[place] = [values] if isinstance(values, str) else list(values)
        known_values = columns.get_level_values(place)
        for value in wanted[place]:
            if value not in known_values:
                raise UnknownColumnError(
                    f"no column of the table has {value!r} as {level}"
                    + nearest(str(value), map(str, known_values.unique()))
                )
    fitting = [name for name in columns if all(name[n] in some for n, some in wanted.items())]
    orders = [
        wanted.get(place) or list(columns.get_level_values(place).unique())
        for place in range(len(levels))
    ]
    fitting.sort(key=lambda name: [o.index(part) for o, part in zip(orders, name, strict=True)])
    return [str(name) for name in fitting]
