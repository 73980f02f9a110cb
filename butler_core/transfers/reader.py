"""Reading of export files, piece by piece, through libyaml."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from ..errors import ExportFileError, IncompatibleVersionError
from .bulk import BulkText
from .pieces import (
    dataset_id,
    is_known,
    piece_of_items,
    pieces_of,
    reader_of_items,
    validity_range,
)
from .records import FORMAT_VERSION, AssociatedDatasets, ExportHeader, ExportPiece
from .tags import add_constructors

__all__ = ["MisreadError", "read_header", "read_pieces"]

_PAGE = 1000  # items of a list that are given together
_HEADER = ("version", "universe_version", "universe_namespace")


class MisreadError(Exception):
    """What looked like regular records is not: the file must be read with ``bulk=False``."""


class _Constructor(SafeConstructor):
    """Constructs plain YAML and the tags of the format; code is never run."""


add_constructors(_Constructor)


class _Loader(Composer, CParser, _Constructor, Resolver):
    def __init__(self, stream: Any) -> None:
        CParser.__init__(self, stream)
        Composer.__init__(self)
        _Constructor.__init__(self)
        Resolver.__init__(self)


class _Document:
    """A document that is read from its beginning to its end, once."""

    def __init__(self, stream: IO[str], name: str, *, bulk: bool) -> None:
        self._name = name
        self._bulk = BulkText(stream) if bulk else None
        self._loader: Any = _Loader(self._bulk or stream)

    @property
    def line(self) -> int:
        """The line of what comes next, the first being 1."""
        return self._line_of(self._loader.peek_event().start_mark)

    def _line_of(self, mark: Any) -> int:
        return 1 + (mark.line if self._bulk is None else self._bulk.line(mark.line))

    def error(self, line: int, text: str) -> ExportFileError:
        """Return an error that names the file and a line; what was misread is none.

        Raises
        ------
        MisreadError
            If the error may come from a run that went into something else.
        """
        if self._bulk is not None and self._bulk.runs:
            raise MisreadError
        return ExportFileError(f"{self._name}, line {line}: {text}")

    @contextlib.contextmanager
    def located(self, line: int) -> Iterator[None]:
        """Let errors about what was read name the file and a line."""
        try:
            yield
        except ExportFileError as error:
            raise self.error(line, str(error)) from error

    @contextlib.contextmanager
    def is_yaml(self) -> Iterator[None]:
        """Turn the errors of the parser into ours."""
        try:
            yield
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            text = str(error.problem or error.context)
            raise self.error(self._line_of(mark), text) from error
        except (yaml.YAMLError, UnicodeError) as error:
            text = " ".join(str(error).split())
            raise ExportFileError(f"{self._name} is not YAML: {text}") from error

    def begin(self, kind: type[yaml.Event], what: str) -> None:
        """Enter a mapping or a list."""
        line = self.line
        if not self._loader.check_event(kind):
            if self._run() is not None:
                raise MisreadError
            raise self.error(line, what)
        self._loader.get_event()

    def begins_list(self) -> bool:
        """Whether a list comes next that nothing else refers to."""
        return (
            self._loader.check_event(yaml.SequenceStartEvent)
            and self._loader.peek_event().anchor is None
        )

    def skip(self, *kinds: type[yaml.Event]) -> bool:
        """Pass over an event if it is of one of some kinds; return whether it was."""
        if self._loader.check_event(*kinds):
            self._loader.get_event()
            return True
        return False

    def value(self) -> Any:
        """Return what comes next as a whole."""
        node = self._loader.compose_node(None, None)
        try:
            return self._loader.construct_document(node)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error
        except yaml.constructor.ConstructorError as error:
            if self._bulk is not None and self._bulk.tag in str(error):
                raise MisreadError from error
            raise

    def key(self) -> str:
        """Return what comes next, the key of a mapping."""
        line, key = self.line, self.value()
        if not isinstance(key, str):
            raise self.error(line, f"a key is a text here, not {key!r}")
        return key

    def pass_over(self) -> None:
        """Pass over what comes next, without looking into it."""
        depth = 0
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if not depth:
                return

    def pages(self, read: Callable[[Any], Any]) -> Iterator[tuple[int, list[Any]]]:
        """Yield what a function makes of a list's items, some at a time, with the first's line."""
        self.begin(yaml.SequenceStartEvent, "a list is expected here")
        page: list[Any] = []
        line = self.line
        while not self.skip(yaml.SequenceEndEvent):
            run = self._run()
            if run is None:
                at, value = self.line, self.value()
                with self.located(at):
                    page.append(read(value))
            if page and (run is not None or len(page) >= _PAGE):
                yield line, page
                page, line = [], self.line
            if run:
                try:
                    # They are of one form: what leaves the first as it is leaves all.
                    if read(run[0]) is not run[0]:
                        run = [read(one) for one in run]
                except ExportFileError as error:  # whose line is not known
                    raise MisreadError from error
                yield line, run
                line = self.line
        if page:
            yield line, page

    def _run(self) -> list[Any] | None:
        """Return the run of regular items that comes next, if one does."""
        if self._bulk is None or not self._loader.check_event(yaml.ScalarEvent):
            return None
        event = self._loader.peek_event()
        if event.tag != self._bulk.tag:
            return None
        self._loader.get_event()
        return self._bulk.runs.pop(int(event.value))

    def end(self) -> None:
        """Check that all was read as it was meant."""
        if self._bulk is not None and self._bulk.runs:
            raise MisreadError


def read_header(stream: IO[str], name: str) -> ExportHeader:
    """Return what stands before the records of an export.

    Parameters
    ----------
    stream : text file
        The file, from its beginning.
    name : `str`
        What errors shall call it.

    Raises
    ------
    ExportFileError
        If it is not an export.
    IncompatibleVersionError
        If its version cannot be read.
    """
    document = _Document(stream, name, bulk=False)
    with document.is_yaml():
        fields: dict[str, Any] = {}
        for key in _top_level(document):
            if key != "data":
                fields[key] = document.value()
            elif all(one in fields for one in _HEADER):
                break
            else:
                document.pass_over()
                fields[key] = None
        if "version" not in fields:
            raise ExportFileError(f"{name} is not an export of a repository: it has no 'version'")
    return ExportHeader(
        _version(fields["version"], name),
        _checked(fields.get("universe_version", 0), int, "universe_version", name),
        _checked(fields.get("universe_namespace", "daf_butler"), str, "universe_namespace", name),
    )


def _top_level(document: _Document) -> Iterator[str]:
    """Yield the keys of the document, whose values are to be read in between."""
    document.skip(yaml.StreamStartEvent)
    if not document.skip(yaml.DocumentStartEvent):
        raise document.error(1, "the file is empty")
    document.begin(yaml.MappingStartEvent, "an export of a repository is a mapping")
    while not document.skip(yaml.MappingEndEvent):
        yield document.key()


def _version(given: object, name: str) -> tuple[int, int, int]:
    if given == 0 and isinstance(given, int):
        return (1, 0, 0)
    parts = str(given).split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise ExportFileError(f"{name}: version is such as 1.0.2, not {given!r}")
    major, minor, patch = (int(part) for part in parts)
    if major != FORMAT_VERSION[0] or minor > FORMAT_VERSION[1]:
        raise IncompatibleVersionError(
            f"{name} has version {given} of the export format; this butler_core reads versions"
            f" {FORMAT_VERSION[0]}.0 to {FORMAT_VERSION[0]}.{FORMAT_VERSION[1]}"
        )
    return (major, minor, patch)


def _checked(given: Any, kind: type, key: str, name: str) -> Any:
    if not isinstance(given, kind) or isinstance(given, bool):
        raise ExportFileError(f"{name}: {key!r} is {kind.__name__}, not {given!r}")
    return given


def read_pieces(
    stream: IO[str], name: str, *, bulk: bool = True
) -> Iterator[tuple[int, ExportPiece]]:
    """Yield the pieces of an export in their order, long lists in several, with their lines.

    Parameters
    ----------
    stream : text file
        The file, from its beginning.
    name : `str`
        What errors shall call it.
    bulk : `bool`, optional
        Whether regular records are recognised without libyaml.

    Raises
    ------
    ExportFileError
        If something in it is wrong, when it is come to.
    MisreadError
        If something is not what it looked like: no piece of those given before
        is to be trusted.
    """
    document = _Document(stream, name, bulk=bulk)
    with document.is_yaml():
        for key in _top_level(document):
            if key != "data":
                document.pass_over()
                continue
            document.begin(yaml.SequenceStartEvent, "'data' is a list of records")
            while not document.skip(yaml.SequenceEndEvent):
                yield from _record(document)
        document.end()


def _record(document: _Document) -> Iterator[tuple[int, ExportPiece]]:
    """Yield the pieces of one record, its long list as it is read."""
    start = document.line
    document.begin(yaml.MappingStartEvent, "a record is a mapping")
    fields: dict[str, Any] = {}
    while not document.skip(yaml.MappingEndEvent):
        line, key = document.line, document.key()
        if key in fields:
            raise document.error(line, f"the record has {key!r} twice")
        if not (is_known(fields, key) and document.begins_list()):
            fields[key] = document.value()
        elif key == "validity_ranges":
            fields[key] = []
            with document.located(line):
                reader_of_items(fields, key)
            yield from _ranges(document, fields)
        else:
            fields[key] = []
            with document.located(line):
                read = reader_of_items(fields, key)
            for line, items in document.pages(read):
                yield line, piece_of_items(fields, items)
    with document.located(start):
        pieces = pieces_of(fields)
    for piece in pieces:
        yield start, piece


def _ranges(
    document: _Document, fields: Mapping[str, Any]
) -> Iterator[tuple[int, AssociatedDatasets]]:
    """Yield the pieces of the validity ranges of a calibration collection."""
    document.begin(yaml.SequenceStartEvent, "a list is expected here")
    while not document.skip(yaml.SequenceEndEvent):
        start = document.line
        document.begin(yaml.MappingStartEvent, "a validity range is a mapping")
        given: dict[str, Any] = {}
        while not document.skip(yaml.MappingEndEvent):
            key = document.key()
            is_timed = "timespan" in given or given.keys() >= {"begin", "end"}
            if not (key == "dataset_ids" and is_timed and document.begins_list()):
                given[key] = document.value()
                continue
            given[key] = []
            for line, ids in document.pages(dataset_id):
                with document.located(line):
                    piece = validity_range(fields, given, ids)
                yield line, piece
        with document.located(start):
            piece = validity_range(fields, given)
        yield start, piece
