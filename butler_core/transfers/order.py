"""The order in which the pieces of an export can be loaded."""

from __future__ import annotations

from collections.abc import Iterable

from ..collection import CollectionType
from ..dimensions import DimensionUniverse
from .records import (
    DatasetTypeDefinition,
    DimensionRecords,
    ExportedCollection,
    ExportedFiles,
    ExportPiece,
)

__all__ = ["needs_sorting", "stage_of"]

_ELEMENTS = 1 << 20  # more than a universe has
_COLLECTIONS, _CHAINS, _DATASET_TYPES, _FILES, _ASSOCIATIONS = range(_ELEMENTS, _ELEMENTS + 5)


def stage_of(piece: ExportPiece, universe: DimensionUniverse) -> int:
    """Return a number that is larger for what may need other pieces."""
    if isinstance(piece, DimensionRecords):
        return universe.index(piece.element) if piece.element in universe else 0
    if isinstance(piece, ExportedCollection):
        return _CHAINS if piece.type is CollectionType.CHAINED else _COLLECTIONS
    if isinstance(piece, DatasetTypeDefinition):
        return _DATASET_TYPES
    return _FILES if isinstance(piece, ExportedFiles) else _ASSOCIATIONS


def needs_sorting(pieces: Iterable[ExportPiece], universe: DimensionUniverse) -> list[int]:
    """Return the stages of some pieces, sorted; none if each comes after what it needs."""
    stages: set[int] = set()
    latest = -1
    used: set[str] = set()
    defined: set[str] = set()
    sorted_already = True
    for piece in pieces:
        stage = stage_of(piece, universe)
        stages.add(stage)
        if isinstance(piece, ExportedFiles):
            used.add(piece.dataset_type)
        if isinstance(piece, DatasetTypeDefinition):
            # It comes before its own files, again with those of each run, and after others'.
            if piece.name in defined or piece.name not in used:
                stage = max(stage, min(latest, _FILES))
            defined.add(piece.name)
        sorted_already &= stage >= latest
        latest = max(latest, stage)
    return [] if sorted_already else sorted(stages)
