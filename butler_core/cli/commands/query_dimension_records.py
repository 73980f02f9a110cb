"""``query-dimension-records``."""

from __future__ import annotations

import operator

import click

from ..opening import open_repository
from ..options import (
    format_option,
    limit_option,
    options_file_option,
    order_by_option,
    repository_argument,
    where_option,
)
from ..output import json_value, print_json, shown_value
from ..tables import print_table


@click.command()
@repository_argument
@click.argument("element", metavar="ELEMENT")
@where_option
@order_by_option
@limit_option()
@format_option
@options_file_option
def command(
    repo: str, element: str, where: str, order_by: tuple[str, ...], limit: int, format_: str
) -> None:
    """List the records of the dimension element ELEMENT, such as visit.

    As JSON, each is an object of its fields. A timespan has begin and end, TAI, and regions are
    hexadecimal as sphgeom encodes them.
    """
    with open_repository(repo) as butler:
        records = butler.query_dimension_records(
            element, where=where, order_by=order_by, limit=limit or None, explain=False
        )
        if not order_by:
            records.sort(key=operator.attrgetter("dataId"))
        fields = butler.dimensions[element].RecordClass.fields
        if format_ == "json":
            print_json({name: json_value(one.get(name)) for name in fields} for one in records)
        elif records:
            print_table(
                ["timespan (TAI)" if name == "timespan" else name for name in fields],
                [[shown_value(one.get(name)) for name in fields] for one in records],
            )
        else:
            click.echo(f"No {element} records.", err=True)
