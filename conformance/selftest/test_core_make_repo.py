"""Making a repository, with a seed, and what an error leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from butler_core import (
    Butler,
    ButlerConfig,
    ButlerConfigError,
    DatasetType,
    FileTemplateError,
    ManagerMismatchError,
    RepositoryExistsError,
)

from .core_world import insert_dimensions

TEMPLATE = "{run:/}/{datasetType}/of_{instrument}/{visit:?}/x_{detector:?}"
SEED: dict[str, Any] = {"datastore": {"templates": {"default": TEMPLATE}}}


def as_mapping(folder: Path) -> Any:
    return SEED


def as_config(folder: Path) -> Any:
    return ButlerConfig(
        {**SEED, "registry": {"db": "sqlite:///<butlerRoot>/gen3.sqlite3"}}
        | {"datastore": {**SEED["datastore"], "cls": "x.y"}},
        root=folder,
    )


def as_path(folder: Path) -> Any:
    file = folder / "seed.yaml"
    file.write_text(yaml.safe_dump(SEED))
    return file


def as_text(folder: Path) -> Any:
    return str(as_path(folder))


def test_a_fresh_repository_is_two_files(tmp_path: Path) -> None:
    config = Butler.makeRepo(tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "butler.yaml",
        "gen3.sqlite3",
    ]
    values = yaml.safe_load((tmp_path / "new" / "butler.yaml").read_text())
    assert values["datastore"] == {
        "cls": "lsst.daf.butler.datastores.fileDatastore.FileDatastore",
        "records": {"table": "file_datastore_records"},
        "root": "<butlerRoot>",
    }
    assert values["registry"]["db"] == "sqlite:///<butlerRoot>/gen3.sqlite3"
    assert set(values["registry"]["managers"]) == {
        "attributes",
        "collections",
        "datasets",
        "datastores",
        "dimensions",
        "opaque",
    }
    assert Butler.has_repo_config(tmp_path / "new")
    with Butler(config) as butler:
        assert butler.collections.query() == []
        assert butler.registry.queryDatasetTypes() == []
        assert butler.query_dimension_records("instrument", explain=False) == []


@pytest.mark.parametrize("seed", [as_mapping, as_path, as_text, as_config])
def test_a_seed_differs_from_the_defaults(tmp_path: Path, seed: Any) -> None:
    root = tmp_path / "new"
    Butler.makeRepo(root, config=seed(tmp_path))
    values = yaml.safe_load((root / "butler.yaml").read_text())
    assert values["datastore"]["templates"] == {"default": TEMPLATE}
    assert values["datastore"]["root"] == "<butlerRoot>"
    assert len(values["registry"]["managers"]) == 6
    with Butler(root, run="some/run") as butler:
        insert_dimensions(butler)
        butler.registry.registerDatasetType(
            DatasetType("d", ["visit"], "StructuredDataDict", universe=butler.dimensions)
        )
        ref = butler.put({"a": 1}, "d", instrument="HSC", visit=903334)
        assert Path(butler.getURI(ref)) == root / "some/run/d/of_HSC/903334/x_.yaml"


def test_the_seed_itself_is_not_changed(tmp_path: Path) -> None:
    seed: dict[str, Any] = {"datastore": {"templates": {"default": TEMPLATE}}}
    Butler.makeRepo(tmp_path / "new", config=seed)
    assert seed == {"datastore": {"templates": {"default": TEMPLATE}}}


def test_a_database_elsewhere(tmp_path: Path) -> None:
    seed = {"registry": {"db": f"sqlite:///{tmp_path}/other.sqlite3"}}
    Butler.makeRepo(tmp_path / "new", config=seed)
    assert (tmp_path / "other.sqlite3").is_file()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["butler.yaml"]
    with Butler(tmp_path / "new", writeable=True) as butler:
        assert butler.collections.register("new")


def test_storage_classes_of_its_own(tmp_path: Path) -> None:
    seed = {"storageClasses": {"MakeRepoList": {"pytype": "list"}}}
    Butler.makeRepo(tmp_path / "new", config=seed)
    with Butler(tmp_path / "new", run="r") as butler:
        kind = DatasetType("d", [], "MakeRepoList", universe=butler.dimensions)
        butler.registry.registerDatasetType(kind)
        assert butler.get_dataset_type("d").storageClass.pytype is list


def test_a_repository_is_not_made_twice(tmp_path: Path) -> None:
    Butler.makeRepo(tmp_path / "new")
    before = [path.read_bytes() for path in sorted((tmp_path / "new").iterdir())]
    with pytest.raises(RepositoryExistsError) as caught:
        Butler.makeRepo(tmp_path / "new")
    assert isinstance(caught.value, FileExistsError)
    assert str(tmp_path / "new") in str(caught.value)
    assert [path.read_bytes() for path in sorted((tmp_path / "new").iterdir())] == before


@pytest.mark.parametrize(
    ("seed", "kind", "fragment"),
    [
        (
            {"datastore": {"templates": {"default": "../{run}/{visit}"}}},
            FileTemplateError,
            "leaves the root",
        ),
        ({"datastore": {"templates": {"default": "{nope"}}}, FileTemplateError, "{nope"),
        (
            {"datastore": {"templates": {"default": "{collection}/{visit}"}}},
            FileTemplateError,
            "run",
        ),
        ({"registry": {"db": "postgresql://u:secret@h/d"}}, ButlerConfigError, "postgresql"),
        ({"registry": {"db": "nonsense"}}, ButlerConfigError, "registry.db"),
        ({"registry": None}, ButlerConfigError, "registry.db"),
        ({"datastore": None}, ButlerConfigError, "datastore.cls"),
        ({"registry": {"db": "sqlite:////no/such/folder/x.sqlite3"}}, OSError, "x.sqlite3"),
        ({"storageClasses": {"ExposureF": {"pytype": "list"}}}, ButlerConfigError, "ExposureF"),
        (
            {"registry": {"managers": {"opaque": "some.other.Manager"}}},
            ManagerMismatchError,
            "some.other",
        ),
        ({"registry": {"managers": {"opaques": "x.y"}}}, ManagerMismatchError, "opaques"),
    ],
)
@pytest.mark.parametrize("existed", [False, True])
def test_an_error_leaves_nothing(
    tmp_path: Path, seed: Any, kind: type[Exception], fragment: str, existed: bool
) -> None:
    root = tmp_path / "outer" / "new"
    if existed:
        root.mkdir(parents=True)
        (root / "mine.txt").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(kind) as caught:
        Butler.makeRepo(root, config=seed)
    assert type(caught.value).__module__ == "butler_core.errors"
    assert fragment in str(caught.value)
    assert "secret" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "fragments"),
    [("a: [1\nb: 2", ("line 2",)), ("", ("empty",)), ("- 1", ("a list",))],
)
def test_a_seed_that_is_no_configuration_is_named(
    tmp_path: Path, text: str, fragments: tuple[str, ...]
) -> None:
    (tmp_path / "seed.yaml").write_text(text)
    with pytest.raises(ButlerConfigError) as caught:
        Butler.makeRepo(tmp_path / "new", config=tmp_path / "seed.yaml")
    for fragment in ("seed.yaml", *fragments):
        assert fragment in str(caught.value)
    assert not (tmp_path / "new").exists()
    with pytest.raises(FileNotFoundError, match=r"none\.yaml"):
        Butler.makeRepo(tmp_path / "new", config=tmp_path / "none.yaml")


def test_a_dimension_configuration_that_cannot_be_used_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ButlerConfigError, match="'version'"):
        Butler.makeRepo(tmp_path / "new", dimensionConfig={"elements": {}})
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    Butler.makeRepo(tmp_path / "one")
    (tmp_path / "two").mkdir()
    data = (tmp_path / "one" / "gen3.sqlite3").read_bytes()
    (tmp_path / "two" / "gen3.sqlite3").write_bytes(data)
    with pytest.raises(OSError, match=r"gen3\.sqlite3"):
        Butler.makeRepo(tmp_path / "two")
    assert (tmp_path / "two" / "gen3.sqlite3").read_bytes() == data
    assert not (tmp_path / "two" / "butler.yaml").exists()
