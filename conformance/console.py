"""How the command ends: one sentence for a mistake, and a status that tells ends apart."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from conformance.stopping import Stopped, stoppable


class NothingJudgedError(click.ClickException):
    """Nothing could be judged, and so nothing is said of the implementation."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands without tracebacks.

    Mistakes are one line and the status of their exception, an output that cannot be written
    is one line and status 1, and a signal is one line and 128 plus its number.
    """

    def main(self, *arguments: Any, **keywords: Any) -> Any:
        """Run a command, and end the process with its status."""
        _prepare_output()
        try:
            with stoppable():
                status = super().main(*arguments, **{**keywords, "standalone_mode": False}) or 0
        except click.ClickException as error:
            status = error.exit_code
            _say(error)
        except (click.Abort, KeyboardInterrupt) as error:
            cause = error if isinstance(error, KeyboardInterrupt) else error.__cause__
            status = 128 + (cause.number if isinstance(cause, Stopped) else signal.SIGINT)
            _say(click.ClickException("interrupted before the end."))
        except OSError as error:
            status = 1
            what = "" if error.filename else "the output cannot be written: "
            _say(click.ClickException(f"{what}{reason(error)}."))
            _discard_output()
        sys.exit(status)


def reason(error: BaseException) -> str:
    """Return why something failed, in one line without a full stop."""
    if isinstance(error, OSError) and error.strerror:
        place = f": {os.fsdecode(error.filename)}" if _is_path(error.filename) else ""
        return one_line(f"{error.strerror}{place}")
    text = one_line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def one_line(text: str) -> str:
    """Return text in one line that a terminal can show, without a full stop at its end."""
    flat = " ".join(text.split())
    shown = "".join(
        letter if letter.isprintable() else ascii(letter).strip("'\"") for letter in flat
    )
    return shown.rstrip(".") if not shown.endswith("...") else shown


def _is_path(name: object) -> bool:
    return isinstance(name, str | bytes | os.PathLike)


def _prepare_output() -> None:
    """Have outputs that take everything.

    What the encoding of the terminal lacks becomes escapes, and an output that is closed goes
    nowhere: pytest needs one, and a database must not get its number.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _say(error: click.ClickException) -> None:
    with contextlib.suppress(OSError):
        error.show()


def _discard_output() -> None:
    """Let the interpreter's own flush at the end succeed."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
