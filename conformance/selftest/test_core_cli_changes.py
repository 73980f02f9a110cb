"""The commands of ``butler-core`` that change a repository."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from butler_core import Butler, CollectionType
from butler_core.cli import main

from .core_world import CALIB, CHAIN, LATISS_RUN, RUN_A, RUN_B, TAGGED, World


def run(*arguments: str | Path, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=answer)


def done(*arguments: str | Path, answer: str | None = None) -> str:
    result = run(*arguments, answer=answer)
    assert result.exit_code == 0, result.output
    return result.stdout


def stored(world: World, *, runs: tuple[str, ...] = (RUN_A,)) -> list[str]:
    """Give the visits of some runs files, and return their paths below the root."""
    before = set(world.root.rglob("*"))
    for name in runs:
        with Butler(world.root, run=name) as butler:
            for visit in (903334, 903342):
                butler.put({"visit": visit}, "summary", instrument="HSC", visit=visit)
    return [str(path) for path in set(world.root.rglob("*")) - before if path.is_file()]


def names(world: World) -> list[str]:
    with Butler(world.root) as butler:
        return butler.collections.query("*")


def found(world: World, dataset_type: str, collection: str) -> list[Any]:
    with Butler(world.root) as butler:
        return butler.query_datasets(dataset_type, collection, explain=False)


def test_register_dataset_type(world: World) -> None:
    arguments = ("register-dataset-type", world.root, "flat", "StructuredDataDict")
    assert done(*arguments, "detector,band", "--is-calibration").startswith("Registered")
    with Butler(world.root) as butler:
        flat = butler.get_dataset_type("flat")
    assert set(flat.dimensions.required) == {"instrument", "detector", "band"}
    assert flat.isCalibration()
    assert "already" in done(*arguments, "detector", "band", "--is-calibration")
    refused = run(*arguments, "detector")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "detector" in refused.stderr


def test_a_chain_is_made_and_changed(world: World) -> None:
    def chain(*arguments: str) -> str:
        return done("collection-chain", world.root, *arguments).strip()

    assert chain("new", RUN_A, "--doc", "what we use") == f"[{RUN_A}]"
    assert chain("new", f"{TAGGED},{LATISS_RUN}", "--mode", "extend") == (
        f"[{RUN_A}, {TAGGED}, {LATISS_RUN}]"
    )
    assert chain("new", CHAIN, "--mode", "prepend", "--flatten").startswith(f"[{RUN_B}, {RUN_A}, ")
    assert chain("new", RUN_A, "--mode", "remove") == f"[{RUN_B}, {TAGGED}, {LATISS_RUN}]"
    assert chain("--mode", "pop", "new") == f"[{TAGGED}, {LATISS_RUN}]"
    assert chain("--mode", "pop", "new", "--", "-1") == f"[{TAGGED}]"
    with Butler(world.root) as butler:
        assert butler.collections.get_info("new").doc == "what we use"


@pytest.mark.parametrize(
    ("arguments", "status", "fragment"),
    [
        (("new", "HSC/run/a"), 1, f"did you mean {RUN_A!r}?"),
        (("new",), 2, "CHILDREN"),
        (("new", RUN_A, "--mode", "remove"), 1, "'new'"),
        ((CHAIN, "2", "--mode", "pop"), 1, "place 2"),
        ((CHAIN, "x", "--mode", "pop"), 2, "'x'"),
        ((CHAIN, RUN_A, "--mode", "remove", "--flatten"), 2, "--flatten"),
        ((CHAIN, CHAIN), 1, "hold itself"),
    ],
)
def test_a_chain_that_cannot_be_is_refused_and_nothing_made(
    world: World, arguments: tuple[str, ...], status: int, fragment: str
) -> None:
    with world.unchanged():
        result = run("collection-chain", world.root, *arguments)
    assert result.exit_code == status
    assert fragment in result.stderr


def test_associate(world: World) -> None:
    chosen = ("-d", "stats", "--collections", f"{RUN_B},{RUN_A}", "--find-first")
    done("associate", world.root, "best", *chosen)
    refs = found(world, "stats", "best")
    assert len(refs) == 9
    assert sum(ref.run == RUN_B for ref in refs) == 2
    done("associate", world.root, "few", "-d", "stats", "--collections", RUN_A, "--limit", "2")
    assert len(found(world, "stats", "few")) == 2


def test_associate_is_all_or_nothing(world: World) -> None:
    with world.unchanged():
        result = run("associate", world.root, "new", "-d", "stats,bias", "--collections", CHAIN)
    assert result.exit_code == 1
    assert "Error: " in result.stderr


def test_certify_calibrations(world: World) -> None:
    arguments = ("certify-calibrations", world.root, CHAIN, "new/calib", "bias")
    done(*arguments, "--begin-date", "2014-01-01", "--end-date", "2015-01-01T12:00:00")
    with Butler(world.root) as butler:
        assert butler.collections.get_info("new/calib").type is CollectionType.CALIBRATION
    (ref,) = found(world, "bias", "new/calib")
    assert ref.run == RUN_B  # the first child of the chain alone
    table = world.rows("SELECT calibration_association_table FROM dataset_type WHERE name = 'bias'")
    rows = world.rows(f"SELECT timespan_begin, timespan_end FROM {table[0][0]}")
    assert rows == [(1388534400 * 10**9, 1420113600 * 10**9)]
    with world.unchanged():
        again = run(*arguments, "--begin-date", "2014-05-01")
        nonsense = run(*arguments, "--begin-date", "May")
    assert (again.exit_code, nonsense.exit_code) == (1, 2)
    assert "new/calib" in again.stderr
    assert "'May'" in nonsense.stderr


def test_certify_calibrations_of_all_children_of_a_chain(world: World) -> None:
    done("collection-chain", world.root, "outer", LATISS_RUN, RUN_A)
    arguments = ("certify-calibrations", world.root, "outer", "calib", "bias")
    with world.unchanged():
        lacking = run(*arguments)
    assert lacking.exit_code == 1
    assert LATISS_RUN in lacking.stderr
    done(*arguments, "--search-all-inputs")
    assert [ref.run for ref in found(world, "bias", "calib")] == [RUN_A]


def test_a_locked_database_is_told_of_after_the_time_that_was_said(world: World) -> None:
    connection = sqlite3.connect(world.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    result = run("--timeout", "0.1", "remove-runs", world.root, RUN_A, "--no-confirm")
    connection.close()
    assert result.exit_code == 1
    assert f"{world.database} was locked for 0.1 s" in result.output
    assert "butler-core --timeout" in result.output
    assert RUN_A in names(world)


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
@pytest.mark.parametrize(
    "arguments",
    [
        ("remove-runs", LATISS_RUN),
        ("remove-collections", TAGGED),
        ("prune-datasets", "--purge", LATISS_RUN),
    ],
)
def test_nothing_goes_without_a_yes(world: World, arguments: tuple[str, ...], answer: str) -> None:
    command, *rest = arguments
    with world.unchanged():
        result = run(command, world.root, *rest, answer=answer)
    assert result.exit_code == (0 if answer else 1)  # an end of input is an abort
    assert "Continue? [y/N]" in result.stdout


def test_remove_runs_says_what_goes_and_removes_it(world: World) -> None:
    files = stored(world)
    said = done("remove-runs", world.root, RUN_A, answer="y\n")
    assert f"{RUN_A}, will be taken out of '{CHAIN}'" in said
    assert "12 in all" in said
    assert "bias(1), stats(9), summary(2)" in said
    assert RUN_A not in names(world)
    assert not any(Path(path).exists() for path in files)


def test_remove_runs_of_a_chain_needs_force_or_an_answer(world: World) -> None:
    with world.unchanged():
        refused = run("remove-runs", world.root, "HSC/*", "--no-confirm")
    assert refused.exit_code == 1
    assert CHAIN in refused.stderr
    assert "--force" in refused.stderr
    done("remove-runs", world.root, "HSC/*", "--no-confirm", "--force")
    assert not {RUN_A, RUN_B} & set(names(world))
    with world.unchanged():
        assert "No run" in done("remove-runs", world.root, "HSC/*", "--no-confirm")
        missing = run("remove-runs", world.root, "LATISS/run/a", "--no-confirm")
    assert missing.exit_code == 1
    assert f"did you mean {LATISS_RUN!r}?" in missing.stderr


def test_remove_collections_but_no_runs(world: World) -> None:
    said = done("remove-collections", world.root, "HSC/*", answer="y\n")
    rows = [line.split() for line in said.splitlines()]
    assert [CALIB, "CALIBRATION"] in rows
    assert [CHAIN, "CHAINED"] in rows
    assert rows.index([RUN_A]) > rows.index([TAGGED, "TAGGED"])
    assert set(names(world)) == {RUN_A, RUN_B, LATISS_RUN}
    with world.unchanged():
        assert "No collection but runs" in done("remove-collections", world.root, "*")


def test_remove_collections_in_a_chain_needs_an_option(world: World) -> None:
    done("collection-chain", world.root, "outer", f"{TAGGED},{CHAIN}")
    with world.unchanged():
        refused = run("remove-collections", world.root, TAGGED, "--no-confirm")
    assert refused.exit_code == 1
    assert "'outer'" in refused.stderr
    assert "--remove-from-parents" in refused.stderr
    said = done("remove-collections", world.root, TAGGED, "--no-confirm", "--remove-from-parents")
    assert [TAGGED, "outer"] in [line.split() for line in said.splitlines()]
    assert TAGGED not in names(world)
    done("remove-collections", world.root, "[oH]*", "--no-confirm")  # a chain and its child
    assert set(names(world)) == {RUN_A, RUN_B, LATISS_RUN}


def test_prune_datasets_purges(world: World) -> None:
    files = stored(world, runs=(RUN_A, RUN_B))
    arguments = ("prune-datasets", world.root, "--purge", RUN_A, "--datasets", "summary")
    with world.unchanged():
        assert "would be removed" in done(*arguments, "--dry-run")
    said = done(*arguments, "--no-confirm")
    assert "were removed" in said
    assert len([line for line in said.splitlines() if line.startswith("summary")]) == 2
    assert found(world, "summary", RUN_A) == []
    assert sum(Path(path).exists() for path in files) == 2
    done("prune-datasets", world.root, CHAIN, "--purge", RUN_B, "--quiet", "--datasets", "stats")
    assert [ref.run for ref in found(world, "stats", CHAIN)] == [RUN_A] * 2  # under the two of b
    everything = ("prune-datasets", world.root, "HSC/*", "--purge", RUN_B, "--find-all")
    assert done(*everything, "--quiet") == ""
    assert found(world, "bias", "*") == found(world, "summary", "*") == []


def test_prune_datasets_takes_out_and_unstores(world: World) -> None:
    files = stored(world)
    done("associate", world.root, TAGGED, "-d", "summary", "--collections", RUN_A)
    said = done(
        "prune-datasets", world.root, "--disassociate", TAGGED, "--datasets", "summary",
        "--unstore", answer="y\n",
    )  # fmt: skip
    assert f"taken out of {TAGGED} and will be left without their files" in said
    assert found(world, "summary", TAGGED) == []
    assert len(found(world, "summary", RUN_A)) == 2
    assert not any(Path(path).exists() for path in files)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        ((RUN_A,), "--purge, --unstore or --disassociate"),
        ((RUN_A, "--purge", RUN_A, "--disassociate", TAGGED), "without --disassociate"),
        (("--unstore",), "COLLECTIONS"),
        (("HSC/*", "--unstore"), "--find-all"),
        (("--purge", TAGGED), f"{TAGGED!r} is TAGGED"),
        (("--purge", RUN_A, "--quiet", "--dry-run"), "--quiet"),
        (("--purge", "HSC/runs/c"), "did you mean"),
        ((RUN_A, "--unstore", "--datasets", "statz"), "did you mean 'stats'?"),
        ((RUN_A, "--unstore", "--datasets", "notes"), "'notes'"),
    ],
)
def test_prune_datasets_that_is_not_clear_is_refused(
    world: World, arguments: tuple[str, ...], fragment: str
) -> None:
    with world.unchanged():
        result = run("prune-datasets", world.root, *arguments, "--no-confirm")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert fragment in result.stderr
