"""Finding interop cases: those of the suite, and those in the folders of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conformance.declarations import declarations
from conformance.interop.declaring import Story, StoryError


def stories(folders: Sequence[Path] = ()) -> list[Story]:
    """Return all interop cases, by id.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own, whose ``interop`` folder is read too.

    Raises
    ------
    StoryError
        Raised where a file cannot be read, or an id stands twice.
    """
    return declarations("interop", "stories", Story, StoryError, folders)
