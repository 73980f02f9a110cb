"""What files of older dimension universes become, so that they mean the same in a newer one."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from ..dimensions import DimensionUniverse
from ..errors import ExportFileError
from ..lazy_import import import_object
from ..timespan import Timespan, time_from_nanoseconds
from .records import DatasetTypeDefinition, DimensionRecords, ExportHeader, ExportPiece
from .tags import time_of_text, time_text

__all__ = ["Migration"]

_NAMESPACE = "daf_butler"
_DAY = 86_400 * 10**9

_Records = list[dict[str, Any]]


class Migration:
    """Turns the pieces of a file into those that a repository's universe wants.

    Parameters
    ----------
    header : `ExportHeader`
        Where the pieces are from.
    universe : `DimensionUniverse`
        Where they are to go.
    instruments : `~collections.abc.Iterable`
        Records of the instruments that are known already, whose days begin at
        an hour of their own.
    """

    def __init__(
        self, header: ExportHeader, universe: DimensionUniverse, instruments: Iterable[Any]
    ) -> None:
        is_rubins = header.universe_namespace == universe.namespace == _NAMESPACE
        old = header.universe_version if is_rubins else universe.version
        visit = universe.get("visit")
        exposure = universe.get("exposure")
        visit_fields = set() if visit is None else {column.name for column in visit.columns}
        self._visit_system = old < 2 and "visit_system_membership" in universe
        self._seeing = old < 1 and visit is not None and "seeing" not in visit_fields
        self._add_day_obs = old < 1 and "day_obs" in visit_fields
        self._group = old < 6 and exposure is not None and "group" in exposure.implied_names
        self._day_obs = {
            element.name
            for element in (visit, exposure)
            if old < 6 and element is not None and "day_obs" in element.implied_names
        }
        self._days: set[tuple[Any, Any]] = set()
        self._classes = {one.name: str(one.class_name) for one in instruments}
        self._without_offset: set[Any] = set()

    def pieces(self, piece: ExportPiece) -> Iterator[ExportPiece]:
        """Yield what one piece becomes, in the order that it is needed.

        Raises
        ------
        ExportFileError
            If a record lacks what its universe demands.
        """
        if isinstance(piece, DatasetTypeDefinition):
            if self._visit_system and "visit" in piece.dimensions:
                names = tuple(name for name in piece.dimensions if name != "visit_system")
                piece = dataclasses.replace(piece, dimensions=names)
            yield piece
        elif isinstance(piece, DimensionRecords):
            records = [dict(record) for record in piece.records]
            yield from self._records(piece.element, records)
        else:
            yield piece

    def _records(self, element: str, records: _Records) -> Iterator[DimensionRecords]:
        after: list[DimensionRecords] = []
        if element == "instrument":
            self._classes.update({one.get("name"): str(one.get("class_name")) for one in records})
        if element == "visit":
            if self._visit_system:
                after.append(DimensionRecords("visit_system_membership", _memberships(records)))
            if self._seeing:
                for record in records:
                    record.pop("seeing", None)
            if self._add_day_obs:
                for record in records:
                    record["day_obs"] = self._day_of(record)
        if element == "exposure" and self._group:
            yield DimensionRecords("group", _groups(records))
        if element in self._day_obs:
            days = self._new_days(records)
            if days:
                yield DimensionRecords("day_obs", days)
        yield DimensionRecords(element, records)
        yield from after

    def _day_of(self, record: dict[str, Any]) -> int:
        timespan = record.get("timespan")
        if not isinstance(timespan, Timespan) or timespan.begin is None or timespan.isEmpty():
            raise ExportFileError(
                f"visit {record.get('id')} needs datetime_begin, from which its day_obs is made"
            )
        begin = timespan.nsec[0]
        offset = self._offset(record.get("instrument"), begin) or 0
        return int(time_text(begin - offset)[:10].replace("-", ""))

    def _new_days(self, records: _Records) -> _Records:
        """Return records of the days that were not given before."""
        new = []
        for record in records:
            instrument, day = (_needed(record, name) for name in ("instrument", "day_obs"))
            if (instrument, day) in self._days:
                continue
            self._days.add((instrument, day))
            text = str(day)
            try:
                begin = time_of_text(f"{text[:4]}-{text[4:6]}-{text[6:]}")
            except ValueError:
                raise ExportFileError(f"day_obs is such as 20140101, not {day!r}") from None
            offset = self._offset(instrument, begin)
            timespan = None
            if offset is not None:
                timespan = Timespan.from_nanoseconds(begin + offset, begin + offset + _DAY)
            new.append({"instrument": instrument, "id": day, "timespan": timespan})
        return new

    def _offset(self, instrument: Any, nanoseconds: int) -> int | None:
        """Return nanoseconds from midnight TAI to when a day of an instrument begins."""
        name = self._classes.get(instrument, "")
        try:
            # To import runs code: of what a file names, just that of Rubin's own packages.
            if not name.startswith("lsst."):
                raise ImportError(name)
            translator = import_object(name).translatorClass
            offset = translator.observing_date_to_offset(time_from_nanoseconds(nanoseconds))
            seconds: int = round(offset.to_value("s"))
            return seconds * 10**9
        except Exception:
            self._without_offset.add(instrument)
            return None

    def warn(self) -> None:
        """Warn of days whose hours are not known."""
        if self._without_offset and self._days:
            names = ", ".join(sorted(map(str, self._without_offset)))
            warnings.warn(
                f"day_obs records were made without timespans for {names}: the file is of a"
                " universe in which day_obs was no dimension, and the instrument's class, which"
                " knows when a day begins, cannot be imported",
                stacklevel=2,
            )


def _needed(record: dict[str, Any], name: str) -> Any:
    if name not in record:
        raise ExportFileError(f"the record {record} needs {name!r} in a file of its universe")
    return record[name]


def _memberships(visits: _Records) -> _Records:
    """Take the visit system out of visits, and return which is in which."""
    memberships = []
    for visit in visits:
        instrument, id, system = (
            _needed(visit, name) for name in ("instrument", "id", "visit_system")
        )
        del visit["visit_system"]
        memberships.append({"instrument": instrument, "visit_system": system, "visit": id})
    return memberships


def _groups(exposures: _Records) -> _Records:
    """Let exposures refer to groups by name, and return these groups, each once."""
    groups: dict[Any, dict[str, Any]] = {}
    for exposure in exposures:
        instrument, name = (_needed(exposure, name) for name in ("instrument", "group_name"))
        del exposure["group_name"]
        exposure.pop("group_id", None)
        exposure["group"] = name
        groups[instrument, name] = {"instrument": instrument, "name": name}
    return list(groups.values())
