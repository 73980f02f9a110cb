"""The base of the formatters that read a file whole, whatever is asked of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from butler_core.errors import UnknownComponentError, UnknownParameterError

from . import NO_PARAMETERS, Formatter

__all__ = ["WholeFileFormatter", "component_of"]


def component_of(obj: Any, name: str) -> Any:
    """Take one component out of an object in memory.

    Parameters
    ----------
    obj : `object`
        A mapping with the component as a key, or an object with an attribute
        or a getter of the component's name (``psf``, ``getPsf``).
    name : `str`
        Name of the component.

    Raises
    ------
    UnknownComponentError
        The object has nothing of this name.
    """
    if isinstance(obj, Mapping):
        if name in obj:
            return obj[name]
    elif hasattr(obj, name):
        return getattr(obj, name)
    else:
        getter = getattr(obj, f"get{name[:1].upper()}{name[1:]}", None)
        if callable(getter):
            return getter()
    raise UnknownComponentError(f"The {type(obj).__name__} has no component {name!r}")


class WholeFileFormatter(Formatter):
    """Reads the whole dataset, and takes components from it in memory."""

    supported_parameters: ClassVar[frozenset[str]] = frozenset()
    """Names of the read parameters that `load` understands."""

    def read(
        self,
        path: Path,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
    ) -> Any:
        """Read the dataset, or one component of it; see `Formatter.read`."""
        for name in parameters:
            if name not in self.supported_parameters:
                raise UnknownParameterError(
                    f"{type(self).__name__} cannot read with the parameter {name!r}"
                )
        whole = self.load(path, parameters)
        return whole if component is None else component_of(whole, component)

    @abstractmethod
    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole dataset.

        Parameters
        ----------
        path : `~pathlib.Path`
            The file.
        parameters : `~collections.abc.Mapping`
            Values of some of `supported_parameters`.
        """
