"""A stream of events made by hand, in which every verdict occurs, and letters that do harm."""

from __future__ import annotations

from conformance.case import Case, Outcome
from conformance.events import (
    CaseFinished,
    CasePlanned,
    Event,
    RequirementStated,
    RunFinished,
    RunStarted,
)
from conformance.observation import Observation
from conformance.requirements import requirements
from conformance.verdict import Verdict

HOSTILE = "<script>alert('x')</script> | `tick` \x1b[31m & \"quoted\""
ENDS = {
    4: Verdict.PASSED,
    6: Verdict.FAILED,
    10: Verdict.BLOCKED,
    11: Verdict.ERROR,
    13: Verdict.UNSUPPORTED,
    14: Verdict.NOT_RUN,
}


def stream() -> list[Event]:
    events: list[Event] = [
        RunStarted(
            when="2026-11-23T08:15:00+00:00",
            command="butler-conformance run",
            implementation=HOSTILE,
            version="1.0",
            dialects=("w_2020_03",),
            unsupported={"display": "none"},
            registry="sqlite",
            repository={"recipe": "ci_hsc", "size": "quarter"},
            versions={"python": "3.11"},
        )
    ]
    cases = [
        Case(
            id=f"NB-{step:02d}.w_2020_03",
            requirement=f"NB-{step:02d}",
            title=f"Step {step}",
            dialect="w_2020_03",
            step=step,
            code=f"x = '{HOSTILE}'",
            judged=step != 3,
        )
        for step in (3, *ENDS)
    ]
    events += [CasePlanned(case) for case in cases]
    for case in cases:
        verdict = ENDS.get(case.step or 0, Verdict.PASSED)
        if verdict is Verdict.NOT_RUN:
            continue
        seen = Observation("the answer", [1, 2], HOSTILE, verdict is Verdict.PASSED)
        events.append(
            CaseFinished(
                Outcome(
                    case=case.id,
                    verdict=verdict,
                    message="" if verdict is Verdict.PASSED else HOSTILE,
                    blocked_by="NB-06.w_2020_03" if verdict is Verdict.BLOCKED else "",
                    observations=(seen,) if verdict.is_judgement and case.judged else (),
                    output=HOSTILE,
                    seconds=0.25,
                )
            )
        )
    stated = requirements().values()
    events[1:1] = [RequirementStated(one) for one in stated if one.family == "notebook"]
    events.append(RunFinished(when="2026-11-23T08:15:09+00:00", seconds=9.0))
    return events
