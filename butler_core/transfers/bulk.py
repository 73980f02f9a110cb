"""Recognition of regular records in the text of an export, which need no YAML parser.

Nearly all of a large export are lists whose items differ in their values
alone. `BulkText` takes runs of such items out of the text that libyaml
parses, and leaves one item with a tag of its own in place of each run. What is
not exactly of the expected form stays, so that libyaml alone says what it means.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol

from .records import FileRecord
from .tags import REGION_CLASSES, region_of_hex, time_of_text

__all__ = ["BulkText", "Run"]

_PAGE = 1 << 20  # characters read at once
_LONGEST_ITEM = 1 << 16  # characters that are in memory before an item is looked at
_LONGEST_RUN = 1 << 19  # characters

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Plain scalars that YAML 1.1 resolves to no type but a string; no others are taken.
_NO_STRING = r"(?=[ynotfYNOTF])(?i:y|n|yes|no|on|off|true|false|null)\n"
_WORD = rf"(?!{_NO_STRING})[A-Za-z][A-Za-z0-9_./+-]*"
_PATH = (
    rf"(?!{_NO_STRING})(?=[A-Za-z]|[0-9_][A-Za-z0-9_.+=@%~-]*/)"
    r"[A-Za-z0-9_](?:[A-Za-z0-9_./+=@%~-]++|:(?=[A-Za-z0-9_./]))*+"
)
_QUOTED = r"'[ -&(-~]*'"
_INTEGER = r"-?(?:0|[1-9][0-9]{0,18})"
_FLOAT = r"-?[0-9]+\.[0-9]+(?:e[+-][0-9]+)?"
_TIME = r"!butler_time/tai/iso '[0-9: .-]+'"
_REGION = (
    rf"!<lsst\.sphgeom\.(?:{'|'.join(REGION_CLASSES.values())})>\n"
    r"      encoded: [0-9]*[a-f][0-9a-f]*"
)
_KEY = r"[a-z][a-z0-9_]*"
_ID_VALUE = f"(?:{_INTEGER}|{_QUOTED}|{_WORD})"
_VALUE = f"(?:{_REGION}|{_TIME}|{_QUOTED}|null|true|false|{_INTEGER}|{_FLOAT}|{_WORD})"

_FIRST_FILE = re.compile(
    rf"  - dataset_id:\n    - !uuid '{_UUID}'\n    data_id:\n"
    rf"(?P<data_id>    - (?:\{{\}}\n|{_KEY}: {_ID_VALUE}\n(?:      {_KEY}: {_ID_VALUE}\n)*))"
    rf"    path: (?:{_PATH}|{_QUOTED})\n(?P<formatter>    formatter: {_WORD}\n)?"
)
_FIRST_RECORD = re.compile(rf"  - {_KEY}: {_VALUE}\n(?:    {_KEY}: {_VALUE}\n)*")
_KEYS = re.compile(rf"^(?:    |  - |    - |      )({_KEY}): ", re.MULTILINE)
_NEXT = "  - |- "
"""What comes after an item: the next of its list, or the next record.

