"""What a Butler shows of a repository, by public calls, as sets of plain texts.

Two Butlers on one repository must show the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NO_LIMIT: Mapping[str, Any] = {"explain": False, "limit": None}


def sight(butler: Any, *, identified: bool = True) -> dict[str, frozenset[str]]:
    """Return all that a Butler shows: what it is, in words, to a text for each one.

    Parameters
    ----------
    butler
        Any Butler with Rubin's API.
    identified
        Whether the ids of datasets are shown too, for Butlers on the same repository.
    """
    infos = sorted(
        butler.collections.query_info("*", include_summary=True, include_doc=True),
        key=lambda info: info.name,
    )
    types = sorted(butler.registry.queryDatasetTypes(), key=lambda one: str(one.name))
    found: dict[str, Iterable[str]] = {
        "the collections": map(_collection, infos),
        "the summaries of collections": map(_summary, infos),
        "the dataset types": map(_dataset_type, types),
    }
    for element in butler.dimensions.elements:
        if element.has_own_table:
            records = butler.query_dimension_records(element.name, **NO_LIMIT)
            found[f"the {element.name} records"] = map(_record, records)
    refs: dict[Any, Any] = {}
    for one in types:
        members = [*butler.registry.queryDatasetAssociations(one, collections="*")]
        refs |= {member.ref.id: member.ref for member in members if _is_run(member)}
        found[f"the {one.name} datasets by collection"] = map(_member, members)
        for info in infos:
            if info.type.name == "CHAINED" and info.children and not one.isCalibration():
                matches = butler.query_datasets(one.name, info.name, find_first=True, **NO_LIMIT)
                found[f"the first {one.name} datasets of {info.name}"] = map(_dataset, matches)
    found["the contents of the datasets"] = _contents(butler, refs.values())
    if identified:
        found["the ids of the datasets"] = (
            f"{_dataset(ref)} has the id {ref.id}" for ref in refs.values()
        )
    return {what: frozenset(texts) for what, texts in found.items()}


def _is_run(member: Any) -> bool:
    return bool(member.collection == member.ref.run)


def _collection(info: Any) -> str:
    children = f" of {', '.join(info.children)}" if info.children else ""
    return f"{info.type.name} {info.name}{children}" + (f": {info.doc}" if info.doc else "")


def _summary(info: Any) -> str:
    return f"{info.name} may hold {', '.join(sorted(info.dataset_types)) or 'nothing'}"


def _dataset_type(one: Any) -> str:
    kind = "calibration " if one.isCalibration() else ""
    names = ", ".join(sorted(one.dimensions.names))
    return f"{kind}{one.name} of {{{names}}} as {one.storageClass_name}"


def _dataset(ref: Any) -> str:
    return f"{ref.datasetType.name} {_data_id(ref)} of {ref.run}"


def _member(member: Any) -> str:
    valid = "" if member.timespan is None else f", valid from {_value(member.timespan)}"
    return f"{_dataset(member.ref)} in {member.collection}{valid}"


def _data_id(ref: Any) -> str:
    values = sorted(ref.dataId.required.items())
    return "{" + ", ".join(f"{key}: {value}" for key, value in values) + "}"


def _record(record: Any) -> str:
    values = record.toDict().items()
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in values) + "}"


def _value(value: Any) -> str:
    if hasattr(value, "nsec"):
        return f"{value.nsec[0]} to {value.nsec[1]} ns"
    if hasattr(value, "getBoundingCircle"):
        return f"{type(value).__name__} {hashlib.sha256(value.encode()).hexdigest()[:12]}"
    return value.hex() if isinstance(value, bytes) else str(value)


def _contents(butler: Any, refs: Iterable[Any]) -> Iterator[str]:
    for ref in refs:
        if not butler.stored(ref):
            yield f"{_dataset(ref)} has no file"
            continue
        try:
            content = _value(butler.get(ref))
        except Exception as error:
            content = f"raises {type(error).__name__}"
        yield f"{_dataset(ref)} is {content}"
