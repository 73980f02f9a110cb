"""Query for datasets, dimension records and data IDs, with conditions and an order."""

import sys

from lsst.daf.butler import Butler, EmptyQueryResultError

butler = Butler(sys.argv[1], collections="run/1", instrument="Cam", skymap="sky")

print("# Datasets")
refs = butler.query_datasets("stats", where="visit = 1 AND detector = 2")
print(len(refs), refs[0].datasetType.name, refs[0].run, refs[0].dataId)
for ref in sorted(butler.query_datasets("stats")):
    print(ref.dataId["visit"], ref.dataId["detector"], ref.dataId.get("band"))

refs = butler.query_datasets(
    "stats",
    where="instrument = :camera AND visit.id IN (:visits) AND band.name = :band",
    bind={"camera": "Cam", "visits": [1, 2], "band": "r"},
    order_by=["-detector.id"],
)
print("bound, the last detector first:", [ref.dataId["detector"] for ref in refs])
visit = 2
refs = butler.query_datasets("stats", where=f"visit.id = {visit} AND detector IN (1, 2, 3)")
print("with a number in the text:", sorted(ref.dataId["detector"] for ref in refs))
refs = butler.query_datasets("stats", where="visit.exposure_time > 20", visit=1)
print("by a column and a keyword:", len(refs))
refs = butler.query_datasets("stats", where="visit.day_obs = 20200101 AND detector > 1")
print("by the night:", sorted(ref.dataId["visit"] for ref in refs))
refs = butler.query_datasets("stats", data_id={"visit": 2}, order_by="detector", limit=1)
print("by a data ID, the first:", [ref.dataId["detector"] for ref in refs])
refs = butler.query_datasets("stats", where="detector.full_name = 'S2' OR NOT visit = 1")
print("or, and not:", sorted((ref.dataId["visit"], ref.dataId["detector"]) for ref in refs))
refs = butler.query_datasets("bias", collections=["run/2", "run/1"], find_first=True)
print("the first of two runs:", sorted({ref.run for ref in refs}), len(refs))
refs = butler.query_datasets("bias", collections=["run/2", "run/1"], find_first=False)
print("all of two runs:", sorted({ref.run for ref in refs}), len(refs))
refs = butler.query_datasets("stats", collections="run/*", where="visit = 2", find_first=False)
print("all runs of a pattern:", sorted((ref.run, ref.dataId["detector"]) for ref in refs))

print("# What there is not")
try:
    butler.query_datasets("stats", where="visit = 5")
except EmptyQueryResultError:
    print("nothing of visit 5, which is an error")
print(butler.query_datasets("stats", where="visit = 5", explain=False))

print("# The attributes of a reference")
ref = butler.query_datasets("stats", visit=2, detector=1, with_dimension_records=True)[0]
print(ref.datasetType.name, ref.datasetType.storageClass_name, ref.isComponent())
print("as a dict:", dict(ref.dataId.mapping))
print("what identifies it:", dict(ref.dataId.required))
print("has the rest:", ref.dataId.hasFull(), ref.dataId.hasRecords())
print("its records:", ref.dataId.records["visit"].name, ref.dataId.records["detector"].full_name)
print("its filter:", ref.dataId.records["physical_filter"].band, ref.dataId["physical_filter"])
print("its time:", ref.dataId.timespan.begin.isot, ref.dataId.region.contains(ref.dataId.region))
print("visits:", sorted({ref.dataId["visit"] for ref in butler.query_datasets("stats")}))
bands = {ref.dataId["band"] for ref in butler.query_datasets("stats")}
print("bands:", ", ".join(sorted(bands)))

print("# Dimension records")
for record in butler.query_dimension_records("visit", order_by="visit"):
    print(record.id, record.name, record.physical_filter, record.exposure_time, record.target_name)
records = butler.query_dimension_records("detector", where="detector.raft = 'R0'")
print("detectors of raft R0:", [record.full_name for record in records])
records = butler.query_dimension_records("visit", where="visit.exposure_time > 10", visit=1)
print(records[0].toDict()["zenith_angle"], records[0].dataId["visit"], records[0].timespan.end.isot)
for record in butler.query_dimension_records("patch", order_by=["tract", "-patch"], tract=0):
    print("patch", record.tract, record.id, (record.cell_x, record.cell_y))

print("# Data IDs")
data_ids = butler.query_data_ids(["visit", "detector"], order_by=["visit", "detector"])
print([(data_id["visit"], data_id["detector"]) for data_id in data_ids])
print(butler.query_data_ids("instrument"), butler.query_data_ids("band", where="band = 'r'"))
for data_id in butler.query_data_ids(["tract", "patch"], order_by="patch"):
    print(data_id)
data_ids = butler.query_data_ids(
    "visit", with_dimension_records=True, order_by="-visit.timespan.end"
)
print([data_id.records["visit"].target_name for data_id in data_ids])
