"""Collections drawn as a tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conformance.model import CollectionKind, ModelButler


def drawing(model: ModelButler) -> str:
    """Return the collections as a tree of text: chains with what they hold, and how many datasets.

    A collection that several chains hold stands in each; those that none holds come first.
    """
    names = [name for name in model.collections if not model.collections.parents(name)]
    lines = [line for name in names for line in _branch(model, name, "", "")]
    return "\n".join(lines) or "no collections"


def _branch(model: ModelButler, name: str, first: str, rest: str) -> Iterator[str]:
    kind = model.collections.kind(name)
    if kind is not CollectionKind.CHAINED:
        yield f"{first}{name} {kind}: {_counted(model, name)}"
        return
    children = model.collections.children(name)
    yield f"{first}{name} {kind}" + ("" if children else ": empty")
    for number, child in enumerate(children, 1):
        last = number == len(children)
        yield from _branch(
            model, child, f"{rest}{'└── ' if last else '├── '}", rest + ("    " if last else "│   ")
        )


def _counted(model: ModelButler, name: str) -> str:
    counts = Counter(one.dataset_type for one in model.members(name))
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "empty"
