"""Catalogues, kept as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from .alias_map import AliasMap
from .fits_methods import FitsRows
from .property_list import PropertyList
from .record import SourceRecord
from .schema import Field, Key, Schema
from .slots import SlotAccessors
from .sphere import Angle

if TYPE_CHECKING:
    from astropy.io import fits

    from .archive import Archive
    from .carried import Carried

__all__ = ["BaseCatalog", "SimpleCatalog", "SourceCatalog"]

_Convert = Callable[[npt.NDArray[Any], int], Any]


class BaseCatalog(FitsRows, SlotAccessors):
    """A table of records.

    Parameters
    ----------
    schema : `Schema`
        The fields.
    columns : `~collections.abc.Mapping` [ `str`, `numpy.ndarray` ], optional
        A column for each field; without them the catalogue has no rows.

    Raises
    ------
    ValueError
        A column is missing, is not of the schema, or has another length.
    """

    afw_type: ClassVar[str] = "BASE"
    """LSST's name for tables of this kind, the ``AFW_TYPE`` of their files."""

    def __init__(
        self, schema: Schema, columns: Mapping[str, npt.NDArray[Any]] | None = None
    ) -> None:
        if columns is None:
            columns = {name: _empty(field) for name, field in schema.fields.items()}
        if set(columns) != set(schema.fields):
            odd = sorted(set(columns) ^ set(schema.fields))
            raise ValueError(f"columns and fields of the schema differ: {', '.join(odd)}")
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"the columns differ in length: {lengths}")
        self._schema = schema
        self._columns = {name: columns[name] for name in schema.fields}
        self._length = next(iter(lengths.values()), 0)
        self._readers: dict[str | Key, tuple[npt.NDArray[Any], _Convert]] = {}
        self.metadata = PropertyList()
        self.header: fits.Header | None = None
        self.fields_as_read: tuple[Field, ...] = ()
        self.aliases_as_read: AliasMap = AliasMap()
        self.carried: Carried | None = None
        self.archive: Archive | None = None

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, npt.ArrayLike],
        *,
        flags: Sequence[str] = (),
        units: Mapping[str, str] | None = None,
        docs: Mapping[str, str] | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> Self:
        """Make a catalogue from columns.

        Parameters
        ----------
        columns : `~collections.abc.Mapping` [ `str`, `numpy.ndarray` ]
            The columns in order, each of shape (n,), or (n, k) for arrays.
        flags : `~collections.abc.Sequence` [ `str` ], optional
            Columns that are flags.  Columns of type `bool` are flags too.
        units : `~collections.abc.Mapping` [ `str`, `str` ], optional
            Units of columns.  With the unit ``rad`` a float64 column is one of
            angles; ``coord_ra`` and ``coord_dec`` have it if nothing is said.
        docs : `~collections.abc.Mapping` [ `str`, `str` ], optional
            What the columns are.
        aliases : `~collections.abc.Mapping` [ `str`, `str` ], optional
            Other names, such as ``{"slot_Centroid": "base_SdssCentroid"}``.

        Raises
        ------
        ValueError
            The columns differ in length, or flags, units or docs name none.
        TypeError
            A column is of a type that catalogues do not have.
        """
        units = {"coord_ra": "rad", "coord_dec": "rad"} | dict(units or {})
        for what, names in (("flags", flags), ("units", units), ("docs", docs or {})):
            strange = set(names) - set(columns) - {"coord_ra", "coord_dec"}
            if strange:
                raise ValueError(f"{what} name what is no column: {', '.join(sorted(strange))}")
        arrays: dict[str, npt.NDArray[Any]] = {}
        fields: list[Field] = []
        for name, values in columns.items():
            array = np.asarray(values)
            if name in flags:
                array = array.astype(bool)
            elif not array.dtype.isnative:
                array = array.astype(array.dtype.newbyteorder("="))
            arrays[name] = array
            fields.append(Field.of(name, array, (docs or {}).get(name, ""), units.get(name, "")))
        return cls(Schema(fields, AliasMap(aliases)), arrays)

    @property
    def schema(self) -> Schema:
        """The fields (`Schema`)."""
        return self._schema

    @property
    def table(self) -> Self:
        """The catalogue itself, which holds what LSST keeps in a table of its own."""
        return self

    @property
    def aliases(self) -> AliasMap:
        """Other names for the fields (`AliasMap`)."""
        return self._schema.aliases

    @property
    def columns(self) -> Mapping[str, npt.NDArray[Any]]:
        """The columns by the names of their fields (`~collections.abc.Mapping`)."""
        return self._columns

    def getSchema(self) -> Schema:
        """Return the fields."""
        return self._schema

    def getMetadata(self) -> PropertyList:
        """Return the cards of the table that do not describe its columns."""
        return self.metadata

    def getTable(self) -> Self:
        """Return what holds the schema: the catalogue itself."""
        return self

    def isContiguous(self) -> bool:
        """Return whether the columns can be had as arrays, as they always can."""
        return True

    def get(self, key: str | Key) -> npt.NDArray[Any]:
        """Return a column.

        Parameters
        ----------
        key : `str` or `Key`
            The field, or an alias of it.

        Returns
        -------
        column : `numpy.ndarray`
            To change it changes the catalogue.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        return self.reader(key)[0]

    def reader(self, key: str | Key) -> tuple[npt.NDArray[Any], _Convert]:
        """Return the column of a field and what makes a value of one of its elements.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        known = self._readers.get(key)
        if known is None:
            name = self._schema.resolve(key)
            known = self._columns[name], _CONVERT[self._schema.fields[name].kind]
            self._readers[key] = known
        return known

    def getCoord(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return right ascensions and declinations, in radians."""
        return self.getRa(), self.getDec()

    def footprint(self, row: int) -> Any:
        """Return the footprint of a row as the archive holds it, or nothing."""
        from .archived import ArchivedObject

        column = self._columns.get("footprint")
        if self.archive is None or column is None or int(column[row]) == 0:
            return None
        return ArchivedObject(self.archive, int(column[row]))

    def find(self, value: Any, key: str | Key = "id") -> SourceRecord | None:
        """Return the first record with a value, or nothing.

        Parameters
        ----------
        value
            The value to look for.
        key : `str` or `Key`
            The field in which to look.
        """
        rows = np.flatnonzero(self.get(key) == value)
        return self.record(int(rows[0])) if len(rows) else None

    def record(self, row: int) -> SourceRecord:
        """Return a record by its number from 0."""
        return SourceRecord(self, row)

    def subset(self, where: Any) -> Self:
        """Return the records that a slice, a mask or an array of numbers picks.

        Parameters
        ----------
        where : `slice`, or `numpy.ndarray` of `bool` or `int`
            A slice shares its values with this catalogue; the others copy.

        Raises
        ------
        IndexError
            The mask is not as long as the catalogue.
        """
        picked = {name: column[where] for name, column in self._columns.items()}
        return self.of_columns(self._schema, picked)

    def sorted(self, key: str | Key = "id") -> Self:
        """Return the records in the order of a field."""
        return self.subset(np.argsort(self.get(key), kind="stable"))

    def sort(self, key: str | Key = "id") -> None:
        """Put the records in the order of a field, here and not in a copy."""
        order = np.argsort(self.get(key), kind="stable")
        self._columns = {name: column[order] for name, column in self._columns.items()}
        self._readers.clear()

    def isSorted(self, key: str | Key = "id") -> bool:
        """Return whether the records are in the order of a field."""
        column = self.get(key)
        return bool(np.all(column[:-1] <= column[1:]))

    def copy(self, deep: bool = False) -> Self:
        """Return a copy.

        Parameters
        ----------
        deep : `bool`
            Copy the values too; otherwise they are shared.
        """
        columns = {name: c.copy() if deep else c for name, c in self._columns.items()}
        return self.of_columns(Schema(self._schema.fields.values(), self.aliases.copy()), columns)

    def of_columns(self, schema: Schema, columns: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Return a catalogue of other columns with the metadata and what is carried of this one."""
        twin = type(self)(schema, columns)
        twin.metadata, twin.header = self.metadata, self.header
        twin.fields_as_read, twin.aliases_as_read = self.fields_as_read, self.aliases_as_read
        twin.carried, twin.archive = self.carried, self.archive
        return twin

    def asAstropy(self, cls: Any = None, copy: bool = False, unviewable: str = "copy") -> Any:
        """Return the catalogue as a table of astropy.

        Parameters
        ----------
        cls : `type`, optional
            The class of the table; `astropy.table.Table` if it is not given.
        copy : `bool`
            Copy the numbers rather than share them.
        unviewable : `str`
            ``"copy"``, ``"skip"`` or ``"raise"``: what LSST does with the
            columns that it cannot share.  Here all can be shared.

        Returns
        -------
        table : `astropy.table.Table`
            A column for each field in order, flags as `bool`, angles with the
            unit radian.
        """
        from .catalog_astropy import astropy_table

        return astropy_table(self, cls, copy, unviewable)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str | Key):
            return self.get(key)
        if isinstance(key, int | np.integer):
            row = int(key) + (self._length if key < 0 else 0)
            if not 0 <= row < self._length:
                raise IndexError(f"record {key} of a catalogue of {self._length}")
            return self.record(row)
        return self.subset(key)

    def __setitem__(self, key: str | Key, values: npt.ArrayLike) -> None:
        self.get(key)[...] = values

    def __contains__(self, key: object) -> bool:
        return key in self._schema

    def __iter__(self) -> Iterator[SourceRecord]:
        return (self.record(row) for row in range(self._length))

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        return str(self.asAstropy())

    def __repr__(self) -> str:
        return f"{type(self)}\n{self}"


class SimpleCatalog(BaseCatalog):
    """A catalogue with ids and positions on the sky."""

    afw_type = "SIMPLE"


class SourceCatalog(SimpleCatalog):
    """A catalogue of sources, with slots."""

    afw_type = "SOURCE"


def _empty(field: Field) -> npt.NDArray[Any]:
    shape = (0, field.size) if field.kind == "Array" and field.size else (0,)
    return np.zeros(shape, dtype=field.dtype)


def _number(column: npt.NDArray[Any], row: int) -> Any:
    return column.item(row)


def _angle(column: npt.NDArray[Any], row: int) -> Angle:
    return Angle(column.item(row))


def _array(column: npt.NDArray[Any], row: int) -> Any:
    return column[row]


_CONVERT: dict[str, _Convert] = {
    "Flag": _number,
    "Scalar": _number,
    "Angle": _angle,
    "String": _number,
    "Array": _array,
}
