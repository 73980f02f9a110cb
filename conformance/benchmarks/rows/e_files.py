"""One dataset at a time: writing and reading its file."""

from __future__ import annotations

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import FILES, RUN, STORED, VALUE
from conformance.benchmarks.raw import RawBench

MOST = 100


def write_files(raw: RawBench) -> None:
    """Write YAML files."""
    import yaml

    paths = [raw.folder / f"{number}.yaml" for number in range(MOST)]
    with raw.measured(len(paths)):
        for path in paths:
            path.write_bytes(yaml.dump(VALUE, Dumper=yaml.CSafeDumper, encoding="utf-8"))


@row("put", "put a small dict", goal=6, writes=True, limit=write_files)
def put(bench: Bench) -> None:
    """Put small dicts, each into a file."""
    first, *some = bench.some(MOST)
    with bench.open(writeable=True, run="bench/put") as butler:
        butler.put(VALUE, FILES, first)
        with bench.measured(len(some)):
            for data_id in some:
                butler.put(VALUE, FILES, data_id)


def read_files(raw: RawBench) -> None:
    """Read YAML files."""
    import yaml

    paths = list((raw.root / STORED).rglob("*.yaml"))[:MOST]
    assert paths, "the stored datasets have no YAML files"
    with raw.measured(len(paths)):
        for path in paths:
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


@row("get-ref", "get a small dict, by ref", goal=5, limit=read_files)
def get_by_ref(bench: Bench) -> None:
    """Get what was put, by reference."""
    with bench.open(collections=STORED) as butler:
        first, *refs = butler.query_datasets(FILES, limit=MOST)
        butler.get(first)
        with bench.measured(len(refs)):
            for ref in refs:
                butler.get(ref)


@row("get-id", "get a small dict, by type + data ID", goal=20, limit=read_files)
def get_by_data_id(bench: Bench) -> None:
    """Get what was put, by type and data ID."""
    first, *some = bench.some(MOST)
    with bench.open(collections=[STORED, RUN]) as butler:
        butler.get(FILES, first)
        with bench.measured(len(some)):
            for data_id in some:
                butler.get(FILES, data_id)
