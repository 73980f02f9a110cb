"""Exports: writing one, and reading it into another repository."""

from __future__ import annotations

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.furnishing import EXPORTED, export
from conformance.benchmarks.model import RUN, TYPE


@row("export", "export everything", goal=30, starts_from="files")
def export_everything(bench: Bench) -> None:
    """Export the many datasets, a file for each visit."""
    export(bench, bench.folder / "first.yaml")
    with bench.measured():
        export(bench, bench.folder / "second.yaml")


@row("import-all", "import it", goal=20, starts_from="exported")
def import_everything(bench: Bench) -> None:
    """Import the export of the many datasets into an empty repository."""
    exported, bench.root = bench.root, bench.folder / "new"
    bench.implementation.make_repository(bench.root)
    with bench.open(writeable=True) as butler:
        with bench.measured():
            butler.import_(
                directory=str(exported), filename=str(exported / EXPORTED), transfer="direct"
            )
        found = len(butler.query_datasets(TYPE, RUN, limit=None))
    if found != bench.model.datasets:
        raise ValueError(f"{found} datasets were imported of {bench.model.datasets}")
