"""Datasets that have files and tags, to be removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from butler_core import CollectionType, DatasetRef

from .core_world import RUN_A, TAGGED, VISITS, World

OTHER_TAG = "HSC/other"
PURGE: dict[str, Any] = {"purge": True, "unstore": True}
UNSTORE: dict[str, Any] = {"disassociate": False, "unstore": True}


class Stored:
    """Datasets that have files, the first two of them in two tagged collections."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.butler = butler = world.butler(run=RUN_A)
        self.refs = [butler.put({"n": n}, "summary", at(n)) for n in range(3)]
        butler.collections.register(OTHER_TAG, CollectionType.TAGGED)
        for tag in (TAGGED, OTHER_TAG):
            butler.registry.associate(tag, self.refs[:2])

    def file(self, number: int) -> Path:
        """Return the file of a dataset."""
        return Path(self.butler.getURI(self.refs[number]).ospath)

    def files(self) -> list[Path]:
        """Return all files of datasets."""
        return [path for path in (self.world.root / "HSC").rglob("*") if path.is_file()]

    def trash(self) -> list[tuple[Any, ...]]:
        """Return what the trash holds."""
        return self.world.rows("SELECT * FROM dataset_location_trash")

    def tagged(self, tag: str = TAGGED) -> set[DatasetRef]:
        """Return the datasets that are in a tagged collection."""
        return set(self.butler.query_datasets("summary", collections=tag, explain=False))


def at(number: int) -> dict[str, Any]:
    """Return the data ID of a dataset."""
    return {"instrument": "HSC", "visit": list(VISITS)[number]}
