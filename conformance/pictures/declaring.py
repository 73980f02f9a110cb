"""Pictures that functions draw: those of the suite, and of the folders ``pictures`` of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from conformance.declarations import Declaration, text_of
from conformance.folders import shown_place
from conformance.importing import import_file

LAYERS = ("pixels", "whole")
ID = re.compile(r"[A-Z]+-\d+\.[a-z0-9][a-z0-9_-]*")
ATTRIBUTE = "conformance_picture"
Function = TypeVar("Function", bound=Callable[[Any, Any, Path], Any])


class PictureError(ValueError):
    """A picture is not declared as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(Declaration):
    """What `picture` was told; the id ends with the name of the picture.

    Attributes
    ----------
    layers
        Those of `LAYERS` in which it is compared.
    dialect
        The dialect of the API that the function is written in.
    capabilities
        What an implementation must be able to do.
    """

    layers: tuple[str, ...]
    dialect: str
    capabilities: frozenset[str]

    @property
    def requirement(self) -> str:
        """The id of the requirement."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the picture."""
        return self.id.partition(".")[2]

    @property
    def code(self) -> str:
        """The source of the function."""
        return text_of(self.function).rstrip()


def picture(
    id: str,
    title: str,
    *,
    layers: Sequence[str] = LAYERS,
    dialect: str = "current",
    capabilities: Sequence[str] = ("display", "exposure"),
) -> Callable[[Function], Function]:
    """Make a function a picture that is compared with an approved one, exactly.

    The function is called with the module of the implementation's API, the module of its display,
    None where ``capabilities`` are without it, and the root of the ci_hsc repository, a
    `pathlib.Path`, which is only read. It returns a
    matplotlib figure. ``butler-conformance approve NAME-pixels`` and ``NAME-whole`` write the
    approved pictures into the folder ``golden_images`` beside ``pictures``.

    Parameters
    ----------
    id
        The id of a requirement, a full stop, and the name of the picture: ``PIC-07.my-plot``.
    title
        What it shows, in a few words.
    layers
        ``pixels`` compares the image and its mask, one device pixel for each of theirs, without
        anything drawn over them: the figure must hold one image. ``whole`` compares the figure as
        it is, on the matplotlib that it was approved with.
    dialect
        The dialect of the API that the function is written in.
    capabilities
        What an implementation must be able to do.

    Raises
    ------
    PictureError
        Raised where the id or a layer is none.

    Examples
    --------
    >>> @picture("PIC-07.my-plot", "The middle of a calexp")
    ... def my_plot(api, display, root):
    ...     import matplotlib.pyplot as plt
    ...     butler = api.Butler.from_config(root, collections="shared/ci_hsc_output")
    ...     calexp = butler.get("calexp", instrument="HSC", visit=903338, detector=25)
    ...     figure = plt.figure(figsize=(4, 4))
    ...     shown = display.Display(figure.number, backend="matplotlib")
    ...     shown.scale("linear", "zscale")
    ...     shown.mtv(calexp)
    ...     return figure
    """
    if not ID.fullmatch(id):
        raise PictureError(
            f"{id!r} is not the id of a picture; write the id of a requirement, a full stop, and "
            "a name of small letters, digits, - and _, such as 'PIC-07.my-plot'"
        )
    if not layers or not set(layers) <= set(LAYERS):
        raise PictureError(f"{id}: layers are 'pixels', 'whole' or both, not {tuple(layers)!r}")

    def declare(function: Function) -> Function:
        declared = Declared(
            id=id,
            title=title,
            layers=tuple(layer for layer in LAYERS if layer in layers),
            dialect=dialect,
            capabilities=frozenset(capabilities),
            function=function,
        )
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare


def own() -> list[Declared]:
    """Return the suite's own pictures of functions, in the order of lines."""
    from conformance.pictures import arrays

    return _in_module(arrays)


def declared(folders: Iterable[Path]) -> list[tuple[Path, Declared]]:
    """Return the pictures of suites of others, each with its suite, by files and lines.

    Raises
    ------
    PictureError
        Raised where a file cannot be imported, or two pictures have one name; it names the file.
    """
    found: dict[str, tuple[Path, Declared]] = {}
    for folder in folders:
        for path in sorted((folder / "pictures").glob("[!_]*.py")):
            for one in _in_file(path):
                if one.name in found:
                    other = found[one.name][1].place
                    raise PictureError(f"{one.place}: {one.name} is a picture of {other} already")
                found[one.name] = folder, one
    return list(found.values())


def _in_file(path: Path) -> list[Declared]:
    try:
        return _in_module(import_file(path))
    except Exception as error:
        text = f"{shown_place(path)} cannot be imported: {type(error).__name__}: {error}"
        raise PictureError(text) from error


def _in_module(module: ModuleType) -> list[Declared]:
    members = vars(module).values()
    return [getattr(member, ATTRIBUTE) for member in members if hasattr(member, ATTRIBUTE)]
