"""The hook through which plugins hear what happens in a run of the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.events import Event


def pytest_conformance_event(event: Event) -> None:
    """Hear one event of the run, in order; reports and progress are made from these alone."""
