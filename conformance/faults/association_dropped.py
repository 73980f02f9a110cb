"""A fault of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.faults import Real, fault


@fault(
    "Of the datasets that are to be associated with a collection, the last is left out in silence.",
    calls=["butler.registry.associate"],
    red=[
        "COL-12",
        "COL-13.taken-out",
        "COL-14",
        "COL-15",
        "COL-17.types",
        "COL-20.of-type",
        "FND-05",
        "REM-03",
        "ASC-01.all",
        "ASC-02.parts",
        "ASC-03",
        "ASC-06",
        "QRY-17",
        "WHR-17",
        "EXP-05.exported-only",
        "SCR-02",
        "SCR-12",
        "ITP-01",
        "ITP-04",
        "ITP-07.removed",
        "OPN-04.searched.*",
        "LAW-01",
        "LAW-11",
    ],
)
def association_dropped(real: Real, collection: str, refs: Iterable[Any]) -> None:
    """Associate all but the last."""
    real(collection, list(refs)[:-1])
