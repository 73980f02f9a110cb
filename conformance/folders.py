"""The folders that hold a suite: the one that is installed, and those of others.

Each has the same layout: ``requirements``, ``repositories``, ``cases``, ``properties``,
``faults``, ``pictures`` and ``golden_images``, each where it is needed. The suite's own pictures
are those of the notebook; its ``pictures`` is the package that compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def suite_files(kind: str, suffix: str, folders: Sequence[Path] = ()) -> list[Path]:
    """Return the files of one kind, the suite's own first, sorted by name in each folder.

    Parameters
    ----------
    kind
        The name of the subfolder, such as ``cases``.
    suffix
        How the names end, such as ``.yaml``; names that begin with ``_`` are left out.
    folders
        Folders of others beside the suite's own.
    """
    return [
        path
        for folder in dict.fromkeys((PACKAGE, *(folder.resolve() for folder in folders)))
        for path in sorted((folder / kind).glob(f"*{suffix}"))
        if not path.name.startswith("_")
    ]


def shown_place(path: Path, line: int = 0) -> str:
    """Return where something of a suite is written: ``cases/collections.yaml:12``."""
    name = f"{path.parent.name}/{path.name}"
    return f"{name}:{line}" if line else name
