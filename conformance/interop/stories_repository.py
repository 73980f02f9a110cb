"""One repository on which two Butlers act in turn."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor


@interop("ITP-01.filled", "What A fills a repository with B sees, and would write so itself")
def filled(a: Actor, b: Actor) -> None:
    """Fill a repository by each, and compare."""
    b.fills("own")
    a.compares("own")
    b.compares("own")
