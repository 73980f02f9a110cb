"""Hypothesis, kept quiet and the same in each run."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def settings(examples: int, steps: int = 1) -> Any:
    """Return settings under which nothing but the seed decides what is drawn.

    Shrinking is left to `conformance.properties.shrinking`, which knows what a program is and ends
    after a number of tries; health is judged by what a property reached, and not by how slow the
    implementation is.
    """
    import hypothesis

    return hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=(hypothesis.Phase.generate,),
        deadline=None,
        database=None,
        derandomize=True,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


@contextlib.contextmanager
def quiet(folder: Path) -> Iterator[None]:
    """Let hypothesis and the implementation neither print nor warn, nor leave files behind.

    Parameters
    ----------
    folder
        Where hypothesis may write, instead of the folder that we are in.
    """
    with (
        _home(folder),
        _no_constants_of_modules(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _home(folder: Path) -> Iterator[None]:
    from hypothesis import configuration

    before = vars(configuration).get("__hypothesis_home_directory")
    configuration.set_hypothesis_home_dir(folder)
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)


@contextlib.contextmanager
def _no_constants_of_modules() -> Iterator[None]:
    """Keep hypothesis from drawing constants out of the source of whatever modules are loaded.

    Which they are depends on how the run was started, and so would what is drawn. There is no
    setting for it; a release without this function draws no such constants.
    """
    import hypothesis.internal.conjecture.providers

    providers: Any = hypothesis.internal.conjecture.providers

    name = "_get_local_constants"
    found = getattr(providers, name, None)
    if found is None:
        yield
        return
    nothing = providers.Constants()
    providers.CONSTANTS_CACHE.cache.clear()
    setattr(providers, name, lambda: nothing)
    try:
        yield
    finally:
        setattr(providers, name, found)
        providers.CONSTANTS_CACHE.cache.clear()
