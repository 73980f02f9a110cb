"""The files of cases and repositories as pytest collects them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.case import Outcome
from conformance.cases import case_files, kinds
from conformance.cases.mistakes import CaseFileError, Mistake

if TYPE_CHECKING:
    from conformance.suite import Suite

_told = pytest.StashKey[set[Mistake]]()


class CaseItem(pytest.Function):
    """One case; it ends as its verdict demands."""

    line = 1
    title = ""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case is written, its id and its title.

        With the title pytest shows the id as it is; alone it would be taken for the dotted name of
        a method, and its full stop become colons.
        """
        return self.path, self.line - 1, f"{self.name}: {self.title}"


class CaseFile(pytest.File):
    """A file of cases, YAML or Python, or the file of a repository."""

    @classmethod
    def from_parent(cls, parent: Any, **keywords: Any) -> CaseFile:
        """Make the node of a file; the id of one that is not below the root is its full path.

        By its id the processes of pytest-xdist tell where the file is.
        """
        path: Path = keywords["path"]
        if not path.is_relative_to(parent.config.rootpath):
            keywords.setdefault("nodeid", path.as_posix())
        made: CaseFile = super().from_parent(parent=parent, **keywords)
        return made

    def collect(self) -> Iterable[pytest.Item]:
        """Yield an item for each case."""
        session = self.config.pluginmanager.get_plugin("conformance-session")
        assert session is not None
        session.add_folder(self.path.parents[1])
        try:
            found = list(self._found(session.folders))
        except CaseFileError as error:
            fresh = CaseFileError(self._not_told(error.mistakes))
            if fresh.mistakes:
                raise self.CollectError(str(fresh)) from error
            return
        except ValueError as error:
            raise self.CollectError(str(error)) from error
        for case_id, title, line in found:
            item = CaseItem.from_parent(self, name=case_id, callobj=_test_of(case_id))
            item.title, item.line = title, line
            item.add_marker(pytest.mark.conformance(case_id))
            yield item

    def _not_told(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Return the mistakes of this file, and of others that are not collected, each once."""
        told = self.session.stash.setdefault(_told, set())
        fresh = [
            mistake
            for mistake in mistakes
            if mistake not in told
            and (mistake.path.samefile(self.path) or not self._is_collected(mistake.path))
        ]
        told.update(fresh)
        return fresh

    def _is_collected(self, path: Path) -> bool:
        """Return whether a file is below what the command line names, and so tells for itself."""
        folder = self.config.invocation_params.dir
        named = [(folder / argument.partition("::")[0]).resolve() for argument in self.config.args]
        return kinds.kind(path) != "" and any(path.resolve().is_relative_to(one) for one in named)

    def _found(self, folders: list[Path]) -> Iterator[tuple[str, str, int]]:
        known = case_files.known(folders)
        case_files.read_all(folders, known)  # a case of another file may have the same id
        if kinds.kind(self.path) == "repositories":
            made = known.repositories[self.path.stem]
            yield made.case_id, made.about, 1
            return
        for case in case_files.checked(self.path, known):
            yield case.id, case.entry["title"], case.line


def _test_of(case_id: str) -> Callable[..., None]:
    def test(
        request: pytest.FixtureRequest,
        conformance_suite: Suite,
        conformance_verdict: Callable[[Outcome], None],
    ) -> None:
        """The case is as its file says."""
        outcome = conformance_suite.outcome(case_id)
        try:
            conformance_verdict(outcome)
        except pytest.skip.Exception:
            root = outcome.blocked_by
            if root and root not in {item.name for item in request.session.items}:
                _fail_by(outcome, conformance_suite.outcome(root))
            raise

    return test


def _fail_by(outcome: Outcome, root: Outcome) -> None:
    """Fail for what blocks a case and is no item itself, so that it is not only skipped."""
    texts = (f"{outcome.case} {outcome.message}", f"{root.case}: {root.message}", root.traceback)
    pytest.fail("\n".join(filter(None, texts)), pytrace=False)
