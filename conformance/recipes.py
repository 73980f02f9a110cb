"""Recipes of the test repositories, found in a checkout and in an installed wheel alike.

A recipe is a package of the folder ``fixtures``, with a function ``make``. The folder is not
importable by its own name, which belongs to another project: its packages are loaded under
``butler_fixtures``.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

__all__ = ["PACKAGE", "Holding", "Progress", "Recipe", "folder", "load", "names"]

PACKAGE = "butler_fixtures"
"""Name under which the packages of the folder are imported."""

Progress = Callable[[str, int, int], None]
"""Told what is being made, how many are done, and how many there are.

The text is the kind of work, or the kind, a colon, and the piece of it.
"""


class Holding(Protocol):
    """How many datasets of a dataset type a run holds."""

    @property
    def datasets(self) -> int:
        """How many there are in the registry."""

    @property
    def files(self) -> int:
        """How many files they have."""


class Recipe(Protocol):
    """What a recipe's module offers."""

    def make(
        self, destination: Path, *, full_size: bool = False, progress: Progress | None = None
    ) -> Path:
        """Build a repository.

        Parameters
        ----------
        destination
            Folder to build it under; made when it is not there.
        full_size
            Images of the size of the real ones instead of the small ones.
        progress
            Called as the work goes on.

        Returns
        -------
        pathlib.Path
            Root of the repository.
        """
        ...

    def runs(self) -> Sequence[str]:
        """Return the RUN collections of the repository, which has no others."""
        ...

    def contents(self) -> Mapping[tuple[str, str], Holding]:
        """Return what the repository holds, by dataset type and run."""
        ...


def folder() -> Path:
    """Folder of the recipes.

    Raises
    ------
    FileNotFoundError
        Neither the wheel's data folder nor the checkout's is there.
    """
    here = Path(__file__).resolve().parent
    candidates = (here / "_data" / "fixtures", here.parent / "fixtures")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = " nor ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(
        f"No recipes: neither {looked} is a folder; install butler-conformance again."
    )


def names() -> list[str]:
    """Names of the recipes, sorted."""
    return sorted(found.parent.name for found in folder().glob("*/__init__.py"))


def load(name: str) -> Recipe:
    """Import a recipe.

    Parameters
    ----------
    name
        Name of its package, such as ``ci_hsc``.

    Raises
    ------
    LookupError
        No recipe has the name; the message lists those there are.
    """
    known = names()
    if name not in known:
        raise LookupError(f"No recipe {name!r}; there are: {', '.join(known) or 'none'}.")
    if PACKAGE not in sys.modules:
        package = ModuleType(PACKAGE, "Recipes of the test repositories.")
        package.__path__ = [str(folder())]
        package.__spec__ = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
        sys.modules[PACKAGE] = package
    return cast(Recipe, importlib.import_module(f"{PACKAGE}.{name}"))
