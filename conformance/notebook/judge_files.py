"""Judges of the steps that look at the files: 4, 5, 7, 8 and 9."""

from __future__ import annotations

from pathlib import Path

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks

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


@judges(7)
def bands(seen: Seen, check: Checks) -> None:
    """Check that calexps exist in i and r."""
    check.equal("bands with calexps", lambda: seen.value, ["i", "r"])


@judges(8, "w_2020_03")
def visits_as_folders(seen: Seen, check: Checks) -> None:
    """Check that each of the six r-band visits has a folder."""
    expected = [str(visit) for visit in facts.R_VISITS]
    check.equal("folders of visits in HSC-R", lambda: seen.value, expected)


@judges(8, "current")
def visits_as_numbers(seen: Seen, check: Checks) -> None:
    """Check that six visits of HSC-R have calexps."""
    check.equal("visits with calexps in HSC-R", lambda: seen.value, facts.R_VISITS)


@judges(9, "w_2020_03")
def detectors_as_names(seen: Seen, check: Checks) -> None:
    """Check that each entry names band, filter, visit, detector and instrument."""
    check.equal("entries of visit 903338", lambda: seen.value, JANUARY_NAMES)


@judges(9, "current")
def detectors_as_numbers(seen: Seen, check: Checks) -> None:
    """Check that visit 903338 has calexps of two detectors."""
    check.equal("detectors of visit 903338, in order", lambda: seen.value, [18, 25])
