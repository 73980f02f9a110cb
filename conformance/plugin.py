"""The pytest plugin: options, fixtures, and the events of a run.

It is loaded in every pytest run where the suite is installed, so it imports nothing of the
suite until a case of the suite is collected or one of its options is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.options import DEFAULT_BUTLER, declare

if TYPE_CHECKING:
    from conformance.case import Outcome
    from conformance.implementations import Implementation
    from conformance.recorder import Recorder
    from conformance.repository import CaseRepository
    from conformance.suite import Suite

CASE_FOLDERS = ("cases", "repositories")
CASE_ID = re.compile(r"[A-Z]+-?\d*\.[a-z0-9_.-]+")
_case = pytest.StashKey[str]()
_outcome = pytest.StashKey["Outcome"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    declare(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook for events."""
    from conformance import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect files of cases, which the folder and the first line tell from any other."""
    if file_path.parent.name not in CASE_FOLDERS or file_path.suffix not in (".yaml", ".py"):
        return None
    from conformance.cases.kinds import kind

    if not kind(file_path):
        return None
    from conformance.cases.collecting import CaseFile

    return CaseFile.from_parent(parent, path=file_path)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; load what the options ask for."""
    config.addinivalue_line("markers", "conformance(case): the test is this case of the suite")
    config.pluginmanager.register(_Session(config), "conformance-session")
    for option in ("butler_repo", "butler_report"):
        if config.getoption(option):  # a Butler may leave the folder that we are in
            setattr(config.option, option, str(Path(config.getoption(option)).absolute()))
    for name in (config.getoption("butler"), *config.getoption("with_butler")):
        if name:
            _try_implementation(name)
    if config.getoption("butler_suite"):
        _try_folders([Path(folder) for folder in config.getoption("butler_suite")])
    if config.getoption("butler_fault"):
        _try_fault(config)
    if config.getoption("butler_deviations"):
        _try_deviations(config)
    if _is_worker(config):
        return
    if config.getoption("butler_repo"):
        _try_repository(Path(config.getoption("butler_repo")))
    if config.getoption("butler_report") and not config.option.collectonly:
        _write_reports(config, Path(config.getoption("butler_report")))


def _try_implementation(name: str) -> None:
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load

    try:
        load(name)
    except ImplementationError as error:
        raise pytest.UsageError(str(error)) from error


def _try_folders(folders: list[Path]) -> None:
    from conformance.suite import check_folders

    try:
        check_folders(folders)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _try_deviations(config: pytest.Config) -> None:
    from conformance.deviations.reading import check_given
    from conformance.implementations.loading import load

    files = [Path(file) for file in config.getoption("butler_deviations")]
    try:
        check_given(files, [load(config.getoption("butler") or DEFAULT_BUTLER).name])
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _try_fault(config: pytest.Config) -> None:
    from conformance.faulty.catalogue import FaultError, named

    folders = [Path(folder) for folder in config.getoption("butler_suite")]
    try:
        named(config.getoption("butler_fault"), folders)
    except FaultError as error:
        raise pytest.UsageError(str(error)) from error


def _try_repository(path: Path) -> None:
    from conformance.built import locate_as_built
    from conformance.repository import RepositoryNotFoundError

    try:
        locate_as_built(path)
    except RepositoryNotFoundError as error:
        raise pytest.UsageError(str(error)) from error


def _write_reports(config: pytest.Config, path: Path) -> None:
    from conformance.report import ReportWriter, folder

    if any(isinstance(one, ReportWriter) for one in config.pluginmanager.get_plugins()):
        return  # who runs several sessions writes one report of them
    try:
        folder.check(path)
    except folder.ReportFolderError as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(ReportWriter(path), "conformance-report")


@pytest.fixture(scope="session")
def conformance_implementation(pytestconfig: pytest.Config) -> Implementation:
    """Return the Butler that is judged."""
    session = pytestconfig.pluginmanager.get_plugin("conformance-session")
    assert isinstance(session, _Session)
    return session.suite.implementation


