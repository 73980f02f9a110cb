"""A file with the datasets that it holds, as `Butler.ingest` takes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .dataset import DatasetRef, given_references
from .errors import ArgumentError, InconsistentRunError

if TYPE_CHECKING:
    from .datastore.formatters import Formatter

__all__ = ["FileDataset"]


class FileDataset:
    """A file with the datasets that it holds.

    Parameters
    ----------
    path : `str` or `os.PathLike`
        Path or URI of the file; a relative one is relative to the root of the
        datastore.
    refs : `DatasetRef` or `list` [ `DatasetRef` ]
        The datasets, all of one run.
    formatter : `str` or `type`, optional
        The formatter that reads the file, by its full name or its class; the
        one that `Butler.put` would take if not given.

    Raises
    ------
    InconsistentRunError
        If there are no datasets, or they are of several runs.
    """

    __slots__ = ("formatter", "path", "refs")

    refs: list[DatasetRef]
    path: str | os.PathLike[str]
    formatter: str | type[Formatter] | None

    def __init__(
        self,
        path: str | os.PathLike[str],
        refs: DatasetRef | Iterable[DatasetRef],
        *,
        formatter: str | type[Formatter] | None = None,
    ) -> None:
        if not isinstance(path, str | os.PathLike):
            raise ArgumentError(f"the path of a FileDataset is a path or a URI, not {path!r}")
        self.path = path
        self.refs = [refs] if isinstance(refs, DatasetRef) else given_references(FileDataset, refs)
        runs = sorted({ref.run for ref in self.refs})
        if len(runs) != 1:
            what = f"are of runs {', '.join(map(repr, runs))}" if runs else "are none"
            raise InconsistentRunError(
                f"the datasets of a file are of one run; those of {path} {what}"
            )
        self.formatter = formatter

    @classmethod
    def of_checked(
        cls, path: str | os.PathLike[str], refs: list[DatasetRef], formatter: str | None
    ) -> FileDataset:
        """Make one of what has been checked; many are made at once."""
        self = cls.__new__(cls)
        self.path = path
        self.refs = refs
        self.formatter = formatter
        return self

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, FileDataset):
            return NotImplemented
        return str(self.path) < str(other.path)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FileDataset):
            return NotImplemented
        return self._key() == other._key()

    __hash__ = None  # type: ignore[assignment]

    def _key(self) -> tuple[Any, ...]:
        return self.refs, self.path, self.formatter

    def __repr__(self) -> str:
        return f"FileDataset(refs={self.refs!r}, path={self.path!r}, formatter={self.formatter!r})"
