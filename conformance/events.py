"""The stream of events of a run: what reports are made from, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from conformance.case import Case, Outcome, PictureComparison
from conformance.deviations import Deviation
from conformance.observation import Observation
from conformance.requirements import Requirement
from conformance.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The run begins.

    Attributes
    ----------
    when
        UTC, ISO 8601.
    command
        The command line, secrets left out.
    implementation, version
        The Butler that is judged.
    dialects
        The dialects that it offers.
    unsupported
        Capabilities that it declares not to have, with its reason for each.
    registry
        The kind of database.
    profile, seed
        How hard properties were tried, and where their chance began.
    fault
        The fault that was put in front of the implementation, where one was.
    suites
        Folders of others that belonged to the suite.
    others
        The Butlers that shared repositories with it in interop cases, as they were asked for; none
        where it was itself.
    butler
        What was asked for: an installed name, or ``package.module:factory``.
    repository
        What is known of the repository: its recipe and size.
    versions
        Name to version of the software that takes part, and the platform.
    """

    when: str
    command: str
    implementation: str
    version: str
    dialects: tuple[str, ...]
    registry: str
    repository: Mapping[str, Any]
    versions: Mapping[str, str]
    unsupported: Mapping[str, str] = field(default_factory=dict)
    profile: str = "ci"
    seed: int = 0
    fault: str = ""
    suites: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    butler: str = "butler_core"


@dataclass(frozen=True, slots=True)
class RequirementStated:
    """The suite holds this requirement."""

    requirement: Requirement


@dataclass(frozen=True, slots=True)
class CasePlanned:
    """The suite holds this case."""

    case: Case


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case begins."""

    id: str


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A case has its verdict."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run is over; what was planned and has no verdict was not run.

    Attributes
    ----------
    when
        UTC, ISO 8601.
    seconds
        Wall-clock time since the run began.
    complete
        False where it was broken off: by the user, or because the runner broke.
    """

    when: str
    seconds: float
    complete: bool = True


Event: TypeAlias = (
    RunStarted | RequirementStated | CasePlanned | CaseStarted | CaseFinished | RunFinished
)


def to_json(event: Event) -> dict[str, Any]:
    """Return an event as plain data, with its kind under ``event``."""
    return {"event": type(event).__name__, **asdict(event, dict_factory=_plain_fields)}


def from_json(data: Mapping[str, Any]) -> Event:
    """Return the event that `to_json` made the data from.

    Raises
    ------
    ValueError
        Raised for a kind of event that does not exist.
    """
    fields = dict(data)
    match fields.pop("event", None):
        case "RunStarted":
            names = ("dialects", "suites", "others")
            tuples = {name: tuple(fields.get(name, ())) for name in names}
            return RunStarted(**{**fields, **tuples})
        case "RequirementStated":
            return RequirementStated(Requirement(**fields["requirement"]))
        case "CasePlanned":
            return CasePlanned(case_from_json(fields["case"]))
        case "CaseStarted":
            return CaseStarted(**fields)
        case "CaseFinished":
            return CaseFinished(outcome_from_json(fields["outcome"]))
        case "RunFinished":
            return RunFinished(**fields)
        case kind:
            raise ValueError(f"{kind!r} is not a kind of event; known are {', '.join(_KINDS)}")


def case_from_json(data: Mapping[str, Any]) -> Case:
    """Return a case from plain data."""
    return Case(
        **{
            **data,
            "needs": tuple(data["needs"]),
            "capabilities": frozenset(data["capabilities"]),
        }
    )


def case_to_json(case: Case) -> dict[str, Any]:
    """Return a case as plain data."""
    return asdict(case, dict_factory=_plain_fields)


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain data."""
    return asdict(outcome, dict_factory=_plain_fields)


def outcome_from_json(data: Mapping[str, Any]) -> Outcome:
    """Return an outcome from plain data."""
    return Outcome(
        **{
            **data,
            "verdict": Verdict(data["verdict"]),
            "deviation": Deviation(**data["deviation"]) if data["deviation"] else None,
            "observations": tuple(Observation(**item) for item in data["observations"]),
            "warnings": tuple(data["warnings"]),
            "pictures": tuple(data["pictures"]),
            "comparisons": tuple(_comparison_from_json(item) for item in data["comparisons"]),
        }
    )


def _comparison_from_json(data: Mapping[str, Any]) -> PictureComparison:
    first, box = (tuple(data[name]) if data[name] else None for name in ("first", "box"))
    return PictureComparison(**{**data, "first": first, "box": box})


class JsonLines:
    """Writes each event as a line of JSON as soon as it comes, so that a killed run leaves a trace.

    Parameters
    ----------
    path
        The file; replaced where it exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("", encoding="utf-8")

    def pytest_conformance_event(self, event: Event) -> None:
        """Append one event."""
        with self.path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(json.dumps(to_json(event), ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[Event]:
    """Yield the events of a file that `JsonLines` wrote."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield from_json(json.loads(line))


_KINDS = (
    "RunStarted",
    "RequirementStated",
    "CasePlanned",
    "CaseStarted",
    "CaseFinished",
    "RunFinished",
)


def _plain_fields(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in pairs}


def _plain(value: Any) -> Any:
    if isinstance(value, Verdict):
        return str(value)
    return sorted(value) if isinstance(value, frozenset) else value
