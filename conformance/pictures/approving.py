"""Approving a picture: drawing it again, saying what is new, writing it and its record."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from conformance.case import Case
from conformance.pictures import baselines, judging, record
from conformance.pictures.baselines import Baseline, BaselineError
from conformance.pictures.comparing import Difference, Pixels, amplified, difference
from conformance.pictures.drawing import Drawing
from conformance.pictures.numbers import Numbers, sha256
from conformance.pictures.planning import Layer
from conformance.pictures.record import Record
from conformance.pictures.source import Pictures
from conformance.suite import Suite
from conformance.verdict import Verdict


class ApprovalError(Exception):
    """A picture cannot be approved; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A picture that somebody may approve.

    Attributes
    ----------
    folder
        Where it goes.
    pixels, record
        What would be written.
    before
        What is approved now; None where nothing is.
    why_none
        Why nothing is.
    difference
        How the pixels differ from those that are approved.
    place
        What lies at the first pixel that differs, in words.
    """

    folder: Path
    pixels: Pixels
    record: Record
    before: Baseline | None = None
    why_none: str = ""
    difference: Difference | None = None
    place: str = ""

    def news(self) -> list[str]:
        """Return what differs from what is approved, a sentence each."""
        if self.before is None or self.difference is None:
            return [self.why_none]
        found = self.difference.words(lambda column, row: self.place)
        return [*([found] if found else []), *_changes(self.before.record, self.record)]

    def show(self, folder: Path) -> list[Path]:
        """Write expected, actual and difference as far as there are, and return their paths."""
        pictures: dict[str, Pixels | None] = {"actual": self.pixels}
        if self.before is not None:
            apart = amplified(self.before.pixels, self.pixels)
            pictures = {"expected": self.before.pixels, **pictures, "difference": apart}
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for kind in ("expected", "actual", "difference"):
            path = folder / f"{self.record.name}.{kind}.png"
            path.unlink(missing_ok=True)
            pixels = pictures.get(kind)
            if pixels is not None:
                baselines.write_png(path, pixels)
                paths.append(path)
        return paths

    def approve(self) -> None:
        """Write the picture and its record."""
        baselines.write(self.folder, self.pixels, self.record)


def propose(name: str, reason: str, pictures: Pictures, suite: Suite) -> Proposal:
    """Draw a picture again, in each dialect that it has, and hold it against the approved one.

    Parameters
    ----------
    name
        The name of the approved picture, such as ``cell-11-pixels``.
    reason
        Why it shall be approved.
    pictures
        The pictures on the implementation that draws.
    suite
        The cases that must have passed before, with these pictures among its sources.

    Raises
    ------
    ApprovalError
        Raised where it cannot be drawn, where it is not what the file says, or where nothing is
        new.
    """
    if not reason.strip():
        raise ApprovalError("--reason is empty; say why the picture is right")
    cases = _cases(name, pictures)
    layer = pictures.layers[cases[0].id]
    _check_folder(name, layer.subject.folder)
    drawings = [_drawn(case, layer, pictures, suite) for case in cases]
    pixels = [_pixels(layer, drawing) for drawing in drawings]
    for case, other in zip(cases[1:], pixels[1:], strict=True):
        apart = difference(pixels[0], other).words()
        if apart:
            one, two = cases[0].dialect, case.dialect
            raise ApprovalError(f"{one} and {two} do not draw the same: {apart}")
    made = _record(name, reason.strip(), layer, cases[0], drawings[0], pixels[0], pictures)
    proposal = _against(
        layer, drawings[0], Proposal(folder=layer.subject.folder, pixels=pixels[0], record=made)
    )
    if not proposal.news():
        raise ApprovalError(f"nothing is new: {name} is as it was approved")
    return proposal


def _cases(name: str, pictures: Pictures) -> list[Case]:
    """Return the cases that compare with an approved picture, one for each dialect offered."""
    known: dict[str, dict[str, Case]] = {}
    for case_id, layer in pictures.layers.items():
        case = pictures.cases[case_id]
        if layer.name != "numbers":
            known.setdefault(layer.baseline, {})[case.dialect] = case
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"
        raise ApprovalError(f"no picture is called {name!r}{hint}")
    offered = pictures.implementation.dialects
    found = [case for dialect, case in known[name].items() if dialect in offered]
    if not found:
        raise ApprovalError(f"{pictures.implementation.name} does not offer a dialect of {name}")
    return found


def _check_folder(name: str, folder: Path) -> None:
    if folder == baselines.own_folder() and folder != baselines.CHECKOUT:
        raise ApprovalError(
            f"{name} belongs to the suite that is installed, which stays as it is; approve it in a "
            "checkout of butler-conformance. Pictures of your own go into the folder that --suite "
            "names"
        )


def _drawn(case: Case, layer: Layer, pictures: Pictures, suite: Suite) -> Drawing:
    if suite.place is None:
        raise ApprovalError(f"{case.id} cannot be drawn: there is no repository")
    for need in case.needs:
        outcome = suite.outcome(need)
        if outcome.verdict is not Verdict.PASSED:
            raise ApprovalError(
                f"{case.id} needs {need}, which is {outcome.verdict}: {outcome.message}"
            )
    drawing = pictures.draw(case, layer.subject, suite.place)
    if drawing.problem:
        trace = drawing.execution.traceback.strip()
        raise ApprovalError("\n".join(filter(None, (f"{case.id}: {drawing.problem}", trace))))
    if drawing.expected is not None:
        wrong = judging.numbers(drawing, None).message or judging.pixels(drawing, None).message
        if wrong:
            raise ApprovalError(f"{case.id} is not what the file shows, so it is wrong: {wrong}")
    return drawing


def _pixels(layer: Layer, drawing: Drawing) -> Pixels:
    assert drawing.portrait is not None
    found = drawing.portrait.pixels if layer.name == "pixels" else drawing.portrait.whole
    assert found is not None
    return found


def _record(
    name: str,
    reason: str,
    layer: Layer,
    case: Case,
    drawing: Drawing,
    pixels: Pixels,
    pictures: Pictures,
) -> Record:
    implementation, portrait = pictures.implementation, drawing.portrait
    assert portrait is not None
    is_pixels = layer.name == "pixels"
    return Record(
        name=name,
        size=(pixels.shape[1], pixels.shape[0]),
        pixels=sha256(pixels),
        drawn_by={
            "implementation": implementation.name,
            "version": implementation.version,
            "display": next(iter(drawing.display), implementation.dialects[case.dialect].display),
        },
        drawn_with=record.surroundings(),
        approved=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=reason,
        view=portrait.view if is_pixels else None,
        inputs=drawing.inputs,
        numbers=portrait.numbers if is_pixels else None,
    )


def _against(layer: Layer, drawing: Drawing, proposal: Proposal) -> Proposal:
    """Return a proposal with what is approved now, and how it differs from that."""
    try:
        before = baselines.read(proposal.folder, proposal.record.name)
    except BaselineError as error:
        return replace(proposal, why_none=str(error).partition("; approve")[0])
    found = difference(before.pixels, proposal.pixels)
    place = drawing.shown_at(layer.name, *found.first) if found.first is not None else ""
    return replace(proposal, before=before, difference=found, place=place)


def _changes(before: Record, after: Record) -> Iterator[str]:
    """Yield what a record says otherwise, but for the pixels, which are told apart better."""
    if before.view != after.view:
        yield f"the view is {after.view}, not {before.view}"
    for name in sorted({*before.inputs, *after.inputs}):
        if before.inputs.get(name) != after.inputs.get(name):
            yield f"the file that is shown has other values in its {name}"
    for member in fields(Numbers):
        old, new = (getattr(one.numbers, member.name, None) for one in (before, after))
        if old != new:
            yield f"{member.name} in the record: {_short(new)}, not {_short(old)}"
    if after.name.endswith("-whole"):
        for name in record.DECISIVE:
            if before.drawn_with[name] != after.drawn_with[name]:
                yield f"drawn with {name} {after.drawn_with[name]}, not {before.drawn_with[name]}"


def _short(value: object) -> str:
    if isinstance(value, tuple) and len(value) > 4:
        return f"{len(value)} of them"
    return str(value)
