"""``butler-conformance lint``: whether requirements and cases are whole, and in one style."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.console import NothingJudgedError


@click.command("lint")
@click.option(
    "--suite",
    "suites",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of your own with requirements and cases beside the suite's.",
)
@click.pass_context
def command(context: click.Context, suites: tuple[Path, ...]) -> None:
    """Look through the requirements and the titles of cases.

    Each requirement has a case and each case a requirement; each source has a place; each known
    deviation matches a case; sentences and titles are in one style, and none stands twice. All
    that is to be mended is printed at once, with file and line.

    Exit status: 0 with nothing to mend, 1 with something, 2 where a folder is none of a suite.
    """
    from conformance.lint import lint

    folders = [Path.cwd() / suite for suite in suites]
    missing = [suite for suite in suites if not suite.is_dir()]
    if missing:
        raise NothingJudgedError(f"--suite {missing[0]}: there is no such folder.")
    linted = lint(folders)
    for finding in linted.findings:
        click.echo(str(finding))
    cases = "cases not listed" if linted.cases is None else f"{linted.cases} cases"
    many = len(linted.findings)
    click.echo(f"{linted.requirements} requirements, {cases}: {_things(many)} to mend")
    context.exit(int(many > 0))


def _things(many: int) -> str:
    return {0: "nothing", 1: "1 thing"}.get(many, f"{many} things")
