"""Running the steps on an implementation, each once, each after those it needs."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conformance.case import Case, Outcome
from conformance.implementations import Implementation
from conformance.implementations.capabilities import CAPABILITIES
from conformance.notebook import suite
from conformance.notebook.execution import Execution, execute
from conformance.notebook.judging import Seen, judge_of
from conformance.observation import Checks, Observation
from conformance.repository import CaseRepository
from conformance.verdict import Verdict


class Notebook:
    """The steps on one implementation and one repository.

    A step runs when its outcome is first asked for, after the steps it needs; so any selection
    of cases, in any order, gives the same verdicts.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    repository
        The repository to run on; it is only read.
    pictures
        Folder for the pictures that steps draw, or None.
    """

    def __init__(
        self,
        implementation: Implementation,
        repository: CaseRepository,
        pictures: Path | None = None,
    ) -> None:
        self.implementation = implementation
        self.repository = repository
        self.pictures = pictures
        self.cases = {case.id: case for case in suite.cases(implementation)}
        self._outcomes: dict[str, Outcome] = {}
        self._names: dict[str, dict[str, Any]] = {}

    def outcome(self, case_id: str) -> Outcome:
        """Return what became of a case, running it where it has not run yet."""
        if case_id not in self._outcomes:
            self._outcomes[case_id] = self._run(self.cases[case_id])
        return self._outcomes[case_id]

    def _run(self, case: Case) -> Outcome:
        if case.dialect not in self.implementation.dialects:
            reason = f"{self.implementation.name} does not offer the dialect {case.dialect}"
            return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message=reason)
        for need in case.needs:
            earlier = self.outcome(need)
            if earlier.verdict is not Verdict.PASSED:
                root = earlier.blocked_by or need
                return Outcome(
                    case=case.id,
                    verdict=Verdict.BLOCKED,
                    blocked_by=root,
                    message=f"blocked by {root}, which is {self.outcome(root).verdict}",
                )
        lacking = sorted(case.capabilities & set(self.implementation.unsupported))
        with _quiet_plots(case):
            if lacking:
                return self._probe(case, lacking[0])
            return self._judge(case, execute(case.code, self._bound(case), case.id))

    def _bound(self, case: Case) -> dict[str, Any]:
        """Return the names that earlier steps bound, later ones over earlier ones."""
        names: dict[str, Any] = {"repository": str(self.repository.folder)}
        for need in sorted(case.needs, key=lambda need: self.cases[need].step):
            names.update(self._names[need])
        return names

    def _judge(self, case: Case, execution: Execution) -> Outcome:
        self._names[case.id] = dict(execution.names)
        if execution.error is not None:
            error = execution.error
            text = f"{type(error).__name__}: {error}"
            seen = Observation("the code of the step", "runs to its end", f"raised {text}", False)
            return _outcome(case, execution, Verdict.FAILED, text, (seen,))
        if not case.judged:
            return _outcome(case, execution, Verdict.PASSED, "", ())
        step = Seen(case.id, execution, self.repository, self.implementation, self.pictures)
        checks = Checks()
        try:
            judge_of(case.step, case.dialect)(step, checks)
            if not checks.observations:
                raise AssertionError("the judge looked at nothing")
        except Exception as broken:
            trace = "".join(traceback.format_exception(broken))
            message = f"the harness raised {type(broken).__name__}: {broken}"
            verdict = Verdict.ERROR
        else:
            trace = ""
            verdict = Verdict.FAILED if checks.failures else Verdict.PASSED
            message = _summary(checks.failures)
        return _outcome(
            case,
            execution,
            verdict,
            message,
            tuple(checks.observations),
            pictures=tuple(step.pictures),
            trace=trace,
        )

    def _probe(self, case: Case, lacking: str) -> Outcome:
        """Try a step that the implementation declares it cannot do: it must refuse."""
        capability = CAPABILITIES[lacking]
        execution = execute(case.code, self._bound(case), case.id)
        refused = isinstance(execution.error, capability.refusal)
        observed = (
            f"raised {type(execution.error).__name__}: {execution.error}"
            if execution.error is not None
            else "ran to its end"
        )
        what = f"the refusal of the missing capability {lacking!r}"
        seen = Observation(what, f"raises {capability.refusal_in_words}", observed, refused)
        reason = self.implementation.unsupported[lacking]
        if refused:
            return _outcome(case, execution, Verdict.UNSUPPORTED, reason, (seen,))
        message = f"declared without {lacking} ({reason}), but it {observed}"
        return _outcome(case, execution, Verdict.FAILED, message, (seen,))


def _outcome(
    case: Case,
    execution: Execution,
    verdict: Verdict,
    message: str,
    observations: tuple[Observation, ...],
    *,
    pictures: tuple[str, ...] = (),
    trace: str = "",
) -> Outcome:
    return Outcome(
        case=case.id,
        verdict=verdict,
        message=message,
        observations=observations,
        output=execution.output,
        warnings=execution.warnings,
        traceback=trace or execution.traceback,
        pictures=pictures,
        seconds=execution.seconds,
    )


def _summary(failures: list[Observation]) -> str:
    if not failures:
        return ""
    first = failures[0]
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    found = first.detail or first.observed
    return f"{first.what}: expected {_short(first.expected)}, observed {_short(found)}{more}"


def _short(value: Any) -> str:
    is_plain = isinstance(value, str) and value.strip() == value != ""
    text = value if is_plain else repr(value)
    return text if len(text) <= 160 else f"{text[:159]}…"


@contextmanager
def _quiet_plots(case: Case) -> Iterator[None]:
    """Give a step that draws matplotlib's own defaults, no window, and no figure left over."""
    if "display" not in case.capabilities:
        yield
        return
    import matplotlib
    from matplotlib import pyplot

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        pyplot.switch_backend("agg")
        pyplot.close("all")
        interactive = pyplot.isinteractive()
        try:
            yield
        finally:
            pyplot.close("all")
            (pyplot.ion if interactive else pyplot.ioff)()
