"""Ingest files that something else has written: in each way to transfer them."""

import sys
import tempfile
from pathlib import Path

from lsst.daf.butler import Butler, DatasetRef, DatasetType, FileDataset
from lsst.daf.butler.registry import ConflictingDefinitionError

repo = Path(sys.argv[1])
butler = Butler(repo, writeable=True, instrument="Cam")
dataset_type = DatasetType(
    "measured", ["detector", "visit"], "StructuredDataDict", universe=butler.dimensions
)
butler.registry.registerDatasetType(dataset_type)
folder = Path(tempfile.mkdtemp(dir=repo.parent))


def written(name, place=folder):
    """Write a file, and return its path."""
    path = Path(place) / f"{name}.yaml"
    path.write_text(f"name: {name}\n")
    return path


print("# One file each")
for mode in ["copy", "move", "symlink", "hardlink", "link", "auto", "direct"]:
    run = f"ingested/{mode}"
    butler.collections.register(run)
    path = written(mode)
    data_id = {"instrument": "Cam", "visit": 1, "detector": 1}
    ref = DatasetRef(dataset_type, data_id, run=run)
    butler.ingest(FileDataset(path=path, refs=ref), transfer=mode)
    uri = butler.getURI(ref)
    where = "inside" if Path(uri.ospath).is_relative_to(repo.resolve()) else "outside"
    print(mode, butler.get(ref), where, "left" if path.exists() else "gone", uri.basename())

print("# Files that are in the repository already")
place = repo / "own"
place.mkdir()
for transfer in (None, "split"):
    run = f"ingested/{transfer}"
    butler.collections.register(run)
    path = written(str(transfer), place)
    ref = DatasetRef(dataset_type, {"instrument": "Cam", "visit": 1, "detector": 2}, run=run)
    if transfer is None:
        butler.ingest(FileDataset(path="own/None.yaml", refs=[ref]), transfer=None)
    else:
        butler.ingest(FileDataset(path=str(path), refs=[ref]), transfer=transfer)
    print(transfer, butler.get(ref), Path(butler.getURI(ref).ospath).parent.name)

print("# Several at once")
butler.collections.register("ingested/many")
datasets = []
for visit in (1, 2):
    for detector in (1, 2):
        data_id = {"instrument": "Cam", "visit": visit, "detector": detector}
        ref = DatasetRef(dataset_type, data_id, run="ingested/many")
        datasets.append(FileDataset(written(f"{visit}-{detector}"), [ref]))
butler.ingest(*datasets, transfer="copy")
refs = butler.query_datasets("measured", "ingested/many", order_by=["visit", "detector"])
print([butler.get(ref)["name"] for ref in refs])
butler.ingest(*datasets, transfer="copy", skip_existing=True)
print("the second time:", len(butler.query_datasets("measured", "ingested/many")))
again = DatasetRef(dataset_type, refs[0].dataId, run="ingested/many")
try:
    butler.ingest(FileDataset(written("again"), again), transfer="copy")
except ConflictingDefinitionError:
    print("another of the same data ID is refused:", butler.get(refs[0]))

print("# Nothing half")
butler.collections.register("ingested/half")
good = DatasetRef(dataset_type, {"instrument": "Cam", "visit": 1, "detector": 1}, "ingested/half")
bad = DatasetRef(dataset_type, {"instrument": "Cam", "visit": 1, "detector": 2}, "ingested/half")
missing = FileDataset(folder / "nothing.yaml", [bad])
try:
    butler.ingest(FileDataset(written("good"), [good]), missing, transfer="copy")
except FileNotFoundError:
    print("a file is missing:", butler.query_datasets("measured", "ingested/half", explain=False))
runs = butler.collections.query("ingested/*")
counts = {run: len(butler.query_datasets("measured", run, explain=False)) for run in sorted(runs)}
print(counts)
