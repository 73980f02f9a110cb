"""The forms in which query-collections shows collections."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..collection import CollectionInfo, CollectionType

if TYPE_CHECKING:
    from ..butler_collections import ButlerCollections

__all__ = ["CollectionListing"]

Row = tuple[str, ...]


class CollectionListing:
    """Collections that match, as rows of a table or as objects.

    Parameters
    ----------
    collections : `ButlerCollections`
        The collections of a repository.
    glob : `~collections.abc.Sequence` [ `str` ]
        Names and globs; all collections if there are none.
    types : `frozenset` [ `CollectionType` ]
        Types to show; all if there are none.
    chains : `str`
        ``TREE``, ``TABLE``, ``INVERSE-TREE``, ``INVERSE-TABLE``, ``FLATTEN``
        or ``NO-CHILDREN``.
    excluded : `~collections.abc.Sequence` [ `str` ], optional
        Globs of the dataset types not to show; if `None`, none is shown.
    """

    def __init__(
        self,
        collections: ButlerCollections,
        glob: Sequence[str],
        types: frozenset[CollectionType],
        chains: str,
        excluded: Sequence[str] | None = None,
    ) -> None:
        self._collections = collections
        self._chains = chains
        self._excluded = excluded
        self._parents = chains.startswith("INVERSE-")
        self._found = collections.query_info(
            glob or "*",
            types or None,
            flatten_chains=chains == "FLATTEN",
            include_parents=self._parents,
            include_summary=excluded is not None,
        )
        if chains not in ("FLATTEN", "NO-CHILDREN"):
            self._found.sort(key=lambda info: info.name)
        self._has_relatives = self._any_relatives()

    def _info(self, name: str) -> CollectionInfo:
        return self._collections.get_info(
            name, include_parents=self._parents, include_summary=self._excluded is not None
        )

    def header(self) -> list[str]:
        """Return the names of the columns."""
        names = ["Name", "Type"]
        if self._has_relatives:
            names.append("Parents" if self._parents else "Children")
        return [*names, "Dataset Types"] if self._excluded is not None else names

    def _any_relatives(self) -> bool:
        """Return whether the table has a column of children or parents."""
        if self._chains == "INVERSE-TABLE":
            return any(info.parents for info in self._found)
        return self._chains == "TABLE" and any(
            info.type is CollectionType.CHAINED for info in self._found
        )

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the table."""
        for info in self._found:
            if self._chains.endswith("TABLE"):
                yield from self._table_rows(info)
            elif self._chains.endswith("TREE"):
                yield from self._tree_rows(info, 0)
            else:
                yield from self._with_types((info.name, info.type.name), info)

    def _table_rows(self, info: CollectionInfo) -> Iterator[Row]:
        first: Row = (info.name, info.type.name)
        relatives = self._relatives(info)
        if not self._has_relatives:
            yield from self._with_types(first, info)
        elif not relatives:
            yield from self._with_types((*first, ""), info)
        for name in relatives:
            yield from self._with_types((*first, name), self._info(name))
            first = ("", "")

    def _tree_rows(self, info: CollectionInfo, level: int) -> Iterator[Row]:
        row = ("  " * level + info.name, info.type.name)
        if info.type is CollectionType.CHAINED and self._excluded is not None:
            yield (*row, "")  # its children say what it holds
        else:
            yield from self._with_types(row, info)
        for name in self._relatives(info):
            yield from self._tree_rows(self._info(name), level + 1)

    def _relatives(self, info: CollectionInfo) -> Sequence[str]:
        return sorted(info.parents or ()) if self._parents else info.children

    def _with_types(self, row: Row, info: CollectionInfo) -> Iterator[Row]:
        """Yield a row for each dataset type of a collection, one at least."""
        if self._excluded is None:
            yield row
            return
        blank = ("",) * len(row)
        for place, name in enumerate(self._dataset_types(info) or [""]):
            yield (*(blank if place else row), name)

    def _dataset_types(self, info: CollectionInfo) -> list[str]:
        return [
            name
            for name in sorted(info.dataset_types or ())
            if not any(fnmatch.fnmatchcase(name, pattern) for pattern in self._excluded or ())
        ]

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield an object for each collection that the table shows, each once."""
        shown: set[str] = set()
        yield from self._objects((info.name for info in self._found), shown)

    def _objects(self, names: Iterable[str], shown: set[str]) -> Iterator[dict[str, Any]]:
        for name in names:
            if name in shown:
                continue
            shown.add(name)
            info = self._info(name)
            found: dict[str, Any] = {"name": name, "type": info.type.name, "doc": info.doc}
            found["children"] = list(info.children)
            if self._parents:
                found["parents"] = sorted(info.parents or ())
            if self._excluded is not None:
                found["dataset_types"] = self._dataset_types(info)
            yield found
            if self._chains.endswith("TREE"):
                yield from self._objects(self._relatives(info), shown)
