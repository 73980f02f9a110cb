"""The methods readFits and writeFits, by which afw reads and writes single files.

Notes
-----
The functions that they call stand above the classes, and are looked for when
they are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from ..errors import DatasetReadError
from .box import Box2I
from .indexing import LOCAL, PARENT, ImageOrigin

__all__ = ["FitsPixels", "FitsRows"]


class FitsPixels:
    """The methods of images, masks and exposures."""

    fits_kind: ClassVar[str]
    """What the functions of this package that read and write it are named after."""

    @classmethod
    def readFits(
        cls,
        fileName: str | Path,
        bbox: Box2I | None = None,
        origin: ImageOrigin = PARENT,
    ) -> Self:
        """Read a file.

        Parameters
        ----------
        fileName : `str` or `~pathlib.Path`
            The file.
        bbox : `Box2I`, optional
            The part to read.
        origin : `ImageOrigin`
            From where the box counts.

        Raises
        ------
        FileNotFoundError
            There is no such file.
        DatasetReadError
            The file holds something else, or is truncated.
        BoxError
            The box reaches out of the image.
        """
        made = _function("read", cls.fits_kind)(fileName, bbox=bbox, local=origin is LOCAL)
        return _checked(made, cls, fileName)

    def writeFits(self, fileName: str | Path, recipe: str = "default") -> None:
        """Write a file, in place of one that is there.

        Parameters
        ----------
        fileName : `str` or `~pathlib.Path`
            The file.
        recipe : `str`
            A name of `RECIPES`; ``default`` compresses without loss.
        """
        _function("write", self.fits_kind)(self, fileName, recipe=recipe)


class FitsRows:
    """The methods of catalogues."""

    @classmethod
    def readFits(cls, fileName: str | Path) -> Self:
        """Read a file.

        Parameters
        ----------
        fileName : `str` or `~pathlib.Path`
            The file.

        Raises
        ------
        FileNotFoundError
            There is no such file.
        DatasetReadError
            The file holds no catalogue of this kind, or is truncated.
        """
        return _checked(_function("read", "catalog")(fileName), cls, fileName)

    def writeFits(self, fileName: str | Path) -> None:
        """Write a file, in place of one that is there.

        Parameters
        ----------
        fileName : `str` or `~pathlib.Path`
            The file.
        """
        _function("write", "catalog")(self, fileName)


def _function(verb: str, kind: str) -> Callable[..., Any]:
    return getattr(import_module("butler_core.image"), f"{verb}_{kind}")  # type: ignore[no-any-return]


_Read = TypeVar("_Read")


def _checked(made: Any, kind: type[_Read], path: str | Path) -> _Read:
    if not isinstance(made, kind):
        name = type(made).__name__
        raise DatasetReadError(f"{path} holds no {kind.__name__}; read it with {name}.readFits")
    return made
