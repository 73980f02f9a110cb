"""Running the steps on an implementation."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from conformance.case import Case, Outcome
from conformance.execution import Execution, execute
from conformance.implementations import Implementation
from conformance.notebook import steps
from conformance.notebook.judging import Seen, judge_of
from conformance.notebook.repro import script
from conformance.observation import Checks, Observation
from conformance.outcomes import executed, probed, summary
from conformance.verdict import Verdict
from conformance.workplace import Workplace


class Notebook:
    """The steps on one implementation: a source of cases.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    """

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation
        self.cases = {case.id: case for case in steps.cases(implementation)}
        self._names: dict[str, dict[str, Any]] = {}

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Run a step after those it needs, and judge it."""
        with quiet_plots(case):
            execution = execute(case.code, self.names_for(case, place), case.id)
            return self._judge(case, place, execution)

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Try a step that the implementation declares it cannot do: it must refuse."""
        with quiet_plots(case):
            execution = execute(case.code, self.names_for(case, place), case.id)
        return probed(case, execution, lacking, self.implementation.unsupported[lacking])

    def names_for(self, case: Case, place: Workplace) -> dict[str, Any]:
        """Return the names that earlier steps bound, later ones over earlier ones."""
        names: dict[str, Any] = {"repository": str(place.ci_hsc.folder)}
        for need in sorted(case.needs, key=lambda need: self.cases[need].step or 0):
            names.update(self._names[need])
        return names

    def earlier(self, case: Case) -> list[Case]:
        """Return all steps that a step builds on, in the order of the notebook."""
        found: dict[str, Case] = {}
        wanted = list(case.needs)
        while wanted:
            need = self.cases[wanted.pop()]
            found[need.id] = need
            wanted += need.needs
        return sorted(found.values(), key=lambda one: one.step or 0)

    def _repro(self, case: Case, execution: Execution, checks: Checks) -> str:
        return script(case, self.earlier(case), execution, checks.failures)

    def _judge(self, case: Case, place: Workplace, execution: Execution) -> Outcome:
        self._names[case.id] = dict(execution.names)
        if execution.error is not None:
            error = execution.error
            text = f"{type(error).__name__}: {error}"
            seen = Observation("the code of the step", "runs to its end", f"raised {text}", False)
            repro = script(case, self.earlier(case), execution, ())
            return executed(case, execution, Verdict.FAILED, text, (seen,), repro=repro)
        if not case.judged:
            return executed(case, execution, Verdict.PASSED, "", ())
        step = Seen(case.id, execution, place.ci_hsc, self.implementation, place.pictures)
        checks = Checks()
        try:
            judge_of(case.step or 0, case.dialect)(step, checks)
            if not checks.observations:
                raise AssertionError("the judge looked at nothing")
        except Exception as broken:
            trace = "".join(traceback.format_exception(broken))
            message = f"the harness raised {type(broken).__name__}: {broken}"
            verdict = Verdict.ERROR
        else:
            trace = ""
            verdict = Verdict.FAILED if checks.failures else Verdict.PASSED
            message = summary(checks.failures)
        return executed(
            case,
            execution,
            verdict,
            message,
            tuple(checks.observations),
            pictures=tuple(step.pictures),
            trace=trace,
            repro=self._repro(case, execution, checks) if verdict is Verdict.FAILED else "",
        )


@contextmanager
def quiet_plots(case: Case) -> Iterator[None]:
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
