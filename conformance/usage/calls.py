"""Which of the counted names the text of a case uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

__all__ = ["names_in"]

_OWNERS = ("registry", "collections")
"""Attributes of a Butler that have methods of their own."""

_RETURNED = {
    "clone": "butler",
    "export": "export",
    "from_config": "butler",
    "getDeferred": "DeferredDatasetHandle",
    "join_data_coordinates": "Query",
    "join_dataset_search": "Query",
    "join_dimensions": "Query",
    "materialize": "Query",
    "query": "Query",
    "where": "Query",
}
"""What a method returns that others are called on, by the name it was counted with."""


def names_in(code: str, known: Set[str]) -> frozenset[str]:
    """Return the counted names that a text uses.

    Parameters
    ----------
    code
        Python; what is none uses nothing.
    known
        The counted names.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return frozenset()
    owners = dict(_bound(tree))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = _owner(node.value, owners)
            found.update({f"{owner}.{node.attr}", f"*.{node.attr}"} & known)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.update({f"{node.func.id}()"} & known)
    return frozenset(found)


def _bound(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield names that are bound to what has methods of its own, and what that is."""
    for node in ast.walk(tree):
        pairs: list[tuple[ast.expr, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.withitem):
            pairs = [(node.context_expr, node.optional_vars)]
            pairs = [(name, value) for value, name in pairs if name is not None]
        for target, value in pairs:
            owner = "" if value is None else _made(value)
            if isinstance(target, ast.Name) and owner:
                yield target.id, owner


def _made(value: ast.expr) -> str:
    """Return what an expression makes, by the name it was counted with; "" of anything else."""
    if isinstance(value, ast.Attribute) and value.attr in _OWNERS:
        return value.attr
    if not isinstance(value, ast.Call):
        return ""
    if isinstance(value.func, ast.Name):
        return "butler" if value.func.id == "Butler" else ""
    return _RETURNED.get(value.func.attr, "") if isinstance(value.func, ast.Attribute) else ""


def _owner(value: ast.expr, owners: dict[str, str]) -> str:
    """Return what an attribute is taken from; "" where nothing is known of that."""
    if not isinstance(value, ast.Name):
        return _made(value)
    if value.id in _OWNERS or "butler" in value.id.lower():
        return value.id if value.id in _OWNERS else "butler"
    return owners.get(value.id, "")
