"""Opening a repository, and what is wrong where that fails."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    Butler,
    ButlerConfig,
    ButlerConfigError,
    CollectionTypeError,
    DataIdValueError,
    FileTemplateError,
    MissingCollectionError,
    MissingRepositoryError,
    ReadOnlyError,
    RepositoryError,
)

from .core_world import CHAIN, LATISS_RUN, RUN_A, RUN_B, TAGGED, World, data_id


@pytest.mark.parametrize(
    "source",
    [
        lambda root: root,
        str,
        lambda root: root / "butler.yaml",
        lambda root: str(root / "butler.yaml"),
        lambda root: f"file://{root}",
        ButlerConfig,
        lambda root: {**ButlerConfig(root)._values, "root": str(root)},
        os.path.relpath,
    ],
)
def test_a_repository_opens_by_all_names(world: World, source: Callable[[Path], Any]) -> None:
    for make in (Butler, Butler.from_config):
        with make(source(world.root), collections=CHAIN) as butler:
            assert len(butler.query_datasets("stats")) == 9
            assert not butler.isWriteable()


def test_the_defaults_are_those_given(world: World) -> None:
    butler = world.butler(collections=[TAGGED, CHAIN], instrument="HSC", writeable=False)
    assert butler.collections.defaults == (TAGGED, CHAIN)
    assert butler.run is None
    assert butler.registry.defaults.dataId == {"instrument": "HSC"}
    assert "HSC/tagged" in repr(butler)


def test_a_run_opens_for_writing_and_is_registered(world: World) -> None:
    butler = world.butler(run="new")
    assert butler.isWriteable()
    assert butler.run == "new"
    assert butler.collections.defaults == ("new",)
    assert world.rows("SELECT type FROM collection WHERE name = 'new'") == [(1,)]
    both = world.butler(run="newer", collections=["newer", RUN_A])
    assert both.collections.defaults == ("newer", RUN_A)
    with world.unchanged():
        world.butler(run=RUN_A)


@pytest.mark.parametrize(
    ("arguments", "kind", "fragments"),
    [
        ({"collections": "nope"}, MissingCollectionError, ("'nope'",)),
        ({"collections": [RUN_A, "nope"], "run": "new"}, MissingCollectionError, ("'nope'",)),
        ({"collections": ""}, MissingCollectionError, ("''",)),
        ({"collection": RUN_A}, ArgumentError, ("did you mean collections=?",)),
        ({"colections": RUN_A}, ArgumentError, ("did you mean collections=?",)),
        ({"instrumnt": "HSC"}, ArgumentError, ("did you mean 'instrument'?",)),
        ({"writable": True}, ArgumentError, ("did you mean writeable=?",)),
        ({"visit": 5}, ArgumentError, ("instrument and skymap", "visit=5")),
        ({"instrument": "HSC2"}, DataIdValueError, ("'HSC2'", "did you mean 'HSC'?")),
        ({"instrument": 5}, DataIdValueError, ("instrument", "5")),
        ({"run": "new", "writeable": False}, ReadOnlyError, ("'new'", "writeable=False")),
        ({"run": "new", "instrument": "nope"}, DataIdValueError, ("'nope'",)),
        ({"run": TAGGED}, CollectionTypeError, (TAGGED, "TAGGED", "not a RUN")),
        ({"collections": 5}, ArgumentError, ("5",)),
        ({"collections": [5]}, ArgumentError, ("5",)),
    ],
)
def test_a_wrong_argument_is_named(
    world: World, arguments: dict[str, Any], kind: type[Exception], fragments: tuple[str, ...]
) -> None:
    with world.refuses(kind, *fragments):
        world.butler(**arguments)


def test_a_clone_has_other_defaults_on_the_same_connection(world: World) -> None:
    butler = world.butler(run=RUN_A, instrument="HSC")
    clone = butler.clone(collections=[RUN_B])
    assert (clone.run, clone.collections.defaults) == (RUN_A, (RUN_B,))
    assert clone.registry.defaults.dataId == {"instrument": "HSC"}
    assert butler.collections.defaults == (RUN_A,)
    other = butler.clone(run="new")
    assert (other.run, other.collections.defaults) == ("new", ("new",))
    latiss = butler.clone(dataId={"instrument": "LATISS"}, collections=LATISS_RUN)
    assert latiss.find_dataset("stats", visit=903334, detector=0) is not None
    assert butler.clone(run=None).run is None
    assert type(clone) is type(butler)
    calls: list[Callable[[], object]] = [
        lambda: butler.clone(collections="nope", run="made in vain"),
        lambda: butler.clone(run="made in vain", dataId={"instrument": "nope"}),
    ]
    for call in calls:
        with world.unchanged(), pytest.raises(Exception, match="'nope'"):
            call()


def test_assigning_defaults_says_clone(world: World) -> None:
    butler: Any = world.butler(collections=RUN_A)
    assert butler.collections.defaults == (RUN_A,)
    for name in ("collection", "collections", "run"):
        with pytest.raises(AttributeError, match=r"butler\.clone"):
            setattr(butler, name, RUN_B)
    assert butler.collections.defaults == (RUN_A,)


def test_a_context_closes(world: World) -> None:
    with Butler(world.root, writeable=True) as butler:
        butler.collections.register("new")
        descriptors = _open_files(world)
        assert descriptors
    assert not _open_files(world)
    butler.close()
    with pytest.raises(ZeroDivisionError), Butler(world.root) as butler:
        _ = 1 / 0
    assert not _open_files(world)
    for arguments in ({"collections": "nope"}, {"nope": 1}):
        with pytest.raises(Exception, match="nope"):
            Butler(world.root, **arguments)
        assert not _open_files(world)


def _open_files(world: World) -> list[str]:
    """Return the descriptors of this process that are open on the database."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    found = []
    for path in folder.iterdir():
        try:
            target = path.readlink()
        except FileNotFoundError:
            continue
        if target == world.database:
            found.append(path.name)
    return found


