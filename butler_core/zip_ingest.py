"""A Zip file of datasets, taken into a repository."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Set
from typing import TYPE_CHECKING
from uuid import UUID

from .datastore.locations import local_path
from .datastore.transfer_modes import check_mode
from .datastore.zip_index import ZipIndex, read_zip_index
from .datastore.zip_ingesting import ZIP_MODES
from .errors import ConflictingDefinitionError, DataIdValueError, PartlyIngestedError, TransferError
from .reference_import import import_references

if TYPE_CHECKING:
    from .repository import Repository

__all__ = ["ingest_zip"]


class _DryRun(Exception):
    """Undoes what was tried."""


def ingest_zip(
    repository: Repository,
    zip_file: str | os.PathLike[str],
    *,
    transfer: str | None,
    transfer_dimensions: bool,
    dry_run: bool,
    skip_existing: bool,
) -> None:
    """Register the datasets of a Zip file, and take it in; see `Butler.ingest_zip`."""
    check_mode(transfer, ZIP_MODES)
    index = read_zip_index(_path(zip_file), repository.universe)
    with contextlib.suppress(_DryRun), repository.database.transaction():
        if _is_stored(index, repository.datastore.known(index.refs), skip_existing=skip_existing):
            return
        if transfer_dimensions and index.records is not None:
            for element, records in index.records.items():
                repository.records.insert(element, records, skip_existing=True)
        try:
            import_references(repository, list(index.refs.values()), register_types=True)
        except DataIdValueError as error:
            raise type(error)(f"{error}{_hint(index, transferred=transfer_dimensions)}") from error
        repository.datastore.ingest_zip(index, transfer=transfer, dry_run=dry_run)
        if dry_run:
            raise _DryRun


def _path(zip_file: str | os.PathLike[str]) -> str:
    given = os.fspath(zip_file)
    path = local_path(given) if "://" in given else given
    if path is None:
        raise TransferError(f"{given} cannot be ingested: butler_core reads local files")
    return os.path.abspath(path)  # noqa: PTH100


def _is_stored(index: ZipIndex, known: Set[UUID], *, skip_existing: bool) -> bool:
    if not known:
        return False
    stored = index.refs[min(known)]
    if len(known) < len(index.refs):
        raise PartlyIngestedError(
            f"{index.path} cannot be ingested: {len(known)} of its {len(index.refs)} datasets are"
            f" stored already, such as {stored}; a Zip file of the others alone can be"
        )
    if not skip_existing:
        raise ConflictingDefinitionError(
            f"{index.path} cannot be ingested: {stored} is stored already, as all others in it;"
            " skip_existing=True passes over such a file"
        )
    return True


def _hint(index: ZipIndex, *, transferred: bool) -> str:
    """Return the end of a sentence about a dimension record that is not there."""
    if index.records is None:
        return (
            f"; {index.path} has no dimension records: retrieve_artifacts_zip puts them in, if the"
            " data IDs of its datasets have them"
        )
    return "" if transferred else "; transfer_dimensions=True takes over those in the Zip file"
