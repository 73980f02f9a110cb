"""What a run of examples has reached: a property that never met a chain says nothing of chains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from conformance.model import CollectionKind, ModelButler, Refusal, RefusalKind
from conformance.properties.operations import Operation, PruneDatasets, RemoveDatasets

EMPTY, FULL = "an empty answer", "an answer that is not empty"

REFUSALS: Mapping[RefusalKind, str] = {
    RefusalKind.CONFLICT: "a conflict",
    RefusalKind.MISSING_COLLECTION: "a missing collection",
    RefusalKind.MISSING_DATASET_TYPE: "a missing dataset type",
    RefusalKind.MISSING_RECORD: "a missing record",
    RefusalKind.MISSING_DIMENSION: "a missing dimension",
    RefusalKind.CYCLE: "a cycle",
    RefusalKind.WRONG_COLLECTION_TYPE: "a wrong type of collection",
    RefusalKind.IN_USE: "something in use",
}
"""What it is called that something was refused."""


def _deepest(model: ModelButler) -> int:
    return max((model.collections.depth(name) for name in model.collections), default=0)


def _hides(model: ModelButler) -> bool:
    return any(
        len(model.members(chain)) > sum(len(model.query(one.name, [chain])) for one in types)
        for types in [list(model.dataset_types)]
        for chain in model.collections.of(CollectionKind.CHAINED)
    )


def _tags(model: ModelButler, least: int) -> bool:
    return any(len(model.datasets.tags(one.label)) >= least for one in model.datasets)


STATES: Mapping[str, Callable[[ModelButler], bool]] = {
    "a chain": lambda model: _deepest(model) >= 1,
    "a chain three deep": lambda model: _deepest(model) >= 3,
    "a chain five deep": lambda model: _deepest(model) >= 5,
    "a first match that hides another": _hides,
    "a tagged dataset": lambda model: _tags(model, 1),
    "a dataset in two tags": lambda model: _tags(model, 2),
    "two datasets": lambda model: len(list(model.datasets)) >= 2,
}
"""States of a repository that can be reached, by what they are called."""


def tagged_datasets(model: ModelButler) -> int:
    """Return how many datasets are in a tagged collection."""
    return sum(bool(model.datasets.tags(one.label)) for one in model.datasets)


class Reached:
    """Counts what the examples of a property reached.

    Parameters
    ----------
    wanted
        What must be reached, by what it is called; states among them are looked for.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self.wanted = tuple(wanted)
        self.counts: Counter[str] = Counter()

    def note(self, name: str) -> None:
        """Count something."""
        self.counts[name] += 1

    def state(self, model: ModelButler) -> None:
        """Count the states that a repository is in."""
        for name in self.wanted:
            if name in STATES and STATES[name](model):
                self.note(name)

    def refused(self, refusal: Refusal) -> None:
        """Count what was refused."""
        for kind in refusal.kinds:
            self.note(REFUSALS[kind])

    def done(
        self, operation: Operation, refusal: Refusal | None, model: ModelButler, tagged: int
    ) -> None:
        """Count what a call reached.

        Parameters
        ----------
        operation
            The call.
        refusal
            Why it was refused, where it was.
        model
            What there is after it.
        tagged
            How many datasets were tagged before it.
        """
        if refusal is not None:
            self.refused(refusal)
            return
        if operation.reaches:
            self.note(operation.reaches)
        is_removal = isinstance(operation, RemoveDatasets | PruneDatasets)
        if is_removal and tagged_datasets(model) < tagged:
            self.note("a tagged dataset that is removed")
        self.state(model)

    def answered(self, value: object) -> None:
        """Count an answer; one that is no collection is not counted."""
        if isinstance(value, list | tuple | set | frozenset | dict):
            self.note(FULL if value else EMPTY)

    @property
    def missing(self) -> list[str]:
        """What was wanted and not reached."""
        return [name for name in self.wanted if not self.counts[name]]
