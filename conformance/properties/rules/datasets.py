"""Calls about datasets."""

from __future__ import annotations

from conformance.model import CollectionKind
from conformance.properties.operations import (
    Associate,
    Disassociate,
    InsertDatasets,
    Operation,
    PruneDatasets,
    Put,
    RemoveDatasets,
)
from conformance.properties.rules.choosing import Chooser


def insert(choose: Chooser) -> Operation:
    """Return a call that inserts a dataset or two."""
    dataset_type, run = choose.dataset_type(), choose.collection(CollectionKind.RUN)
    keys = [choose.data_id(dataset_type, run) for _ in range(2 if choose.seldom() else 1)]
    labels = tuple(choose.new_label() for _ in keys)
    return InsertDatasets(dataset_type, tuple(keys), run, labels)


def put(choose: Chooser) -> Operation:
    """Return a call that puts a dataset."""
    dataset_type, run = choose.dataset_type(), choose.collection(CollectionKind.RUN)
    return Put(dataset_type, choose.data_id(dataset_type, run), run, (choose.new_label(),))


def tag(choose: Chooser) -> Operation:
    """Return a call that tags datasets, or takes their tag."""
    collection = choose.collection(CollectionKind.TAGGED)
    labels = choose.labels()
    return Disassociate(labels, collection) if choose.seldom() else Associate(labels, collection)


def remove(choose: Chooser) -> Operation:
    """Return a call that removes datasets, those with files or tags among them."""
    datasets = choose.model.datasets
    tagged = [one.label for one in datasets if datasets.tags(one.label)]
    labels = choose.some(tagged, 2, 1) if tagged and choose.spelling() else choose.labels()
    return RemoveDatasets(labels) if choose.spelling() else PruneDatasets(labels)
