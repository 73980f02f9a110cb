"""``butler-conformance gate``: whether a verdict became worse since an earlier report."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.console import NothingJudgedError


@click.command("gate")
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    required=True,
    metavar="OLD",
    help="The report.json of an earlier run, such as that of the main branch.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown, for a comment on a pull request.")
@click.pass_context
def command(context: click.Context, report: Path, against: Path, markdown: bool) -> None:
    """Print the verdicts of REPORT (a report.json) that are not those of an earlier one.

    A regression is a case that passed and no longer does, or is gone; and a case that fails
    now and was not known to: it is new, or was unsupported or not run. What failed before and
    still does is none. A case freed by a repair, from blocked to failed, is none either.

    Exit status: 0 without a regression, 1 with one, 2 where nothing can be said: a report
    cannot be read, has another format, judges other Butlers or with another fault, or its run
    was broken off.
    """
    from conformance.report import gate

    try:
        found = gate.changes(gate.load(report), gate.load(against))
    except gate.InconclusiveError as error:
        raise NothingJudgedError(str(error)) from error
    for line in (gate.as_markdown if markdown else gate.as_lines)(found):
        click.echo(line)
    context.exit(int(any(change.kind is gate.Kind.REGRESSION for change in found)))
