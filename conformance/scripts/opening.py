"""Open a repository: by its folder, its file and its name, to read and to write."""

import os
import sys
import tempfile
from pathlib import Path

from lsst.daf.butler import Butler, MissingDatasetTypeError

repo = sys.argv[1]

# The folder of a repository, or the file that describes it.
butler = Butler(repo)
print("collections by default:", list(butler.collections.defaults))
print("run by default:", butler.run)
print("to be written:", butler.isWriteable())

butler = Butler(f"{repo}/butler.yaml", collections="run/1")
print("with one collection:", list(butler.collections.defaults))
print("stats:", butler.get("stats", instrument="Cam", visit=1, detector=2))

# from_config() is the same with another name, and takes a pathlib.Path as well.
butler = Butler.from_config(Path(repo), collections=["run/2", "run/1"])
print("with two:", list(butler.collections.defaults))
print("bias:", butler.get("bias", instrument="Cam", detector=1))

# What is the same in all data IDs can be said once.
butler = Butler(repo, collections="run/1", instrument="Cam", skymap="sky")
print("without instrument:", butler.get("stats", visit=2, detector=1))
print("without skymap:", butler.get("coadd", tract=0, patch=0, band="r"))
print("the defaults:", butler.registry.defaults.dataId["instrument"])

# With a run, datasets go there, and are found there.
butler = Butler(repo, run="run/2")
print("of a run:", butler.run, list(butler.collections.defaults), butler.isWriteable())
butler = Butler(repo, writeable=True)
print("to write:", butler.run, list(butler.collections.defaults), butler.isWriteable())

# A clone has other defaults, and leaves the first as it was.
first = Butler(repo, collections="run/1", instrument="Cam")
second = first.clone(collections="run/2")
print("the first:", list(first.collections.defaults), first.get("bias", detector=2))
print("its clone:", list(second.collections.defaults), second.get("bias", detector=2))
print("a clone with a run:", first.clone(run="run/1").run)

# A repository has a name where an index file says so.
with tempfile.TemporaryDirectory() as folder:
    index = Path(folder) / "repositories.yaml"
    index.write_text(f"tutorial: {repo}\nelsewhere: {repo}/butler.yaml\n")
    os.environ["DAF_BUTLER_REPOSITORY_INDEX"] = str(index)
    print("known:", sorted(Butler.get_known_repos()))
    print("its place:", Path(Butler.get_repo_uri("tutorial").ospath).name)
    butler = Butler("tutorial", collections="run/1")
    print("by its name:", butler.get("stats", instrument="Cam", visit=1, detector=1))
    with Butler.from_config("elsewhere", collections="run/2") as butler:
        print("in a with statement:", butler.get("notes"))

# What is not there is an error.
for place in ("nowhere", "/nowhere/butler.yaml"):
    try:
        Butler(place)
    except FileNotFoundError:
        print("no repository:", place)
try:
    first.get("calexp", visit=1, detector=1)
except MissingDatasetTypeError:
    print("no dataset type: calexp")
try:
    first.get("stats", visit=3, detector=1)
except LookupError:
    print("no stats of visit 3")
