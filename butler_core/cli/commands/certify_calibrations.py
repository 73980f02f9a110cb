"""``certify-calibrations``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..opening import open_repository
from ..options import options_file_option, repository_argument

if TYPE_CHECKING:
    from astropy.time import Time


@click.command(short_help="Give calibrations a validity range.")
@repository_argument
@click.argument("input_collection", metavar="INPUT_COLLECTION")
@click.argument("output_collection", metavar="OUTPUT_COLLECTION")
@click.argument("dataset_type_name", metavar="DATASET_TYPE_NAME")
@click.option(
    "--begin-date",
    metavar="TIME",
    help="When they become valid, such as 2014-11-02T10:00:00 (TAI); no bound if not given.",
)
@click.option("--end-date", metavar="TIME", help="When they are no longer valid (TAI).")
@click.option(
    "--search-all-inputs",
    is_flag=True,
    help="Take all children of a chain INPUT_COLLECTION, not its first alone.",
)
@options_file_option
def command(
    repo: str,
    input_collection: str,
    output_collection: str,
    dataset_type_name: str,
    begin_date: str | None,
    end_date: str | None,
    search_all_inputs: bool,
) -> None:
    """Give datasets of INPUT_COLLECTION a validity range in OUTPUT_COLLECTION.

    That is a calibration collection, and is made if there is none.
    """
    begin, end = _time("--begin-date", begin_date), _time("--end-date", end_date)
    with open_repository(repo, writeable=True) as butler, butler.transaction():
        from ...collection import CollectionType
        from ...timespan import Timespan

        info = butler.collections.get_info(input_collection)
        searched = input_collection
        if info.type is CollectionType.CHAINED and not search_all_inputs:
            if not info.children:
                raise click.ClickException(f"chain {input_collection!r} has no children")
            searched = info.children[0]
        refs = butler.query_datasets(dataset_type_name, searched)
        butler.collections.register(output_collection, CollectionType.CALIBRATION)
        butler.registry.certify(output_collection, refs, Timespan(begin, end))


def _time(option: str, text: str | None) -> Time | None:
    """Return a TAI time that an option gives.

    Raises
    ------
    click.BadParameter
        If it is none.
    """
    if text is None:
        return None
    from astropy.time import Time

    try:
        return Time(text, scale="tai")
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time such as 2014-11-02T10:00:00.", param_hint=option
        ) from None
