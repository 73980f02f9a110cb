"""Certify calibrations for a time, find the one that is valid, and take them back."""

import sys

import astropy.units as u
from astropy.time import Time
from lsst.daf.butler import Butler, CollectionType, DatasetNotFoundError, DatasetType, Timespan
from lsst.daf.butler.registry import ConflictingDefinitionError

butler = Butler(sys.argv[1], writeable=True, instrument="Cam")
registry = butler.registry


def ranges(collection, dataset_type):
    """Print which datasets of a type are valid in a collection, and when."""
    found = registry.queryDatasetAssociations(dataset_type, collections=collection)
    for one in sorted(found, key=lambda one: (one.ref.run, one.ref.dataId["detector"])):
        begin, end = one.timespan.begin, one.timespan.end
        dates = [None if time is None else time.isot[:10] for time in (begin, end)]
        print(one.collection, one.ref.run, one.ref.dataId["detector"], *dates)


print("# What is certified")
ranges("calib", "bias")
bias = butler.get_dataset_type("bias")
print(bias.isCalibration(), butler.collections.get_info("calib").type.name)

print("# What is valid for a visit")
print(butler.get("bias", visit=1, detector=1, collections="calib"))
print(butler.get("bias", exposure=1, detector=2, collections="calib"))
midnight = Time("2020-01-02T00:00:00", scale="tai")
for time in (midnight - 1 * u.hour, midnight + 1 * u.hour):
    timespan = Timespan(time, time + 1 * u.minute)
    ref = butler.find_dataset("bias", detector=1, collections="calib", timespan=timespan)
    print(
        time.isot, ref.run, butler.get("bias", detector=1, collections="calib", timespan=timespan)
    )
ref = registry.findDataset(
    "bias", instrument="Cam", detector=2, collections="calib", timespan=Timespan(midnight, None)
)
print(ref.run, butler.get(ref))

print("# Certifying")
dark = DatasetType(
    "dark", ["detector"], "StructuredDataDict", universe=butler.dimensions, isCalibration=True
)
registry.registerDatasetType(dark)
butler.collections.register("u/me/darks")
butler.collections.register("u/me/calib", CollectionType.CALIBRATION)
refs = [
    butler.put({"dark": detector}, "dark", detector=detector, run="u/me/darks")
    for detector in (1, 2)
]
registry.certify("u/me/calib", refs, Timespan(begin=None, end=midnight))
ranges("u/me/calib", "dark")
print(butler.get("dark", visit=1, detector=2, collections="u/me/calib"))
try:
    registry.certify("u/me/calib", refs[:1], Timespan(midnight - 1 * u.day, midnight))
except ConflictingDefinitionError:
    print("one dark of a detector at a time")
butler.collections.register("u/me/later")
new = butler.put({"dark": "new"}, "dark", detector=1, run="u/me/later")
registry.certify("u/me/calib", [new], Timespan(midnight, None))
print(len(butler.query_datasets("dark", "u/me/calib", find_first=False)), "darks are certified")
ranges("u/me/calib", "dark")

print("# Taking them back")
day_before = Timespan(midnight - 1 * u.day, midnight)
registry.decertify("u/me/calib", "dark", day_before, dataIds=[{"instrument": "Cam", "detector": 1}])
ranges("u/me/calib", "dark")
try:
    butler.get("dark", visit=1, detector=1, collections="u/me/calib")
except DatasetNotFoundError:
    print("no dark of detector 1 is valid for visit 1")
registry.decertify("u/me/calib", "dark", Timespan(None, None))
print(butler.query_datasets("dark", "u/me/calib", find_first=False, explain=False))
print("they are in their run:", butler.get("dark", detector=1, collections="u/me/darks"))
