"""What a run says while it works, and what it prints at its end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from conformance.events import CaseStarted, Event, RunStarted
from conformance.progress import ProgressLine, RunProgress, show_results
from conformance.report.model import collect
from conformance.selftest.event_streams import HOSTILE, stream


class Full(io.StringIO):
    """An output without room."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def console(width: int = 80, *, terminal: bool = False) -> Console:
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system=None,
        _environ={"TERM": "xterm"},
    )


def printed(where: Console) -> str:
    assert isinstance(where.file, io.StringIO)
    return where.file.getvalue()


def test_without_a_terminal_each_kind_of_work_is_a_line() -> None:
    where = console(20)
    with ProgressLine(where) as line:
        for number, label in enumerate(
            ["making ci_hsc", "dimension records", "calexp: 1 2", "src: 1 2", "calexp: 1 3"]
        ):
            line.show(label, number, 5)
    assert printed(where).splitlines() == ["making ci_hsc", "dimension records", "calexp", "src"]


def test_on_a_terminal_the_piece_of_the_work_is_shown_and_taken_away() -> None:
    where = console(120, terminal=True)
    with ProgressLine(where) as line:
        line.show("calexp: 903334 [bold]16", 3, 5)
        line._progress.refresh()
    assert "calexp: 903334 [bold]16" in printed(where)
    assert "3/5" in printed(where)
    assert not printed(where).rstrip().endswith("3/5")


def test_a_terminal_that_cannot_move_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    where = Console(file=io.StringIO(), width=80, force_terminal=True)
    with ProgressLine(where) as line:
        line.show("calexp: 1 2", 0, 5)
    assert printed(where) == "calexp\n"


def test_progress_that_cannot_be_written_does_not_end_the_work() -> None:
    with ProgressLine(Console(file=Full())) as line:
        line.show("calexp: 1 2", 0, 5)
        line.show("src: 1 2", 0, 5)


def test_a_run_names_the_butler_and_then_the_report() -> None:
    where = console()
    with ProgressLine(where) as line:
        listener = RunProgress(line)
        *begun, finished = stream()
        for event in (*begun, CaseStarted("NB-14.w_2020_03"), finished):
            listener.pytest_conformance_event(event)
    lines = printed(where).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("judging <script>alert('x')</script> | `tick` \\x1b[31m")
    assert lines[1] == "writing the report"


@pytest.mark.parametrize("width", [1, 20, 80, 300])
def test_results_are_not_cut_by_narrow_terminals_nor_read_as_markup(width: int) -> None:
    where = console(width)
    show_results(where, collect(stream()), Path("a folder") / "index.html")
    shown = "<script>alert('x')</script> | `tick` \\x1b[31m & \"quoted\""
    assert printed(where).splitlines() == [
        f"{shown} 1.0 on sqlite",
        "notebook, January 2020   1/6 (1 failed, 1 error, 1 unsupported, 1 blocked, 1 not run)",
        "set-up                   1/1",
        "requirements             1/5 (11 without a case, 1 not run)",
        f"NB-06.w_2020_03 failed {shown}",
        f"NB-11.w_2020_03 error {shown}",
        "to try one again: butler-conformance replay NB-06.w_2020_03 --butler butler_core",
        "report: a folder/index.html",
    ]


def test_a_name_that_looks_like_markup() -> None:
    def renamed(event: Event) -> Event:
        if not isinstance(event, RunStarted):
            return event
        return RunStarted(
            **{name: getattr(event, name) for name in RunStarted.__slots__}
            | {"implementation": "[/bold] [red]x", "dialects": ()}
        )

    where = console()
    show_results(where, collect(map(renamed, stream())), Path("index.html"))
    assert "[/bold] [red]x 1.0 on sqlite\n" in printed(where)
    assert "notebook, January 2020   not offered by [/bold] [red]x\n" in printed(where)
    assert HOSTILE not in printed(where)
