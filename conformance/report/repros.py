"""The scripts beside a report that show each failure with the implementation alone."""

from __future__ import annotations

from pathlib import Path

from conformance.report import folder as report_folder
from conformance.report.model import Report, Run
from conformance.report.totals import Result


def write(report: Report, folder: Path) -> list[Path]:
    """Write ``repro/<case>.py``, or ``repro/<butler>/<case>.py`` for each of several Butlers."""
    paths = []
    for run, subfolder in placed(report):
        for result in run.results:
            if result.outcome.repro:
                path = folder / name(result, subfolder)
                path.parent.mkdir(parents=True, exist_ok=True)
                report_folder.write(path, result.outcome.repro.rstrip("\n") + "\n")
                paths.append(path)
    return paths


def placed(report: Report) -> list[tuple[Run, str]]:
    """Return each run with the name of its subfolder."""
    names = report_folder.subfolders([run.name for run in report.runs])
    return list(zip(report.runs, names, strict=True))


def name(result: Result, subfolder: str) -> str:
    """Return the name of a script below the folder of the report."""
    parts = (report_folder.REPRO, subfolder, f"{report_folder.file_name(result.case.id)}.py")
    return "/".join(part for part in parts if part)


def usage(result: Result, subfolder: str) -> str:
    """Return the command that runs a script; one that reads ci_hsc is told where it is."""
    import shlex

    command = f"python {shlex.quote(name(result, subfolder))}"
    return f"{command} FOLDER" if "len(sys.argv) != 2" in result.outcome.repro else command


def replay(result: Result, run: Run) -> str:
    """Return the command that tries a case again, with all that is seen."""
    import shlex

    started = run.started
    words = ["butler-conformance", "replay", result.case.id, "--butler", started.butler]
    if result.case.kind == "interop":
        words += [f"--with-butler={other}" for other in started.others]
    if result.case.kind in ("property", "interop"):
        words += ["--profile", started.profile, "--seed", str(started.seed)]
    for folder in started.suites:
        words += ["--suite", folder]
    if started.fault:
        words += ["--fault", started.fault]
    return shlex.join(words)
