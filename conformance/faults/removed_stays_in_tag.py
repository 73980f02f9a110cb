"""A fault of removals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from conformance.faults import Real, fault

staying: WeakKeyDictionary[Any, list[tuple[str, Any]]] = WeakKeyDictionary()


@fault(
    "A dataset that is removed stays in the tags that held it, for those who list them.",
    calls=["butler.registry.removeDatasets", "butler.pruneDatasets"],
    red=[],
)
def removed_stays_in_tag(real: Real, refs: Iterable[Any], **keywords: Any) -> None:
    """Remember what the tags hold before it is removed."""
    registry, gone = _registry(real), list(refs)
    tags = [
        name
        for name in registry.queryCollections()
        if registry.getCollectionType(name).name == "TAGGED"
    ]
    held = [
        (tag, ref)
        for tag in tags
        for ref in gone
        if ref in set(registry.queryDatasets(ref.datasetType, collections=tag))
    ]
    real(gone, **keywords)
    staying.setdefault(registry, []).extend(held)


@removed_stays_in_tag.also("butler.query_datasets", "butler.registry.queryDatasets")
def _query(real: Real, *what: Any, **keywords: Any) -> Any:
    if len(what) > 1:
        what, keywords["collections"] = what[:1], what[1]
    stays = _staying(_registry(real), *what, **keywords)
    if not stays:
        return real(*what, **keywords)
    if real.__name__ == "query_datasets":
        keywords["explain"] = False
    found = list(real(*what, **keywords))
    return found + [ref for ref in stays if ref not in found]


def _staying(
    registry: Any, what: Any = None, collections: Any = None, **keywords: Any
) -> list[Any]:
    if registry not in staying:
        return []
    asked = registry.defaults.collections if collections is None else collections
    searched = registry.queryCollections(asked, flattenChains=True)
    name = getattr(what, "name", what)
    return [
        ref for tag, ref in staying[registry] if tag in searched and name == ref.datasetType.name
    ]


def _registry(real: Real) -> Any:
    return getattr(real.__self__, "registry", real.__self__)
