"""The text of exports: what is written is read, with libyaml alone and without it."""

from __future__ import annotations

import contextlib
import io
import math
import random
import uuid
from collections.abc import Iterable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from butler_core import CollectionType, DimensionUniverse, IncompatibleVersionError, Timespan
from butler_core.errors import ExportFileError
from butler_core.timespan import MAX_NANOSECONDS
from butler_core.transfers import bulk
from butler_core.transfers.reader import MisreadError, read_header, read_pieces
from butler_core.transfers.records import (
    AssociatedDatasets,
    DatasetTypeDefinition,
    DimensionRecords,
    ExportedCollection,
    ExportedFiles,
    ExportPiece,
)
from butler_core.transfers.scalars import scalar
from butler_core.transfers.writer import ExportWriter, file_text, record_writer

from .core_world import box

UNIVERSE = DimensionUniverse()
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.from_regex(
    r"[A-Za-z0-9_./+=@%:~' #-]{1,12}", fullmatch=True
)
WORDS = st.sampled_from(["null", "Yes", "0", "1.5", "1e3", "2014-01-01", "a: b", "-", "~", "=", ""])
TEXTS = TEXTS | WORDS.filter(bool)
NANOSECONDS = st.integers(0, MAX_NANOSECONDS)


def flat(pieces: Iterable[tuple[int, ExportPiece]]) -> list[Any]:
    """Return the items of pieces, however long these are."""
    found: list[Any] = []
    for _, piece in pieces:
        if isinstance(piece, DimensionRecords):
            found += [(piece.element, _plain(record)) for record in piece.records]
        elif isinstance(piece, ExportedFiles):
            found += [(piece.dataset_type, piece.run, file) for file in piece.files]
        elif isinstance(piece, AssociatedDatasets):
            found += [(piece.collection, id, piece.timespan) for id in piece.ids]
        else:
            found.append(piece)
    return found


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    region = record.get("region")
    return record if region is None else {**record, "region": region.encode()}


def read(text: str, *, fast: bool) -> list[Any]:
    """Return what an import reads: what was misread is read again."""
    with contextlib.suppress(MisreadError):
        return flat(read_pieces(io.StringIO(text), "it", bulk=fast))
    return read(text, fast=False)


def outcome(text: str, *, fast: bool) -> Any:
    """Return what is read, or the error."""
    try:
        return read(text, fast=fast)
    except ExportFileError as error:
        return str(error)


def export(*write: Any) -> str:
    """Return the text of an export; each of ``write`` is called with the writer."""
    stream = io.StringIO()
    writer = ExportWriter(stream)
    writer.begin(UNIVERSE)
    for one in write:
        one(writer)
    writer.end()
    return stream.getvalue()


@given(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS)
def test_a_scalar_is_read_as_what_it_was(value: Any) -> None:
    for text in ("- a: {}\n  b: 1\n", "- b: 1\n  a: {}\n"):
        line = text.format(scalar(value))
        assert line.count("\n") == 2
        (found,) = yaml.load(line, Loader=yaml.SafeLoader)
        assert (type(found["a"]), found["a"]) == (type(value), value)


@st.composite
def visits(draw: st.DrawFn) -> tuple[Any, ...]:
    """Return a row of the table of visits, as the registry has it."""
    timespan: Any = draw(
        st.none()
        | st.just(Timespan.makeEmpty())
        | st.just(Timespan(None, None))
        | st.tuples(NANOSECONDS, NANOSECONDS).map(
            lambda both: Timespan.from_nanoseconds(min(both), max(both))
        )
    )
    record = UNIVERSE["visit"].RecordClass(
        instrument=draw(TEXTS),
        id=draw(st.integers(-(2**63), 2**63 - 1)),
        name=draw(TEXTS),
        day_obs=draw(st.integers(0, 2**31)),
        physical_filter=draw(TEXTS),
        exposure_time=draw(st.none() | st.floats(allow_nan=False)),
        target_name=draw(st.none() | TEXTS),
        region=draw(st.none() | st.just(box(10.0, draw(st.integers(-40, 40)), 1.0))),
        timespan=timespan,
    )
    return record.row


