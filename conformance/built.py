"""Whether a repository is as its recipe builds it, seen without any Butler."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from contextlib import closing
from pathlib import Path

from conformance import recipes
from conformance.notebook.facts import FULL, QUARTER
from conformance.repository import CaseRepository, RepositoryNotFoundError, locate

DATABASE = "gen3.sqlite3"
OWN_FILES = frozenset({"butler.yaml", DATABASE})
RUN = 1
COLLECTIONS = "SELECT name, type FROM collection"
DATASET_TYPES = "SELECT name FROM dataset_type"
DATASETS = """
    SELECT dataset_type.name, collection.name, COUNT(*) FROM dataset
    JOIN dataset_type ON dataset_type.id = dataset.dataset_type_id
    JOIN collection ON collection.collection_id = dataset.run_id
    GROUP BY dataset.dataset_type_id, dataset.run_id
"""
FILES = "SELECT path, file_size FROM file_datastore_records"


def locate_as_built(path: Path, recipe: str = "ci_hsc") -> CaseRepository:
    """Return the repository in a folder, which must be as its recipe built it.

    Cases compare with what the recipe makes: of a repository that holds less or more they would
    blame the Butler.

    Raises
    ------
    RepositoryNotFoundError
        Raised where there is none, or where it differs; the message says in what.
    """
    repository = locate(path)
    found = list(differences(repository, recipes.load(recipe)))
    if found:
        more = f" (and {len(found) - 1} more differences)" if len(found) > 1 else ""
        raise RepositoryNotFoundError(
            f"{path} is not as `butler-conformance make-repo {recipe}` builds it: {found[0]}{more};"
            " make another one, or leave the option out and one is made for the run."
        )
    return repository


def differences(repository: CaseRepository, recipe: recipes.Recipe) -> Iterator[str]:
    """Yield in what a repository differs from what a recipe builds, each in a few words.

    The collections, dataset types and datasets of the registry are looked at, and the names and
    sizes of the files; not the pixels, nor the dimension records.
    """
    root = repository.root
    address = f"{(root / DATABASE).resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            types = dict(database.execute(COLLECTIONS).fetchall())
            names = {name for (name,) in database.execute(DATASET_TYPES)}
            datasets = Counter({row[:2]: row[2] for row in database.execute(DATASETS)})
            files = dict(database.execute(FILES).fetchall())
    except sqlite3.Error as error:
        yield f"its {DATABASE} cannot be read as a registry ({error})"
        return
    contents = recipe.contents()
    yield from _members("collection", set(types), set(recipe.runs()))
    yield from (f"{name} is not a RUN collection" for name, kind in types.items() if kind != RUN)
    yield from _members("dataset type", names, {name for name, _ in contents})
    for (name, run), expected in sorted(contents.items()):
        found = datasets.pop((name, run), 0)
        if found != expected.datasets:
            yield f"{run} holds {found} datasets {name} instead of {expected.datasets}"
    yield from (f"{run} holds datasets {name}" for name, run in sorted(datasets))
    yield from _files(root, files, sum(expected.files for expected in contents.values()))
    yield from _size(repository)


def _members(kind: str, found: Set[str], expected: Set[str]) -> Iterator[str]:
    yield from (f"it lacks the {kind} {name!r}" for name in sorted(expected - found))
    yield from (f"it has the {kind} {name!r} besides" for name in sorted(found - expected))


def _files(root: Path, recorded: Mapping[str, int], expected: int) -> Iterator[str]:
    if len(recorded) != expected:
        yield f"its registry knows {len(recorded)} files instead of {expected}"
    there = {
        path.relative_to(root).as_posix(): path.stat().st_size
        for path in root.rglob("*")
        if path.is_file()
    }
    for name in sorted(recorded.keys() - there.keys()):
        yield f"the file {name} is not there"
    for name in sorted(there.keys() - recorded.keys() - OWN_FILES):
        yield f"the file {name} is not in its registry"
    for name in sorted(recorded.keys() & there.keys()):
        if there[name] != recorded[name]:
            yield f"the file {name} has {there[name]} bytes instead of {recorded[name]}"


def _size(repository: CaseRepository) -> Iterator[str]:
    from conformance.oracles.files import exposure_size

    try:
        width, height = exposure_size(repository.file("calexp", 903338, 25))
    except (OSError, ValueError) as error:
        yield f"its calexps cannot be read ({error})"
        return
    sizes = {(size.shape[1], size.shape[0]) for size in (QUARTER, FULL)}
    if (width, height) not in sizes:
        known = " or ".join(f"{wide} x {high}" for wide, high in sorted(sizes))
        yield f"its calexps have {width} x {height} pixels instead of {known}"
