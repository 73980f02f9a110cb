"""Put tables, and get them whole, some columns of them, and in other forms."""

import sys

from astropy.table import Table
from lsst.daf.butler import Butler, DatasetType

butler = Butler(sys.argv[1], writeable=True, instrument="Cam", run="u/me/tables")
dataset_type = DatasetType(
    "sources", ["visit", "detector"], "ArrowAstropy", universe=butler.dimensions
)
butler.registry.registerDatasetType(dataset_type)
print(butler.get_dataset_type("sources").storageClass_name)

table = Table({"id": [1, 2, 3], "ra": [10.1, 10.2, 10.3], "flux": [1.5, 2.5, 3.5]})
table["band"] = ["r", "r", "i"]
for detector in (1, 2):
    table["detector"] = detector
    butler.put(table, "sources", visit=1, detector=detector)

print("# The whole table")
found = butler.get("sources", visit=1, detector=1)
print(type(found).__name__, len(found), found.colnames)
print(found["flux"].tolist(), [str(band) for band in found["band"]])

print("# Some columns")
ref = butler.find_dataset("sources", visit=1, detector=2)
found = butler.get(ref, parameters={"columns": ["id", "flux"]})
print(found.colnames, found["id"].tolist(), found["flux"].max())
found = butler.get("sources", visit=1, detector=2, parameters={"columns": "ra"})
print(found.colnames)
handle = butler.getDeferred("sources", visit=1, detector=2)
print(handle.get(parameters={"columns": ["detector", "ra"]}).colnames)
handle = butler.getDeferred(ref, parameters={"columns": ["band"]})
print(handle.get().colnames)

print("# Components")
print(butler.get("sources.rowcount", visit=1, detector=1))
print(list(butler.get("sources.columns", visit=1, detector=1)))
print(handle.ref.datasetType.makeComponentDatasetType("rowcount").name)
print(butler.get(ref.makeComponentRef("rowcount")), ref.makeComponentRef("columns").isComponent())
print(butler.getDeferred("sources", visit=1, detector=1).get(component="rowcount"))

print("# Other forms")
array = butler.get("sources", visit=1, detector=1, storageClass="ArrowNumpy")
print(array.dtype.names, array["id"].sum(), array["flux"].mean())
arrow = butler.get("sources", visit=1, detector=1, storageClass="ArrowTable")
print(type(arrow).__name__, arrow.num_rows, arrow.column_names)
tables = [butler.get(ref) for ref in butler.query_datasets("sources", order_by="detector")]
print(sum(len(table) for table in tables), [int(table["detector"][0]) for table in tables])