@pytest.mark.parametrize("name", ["nowhere", "empty", "nowhere/butler.yaml"])
def test_no_repository_names_the_place(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileNotFoundError) as caught:
        Butler(tmp_path / name, writeable=True)
    assert isinstance(caught.value, MissingRepositoryError)
    assert str(tmp_path / name) in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert not Butler.has_repo_config(tmp_path / name)


def test_a_folder_around_a_repository_names_it(world: World) -> None:
    with pytest.raises(MissingRepositoryError) as caught:
        Butler(world.root.parent)
    assert str(caught.value).endswith(f"; did you mean {world.root}?")


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("a: [1, 2\nb: 3\n", ("line 2", "column")),
        ("a: b: c\n", ("line 1", "column 5")),
        ("", ("empty",)),
        ("- 1\n- 2\n", ("a list",)),
        ("just text", ("a str",)),
        ("a: 1\n", ("'registry.db'",)),
        ("registry: {db: 'sqlite:///x'}\n", ("'datastore.cls'",)),
        ("datastore: {cls: x}\nregistry: {}\n", ("'registry.db'",)),
        ("datastore: {cls: x}\nregistry: {db: nonsense}\n", ("registry.db", "sqlite://")),
        ("datastore: {cls: x}\nregistry: {db: 'mysql://u:secret@h/d'}\n", ("mysql",)),
        ("\x00", ("butler.yaml",)),
        ("!!python/object/apply:os.getcwd []\n", ("line 1",)),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(
    world: World, text: str, fragments: tuple[str, ...]
) -> None:
    (world.root / "butler.yaml").write_text(text)
    with world.unchanged(), pytest.raises(ButlerConfigError) as caught:
        world.butler()
    for fragment in (*fragments,):
        assert fragment in str(caught.value)
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_bytes_that_are_no_text_are_refused(world: World) -> None:
    (world.root / "butler.yaml").write_bytes(b"\xff\xfe\xfa")
    with world.refuses(ButlerConfigError, "butler.yaml"):
        world.butler()


