"""Judges of the steps that ask the registry: 15, 16 and 17."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks

JANUARY_REF = re.compile(
    r"src@\{'instrument': 'HSC', 'detector': (?P<detector>\d+), 'visit': (?P<visit>\d+)\} "
    r"\(id=(?P<id>\d+)\)"
)
TODAY_REF = re.compile(
    r"src@\{instrument: 'HSC', detector: (?P<detector>\d+), visit: (?P<visit>\d+), "
    r"band: '(?P<band>[ir])', day_obs: (?P<day>\d{8}), physical_filter: 'HSC-(?P<filter>[IR])'\} "
    r"\[sc=SourceCatalog\] \(run=shared/ci_hsc_output id=(?P<id>[0-9a-f-]{36})\)"
)
TODAY_CALEXP = (
    "DatasetType('calexp', {band, instrument, day_obs, detector, physical_filter, visit}, "
    "ExposureF)"
)


@judges(15, "w_2020_03")
def six_collections(seen: Seen, check: Checks) -> None:
    """Check the collections that hold datasets, a set of text."""
    check.equal("the type of the answer", lambda: type(seen.value).__name__, "set")
    check.equal("collections that hold datasets", lambda: seen.value, set(facts.FILLED_COLLECTIONS))


@judges(15, "current")
def seven_collections(seen: Seen, check: Checks) -> None:
    """Check that all collections are there, the empty run among them, each once."""
    check.equal("all collections", lambda: set(seen.value), set(facts.ALL_COLLECTIONS))
    check.equal("how many names", lambda: len(seen.value), len(facts.ALL_COLLECTIONS))


@judges(16, "w_2020_03")
def types_with_components(seen: Seen, check: Checks) -> None:
    """Check 53 dataset types and 132 components, printed as in January 2020."""
    check.equal("the type of the answer", lambda: type(seen.value).__name__, "frozenset")
    check.equal("how many entries", lambda: len(seen.value), 185)
    printed = _printed(seen)
    check.equal(
        "the printed dataset types",
        lambda: {text for name, text in printed().items() if "." not in name},
        {known.printed for known in facts.DATASET_TYPES},
    )
    check.equal(
        "the names of the components",
        lambda: {name for name in printed() if "." in name},
        set(facts.COMPONENT_NAMES),
    )
    check.equal(
        "the printed components of calexp",
        lambda: {text for name, text in printed().items() if name.startswith("calexp.")},
        set(facts.CALEXP_COMPONENTS),
    )


@judges(16, "current")
def types_of_today(seen: Seen, check: Checks) -> None:
    """Check 53 dataset types in order of name, with today's dimensions."""
    known = {
        one.name: [sorted(one.required_today), one.storage_class, one.is_calibration]
        for one in facts.DATASET_TYPES
    }
    check.equal("how many dataset types", lambda: len(seen.value), 53)
    check.equal("their order", lambda: [one.name for one in seen.value], sorted(known))
    check.equal(
        "required dimensions, storage class, whether a calibration",
        lambda: {(one.name, *map(str, _described(one))) for one in seen.value},
        {(name, *map(str, described)) for name, described in known.items()},
    )
    check.equal(
        "calexp as it prints itself",
        lambda: next(str(one) for one in seen.value if one.name == "calexp"),
        TODAY_CALEXP,
    )


@judges(17, "w_2020_03")
def printed_refs(seen: Seen, check: Checks) -> None:
    """Check 33 references in the form of January 2020, from an iterator that is spent."""
    _refs(seen, check, JANUARY_REF)
    check.equal("what the query gives when read again", lambda: list(seen["query"]), [])
    ids = [int(match["id"]) for match in JANUARY_REF.finditer(seen.output)]
    check.equal("ids that are not positive", lambda: [one for one in ids if one <= 0], [])
    check.equal("ids of more than one reference", lambda: _repeated(ids), [])


@judges(17, "current")
def listed_refs(seen: Seen, check: Checks) -> None:
    """Check 33 references in today's form, ordered by visit and detector."""
    _refs(seen, check, TODAY_REF)
    check.equal(
        "visit and detector, in the order of the answer",
        lambda: [[ref.dataId["visit"], ref.dataId["detector"]] for ref in seen["refs"]],
        [list(pair) for pair in sorted(facts.VISIT_DETECTORS)],
    )
    check.equal(
        "visits with their band, day_obs and filter",
        lambda: {
            (int(one["visit"]), one["band"], int(one["day"]), one["filter"])
            for one in TODAY_REF.finditer(seen.output)
        },
        {
            (visit, "r", 20130617, "R") if visit in facts.R_VISITS else (visit, "i", 20131102, "I")
            for visit, _ in facts.VISIT_DETECTORS
        },
    )
    ids = [match["id"] for match in TODAY_REF.finditer(seen.output)]
    check.equal("ids of more than one reference", lambda: _repeated(map(UUID, ids)), [])


def _refs(seen: Seen, check: Checks, form: re.Pattern[str]) -> None:
    lines = seen.output.splitlines()
    check.equal("how many lines", lambda: len(lines), 33)
    check.equal(
        "lines of another form", lambda: [one for one in lines if not form.fullmatch(one)], []
    )
    check.equal(
        "visit and detector of each reference",
        lambda: {
            (int(match["visit"]), int(match["detector"])) for match in form.finditer(seen.output)
        },
        set(facts.VISIT_DETECTORS),
    )


def _repeated(ids: Iterable[Any]) -> list[str]:
    return [str(one) for one, count in Counter(ids).items() if count > 1]


def _printed(seen: Seen) -> Any:
    return lambda: {one.name: str(one) for one in seen.value}


def _described(dataset_type: Any) -> list[Any]:
    return [
        sorted(dataset_type.dimensions.required),
        dataset_type.storageClass_name,
        bool(dataset_type.isCalibration()),
    ]
