"""Where the cases of a run are tried: its repositories, its folders, its chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from conformance.repository import CaseRepository

PROFILES = ("dev", "ci", "nightly")


@dataclass(frozen=True)
class Workplace:
    """What cases may use beside the implementation.

    Attributes
    ----------
    find_ci_hsc
        Finds or builds the ci_hsc repository; called when a case first needs it.
    scratch
        An empty folder of this process for the repositories that cases make.
    pictures
        Folder for the pictures of a report, or None where nobody wants them.
    profile
        How hard properties are tried: one of `PROFILES`.
    seed
        Where the chance of properties begins.
    """

    find_ci_hsc: Callable[[], CaseRepository]
    scratch: Path
    pictures: Path | None = None
    profile: str = "ci"
    seed: int = 0

    @cached_property
    def ci_hsc(self) -> CaseRepository:
        """The repository of the notebook; cases only read it."""
        return self.find_ci_hsc()
