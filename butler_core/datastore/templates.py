"""Paths of files, made from templates and data IDs."""

from __future__ import annotations

import posixpath
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from butler_core.errors import FileTemplateError, nearest

from .locations import leaves_root
from .lookup import Lookup

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef

__all__ = ["FileTemplate", "FileTemplates"]

_DATASET_FIELDS = frozenset({"run", "id", "datasetType", "component"})
_REPLACED = str.maketrans(dict.fromkeys(' <>:"\\|?*', "_"))
_PACKAGED = Path(__file__).parents[1] / "configs" / "templates.yaml"


@dataclass(frozen=True, slots=True)
class _Field:
    literal: str
    """Text before the field; the whole text where there is no field."""
    alternatives: tuple[tuple[str, str], ...]
    """What it may stand for: a name, and the column of its record or nothing."""
    specification: str
    optional: bool
    keeps_slashes: bool
    conversion: str | None


class FileTemplate:
    """One template for the path of a file.

    Parameters
    ----------
    template : `str`
        Text with fields in braces: ``run``, ``id``, ``datasetType``,
        ``component``, a dimension, or a column of a dimension's record
        (``exposure.obs_id``). ``a|b`` takes the first that the data ID has.
        After a colon stands a format, in which ``?`` lets a field that is not
        there drop out, with the text before it unless that holds a ``/``, and
        ``/`` keeps the slashes of a value, which become ``_`` otherwise.

    Raises
    ------
    FileTemplateError
        The template cannot give every dataset a path of its own in the root.
    """

    def __init__(self, template: str) -> None:
        if not isinstance(template, str) or not template:
            raise FileTemplateError(f"A file template is a text with fields, not {template!r}")
        self.template = template
        try:
            self._fields = tuple(_parse(template))
        except ValueError as error:
            raise FileTemplateError(f"File template {template!r}: {error}") from error
        self._check()

    def __str__(self) -> str:
        return self.template

    def __repr__(self) -> str:
        return f"FileTemplate({self.template!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileTemplate) and self.template == other.template

    def __hash__(self) -> int:
        return hash(self.template)

    def _check(self) -> None:
        names = {name for field in self._fields for name, _ in field.alternatives}
        if "collection" in names:
            raise self._error("{collection} is not known; write {run}")
        if not names & {"run", "id"}:
            raise self._error("it needs {run}, or {id} in the name of the file")
        if "id" in names and "{id}" not in posixpath.basename(self.template):
            raise self._error("{id} has to stand in the name of the file")
        if names <= _DATASET_FIELDS and "id" not in names:
            raise self._error("no field is a dimension, so that datasets would share a path")
        for absent in (False, True):
            text = "".join(
                field.literal
                if not field.alternatives
                else field.literal + "x"
                if not (absent and field.optional)
                else field.literal * ("/" in field.literal)
                for field in self._fields
            )
            if leaves_root(text.lstrip("/")) or ".." in text.split("/"):
                raise self._error("it leaves the root of the repository")

    def _error(self, reason: str) -> FileTemplateError:
        return FileTemplateError(f"File template {self.template!r}: {reason}")

    def format(self, ref: DatasetRef) -> str:
        """Return the path for a dataset, without the extension.

        Parameters
        ----------
        ref : `DatasetRef`
            The dataset, with an expanded data ID.

        Returns
        -------
        path : `str`
            Path relative to the root, with forward slashes.

        Raises
        ------
        FileTemplateError
            The template has a field that the dataset lacks, leaves out the
            component that the dataset is, or leads out of the root.
        """
        values = _values(ref)
        path = ""
        for field in self._fields:
            if not field.alternatives:
                path += field.literal
                continue
            found, value = self._value(field, values, ref)
            if found:
                path += field.literal + _formatted(field, value)
            elif "/" in field.literal:
                path += field.literal
        head, _, tail = path.rpartition("/")
        path = f"{head}/{tail.replace('.', '_').replace('#', 'HASH')}"
        if "component" in values and not self._uses("component"):
            raise self._error(f"it has no place for the component of {ref}")
        path = posixpath.normpath(path.lstrip("/"))
        if leaves_root(path) or path == ".":
            raise self._error(f"for {ref} it gives {path!r}, which leaves the root")
        return path

    def _uses(self, name: str) -> bool:
        return any((name, "") in field.alternatives for field in self._fields)

    def _value(self, field: _Field, values: Mapping[str, Any], ref: DatasetRef) -> tuple[bool, Any]:
        asked = field.alternatives[0]
        for dimension, column in field.alternatives:
            if dimension not in values:
                continue
            if not column:
                return True, values[dimension]
            asked = dimension, column
            record = self._record(*asked, ref)
            if hasattr(record, column):
                return True, getattr(record, column)
            break
        if field.optional:
            return False, None
        name = _dotted(*asked)
        raise self._error(f"{ref} has no {name!r}" + nearest(name, values))

    def _record(self, dimension: str, column: str, ref: DatasetRef) -> Any:
        if dimension in _DATASET_FIELDS:
            return None
        if not ref.dataId.hasRecords():
            raise self._error(
                f"{{{dimension}.{column}}} needs the records of the data ID; expand that of {ref}"
                " first"
            )
        if dimension == "skypix":
            dimension = _skypix_name(ref) or dimension
        return ref.dataId.records.get(dimension)


