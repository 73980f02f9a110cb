"""Names that the API had in earlier years, and what they are called today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

__all__ = ["FormerNames"]


class FormerNames:
    """Base of classes that say what to write for the names that they had once."""

    __slots__ = ()

    _former_names: ClassVar[Mapping[str, str]] = {}
    """What to write, by the name of old."""

    if not TYPE_CHECKING:  # or no misspelt name would be found

        def __getattr__(self, name: str) -> Any:
            # Called for what is not found, and for a property that raises AttributeError.
            instead = self._former_names.get(name)
            if instead is None:
                return object.__getattribute__(self, name)  # which says again what was wrong
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}, as it had in earlier"
                f" years: write {instead}",
                name=name,
                obj=self,
            )
