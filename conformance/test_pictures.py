"""Pictures held against approved ones, always and exactly.

Run with ``pytest --pyargs conformance.test_pictures --butler NAME``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.case import Outcome
from conformance.parametrizing import parametrize_cases
from conformance.pictures.planning import case_ids
from conformance.suite import Suite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each case, those of the folders of others among them."""
    parametrize_cases(metafunc, case_ids)


def test_picture(
    case: str,
    conformance_suite: Suite,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """The picture is, in this layer, the approved one."""
    conformance_verdict(conformance_suite.outcome(case))
