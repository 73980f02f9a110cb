"""Commands in processes that have imported already what all of them import.

A process of its own for each command is what is wanted; that each imports numpy, astropy,
matplotlib and pytest again, and reads the files of the suite, half its time, is not. One process
does so, and then is forked for each command, which runs and ends as the interpreter does. Where the
start itself is tried, or the seed of hashes must be another, `command_line.command` makes a fresh
process.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LONGEST = 120
SERVER = """
import importlib, json, os, signal, sys
for name in (
    "conformance.cli conformance.suite conformance.plugin conformance.recorder conformance.progress"
    " conformance.report conformance.built conformance.selftest.fakes butler_core pytest hypothesis"
    " jsonschema matplotlib.pyplot astropy.io.fits astropy.table astropy.wcs sqlalchemy"
).split():
    importlib.import_module(name)
sys.modules["conformance.suite"].check_folders([])  # the files of the suite are read once

def asked():
    replies = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            replies.close()
            return json.loads(line)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=replies, flush=True)
    return None

def prepare(task):
    os.environ.clear()
    os.environ.update(task["environment"])
    sys.path[:0] = task["modules"]
    os.chdir(task["folder"])
    for number, path in enumerate((os.devnull, task["out"], task["err"])):
        opened = os.open(path, os.O_WRONLY if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["butler-conformance", *task["arguments"]]
    signal.alarm(task["seconds"])

task = asked()
if task is not None:
    prepare(task)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    from conformance.cli import main
    main()
"""
AT_START = ("PYTHON", "LC_", "LANG", "HOME", "MPL", "MALLOC", "LD_")
"""How the names of variables begin that are read when a process starts, or imports."""


def can_fork(environment: Mapping[str, str | None]) -> bool:
    """Return whether changes of the environment are seen by a process that has started."""
    return not any(name.startswith(AT_START) for name in environment)


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    modules: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``butler-conformance`` to its end; the parameters are those of `command`."""
    with tempfile.TemporaryDirectory() as kept:
        out, err = Path(kept, "out"), Path(kept, "err")
        out.touch()
        err.touch()
        task = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "modules": [str(modules)] if modules else [],
            "out": str(out),
            "err": str(err),
            "seconds": LONGEST,
        }
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        print(json.dumps(task), file=server.stdin, flush=True)
        status = int(server.stdout.readline())
        texts = [path.read_text(encoding="utf-8") for path in (out, err)]
    return subprocess.CompletedProcess([*arguments], status, *texts)


@cache
def _server() -> subprocess.Popen[str]:
    """Start the process that is forked; it ends with the end of its input, and so with ours."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd="/",  # where nothing lies that it would import instead of what is installed
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(server.communicate)
    return server
