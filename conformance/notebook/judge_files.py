"""Judges of the steps that look at the files: 4, 5, 7, 8 and 9."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks
from conformance.oracles.files import single_file

JANUARY_NAMES = [
    f"calexp_r_HSC-R_903338_{detector}_HSC_shared"  # the run's name goes on below, in a folder
    for detector in (18, 25)
]


@judges(4, "w_2020_03")
def folder_of_the_repository(seen: Seen, check: Checks) -> None:
    """Check that the folder holds DATA, and DATA is a repository."""
    check.holds("the folder's entries", lambda: seen.value, "hold DATA", lambda it: "DATA" in it)
    root = seen.repository.root
    check.equal(
        "DATA holds a configuration and a database",
        lambda: {name: (root / name).is_file() for name in ("butler.yaml", "gen3.sqlite3")},
        {"butler.yaml": True, "gen3.sqlite3": True},
    )


@judges(5, "w_2020_03")
def one_folder_for_each_dataset_type(seen: Seen, check: Checks) -> None:
    """Check that the output run has one folder for each dataset type with files."""
    check.equal("the output run's entries", lambda: seen.value, facts.FILE_DATASET_TYPES)
    check.equal(
        "which of them are folders",
        lambda: [name for name in seen.value if (seen.repository.output / name).is_dir()],
        facts.FILE_DATASET_TYPES,
    )


@judges(5, "current")
def one_folder_for_each_dataset_type_by_uri(seen: Seen, check: Checks) -> None:
    """Check that a dataset's URI leads to a file below the folder of its dataset type."""
    output = seen.repository.output.resolve()
    check.equal(
        "the folder below the output run of one dataset of each type",
        lambda: {
            name: Path(path).resolve().relative_to(output).parts[0]
            for name, path in seen.value.items()
        },
        {name: name for name in facts.FILE_DATASET_TYPES},
    )
    check.equal(
        "whether the file exists",
        lambda: {name: Path(path).is_file() for name, path in seen.value.items()},
        dict.fromkeys(facts.FILE_DATASET_TYPES, True),
    )
    check.equal(
        "calexps and srcs whose URI is not the file of their visit and detector",
        lambda: [wrong for name in ("calexp", "src") for wrong in _misled(seen, name)],
        [],
    )


def _misled(seen: Seen, name: str) -> Iterator[str]:
    """Yield the datasets of a type whose URI names another file than their data ID does."""
    output, explorer = seen.repository.output, seen["explorer"]
    for ref in explorer.query_datasets(name):
        visit, detector = ref.dataId["visit"], ref.dataId["detector"]
        pattern = f"{name}/*/*/{visit}/{name}_*_{visit}_{detector}_HSC_*/**/*.fits"
        path = Path(explorer.getURI(ref).ospath)
        if path.resolve() != single_file(output, pattern).resolve():
            yield f"{name} of visit {visit}, detector {detector}: {path.parent.name}/{path.name}"


@judges(7, "w_2020_03")
def bands_as_folders(seen: Seen, check: Checks) -> None:
    """Check that the bands i and r have a folder."""
    check.equal("bands with calexps", lambda: seen.value, ["i", "r"])


@judges(7, "current")
def bands_of_calexps(seen: Seen, check: Checks) -> None:
    """Check that all calexps are found, and are in i and r."""
    check.equal("bands with calexps", lambda: seen.value, ["i", "r"])
    _found(seen, check, facts.VISIT_DETECTORS)


@judges(8, "w_2020_03")
def visits_as_folders(seen: Seen, check: Checks) -> None:
    """Check that each of the six r-band visits has a folder."""
    expected = [str(visit) for visit in facts.R_VISITS]
    check.equal("folders of visits in HSC-R", lambda: seen.value, expected)


@judges(8, "current")
def visits_as_numbers(seen: Seen, check: Checks) -> None:
    """Check that six visits of HSC-R have calexps, and all of these are found."""
    check.equal("visits with calexps in HSC-R", lambda: seen.value, facts.R_VISITS)
    _found(seen, check, {one for one in facts.VISIT_DETECTORS if one[0] in facts.R_VISITS})


def _found(seen: Seen, check: Checks, expected: Set[tuple[int, int]]) -> None:
    """Check that the query of the step gives each calexp once."""
    check.equal("how many calexps are found", lambda: len(seen["calexps"]), len(expected))
    check.equal(
        "their visits and detectors",
        lambda: {(ref.dataId["visit"], ref.dataId["detector"]) for ref in seen["calexps"]},
        set(expected),
    )


@judges(9, "w_2020_03")
def detectors_as_names(seen: Seen, check: Checks) -> None:
    """Check that each entry names band, filter, visit, detector and instrument."""
    check.equal("entries of visit 903338", lambda: seen.value, JANUARY_NAMES)


@judges(9, "current")
def detectors_as_numbers(seen: Seen, check: Checks) -> None:
    """Check that visit 903338 has calexps of two detectors."""
    check.equal("detectors of visit 903338, in order", lambda: seen.value, [18, 25])
