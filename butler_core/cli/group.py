"""The group of commands: found in a folder, imported when needed, ended without tracebacks."""

from __future__ import annotations

import contextlib
import errno
import importlib
import logging
import os
import pkgutil
import sys
from typing import Any

import click

__all__ = ["CommandFolder"]


class CommandFolder(click.Group):
    """A group of commands, each a module of a package with a click command ``command``.

    ``query_datasets.py`` is the command ``query-datasets``, ``import_.py`` is ``import``.
    An error is one line and status 1, for a wrong word on the command line 2.

    Parameters
    ----------
    package : `str`
        Name of the package.
    """

    def __init__(self, *, package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, importing none."""
        folder = importlib.import_module(self._package)
        modules = pkgutil.iter_modules(folder.__path__)
        return sorted(module.name.rstrip("_").replace("_", "-") for module in modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        with contextlib.suppress(ModuleNotFoundError):
            return self._imported(f"{name}_", cmd_name)
        return self._imported(name, cmd_name)

    def _imported(self, module: str, name: str) -> click.Command:
        command: click.Command = importlib.import_module(f"{self._package}.{module}").command
        command.name = name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for, or end with the name that was meant."""
        from ..errors import nearest

        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            hint = nearest(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no command {args[0]!r}{hint or '.'}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command, and end the process with its status."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # letters that the terminal lacks become escapes
                stream.reconfigure(errors="backslashreplace")
        try:
            super().main(*args, **extra)
        except OSError as error:
            _discard_output()
            what = error.filename or "the output cannot be written"
            with contextlib.suppress(OSError):
                click.echo(f"Error: {what}: {error.strerror or error}.", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, whatever it raises being an error of one line."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if _is_of_output(error):
                raise
            logging.getLogger("butler_core").debug("the whole error:", exc_info=True)
            raise click.ClickException(_sentence(error)) from error


def _is_of_output(error: Exception) -> bool:
    """Return whether an error is that the output cannot be written."""
    from ..errors import ButlerUserError

    return (
        isinstance(error, OSError)
        and not isinstance(error, ButlerUserError)
        and (error.filename is None or error.errno == errno.EPIPE)
    )


def _sentence(error: Exception) -> str:
    """Return what an error says, in one line."""
    from ..errors import ButlerUserError

    first, *others = str(error).strip().splitlines() or [""]
    shows_place = bool(others) and set(others[-1]) <= set(" ^")  # below the text of a condition
    text = " ".join((first if shows_place else str(error)).split())
    if isinstance(error, OSError) and not isinstance(error, ButlerUserError):
        return f"{error.filename}: {error.strerror}."
    if isinstance(error, ButlerUserError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _discard_output() -> None:
    """Let whatever is left of the output go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
