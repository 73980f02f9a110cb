"""An implementation with a fault in front of it, which differs from it in the fault alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.faults import Fault
from conformance.faulty.catalogue import named
from conformance.faulty.changing import Changer
from conformance.faulty.modules import offer
from conformance.implementations import Dialect, Drawn, Implementation
from conformance.implementations.loading import load


class Faulty:
    """An implementation that is wrong in one named way.

    Its modules are made in memory: they offer everything of the real ones, and Butlers and
    displays that are opened through them, or through the methods here, have the fault. The real
    modules and their classes stay as they are.

    Parameters
    ----------
    real
        The implementation.
    fault
        What is wrong with it.
    changer
        What puts the fault in front of calls; one that is made for it unless given.
    """

    def __init__(self, real: Implementation, fault: Fault, changer: Changer | None = None) -> None:
        self.real = real
        self.fault = fault
        self._changer = changer or Changer(fault)
        self.dialects: Mapping[str, Dialect] = {
            name: Dialect(
                butler=offer(modules.butler, "Butler", self._changer),
                display=offer(modules.display, "Display", self._changer),
            )
            for name, modules in real.dialects.items()
        }

    @property
    def name(self) -> str:
        """The name of the implementation, without the fault's."""
        return self.real.name

    @property
    def version(self) -> str:
        """The version of the implementation."""
        return self.real.version

    @property
    def unsupported(self) -> Mapping[str, str]:
        """What the implementation declares that it cannot do."""
        return self.real.unsupported

    def make_repository(self, root: Path) -> None:
        """Make an empty repository."""
        self._changer.before("make_repository", self.real.make_repository)(root)

    def open(self, root: Path, **arguments: Any) -> Any:
        """Open a repository with today's Butler, which has the fault."""
        return self._changer.opening("Butler", self.real.open)(root, **arguments)

    def drawn(self, display: Any) -> Drawn:
        """Return what a display has drawn last, as the fault lets it be seen."""
        drawn: Drawn = self._changer.before("drawn", self.real.drawn)(display)
        return drawn


def judged(butler: str, fault: str = "", folders: Sequence[Path] = ()) -> Implementation:
    """Return an implementation by name or address, with a fault in front where one is named.

    Raises
    ------
    ImplementationError
        Raised where there is no such implementation.
    FaultError
        Raised where there is no such fault.
    """
    real = load(butler)
    return Faulty(real, named(fault, folders)) if fault else real
