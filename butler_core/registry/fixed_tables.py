"""The tables of a registry that do not depend on its dimensions."""

from __future__ import annotations

from sqlalchemy import SmallInteger

from ..dimensions import DimensionColumn
from .table_builder import TableBuilder

__all__ = ["FIXED_TABLES"]


def _attributes(builder: TableBuilder) -> None:
    builder.text("name")
    builder.text("value")
    builder.primary_key("name")


def _dimension_graph_key(builder: TableBuilder) -> None:
    builder.autoincrement("id")
    builder.primary_key("id")


def _dimension_graph_definition(builder: TableBuilder) -> None:
    builder.integer("dimension_graph_id")
    builder.text("dimension_name")
    builder.primary_key("dimension_graph_id", "dimension_name")
    builder.reference("dimension_graph_key", ["dimension_graph_id"], ["id"], cascade=True)


def _collection(builder: TableBuilder) -> None:
    builder.autoincrement("collection_id")
    builder.text("name")
    builder.column("type", SmallInteger)
    builder.text("doc", nullable=True)
    builder.primary_key("collection_id")
    builder.unique("name")


def _run(builder: TableBuilder) -> None:
    builder.integer("collection_id")
    builder.text("host", nullable=True)
    builder.field(DimensionColumn("timespan", "timespan"))
    builder.primary_key("collection_id")
    builder.reference("collection", ["collection_id"], cascade=True)


def _collection_chain(builder: TableBuilder) -> None:
    builder.integer("parent")
    builder.column("position", SmallInteger, autoincrement=False)
    builder.integer("child")
    builder.primary_key("parent", "position")
    builder.reference("collection", ["parent"], ["collection_id"], cascade=True)
    builder.reference("collection", ["child"], ["collection_id"])


def _collection_summary_dataset_type(builder: TableBuilder) -> None:
    builder.integer("collection_id")
    builder.integer("dataset_type_id")
    builder.primary_key("collection_id", "dataset_type_id")
    builder.reference("collection", ["collection_id"], cascade=True)
    builder.reference("dataset_type", ["dataset_type_id"], ["id"], cascade=True)


def _dataset_type(builder: TableBuilder) -> None:
    builder.autoincrement("id")
    builder.text("name")
    builder.text("storage_class")
    builder.integer("dimensions_key")
    builder.text("tag_association_table")
    builder.text("calibration_association_table", nullable=True)
    builder.primary_key("id")
    builder.unique("name")


def _dataset(builder: TableBuilder) -> None:
    builder.uuid("id")
    builder.integer("dataset_type_id")
    builder.integer("ingest_date")
    builder.integer("run_id")
    builder.primary_key("id")
    builder.reference("dataset_type", ["dataset_type_id"], ["id"])
    builder.reference("run", ["run_id"], ["collection_id"], cascade=True)


def _opaque_meta(builder: TableBuilder) -> None:
    builder.text("table_name")
    builder.primary_key("table_name")


def _dataset_location(builder: TableBuilder) -> None:
    builder.text("datastore_name")
    builder.uuid("dataset_id")
    builder.primary_key("datastore_name", "dataset_id")
    builder.reference("dataset", ["dataset_id"], ["id"])


def _dataset_location_trash(builder: TableBuilder) -> None:
    builder.uuid("dataset_id")
    builder.text("datastore_name")
    builder.primary_key("dataset_id", "datastore_name")


def _file_datastore_records(builder: TableBuilder) -> None:
    builder.uuid("dataset_id")
    for name in ("path", "formatter", "storage_class"):
        builder.text(name)
    builder.string("component", 32)
    builder.text("checksum", nullable=True)
    builder.integer("file_size", nullable=True)
    builder.primary_key("dataset_id", "component")
    builder.index("path")


FIXED_TABLES = {
    "butler_attributes": _attributes,
    "dimension_graph_key": _dimension_graph_key,
    "dimension_graph_definition": _dimension_graph_definition,
    "collection": _collection,
    "run": _run,
    "collection_chain": _collection_chain,
    "dataset_type": _dataset_type,
    "collection_summary_dataset_type": _collection_summary_dataset_type,
    "dataset": _dataset,
    "opaque_meta": _opaque_meta,
    "dataset_location": _dataset_location,
    "dataset_location_trash": _dataset_location_trash,
    "file_datastore_records": _file_datastore_records,
}
"""Tables that do not depend on the dimensions."""
