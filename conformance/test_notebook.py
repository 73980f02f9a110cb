"""The steps of the notebook "Exploring the Gen-3 Butler", in both dialects.

Run with ``pytest --pyargs conformance.test_notebook --butler NAME``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.case import Outcome
from conformance.notebook import suite
from conformance.notebook.runner import Notebook


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case, marks=pytest.mark.conformance(case)) for case in suite.case_ids()],
)
def test_step(
    case: str,
    conformance_notebook: Notebook,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """The step is done as the notebook saw it; set-up steps only have to run."""
    conformance_verdict(conformance_notebook.outcome(case))
