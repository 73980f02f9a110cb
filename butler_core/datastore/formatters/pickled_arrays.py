"""Numpy arrays out of what their pickles say, checked part by part.

What a pickle gives as the state of a `numpy.dtype` is never handed to numpy,
which trusts it: a dtype with false flags lets numpy follow numbers as if they
were addresses. Each dtype is made anew of its code, byte order, fields and shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from .inert_pickle import Call, Name, UnreadablePickleError

__all__ = ["NAMES", "array_of", "is_plain"]

NAMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("numpy", "ndarray"): "ndarray",
        ("numpy", "dtype"): "dtype",
        ("numpy._core.numeric", "_frombuffer"): "from buffer",
        ("numpy.core.numeric", "_frombuffer"): "from buffer",
        ("numpy._core.multiarray", "_reconstruct"): "array",
        ("numpy.core.multiarray", "_reconstruct"): "array",
        ("numpy", "record"): "record",
        ("numpy", "recarray"): "recarray",
        ("numpy.rec", "recarray"): "recarray",
        ("numpy.core.records", "recarray"): "recarray",
        ("numpy.ma", "MaskedArray"): "MaskedArray",
        ("numpy.ma.core", "MaskedArray"): "MaskedArray",
        ("numpy.ma.core", "_mareconstruct"): "masked array",
        ("_codecs", "encode"): "encode",  # bytes, in pickles that Python 2 could read
        ("__builtin__", "bytes"): "bytes",
    }
)
"""The names that pickles of arrays have, of numpy 1 and 2, to their roles."""

_KINDS = "biufcSUVmM"
_CODE = re.compile(rf"[{_KINDS}]\d*")
_UNIT = re.compile(rb"Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic")
_ALIGNED = 0x80
_ORDERS = ("<", ">", "=", "|")


def is_plain(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype has no Python objects, and no class of its own.

    Parameters
    ----------
    dtype : `numpy.dtype`
        That of an array to be written.
    """
    if dtype.subdtype is not None:
        return is_plain(dtype.subdtype[0])
    if dtype.fields is not None:
        plain = all(
            is_plain(kind) and all(isinstance(title, str) for title in titles)
            for kind, _, *titles in dtype.fields.values()
        )
        return plain and dtype.type in (np.void, np.record)
    return dtype.kind in _KINDS


def array_of(found: Any) -> npt.NDArray[Any]:
    """Make an array.

    Parameters
    ----------
    found : `object`
        What `load_inert` made of its pickle.

    Raises
    ------
    UnreadablePickleError
        It is not an array of numbers, texts, times or structures of such.
    """
    try:
        return _Maker().whole(found)
    except UnreadablePickleError:
        raise
    except Exception as error:  # numpy's, of numbers that do not go together
        raise UnreadablePickleError(
            f"what it says is no array ({type(error).__name__}: {error})"
        ) from error