@given(st.lists(visits(), min_size=1, max_size=6))
@settings(max_examples=60)
def test_records_are_read_as_they_were_written(rows: list[tuple[Any, ...]]) -> None:
    visit = UNIVERSE["visit"]
    text = export(lambda writer: writer.dimension("visit", map(record_writer(visit), rows)))
    for fast in (False, True):
        pieces = read_pieces(io.StringIO(text), "it", bulk=fast)
        found = [
            visit.RecordClass(**record).row
            for _, piece in pieces
            if isinstance(piece, DimensionRecords)
            for record in piece.records
        ]
        assert found == rows


def test_flags_and_digests_are_read_as_they_were_written() -> None:
    for name, fields in {
        "exposure": {
            "instrument": "I", "id": 1, "group": "g", "day_obs": 1, "obs_id": "o",
            "physical_filter": "f", "has_simulated": False, "can_see_sky": True,
        },
        "skymap": {"name": "s", "hash": bytes(range(20)), "tract_max": 1},
    }.items():  # fmt: skip
        element = UNIVERSE[name]
        record = element.RecordClass(**fields)
        text = export(lambda writer, e=element, r=record: writer.dimension(
            e.name, [record_writer(e)(r.row)]
        ))  # fmt: skip
        ((found_name, found),) = read(text, fast=True)
        assert element.RecordClass(**found).row == record.row, found_name


