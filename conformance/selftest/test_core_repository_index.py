"""Repositories by label: what an index may be, and what is said of one that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from butler_core import Butler, errors
from butler_core.cli import main
from butler_core.repository_index import FILE_VARIABLE, TEXT_VARIABLE

from .core_world import RUN_A, World


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (FILE_VARIABLE, TEXT_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("prefix", ["", "file://"])
def test_a_label_is_a_repository(
    prefix: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index.yaml"
    index.write_text(f"hsc: {world.root.as_uri()}\nconfig: {world.root}/butler.yaml\n")
    monkeypatch.setenv(FILE_VARIABLE, f"{prefix}{index}")
    for label in ("hsc", "config"):
        with Butler(label, collections=RUN_A) as butler:
            assert len(butler.query_datasets("stats")) > 0
    assert Butler.get_known_repos() == {"hsc", "config"}
    index.write_text(f"later: {world.root}\n")
    assert Butler.get_known_repos() == {"later"}
    assert Butler.get_repo_uri("later").ospath == str(world.root)
    assert Butler.get_repo_uri("some/where", return_label=True).ospath.endswith("/some/where")


def test_a_label_goes_before_a_folder_of_that_name(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Butler.makeRepo(tmp_path / "hsc")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(TEXT_VARIABLE, f"hsc: {world.root}")
    assert RUN_A in Butler("hsc").collections.query("*")
    assert RUN_A not in Butler(Path("hsc")).collections.query("*"), "a path is no label"
    assert RUN_A not in Butler("./hsc").collections.query("*")


def test_the_command_line_takes_labels(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEXT_VARIABLE, f"hsc: {world.root}")
    done = CliRunner().invoke(main, ["query-collections", "hsc"])
    assert RUN_A in done.output, done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "must have a line such as"),
        ("hsc: [1]", "must have a line such as"),
        ("just words", "must have a line such as"),
        ("{hsc: 1", "neither YAML nor JSON, line 2"),
        ("!!python/object:os.system {}", "neither YAML nor JSON"),
    ],
)
def test_what_is_no_index(text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEXT_VARIABLE, text)
    for call in (Butler.get_known_repos, lambda: Butler.get_repo_uri("hsc")):
        with pytest.raises(errors.RepositoryIndexError, match=said):
            call()
    with pytest.raises(errors.MissingRepositoryError, match=said):
        Butler("hsc")


@pytest.mark.parametrize("place", ["/nowhere/index.yaml", "https://example.org/index.yaml"])
def test_an_index_that_is_not_there(
    place: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE_VARIABLE, place)
    with pytest.raises(errors.RepositoryIndexError, match=f"{place}.*{FILE_VARIABLE}"):
        Butler.get_known_repos()
    assert world.butler().collections.query(RUN_A) == [RUN_A]


def test_two_indexes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEXT_VARIABLE, f"hsc: {world.root}")
    monkeypatch.setenv(FILE_VARIABLE, "/nowhere")
    with pytest.raises(errors.RepositoryIndexError, match=r"two indexes.*unset one"):
        Butler.get_known_repos()


def test_labels_that_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.UnknownRepositoryError, match=f"{FILE_VARIABLE} is to name"):
        Butler.get_repo_uri("hsc")
    monkeypatch.setenv(TEXT_VARIABLE, '{"gone": "/nowhere", "far": "s3://bucket/repo"}')
    with pytest.raises(errors.MissingRepositoryError, match="/nowhere, whose label is gone"):
        Butler("gone")
    for call in (Butler, Butler.get_repo_uri):
        with pytest.raises(errors.MissingRepositoryError, match="s3://bucket/repo, whose label"):
            call("far")
    with pytest.raises(errors.MissingRepositoryError, match="labels of repositories are far, gone"):
        Butler("somewhere else")
    with pytest.raises(errors.UnknownRepositoryError, match="there are far, gone"):
        Butler.get_repo_uri("somewhere else")
