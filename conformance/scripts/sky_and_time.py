"""Search by places on the sky and by times."""

import sys

import astropy.time
import astropy.units as u
from astropy.coordinates import SkyCoord
from lsst.daf.butler import Butler, Timespan
from lsst.sphgeom import Circle, ConvexPolygon, LonLat, Region, UnitVector3d

butler = Butler(sys.argv[1], collections="run/1", instrument="Cam", skymap="sky")


def seen(refs):
    """Return which visits and detectors some datasets are of."""
    return sorted((ref.dataId["visit"], ref.dataId["detector"]) for ref in refs)


print("# Points")
ra, dec = 10.2, -5.0
where = "visit_detector_region.region OVERLAPS POINT(:ra, :dec)"
refs = butler.query_datasets("stats", where=where, bind={"ra": ra, "dec": dec})
print("detectors over the point:", seen(refs))
refs = butler.query_datasets("stats", where=f"visit.region OVERLAPS POINT({ra}, {dec})")
print("visits over the point:", seen(refs))
refs = butler.query_datasets("coadd", where=f"patch.region OVERLAPS POINT(9.7, {dec})")
print("patches over a point:", [(ref.dataId["tract"], ref.dataId["patch"]) for ref in refs])
place = SkyCoord(ra=10.69 * u.degree, dec=-5.0 * u.degree)
where = "visit_detector_region.region OVERLAPS :place"
print("a SkyCoord:", seen(butler.query_datasets("stats", where=where, bind={"place": place})))
place = LonLat.fromDegrees(10.65, -5.0)
print("a LonLat:", seen(butler.query_datasets("stats", where=where, bind={"place": place})))
refs = butler.query_datasets("stats", where="visit.region OVERLAPS POINT(200, 5)", explain=False)
print("far away:", seen(refs))

print("# Regions")
circle = Region.from_ivoa_pos("CIRCLE 10.2 -5.0 0.15")
where = "visit_detector_region.region OVERLAPS :region"
refs = butler.query_datasets("stats", where=where, bind={"region": circle})
print("a circle:", seen(refs))
corners = [(10.55, -5.05), (10.65, -5.05), (10.65, -4.95), (10.55, -4.95)]
polygon = ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*corner)) for corner in corners])
print("a polygon:", seen(butler.query_datasets("stats", where=where, bind={"region": polygon})))
where = "visit_detector_region.region OVERLAPS CIRCLE(10.2, -5.0, 0.15)"
print("a circle in the text:", seen(butler.query_datasets("stats", where=where)))
records = butler.query_dimension_records(
    "patch", where="patch.region OVERLAPS :region", bind={"region": circle}
)
print("patches in the circle:", sorted((record.tract, record.id) for record in records))
data_ids = butler.query_data_ids(["visit", "tract", "patch"], where="visit = 1")
print("visit 1 with patches:", sorted(data_id["patch"] for data_id in data_ids))
record = butler.query_dimension_records("visit", visit=1)[0]
print("its region:", type(record.region).__name__, len(record.region.getVertices()))
print("the circle in it:", record.region.contains(circle), isinstance(circle, Circle))
corner = LonLat(record.region.getVertices()[0])
print(f"a corner: {corner.getLon().asDegrees():.3f} {corner.getLat().asDegrees():.3f}")

print("# Times")
begin = astropy.time.Time("2020-01-01T21:00:00", format="isot", scale="tai")
end = begin + 90 * u.second
where = "visit.timespan OVERLAPS :timespan"
timespan = Timespan(begin, end)
refs = butler.query_datasets("stats", where=where, bind={"timespan": timespan})
print("in a timespan:", seen(refs))
refs = butler.query_datasets(
    "stats", where=where, bind={"timespan": Timespan(begin, None)}, order_by="visit.timespan.begin"
)
print("from a time on:", [ref.dataId["visit"] for ref in refs])
time = astropy.time.Time("2020-01-01T21:02:15", scale="tai")
refs = butler.query_datasets("stats", where="visit.timespan OVERLAPS :time", bind={"time": time})
print("at a time:", seen(refs))
where = "visit.timespan OVERLAPS (T'2020-01-01T21:00:00', T'2020-01-01T21:01:20')"
print("in the text:", seen(butler.query_datasets("stats", where=where)))
where = "visit.timespan.begin > T'2020-01-01 21:01:30/tai'"
print("after a time:", seen(butler.query_datasets("stats", where=where)))
records = butler.query_dimension_records("visit", order_by="-visit.timespan.begin")
print("the last first:", [(record.id, record.timespan.begin.isot) for record in records])
first, last = records[-1].timespan, records[0].timespan
print("how long:", f"{(first.end - first.begin).to(u.second):.1f}")
print("overlap:", first.overlaps(last), first.contains(first.begin), first == records[-1].timespan)
print(
    "both:", first.intersection(Timespan(None, end)) == first, Timespan(None, None).contains(last)
)
where = "visit.day_obs IN (20200101..20200131) AND visit.timespan OVERLAPS :timespan"
refs = butler.registry.queryDatasets("stats", where=where, bind={"timespan": timespan})
print("of a month, with the registry:", seen(refs))