@given(
    st.lists(
        st.tuples(st.uuids(), TEXTS, st.integers(-5, 10**12), TEXTS | st.just("a/b.yaml"), TEXTS),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=60)
def test_files_are_read_as_they_were_written(files: list[tuple[Any, ...]]) -> None:
    group = UNIVERSE.conform(["detector"])
    texts = [file_text([(id, (name, n))], group, path, kind) for id, name, n, path, kind in files]
    text = export(lambda writer: writer.files("bias", "a run", texts))
    for fast in (False, True):
        found = read(text, fast=fast)
        assert [file for *_, file in found] == [
            ((id.hex,), ({"instrument": name, "detector": n},), path, kind)
            for id, name, n, path, kind in files
        ]


def test_collections_types_and_associations_are_read_as_they_were_written() -> None:
    ids = [uuid.UUID(int=number) for number in range(3)]
    spans = [Timespan(None, None), Timespan.makeEmpty(), Timespan.from_nanoseconds(5, 7)]
    chain = ExportedCollection("c", CollectionType.CHAINED, "two\nlines", ("b", "no", "a: b"))
    empty = ExportedCollection("d", CollectionType.CHAINED)
    tag = ExportedCollection("t", CollectionType.TAGGED)
    kind = DatasetTypeDefinition("bias", ("instrument", "detector"), "Exposure", True)
    nothing = DatasetTypeDefinition("none", (), "Exposure")
    text = export(
        *(lambda writer, one=one: writer.collection(one) for one in (chain, empty, tag)),
        *(lambda writer, one=one: writer.dataset_type(one) for one in (kind, nothing)),
        lambda writer: writer.tagged("t", ids),
        lambda writer: writer.calibrations("l", [(span, ids) for span in spans]),
    )
    expected = [chain, empty, tag, kind, nothing, *(("t", id.hex, None) for id in ids)]
    expected += [("l", id.hex, span) for span in spans for id in ids]
    assert read(text, fast=True) == read(text, fast=False) == expected


def regular(count: int = 4) -> str:
    """Return an export with all kinds of long lists."""
    visit, group = UNIVERSE["visit"], UNIVERSE.conform(["visit", "detector"])
    ids = [uuid.UUID(int=number) for number in range(count)]
    records = [
        visit.RecordClass(
            instrument="HSC", id=n, name=f"v{n}", day_obs=1, physical_filter="f", azimuth=n / 8,
            region=box(10.0, n, 1.0), timespan=Timespan.from_nanoseconds(n, n + 10),
        ).row
        for n in range(count)
    ]  # fmt: skip
    texts = [file_text([(id, ("HSC", 3, id.int))], group, f"a/{id}.fits", "x.Y") for id in ids]
    return export(
        lambda writer: writer.dimension("visit", map(record_writer(visit), records)),
        lambda writer: writer.files("calexp", "run", texts),
        lambda writer: writer.tagged("t", ids),
        lambda writer: writer.calibrations("l", [(Timespan(None, None), ids)] * 2),
    )


def test_regular_records_are_recognised() -> None:
    text = regular()
    stream = bulk.BulkText(io.StringIO(text))
    left = "".join(iter(stream.read, ""))
    # What comes after the last item of a text is not known before it ends.
    assert [len(run) for run in stream.runs.values()] == [4, 4, 4, 4, 3]
    assert left.count("!uuid") == 1
    assert "region" not in left


@pytest.mark.parametrize("page", [40, 700, 1 << 20])
@pytest.mark.parametrize("run", [1, 50, 417, 1000, 1 << 19])
def test_pages_and_runs_end_anywhere(page: int, run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = regular(12)
    expected = read(text, fast=False)
    monkeypatch.setattr(bulk, "_PAGE", page)
    monkeypatch.setattr(bulk, "_LONGEST_ITEM", 900)
    monkeypatch.setattr(bulk, "_LONGEST_RUN", run)
    assert read(text, fast=True) == expected


EDITS = [
    "", "\n", "# a comment\n", "  # a comment\n", "    more\n", "  - x\n", "- type: run\n",
    "  - {}\n", "    path: again\n", "    formatter: null\n", "  run: other\n", "- *a\n",
    "  - &a x\n", "      detector: 0x10\n", "      detector: 010\n", "      detector: 1_0\n",
    "    path: yes\n", "    path: 12/3\n", "    path: 1:30\n", "    path: a b\n", "    path: 'a\n",
    "    path: \"a\n", "    azimuth: 1e3\n", "    azimuth: .5\n", "    azimuth: -0.0\n",
    "    name: 2014-01-01\n", "    name: 'it''s'\n", "    name: a#b\n", "    name: a: b\n",
    "    name: y\n", "    - !uuid 00000000-0000-0000-0000-000000000009\n", "\t\n", "...\n", "---\n",
    "    datetime_end: !butler_time/tai/iso '2014-13-01 00:00:00.000000000'\n",
    "      encoded: 70\n", "      encoded: '1234'\n", "  records:\n", "  dataset_ids:\n",
    "    name: |\n      text\n", "    name: >-\n      text\n\n      text\n",
]  # fmt: skip


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(EDITS), min_size=1, max_size=3))
@settings(max_examples=400)
def test_what_was_edited_is_read_as_by_libyaml_alone(
    choice: random.Random, edits: list[str]
) -> None:
    lines = REGULAR_LINES.copy()
    for edit in edits:
        place = choice.randrange(5, len(lines))
        lines[place : place + choice.randrange(3)] = [edit]
    text = "".join(lines)
    assert outcome(text, fast=True) == outcome(text, fast=False)


REGULAR_LINES = regular(2).splitlines(keepends=True)


def test_a_text_that_looks_like_records_is_no_records() -> None:
    lines = regular(1).splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "dataset_type: calexp" in line) - 1
    record = "".join(lines[start : start + 12])
    for quoted in (
        f'"x\n{record}"',
        f"|\n{record}",
        f"'x\n{record.replace(chr(39), chr(39) * 2)}'",
    ):
        text = f"version: 1.0.2\ndescription: {quoted}\ndata: []\n"
        if not quoted.startswith("|"):
            assert outcome(text, fast=False) == [], quoted
        assert outcome(text, fast=True) == outcome(text, fast=False)


