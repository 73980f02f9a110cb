"""How long something takes, and how much memory the process has needed."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One timing of a row.

    Attributes
    ----------
    cpu
        CPU seconds of a call, in this process: what other processes do changes it least.
    wall
        Seconds of a call on the clock.
    memory
        The most memory that the process held so far, in bytes.
    calls
        How many calls were timed together.
    """

    cpu: float
    wall: float
    memory: int
    calls: int


class Clock:
    """Times one thing."""

    def __init__(self) -> None:
        self.measurement: Measurement | None = None

    @contextlib.contextmanager
    def measured(self, calls: int = 1) -> Iterator[None]:
        """Time what is done within, which is done ``calls`` times."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.measurement = Measurement(cpu / calls, wall / calls, peak_memory(), calls)


def peak_memory() -> int:
    """Return the most memory that this process has held, in bytes; 0 where it cannot be told."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # A process that was forked inherits the ru_maxrss of its parent, and not this.
        for line in STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return 0
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024
