"""Transactions within transactions, and what others see of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.cases import case

VISIT = {"instrument": "HSC", "visit": 904014}


@case(
    "PUT-16.inner-fails",
    "What an inner transaction failed to do is undone alone",
    repository="survey",
    value=["summary", None],
)
def inner_fails(api: Any, root: Path) -> list[str | None]:
    """Put a summary, then notes in an inner transaction that fails."""
    with api.Butler.from_config(root, run="HSC/runs/a") as butler:
        with butler.transaction():
            butler.put({}, "summary", VISIT)
            try:
                with butler.transaction():
                    butler.put({}, "notes")
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        found = [butler.find_dataset("summary", VISIT), butler.find_dataset("notes")]
    return [ref and ref.datasetType.name for ref in found]


@case(
    "PUT-16.outer-fails",
    "An outer transaction that fails undoes the inner one that ended well",
    repository="survey",
    value=[None, None],
)
def outer_fails(api: Any, root: Path) -> list[Any]:
    """Put notes in an inner transaction, then fail in the outer one."""
    with api.Butler.from_config(root, run="HSC/runs/a") as butler:
        try:
            with butler.transaction():
                butler.put({}, "summary", VISIT)
                with butler.transaction():
                    butler.put({}, "notes")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        return [butler.find_dataset("summary", VISIT), butler.find_dataset("notes")]


@case(
    "PUT-17.other-butler",
    "Another Butler sees a dataset when its transaction has ended",
    repository="survey",
    value=[False, True],
)
def other_butler(api: Any, root: Path) -> list[bool]:
    """Ask for a summary within the transaction that puts it, and afterwards."""
    with (
        api.Butler.from_config(root, run="HSC/runs/a") as writer,
        api.Butler.from_config(root, collections="HSC/runs/a") as reader,
    ):
        with writer.transaction():
            writer.put({}, "summary", VISIT)
            within = reader.find_dataset("summary", VISIT)
        after = reader.find_dataset("summary", VISIT)
    return [within is not None, after is not None]