def test_an_item_cannot_pass_for_a_run() -> None:
    text = "version: 1.0.2\ndata:\n- type: dimension\n  element: visit\n  records:\n  - !run-1 1\n"
    assert "could not determine a constructor" in outcome(text, fast=True)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize(
    ("replaced", "by", "line", "says"),
    [
        ("    data_id:\n", "    data_ib:\n", 54, "did you mean 'data_ib'"),
        ("'00000000-0000-0000-0000-000000000003'", "'three'", None, "badly formed"),
        ("- type: associations", "- type: association", None, "did you mean 'associations'"),
        ("  element: visit\n", "", 6, "'element'"),
        ("  run: run\n", "  run: [1]\n", None, "'run' is str"),
        ("    begin: null", "    begin: 3", None, "a bound of a timespan"),
        ("datetime_begin: !butler_time/tai/iso '", "datetime_begin: !butler_time/tai/iso 'x", None,
         "is not a time"),
        ("      encoded: ", "      encoded: zz", None, "region cannot be decoded"),
        ("collection_type: TAGGED", "collection_type: RUM", None, "'RUM'.*did you mean 'RUN'"),
    ],
)  # fmt: skip
def test_errors_name_the_line(
    replaced: str, by: str, line: int | None, says: str, fast: bool
) -> None:
    text = regular()
    assert replaced in text
    text = text.replace(replaced, by)
    with pytest.raises(ExportFileError, match=says) as raised:
        read(text, fast=fast)
    assert str(raised.value).startswith("it, line "), raised.value
    assert str(raised.value) == outcome(text, fast=not fast)


@pytest.mark.parametrize("fast", [False, True])
def test_syntax_errors_name_the_line(fast: bool) -> None:
    text = regular(50) + "- type: [\n"
    with pytest.raises(ExportFileError, match=f"line {text.count(chr(10)) + 1}: "):
        read(text, fast=fast)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", ExportFileError, "empty"),
        ("- 1\n", ExportFileError, "mapping"),
        ("a: 1\n", ExportFileError, "'version'"),
        ("version: one\ndata: []\n", ExportFileError, "1.0.2"),
        ("version: 2.0.0\ndata: []\n", IncompatibleVersionError, "2.0.0"),
        ("version: 1.1.0\ndata: []\n", IncompatibleVersionError, "1.1.0"),
        ("version: 1.0.2\nuniverse_version: x\ndata: []\n", ExportFileError, "universe_version"),
        ("version: 1.0.2\n a: [\n", ExportFileError, "line 2"),
        ("version: \x01\n", ExportFileError, "not YAML"),
    ],
)
def test_a_wrong_header_is_refused(text: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read_header(io.StringIO(text), "it")


def test_the_header_may_come_last() -> None:
    text = "data:\n- type: run\n  name: a\nuniverse_version: 3\nversion: 0\n"
    header = read_header(io.StringIO(text), "it")
    assert (header.version, header.universe_version) == ((1, 0, 0), 3)
    assert read(text, fast=True) == [ExportedCollection("a", CollectionType.RUN)]


def test_keys_may_come_in_any_order() -> None:
    text = (
        "version: 1.0.2\ndata:\n- records:\n  - name: I\n  element: instrument\n  type: dimension\n"
        "- validity_ranges:\n  - dataset_ids: [!uuid '00000000-0000-0000-0000-000000000001']\n"
        "    end: null\n    begin: null\n  collection: c\n  type: associations\n"
        "  collection_type: CALIBRATION\n"
    )
    expected = [("instrument", {"name": "I"}), ("c", f"{1:032x}", Timespan(None, None))]
    assert read(text, fast=True) == read(text, fast=False) == expected


def test_old_ids_and_times_are_read() -> None:
    text = (
        "version: 0\ndata:\n- type: dataset\n  dataset_type: bias\n  run: r\n  records:\n"
        "  - dataset_id: 7\n    data_id: {detector: 1}\n"
        "- type: dimension\n  element: visit\n  records:\n"
        "  - {datetime_begin: 2014-11-18 12:56:47.112000, datetime_end: 2014-11-18 12:56:48}\n"
    )
    (file, (_, record)) = read(text, fast=True)
    made = uuid.uuid3(uuid.UUID("4d4851f4-2890-4d41-8779-5f38a3f5062b"), "7")
    assert file[2].ids == (made.hex,)
    begin, end = record["timespan"].nsec
    assert math.isclose(end - begin, 888_000_000)
    assert begin % 10**9 == 112_000_000
    assert begin // 10**9 == 1416315407 + 35  # TAI was 35 s ahead of UTC then
