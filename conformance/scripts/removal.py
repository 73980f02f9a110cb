"""Remove datasets, runs, collections and dataset types."""

import sys
from pathlib import Path

from lsst.daf.butler import Butler, CollectionType, MissingCollectionError, MissingDatasetTypeError
from lsst.daf.butler.registry import OrphanedRecordError

repo = Path(sys.argv[1]).resolve()
butler = Butler(repo, writeable=True, instrument="Cam", collections="run/1")
registry = butler.registry


def files(run):
    """Return how many files a run has in the repository."""
    return sum(path.is_file() for path in (repo / run).rglob("*"))


print("# Files alone")
refs = butler.query_datasets("stats", where="visit = 2", order_by="detector")
print(files("run/1"), [butler.exists(ref).name for ref in refs])
butler.pruneDatasets(refs[:1], disassociate=False, unstore=True)
print(files("run/1"), [butler.exists(ref).name for ref in refs])
print(butler.find_dataset("stats", refs[0].dataId) == refs[0], butler.stored(refs[0]))
try:
    butler.get(refs[0])
except FileNotFoundError:
    print("its file is gone")

print("# Datasets")
butler.pruneDatasets(refs, disassociate=True, unstore=True, purge=True)
print(files("run/1"), [butler.exists(ref).name for ref in refs])
print(butler.find_dataset("stats", refs[1].dataId), len(butler.query_datasets("stats")))
ref = butler.put({"new": True}, "stats", refs[0].dataId, run="run/1")
print("its place is free:", butler.get(ref))

print("# Out of a tag")
tagged = butler.query_datasets("stats", "tag")
butler.pruneDatasets(tagged, disassociate=True, tags=["tag"])
print(butler.query_datasets("stats", "tag", explain=False), butler.exists(tagged[0]).name)
registry.associate("tag", tagged)
registry.disassociate("tag", tagged)
print(butler.query_datasets("stats", "tag", explain=False), butler.exists(tagged[0]).name)

print("# Runs")
butler.collections.register("u/me/run")
butler.put({"mine": 1}, "stats", tagged[0].dataId, run="u/me/run")
butler.put({"mine": 2}, "notes", run="u/me/run")
print(files("u/me/run"), sorted(butler.collections.query("u/*")))
butler.removeRuns(["u/me/run"])
print(files("u/me/run"), sorted(butler.collections.query("u/*")))
try:
    butler.removeRuns(["u/me/run"])
except MissingCollectionError:
    print("it is gone already")
butler.collections.register("u/me/other")
butler.collections.register("u/me/chain", CollectionType.CHAINED)
butler.collections.redefine_chain("u/me/chain", ["u/me/other", "run/2"])
butler.put({"mine": 3}, "notes", run="u/me/other")
butler.removeRuns(["u/me/other"], unlink_from_chains=True)
print(butler.collections.get_info("u/me/chain").children, sorted(butler.collections.query("u/*")))

print("# Collections")
try:
    butler.collections.x_remove("run/2")
except Exception:  # a chain holds it; which error it is depends on the database
    print("run/2 is in a chain:", butler.collections.get_info("run/2").type.name)
butler.collections.x_remove("u/me/chain")
butler.collections.x_remove("top")
print(sorted(butler.collections.query("*")))
butler.collections.remove_from_chain("all", "tag")
registry.removeCollection("tag")
print(sorted(butler.collections.query("*")), butler.exists(tagged[0]).name)
butler.collections.x_remove("calib")
print(sorted(butler.collections.query("*")))

print("# Dataset types")
try:
    registry.removeDatasetType("stats")
except OrphanedRecordError:
    print("there are stats:", len(butler.query_datasets("stats")))
registry.removeDatasetType("flat")
print(sorted(one.name for one in registry.queryDatasetTypes()))
registry.removeDatasetType(("fla*", "dark*"))
print("what is not there is no error")
try:
    butler.get_dataset_type("flat")
except MissingDatasetTypeError:
    print("there is no flat")

print("# All that is left")
butler.removeRuns(["run/1", "run/2"], unlink_from_chains=True)
print(butler.collections.get_info("all").children, files("run"))
for dataset_type in registry.queryDatasetTypes():
    registry.removeDatasetType(dataset_type.name)
print(sorted(butler.collections.query("*")), list(registry.queryDatasetTypes()))
