"""Properties: a machine beside a model, and laws, tried on many generated repositories.

Run with ``pytest --pyargs conformance.test_properties --butler NAME``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.case import Outcome
from conformance.parametrizing import parametrize_cases
from conformance.properties.source import case_ids
from conformance.suite import Suite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each property, those of the folders of others among them."""
    parametrize_cases(metafunc, case_ids)


def test_property(
    case: str,
    conformance_suite: Suite,
    conformance_verdict: Callable[[Outcome], None],
) -> None:
    """The property holds for each example, and the examples reached what it declares."""
    conformance_verdict(conformance_suite.outcome(case))
