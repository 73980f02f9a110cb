"""Finding laws: those of the suite, and those in the folders of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conformance.declarations import declarations
from conformance.properties.law import Law, LawError


def laws(folders: Sequence[Path] = ()) -> list[Law]:
    """Return all laws, by id.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own, whose ``properties`` folder is read too.

    Raises
    ------
    LawError
        Raised where a file cannot be read, or an id stands twice.
    """
    return declarations("properties", "laws", Law, LawError, folders)
