"""Where cases come from: each kind of case has a source that knows them and runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from conformance.case import Case, Outcome
from conformance.workplace import Workplace


class Source(Protocol):
    """The cases of one kind, on one implementation.

    What all kinds share is not its business: `conformance.suite.Suite` sees to dialects that are
    not offered, to cases that must have passed before, and to what runs once.
    """

    @property
    def cases(self) -> Mapping[str, Case]:
        """The cases by id, in the order of reports; known without running anything."""

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Try a case whose needs have passed, and whose capabilities are there."""

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Try a case that needs a capability which is declared as lacking: it must be refused."""
