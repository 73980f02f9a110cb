"""Programs whose calls several Butlers make: as listings, and as a script that runs alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.interop.turns.acting import who_makes
from conformance.interop.turns.shared_world import Player
from conformance.properties.disagreement import Disagreement
from conformance.properties.program import API_NAMES, HEAD, Program
from conformance.properties.world import OPENING


def listing(program: Program, players: Sequence[Player], *, before_last: bool = False) -> list[str]:
    """Return the statements, with a comment wherever another begins to act."""
    found: list[str] = []
    last: int | None = None
    texts = program.texts(before_last=before_last)
    for one, text in zip(program.operations, texts, strict=False):
        if who_makes(one) != last:
            last = who_makes(one)
            found.append(f"# {players[last].title}")
        found.append(text)
    return found


def script(
    program: Program,
    players: Sequence[Player],
    wrong: Disagreement,
    *,
    before_last: bool = False,
) -> str:
    """Return a script that makes a repository, does the calls by who made them, and checks."""
    body = [*_steps(program, players, wrong, before_last=before_last), "", wrong.check.rstrip()]
    text = "\n".join(body)
    modules = ["atexit", "shutil", "tempfile"]
    names = ["from pathlib import Path"]
    if "suppress(" in text:
        names.insert(0, "from contextlib import suppress")
    first = f"from {players[0].module} import {', '.join(API_NAMES)}"
    return "\n".join(
        [*(f"import {name}" for name in modules), *names, "", first, "", HEAD, text, ""]
    )


def _steps(
    program: Program, players: Sequence[Player], wrong: Disagreement, *, before_last: bool
) -> Iterator[str]:
    acting, bound = 0, list[str]()
    texts = program.texts(before_last=before_last)
    yield f"# {players[0].title}"
    for place, (one, text) in enumerate(zip(program.operations, texts, strict=False)):
        if who_makes(one) != acting:
            acting = who_makes(one)
            yield from _switched(players[acting], _needed(bound, [*texts[place:], wrong.check]))
        yield text
        if one.binds and not text.startswith("with suppress"):
            bound += one.binds
    titles = [player.title for player in players]
    reader = titles.index(wrong.who) if wrong.who in titles else acting
    yield from _switched(players[reader], _needed(bound, [wrong.check, *texts[len(texts) :]]))
    if re.search(r"\bnames\b", wrong.check):
        yield f"names = {{{', '.join(f'{label}.id: {label!r}' for label in bound)}}}"


def _needed(bound: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the references that are used later, each of whom another Butler must ask for."""
    rest = "\n".join(texts)
    return [label for label in bound if re.search(rf"\b{label}\b", rest)]


def _switched(player: Player, labels: Sequence[str]) -> Iterator[str]:
    yield "butler.close()"
    yield f"# {player.title}"
    yield f"from {player.module} import {', '.join(API_NAMES)}"
    yield OPENING
    for label in labels:
        yield f"{label} = butler.get_dataset({label}.id) or {label}"
