"""A set whose members are found by their names as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Set
from typing import Protocol, TypeVar

__all__ = ["NamedSet"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Member = TypeVar("Member", bound=_Named)


class NamedSet(Set[Member]):
    """A set that keeps the order of its members, and finds each by its name.

    Parameters
    ----------
    members : `~collections.abc.Iterable`
        The members; each has a ``name``.
    """

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self._by_name = {one.name: one for one in members}

    @property
    def names(self) -> KeysView[str]:
        """The names, in order."""
        return self._by_name.keys()

    def __getitem__(self, name: str | Member) -> Member:
        return self._by_name[name if isinstance(name, str) else name.name]

    def __contains__(self, one: object) -> bool:
        if isinstance(one, str):
            return one in self._by_name
        return self._by_name.get(getattr(one, "name", "")) == one

    def __iter__(self) -> Iterator[Member]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __str__(self) -> str:
        return f"{{{', '.join(map(str, self))}}}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"
