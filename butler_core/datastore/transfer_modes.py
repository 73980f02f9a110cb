"""How a file comes to another place: copied, moved, linked, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from typing import Final

from butler_core.errors import TransferError, nearest

__all__ = [
    "AUTO",
    "IN_PLACE",
    "MAKES_A_FILE",
    "MODES",
    "check_mode",
    "mode_of_ingest",
    "transfer_file",
]

AUTO: Final = "auto"
IN_PLACE: Final = (None, "direct", "split")
"""Modes that leave files where they are: the file is in the root, or recorded by its URI, or each
as it is."""

MAKES_A_FILE: Final = ("copy", "move", "link", "hardlink", "symlink", "relsymlink")
"""Modes that make a file at a place of the datastore's choice."""

MODES: Final = (AUTO, *MAKES_A_FILE, *IN_PLACE)


def check_mode(transfer: str | None, allowed: Iterable[str | None] = MODES) -> None:
    """Raise `TransferError` if a mode is none of those allowed."""
    allowed = list(allowed)
    if transfer not in allowed:
        texts = [one for one in allowed if one is not None]
        raise TransferError(
            f"transfer={transfer!r} is not one of {', '.join(map(repr, allowed))}"
            f"{nearest(str(transfer), texts)}"
        )


def mode_of_ingest(transfer: str | None, are_inside: Iterable[bool]) -> str | None:
    """Return what a mode means for files of which some are in the root.

    ``auto`` leaves files in the root in place and links others; of a mixture,
    the others are recorded by their URI.

    Parameters
    ----------
    transfer : `str` or `None`
        One of `MODES`.
    are_inside : `~collections.abc.Iterable` [ `bool` ]
        Whether each of the files is in the root.

    Raises
    ------
    TransferError
        If there is no such mode.
    """
    check_mode(transfer)
    if transfer != AUTO:
        return transfer
    found = set(are_inside)
    if found == {True}:
        return None
    return "split" if True in found else "link"


def transfer_file(mode: str, source: str, place: str, name: str) -> None:
    """Make a file out of another, or a link to it.

    A file that is to be moved stays until its registry rows are committed: here
    it gets a second name, or is copied.

    Parameters
    ----------
    mode : `str`
        One of `MAKES_A_FILE`.
    source : `str`
        Absolute path; links are followed.
    place : `str`
        Where the file will be in the end, for relative links.
    name : `str`
        What to make, in the same folder.
    """
    real = os.path.realpath(source)
    if mode == "symlink":
        os.symlink(real, name)
        return
    if mode == "relsymlink":
        os.symlink(os.path.relpath(real, os.path.dirname(place)), name)
        return
    if mode != "copy":
        with contextlib.ExitStack() as stack:
            if mode != "hardlink":
                stack.enter_context(contextlib.suppress(OSError))
            os.link(real, name)
            return
    if mode == "link":
        os.symlink(real, name)
        return
    shutil.copy(real, name)
