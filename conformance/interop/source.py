"""Interop cases as a source: A, the Butler that is judged, and another beside it."""

from __future__ import annotations

import re
import shutil
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from conformance.case import Case, Outcome
from conformance.cases import case_files
from conformance.cases.source import FOLDER, template
from conformance.cases.steady import Steady
from conformance.implementations import Implementation
from conformance.interop.declaring import Story, StoryError
from conformance.interop.differing import compared
from conformance.interop.loading import stories
from conformance.interop.rows import rows
from conformance.interop.script import script
from conformance.interop.stage import PlayError, Stage
from conformance.interop.turns.taking_turns import SharedBench, TakingTurns
from conformance.outcomes import summary
from conformance.properties.bench import fast_folder
from conformance.properties.trying import tried
from conformance.verdict import Verdict
from conformance.workplace import Workplace

UNFIT = re.compile(r"[^a-z0-9_.-]")


class Interop:
    """The interop cases of one implementation with others.

    Parameters
    ----------
    implementation
        The Butler that is judged: A of each case.
    others
        Those that are B. With one the ids of cases are those of their files; with several they
        end with its name.
    folders
        Folders with cases of others beside the suite's own.

    Raises
    ------
    StoryError
        Raised where a case is not as it must be.
    """

    def __init__(
        self,
        implementation: Implementation,
        others: Sequence[Implementation],
        folders: Sequence[Path] = (),
    ) -> None:
        self.implementation = implementation
        self._steps = case_files.known(folders).repositories
        told = stories(folders)
        for story in told:
            if story.repository not in self._steps:
                raise StoryError(f"{story.place}: there is no repository {story.repository!r}")
        names = [other.name for other in others]
        tries: list[Story | TakingTurns] = [*told, TakingTurns()]
        self._pairs = {
            _id(one.id, other.name, names): (one, other) for other in others for one in tries
        }
        self.cases = {id: self._case(id, *pair) for id, pair in self._pairs.items()}

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Let both act on a fresh copy of the repository that A has filled."""
        story, other = self._pairs[case.id]
        if "current" not in other.dialects:
            message = f"{other.name}, which is B, does not offer the dialect current"
            return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message=message)
        if isinstance(story, TakingTurns):
            both = (self.implementation, other)
            return tried(story, case, place, lambda folder: SharedBench(both, folder))
        with (
            fast_folder(place.scratch) as home,
            self._stage(story, place, home, {"A": self.implementation, "B": other}) as stage,
        ):
            try:
                self._play(story, stage, place)
            except PlayError:
                pass
            except Exception as broken:
                return Outcome(
                    case=case.id,
                    verdict=Verdict.ERROR,
                    message=f"the harness raised {type(broken).__name__}: {broken}",
                    traceback="".join(traceback.format_exception(broken)),
                )
            steady = Steady({stage.root: "<root>", stage.folder: "<folder>"})
            return steady.outcome(_judged(case, stage))

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Refuse: interop cases need no capability."""
        raise NotImplementedError(f"{case.id} needs no capability, and so not {lacking}")

    def _play(self, story: Story, stage: Stage, place: Workplace) -> None:
        story.function(*stage.actors.values())
        stage.compare_sights()
        if story.alone and stage.acts and stage.of_two:
            left, by_a_alone = rows(stage.root), self._alone(story, stage, place)
            what, alone = "the rows of the tables in the end", "as A leaves them that does it alone"
            stage.looked(compared(what, by_a_alone, left, as_what=alone), "B")

    def _alone(self, story: Story, stage: Stage, place: Workplace) -> dict[str, frozenset[str]]:
        """Return the rows that A leaves where it does alone what both did."""
        home = stage.folder.parent / "alone"
        with self._stage(story, place, home, {"A": self.implementation}) as alone:
            for act in stage.acts:
                alone.actors["A"].does(act.text)
            alone.close()
            return rows(alone.root)

    @contextmanager
    def _stage(
        self, story: Story, place: Workplace, home: Path, butlers: dict[str, Implementation]
    ) -> Iterator[Stage]:
        root, folder = home / FOLDER, home / "folder"
        shutil.copytree(template(place, f"REPO.{story.repository}"), root)
        folder.mkdir()
        stage = Stage(root, folder, butlers, self._steps[story.repository].steps)
        try:
            yield stage
        finally:
            stage.close()

    def _case(self, id: str, story: Story | TakingTurns, other: Implementation) -> Case:
        a, b = (f"{one.name} {one.version}" for one in (self.implementation, other))
        return Case(
            id=id,
            requirement=id.partition(".")[0],
            title=story.title,
            kind="interop",
            code=f"# A is {a}, and B is {b}.\n{story.code}",
            place=story.place,
            needs=(f"REPO.{story.repository}",) if isinstance(story, Story) else (),
        )


def case_ids(folders: Sequence[Path] = (), others: Sequence[str] = ()) -> list[str]:
    """Return the ids of all interop cases, given the names of the Butlers that are B."""
    ids = [*(one.id for one in stories(folders)), TakingTurns().id]
    return [_id(one, name, others) for name in others or [""] for one in ids]


def _id(id: str, other: str, others: Sequence[str]) -> str:
    return f"{id}.{UNFIT.sub('-', other.lower())}" if len(others) > 1 else id


def _judged(case: Case, stage: Stage) -> Outcome:
    failures = [seen for seen in stage.observations if not seen.passed]
    titles = {letter: actor.title for letter, actor in stage.actors.items()}
    acts = "\n".join(f"# {titles[act.letter]}\n{act.text}" for act in stage.acts)
    return Outcome(
        case=case.id,
        verdict=Verdict.FAILED if failures else Verdict.PASSED,
        message=summary(failures),
        observations=tuple(stage.observations),
        texts={"who acted": acts} if failures and acts else {},
        repro=_script(stage) if failures else "",
        traceback=stage.traceback if failures else "",
        seconds=stage.seconds,
    )


def _script(stage: Stage) -> str:
    modules = {letter: actor.module for letter, actor in stage.actors.items()}
    done = stage.acts if stage.check is None else stage.acts[: stage.check.after]
    return script(modules, stage.steps, done, stage.check)