After the last item of a text may come nothing, or what has not been read yet: it is no part of a
run.
"""

_REST = "|(?s:(.+))"
"""What is left where no further item is regular, as the last group of a pattern."""

_BOUNDARY = re.compile(r"\n(?=  - |- |  \w)")
_DEEPER_BOUNDARY = re.compile(r"\n(?=    - |    \w|  - |- |  \w)")
"""Where an item that is not regular may end."""

_START = re.compile(
    r"^(?:- type: dimension\n  element: \w+\n  (?P<dimension>records):\n"
    r"|- type: dataset\n  dataset_type: \S+\n  run: [^\n]+\n  (?P<files>records):\n"
    r"|  (?P<ids>dataset_ids):\n|    (?P<deeper_ids>dataset_ids):\n)",
    re.MULTILINE,
)

Run = list[Any]
"""What libyaml would have made of the items: `FileRecord`, `dict`, or ids as hex digits."""

_Take = Callable[[str, int], "tuple[Run, int]"]


class _Readable(Protocol):
    def read(self, size: int, /) -> str: ...


class BulkText:
    """The text of an export, with runs of regular items taken out.

    Parameters
    ----------
    stream : text file
        The whole text.

    Attributes
    ----------
    tag : `str`
        Tag of the items that stand for runs; their value is the run's number.
        Nobody can know it before.
    runs : `dict` [ `int`, `list` ]
        The runs that were taken out and not asked for yet.
    """

    def __init__(self, stream: _Readable) -> None:
        self.tag = f"!run-{secrets.token_hex(8)}"
        self.runs: dict[int, Run] = {}
        self._stream = stream
        self._pieces = self._filtered()
        self._taken: list[tuple[int, int]] = []
        self._lines = 0
        self._count = 0
        self._text = ""
        self._ended = False

    def read(self, size: int = -1) -> str:
        """Return the next piece, of any length: no more is read ahead than a run."""
        piece = next(self._pieces, "")
        self._lines += piece.count("\n")
        return piece

    def line(self, line: int) -> int:
        """Return the line of the whole text that a line of what was read is from."""
        return line + sum(taken for at, taken in self._taken if at < line)

    def _fill(self, position: int) -> None:
        """Drop what was looked at, and read more."""
        page = self._stream.read(_PAGE)
        self._ended = not page
        self._text = self._text[position:] + page

    def _filtered(self) -> Iterator[str]:
        self._fill(0)
        while self._text:
            start = _START.search(self._text)
            if start is None:
                # The head of a list may go on in what is still to be read.
                end = len(self._text) if self._ended else self._text.rfind("\n- ") + 1
                end = end or self._text.rfind("\n", 0, self._text.rfind("\n")) + 1
                if end:
                    yield self._text[:end]
                self._fill(end)
                continue
            yield self._text[: start.end()]
            self._text = self._text[start.end() :]
            yield from self._list(start.lastgroup or "")

    def _list(self, kind: str) -> Iterator[str]:
        """Yield the items of a list, runs of them as one."""
        indent = "    - " if kind == "deeper_ids" else "  - "
        boundary = _DEEPER_BOUNDARY if kind == "deeper_ids" else _BOUNDARY
        take = _TAKERS[kind]
        position = 0
        while True:
            if len(self._text) - position < _LONGEST_ITEM and not self._ended:
                self._fill(position)
                position = 0
                continue
            if not self._text.startswith(indent, position):
                break
            run, end = take(self._text, position)
            if run:
                yield self._placeholder(indent, run, self._text.count("\n", position, end))
            else:
                after = boundary.search(self._text, position)
                end = len(self._text) if after is None else after.end()
                yield self._text[position:end]
            position = end
        self._text = self._text[position:]

    def _placeholder(self, indent: str, run: Run, lines: int) -> str:
        self._count += 1
        self.runs[self._count] = run
        self._taken.append((self._lines, lines - 1))
        return f"{indent}{self.tag} '{self._count}'\n"


class _Known(dict[str, Any]):
    """What texts stand for, each found out once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, raw: str) -> Any:
        value = self._read(raw)
        if raw[0] != "!":  # times and regions hardly repeat
            self[raw] = value
        return value


def _groups(
    pattern: re.Pattern[str], text: str, position: int
) -> tuple[list[tuple[str, ...]], int]:
    """Return the groups of the items that follow each other and match, and where they end.

    All of them are sought at once, which takes half the time of one after the other.
    """
    end = min(len(text), position + _LONGEST_RUN)
    found = pattern.findall(text, position, end)
    rest = found.pop()[-1]
    return found, end - len(rest)


