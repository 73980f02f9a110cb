"""What ``--limit`` says of results."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol, TypeVar

__all__ = ["warn_of_more", "within_limit"]

_Found = TypeVar("_Found", covariant=True)


class _Results(Iterable[_Found], Protocol[_Found]):
    """Results of a query that have not been read."""

    def limit(self, limit: int | None) -> Iterable[_Found]: ...


def within_limit(results: _Results[_Found], limit: int, what: str) -> list[_Found]:
    """Return results, as many as a limit allows, and warn of more where it is negative.

    Parameters
    ----------
    results : `~collections.abc.Iterable`
        Results of a query.
    limit : `int`
        How many there may be; 0 for any number.
    what : `str`
        What they are, in the plural.
    """
    if limit == 0:
        return list(results)
    size = abs(limit)
    found = list(results.limit(size + (limit < 0)))
    if len(found) > size:
        del found[size:]
        warn_of_more(what, size)
    return found


def warn_of_more(what: str, size: int) -> None:
    """Log that there are more results than were asked for."""
    logging.getLogger("butler_core").warning(
        "There are more %s than the limit of %d: --limit sets another.", what, size
    )
