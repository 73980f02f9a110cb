"""``butler-conformance run``: judge Butlers, and write the report."""

from __future__ import annotations

import os
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.commands import ci_hsc, options
from conformance.console import NothingJudgedError, reason

NO_CASE = 5  # pytest's exit status where no test is left

if TYPE_CHECKING:
    from conformance.progress import RunProgress
    from conformance.report import ReportWriter


@click.command("run")
@click.option(
    "--butler",
    "butlers",
    multiple=True,
    default=("butler_core",),
    show_default=True,
    metavar="NAME",
    help="A Butler to judge: an installed name, or package.module:factory. Given several times, "
    "the report sets them side by side, and in interop cases they share repositories.",
)
@click.option(
    "--registry",
    type=click.Choice(["sqlite"]),
    default="sqlite",
    show_default=True,
    help="The database of the repository.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder for the reports.",
)
@options.repository(" for the run")
@click.option(
    "--suite",
    "suites",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of your own with requirements, repositories and cases beside the suite's.",
)
@options.profile()
@options.seed()
@click.option(
    "--only",
    multiple=True,
    metavar="CASE",
    help="Try these alone: the id of a case, of a requirement, or a pattern such as 'COL-*'. "
    "The others count as not run. May be given several times.",
)
@click.option(
    "--fault",
    default="",
    metavar="NAME",
    help="Put a fault in front of the Butler, to see which cases turn red.",
)
@options.deviations()
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many processes try the cases of a Butler side by side. More than one needs "
    "pytest-xdist.",
)
@click.pass_context
def command(
    context: click.Context,
    butlers: tuple[str, ...],
    registry: str,
    report: Path,
    repo: Path | None,
    suites: tuple[Path, ...],
    profile: str,
    seed: int,
    only: tuple[str, ...],
    fault: str,
    deviations: tuple[Path, ...],
    jobs: int,
) -> None:
    """Run the suite on one or several Butlers, and write the report.

    Exit status: 0 where all judged cases passed, or deviate as is known; 1 where something failed,
    or does not deviate any more; 2 where nothing could be judged; 130 where Ctrl-C broke it off.
    """
    from conformance.progress import ProgressLine, RunProgress, show_results, terminal
    from conformance.report import ReportWriter

    here = _absolute(Path())
    folder, repository = here / report, here / repo if repo is not None else None
    folders = [here / suite for suite in suites]
    _check_fault(fault, folders)
    processes = _processes(jobs)
    subfolders = _prepare(butlers, folder, repository)
    os.chdir(here)  # which the factory of a Butler may have left
    _check_suites(folders)
    known = [here / file for file in deviations]
    _check_deviations(butlers, folders, known)
    with ExitStack() as stack:
        line = stack.enter_context(ProgressLine(terminal(stderr=True)))
        if repository is None:
            repository = ci_hsc.made(stack, line)
        writer, listener = ReportWriter(folder), RunProgress(line)
        options = ["--butler-registry", registry, "--butler-repo", str(repository)]
        options += ["--butler-report", str(folder), *_suite(folders)]
        options += ["--butler-profile", profile, "--butler-seed", str(seed)]
        options += [f"--butler-deviations={file}" for file in known]
        options += processes
        options += [f"--butler-only={case}" for case in only]
        options += [f"--butler-fault={fault}"] if fault else []
        for butler, subfolder in zip(butlers, subfolders, strict=True):
            own = ["--butler", butler, "--butler-subfolder", subfolder]
            own += [f"--with-butler={other}" for other in butlers if other != butler]
            _judge([*own, *options], writer, listener)
            os.chdir(here)
            if listener.interruption is not None:
                break
    if writer.failure is not None:
        why = reason(writer.failure)
        raise NothingJudgedError(f"the reports could not be written to {report}: {why}.")
    show_results(terminal(), listener.report, report / "index.html")
    if listener.interruption is not None:
        raise listener.interruption
    context.exit(listener.report.exit_status)


