"""What a law does to a Butler, and asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from conformance.model import CollectionKind, ModelButler
from conformance.properties.furnishing import data_ids_of
from conformance.properties.reaching import Reached
from conformance.properties.readings import readings
from conformance.properties.world import World

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from conformance.model.records import Value

T = TypeVar("T")
Draw: TypeAlias = "Callable[[SearchStrategy[T]], T]"


class Session:
    """An open Butler with collections and datasets in it, for a law to try itself on.

    Calls are written as text, as a user would type them: they run with ``butler``, ``root`` (the
    repository), ``names`` (from the ids of datasets to ``ref1`` …), those references themselves,
    and what the API module names `Butler`, `CollectionType` and `DatasetType`. So a failure can be
    shown as a program that runs alone.

    Parameters
    ----------
    world
        The implementation and the model.
    reached
        Where to count what is reached.
    """

    def __init__(self, world: World, reached: Reached) -> None:
        self._world = world
        self._reached = reached

    @property
    def model(self) -> ModelButler:
        """What is in the repository, before the law does anything."""
        return self._world.model

    def do(self, statement: str) -> None:
        """Run a statement; one that raises breaks the law."""
        self._world.say(statement)

    def ask(self, expression: str) -> Any:
        """Return the value of an expression; one that raises breaks the law."""
        return self._world.tried(expression)

    def equal(self, left: str, right: str) -> None:
        """Demand that two expressions are equal; the second says what is right."""
        self._world.same(left, right, self._reached)

    @contextmanager
    def unchanged(self, *, lists: bool = True) -> Iterator[None]:
        """Demand that all readings are the same after what is done within.

        Parameters
        ----------
        lists
            Whether this holds for the lists of all collections, dataset types and records too;
            write ``lists=False`` where something new is made.
        """
        texts = [one.text for one in readings(self.model) if lists or not one.lists]
        place = len(self._world.lines)
        before = {text: self._world.shown(text) for text in texts}
        yield
        for text in texts:
            if self._world.shown(text) != before[text]:
                self._world.lines.insert(place, f"before = {text}")
                self._world.changed(text, before[text])

    def reached(self, what: str) -> None:
        """Count that an example reached something which the law declares in ``reaches``."""
        self._reached.note(what)

    @staticmethod
    def one_of(values: Sequence[T]) -> SearchStrategy[T]:
        """Return a strategy for one of some values; without any, another example is tried."""
        from hypothesis import strategies as st

        return st.sampled_from(values) if values else st.nothing()

    def collections(self, *types: str) -> SearchStrategy[str]:
        """Return a strategy for the names of collections, such as those of the type ``RUN``."""
        kinds = [CollectionKind(one) for one in types] or list(CollectionKind)
        return self.one_of(self.model.collections.of(*kinds))

    def dataset_types(self) -> SearchStrategy[str]:
        """Return a strategy for the names of dataset types."""
        return self.one_of([one.name for one in self.model.dataset_types])

    def labels(self) -> SearchStrategy[str]:
        """Return a strategy for the names that references are bound to: ``ref1`` …."""
        return self.one_of([one.label for one in self.model.datasets])

    def data_ids(self, dataset_type: str) -> SearchStrategy[dict[str, Value]]:
        """Return a strategy for data IDs of a dataset type, of which there may be a dataset."""
        return data_ids_of(self.model, self.model.dataset_types[dataset_type])
