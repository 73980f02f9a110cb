"""``query-dimension-records``."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import click

from ..held_types import datasets_option, types_held
from ..limits import within_limit
from ..opening import open_repository
from ..options import (
    collections_option,
    format_option,
    limit_option,
    options_file_option,
    order_by_option,
    repository_argument,
    where_option,
)
from ..output import json_value, print_json, shown_value
from ..retired import no_check_option, offset_option
from ..tables import print_table

if TYPE_CHECKING:
    from ...dimensions import DimensionRecord


@click.command(short_help="List the records of a dimension.")
@repository_argument
@click.argument("element", metavar="ELEMENT")
@datasets_option
@collections_option("Where to look for the --datasets; in all collections if not given.")
@where_option
@order_by_option
@limit_option()
@offset_option
@no_check_option
@format_option
@options_file_option
def command(
    repo: str,
    element: str,
    datasets: tuple[str, ...],
    collections: tuple[str, ...],
    where: str,
    order_by: tuple[str, ...],
    limit: int,
    format_: str,
) -> None:
    """List the records of the dimension element ELEMENT, such as visit.

    As JSON, each is an object of its fields. A timespan has begin and end, TAI, and regions are
    hexadecimal as sphgeom encodes them.
    """
    with open_repository(repo) as butler:
        fields = butler.dimensions[element].RecordClass.fields
        types = types_held(butler, datasets, collections)
        records: list[DimensionRecord] = []
        if bool(types) == bool(datasets):
            results = butler.registry.queryDimensionRecords(
                element,
                datasets=types or None,
                collections=(collections or "*") if types else None,
                where=where,
            )
            results = results.order_by(*order_by) if order_by else results
            records = within_limit(results, limit, "dimension records")
        if not order_by:
            records.sort(key=operator.attrgetter("dataId"))
        if format_ == "json":
            print_json({name: json_value(one.get(name)) for name in fields} for one in records)
        elif records:
            print_table(
                ["timespan (TAI)" if name == "timespan" else name for name in fields],
                [[shown_value(one.get(name)) for name in fields] for one in records],
            )
        else:
            reason = ": the collections hold no such datasets" if datasets and not types else ""
            click.echo(f"No {element} records{reason}.", err=True)
