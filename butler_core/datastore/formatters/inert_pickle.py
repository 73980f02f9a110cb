"""Loading a pickle without running anything that it says.

Two walls stand one behind the other. First all instructions of the pickle are
looked at, and one that is not on a closed list is refused, before any is
followed. Then, where the pickle names a function or class, an inert object
stands for it, which only notes what it was called with; a name that the caller
did not list is refused.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from collections.abc import Mapping
from typing import Any

__all__ = ["Call", "Name", "UnreadablePickleError", "load_inert"]

_INSTRUCTIONS = frozenset(
    (
        *("PROTO", "FRAME", "STOP", "MARK", "POP", "NONE", "NEWTRUE", "NEWFALSE"),
        *("MEMOIZE", "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET"),
        *("GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD"),
        *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
        *("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        *("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"),
        *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"),
        *("EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS"),
    )
)
_MEMO = frozenset({"BINPUT", "LONG_BINPUT"})


class UnreadablePickleError(ValueError):
    """A pickle is damaged, or says something that is not on the list."""


class Call:
    """What a pickle says to call, with what, and what state to give the result.

    Attributes
    ----------
    role : `str`
        The role of the name that is called.
    arguments : `tuple`
        What it is called with.
    state : `object`
        The state, `None` if there is none.
    """

    __slots__ = ("arguments", "role", "state")

    def __init__(self, role: str, arguments: tuple[Any, ...]) -> None:
        self.role = role
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class Name:
    """A name in a pickle, which stands for a function or a class that is never touched.

    Attributes
    ----------
    role : `str`
        What the caller calls it.
    """

    __slots__ = ("role",)

    def __init__(self, role: str) -> None:
        self.role = role

    def __call__(self, *arguments: Any) -> Call:
        """Note what the name is called with."""
        return Call(self.role, arguments)

    def __setstate__(self, state: Any) -> None:
        raise UnreadablePickleError(f"it gives a state to the name of a {self.role}")


class _Loader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, roles: Mapping[tuple[str, str], str]) -> None:
        super().__init__(file)
        self._roles = roles

    def find_class(self, module: str, name: str) -> Any:
        role = self._roles.get((module, name))
        if role is None:
            raise UnreadablePickleError(f"it names {module}.{name}, which could run code")
        return Name(role)

    def persistent_load(self, pid: Any) -> Any:
        raise UnreadablePickleError("it refers to an object that is elsewhere")


def load_inert(data: bytes, roles: Mapping[tuple[str, str], str]) -> Any:
    """Load a pickle.

    Parameters
    ----------
    data : `bytes`
        The pickle.
    roles : `~collections.abc.Mapping` [ `tuple` [ `str`, `str` ], `str` ]
        The names that it may have, each as module and name, to what the caller
        calls them.

    Returns
    -------
    value : `object`
        Plain values, and `Call` and `Name` for what it calls and names.

    Raises
    ------
    UnreadablePickleError
        The pickle is damaged, or holds anything else.
    """
    try:
        for instruction, argument, _ in pickletools.genops(data):
            if instruction.name not in _INSTRUCTIONS:
                raise UnreadablePickleError(f"it has the pickle instruction {instruction.name}")
            # A great number would make the loader set aside as many places.
            if instruction.name in _MEMO and int(argument or 0) > len(data):
                raise UnreadablePickleError("it is damaged")
        return _Loader(io.BytesIO(data), roles).load()
    except UnreadablePickleError:
        raise
    except Exception as error:  # a damaged pickle makes the loader raise almost anything
        raise UnreadablePickleError(
            f"it is no pickle, or a damaged one ({type(error).__name__}: {error})"
        ) from error
