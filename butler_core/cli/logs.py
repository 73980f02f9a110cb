"""What is logged while a command runs, and where to."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from .splitting import key_values, split_commas

__all__ = ["log_options", "set_up_logs"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LEVELS = {
    "CRITICAL": logging.CRITICAL,
    "ERROR": logging.ERROR,
    "WARNING": logging.WARNING,
    "INFO": logging.INFO,
    "VERBOSE": 15,
    "DEBUG": logging.DEBUG,
    "TRACE": 5,
}
_SHORT = "%(name)s %(levelname)s: %(message)s"
_LONG = "%(levelname)s %(asctime)s %(name)s (%(labels)s)(%(filename)s:%(lineno)d) - %(message)s"
_OURS = "butler_core"


def log_options(function: _Function) -> _Function:
    """Give a group the options of logging; its function takes those of `set_up_logs`."""
    for decorator in (
        click.option(
            "--progress/--no-progress",
            hidden=True,  # LSST's command takes it; none of ours lasts long enough for a bar
            expose_value=False,
        ),
        click.option(
            "--log-label",
            multiple=True,
            callback=key_values,
            metavar="KEY=VALUE",
            help="Say this with each record of a long log, or of JSON.",
        ),
        click.option(
            "--log-tty/--no-log-tty",
            default=True,
            help="Whether the terminal shows the log, which it does.",
        ),
        click.option(
            "--log-file",
            multiple=True,
            callback=split_commas,
            metavar="FILE",
            help="Append the log to a file; lines of JSON where its name ends with .json.",
        ),
        click.option("--long-log", is_flag=True, help="Log time and place of each record."),
        click.option(
            "--log-level",
            multiple=True,
            callback=split_commas,
            metavar="[LOGGER=]LEVEL",
            help=f"From which level on to log, WARNING if nothing is said: {', '.join(_LEVELS)}."
            f" LOGGER is {_OURS} where it is left out, and '.' the root of all.",
        ),
    ):
        function = decorator(function)
    return function


def set_up_logs(
    *,
    log_level: tuple[str, ...],
    long_log: bool,
    log_file: tuple[str, ...],
    log_tty: bool,
    log_label: Mapping[str, str],
) -> None:
    """Send the log where the options say, instead of where it went before.

    Raises
    ------
    click.BadParameter
        If a level is none.
    """
    logger = logging.getLogger(_OURS)
    for handler in list(logger.handlers):
        if isinstance(handler.formatter, _Text | _Lines):  # of a command before, in a test
            logger.removeHandler(handler)
            handler.close()
    handlers: list[logging.Handler] = [logging.StreamHandler()] if log_tty else []
    for handler in handlers:
        handler.setFormatter(_Text(_LONG if long_log else _SHORT, log_label))
    for file in log_file:
        handler = logging.FileHandler(file, encoding="utf-8")
        is_json = file.endswith(".json")
        handler.setFormatter(_Lines(log_label) if is_json else _Text(_LONG, log_label))
        handlers.append(handler)
    for handler in handlers or [logging.NullHandler()]:
        logger.addHandler(handler)
    for entry in log_level:
        name, _, level = entry.rpartition("=")
        if level.upper() not in _LEVELS:
            raise click.BadParameter(f"{level!r} is none of {', '.join(_LEVELS)}.")
        target = logging.getLogger(None if name == "." else name or _OURS)
        target.setLevel(_LEVELS[level.upper()])


class _Text(logging.Formatter):
    """Writes records as text."""

    def __init__(self, style: str, labels: Mapping[str, str]) -> None:
        super().__init__(style)
        self._labels = ", ".join(f"{key}={value}" for key, value in labels.items())

    def format(self, record: logging.LogRecord) -> str:
        record.labels = self._labels
        return super().format(record)


class _Lines(logging.Formatter):
    """Writes records as lines of JSON."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._labels = dict(labels)

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "name": record.name,
            "asctime": self.formatTime(record),
            "levelname": record.levelname,
            "message": record.getMessage(),
            "filename": record.filename if hasattr(record, "filename") else "",
            "lineno": record.lineno,
            "MDC": self._labels,
        }
        if record.exc_info:
            entry["exc_info"] = self.formatException(record.exc_info)
        return json.dumps(entry)
