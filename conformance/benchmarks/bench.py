"""What a row has at hand: a Butler, a repository, data IDs and a clock."""

from __future__ import annotations

import random
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.benchmarks.clock import Clock
from conformance.benchmarks.model import Model

if TYPE_CHECKING:
    from conformance.implementations import Implementation

__all__ = ["Bench"]

CALLS = 200


class Bench(Clock):
    """A Butler, and a repository of the model.

    Parameters
    ----------
    butler
        The name or address of the implementation.
    module
        The module that has its API.
    size
        How many datasets are asked for.
    root
        The repository.
    folder
        A folder that is this row's alone.

    Attributes
    ----------
    model
        What the repository holds.
    """

    def __init__(self, butler: str, module: str, size: int, root: Path, folder: Path) -> None:
        super().__init__()
        self.butler = butler
        self.module = module
        self.model = Model(size)
        self.root = root
        self.folder = folder

    @cached_property
    def implementation(self) -> Implementation:
        """The implementation; not loaded before a row asks for it."""
        from conformance.implementations.loading import load

        return load(self.butler)

    @property
    def api(self) -> Any:
        """The module that has the API."""
        return import_module(self.module)

    def open(self, **arguments: Any) -> Any:
        """Open the repository."""
        return self.implementation.open(self.root, **arguments)

    def some(self, most: int = CALLS) -> list[dict[str, Any]]:
        """Return data IDs of the model by chance, the same ones each time."""
        data_ids = self.model.data_ids()
        return random.Random(0).sample(data_ids, min(most, len(data_ids)))
