"""Make a repository, describe a camera and its dataset types, and put datasets into it."""

import sys
import tempfile
from pathlib import Path

import astropy.units as u
from astropy.time import Time
from lsst.daf.butler import (
    Butler,
    CollectionType,
    DatasetType,
    Timespan,
)
from lsst.daf.butler.registry import ConflictingDefinitionError
from lsst.sphgeom import ConvexPolygon, LonLat, UnitVector3d

print("# A repository of one's own")
with tempfile.TemporaryDirectory() as folder:
    root = Path(folder) / "mine"
    config = Butler.makeRepo(root)
    print(sorted(path.name for path in root.iterdir()), config is not None)
    butler = Butler(root, writeable=True)
    print(list(butler.registry.queryCollections()), list(butler.registry.queryDatasetTypes()))
    butler.registry.insertDimensionData("instrument", {"name": "MyCam"})
    data_type = DatasetType(
        "table", ("instrument",), "StructuredDataDict", universe=butler.dimensions
    )
    print(butler.registry.registerDatasetType(data_type))
    print(butler.registry.registerDatasetType(data_type), "the second time")
    print(butler.registry.registerCollection("u/me/test", type=CollectionType.RUN))
    ref = butler.put({"a": 1}, "table", instrument="MyCam", run="u/me/test")
    print(ref.run, butler.get(ref), sorted(butler.registry.queryCollections()))
    try:
        Butler.makeRepo(root)
    except FileExistsError:
        print("there is one already")
    butler.close()

print("# Records")
butler = Butler(sys.argv[1], writeable=True, run="u/me/new")
registry = butler.registry
registry.insertDimensionData(
    "detector",
    {"instrument": "Cam", "id": 3, "full_name": "S3", "raft": "R1", "purpose": "SCIENCE"},
    {"instrument": "Cam", "id": 4, "full_name": "S4", "raft": "R1", "purpose": "WAVEFRONT"},
)
records = butler.query_dimension_records("detector", instrument="Cam", order_by="detector")
print([(record.id, record.full_name, record.raft) for record in records])
record = {"instrument": "Cam", "name": "Cam-G", "band": "g"}
print(registry.syncDimensionData("physical_filter", record))
print(registry.syncDimensionData("physical_filter", record), "the second time")
print(sorted(record.name for record in registry.queryDimensionRecords("band")))
visits = []
for id in (3, 4):
    begin = Time(f"2020-01-01T21:0{id}:00", scale="tai")
    corners = [(10 + x, id + y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    region = ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*corner)) for corner in corners])
    RecordClass = butler.dimensions["visit"].RecordClass
    visits.append(
        RecordClass(
            instrument="Cam",
            id=id,
            name=f"v{id}",
            physical_filter="Cam-G",
            day_obs=20200101,
            exposure_time=30.0,
            timespan=Timespan(begin, begin + 30.0 * u.second),
            region=region,
        )
    )
registry.insertDimensionData("visit", *visits)
for record in butler.query_dimension_records("visit", instrument="Cam", where="band = 'g'"):
    print(record.name, record.exposure_time, record.timespan.end.isot[:19])
try:
    registry.insertDimensionData("visit", visits[0])
except Exception:  # which error it is depends on the database
    print("visit 3 is there already")

print("# Datasets")
print(
    butler.run, butler.isWriteable(), registry.getCollectionType("u/me/new") is CollectionType.RUN
)
flux = DatasetType(
    "flux",
    dimensions=["visit", "detector"],
    storageClass="StructuredDataDict",
    universe=butler.dimensions,
)
registry.registerDatasetType(flux)
print(butler.get_dataset_type("flux").dimensions.required, butler.get_dataset_type("flux") == flux)
for visit in (3, 4):
    data_id = {"instrument": "Cam", "visit": visit, "detector": 3}
    ref = butler.put({"flux": visit / 2}, "flux", data_id)
    print(ref.datasetType.name, ref.run, ref.dataId["visit"], butler.get(ref))
ref = butler.put({"flux": 0.25}, flux, instrument="Cam", visit=3, detector=4)
print(butler.get("flux", instrument="Cam", visit=3, detector=4))
butler.collections.register("u/me/other")
butler.put({"flux": 9.0}, "flux", dataId=ref.dataId, run="u/me/other")
print(butler.get("flux", ref.dataId, collections="u/me/other"))
print(butler.getURI(ref).basename())
try:
    butler.put({"flux": 1.0}, "flux", data_id)
except ConflictingDefinitionError:
    print("one flux of a visit and detector in a run")
refs = butler.query_datasets(
    "flux", where="visit > 2", instrument="Cam", order_by=["visit", "detector"]
)
print([(ref.dataId["visit"], ref.dataId["detector"], butler.get(ref)["flux"]) for ref in refs])

print("# All or nothing")
data_id = {"instrument": "Cam", "visit": 4, "detector": 4}
try:
    with butler.transaction():
        ref = butler.put({"flux": 2.0}, "flux", data_id)
        uri = butler.getURI(ref)
        print("within:", bool(butler.exists(ref)), uri.exists())
        raise RuntimeError("something went wrong")
except RuntimeError as error:
    print(error)
print("after:", butler.find_dataset("flux", data_id), uri.exists())
with butler.transaction():
    butler.put({"flux": 3.0}, "flux", data_id)
print("the second time:", butler.get("flux", data_id))
with butler.registry.transaction():
    butler.registry.registerRun("u/me/third")
print(
    registry.registerRun("u/me/third"),
    registry.registerCollection("u/me/third", CollectionType.RUN),
)
print(sorted(butler.collections.query("u/me/*")))
reader = Butler(sys.argv[1], collections="u/me/new")
print("another Butler sees:", len(reader.query_datasets("flux")))
try:
    reader.put({"flux": 1.0}, "flux", data_id, run="u/me/third")
except TypeError:
    print("it may only read")
