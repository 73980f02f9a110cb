"""Numbers of numpy in plain structures, and what else a text file cannot hold."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

__all__ = ["unrepresentable", "without_numpy"]

_PLAIN = (bool, int, float, str)


def without_numpy(obj: Any) -> Any:
    """Return a structure with Python's numbers in place of numpy's.

    Parameters
    ----------
    obj : `object`
        Dictionaries, lists, tuples and what they hold.

    Returns
    -------
    plain : `object`
        The same object where there was nothing to replace.

    Raises
    ------
    TypeError
        It holds an array, or a value of numpy that is no number, text or truth.
    """
    # Who has not loaded numpy holds nothing of it.
    numpy = sys.modules.get("numpy")
    return obj if numpy is None else _replaced(obj, numpy, "", ())


def _replaced(obj: Any, numpy: Any, where: str, above: tuple[int, ...]) -> Any:
    kind = type(obj)
    if kind in _PLAIN or obj is None:
        return obj
    if isinstance(obj, numpy.generic):
        plain = obj.item()
        if type(plain) not in _PLAIN:
            raise TypeError(
                f"the value {_at(where)} is {obj!r}, which a text file cannot hold; "
                "write str(...) of it, or its parts as float(...)"
            )
        return plain
    if isinstance(obj, numpy.ndarray):
        raise TypeError(
            f"the value {_at(where)} is an array of shape {obj.shape}; write its .tolist()"
        )
    if kind not in (dict, list, tuple) or id(obj) in above:
        return obj
    above = (*above, id(obj))
    if kind is dict:
        pairs = [
            (
                _replaced(key, numpy, where, above),
                _replaced(value, numpy, f"{where}[{key!r}]", above),
            )
            for key, value in obj.items()
        ]
        same = all(
            new is old
            for pair, item in zip(pairs, obj.items(), strict=True)
            for new, old in zip(pair, item, strict=True)
        )
        return obj if same else dict(pairs)
    items = [_replaced(item, numpy, f"{where}[{n}]", above) for n, item in enumerate(obj)]
    return obj if all(a is b for a, b in zip(items, obj, strict=True)) else kind(items)


def unrepresentable(obj: Any, extra: tuple[type, ...] = (bytes, date, set)) -> str:
    """Return where a structure holds something that no text file can, and what.

    Parameters
    ----------
    obj : `object`
        The structure that could not be written.
    extra : `tuple` [ `type` ]
        What the format knows beside mappings, lists, texts and numbers.

    Returns
    -------
    sentence : `str`
        Empty if nothing of the kind is found.
    """
    found = _odd(obj, extra, "", ())
    if found is None:
        return ""
    where, value = found
    return (
        f"the value {_at(where)} is of type {type(value).__name__}: {value!r}; write plain "
        "numbers, texts, lists and dictionaries, such as float(...), str(...) or dict(...) of it"
    )


def _odd(
    obj: Any, extra: tuple[type, ...], where: str, above: tuple[int, ...]
) -> tuple[str, Any] | None:
    if obj is None or type(obj) in _PLAIN or isinstance(obj, extra) or id(obj) in above:
        return None
    above = (*above, id(obj))
    if type(obj) is dict:
        for key, value in obj.items():
            odd = _odd(key, extra, where, above) or _odd(value, extra, f"{where}[{key!r}]", above)
            if odd is not None:
                return odd
        return None
    if type(obj) in (list, tuple):
        pairs = (_odd(item, extra, f"{where}[{n}]", above) for n, item in enumerate(obj))
        return next((odd for odd in pairs if odd is not None), None)
    return where, obj


def _at(where: str) -> str:
    return f"at {where}" if where else "itself"
