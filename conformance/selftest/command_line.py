"""Running the commands as a shell does, each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from conformance.selftest import forked_commands

START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and one under nohup that
from {module}.cli import main
sys.argv[0] = "{name}"
main()
"""
CONFORMANCE = START.format(module="conformance", name="butler-conformance")
CORE = START.format(module="butler_core", name="butler-core")


def command(
    *arguments: str,
    folder: Path,
    program: str = CONFORMANCE,
    environment: Mapping[str, str | None] | None = None,
    modules: Path | None = None,
    stdout: int = subprocess.PIPE,
    largest_file: int = 0,
    fresh: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Parameters
    ----------
    arguments
        What follows the name of the command.
    folder
        The current folder.
    program
        `CONFORMANCE` or `CORE`.
    environment
        Variables to set, or with None to leave out, in the environment that is there.
    modules
        A folder to import from besides.
    stdout
        Where the standard output goes; kept where nothing else is said.
    largest_file
        Bytes that a file may have, as on a disk that is full; 0 for any number.
    fresh
        Whether the process must not have imported anything; it is so where another parameter
        asks for what `forked_commands` cannot give.
    """
    changed = environment or {}
    plain = program == CONFORMANCE and stdout == subprocess.PIPE and not largest_file
    if plain and not fresh and forked_commands.can_fork(changed):
        merged = _environment(changed, modules)
        return forked_commands.run(arguments, folder=folder, environment=merged, modules=modules)
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=_environment(changed, modules),
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
        check=False,
        preexec_fn=(lambda: _limit(largest_file)) if largest_file else None,
    )


def interrupted(
    *arguments: str, folder: Path, number: int, when: Callable[[], bool], scratch: Path
) -> subprocess.CompletedProcess[str]:
    """Run ``butler-conformance``, send it a signal when something is so, and wait for its end.

    Parameters
    ----------
    arguments
        What follows the name of the command.
    folder
        The current folder.
    number
        The signal.
    when
        Asked until it says yes.
    scratch
        The folder for temporary files.
    """
    with (folder / "out.txt").open("w+") as out, (folder / "err.txt").open("w+") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", CONFORMANCE, *arguments],
            cwd=folder,
            env=_environment({"TMPDIR": str(scratch)}),
            stdout=out,
            stderr=err,
        )
        try:
            deadline = time.monotonic() + 60
            while not when():
                assert process.poll() is None, (folder / "err.txt").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            process.send_signal(number)
            status = process.wait(60)
        finally:
            process.kill()
            process.wait()
    texts = [(folder / name).read_text() for name in ("out.txt", "err.txt")]
    return subprocess.CompletedProcess(arguments, status, *texts)


def _environment(changes: Mapping[str, str | None], modules: Path | None = None) -> dict[str, str]:
    merged = {**os.environ, **changes}
    if modules is not None:
        merged["PYTHONPATH"] = os.pathsep.join([str(modules), os.environ.get("PYTHONPATH", "")])
    return {name: value for name, value in merged.items() if value is not None}


def _limit(largest_file: int) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
