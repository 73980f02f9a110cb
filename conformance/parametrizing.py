"""Making a test of each case of a source that pytest does not collect from files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest


def parametrize_cases(
    metafunc: pytest.Metafunc, case_ids: Callable[[Sequence[Path]], Iterable[str]]
) -> None:
    """Give a test function its parameter ``case``: each id, those of others' folders among them.

    Parameters
    ----------
    metafunc
        The test function, as pytest hands it to ``pytest_generate_tests``.
    case_ids
        Called with the folders of others that belong to the run.
    """
    session = metafunc.config.pluginmanager.get_plugin("conformance-session")
    assert session is not None
    marked = [
        pytest.param(case, id=case, marks=pytest.mark.conformance(case))
        for case in case_ids(session.folders)
    ]
    metafunc.parametrize("case", marked)