class _Maker:
    """Makes the array of one pickle."""

    def __init__(self) -> None:
        self._dtypes: dict[int, np.dtype[Any]] = {}

    def whole(self, found: Any) -> npt.NDArray[Any]:
        if isinstance(found, Call) and found.role == "masked array":
            return self._masked(found)
        return self._array(found)

    def _array(self, found: Any) -> npt.NDArray[Any]:
        if not isinstance(found, Call) or found.role not in ("array", "from buffer"):
            raise UnreadablePickleError(f"it holds {_what(found)}, not an array")
        if found.role == "from buffer":
            if found.state is not None:
                raise UnreadablePickleError("it gives a state to an array that is complete")
            data, dtype, shape, order, *axes = found.arguments
            if order == "K" and axes and axes[0] is not None:
                made = self._filled(shape, self._dtype(dtype), data, "C")
                return made.transpose([int(axis) for axis in axes[0]])
        else:
            kind = found.arguments[0]
            _, shape, dtype, columns_first, data = found.state
            order = "F" if columns_first else "C"
            if _is(kind, "recarray"):
                return self._filled(shape, self._dtype(dtype), data, order).view(np.recarray)
            if not _is(kind, "ndarray"):
                raise UnreadablePickleError(f"it holds an array whose class is {_what(kind)}")
        return self._filled(shape, self._dtype(dtype), data, order)

    def _masked(self, found: Call) -> npt.NDArray[Any]:
        kind, base, *_ = found.arguments
        if not (_is(kind, "MaskedArray") and _is(base, "ndarray")):
            raise UnreadablePickleError("it holds a masked array of a class of its own")
        _, shape, dtype_said, columns_first, data, mask, fill = found.state
        order = "F" if columns_first else "C"
        dtype = self._dtype(dtype_said)
        mask_dtype = np.ma.make_mask_descr(dtype)
        made: npt.NDArray[Any] = np.ma.MaskedArray(
            self._filled(shape, dtype, data, order),
            mask=self._filled(shape, mask_dtype, mask, order),
        )
        if fill is not None:
            made.fill_value = self._array(fill)[()]  # type: ignore[attr-defined]
        return made

    def _filled(
        self, shape_said: Any, dtype: np.dtype[Any], data_said: Any, order: Any
    ) -> npt.NDArray[Any]:
        data = _bytes(data_said)
        shape = tuple(_whole_number(length) for length in shape_said)
        size = math.prod(shape) * dtype.itemsize
        if len(data) != size or order not in ("C", "F"):
            raise UnreadablePickleError(
                f"its array of shape {shape} and dtype {dtype} has {len(data)} bytes, not {size}"
            )
        # A bytearray, so that who reads the array may write to it, as to one from a true pickle.
        buffer = data if isinstance(data, bytearray) else bytearray(data)
        return np.ndarray(shape, dtype, buffer=buffer, order=order)

    def _dtype(self, found: Any) -> np.dtype[Any]:
        if not isinstance(found, Call) or found.role != "dtype":
            raise UnreadablePickleError(f"it holds {_what(found)} in the place of a dtype")
        made = self._dtypes.get(id(found))
        if made is None:
            made = self._dtypes[id(found)] = self._new_dtype(found)
        return made

    def _new_dtype(self, found: Call) -> np.dtype[Any]:
        code = found.arguments[0]
        if _is(code, "record"):
            return np.dtype((np.record, self._of_state("V", found.state)))
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            said = _what(code) if isinstance(code, Name | Call) else f"dtype {code!r}"
            objects = ", an array of Python objects" if str(code).startswith("O") else ""
            raise UnreadablePickleError(f"it holds {said}{objects}")
        return np.dtype(code) if found.state is None else self._of_state(code, found.state)

    def _of_state(self, code: str, state: tuple[Any, ...]) -> np.dtype[Any]:
        _, byte_order, subdtype, names, fields, size, _, flags, *more = state
        if byte_order not in _ORDERS:
            raise UnreadablePickleError(f"a dtype has the byte order {byte_order!r}")
        if subdtype is not None:
            base, shape = subdtype
            return np.dtype((self._dtype(base), tuple(_whole_number(length) for length in shape)))
        if names is not None:
            parts = [fields[name] for name in names]
            return np.dtype(
                {
                    "names": [_text(name) for name in names],
                    "formats": [self._dtype(part[0]) for part in parts],
                    "offsets": [_whole_number(part[1]) for part in parts],
                    "titles": [_text(part[2]) if len(part) > 2 else None for part in parts],
                    "itemsize": _whole_number(size),
                },
                align=bool(flags & _ALIGNED),
            )
        if code[0] in "mM":
            code = f"{code[0]}8[{_unit(more)}]"
        return np.dtype(code).newbyteorder("=" if byte_order == "|" else byte_order)


def _unit(more: list[Any]) -> str:
    """Return the unit of a time, as ``25s``, from the last part of the state of its dtype."""
    unit, number, *_ = more[0][1]
    if not _UNIT.fullmatch(_bytes(unit)):
        raise UnreadablePickleError(f"a time has the unit {unit!r}")
    text = _bytes(unit).decode()
    return text if text == "generic" else f"{_whole_number(number)}{text}"


def _bytes(found: Any) -> bytes | bytearray:
    if isinstance(found, Call) and found.role == "encode":
        text, encoding = found.arguments
        if encoding != "latin1":
            raise UnreadablePickleError(f"it has bytes in the encoding {encoding!r}")
        return str(text).encode("latin1")
    if isinstance(found, Call) and found.role == "bytes" and not found.arguments:
        return b""
    if not isinstance(found, bytes | bytearray):
        objects = ", an array of Python objects" if isinstance(found, list) else ""
        raise UnreadablePickleError(f"it holds {_what(found)} in the place of bytes{objects}")
    return found


def _whole_number(found: Any) -> int:
    if type(found) is not int or found < 0:
        raise UnreadablePickleError(f"it has {_what(found)} in the place of a length")
    return found


def _text(found: Any) -> str:
    if type(found) is not str:
        raise UnreadablePickleError(f"it has {_what(found)} in the place of a name")
    return found


def _is(found: Any, role: str) -> bool:
    return isinstance(found, Name) and found.role == role


def _what(found: Any) -> str:
    return f"a {found.role}" if isinstance(found, Name | Call) else f"a {type(found).__name__}"
