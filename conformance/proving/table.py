"""A proof as a table on a terminal, and in words what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.console import one_line
from conformance.proving import NOT_PROVEN, NOT_REACHED, PROVEN, FaultProof, Proof

NARROWEST = 72
STYLES = {PROVEN: "green", NOT_PROVEN: "bold red", NOT_REACHED: "dim"}


def show(console: Console, proof: Proof) -> None:
    """Print the table, and below it each case that is missing or too many."""
    console.width = max(console.width, NARROWEST)  # a name cut short cannot be searched for
    console.print(_table(proof, console.is_terminal))
    for line in lines(proof):
        console.print(Text(line), soft_wrap=True, highlight=False)


def _table(proof: Proof, is_terminal: bool) -> Table:
    table = Table(box=box.SIMPLE if is_terminal else None, pad_edge=is_terminal)
    table.add_column("fault", no_wrap=True)
    for name in ("tried", "red", "missing", "more"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for one in proof.faults:
        counts = (one.tried, *(len(each) for each in (one.red, one.missing, one.more)))
        verdict = Text(one.verdict, STYLES[one.verdict])
        table.add_row(one.fault.name, *map(str, counts), verdict)
    return table


def lines(proof: Proof) -> Iterator[str]:
    """Yield what is to be said below the table."""
    for one in proof.faults:
        if one.verdict != PROVEN:
            yield f"{one.fault.name} ({one.fault.place}): {one.verdict}"
            yield from (f"  {line}" for line in _reasons(one))
    yield (
        "tried: the cases that make a call which the fault changes; the others stand as they do "
        "without it."
    )
    if proof.left_out:
        yield f"{proof.left_out} cases were left out: of these nothing is said."
    yield (
        f"{len(proof.untouched)} of {len(proof.requirements)} requirements with a case have none "
        "that a fault turned red: of these nothing is proven."
    )


def _reasons(proof: FaultProof) -> Iterator[str]:
    if proof.verdict == NOT_REACHED:
        yield "none of the cases that it declares is run on this implementation"
        return
    if not proof.fault.red:
        yield "it declares no case"
    for entry in proof.unknown:
        yield f"unknown: it declares {entry!r}, and no case or requirement is called so"
    for case in proof.missing:
        yield f"missing: {case} stayed green"
    for case in proof.more:
        yield f"more: {case} turned red: {one_line(proof.red[case])}"
    for case in proof.broken:
        yield f"broken: {case} is no judgement: {one_line(proof.red[case])}"
    yield "if what was seen is what the fault must do, it declares:"
    yield copyable(proof)


def copyable(proof: FaultProof) -> str:
    """Return the cases that turned red as a line of Python, to be copied into the fault."""
    return f"red=[{', '.join(json.dumps(entry) for entry in proof.copyable)}],"
