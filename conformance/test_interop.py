"""Interop cases: the Butler that is judged, and another, on the same repositories.

Run with ``pytest --pyargs conformance.test_interop --butler NAME --with-butler OTHER``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from conformance.case import Outcome
from conformance.implementations.loading import load
from conformance.interop.source import case_ids
from conformance.parametrizing import parametrize_cases
from conformance.suite import Suite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each case, those of the folders of others among them."""
    others = [load(name).name for name in metafunc.config.getoption("with_butler")]
    parametrize_cases(metafunc, partial(case_ids, others=others))


def test_interop(
    case: str,
    conformance_suite: Suite,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """What one leaves the other finds."""
    conformance_verdict(conformance_suite.outcome(case))
