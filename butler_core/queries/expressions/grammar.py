"""What may stand where in an expression."""

from __future__ import annotations

from . import tree

__all__ = [
    "COMPARISONS",
    "CONDITIONS",
    "INSTEAD_OF_WORDS",
    "MEMBERS",
    "NUMBERS",
    "PRODUCTS",
    "SUMS",
    "VALUES",
]

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "OVERLAPS"})
SUMS = frozenset({"+", "-"})
PRODUCTS = frozenset({"*", "/", "%"})

INSTEAD_OF_WORDS = {
    "LIKE": "compare with =, or write GLOB(visit.name, 'HSC*')",
    "GLOB": "write GLOB(visit.name, 'HSC*')",
    "BETWEEN": "write visit IN (10..20), or visit >= 10 AND visit <= 20",
    "IS": "write = NULL, or != NULL",
    "ISNULL": "write = NULL",
    "XOR": "write (a AND NOT b) OR (b AND NOT a)",
    "DIV": "write /",
    "MOD": "write %",
}
"""What to write for words that SQL has."""

CONDITIONS = (
    tree.Comparison,
    tree.In,
    tree.Not,
    tree.And,
    tree.Or,
    tree.Call,
    tree.Name,
    tree.Bind,
)
"""What may be true or false; a name may be that of a field that is."""

VALUES = (
    tree.Name,
    tree.Bind,
    tree.Number,
    tree.Text,
    tree.Time,
    tree.Range,
    tree.Pair,
    tree.Call,
    tree.Sign,
    tree.Arithmetic,
)

NUMBERS = (tree.Name, tree.Bind, tree.Number, tree.Text, tree.Time, tree.Sign, tree.Arithmetic)
"""What may be counted with, if it is a number."""

MEMBERS = (tree.Name, tree.Bind, tree.Number, tree.Text, tree.Time, tree.Range, tree.Call)
"""What a list after IN may hold."""
