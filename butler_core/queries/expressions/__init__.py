"""The ``where`` of queries: from its text to a condition of SQL.

The way goes downwards, a module each: `tokens` cuts the text, `parser` makes a
`tree` of it, `checking` turns that into the nodes of `checked` with the
`names` of a query and the `bindings` of a call, and `sql` writes these.
What has been checked holds no values: those of literals and of bound names are
parameters, so that expressions that differ in them alone share one statement.
"""

from .checking import check
from .meaning import NOTHING, Checked, Conjunct
from .names import Context
from .parser import parse

__all__ = ["NOTHING", "Checked", "Conjunct", "Context", "check", "parse"]
