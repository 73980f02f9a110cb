"""Opening the repository that a command is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..butler import Butler

__all__ = ["open_repository"]


def open_repository(repo: str, *, writeable: bool = False) -> Butler:
    """Open a repository, loading the Butler only now: ``--help`` has no use for it.

    Raises
    ------
    MissingRepositoryError
        If there is none.
    """
    from ..butler import Butler

    return Butler(repo, writeable=writeable)
