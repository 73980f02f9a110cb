"""The keywords of a call that takes values of dimensions among its own arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .dimensions import DimensionUniverse
from .dimensions.values import check_is_data_id
from .errors import ArgumentError, DimensionValueError, nearest
from .record_values import elements_with

__all__ = ["given_data_id", "meant_argument", "refuse_keywords"]


def given_data_id(
    universe: DimensionUniverse,
    call: Callable[..., Any],
    data_id: Mapping[str, Any] | None,
    keywords: Mapping[str, Any],
    *,
    with_fields: bool = False,
) -> Mapping[str, Any]:
    """Return a data ID together with the keywords of a call.

    Parameters
    ----------
    universe : `DimensionUniverse`
        The dimensions that there are.
    call : `~collections.abc.Callable`
        What was called.
    data_id : `~collections.abc.Mapping` or `None`
        What was given as data ID; returned as it is if there are no keywords.
    keywords : `~collections.abc.Mapping`
        The keywords that are not arguments of ``call``.
    with_fields : `bool`, optional
        Whether fields of records may be given, which stand for dimensions.

    Raises
    ------
    ArgumentError
        If the data ID is not a mapping.
    DimensionValueError
        If a keyword is no dimension; with the argument that may be meant.
    """
    check_is_data_id(data_id)
    for name, value in keywords.items():
        if name not in universe or not universe[name].is_dimension:
            having = elements_with(universe, name)
            if having and with_fields:
                continue
            dimensions = [element.name for element in universe.dimensions]
            hint = meant_argument(call, name, dimensions)
            if having and "where" in inspect.signature(call).parameters:
                hint = f"; write where='{having[-1]}.{name} = :value', bind={{'value': {value!r}}}"
            raise DimensionValueError(
                f"{name!r} is not an argument of {call.__name__}() and not a dimension, but"
                f" {name}={value!r} was given{hint}"
            )
    if not keywords:
        return {} if data_id is None else data_id
    return {**(data_id or {}), **keywords}


def refuse_keywords(
    call: Callable[..., Any],
    keywords: Mapping[str, Any],
    synonyms: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Raise `ArgumentError` for a keyword that a call does not take.

    Parameters
    ----------
    call : `~collections.abc.Callable`
        What was called.
    keywords : `~collections.abc.Mapping`
        What it does not take.
    synonyms : `~collections.abc.Mapping` [ `str`, `str` ], optional
        Arguments that are meant by other names.
    """
    for name, value in keywords.items():
        meant = meant_argument(call, synonyms.get(name, name))
        raise ArgumentError(f"{call.__name__}() takes no {name}={value!r}{meant}")


def meant_argument(call: Callable[..., Any], name: str, others: Iterable[str] = ()) -> str:
    """Return the end of a sentence that offers the argument of a call closest to ``name``.

    Parameters
    ----------
    call : `~collections.abc.Callable`
        What was called.
    name : `str`
        What was written.
    others : `~collections.abc.Iterable` [ `str` ], optional
        What else could have been written instead.
    """
    by_keyword = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    arguments = [
        parameter.name
        for parameter in inspect.signature(call).parameters.values()
        if parameter.kind in by_keyword and parameter.name != "self"
    ]
    # camelCase and snake_case, of which a call takes one, are the same name.
    same = [one for one in arguments if _folded(one) == _folded(name)]
    if "collections" not in arguments and _folded(name) in ("collection", "collections"):
        same += [one for one in arguments if one == "run"]
    if same:
        return f"; did you mean {same[0]}=?"
    phrase = nearest(name, [*arguments, *others])
    for argument in arguments:
        phrase = phrase.replace(f"mean {argument!r}?", f"mean {argument}=?")
    return phrase


def _folded(name: str) -> str:
    return name.replace("_", "").lower()
