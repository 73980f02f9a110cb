"""A folder that a command makes, and that goes if the command fails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["made_folder"]


@contextlib.contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder for what happens in the context, which empties it if that fails.

    Those that were not there before are removed again, if they are empty.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # it is not empty
            for path in missing:
                path.rmdir()
        raise
