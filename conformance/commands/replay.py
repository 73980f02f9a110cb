"""``butler-conformance replay``: try one case again, and say all that is seen."""

from __future__ import annotations

import difflib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.commands import ci_hsc, options
from conformance.console import NothingJudgedError, reason

if TYPE_CHECKING:
    from conformance.suite import Suite


@click.command("replay")
@click.argument("case")
@options.butler("The Butler to judge")
@options.others()
@options.suite("cases")
@options.repository(" if a case reads it")
@options.profile()
@options.seed()
@click.option(
    "--fault",
    default="",
    metavar="NAME",
    help="Put this fault in front of the Butler, as run does.",
)
@options.deviations()
@click.option(
    "--script",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the script that shows the failure, without the suite, to this file.",
)
@click.pass_context
def command(
    context: click.Context,
    case: str,
    butler: str,
    others: tuple[str, ...],
    folders: tuple[Path, ...],
    repo: Path | None,
    profile: str,
    seed: int,
    fault: str,
    deviations: tuple[Path, ...],
    script: Path | None,
) -> None:
    """Try CASE alone: its id, that of a requirement, or a pattern such as 'COL-*'.

    Exit status: 0 where all that were tried passed, or deviate as is known; 1 where one failed,
    2 where none could be judged.
    """
    from conformance.replaying import lines, status
    from conformance.workplace import Workplace

    with ExitStack() as stack:
        suite = _suite(butler, others, folders, fault, deviations)
        ids = chosen(suite, case)
        suite.place = Workplace(
            find_ci_hsc=lambda: ci_hsc.found_with_progress(stack, repo),
            scratch=ci_hsc.scratch_folder(stack),
            profile=profile,
            seed=seed,
        )
        outcomes = [suite.outcome(one) for one in ids]
        for outcome in outcomes:
            for line in lines(suite, outcome):
                click.echo(line)
        repros = [outcome.repro for outcome in outcomes if outcome.repro]
        if script is not None and repros:
            _write(script, repros[0])
    context.exit(status(outcomes))


def chosen(suite: Suite, name: str) -> list[str]:
    """Return the ids of the judged cases that a name, a requirement or a pattern stands for.

    Raises
    ------
    NothingJudgedError
        Raised where there are none; with the nearest name.
    """
    if name in suite.cases:
        return [name]
    from conformance.case import is_meant

    judged = [case for case in suite.cases.values() if case.judged]
    found = [case.id for case in judged if is_meant(case.id, name)]
    if found:
        return found
    known = [*(case.id for case in judged), *dict.fromkeys(case.requirement for case in judged)]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "; `butler-conformance lint` counts them."
    raise NothingJudgedError(f"no case has the id, or belongs to the requirement, {name!r}{hint}")


def _suite(
    butler: str,
    others: tuple[str, ...],
    folders: tuple[Path, ...],
    fault: str,
    deviations: tuple[Path, ...],
) -> Suite:
    from conformance.deviations.reading import check_given
    from conformance.faulty import judged
    from conformance.faulty.catalogue import FaultError
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load
    from conformance.suite import Suite

    try:
        implementation = judged(butler, fault, folders)
        check_given(deviations, [implementation.name])
        beside = [load(other) for other in others]
        return Suite(implementation, folders, deviations=deviations, others=beside)
    except (ImplementationError, FaultError, ValueError) as error:
        raise NothingJudgedError(str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {reason(error)}.") from error
    click.echo(f"script: {path}")
