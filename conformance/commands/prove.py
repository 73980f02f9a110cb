"""``butler-conformance prove``: show that the suite can fail."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.commands import ci_hsc, options
from conformance.console import NothingJudgedError, one_line, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.faults import Fault
    from conformance.progress import ProgressLine
    from conformance.proving import Proof, Trial
    from conformance.proving.trials import Setting


@click.command("prove")
@options.butler("The Butler that is made faulty")
@click.option(
    "--fault", "names", multiple=True, metavar="NAME", help="A fault; all of them unless given."
)
@options.suite("cases and faults")
@click.option(
    "--only",
    multiple=True,
    metavar="CASE",
    help="Try these alone while a fault is written: the id of a case, of a requirement, or a "
    "pattern such as 'COL-*'.",
)
@click.option(
    "--declared",
    is_flag=True,
    help="Try only the cases that one of the faults declares: quicker by far, and nothing is said "
    "of the others.",
)
@options.repository("")
@click.option(
    "--json",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the table to this file, for a report.",
)
@options.profile("dev")
@options.seed()
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many processes there are at once.",
)
@click.pass_context
def command(
    context: click.Context,
    butler: str,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    only: tuple[str, ...],
    declared: bool,
    repo: Path | None,
    path: Path | None,
    profile: str,
    seed: int,
    processes: int,
) -> None:
    """Try the suite with each fault, and hold the red cases against those it declares.

    With a fault only those cases are tried that make a call which it changes: to the others it is
    not there.

    Exit status: 0 where each fault turned exactly its cases red, 1 where one did not, 2 where
    nothing could be proven.
    """
    from conformance.progress import ProgressLine, terminal
    from conformance.proving.table import show

    faults = _faults(butler, names, folders)
    with ExitStack() as stack:
        line = stack.enter_context(ProgressLine(terminal(stderr=True)))
        setting = _setting(stack, line, butler, folders, repo)
        setting = replace(setting, only=only, profile=profile, seed=seed)
        proof = _proof(setting, faults, processes, line, declared=declared)
    show(terminal(), proof)
    if path is not None:
        _write(path, proof)
    context.exit(proof.exit_status)


def _faults(butler: str, names: Sequence[str], folders: Sequence[Path]) -> list[Fault]:
    """Return the faults that are asked for; all that can be tried early is tried here."""
    from conformance.faulty.catalogue import FaultError, faults, named
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load

    try:
        load(butler)
        if not names:
            return list(faults(folders).values())
        return [named(name, folders) for name in dict.fromkeys(names)]
    except (ImplementationError, FaultError) as error:
        raise NothingJudgedError(str(error)) from error


def _setting(
    stack: ExitStack,
    line: ProgressLine,
    butler: str,
    folders: tuple[Path, ...],
    repo: Path | None,
) -> Setting:
    from conformance.proving.trials import Setting

    repository = ci_hsc.found(stack, repo, line).folder
    scratch = ci_hsc.scratch_folder(stack)
    folders = tuple(one.absolute() for one in folders)
    return Setting(butler=butler, folders=folders, repository=repository, scratch=scratch)


def _proof(
    setting: Setting,
    faults: Sequence[Fault],
    processes: int,
    line: ProgressLine,
    *,
    declared: bool,
) -> Proof:
    from conformance.implementations.loading import load
    from conformance.proving import Proof, held, untouched
    from conformance.proving.processes import TrialError
    from conformance.proving.trials import chosen, suite_of, trials
    from conformance.verdict import Verdict

    cases = suite_of(setting).cases
    wanted = chosen(cases, setting.only)
    if not wanted:
        raise NothingJudgedError(f"--only {' '.join(setting.only)} names no case.")
    if declared:
        wanted = [one for one in wanted if any(fault.declares(cases[one]) for fault in faults)]
    if not wanted:
        raise NothingJudgedError("no fault declares one of the cases that are asked for.")
    done: dict[str, Trial] = {}
    total = len(faults) + 1
    line.show("trying the suite without a fault, and with each", 0, total)
    try:
        for trial in trials(setting, [cases[case] for case in wanted], faults, processes):
            if not trial.fault:
                _require_green(setting.butler, trial)
            done[trial.fault] = trial
            line.show(f"trying faults: {trial.fault or 'none'}", len(done), total)
    except TrialError as error:
        raise NothingJudgedError(f"{error}.") from error
    plain = done[""]
    proofs = tuple(held(fault, cases, plain, done[fault.name]) for fault in faults)
    requirements, alone = untouched(cases, plain, proofs)
    implementation = load(setting.butler)
    return Proof(
        implementation=implementation.name,
        version=implementation.version,
        profile=setting.profile,
        seed=setting.seed,
        cases=len(plain.with_verdict(Verdict.PASSED)),
        left_out=len(cases) - len(wanted),
        requirements=requirements,
        untouched=alone,
        faults=proofs,
    )


def _require_green(butler: str, plain: Trial) -> None:
    """Refuse to prove anything where cases are red without a fault, or none passes."""
    from conformance.proving import RED
    from conformance.verdict import Verdict

    red = plain.with_verdict(*RED, Verdict.BLOCKED)
    if red:
        more = f" and {len(red) - 1} more are" if len(red) > 1 else " is"
        message = one_line(plain.seen[red[0]].message)
        raise NothingJudgedError(
            f"{red[0]}{more} red on {butler} without any fault, so nothing can be proven: "
            f"{message}. See `butler-conformance run --butler {butler}`."
        )
    if not plain.with_verdict(Verdict.PASSED):
        raise NothingJudgedError(f"no case passes on {butler}, so nothing can be proven.")


def _write(path: Path, proof: Proof) -> None:
    from conformance.proving.as_json import as_json

    try:
        text = json.dumps(as_json(proof), indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {reason(error)}.") from error
    click.echo(f"table: {path}")
