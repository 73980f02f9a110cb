"""A fault of removals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.faults import Real, fault

staying: list[tuple[Any, str, Any]] = []  # defaults, which tell one Butler from another; tag; ref


@fault(
    "A dataset that is removed stays in the tags that held it, for those who list them.",
    calls=["butler.registry.removeDatasets", "butler.pruneDatasets"],
    red=["REM-01.nowhere.both", "REM-03", "REM-04.collections", "SCR-14", "LAW-01"],
)
def removed_stays_in_tag(real: Real, refs: Iterable[Any], **keywords: Any) -> None:
    """Remember what the tags hold before it is removed."""
    gone = list(refs)
    held = _held(_registry(real), gone)
    real(gone, **keywords)
    staying.extend(held)


@removed_stays_in_tag.also("butler.removeRuns")
def _remove_runs(real: Real, names: Iterable[str], *rest: Any, **keywords: Any) -> None:
    runs = list(names)
    gone = [ref for run in runs for ref in _registry(real).queryDatasets(..., collections=run)]
    held = _held(_registry(real), gone)
    real(runs, *rest, **keywords)
    staying.extend(held)


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


def _held(registry: Any, refs: list[Any]) -> list[tuple[Any, str, Any]]:
    """Return tags, each with a dataset that it holds."""
    return [
        (registry.defaults, name, ref)
        for name in registry.queryCollections()
        if registry.getCollectionType(name).name == "TAGGED"
        for ref in refs
        if ref in set(registry.queryDatasets(ref.datasetType, collections=name))
    ]


def _staying(
    registry: Any, what: Any = None, collections: Any = None, **keywords: Any
) -> list[Any]:
    own = getattr(registry, "defaults", None)
    held = [(tag, ref) for defaults, tag, ref in staying if defaults is own]
    if not held:
        return []
    asked = registry.defaults.collections if collections is None else collections
    searched = registry.queryCollections(asked, flattenChains=True)
    name = getattr(what, "name", what)
    return [ref for tag, ref in held if tag in searched and name == ref.datasetType.name]


def _registry(real: Real) -> Any:
    return getattr(real.__self__, "registry", real.__self__)
