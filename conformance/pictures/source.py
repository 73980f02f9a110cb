"""Pictures as a source of cases."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conformance.case import Case, Outcome, PictureComparison
from conformance.notebook.facts import QUARTER
from conformance.notebook.runner import Notebook
from conformance.observation import Checks, Observation
from conformance.outcomes import executed, probed
from conformance.pictures import baselines, cells, judging, planning, record
from conformance.pictures.baselines import Baseline, BaselineError
from conformance.pictures.cells import CellPicture
from conformance.pictures.declaring import declared, own
from conformance.pictures.drawing import Drawing, Subject, baseline_names
from conformance.pictures.functions import DeclaredPicture
from conformance.pictures.judging import Judgement
from conformance.pictures.keeping import kept
from conformance.pictures.planning import Layer
from conformance.verdict import Verdict
from conformance.workplace import Workplace


class Pictures:
    """The pictures on one implementation: a source of cases.

    Parameters
    ----------
    notebook
        The steps on it.
    folders
        Suites of others, which may have pictures of their own.
    """

    def __init__(self, notebook: Notebook, folders: Sequence[Path] = ()) -> None:
        self.implementation = notebook.implementation
        dialects = self.implementation.dialects
        of_cells = cells.pictures(notebook)
        functions = [(baselines.own_folder(), one) for one in own()]
        functions += [(folder / baselines.FOLDER, one) for folder, one in declared(folders)]
        of_functions = [
            DeclaredPicture(one, dialects.get(one.dialect), folder) for folder, one in functions
        ]
        self.subjects: list[Subject] = [*of_cells, *of_functions]
        self.folders = [baselines.own_folder(), *(folder / baselines.FOLDER for folder in folders)]
        planned = [*planning.of_cells(of_cells, notebook), *planning.of_functions(of_functions)]
        self.layers: dict[str, Layer] = {case.id: layer for case, layer in planned}
        last = planning.complete(dialects)
        self.cases = {case.id: case for case in (*(case for case, _ in planned), last)}
        self._drawn: tuple[tuple[str, str], Drawing] | None = None

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Draw a picture, and compare one layer of it."""
        try:
            if case.id == planning.COMPLETE:
                return self._completeness(case)
            return self._compared(case, place)
        except Exception as broken:
            return Outcome(
                case=case.id,
                verdict=Verdict.ERROR,
                message=f"the harness raised {type(broken).__name__}: {broken}",
                traceback="".join(traceback.format_exception(broken)),
            )

    def _compared(self, case: Case, place: Workplace) -> Outcome:
        layer = self.layers[case.id]
        if place.ci_hsc.size != QUARTER:
            return _not_run(case, "the approved pictures are of the small ci_hsc, not of this one")
        try:
            baseline = baselines.read(layer.subject.folder, layer.baseline)
        except BaselineError as error:
            return _without_baseline(case, error)
        if layer.name == "whole" and (unlike := record.unlike(baseline.record)):
            return _not_run(case, _needs(layer.baseline, unlike))
        drawing = self.draw(case, layer.subject, place)
        if drawing.execution.error is not None and isinstance(layer.subject, CellPicture):
            return _blocked(case, layer.subject.step_id(case.dialect), "failed")
        reason = _incomparable(layer, drawing, baseline)
        if reason:
            return _not_run(case, reason)
        judgement = _judgement(layer, drawing, baseline)
        return _concluded(case, layer, drawing, baseline, judgement, place)

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Try a picture without a capability; those of the notebook are left to their step."""
        subject = self.layers[case.id].subject
        if isinstance(subject, CellPicture):
            return _blocked(case, subject.step_id(case.dialect), "unsupported")
        execution = self.draw(case, subject, place).execution
        return probed(case, execution, lacking, self.implementation.unsupported[lacking])

    def draw(self, case: Case, subject: Subject, place: Workplace) -> Drawing:
        """Return a drawing of a picture in the dialect of a case; the last one is kept."""
        key = (subject.name, case.dialect)
        if self._drawn is None or self._drawn[0] != key:
            modules = self.implementation.dialects[case.dialect]
            self._drawn = key, subject.draw(case, modules, place)
        return self._drawn[1]

    def _completeness(self, case: Case) -> Outcome:
        check = Checks()
        wrong: list[str] = []
        for number, folder in enumerate(self.folders):
            here = [one for one in self.subjects if one.folder == folder]
            names = [name for one in here for name in baseline_names(one.name, one.layers)]
            found = list(baselines.problems(folder, names))
            whose = "the suite" if number == 0 else f"the suite {folder.parent.name}"
            check.equal(f"what is wrong with the approved pictures of {whose}", found.copy, [])
            wrong += found
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return Outcome(
            case=case.id,
            verdict=Verdict.FAILED if wrong else Verdict.PASSED,
            message=f"{wrong[0]}{more}" if wrong else "",
            observations=tuple(check.observations),
        )


def _judgement(layer: Layer, drawing: Drawing, baseline: Baseline) -> Judgement:
    if drawing.problem or drawing.portrait is None:
        seen = Observation("the figure", "can be read", drawing.problem, False)
        return Judgement((seen,), drawing.problem)
    match layer.name:
        case "numbers":
            return judging.numbers(drawing, baseline.record)
        case "pixels":
            return judging.pixels(drawing, baseline.pixels)
        case _:
            return judging.whole(drawing, baseline.pixels)


def _concluded(
    case: Case,
    layer: Layer,
    drawing: Drawing,
    baseline: Baseline,
    judgement: Judgement,
    place: Workplace,
) -> Outcome:
    message = f"{layer.baseline}: {judgement.message}" if judgement.message else ""
    outcome = executed(
        case,
        drawing.execution,
        Verdict.FAILED if message else Verdict.PASSED,
        message,
        judgement.observations,
        repro=layer.subject.repro(case, drawing, message) if message else "",
    )
    comparisons: tuple[PictureComparison, ...] = ()
    if judgement.difference is not None and drawing.portrait is not None:
        portrait = drawing.portrait
        actual = portrait.pixels if layer.name == "pixels" else portrait.whole
        assert actual is not None
        comparisons = (kept(place.pictures, case.id, baseline, actual, judgement.difference),)
    return replace(outcome, comparisons=comparisons)


def _incomparable(layer: Layer, drawing: Drawing, baseline: Baseline) -> str:
    """Return why a drawing and an approved picture cannot be compared; "" where they can."""
    if baseline.record.inputs != drawing.inputs:
        return (
            f"{layer.baseline} shows a file with other pixels than the one in this repository; "
            "`butler-conformance make-repo ci_hsc FOLDER` makes the right one"
        )
    display = baseline.record.drawn_by["display"]
    if layer.name == "whole" and drawing.display and display not in drawing.display:
        return (
            f"{layer.baseline} was drawn by {display}; where another display puts the axes and "
            "the colour bar is its own affair"
        )
    return ""


def _needs(name: str, unlike: str) -> str:
    return (
        f"{name} can be compared only where it would be drawn alike: it needs {unlike}; "
        "pip install 'butler-conformance[pictures]' brings that matplotlib"
    )


def _not_run(case: Case, reason: str) -> Outcome:
    return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message=reason)


def _blocked(case: Case, step: str, verdict: str) -> Outcome:
    return Outcome(
        case=case.id,
        verdict=Verdict.BLOCKED,
        blocked_by=step,
        message=f"blocked by {step}, which is {verdict}",
    )


def _without_baseline(case: Case, error: BaselineError) -> Outcome:
    text = str(error)
    seen = Observation("the approved picture and its record", "there, in accord", text, False)
    return Outcome(case=case.id, verdict=Verdict.FAILED, message=text, observations=(seen,))
