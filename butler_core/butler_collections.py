"""The collections of a Butler, as ``butler.collections``."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from .collection import CollectionInfo, CollectionType
from .dataset_type import DatasetType
from .defaults import RegistryDefaults
from .registry.collections import CollectionExpression, CollectionRecord, collection_names
from .repository import Repository

__all__ = ["ButlerCollections"]


class ButlerCollections(Sequence[str]):
    """Queries and changes the collections of a repository.

    As a sequence, it holds the names of the Butler's default collections.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """

    def __init__(self, repository: Repository, defaults: RegistryDefaults) -> None:
        self._repository = repository
        self._defaults = defaults

    @property
    def defaults(self) -> Sequence[str]:
        """Names of the collections that are searched if a call names none."""
        return self._defaults.collections

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:  # type: ignore[override]
        return self._defaults.collections[index]

    def __len__(self) -> int:
        return len(self._defaults.collections)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ButlerCollections):
            return self.defaults == other.defaults
        if isinstance(other, list | tuple):
            return self.defaults == tuple(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ButlerCollections({self._defaults.collections!r})"

    def query(
        self,
        expression: CollectionExpression = "*",
        collection_types: Iterable[CollectionType] | CollectionType | None = None,
        flatten_chains: bool = False,
        include_chains: bool | None = None,
    ) -> list[str]:
        """Return the names of the collections that an expression names.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs, such as ``HSC/*``.
        collection_types : `CollectionType` or iterable of them, optional
            Types to return.
        flatten_chains : `bool`, optional
            Whether to return the children of chains.
        include_chains : `bool`, optional
            Whether to return chains themselves; the opposite of
            ``flatten_chains`` if not given.

        Raises
        ------
        MissingCollectionError
            If a name, not a glob, is that of no collection.
        """
        return [
            record.name
            for record in self._repository.collections.query(
                expression,
                collection_types,
                flatten_chains=flatten_chains,
                include_chains=include_chains,
            )
        ]

    def query_info(
        self,
        expression: CollectionExpression = "*",
        collection_types: Iterable[CollectionType] | CollectionType | None = None,
        flatten_chains: bool = False,
        include_chains: bool | None = None,
        include_parents: bool = False,
        include_summary: bool = False,
        include_doc: bool = False,
        summary_datasets: Iterable[DatasetType] | Iterable[str] | None = None,
    ) -> list[CollectionInfo]:
        """Return what is known of the collections that an expression names.

        Parameters are those of `query`, and which of the costlier parts of a
        `CollectionInfo` to include. If ``summary_datasets`` are given, its
        dataset types are those of them that the collection may hold.
        """
        asked = None
        if summary_datasets is not None:
            asked = {one if isinstance(one, str) else one.name for one in summary_datasets}
        records = self._repository.collections.query(
            expression,
            collection_types,
            flatten_chains=flatten_chains,
            include_chains=include_chains,
        )
        return [
            self._info(record, include_parents, include_summary, include_doc, asked)
            for record in records
        ]

    def get_info(
        self, name: str, include_parents: bool = False, include_summary: bool = False
    ) -> CollectionInfo:
        """Return what is known of one collection.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        """
        record = self._repository.collections.get(name)
        return self._info(record, include_parents, include_summary, True)

    def _info(
        self,
        record: CollectionRecord,
        parents: bool,
        summary: bool,
        doc: bool,
        asked: Container[str] | None = None,
    ) -> CollectionInfo:
        repository = self._repository
        dataset_types = governors = None
        if summary:
            held = repository.summary(record.name)
            dataset_types = frozenset(
                name for name in held.dataset_types.names if asked is None or name in asked
            )
            governors = {name: frozenset(values) for name, values in held.governors.items()}
        return CollectionInfo(
            name=record.name,
            type=record.type,
            doc=record.doc if doc else "",
            children=record.children,
            parents=frozenset(repository.collections.parents(record.name)) if parents else None,
            dataset_types=dataset_types,
            governors=governors,
        )

    def register(
        self, name: str, type: CollectionType = CollectionType.RUN, doc: str | None = None
    ) -> bool:
        """Make sure that a collection exists.

        Returns
        -------
        registered : `bool`
            Whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with another type.
        """
        return self._repository.collections.register(name, type, doc)

    def redefine_chain(
        self, parent_collection_name: str, child_collection_names: str | Iterable[str]
    ) -> None:
        """Replace the children of a chain.

        Raises
        ------
        MissingCollectionError
            If one of the collections does not exist.
        CollectionTypeError
            If the parent is not a chain.
        CollectionCycleError
            If the chain would hold itself.
        """
        self._repository.collections.set_chain(parent_collection_name, child_collection_names)

    def prepend_chain(
        self, parent_collection_name: str, child_collection_names: str | Iterable[str]
    ) -> None:
        """Put children at the beginning of a chain; those in it already are moved there."""
        new = collection_names(child_collection_names)
        self._repository.collections.change_chain(
            parent_collection_name, lambda old: [*new, *(name for name in old if name not in new)]
        )

    def extend_chain(
        self, parent_collection_name: str, child_collection_names: str | Iterable[str]
    ) -> None:
        """Put children at the end of a chain; those in it already are moved there."""
        new = collection_names(child_collection_names)
        self._repository.collections.change_chain(
            parent_collection_name, lambda old: [*(name for name in old if name not in new), *new]
        )

    def remove_from_chain(
        self, parent_collection_name: str, child_collection_names: str | Iterable[str]
    ) -> None:
        """Take children out of a chain; those that are not in it are passed over."""
        gone = {
            self._repository.collections.get(name).name
            for name in collection_names(child_collection_names)
        }
        self._repository.collections.change_chain(
            parent_collection_name, lambda old: [name for name in old if name not in gone]
        )

    def x_remove(self, name: str) -> None:
        """Remove a collection; a run only if none of its datasets has a file.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        OrphanedRecordError
            If a chain holds it, or a run's datasets have files.
        """
        self._repository.remove_collection(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._defaults.collections)
