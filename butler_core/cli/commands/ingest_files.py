"""``ingest-files``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..opening import open_repository
from ..options import (
    options_file_option,
    repository_argument,
    track_file_attrs_option,
    transfer_option,
)
from ..splitting import key_values

if TYPE_CHECKING:
    from ...dataset import DatasetRef, DatasetType
    from ...file_dataset import FileDataset

_MODES = ("UNIQUE", "DATAID_TYPE", "DATAID_TYPE_RUN")


@click.command(short_help="Take in the files that a table lists.")
@repository_argument
@click.argument("dataset_type", metavar="DATASET_TYPE")
@click.argument("run", metavar="RUN")
@click.argument("table_file", metavar="TABLE_FILE", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--formatter",
    metavar="CLASS",
    help="Full name of the class that reads the files; that of the dataset type if not given.",
)
@click.option(
    "--id-generation-mode",
    type=click.Choice(_MODES, case_sensitive=False),
    default="UNIQUE",
    show_default=True,
    help="What ids of datasets are made of: UNIQUE is new each time, DATAID_TYPE the same for a"
    " data ID and dataset type anywhere, and DATAID_TYPE_RUN for those and the run.",
)
@click.option(
    "--data-id",
    multiple=True,
    metavar="KEY=VALUE,...",
    callback=key_values,
    help="Values of dimensions for all files, whatever the table says.",
)
@click.option(
    "--prefix",
    metavar="FOLDER",
    help="What relative paths of the table begin at; the current folder if not given.",
)
@track_file_attrs_option
@transfer_option
@options_file_option
def command(
    repo: str,
    dataset_type: str,
    run: str,
    table_file: str,
    formatter: str | None,
    id_generation_mode: str,
    data_id: Mapping[str, str],
    prefix: str | None,
    track_file_attrs: bool,
    transfer: str,
) -> None:
    """Take the files that TABLE_FILE lists into RUN, as datasets of DATASET_TYPE.

    TABLE_FILE is a CSV or ECSV table, or another that astropy reads. Its first column has the paths
    of files, its others, each named like a dimension, the data IDs; a file may be in several rows.

    The dimension records must be there already.
    """
    with open_repository(repo, writeable=True) as butler:
        kind = butler.get_dataset_type(dataset_type)
        rows = _Rows(table_file, prefix, data_id)
        datasets = rows.datasets(kind, run, id_generation_mode.upper(), formatter)
        butler.ingest(*datasets, transfer=transfer, record_validation_info=track_file_attrs)


class _Rows:
    """The rows of a table of files.

    Parameters
    ----------
    file : `str`
        The table.
    prefix : `str` or `None`
        Where relative paths begin.
    fixed : `~collections.abc.Mapping`
        Values of dimensions that all rows have.
    """

    def __init__(self, file: str, prefix: str | None, fixed: Mapping[str, str]) -> None:
        self._file = file
        self._folder = Path(prefix or ".").absolute()
        self._fixed = fixed

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the path and the data ID of each row."""
        from astropy.table import Table

        try:
            table = Table.read(self._file)
        except Exception as error:  # each of its readers has its own
            reason = str(error).strip().split("\n")[0]
            raise click.ClickException(f"{self._file} is no table: {reason}") from error
        paths, *keys = table.colnames
        for row in table:
            data_id = {key: row[key].item() for key in keys}
            yield str(self._folder / str(row[paths])), {**data_id, **self._fixed}

    def datasets(
        self, dataset_type: DatasetType, run: str, mode: str, formatter: str | None
    ) -> list[FileDataset]:
        """Return the files with their datasets."""
        from ...dataset import DatasetIdGenEnum, DatasetRef
        from ...file_dataset import FileDataset

        by_path: dict[str, list[DatasetRef]] = {}
        for path, data_id in self:
            ref = DatasetRef(dataset_type, data_id, run, id_generation_mode=DatasetIdGenEnum[mode])
            by_path.setdefault(path, []).append(ref)
        return [FileDataset(path, refs, formatter=formatter) for path, refs in by_path.items()]
