"""Exports: writing one, and reading it into another repository."""

from __future__ import annotations

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.furnishing import EXPORTED, export
from conformance.benchmarks.model import RUN, TYPE


@row("export", "export everything", goal=30, starts_from="files", writes=True)
def export_everything(bench: Bench) -> None:
    """Export the many datasets, a file for each visit."""
    first, second = bench.folder / "first", bench.folder / "second"
    for folder in (first, second):
        folder.mkdir()
    export(bench, first)
    with bench.measured():
        export(bench, second)


@row("import-all", "import it", goal=20, starts_from="exported", writes=True)
def import_everything(bench: Bench) -> None:
    """Import the export of the many datasets into an empty repository."""
    exported, bench.root = bench.root / EXPORTED, bench.folder / "new"
    bench.implementation.make_repository(bench.root)
    with bench.open(writeable=True) as butler:
        with bench.measured():
            butler.import_(directory=str(exported), transfer="copy")
        found = len(butler.query_datasets(TYPE, RUN, limit=None))
    if found != bench.model.datasets:
        raise ValueError(f"{found} datasets were imported of {bench.model.datasets}")
