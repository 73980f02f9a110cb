"""In what two sets of plain texts differ, member by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from conformance.observation import Observation

MOST = 6


def compared(
    what: str,
    expected: Mapping[str, Set[str]],
    observed: Mapping[str, Set[str]],
    *,
    as_what: str,
) -> list[Observation]:
    """Return what was looked at: one thing where all is the same, else each part that differs.

    Parameters
    ----------
    what
        What was looked at, as a noun phrase, such as "what B sees".
    expected, observed
        The name of each part to its members.
    as_what
        What is expected, such as "as A sees it".
    """
    found = [
        Observation(f"{what}: {part}", as_what, text, False, text)
        for part in dict.fromkeys([*expected, *observed])
        for text in ["; ".join(_parts(expected.get(part, set()), observed.get(part, set())))]
        if text
    ]
    if found:
        return found
    members = sum(map(len, expected.values()))
    text = f"{members} of {sum(map(bool, expected.values()))} kinds"
    return [Observation(what, f"{as_what}: {text}", text, True)]


def _parts(expected: Set[str], observed: Set[str]) -> Iterator[str]:
    for word, members in (("missing", expected - observed), ("unexpected", observed - expected)):
        if members:
            shown = sorted(members)[:MOST]
            more = f", and {len(members) - MOST} more" if len(members) > MOST else ""
            yield f"{len(members)} {word}: {', '.join(shown)}{more}"
