"""Query step by step: join what must agree, and write conditions with columns."""

import sys

from lsst.daf.butler import Butler

butler = Butler.from_config(sys.argv[1], collections="run/1", instrument="Cam", skymap="sky")

print("# What a query has been told")
with butler.query() as query:
    print("nothing yet:", len(query.constraint_dimensions), list(query.constraint_dataset_types))
    joined = query.join_dataset_search("stats", "run/1").where("visit.exposure_time > 10")
    print(sorted(joined.constraint_dimensions.required), list(joined.constraint_dataset_types))

print("# Latest first")
with butler.query() as query:
    x = query.expression_factory
    latest = query.data_ids(["visit"]).order_by(x.visit.timespan.end.desc).limit(1)
    for data_id in latest.with_dimension_records():
        print(data_id["visit"], data_id.records["visit"].name, data_id.timespan.end.isot)

print("# Datasets of joined data IDs")
with butler.query() as query:
    x = query.expression_factory
    chosen = query.where(x.detector == 2).data_ids(["visit", "detector"])
    found = query.join_data_coordinates(chosen).datasets("stats")
    for ref in found.order_by("visit"):
        print(ref.dataId["visit"], ref.dataId["detector"], butler.get(ref)["seeing"])
    print(found.count(), found.any(), found.where(visit=2).count())

print("# Conditions")
with butler.query() as query:
    x = query.expression_factory
    for condition in (
        x.visit.exposure_time > 20.0,
        x.not_(x.visit.exposure_time.is_null),
        x.any(x.visit.target_name == "M31", x.band == "i"),
        x.all(x.visit.in_range(1, 3), x.visit.name.glob("v*")),
        x.visit.in_iterable([2, 3]),
        x.visit.region.overlaps(x.patch.region),
    ):
        visits = query.where(condition).data_ids(["visit"])
        print(sorted(data_id["visit"] for data_id in visits))
    twice = query.where("visit > :first", bind={"first": 0}).where(
        "visit < :last", bind={"last": 2}
    )
    print([record.name for record in twice.dimension_records("visit")])

print("# Records that agree with datasets")
with butler.query() as query:
    imaged = query.join_dataset_search("stats", collections=["run/1"])
    detectors = imaged.where(visit=1).dimension_records("detector")
    print(sorted(record.full_name for record in detectors))
    print(
        sorted(record.id for record in query.join_dimensions(["visit"]).dimension_records("patch"))
    )

print("# Rows")
with butler.query() as query:
    x = query.expression_factory
    stats = query.join_dataset_search("stats", "run/1")
    rows = stats.general(["visit"], "visit.name", "stats.run", find_first=True)
    for row in rows.order_by(x.visit, x.detector):
        print(row["visit"], row["detector"], row["band"], row["visit.name"], row["stats.run"])
    rows = stats.general(["visit"], dataset_fields={"stats": ...}, find_first=True)
    refs = [one.refs[0] for one in rows.iter_tuples(butler.get_dataset_type("stats"))]
    print(len(refs), all(butler.stored(ref) for ref in refs))
    exposures = query.join_dataset_search("raw", "run/1")
    dates = exposures.general(["exposure"], "raw.ingest_date", "detector", find_first=False)
    print([(row["exposure"], row["detector"], row["raw.ingest_date"].scale) for row in dates])

print("# What it found, kept")
with butler.query() as query:
    kept = query.join_dataset_search("stats", "run/1").where(detector=1).materialize()
    print(sorted(ref.dataId["visit"] for ref in kept.datasets("stats")))
    print(kept.any(), query.where(visit=5).any())
