"""``export-calibs``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..new_folder import made_folder
from ..opening import open_repository
from ..options import (
    dataset_types_option,
    options_file_option,
    repository_argument,
    transfer_option,
)
from ..splitting import split_commas
from ..tables import print_table

if TYPE_CHECKING:
    from ...dataset import DatasetRef


@click.command(short_help="Export calibration collections.")
@repository_argument
@click.argument("directory", metavar="DIRECTORY", type=click.Path(path_type=Path))
@click.argument("collections", metavar="[COLLECTION...]", nargs=-1, callback=split_commas)
@dataset_types_option()
@transfer_option
@options_file_option
def command(
    repo: str,
    directory: Path,
    collections: tuple[str, ...],
    dataset_type: tuple[str, ...],
    transfer: str,
) -> None:
    """Export calibration collections to DIRECTORY, which is made, for `import`.

    COLLECTIONS are such, or chains that hold some; all of them, if none are named.
    """
    if directory.exists():
        raise click.ClickException(f"there is a {directory} already: name a folder to be made")
    with open_repository(repo) as butler:
        from ...collection import CollectionType

        kinds = {CollectionType.CALIBRATION, CollectionType.CHAINED}
        infos = butler.collections.query_info(
            collections or "*", kinds, flatten_chains=True, include_chains=True
        )
        held = [info.name for info in infos if info.type is CollectionType.CALIBRATION]
        refs: set[DatasetRef] = set()
        for one in butler.registry.queryDatasetTypes(dataset_type or ...):
            if one.isCalibration() and held:
                found = butler.registry.queryDatasets(one, collections=held, findFirst=False)
                refs.update(found.expanded())
        with (
            made_folder(directory),
            butler.export(directory=directory, format="yaml", transfer=transfer) as export,
        ):
            for info in infos:
                export.saveCollection(info.name)
            export.saveDatasets(refs)
    if refs:
        ordered = sorted(refs, key=lambda ref: (ref.datasetType.name, ref.dataId))
        names = sorted({name for ref in refs for name in ref.dimensions.names})
        header = ("calibrationType", "run", *names)
        print_table(header, list(_rows(ordered, names)), align="<")


def _rows(refs: Sequence[DatasetRef], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for ref in refs:
        yield (ref.datasetType.name, ref.run, *(ref.dataId.get(name, "") for name in names))