def test_a_missing_database_is_named_and_not_made(world: World) -> None:
    world.database.unlink()
    for writeable in (False, True):
        with pytest.raises(RepositoryError, match=r"gen3\.sqlite3 does not exist"):
            world.butler(writeable=writeable)
        assert not world.database.exists()


@pytest.mark.parametrize("size", [0, 10, 100, 4096, 20_000, 300_000])
def test_a_truncated_database_is_named(world: World, size: int) -> None:
    world.database.write_bytes(world.database.read_bytes()[:size])
    before = world.database.read_bytes()

    def use() -> None:
        butler = world.butler(collections=CHAIN)
        butler.query_datasets("stats", with_dimension_records=True)
        for name in ("visit", "detector", "physical_filter"):
            butler.query_dimension_records(name)
        butler.put({}, "summary", instrument="HSC", visit=903334, run=RUN_A)

    with pytest.raises(RepositoryError) as caught:
        use()
    assert isinstance(caught.value, OSError)
    assert "gen3.sqlite3" in str(caught.value)
    assert world.database.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 500, b"SQLite format 3\0" + b"x" * 9000]
)
def test_what_is_no_database_is_named(world: World, content: bytes) -> None:
    world.database.write_bytes(content)
    with pytest.raises(RepositoryError, match=r"gen3\.sqlite3"):
        world.butler()
    assert world.database.read_bytes() == content


def test_a_database_of_something_else_is_named(world: World) -> None:
    world.database.unlink()
    connection = sqlite3.connect(world.database)
    connection.execute("CREATE TABLE something (a)")
    connection.close()
    with world.refuses(RepositoryError, "butler_attributes"):
        world.butler()


def test_a_folder_in_place_of_the_database_is_named(world: World) -> None:
    world.database.unlink()
    world.database.mkdir()
    with pytest.raises(RepositoryError, match=r"gen3\.sqlite3"):
        world.butler()


def test_a_template_that_leaves_the_root_is_refused_at_opening(world: World) -> None:
    text = (world.root / "butler.yaml").read_text()
    assert "\ndatastore:\n" in f"\n{text}"
    template = "  templates: {default: '../{run}/{datasetType}/{visit}'}\n"
    (world.root / "butler.yaml").write_text(text.replace("datastore:\n", f"datastore:\n{template}"))
    with world.refuses(FileTemplateError, "../{run}", "leaves the root"):
        world.butler()


@pytest.mark.parametrize(
    "name",
    ["with space", "a%20b", "quo'te\"s", "ünï¢ode", "what?x=1", "hash#1", "a&b;c", "at@home:1"],
)
def test_a_root_may_have_any_name(tmp_path: Path, core_template: Path, name: str) -> None:
    from .core_world import copy

    root = tmp_path / name / "inner"
    Butler.makeRepo(root)
    assert sorted(path.name for path in root.iterdir()) == ["butler.yaml", "gen3.sqlite3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]
    world = copy(core_template, tmp_path / name / "copied")
    butler = world.butler(run=RUN_A)
    ref = butler.put({"a": 1}, "summary", instrument="HSC", visit=903334)
    assert world.butler(writeable=False, collections=RUN_A).get(ref) == {"a": 1}
    assert Path(butler.getURI(ref)).is_relative_to(root.parent)
    assert butler.find_dataset("stats", data_id()) is not None
    world.close()
    Butler(world.root.as_uri()).close()


def test_a_butler_that_nobody_closed_is_closed_with_its_last_reference(world: World) -> None:
    """Python 3.13 warns of connections that are dropped while they are open."""
    script = (
        "import gc, sys, warnings\n"
        "from butler_core import Butler\n"
        "warnings.simplefilter('error')\n"
        "butler = Butler(sys.argv[1])\n"
        "connection = butler._repository.database.connection\n"
        "del butler\n"
        "gc.collect()\n"
        "try:\n"
        "    connection.execute('SELECT 1')\n"
        "except Exception as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(world.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("Cannot operate on a closed database.\n", "")