def _processes(jobs: int) -> list[str]:
    """Return the arguments that share the cases among processes; each takes from the slower."""
    if jobs == 1:
        return []
    if find_spec("xdist") is None:
        raise NothingJudgedError("--jobs needs pytest-xdist; pip install pytest-xdist.")
    return ["-p", "xdist.plugin", "-n", str(jobs), "--dist", "worksteal"]


def _judge(options: list[str], writer: ReportWriter, listener: RunProgress) -> None:
    """Run the suite on one Butler."""
    before = listener.finished
    try:
        status = _pytest(options, writer, listener)
    except OSError as error:
        raise NothingJudgedError(f"pytest cannot run the cases: {reason(error)}.") from error
    if listener.finished == before:
        if listener.interruption is not None:
            raise listener.interruption
        if status == NO_CASE:
            raise NothingJudgedError("--only names no case of the suite.")
        raise NothingJudgedError(f"pytest ended with status {status} before the run was over.")


def _absolute(path: Path) -> Path:
    try:
        return path.absolute()
    except OSError as error:
        raise NothingJudgedError(f"the current folder is gone: {reason(error)}.") from error


def _prepare(butlers: tuple[str, ...], report: Path, repository: Path | None) -> list[str]:
    """Try all that can be tried before the long run; return the subfolder of each Butler."""
    from conformance.built import locate_as_built
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load
    from conformance.report import folder
    from conformance.repository import RepositoryNotFoundError

    twice = next((name for name in butlers if butlers.count(name) > 1), "")
    if twice:
        raise NothingJudgedError(f"--butler {twice} is given twice; each Butler is judged once.")
    try:
        names = [load(butler).name for butler in butlers]
        if repository is not None:
            locate_as_built(repository)
        folder.check(report)
        folder.clear(report)
    except (ImplementationError, RepositoryNotFoundError, folder.ReportFolderError) as error:
        raise NothingJudgedError(str(error)) from error
    return folder.subfolders(names)


def _check_suites(folders: list[Path]) -> None:
    from conformance.suite import check_folders

    try:
        check_folders(folders)
    except ValueError as error:
        raise NothingJudgedError(str(error)) from error


def _check_deviations(butlers: tuple[str, ...], folders: list[Path], known: list[Path]) -> None:
    from conformance.deviations import reading
    from conformance.implementations.loading import load
    from conformance.suite import Suite

    judged = [load(butler) for butler in butlers]
    try:
        reading.check_given(known, [one.name for one in judged])
        for one in judged:
            if reading.files(one.name, folders, known):
                others = [other for other in judged if other is not one]
                Suite(one, folders, deviations=known, others=others)
    except ValueError as error:
        raise NothingJudgedError(str(error)) from error


def _check_fault(fault: str, folders: list[Path]) -> None:
    from conformance.faulty.catalogue import FaultError, named

    try:
        if fault:
            named(fault, folders)
    except FaultError as error:
        raise NothingJudgedError(str(error)) from error


def _suite(folders: list[Path]) -> list[str]:
    """Return the arguments that name the cases to run, and the folders of others."""
    package = Path(__file__).parents[1]
    kinds_of_cases = ("notebook", "properties", "interop", "pictures", "scripts")
    found = [str(package / f"test_{kind}.py") for kind in kinds_of_cases]
    for folder in (package, *folders):
        kinds = (folder / kind for kind in ("repositories", "cases"))
        found += [str(kind) for kind in kinds if kind.is_dir()]
    return found + [argument for one in folders for argument in ("--butler-suite", str(one))]


def _pytest(options: list[str], writer: ReportWriter, listener: RunProgress) -> int:
    """Run the cases in this process, untouched by the settings of the folder we are in."""
    import pytest

    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # a plugin may reorder, repeat or retry
    package = Path(__file__).parents[1]
    arguments = [
        *("-p", "conformance.plugin", "-p", "no:terminal", "-p", "no:cacheprovider"),
        *("-c", os.devnull, "--rootdir", str(package), "--capture", "no"),
        *("--confcutdir", str(package)),
        *options,
    ]
    # The plugin registered last hears events first: the line shows that the report is written.
    return int(pytest.main(arguments, plugins=[writer, listener]))