def _files(text: str, position: int) -> tuple[Run, int]:
    first = _FIRST_FILE.match(text, position)
    if first is None:
        return [], position
    names = tuple(_KEYS.findall(first["data_id"]))
    pattern = _file_pattern(names, first["formatter"] is not None)
    if pattern is None:
        return [], position
    items, end = _groups(pattern, text, position)
    if not items:
        return [], position
    ids, *columns, paths, formatters, _ = zip(*items, strict=True)
    known = _Known(_id_value)
    rows = zip(*(map(known.__getitem__, column) for column in columns), strict=True)
    data_ids = [dict(zip(names, row, strict=True)) for row in rows] or [{} for _ in items]
    run = [
        FileRecord((id.replace("-", ""),), (data_id,), path, formatter or None)
        for id, data_id, path, formatter in zip(
            *(ids, data_ids, map(_unquoted, paths), formatters), strict=True
        )
    ]
    return run, end


def _unquoted(path: str) -> str:
    return path[1:-1] if path[0] == "'" else path


@lru_cache(maxsize=256)
def _file_pattern(names: tuple[str, ...], formatter: bool) -> re.Pattern[str] | None:
    if len(set(names)) < len(names):
        return None
    data_id = "    - {}\n".replace("{", r"\{").replace("}", r"\}")
    if names:
        data_id = "".join(
            f"{'      ' if place else '    - '}{name}: ({_ID_VALUE})\n"
            for place, name in enumerate(names)
        )
    last = f"    formatter: ({_WORD})\n" if formatter else "()"
    return re.compile(
        rf"  - dataset_id:\n    - !uuid '({_UUID})'\n    data_id:\n{data_id}"
        rf"    path: ({_PATH}|{_QUOTED})\n{last}(?={_NEXT}){_REST}"
    )


def _id_value(raw: str) -> int | str:
    if raw[0] == "'":
        return raw[1:-1]
    return int(raw) if raw[0] in "-0123456789" else raw


def _dimension(text: str, position: int) -> tuple[Run, int]:
    first = _FIRST_RECORD.match(text, position)
    if first is None:
        return [], position
    names = tuple(name for name in _KEYS.findall(first[0]) if name != "encoded")
    pattern = _record_pattern(names)
    if pattern is None:
        return [], position
    items, end = _groups(pattern, text, position)
    known = _Known(_value)
    run: Run = []
    try:
        for *values, _ in items:
            run.append(dict(zip(names, map(known.__getitem__, values), strict=True)))
    except ValueError:  # libyaml comes to it, and says where it is
        end = position
        for _ in run:
            match = pattern.match(text, end)
            assert match is not None  # as before
            end = match.end()
    return run, end if run else position


@lru_cache(maxsize=256)
def _record_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if len(set(names)) < len(names):
        return None
    lines = (
        f"{'    ' if place else '  - '}{name}: ({_VALUE})\n" for place, name in enumerate(names)
    )
    return re.compile(f"{''.join(lines)}(?={_NEXT}){_REST}")


_LITERALS = {"null": None, "true": True, "false": False}


def _value(raw: str) -> Any:
    if raw in _LITERALS:
        return _LITERALS[raw]
    if raw[0] == "'":
        return raw[1:-1]
    if raw[0] == "!":
        if raw[1] == "b":
            return time_of_text(raw[raw.index("'") + 1 : -1])
        return region_of_hex(raw[raw.rindex(" ") + 1 :])
    if raw[0] in "-0123456789":
        return float(raw) if "." in raw else int(raw)
    return raw


def _ids_at(indent: str) -> _Take:
    pattern = re.compile(f"{indent}- !uuid '({_UUID})'\n(?={indent}- |{_NEXT}){_REST}")

    def take(text: str, position: int) -> tuple[Run, int]:
        items, end = _groups(pattern, text, position)
        return [id.replace("-", "") for id, _ in items], end if items else position

    return take


_TAKERS: dict[str, _Take] = {
    "files": _files,
    "dimension": _dimension,
    "ids": _ids_at("  "),
    "deeper_ids": _ids_at("    "),
}
