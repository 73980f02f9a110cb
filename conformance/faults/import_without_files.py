"""A fault of imports."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "An import registers datasets, and leaves their files behind.",
    calls=["butler.import_"],
    red=[
        "EXP-01",
        "IMP-01",
        "IMP-02",
        "IMP-03.files-later",
        "IMP-05.format",
        "IMP-06.other-order",
        "IMP-13.file-missing",
        "IMP-14.formatter",
        "IMP-15",
        "IMP-19",
        "IMP-21",
        "SCR-11",
        "ZIP-11",
        "ITP-10",
    ],
)
def import_without_files(real: Real, **keywords: Any) -> None:
    """Import into the registry alone."""
    real(**{**keywords, "without_datastore": True})
