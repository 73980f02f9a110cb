"""Python's collector of garbage, kept from looking through many new objects again and again."""

from __future__ import annotations

import gc
from types import TracebackType

__all__ = ["Uncollected"]


class Uncollected:
    """A context within which many objects are made that all stay, and hold no cycles.

    Looking for cycles among them each time that some hundreds more are there
    takes as long as making them. Other threads make do without it meanwhile.
    """

    __slots__ = ("_was_enabled",)

    def __init__(self) -> None:
        self._was_enabled = False

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._was_enabled:
            gc.enable()