@pytest.fixture(scope="session")
def conformance_repository(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> CaseRepository:
    """Return the ci_hsc repository that cases read: ``--butler-repo``, or one made for the run."""
    from conformance import recipes
    from conformance.repository import build_once, locate

    given = pytestconfig.getoption("butler_repo")
    if given:
        return locate(Path(given))
    shared = tmp_path_factory.getbasetemp()
    if _is_worker(pytestconfig):
        shared = shared.parent
    return locate(build_once(shared / "ci_hsc", recipes.load("ci_hsc").make))


@pytest.fixture(scope="session")
def conformance_suite(
    request: pytest.FixtureRequest,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Suite:
    """Return the cases on the Butler that is judged, ready to be tried."""
    from conformance.workplace import Workplace

    session = pytestconfig.pluginmanager.get_plugin("conformance-session")
    assert isinstance(session, _Session)
    session.suite.place = Workplace(
        find_ci_hsc=lambda: request.getfixturevalue("conformance_repository"),
        scratch=tmp_path_factory.mktemp("cases"),
        pictures=_pictures(pytestconfig),
        profile=pytestconfig.getoption("butler_profile"),
        seed=pytestconfig.getoption("butler_seed"),
    )
    return session.suite


def _pictures(config: pytest.Config) -> Path | None:
    report = config.getoption("butler_report")
    return Path(report) / "pictures" / config.getoption("butler_subfolder") if report else None


@pytest.fixture
def conformance_verdict(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Return a function that ends a test as the outcome of its case demands."""
    from conformance.verdict import Verdict

    def conclude(outcome: Outcome) -> None:
        request.node.stash[_outcome] = outcome
        text = f"{outcome.case} {outcome.verdict}: {outcome.message}"
        if outcome.deviation is not None:
            _conclude_known(outcome, text)
        if outcome.verdict is Verdict.FAILED:
            pytest.fail("\n".join(filter(None, (text, outcome.traceback))), pytrace=False)
        if outcome.verdict is Verdict.ERROR:
            pytest.fail(f"{text}\n{outcome.traceback}", pytrace=False)
        if outcome.verdict is not Verdict.PASSED:
            pytest.skip(text)

    return conclude


def _conclude_known(outcome: Outcome, text: str) -> None:
    """End a test whose case is known to deviate: as an expected failure, where it still does."""
    if not outcome.has_vanished:
        assert outcome.deviation is not None
        pytest.xfail(f"{outcome.case} deviates ({outcome.deviation.kind}): {outcome.message}")
    pytest.fail(text, pytrace=False)


class _Session:
    """Turns what pytest does with cases into events; quiet where no case is collected."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.recorder: Recorder | None = None
        self.folders = [Path(folder).absolute() for folder in config.getoption("butler_suite")]
        self.deviations = [Path(file).absolute() for file in config.getoption("butler_deviations")]

    @cached_property
    def suite(self) -> Suite:
        """The cases on the Butler that is judged; asked for when all are collected."""
        from conformance.faulty import judged
        from conformance.implementations.loading import load
        from conformance.suite import Suite

        name = self.config.getoption("butler") or DEFAULT_BUTLER
        implementation = judged(name, self.config.getoption("butler_fault"), self.folders)
        try:
            others = [load(other) for other in self.config.getoption("with_butler")]
            return Suite(implementation, self.folders, deviations=self.deviations, others=others)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error

    def add_folder(self, folder: Path) -> None:
        """Let a folder in which cases are collected belong to the suite of this run."""
        from conformance.folders import PACKAGE

        if folder.resolve() not in {PACKAGE, *(known.resolve() for known in self.folders)}:
            self.folders.append(folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Know the folders of the cases that the processes of pytest-xdist have collected."""
        for file in dict.fromkeys(one.partition("::")[0] for one in ids):
            path = self.config.rootpath / file
            if path.parent.name in CASE_FOLDERS and path.is_file():
                self.add_folder(path.parents[1])

    def _record(self) -> Recorder:
        if self.recorder is None:
            from conformance.recorder import Recorder

            self.recorder = Recorder(self.config, self.suite)
        return self.recorder

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the cases that are not asked for, nor set up one that is."""
        names = self.config.getoption("butler_only")
        if names:
            wanted = self.suite.wanted(names)
            left_out = [item for item in items if _case_of(item) not in {"", *wanted}]
            items[:] = [item for item in items if item not in left_out]
            self.config.hook.pytest_deselected(items=left_out)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin the stream where cases were collected."""
        for item in session.items:
            case = _case_of(item)
            if case:
                item.stash[_case] = case
        broken = session.testsfailed and not self.config.option.continue_on_collection_errors
        wanted = any(_case in item.stash for item in session.items) and not broken
        if wanted and not self.config.option.collectonly and not _is_worker(self.config):
            self._record()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Say that a case begins."""
        case = item.stash.get(_case, None)
        if case is not None and not _is_worker(self.config):
            self._record().case_started(case)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let the report of a test carry the outcome of its case, between processes too."""
        report = yield
        case = item.stash.get(_case, None)
        if case is not None and (report.when == "call" or report.failed):
            outcome = _placed(item.stash.get(_outcome, None), self.config)
            report.conformance = _carried(case, outcome, report)  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say that a case has its verdict."""
        carried = getattr(report, "conformance", None)
        if carried is None and report.failed and str(report.when) == "???":
            carried = self._carried_for_a_dead_worker(report)
        if carried is not None and not _is_worker(self.config):
            from conformance.events import outcome_from_json

            self._record().case_finished(outcome_from_json(carried))

    def _carried_for_a_dead_worker(self, report: pytest.TestReport) -> dict[str, Any] | None:
        """Return the outcome of a case in which the process of pytest-xdist ended, as data."""
        found = CASE_ID.search(report.nodeid)
        if found is None or found[0] not in self.suite.cases:
            return None
        return _carried(found[0], None, report)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End the stream."""
        if self.recorder is not None:
            to_the_end = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
            self.recorder.finish(exitstatus in to_the_end)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say the counts, where cases were judged."""
        if self.recorder is not None:
            terminalreporter.section("conformance")
            for line in self.recorder.summary():
                terminalreporter.write_line(line)
            writer = self.config.pluginmanager.get_plugin("conformance-report")
            if writer is not None and writer.failure is not None:
                terminalreporter.write_line(f"  no report could be written: {writer.failure}")


def _carried(case: str, outcome: Outcome | None, report: pytest.TestReport) -> dict[str, Any]:
    """Return the outcome of a case as data; without one, the harness broke."""
    from conformance.case import Outcome
    from conformance.events import outcome_to_json
    from conformance.verdict import Verdict

    if outcome is None:
        text = report.longreprtext
        last = text.strip().splitlines()[-1] if text.strip() else "no outcome"
        outcome = Outcome(
            case=case,
            verdict=Verdict.ERROR,
            message=f"the harness broke at {report.when}: {last}",
            traceback=text,
        )
    return outcome_to_json(outcome)


def _case_of(item: pytest.Item) -> str:
    """Return the case that a test is; empty where it is none."""
    marker = item.get_closest_marker("conformance")
    return str(marker.args[0]) if marker is not None else ""


def _placed(outcome: Outcome | None, config: pytest.Config) -> Outcome | None:
    """Return an outcome that names its pictures where they are below the report."""
    from conformance.report.folder import moved

    subfolder = config.getoption("butler_subfolder")
    return moved(outcome, subfolder) if outcome is not None and subfolder else outcome


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
