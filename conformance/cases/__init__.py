"""Cases as data: a repository, some steps, and what the last call must answer.

Most are written in YAML beside this file, as ``case.schema.json`` describes. One that needs more
than statements is a function under `case`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["FunctionCase", "case"]

Function = TypeVar("Function", bound=Callable[[Any, Path], Any])
NOTHING: Any = object()
ATTRIBUTE = "conformance_case"
"""The attribute of a decorated function that holds its `FunctionCase`."""


@dataclass(frozen=True, slots=True)
class FunctionCase:
    """What `case` was told.

    Attributes
    ----------
    entry
        The same keys and values that a case in YAML has.
    function
        The function.
    line
        The line of the decorator.
    """

    entry: Mapping[str, Any]
    function: Callable[[Any, Path], Any] = field(repr=False)
    line: int = 0


def case(
    id: str,
    title: str,
    *,
    value: Any = NOTHING,
    rows: Any = NOTHING,
    error: Any = NOTHING,
    ordered: bool = False,
    repository: str = "empty",
    capabilities: Sequence[str] = (),
    dialect: str = "current",
) -> Callable[[Function], Function]:
    """Make a function a case.

    The function is called with the module of the implementation's API and with the root of a
    fresh copy of the repository, a `pathlib.Path`; what it returns or raises is judged.

    Parameters
    ----------
    id
        The id of a requirement, a full stop, and words: ``COL-04.survives``.
    title
        What is so, in a few words.
    value, rows, error
        What is expected, as in YAML: one of the three. With ``error`` the function must leave the
        repository as it found it.
    ordered
        Whether the order of ``rows`` matters.
    repository
        The name of a file of the folder ``repositories``, or ``ci_hsc``, which is only read.
    capabilities
        What an implementation must be able to do.
    dialect
        The dialect of the API that the function is written in.

    Examples
    --------
    >>> @case("COL-04.survives", "A chain keeps its order", repository="two_runs", value=["b", "a"])
    ... def survives(api, root):
    ...     with api.Butler.from_config(root, writeable=True) as butler:
    ...         butler.collections.register("chain", api.CollectionType.CHAINED)
    ...         butler.collections.redefine_chain("chain", ["b", "a"])
    ...     with api.Butler.from_config(root) as butler:
    ...         return butler.collections.get_info("chain").children
    """
    entry: dict[str, Any] = {"id": id, "title": title, "repository": repository, "dialect": dialect}
    expected = {"value": value, "rows": rows, "error": error}
    entry |= {name: given for name, given in expected.items() if given is not NOTHING}
    if ordered:
        entry["ordered"] = ordered
    if capabilities:
        entry["capabilities"] = list(capabilities)

    def mark(function: Function) -> Function:
        line = function.__code__.co_firstlineno if hasattr(function, "__code__") else 0
        function.__test__ = False  # type: ignore[attr-defined]  # pytest shall not call it itself
        setattr(function, ATTRIBUTE, FunctionCase(entry, function, line))
        return function

    return mark
