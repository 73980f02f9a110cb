"""Streams of events of a large suite on two Butlers, with all that a page must bear."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from conformance.case import Case, Outcome, PictureComparison
from conformance.events import (
    CaseFinished,
    CasePlanned,
    Event,
    RequirementStated,
    RunFinished,
    RunStarted,
)
from conformance.observation import Observation
from conformance.requirements import Requirement
from conformance.selftest.event_streams import HOSTILE
from conformance.verdict import Verdict

FAMILIES = {
    "collections": "COL",
    "chains": "CHN",
    "data_ids": "DID",
    "dimension_records": "REC",
    "find_first": "FND",
    "put_get": "PUT",
    "removal": "REM",
    "queries": "QRY",
    "errors": "ERR",
}
SENTENCE = "A chain finds the first match, in the order of its children, through {} levels."
CODE = """\
from {api} import Butler, CollectionType

with Butler.from_config(root, writeable=True) as butler:
    butler.collections.register("chain", CollectionType.CHAINED)
    butler.collections.redefine_chain("chain", ["b", "a"])
    butler.collections.get_info("chain").children
"""
LONG = "HSC/runs/" + "an_output_collection_with_a_very_long_name_" * 4
PROGRAM = "\n".join(
    ["butler.registry.registerDatasetType(flat)"]
    + [f'butler.registry.associate("tag_{n}", [refs[{n}]])' for n in range(30)]
    + [f'butler.find_dataset("flat", detector=1, collections="{LONG}")']
)
DRAWING = """\
chain_2 (CHAINED)
├── chain_1 (CHAINED)
│   ├── run_a (RUN)      flat@{detector: 1}
│   └── tag (TAGGED)     flat@{detector: 1}
└── run_b (RUN)          flat@{detector: 1}
"""


def stream(
    name: str,
    api: str,
    folder: Path,
    *,
    subfolder: str = "",
    failures: bool = True,
    families: Collection[str] = FAMILIES,
) -> list[Event]:
    """Return the run of some 300 cases on one Butler, and draw its pictures.

    Parameters
    ----------
    name
        The implementation.
    api
        The module that its cases import.
    folder
        The folder of the report, where pictures go.
    subfolder
        The subfolder for them.
    failures
        Whether something fails.
    families
        The families of the cases made from files.
    """
    requirements = list(_requirements(families))
    cases = list(_cases(requirements, api))
    ends = dict(_special(folder / "pictures" / subfolder, subfolder)) if failures else {}
    events: list[Event] = [
        RunStarted(
            when="2026-11-23T08:15:00+00:00",
            command="butler-conformance run --butler butler_core --butler lsst_daf_butler",
            implementation=name,
            version="1.0",
            dialects=("current",) if api == "lsst.daf.butler" else ("w_2020_03", "current"),
            registry="sqlite",
            repository={"recipe": "ci_hsc", "size": "quarter"},
            versions={"python": "3.12.1", "matplotlib": "3.10.8", "platform": "Linux-x86_64"},
            butler=name,
            seed=20261123,
        ),
        *map(RequirementStated, requirements),
        *map(CasePlanned, cases),
    ]
    for case in cases:
        outcome = ends.get(case.id) or _passed(case)
        if outcome.verdict is not Verdict.NOT_RUN:
            events.append(CaseFinished(replace(outcome, case=case.id)))
    return [*events, RunFinished(when="2026-11-23T08:15:41+00:00", seconds=41.2)]


def two_butlers(folder: Path) -> list[Event]:
    """Return the runs of two Butlers, one after the other."""
    return [
        *stream("butler_core", "butler_core", folder, subfolder="butler_core"),
        *stream("lsst_daf_butler", "lsst.daf.butler", folder, subfolder="lsst_daf_butler"),
    ]


def _requirements(families: Collection[str]) -> Iterator[Requirement]:
    for family in families:
        prefix = FAMILIES[family]
        for number in range(1, 13):
            yield Requirement(
                id=f"{prefix}-{number:02d}",
                sentence=SENTENCE.format(number),
                level="should" if number % 5 == 0 else "must",
                source="daf_butler documentation, Collections, Chains",
                family=family,
            )
    for name, sentence, family in (
        ("LAW-01", "An implementation and a model of plain sets give the same answers.", "laws"),
        ("PIC-01", "The calexp of the notebook is drawn pixel by pixel as approved.", "pictures"),
        ("NB-13", "A Butler opened without a collection is refused.", "notebook"),
    ):
        yield Requirement(
            id=name, sentence=sentence, level="must", source="notebook", family=family
        )


def _cases(requirements: list[Requirement], api: str) -> Iterator[Case]:
    yield Case(
        id="REPO.two_runs",
        requirement="",
        title="Two runs, a chain and a tag",
        kind="repository",
        code=CODE.format(api=api),
        place="repositories/two_runs.yaml:1",
        judged=False,
    )
    for dialect in ("w_2020_03", "current"):
        yield Case(
            id=f"NB-13.{dialect}",
            requirement="NB-13",
            title="A Butler without a collection",
            dialect=dialect,
            step=13,
            code="butler = Butler(repo)",
        )
    for one in requirements:
        if one.id in ("COL-12", "NB-13"):
            continue
        kind = {"laws": "property", "pictures": "picture"}.get(one.family, "data")
        for words in ("in-order",) if kind != "data" else ("in-order", "after", "with-tag"):
            yield Case(
                id=f"{one.id}.{words}",
                requirement=one.id,
                title=f"A chain keeps the order of its children, {words.replace('-', ' ')}",
                kind=kind,
                code=CODE.format(api=api),
                place=f"cases/{one.family}.yaml:{12}",
                needs=("REPO.two_runs",) if kind == "data" else (),
            )


def _passed(case: Case) -> Outcome:
    seen = Observation("the value", ["b", "a"], ["b", "a"], True)
    return Outcome(
        case=case.id,
        verdict=Verdict.PASSED,
        observations=(seen,) if case.judged else (),
        seconds=0.0123,
    )


def _special(pictures: Path, subfolder: str) -> Iterator[tuple[str, Outcome]]:
    """Yield what did not pass; the second Butler has a failure less."""
    wrong = Observation("the children", ["b", "a"], ["a", "b"], False, "the order is another")
    if subfolder != "lsst_daf_butler":
        yield "COL-03.after", _failed("the children: expected b, a, observed a, b", wrong)
    hostile = Observation(HOSTILE, [LONG] * 40, {"text": HOSTILE, "more": LONG}, False, HOSTILE)
    yield "COL-07.in-order", _failed(f"{HOSTILE}: expected {LONG}", hostile)
    yield (
        "LAW-01.in-order",
        replace(
            _failed("find_dataset answers another dataset than the model", wrong),
            texts={"Shortest program": PROGRAM, "Collections before the last call": DRAWING},
        ),
    )
    yield "PIC-01.in-order", _compared(pictures, subfolder)
    yield (
        "CHN-02.after",
        Outcome(
            case="",
            verdict=Verdict.BLOCKED,
            blocked_by="COL-07.in-order",
            message="blocked by COL-07.in-order, which is failed",
        ),
    )
    yield (
        "CHN-03.after",
        Outcome(
            case="",
            verdict=Verdict.ERROR,
            message="the harness raised ZeroDivisionError: division by zero",
            traceback="Traceback (most recent call last):\n  …\nZeroDivisionError: by zero",
        ),
    )
    refused = Observation("the refusal", "raises NotImplementedError", "raised it", True)
    yield (
        "PUT-04.in-order",
        Outcome(
            case="",
            verdict=Verdict.UNSUPPORTED,
            message="there is no exposure formatter",
            observations=(refused,),
        ),
    )
    yield "QRY-01.with-tag", Outcome(case="", verdict=Verdict.NOT_RUN)


def _failed(message: str, *seen: Observation) -> Outcome:
    return Outcome(
        case="",
        verdict=Verdict.FAILED,
        message=message,
        observations=(Observation("the type", "CHAINED", "CHAINED", True), *seen),
        repro=f"#!/usr/bin/env python\n# {message}\n{CODE.format(api='butler_core')}",
        seconds=0.0451,
    )


def _compared(folder: Path, subfolder: str) -> Outcome:
    from matplotlib.image import imsave

    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(1)
    expected = chance.normal(60, 12, (180, 240)).clip(0, 255)
    expected[40:70, 100:130] += 120
    actual = expected.copy()
    actual[44:60, 104:121] -= 90
    difference = np.abs(expected - actual) * 10
    names = {}
    for name, pixels in (("expected", expected), ("actual", actual), ("difference", difference)):
        grey = np.dstack([pixels.clip(0, 255).astype(np.uint8)] * 3)
        imsave(folder / f"PIC-01.in-order.{name}.png", grey)
        parts = ("pictures", subfolder, f"PIC-01.in-order.{name}.png")
        names[name] = "/".join(part for part in parts if part)
    comparison = PictureComparison(
        name="cell-11-pixels",
        **names,
        count=16 * 17,
        total=180 * 240,
        first=(104, 44),
        box=(104, 44, 121, 60),
    )
    seen = Observation("the pixels", "as approved", "272 of 43,200 differ", False)
    return replace(_failed("cell-11-pixels: 272 pixels differ", seen), comparisons=(comparison,))
