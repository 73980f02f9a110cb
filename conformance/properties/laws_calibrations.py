"""A law of validity ranges: what was certified for a time, and not decertified since, is valid."""

from __future__ import annotations

from typing import Any

from conformance.properties.law import law
from conformance.properties.literal import literal
from conformance.properties.session import Session

DETECTORS = (1, 2)
RUNS = ("first", "second")
DAYS = range(-1, 6)
"""Days that are looked at; the first and the last stand for all before and after."""
CALLS = 7

SETUP = f"""from astropy.time import Time

def day(number):
    if number in ({DAYS.start}, {DAYS.stop}):
        return None
    return Time(58849 + number, format="mjd", scale="tai")

butler.registry.registerDatasetType(DatasetType(
    "dark", ["detector"], "StructuredDataDict", universe=butler.dimensions, isCalibration=True
))
butler.collections.register("darks", CollectionType.CALIBRATION)
darks = {{}}
for run in {RUNS}:
    butler.collections.register(run)
    for detector in {DETECTORS}:
        data_id = {{"instrument": "Cam", "detector": detector}}
        [darks[run, detector]] = butler.registry.insertDatasets("dark", [data_id], run=run)

def answer(call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__
    return "done"

def associated():
    found = butler.registry.queryDatasetAssociations("dark", collections="darks")
    return sorted(
        (one.ref.dataId["detector"], number, one.ref.run)
        for one in found
        for number in range({DAYS.start}, {DAYS.stop})
        if one.timespan.overlaps(Timespan(day(number), day(number + 1)))
    )

def found():
    for detector in {DETECTORS}:
        for number in range({DAYS.start}, {DAYS.stop}):
            ref = butler.find_dataset(
                "dark", instrument="Cam", detector=detector, collections="darks",
                timespan=Timespan(day(number), day(number + 1)),
            )
            if ref is not None:
                yield detector, number, ref.run"""


@law(
    "LAW-13.as-told",
    "At each time that is valid which was certified for it last",
    reaches=("a range that is cut", "an overlap that is refused", "several at once"),
)
def as_told(session: Session, draw: Any) -> None:
    """Certify and decertify ranges of days; the model is which run is valid on which day."""
    session.do(SETUP)
    valid: dict[tuple[int, int], str] = {}
    for _ in range(CALLS):
        begin = draw(session.one_of(DAYS))
        end = draw(session.one_of(range(begin + 1, DAYS.stop + 1)))
        chosen = draw(session.one_of([DETECTORS, *[(one,) for one in DETECTORS]]))
        # Of a collection that never had any, nothing is decertified: that is a case of its own.
        run = draw(session.one_of([*RUNS, *RUNS, None] if valid else RUNS))
        cells = {(detector, number) for detector in chosen for number in range(begin, end)}
        span = f"Timespan(day({begin}), day({end}))"
        expected = "done"
        if run is None:
            data_ids = literal([{"instrument": "Cam", "detector": one} for one in chosen])
            call = f'butler.registry.decertify, "darks", "dark", {span}, dataIds={data_ids}'
            if 0 < len(cells & valid.keys()) < len(valid):
                session.reached("a range that is cut")
            valid = {cell: one for cell, one in valid.items() if cell not in cells}
        else:
            refs = ", ".join(f"darks[{run!r}, {one}]" for one in chosen)
            call = f'butler.registry.certify, "darks", [{refs}], {span}'
            if cells & valid.keys():
                expected = "ConflictingDefinitionError"
                session.reached("an overlap that is refused")
            else:
                valid.update(dict.fromkeys(cells, run))
                if len(chosen) > 1:
                    session.reached("several at once")
        session.equal(f"answer({call})", literal(expected))
        right = literal(sorted((*cell, one) for cell, one in valid.items()))
        session.equal("associated()", right)
    session.equal("sorted(found())", right)
