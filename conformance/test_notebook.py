"""The steps of the notebook "Exploring the Gen-3 Butler", in both dialects.

Run with ``pytest --pyargs conformance.test_notebook --butler NAME``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.case import Outcome
from conformance.notebook import steps
from conformance.suite import Suite


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case, marks=pytest.mark.conformance(case)) for case in steps.case_ids()],
)
def test_step(
    case: str,
    conformance_suite: Suite,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """The step is done as the notebook saw it; set-up steps only have to run."""
    conformance_verdict(conformance_suite.outcome(case))
