"""Options that several commands have, in the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

from conformance.workplace import PROFILES

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def butler(who: str) -> Option:
    """Return ``--butler``; `who` says what it does, such as "The Butler to judge"."""
    return click.option(
        "--butler",
        default="butler_core",
        show_default=True,
        metavar="NAME",
        help=f"{who}: an installed name, or package.module:factory.",
    )


def others() -> Option:
    """Return ``--with-butler``, which gives ``others``."""
    return click.option(
        "--with-butler",
        "others",
        multiple=True,
        metavar="NAME",
        help="A Butler that shares repositories with it in interop cases; itself unless given.",
    )


def suite(what: str) -> Option:
    """Return ``--suite``, which gives ``folders``; `what` says what is looked for there."""
    return click.option(
        "--suite",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help=f"A folder with {what} of your own beside the suite's.",
    )


def repository(otherwise: str) -> Option:
    """Return ``--repo``; `otherwise` says what happens without it."""
    return click.option(
        "--repo",
        type=click.Path(path_type=Path),
        envvar="BUTLER_CONFORMANCE_REPO",
        show_envvar=True,
        help=f"A repository that `make-repo ci_hsc` built; else one is made{otherwise}.",
    )


def deviations() -> Option:
    """Return ``--deviations``."""
    return click.option(
        "--deviations",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="What is known of a Butler, beside deviations/ of the suite and of --suite: a file "
        "that is named as the implementation is, with .yaml.",
    )


def profile(default: str = "ci") -> Option:
    """Return ``--profile``."""
    return click.option(
        "--profile",
        type=click.Choice(list(PROFILES)),
        default=default,
        show_default=True,
        help="How hard properties are tried.",
    )


def seed() -> Option:
    """Return ``--seed``."""
    return click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        help="Where the chance of properties begins.",
    )
