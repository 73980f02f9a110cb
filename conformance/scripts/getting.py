"""Get datasets: by reference and by data ID, now and later, and see where they are."""

import sys
from pathlib import Path

from lsst.daf.butler import (
    Butler,
    DatasetExistence,
    DatasetNotFoundError,
    DatasetRef,
    MissingDatasetTypeError,
    NoDefaultCollectionError,
)

repo = sys.argv[1]
butler = Butler(repo, collections="run/1", instrument="Cam", skymap="sky")

print("# By reference")
refs = butler.query_datasets("stats", order_by=["visit", "detector"])
print(butler.get(refs[0]), butler.get(refs[-1]))
for ref in refs:
    stats = butler.get(ref)
    print(ref.dataId["visit"], ref.dataId["detector"], stats["seeing"])
ref = butler.find_dataset("stats", visit=1, detector=2)
print(ref.datasetType.name, ref.run, ref.dataId["band"], butler.get(ref) == butler.get(refs[1]))
print("by its id:", butler.get_dataset(ref.id) == ref, butler.get_dataset(str(ref.id)) == ref)
print("by its type:", butler.get(ref.datasetType, ref.dataId) == butler.get(ref))

print("# By data ID")
dataId = {"visit": 2, "detector": 2}
print(butler.get("stats", dataId=dataId))
print(butler.get("stats", dataId))
print(butler.get("stats", **dataId))
print(butler.get("stats", {"visit": 2}, detector=1))
print(butler.get("stats", dataId=refs[0].dataId))
print(butler.get("stats", {"instrument": "Cam", "visit": 1, "detector": 1, "band": "r"}))
print(butler.get("stats", visit=2, detector=1, collections="run/2"))
print(butler.get("stats", visit=2, detector=1, collections=["run/2", "run/1"]))
print(butler.get("notes"), butler.get("coadd", {"tract": 0, "patch": 0}, band="r"))
print(
    "without defaults:", Butler(repo).get("bias", detector=1, instrument="Cam", collections="all")
)
print("by names:", butler.get("stats", visit="v2", detector="S1"))
print("by what records say:", butler.get("stats", {"visit.target_name": "M31", "raft": "R0"}))

print("# Later")
handle = butler.getDeferred("stats", visit=2, detector=1)
print(handle.dataId["visit"], handle.ref.run, handle.get())
handles = [butler.getDeferred(ref) for ref in refs]
print([handle.get()["n"] for handle in handles])

print("# What is there")
print(bool(butler.exists("stats", visit=1, detector=1)), butler.exists(refs[0]).name)
print(butler.exists(refs[0]) is DatasetExistence.VERIFIED, butler.stored(refs[0]))
raw = butler.find_dataset("raw", exposure=1, detector=1)
print("recorded alone:", butler.exists(raw).name, bool(butler.exists(raw)), butler.stored(raw))
print(sorted(butler.stored_many([raw, *refs]).values()))
print("nothing:", butler.find_dataset("stats", visit=1, detector=9))
try:
    butler.get(raw)
except FileNotFoundError:
    print("raw has no file")

print("# Where it is")
uri = butler.getURI(refs[0])
print(uri.basename(), uri.getExtension(), uri.scheme, uri.exists(), uri.isLocal)
path = Path(uri.ospath)
print(path.relative_to(Path(repo).resolve()).parts[:3], path.stat().st_size == uri.size())
print(uri.read().decode().split())
print(str(uri) == uri.geturl(), uri.geturl().endswith(uri.path))
primary, components = butler.getURIs(refs[0])
print(primary == uri, components)
with uri.open() as stream:
    print(sorted(stream.read().split()))
with uri.as_local() as local:
    print(local.ospath == uri.ospath, uri.isdir())

print("# What is wrong")
for error, arguments in [
    (DatasetNotFoundError, {"datasetRefOrType": "stats", "visit": 2, "detector": 9}),
    (MissingDatasetTypeError, {"datasetRefOrType": "statistics", "visit": 1, "detector": 1}),
    (LookupError, {"datasetRefOrType": "stats", "visit": 7, "detector": 1}),
]:
    try:
        butler.get(arguments.pop("datasetRefOrType"), **arguments)
    except error:
        print(error.__name__)
try:
    Butler(repo, instrument="Cam").get("stats", visit=1, detector=1)
except NoDefaultCollectionError:
    print("no collection")
new = DatasetRef(refs[0].datasetType, refs[0].dataId, run="run/2")
print(
    "made by hand:", new.run, new.dataId == refs[0].dataId, new == refs[0], bool(butler.exists(new))
)
