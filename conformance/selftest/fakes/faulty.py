"""Where the faults are declared: what each changes, and which cases it must turn red."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance.selftest import fakes

FAULTS: dict[str, tuple[Callable[[], fakes.Fake], set[str]]] = {}
FILE_FAULTS: dict[str, tuple[Callable[[Path], object], set[str]]] = {}


def fault(*red: str) -> Callable[[Callable[[], dict[str, Any]]], Callable[[], dict[str, Any]]]:
    """Declare a faulty fake and the cases that must fail."""

    def declare(parts: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
        FAULTS[parts.__name__] = (lambda: fakes.fake("faulty", **parts()), set(red))
        return parts

    return declare


def file_fault(*red: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Declare a change of the files and the cases that must fail."""

    def declare(change: Callable[[Path], object]) -> Callable[[Path], object]:
        FILE_FAULTS[change.__name__] = (change, set(red))
        return change

    return declare


def both(number: int) -> tuple[str, str]:
    """Return the cases of a step in both dialects."""
    return f"NB-{number:02d}.w_2020_03", f"NB-{number:02d}.current"
