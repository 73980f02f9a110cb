"""The notebook's repository for a command: the one that is named, or one made for it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.console import NothingJudgedError, reason

if TYPE_CHECKING:
    from conformance.progress import ProgressLine
    from conformance.repository import CaseRepository


def scratch_folder(stack: ExitStack) -> Path:
    """Return an empty folder that goes with the stack.

    Raises
    ------
    NothingJudgedError
        Raised where none can be made.
    """
    from conformance.staging import scratch

    try:
        return stack.enter_context(scratch())
    except OSError as error:
        raise NothingJudgedError(f"there is no room for repositories: {reason(error)}.") from error


def made(stack: ExitStack, line: ProgressLine) -> Path:
    """Make the repository in a folder that goes with the stack, and return the folder.

    Raises
    ------
    NothingJudgedError
        Raised where it cannot be made.
    """
    from conformance import recipes

    folder = scratch_folder(stack)
    try:
        line.show("making ci_hsc", 0, 1)
        recipes.load("ci_hsc").make(folder, progress=line.show)
    except Exception as error:
        raise NothingJudgedError(f"ci_hsc cannot be made for the run: {reason(error)}.") from error
    return folder


def found(stack: ExitStack, repo: Path | None, line: ProgressLine) -> CaseRepository:
    """Return the repository that ``--repo`` names, or one that is made.

    Raises
    ------
    NothingJudgedError
        Raised where it is not as its recipe builds it, or cannot be made.
    """
    from conformance.built import locate_as_built
    from conformance.repository import RepositoryNotFoundError, locate

    if repo is None:
        return locate(made(stack, line))
    try:
        return locate_as_built(repo)
    except RepositoryNotFoundError as error:
        raise NothingJudgedError(str(error)) from error


def found_with_progress(stack: ExitStack, repo: Path | None) -> CaseRepository:
    """Return it as `found` does, with a line of progress of its own while it is made."""
    from conformance.progress import ProgressLine, terminal

    with ProgressLine(terminal(stderr=True)) as line:
        return found(stack, repo, line)
