"""Opening the repository that a command is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

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

    context = click.get_current_context(silent=True)
    timeout = context.find_root().params.get("timeout") if context else None
    waiting = {} if timeout is None else {"timeout": timeout}
    return Butler(repo, writeable=writeable, **waiting)
