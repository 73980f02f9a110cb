"""Look around in a repository: its collections, dataset types and dimensions."""

import sys

from lsst.daf.butler import Butler, CollectionType, MissingCollectionError

butler = Butler(sys.argv[1])
registry = butler.registry

print("# Collections")
for name in sorted(registry.queryCollections()):
    print(name, registry.getCollectionType(name).name)
print("all that is in all:", list(registry.queryCollections("all", flattenChains=True)))
print("runs:", sorted(registry.queryCollections(collectionTypes=CollectionType.RUN)))
everything = butler.collections.query_info("*", include_summary=True)
print("with biases:", sorted(info.name for info in everything if "bias" in info.dataset_types))
print("by a pattern:", sorted(butler.collections.query("run/*")))
print("chains:", sorted(butler.collections.query("*", collection_types={CollectionType.CHAINED})))
print("of the chain:", registry.getCollectionChain("all"))
print("parents of run/1:", sorted(registry.getCollectionParentChains("run/1")))
print("documentation:", registry.getCollectionDocumentation("tag"))

info = butler.collections.get_info("top")
print(info.name, info.type.name, list(info.children), repr(info.doc))
for info in sorted(butler.collections.query_info("run/*", include_summary=True)):
    print(info.name, info.type is CollectionType.RUN, sorted(info.dataset_types), info.parents)
summary = registry.getCollectionSummary("run/1")
print("in run/1:", sorted(one.name for one in summary.dataset_types))
print("instruments of run/1:", sorted(summary.governors["instrument"]))
if "run/3" not in butler.collections.query("*"):
    print("there is no run/3")
try:
    registry.queryCollections("run/3")
except MissingCollectionError:
    print("and asking for it is an error")

print("# Dataset types")
for dataset_type in sorted(registry.queryDatasetTypes(), key=lambda one: one.name):
    print(dataset_type.name, dataset_type.storageClass_name, dataset_type.isCalibration())
print("by a pattern:", sorted(one.name for one in registry.queryDatasetTypes("*a*")))
print("by two:", sorted(one.name for one in registry.queryDatasetTypes(["raw", "co*"])))
stats = butler.get_dataset_type("stats")
print(stats.name, "has", stats.storageClass.name, "of", stats.storageClass.pytype.__name__)
print("required:", list(stats.dimensions.required))
print("implied:", list(stats.dimensions.implied))
print("all:", list(stats.dimensions.names))
print("in a data ID:", list(stats.dimensions.data_coordinate_keys))
print(registry.getDatasetType("bias").dimensions)
print("the same:", registry.getDatasetType("stats") == stats)

print("# Dimensions")
visit = butler.dimensions["visit"]
print("of a visit:", list(visit.required.names), list(visit.implied.names))
print("its key:", visit.primaryKey.name)
print("its columns:", sorted(visit.metadata.names))
print("in time and on the sky:", visit.temporal is not None, visit.spatial is not None)
for name in stats.dimensions.data_coordinate_keys:
    print(name, "has", list(butler.dimensions[name].schema.names))
print(butler.dimensions["visit_detector_region"].schema)
static = butler.dimensions.getStaticDimensions()
print(
    "dimensions of the instrument:",
    [one.name for one in static if "instrument" in one.required.names],
)
print("is one:", "visit" in butler.dimensions, "vist" in butler.dimensions)
print(butler.dimensions.conform(["visit", "detector"]) == stats.dimensions)
