"""The registry's calls about collections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..collection import CollectionSummary, CollectionType
from ..dataset import DatasetType
from ..registry.collections import CollectionExpression
from .base import RegistryBase

__all__ = ["CollectionCalls"]


class CollectionCalls(RegistryBase):
    """Collections: register, chain, document, remove, query."""

    def registerCollection(
        self, name: str, type: CollectionType = CollectionType.TAGGED, doc: str | None = None
    ) -> bool:
        """Make sure that a collection exists; return whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with another type.
        """
        return self._repository.collections.register(name, type, doc)

    def registerRun(self, name: str, doc: str | None = None) -> bool:
        """Make sure that a run exists; return whether it is new."""
        return self.registerCollection(name, CollectionType.RUN, doc)

    def getCollectionType(self, name: str) -> CollectionType:
        """Return the type of a collection."""
        return self._repository.collections.get(name).type

    def getCollectionChain(self, parent: str) -> Sequence[str]:
        """Return the children of a chain, in the order of search.

        Raises
        ------
        CollectionTypeError
            If the collection is not a chain.
        """
        return self._repository.collections.get_chain(parent).children

    def getCollectionParentChains(self, collection: str) -> set[str]:
        """Return the chains that hold a collection."""
        return self._repository.collections.parents(collection)

    def setCollectionChain(
        self, parent: str, children: str | Iterable[str], *, flatten: bool = False
    ) -> None:
        """Replace the children of a chain.

        Raises
        ------
        CollectionTypeError
            If the parent is not a chain.
        CollectionCycleError
            If the chain would hold itself.
        """
        self._repository.collections.set_chain(parent, children, flatten=flatten)

    def getCollectionDocumentation(self, collection: str) -> str | None:
        """Return a collection's documentation, `None` if it has none."""
        return self._repository.collections.get(collection).doc or None

    def getCollectionSummary(self, collection: str) -> CollectionSummary:
        """Return what a collection, or the children of a chain, may hold.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        """
        self._repository.collections.get(collection)
        held = self._repository.summary(collection)
        governors = {name: known for name, known in held.governors.items() if known}
        return CollectionSummary(held.dataset_types, governors)

    def setCollectionDocumentation(self, collection: str, doc: str | None) -> None:
        """Replace a collection's documentation."""
        self._repository.collections.set_doc(collection, doc)

    def removeCollection(self, name: str) -> None:
        """Remove a collection; a run only if none of its datasets has a file.

        Raises
        ------
        OrphanedRecordError
            If a chain holds it, or a run's datasets have files.
        """
        self._repository.remove_collection(name)

    def queryCollections(
        self,
        expression: CollectionExpression = ...,
        datasetType: DatasetType | str | None = None,
        collectionTypes: Iterable[CollectionType] | CollectionType | None = None,
        flattenChains: bool = False,
        includeChains: bool | None = None,
    ) -> list[str]:
        """Return the names of collections.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs.
        datasetType : `DatasetType` or `str`, optional
            Only collections that may hold datasets of this type.
        collectionTypes : `CollectionType` or iterable of them, optional
            Types to return.
        flattenChains, includeChains : `bool`, optional
            Whether to return the children of chains, and chains themselves.
        """
        repository = self._repository
        records = repository.collections.query(
            expression,
            collectionTypes,
            flatten_chains=flattenChains,
            include_chains=includeChains,
        )
        if datasetType is None:
            return [record.name for record in records]
        wanted, _ = self._finder.dataset_type(datasetType)
        held = repository.datasets.summaries
        return [
            record.name
            for record in records
            if wanted.key
            in held.dataset_types(one.key for one in repository.collections.flatten(record.name))
        ]
