"""A fault of chains."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from conformance.faults import Real, fault


@fault(
    "A chain forgets the order of its children when its repository is opened again.",
    calls=["Butler"],
    red=[
        "CHN-01.first-child",
        "CHN-02",
        "CHN-07.in-depth.*",
        "CHN-11",
        "COL-06.children.*",
        "FND-03.chain.*",
        "PUT-07.deferred",
        "QRY-21.all",
        "QRY-22.collections",
        "WHR-17",
        "BLD-05.first",
        "BLD-17.chain",
        "BLD-18.references",
        "SCR-02",
        "SCR-06",
        "ITP-06",
        "ITP-11",
        "LAW-01",
        "LAW-09",
    ],
)
def chain_forgets_order(real: Real, *arguments: Any, **keywords: Any) -> Any:
    """Sort the children of each chain by name before the Butler is handed out."""
    butler = real(*arguments, **keywords)
    if not _unsorted(butler):
        return butler
    root = arguments[0] if arguments else keywords["config"]
    writer = butler if butler.isWriteable() else real(root, writeable=True)
    with suppress(TimeoutError):  # somebody else is writing
        for chain in _unsorted(writer):
            writer.collections.redefine_chain(chain.name, sorted(chain.children))
    return butler if writer is butler else real(*arguments, **keywords)


def _unsorted(butler: Any) -> list[Any]:
    if not hasattr(butler, "collections"):  # that of 2020 makes no chains
        return []
    chains = butler.collections.query_info("*")
    return [one for one in chains if list(one.children) != sorted(one.children)]
