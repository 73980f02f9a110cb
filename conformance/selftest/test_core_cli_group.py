"""What all commands of ``butler-core`` have in common: how they are found, and how they end."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from butler_core import Butler
from butler_core.cli import main
from butler_core.cli.splitting import split_commas
from butler_core.cli.tables import table_lines

from .command_line import CORE, command
from .core_world import RUN_A, RUN_B, World


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Leave the log as it was found."""
    logger = logging.getLogger("butler_core")
    before, level = list(logger.handlers), logger.level
    yield
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def test_every_command_is_listed_has_help_and_the_options_of_all() -> None:
    listed = run("--help").stdout.partition("Commands:")[2].split()
    assert {"create", "query-datasets", "import", "summary", "remove-runs"} <= set(listed)
    context = click.Context(main)
    for name in main.list_commands(context):
        found = main.get_command(context, name)
        assert found is not None
        assert found.name == name
        assert found.help, name
        assert "..." not in found.get_short_help_str(limit=45), name
        options = {spelling for parameter in found.params for spelling in parameter.opts}
        assert "--options-file" in options, name
        assert run(name, "--help").exit_code == 0
        if name.startswith("query-") or name == "summary":
            assert "--format" in options, name


def test_help_loads_no_butler_and_a_query_nothing_heavy(world: World) -> None:
    report = "import sys; print([name for name in {names} if name in sys.modules])"
    for arguments, names in (
        ("['--help']", ["sqlalchemy", "yaml", "astropy", "numpy"]),
        (f"['query-datasets', {str(world.root)!r}]", ["astropy", "numpy", "lsst.sphgeom"]),
    ):
        code = f"from butler_core.cli import main; main({arguments}, standalone_mode=False)\n"
        done = subprocess.run(
            [sys.executable, "-c", code + report.format(names=names)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("query-dataset", "repo"), "did you mean 'query-datasets'?"),
        (("sumary",), "did you mean 'summary'?"),
        (("query-datasets", "repo", "--colections", "x"), "--collections"),
        (("--log-levle", "INFO", "summary"), "--log-level"),
    ],
)
def test_a_wrong_word_is_told_with_what_was_meant(arguments: tuple[str, ...], meant: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert meant in result.stderr


def test_an_unforeseen_error_is_one_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("twice\ntold")

    monkeypatch.setattr(Butler, "query_datasets", fail)
    result = run("query-datasets", world.root, "stats")
    assert result.exit_code == 1
    assert result.stderr == "Error: ZeroDivisionError: twice told\n"
    told = run("--log-level", "debug", "query-datasets", world.root, "stats")
    assert "Traceback" in told.stderr


def test_a_condition_that_is_wrong_is_one_line(world: World) -> None:
    result = run(
        "query-datasets", world.root, "stats", "--where", "instrument = 'HSC' AND visi > 1"
    )
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "did you mean 'visit'?" in result.stderr
    assert not result.stderr.rstrip().endswith("^")


def test_the_limit_warns_of_more(world: World) -> None:
    arguments = ("query-datasets", world.root, "stats", "--collections", RUN_A)
    more = run(*arguments, "--limit", "-3")
    assert more.stdout.count("stats HSC") == 3
    assert "more datasets than the limit of 3" in more.stderr
    assert run(*arguments, "--limit", "-9").stderr == run(*arguments, "--limit", "3").stderr == ""
    assert run(*arguments, "--limit", "0").stdout.count("stats HSC") == 9
    with_records = run("query-dimension-records", world.root, "visit", "--limit", "-2")
    assert with_records.stdout.count("elided") == 2
    assert "limit of 2" in with_records.stderr


def test_the_log_goes_where_the_options_say(world: World, tmp_path: Path) -> None:
    query = ("query-datasets", str(world.root), "stats", "--limit", "-3")
    files = (tmp_path / "log.json", tmp_path / "log.txt")
    labels = ("--log-label", "night=1,site=hilo")
    where = ("--log-file", f"{files[0]},{files[1]}", "--no-log-tty", *labels)
    assert run(*where, *query).stderr == ""
    entry = json.loads(files[0].read_text())
    assert entry["levelname"] == "WARNING"
    assert entry["MDC"] == {"night": "1", "site": "hilo"}
    assert "night=1, site=hilo" in files[1].read_text()
    assert run("--long-log", *query).stderr.startswith("WARNING 20")
    assert run("--log-level", "ERROR", *query).stderr == ""
    assert run("--log-level", "butler_core=LOUD", *query).exit_code == 2
    assert run("--log-label", "night", *query).exit_code == 2


def test_an_options_file_gives_what_is_not_typed(world: World, tmp_path: Path) -> None:
    file = tmp_path / "options.yaml"
    file.write_text(f"query-datasets:\n  collections: {RUN_B}\n  limit: 1\n")
    arguments = ("query-datasets", world.root, "stats", "-@", file)
    assert run(*arguments).stdout.count(RUN_B) == 1
    assert run(*arguments, "--limit", "0").stdout.count(RUN_B) == 2
    assert run(*arguments, "--limit", "0", "--collections", RUN_A).stdout.count(RUN_A) == 9
    for text, fragment in (
        ("query-datasets: {colections: x}", "did you mean 'collections'?"),
        ("query-dataset: {collections: x}", "did you mean 'query-dataset'?"),
        ("[", "line 2"),
    ):
        file.write_text(text)
        refused = run(*arguments)
        assert refused.exit_code == 2
        assert fragment in refused.stderr
    file.unlink()
    assert "No such file" in run(*arguments).stderr


def test_a_closed_pipe_and_a_full_disk_are_no_tracebacks(world: World) -> None:
    query = ("query-datasets", str(world.root))
    reader, writer = os.pipe()
    os.close(reader)
    closed = command(*query, folder=world.root, program=CORE, stdout=writer)
    os.close(writer)
    assert (closed.returncode, closed.stderr) == (1, "")
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            done = command(*query, folder=world.root, program=CORE, stdout=full.fileno())
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("Error: the output cannot be written: No space left")


@pytest.mark.parametrize("place", ["query_datasets", "pruneDatasets"])
def test_an_interrupt_is_one_word(
    world: World, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Butler, place, interrupt)
    with world.unchanged():
        result = run("prune-datasets", world.root, "--purge", RUN_A, "--no-confirm")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.split() == ["Aborted!"]


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        (["a,b", "c"], ("a", "b", "c")),
        (["a[b,c]d,e"], ("a[b,c]d", "e")),
        (["a,,b,"], ("a", "b")),
        ("a,b", ("a", "b")),
        (None, ()),
    ],
)
def test_values_are_split_at_commas_outside_of_brackets(
    given: list[str] | str | None, parts: tuple[str, ...]
) -> None:
    option = click.Option(["--x"])
    assert split_commas(click.Context(main), option, given) == parts


def test_a_table_is_as_wide_as_what_it_has() -> None:
    rows = [(1, "one"), (22, "a\tb\nc")]
    assert list(table_lines(("n", "name"), rows)) == [
        " n    name ",
        "--- -------",
        "  1     one",
        " 22 a\\tb\\nc",
    ]
    assert list(table_lines(("n", "name"), rows, align="<"))[2] == "1   one    "
    assert list(table_lines(("n", "name"), rows, align="><"))[2] == "  1 one    "
    assert list(table_lines(("n", "name"), [])) == [" n  name", "--- ----"]