def _parse(template: str) -> list[_Field]:
    fields = []
    for literal, name, specification, conversion in string.Formatter().parse(template):
        text = specification or ""
        fields.append(
            _Field(
                literal=literal,
                alternatives=() if name is None else tuple(map(_named, name.split("|"))),
                specification=text.replace("?", "").replace("/", ""),
                optional="?" in text,
                keeps_slashes="/" in text,
                conversion=conversion,
            )
        )
        if name is not None and not all(name.split("|")):
            raise ValueError(f"a field without a name stands after {literal!r}")
    return fields


def _named(name: str) -> tuple[str, str]:
    dimension, _, column = name.partition(".")
    return dimension, column


def _dotted(dimension: str, column: str) -> str:
    return f"{dimension}.{column}" if column else dimension


def _formatted(field: _Field, value: Any) -> str:
    if isinstance(value, str):
        value = value.translate(_REPLACED)
        if not field.keeps_slashes:
            value = value.replace("/", "_")
    if field.conversion:
        value = string.Formatter().convert_field(value, field.conversion)
    return format(value, field.specification)


def _values(ref: DatasetRef) -> dict[str, Any]:
    values: dict[str, Any] = dict(ref.dataId.mapping)
    skypix = _skypix_name(ref)
    if skypix is not None:
        values["skypix"] = values[skypix]
    name, component = ref.datasetType.nameAndComponent()
    values.update(run=ref.run, id=ref.id, datasetType=name)
    if component is not None:
        values["component"] = component
    return values


@cache
def _skypix_of(group: Any) -> str | None:
    return next((name for name in group.names if group.universe[name].skypix is not None), None)


def _skypix_name(ref: DatasetRef) -> str | None:
    return _skypix_of(ref.datasetType.dimensions)


class FileTemplates:
    """The templates of a datastore, by what they apply to.

    Parameters
    ----------
    config : `~collections.abc.Mapping` [ `str`, `str` ], optional
        The ``datastore.templates`` section of a ``butler.yaml``: see `Lookup`
        for the keys; ``default`` serves all other datasets. The entries add
        to those of the package, and override them.

    Raises
    ------
    FileTemplateError
        A template cannot be used.
    """

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        entries = {**(config or {})}
        for key, text in _packaged().items():
            entries.setdefault(key, text)
        default = entries.pop("default", None)
        self._default = _template("default", default) if default else None
        self._lookup = Lookup(entries)
        self._templates = {
            text: _template(key, text) for key, text in self._lookup.entries() if text
        }

    def getTemplate(self, ref: DatasetRef) -> FileTemplate:
        """Return the template that applies to a dataset.

        Raises
        ------
        FileTemplateError
            None does, and there is no default.
        """
        found = self._lookup.find(ref.datasetType, self._lookup.instrument_of(ref))
        template = self._default if found is None else self._templates.get(found[1])
        if template is None:
            raise FileTemplateError(
                f"No file template applies to {ref}; add one for {ref.datasetType.name!r}, "
                "or a default, to datastore.templates in butler.yaml"
            )
        return template

    def path(self, ref: DatasetRef) -> str:
        """Return the path of a dataset's file, without the extension."""
        return self.getTemplate(ref).format(ref)


def _template(key: str, text: Any) -> FileTemplate:
    try:
        return FileTemplate(text)
    except FileTemplateError as error:
        raise FileTemplateError(f"datastore.templates, entry {key!r}: {error}") from error


@cache
def _packaged() -> Mapping[str, str]:
    import yaml

    templates = yaml.load(_PACKAGED.read_bytes(), Loader=yaml.CSafeLoader)["templates"]
    return {str(key): str(text) for key, text in templates.items()}
