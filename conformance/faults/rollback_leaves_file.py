"""A fault of transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from conformance.faults import Real, fault

open_transactions: list[dict[Path, bytes]] = []


@fault(
    "A transaction that is rolled back leaves the files that were put in it.",
    calls=["butler.transaction"],
    red=["PUT-09.rolled-back", "SCR-09", "LAW-10"],
)
@contextmanager
def rollback_leaves_file(real: Real) -> Iterator[None]:
    """Write the files again that the rollback took away."""
    files: dict[Path, bytes] = {}
    open_transactions.append(files)
    try:
        with real():
            yield
    except BaseException:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        raise
    finally:
        open_transactions.remove(files)


@rollback_leaves_file.also("butler.put")
def _put(real: Real, *arguments: Any, **keywords: Any) -> Any:
    ref = real(*arguments, **keywords)
    if open_transactions:
        butler = real.__self__
        place = butler.getURI(ref) if hasattr(butler, "getURI") else butler.getUri(ref)
        path = Path(unquote(urlsplit(str(place)).path))
        for files in open_transactions:
            files[path] = path.read_bytes()
    return ref
