"""Classes and functions by address, imported when they are first needed."""

from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

from .errors import MissingPackageError

__all__ = ["address_of", "import_object", "loaded_object"]

_PROVIDERS = {
    "lsst.images": "lsst-images from PyPI, on Python 3.12 or newer",
    "lsst.daf.butler": "lsst-daf-butler from PyPI",
    "lsst": "the LSST Science Pipelines",
    "pyarrow": "pyarrow: pip install 'butler-conformance[parquet]'",
}


def address_of(kind: type) -> str:
    """Return the address of a class, its plain name for a builtin."""
    name = kind.__qualname__
    return name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"


def import_object(address: str) -> Any:
    """Import what a dotted name stands for.

    Parameters
    ----------
    address : `str`
        ``package.module.name``, ``package.module.Class.method``, or the name
        of a builtin.

    Returns
    -------
    found : `object`
        The class or function.

    Raises
    ------
    MissingPackageError
        A module on the way cannot be imported, or has no such name.
    """
    if "." not in address and hasattr(builtins, address):
        return getattr(builtins, address)
    names = address.split(".")
    problem: Exception | None = None
    for count in range(len(names) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(names[:count]))
            for name in names[count:]:
                found = getattr(found, name)
        except (ImportError, AttributeError) as error:
            problem = problem or error
        else:
            return found
    missing = getattr(problem, "name", None) or address
    provider = next(
        (text for prefix, text in _PROVIDERS.items() if f"{missing}.".startswith(f"{prefix}.")),
        f"the package {missing.partition('.')[0]}",
    )
    raise MissingPackageError(
        f"{address} cannot be imported ({problem}); it comes with {provider}"
    ) from problem


def loaded_object(address: str) -> Any:
    """Return what a dotted name stands for, or `None` if its module is not loaded.

    An object cannot be an instance of a class that nobody has imported, so a
    test of its type need not import anything.
    """
    if "." not in address:
        return getattr(builtins, address, None)
    module_name, _, name = address.rpartition(".")
    return getattr(sys.modules.get(module_name), name, None)
