"""Other names for the fields of a catalogue."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping

__all__ = ["AliasMap"]


class AliasMap:
    """Other names for fields, matched by their beginning.

    Parameters
    ----------
    aliases : `~collections.abc.Mapping` [ `str`, `str` ], optional
        From the alias to what it stands for.

    Notes
    -----
    The longest alias with which a name begins is replaced, and the result is
    looked up again: with ``slot_Centroid`` for ``base_SdssCentroid``, the name
    ``slot_Centroid_x`` means ``base_SdssCentroid_x``.
    """

    __slots__ = ("_aliases",)

    def __init__(self, aliases: Mapping[str, str] | None = None) -> None:
        self._aliases = dict(aliases or {})

    def apply(self, name: str) -> str:
        """Return the name of a field, with all aliases replaced.

        Raises
        ------
        ValueError
            The aliases stand for each other.
        """
        seen = {name}
        while True:
            matching = [alias for alias in self._aliases if name.startswith(alias)]
            if not matching:
                return name
            alias = max(matching, key=len)
            name = self._aliases[alias] + name[len(alias) :]
            if name in seen:
                raise ValueError(f"the aliases of the catalogue go round in a circle at {name!r}")
            seen.add(name)

    def get(self, alias: str, default: str | None = None) -> str | None:
        """Return what an alias stands for."""
        return self._aliases.get(alias, default)

    def set(self, alias: str, target: str) -> None:
        """Let an alias stand for a field, or for the beginning of names."""
        self._aliases[alias] = target

    def erase(self, alias: str) -> bool:
        """Remove an alias, and return whether it was there."""
        return self._aliases.pop(alias, None) is not None

    def keys(self) -> list[str]:
        """Return the aliases."""
        return list(self._aliases)

    def items(self) -> ItemsView[str, str]:
        """Return the aliases with what they stand for."""
        return self._aliases.items()

    def copy(self) -> AliasMap:
        """Return a copy."""
        return AliasMap(self._aliases)

    def __getitem__(self, alias: str) -> str:
        return self._aliases[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self._aliases)

    def __contains__(self, alias: object) -> bool:
        return alias in self._aliases

    def __len__(self) -> int:
        return len(self._aliases)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AliasMap):
            return self._aliases == other._aliases
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"AliasMap({self._aliases!r})"
