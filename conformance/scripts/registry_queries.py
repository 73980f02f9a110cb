"""Query with the methods of the registry, as older scripts do."""

import sys

from lsst.daf.butler import Butler

butler = Butler(sys.argv[1], collections="run/1")
registry = butler.registry

print("# Datasets")
for ref in sorted(registry.queryDatasets("stats")):
    print(ref.datasetType.name, ref.dataId["visit"], ref.dataId["detector"], ref.run)
refs = registry.queryDatasets(datasetType="stats", collections="run/1", where="visit = 1")
print(len(list(refs)), refs.count(), refs.any())
refs = list(registry.queryDatasets("stats", dataId={"instrument": "Cam", "visit": 2}))
print("by a data ID:", sorted(ref.dataId["detector"] for ref in refs))
refs = registry.queryDatasets("stats", instrument="Cam", detector=1, visit=1)
print("by keywords:", [ref.dataId["visit"] for ref in refs])
where = "instrument = 'Cam' AND visit.exposure_time > seconds AND detector IN (1..2)"
refs = registry.queryDatasets("stats", where=where, bind={"seconds": 20.0})
print("bound:", sorted(ref.dataId["detector"] for ref in refs))
refs = set(registry.queryDatasets("bias", collections=["run/1", "run/2"]))
print("all:", len(refs), sorted({ref.run for ref in refs}))
refs = set(registry.queryDatasets("bias", collections=["run/1", "run/2"], findFirst=True))
print("the first:", len(refs), sorted({ref.run for ref in refs}))
refs = registry.queryDatasets("bias", collections="run/*")
print("by a pattern:", sorted((ref.run, ref.dataId["detector"]) for ref in refs))
refs = registry.queryDatasets(..., collections="run/2")
print("all types:", sorted({ref.datasetType.name for ref in refs}))
refs = registry.queryDatasets(["bi*", "notes"], collections="run/2")
print("types by a pattern:", sorted(ref.datasetType.name for ref in refs))
for parent in registry.queryDatasets(["bias", "notes"]).byParentDatasetType():
    print("of one type:", parent.parentDatasetType.name, len(list(parent)))

print("# Expanded")
for ref in sorted(registry.queryDatasets("stats", where="visit = 2").expanded()):
    visit = ref.dataId.records["visit"]
    print(visit.name, visit.timespan.begin.isot, ref.dataId["physical_filter"])
data_id = registry.expandDataId(instrument="Cam", visit=1, detector=2)
print(dict(data_id.mapping), data_id.records["detector"].name_in_raft)
print(registry.expandDataId({"instrument": "Cam", "detector": 1}).records["detector"].raft)

print("# Dimension records")
for record in registry.queryDimensionRecords("visit", where="instrument = 'Cam'").order_by(
    "-visit"
):
    print(record.id, record.physical_filter, record.dataId["instrument"])
for record in (
    registry.queryDimensionRecords("detector", instrument="Cam").order_by("detector").limit(1)
):
    print(record.id, record.full_name)
records = registry.queryDimensionRecords(
    "exposure", where="exposure.observation_type IN ('science')"
)
print("none of that type:", records.count(), records.any(), list(records))
records = list(registry.queryDimensionRecords("patch", skymap="sky", tract=0))
print("patches:", sorted(record.id for record in records))

print("# Data IDs")
data_ids = registry.queryDataIds(["visit", "detector"], datasets="stats", collections="run/1")
print(sorted((data_id["visit"], data_id["detector"]) for data_id in set(data_ids)))
data_ids = registry.queryDataIds("visit", instrument="Cam").expanded()
print(sorted(data_id.records["visit"].name for data_id in data_ids))
data_ids = registry.queryDataIds(["exposure"], where="visit = 1 AND instrument = 'Cam'").toSet()
print(sorted(data_id["exposure"] for data_id in data_ids))
data_ids = registry.queryDataIds(["band", "tract"], datasets="coadd", collections=["run/1"])
print([(data_id["band"], data_id["tract"], data_id["skymap"]) for data_id in data_ids])

print("# One dataset")
ref = registry.findDataset("bias", instrument="Cam", detector=2, collections=["run/2", "run/1"])
print(ref.run, ref.dataId["detector"], registry.getDataset(ref.id) == ref)
print(registry.findDataset("bias", {"instrument": "Cam", "detector": 3}))
