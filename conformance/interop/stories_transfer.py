"""What passes from a repository to another as an export."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor

ALL_WITH_FILES = """
    exposure = dict(instrument="Cam", exposure=1, detector=1)
    butler.registry.removeDatasets(butler.query_datasets("raw", "run/1"))
    butler.put({"raw": 1}, "raw", exposure, run="run/1")
    butler.put({"flat": 1}, "flat", instrument="Cam", detector=1, physical_filter="Cam-R",
               run="run/2")
"""
EXPORTED = """
    to = folder / "NAME"
    to.mkdir()
    with (
        Butler.from_config(PLACE) as source,
        source.export(directory=str(to), filename="all.yaml", transfer="copy") as export,
    ):
        for kind in source.registry.queryDatasetTypes():
            export.saveDatasets(source.registry.queryDatasets(kind, collections="run/*"))
        for element in source.dimensions.elements:
            if element.has_own_table:
                records = source.query_dimension_records(element.name, explain=False)
                export.saveDimensionData(element, records)
        for name in source.collections.query("*"):
            export.saveCollection(name)
"""
IMPORTED = """
    Butler.makeRepo(str(folder / "INTO"))
    with Butler.from_config(folder / "INTO", writeable=True) as into:
        into.import_(directory=str(folder / "NAME"), filename="all.yaml", transfer="copy")
"""


def exported(place: str, name: str) -> str:
    """Return what exports all of a repository into a folder."""
    return EXPORTED.replace("PLACE", place).replace("NAME", name)


def imported(name: str, into: str) -> str:
    """Return what imports an export into a new repository."""
    return IMPORTED.replace("NAME", name).replace("INTO", into)


@interop(
    "ITP-10.there-and-back",
    "Of what A exports, and B imports and exports again, nothing is lost",
    alone=False,
)
def there_and_back(a: Actor, b: Actor) -> None:
    """Export by A, import and export by B, import by A."""
    a.does(ALL_WITH_FILES)
    a.does(exported("root", "by-A"))
    b.does(imported("by-A", into="of-B"))
    b.compares("of-B", identified=True)
    b.does(exported("folder / 'of-B'", "by-B"))
    a.does(imported("by-B", into="of-A"))
    a.compares("of-A", identified=True)
