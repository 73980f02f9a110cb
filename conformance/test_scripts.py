"""Scripts as users of the Butler write them, unchanged but for the import.

Run with ``pytest --pyargs conformance.test_scripts --butler NAME``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.case import Outcome
from conformance.scripted.listed import case_ids
from conformance.suite import Suite


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case, marks=pytest.mark.conformance(case)) for case in case_ids()],
)
def test_script(
    case: str,
    conformance_suite: Suite,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """The script runs to its end, and prints what it must."""
    conformance_verdict(conformance_suite.outcome(case))
