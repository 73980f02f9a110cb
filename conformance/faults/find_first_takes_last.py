"""A fault of searches."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "Where several collections are searched for the first match, the last one is taken.",
    calls=[
        *("butler.get", "butler.getDeferred", "butler.getURI", "butler.exists"),
        *("butler.find_dataset", "butler.registry.findDataset"),
    ],
    red=[
        "CAL-12",
        "CHN-01",
        "CHN-10.first-place",
        "DID-06",
        "FND-01",
        "FND-03",
        "FND-05.tagged-query",
        "FND-12",
        "PUT-07.deferred",
        "QRY-21.all",
        "WHR-17",
        "SCR-01",
        "SCR-03",
        "SCR-04",
        "SCR-06",
        "SCR-12",
        "ITP-0[1-5]",
        "ITP-07.pruned",
        "ITP-08",
        "ITP-09",
        "ITP-10",
        "OPN-04.searched.*",
        "LAW-01",
        "LAW-02",
    ],
)
def find_first_takes_last(real: Real, what: Any, *rest: Any, **keywords: Any) -> Any:
    """Search backwards; a reference needs no search."""
    if not hasattr(what, "dataId"):
        _turn(real, keywords)
    return real(what, *rest, **keywords)


@find_first_takes_last.also("butler.query_datasets", "butler.registry.queryDatasets")
def _query(real: Real, *what: Any, **keywords: Any) -> Any:
    if len(what) > 1:
        what, keywords["collections"] = what[:1], what[1]
    first = real.__name__ == "query_datasets"
    if keywords.get("find_first", keywords.get("findFirst", first)):
        _turn(real, keywords)
    elif keywords.get("deduplicate"):
        keywords["collections"] = list(keywords["collections"])[::-1]
    return real(*what, **keywords)


def _turn(real: Real, keywords: dict[str, Any]) -> None:
    """Have several collections searched from the last to the first."""
    registry, asked = getattr(real.__self__, "registry", real.__self__), keywords.get("collections")
    if asked is ... or not hasattr(registry, "queryCollections"):
        return
    try:
        asked = registry.defaults.collections if asked is None else asked
        names = registry.queryCollections(asked, flattenChains=True)
    except Exception:  # the search itself says what is wrong with them
        return
    if len(names) > 1:
        keywords["collections"] = list(names)[::-1]
