"""The YAML form of the metadata containers of lsst.daf.base.

A ``PropertyList`` is a tagged sequence of ``[name, type, value, comment]``, a
``PropertySet`` one of ``[name, type, value]``, where ``type`` is the end of the
name of a setter (``Int``, ``String``, …), and a ``DateTime`` is an ISO 8601
string of TAI (daf_base, ``yaml.py`` and ``propertyContainerContinued.py``).
Here they are mappings and strings; comments and the width of numbers are lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

__all__ = ["add_constructors", "add_representer", "represent"]

_LIST = "lsst.daf.base.PropertyList"
_SET = "lsst.daf.base.PropertySet"
_DATE = "lsst.daf.base.DateTime"
_ITEMS_OF_STATE = {_LIST: 4, _SET: 3}
_TAG_OF_STORAGE_CLASS = {"PropertyList": _LIST, "PropertySet": _SET}


def add_constructors(loader: type[yaml.CSafeLoader]) -> None:
    """Teach a YAML loader the tags of the containers."""
    for tag, count in _ITEMS_OF_STATE.items():
        loader.add_constructor(tag, _Constructor(count))
    loader.add_constructor(_DATE, _text)


def add_representer(dumper: type[yaml.CSafeDumper]) -> None:
    """Teach a YAML dumper to write what `represent` returns."""
    dumper.add_representer(_Tagged, _represent_tagged)


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


class _Constructor:
    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, loader: Any, node: Any) -> dict[str, Any]:
        state = loader.construct_sequence(node, deep=True)
        for item in state:
            if not isinstance(item, list) or len(item) != self._count:
                raise yaml.constructor.ConstructorError(
                    None, None, f"an item of {node.tag} is {item!r}", node.start_mark
                )
        return {item[0]: item[2] for item in state}


class _Tagged(list[Any]):
    """A state with the tag it is written under."""

    def __init__(self, tag: str, state: list[Any]) -> None:
        super().__init__(state)
        self.tag = tag


def _represent_tagged(dumper: yaml.CSafeDumper, state: _Tagged) -> yaml.Node:
    return dumper.represent_sequence(state.tag, list(state))


def represent(plain: Any, storage_class_name: str) -> Any:
    """Return what to dump for a dataset of a storage class.

    Parameters
    ----------
    plain : `object`
        A plain structure.
    storage_class_name : `str`
        ``PropertyList`` and ``PropertySet`` turn a mapping into their tagged
        state; for any other the structure is returned as it is.
    """
    tag = _TAG_OF_STORAGE_CLASS.get(storage_class_name)
    return plain if tag is None else _state(plain, tag)


def _state(mapping: Mapping[str, Any], tag: str) -> _Tagged:
    state = []
    for name, value in mapping.items():
        if isinstance(value, Mapping):
            item = [name, "PropertySet", _state(value, _SET)]
        else:
            item = [name, _type_name(name, value), value]
        state.append([*item, ""] if tag == _LIST else item)
    return _Tagged(tag, state)


def _type_name(name: str, value: Any) -> str:
    sample = value[0] if isinstance(value, list) and value else value
    if sample is None:
        return "Undef"
    if isinstance(sample, bool):
        return "Bool"
    if isinstance(sample, int):
        numbers = value if isinstance(value, list) else [value]
        return "Int" if all(-(2**31) <= number < 2**31 for number in numbers) else "LongLong"
    if isinstance(sample, float):
        return "Double"
    if isinstance(sample, str):
        return "String"
    if isinstance(sample, datetime):
        raise TypeError(f"{name!r} is a datetime; write it as a string in ISO 8601")
    raise TypeError(f"{name!r} is a {type(sample).__name__}, which a PropertyList cannot hold")
