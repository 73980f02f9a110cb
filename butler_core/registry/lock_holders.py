"""Which processes hold a lock on a file."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["lock_holders"]

_LOCKS = Path("/proc/locks")


def lock_holders(path: Path) -> str:
    """Return a phrase that names the other processes which hold a lock on a file.

    Linux lists locks in ``/proc/locks``, each with the process and the inode
    (proc_locks(5)); elsewhere the phrase says how to find out.
    """
    try:
        inode = path.stat().st_ino
        lines = _LOCKS.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return f"another process (`lsof {path}` shows which)"
    holders: set[int] = set()
    for line in lines:
        fields = line.split()
        if "->" in fields or len(fields) < 6:  # one that waits
            continue
        process, place = fields[4], fields[5]
        if place.rpartition(":")[2] == str(inode) and process.isdigit():
            holders.add(int(process))
    holders -= {os.getpid()}
    if not holders:
        return f"another process or Butler (`lsof {path}` shows which)"
    return " and ".join(f"process {process}{_command(process)}" for process in sorted(holders))


def _command(process: int) -> str:
    try:
        name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" ({name})"
