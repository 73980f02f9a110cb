"""Files of datasets, as a Butler deals with them: damaged, outside of the root, in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    ConflictingDefinitionError,
    DatasetReadError,
    DatasetWriteError,
    FileTemplateError,
)

from .core_world import RUN_A, World

VISIT: dict[str, Any] = {"instrument": "HSC", "visit": 903334}


def put(world: World, **kwargs: Any) -> tuple[Butler, Path]:
    """Put a dataset; return its file too."""
    butler = world.butler(run=RUN_A)
    return butler, Path(butler.getURI(butler.put({"a": [1, 2, 3]}, "summary", VISIT)))


@pytest.mark.parametrize(
    "content", [b"a: [1, 2", b"\xff\xfe", b"", b"- 1\n", b"!!python/name:os.x"]
)
def test_a_damaged_file_is_named(world: World, content: bytes) -> None:
    butler, file = put(world)
    file.write_bytes(content)
    with world.refuses(DatasetReadError, str(file), "summary"):
        butler.get("summary", VISIT)


@pytest.mark.parametrize("run", ["../../outside", "a/../../../outside", "/../../outside"])
def test_a_run_that_leads_out_of_the_root_holds_no_files(world: World, run: str) -> None:
    butler = world.butler(run=run)
    outside = sorted(world.root.parent.iterdir())
    with world.refuses(FileTemplateError, "root"):
        butler.put({}, "summary", VISIT)
    assert sorted(world.root.parent.iterdir()) == outside
    (ref,) = butler.registry.insertDatasets("summary", [VISIT])
    assert butler.find_dataset("summary", VISIT) == ref


def test_a_record_that_leads_out_of_the_root_is_not_followed(world: World) -> None:
    butler, _ = put(world)
    secret = world.root.parent / "secret.yaml"
    secret.write_text("a: 1\n")
    world.write("UPDATE file_datastore_records SET path = '../secret.yaml'")
    with world.refuses(FileTemplateError, "../secret.yaml", "outside"):
        butler.get("summary", VISIT)


def test_what_cannot_be_written_is_named(world: World) -> None:
    butler = world.butler(run=RUN_A)
    with world.refuses(DatasetWriteError, "summary", "903334"):
        butler.put({"a": object()}, "summary", VISIT)
    assert not butler.exists("summary", VISIT)


def test_a_file_in_place_of_a_folder_is_named(world: World) -> None:
    (world.root / "HSC").write_text("in the way")
    butler = world.butler(run=RUN_A)
    with world.refuses(DatasetWriteError, "summary", str(world.root / "HSC")):
        butler.put({}, "summary", VISIT)


def test_a_file_that_nobody_owns_is_replaced(world: World) -> None:
    butler, file = put(world)
    world.write("DELETE FROM file_datastore_records")
    world.write("DELETE FROM dataset_location")
    world.write("DELETE FROM dataset WHERE dataset_type_id = 2")
    world.write("DELETE FROM dataset_tags_00000002")
    butler.put({"a": 2}, "summary", VISIT)
    assert file.read_text() == "a: 2\n"
    assert butler.get("summary", VISIT) == {"a": 2}


def test_a_failed_put_leaves_the_file_of_the_first(world: World) -> None:
    butler, file = put(world)
    before = file.read_bytes()
    with world.refuses(ConflictingDefinitionError, "summary"):
        butler.put({"a": 2}, "summary", VISIT)
    assert file.read_bytes() == before
    assert butler.get("summary", VISIT) == {"a": [1, 2, 3]}
