"""One storage class: the Python type of a dataset and its components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from butler_core.errors import (
    MissingPackageError,
    UnknownComponentError,
    UnknownParameterError,
    nearest,
)
from butler_core.lazy_import import address_of, import_object, loaded_object

__all__ = ["StorageClass"]


class StorageClass:
    """A kind of dataset: its Python type, its components, its read parameters.

    Parameters
    ----------
    name : `str`
        Name of the storage class, ``ExposureF`` for instance.
    pytype : `str` or `type`
        The Python type, or its address, which is imported when first needed.
    components : `~collections.abc.Mapping` [ `str`, `StorageClass` ], optional
        Parts that can be read and written by themselves.
    derivedComponents : `~collections.abc.Mapping` [ `str`, `StorageClass` ], optional
        Parts that can only be read.
    parameters : `~collections.abc.Iterable` [ `str` ], optional
        Names of the parameters a read understands.
    converters : `~collections.abc.Mapping` [ `str`, `str` ], optional
        Addresses of types, and of the functions that turn objects of these
        types into this one.
    """

    __slots__ = (
        "_components",
        "_converters",
        "_derived",
        "_name",
        "_parameters",
        "_pytype",
        "_pytype_name",
    )

    def __init__(
        self,
        name: str,
        pytype: str | type = "object",
        components: Mapping[str, StorageClass] | None = None,
        derivedComponents: Mapping[str, StorageClass] | None = None,
        parameters: Iterable[str] = (),
        converters: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._pytype = None if isinstance(pytype, str) else pytype
        self._pytype_name = pytype if isinstance(pytype, str) else address_of(pytype)
        self._components = MappingProxyType(dict(components or {}))
        self._derived = MappingProxyType(dict(derivedComponents or {}))
        self._parameters = frozenset(parameters)
        self._converters = MappingProxyType(dict(converters or {}))

    @property
    def name(self) -> str:
        """Name of the storage class (`str`)."""
        return self._name

    @property
    def pytype_name(self) -> str:
        """Address of the Python type (`str`), known without an import."""
        return self._pytype_name

    @property
    def pytype(self) -> type:
        """The Python type (`type`).

        Raises
        ------
        MissingPackageError
            The package of the type is not installed.
        """
        if self._pytype is None:
            try:
                found = import_object(self._pytype_name)
            except MissingPackageError as error:
                raise MissingPackageError(f"Storage class {self._name}: {error}") from error
            self._pytype = found
        return self._pytype

    @property
    def components(self) -> Mapping[str, StorageClass]:
        """Components that are stored (`~collections.abc.Mapping`)."""
        return self._components

    @property
    def derivedComponents(self) -> Mapping[str, StorageClass]:
        """Components that follow from the others (`~collections.abc.Mapping`)."""
        return self._derived

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the read parameters of this class alone (`frozenset`)."""
        return self._parameters

    @property
    def converters(self) -> Mapping[str, str]:
        """Addresses of source types and of their converters."""
        return self._converters

    def allComponents(self) -> Mapping[str, StorageClass]:
        """Return the stored and the derived components together."""
        return MappingProxyType({**self._components, **self._derived})

    def isComposite(self) -> bool:
        """Whether there are components that are stored."""
        return bool(self._components)

    def component(self, name: str) -> StorageClass:
        """Return the storage class of one component.

        Raises
        ------
        UnknownComponentError
            There is no such component.
        """
        found = self._components.get(name) or self._derived.get(name)
        if found is None:
            known = [*self._components, *self._derived]
            listed = f"its components are {', '.join(known)}" if known else "it has no components"
            raise UnknownComponentError(
                f"Storage class {self._name} has no component {name!r}; {listed}"
                + nearest(name, known)
            )
        return found

    def knownParameters(self) -> set[str]:
        """Return the parameters of this class and of its components."""
        return set(self._parameters).union(
            *(part.parameters for part in self.allComponents().values())
        )

    def validateParameters(self, parameters: Iterable[str] | None = None) -> None:
        """Check that the names of parameters are known.

        Raises
        ------
        UnknownParameterError
            One of them is not.
        """
        known = self.knownParameters()
        for name in parameters or ():
            if name not in known:
                listed = f"it knows {', '.join(sorted(known))}" if known else "it takes none"
                raise UnknownParameterError(
                    f"Storage class {self._name} has no parameter {name!r}; {listed}"
                    + nearest(name, known)
                )

    def validateInstance(self, instance: Any) -> bool:
        """Whether an object is of the Python type of this storage class."""
        return isinstance(instance, self.pytype)

    def can_convert(self, other: StorageClass) -> bool:
        """Whether objects of another storage class can be turned into this one."""
        return (
            other.pytype_name in {self._pytype_name, *self._converters}
            or self._pytype_name == "object"
        )

    def coerce_type(self, obj: Any) -> Any:
        """Turn an object into one of this storage class.

        Parameters
        ----------
        obj : `object`
            Something of the Python type, or of a type with a converter.

        Returns
        -------
        converted : `object`
            The object itself where it fits.

        Raises
        ------
        TypeError
            There is no converter for the type of ``obj``.
        """
        if address_of(type(obj)) == self._pytype_name:
            return obj
        for source, converter in self._converters.items():
            kind = loaded_object(source)
            if kind is not None and isinstance(obj, kind):
                return import_object(converter)(obj)
        if isinstance(obj, self.pytype):
            return obj
        raise TypeError(
            f"An object of type {address_of(type(obj))} cannot be used as storage class "
            f"{self._name}, which holds {self._pytype_name}"
        )

    def __reduce__(self) -> tuple[type[StorageClass], tuple[Any, ...]]:
        return type(self), (
            self._name,
            self._pytype_name,
            dict(self._components),
            dict(self._derived),
            self._parameters,
            dict(self._converters),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StorageClass):
            return NotImplemented
        return self is other or self._definition() == other._definition()

    def __hash__(self) -> int:
        return hash(self._name)

    def __str__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        parts = [repr(self._name), f"pytype={self._pytype_name!r}"]
        for label, components in (
            ("components", self._components),
            ("derivedComponents", self._derived),
        ):
            if components:
                parts.append(f"{label}={ {name: sc.name for name, sc in components.items()} }")
        if self._parameters:
            parts.append(f"parameters={sorted(self._parameters)}")
        return f"StorageClass({', '.join(parts)})"

    def _definition(self) -> tuple[Any, ...]:
        return (
            self._name,
            self._pytype_name,
            {name: part.name for name, part in self._components.items()},
            {name: part.name for name, part in self._derived.items()},
            self._parameters,
        )
