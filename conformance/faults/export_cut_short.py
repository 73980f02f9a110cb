"""A fault of exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from conformance.faults import Real, fault


@fault(
    "Of the datasets that are to be exported in one call, the least is left out in silence.",
    calls=["butler.export"],
    red=[
        "EXP-01",
        "EXP-02.records",
        "EXP-05.shared-range",
        "EXP-06.modes",
        "EXP-07",
        "EXP-08",
        "EXP-09",
        "EXP-11.no-file",
        "EXP-11.file-there",
        "IMP-21",
        "SCR-11",
        "ZIP-11",
        "ITP-10",
    ],
)
@contextmanager
def export_cut_short(real: Real, **keywords: Any) -> Iterator[Any]:
    """Give a context that exports all but the least."""
    with real(**keywords) as export:
        save = export.saveDatasets

        def save_all_but_one(refs: Iterable[Any], **options: Any) -> None:
            save(sorted(set(refs))[1:], **options)

        export.saveDatasets = save_all_but_one
        yield export
