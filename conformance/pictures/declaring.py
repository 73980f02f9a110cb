"""Pictures that functions draw: those of the suite, and of the folders ``pictures`` of others."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from conformance.folders import shown_place
from conformance.importing import import_file

LAYERS = ("pixels", "whole")
ID = re.compile(r"[A-Z]+-\d+\.[a-z0-9][a-z0-9_-]*")
ATTRIBUTE = "conformance_picture"
Function = TypeVar("Function", bound=Callable[[Any, Any, Path], Any])


class PictureError(ValueError):
    """A picture is not declared as it must be."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What `picture` was told.

    Attributes
    ----------
    id
        The id of a requirement, a full stop, and the name of the picture.
    title
        What it shows, in a few words.
    layers
        Those of `LAYERS` in which it is compared.
    dialect
        The dialect of the API that the function is written in.
    capabilities
        What an implementation must be able to do.
    function
        The function.
    place
        Where it is written.
    folder
        The suite it belongs to.
    """

    id: str
    title: str
    layers: tuple[str, ...]
    dialect: str
    capabilities: frozenset[str]
    function: Callable[[Any, Any, Path], Any] = field(repr=False)
    place: str = ""
    folder: Path = Path()

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
        return textwrap.dedent(inspect.getsource(self.function)).rstrip()


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
            id,
            title,
            tuple(layer for layer in LAYERS if layer in layers),
            dialect,
            frozenset(capabilities),
            function,
        )
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare


def own() -> list[Declared]:
    """Return the suite's own pictures of functions, in the order of lines."""
    from conformance.pictures import arrays

    path = Path(str(arrays.__file__))
    return [_placed(one, path, path.parents[1]) for one in _in_module(arrays)]


def declared(folders: Iterable[Path]) -> list[Declared]:
    """Return the pictures of suites of others, in the order of files and lines.

    Raises
    ------
    PictureError
        Raised where a file cannot be imported, or two pictures have one name; it names the file.
    """
    found: dict[str, Declared] = {}
    for folder in folders:
        for path in sorted((folder / "pictures").glob("[!_]*.py")):
            for one in _in_file(path, folder):
                if one.name in found:
                    other = found[one.name].place
                    raise PictureError(f"{one.place}: {one.name} is a picture of {other} already")
                found[one.name] = one
    return list(found.values())


def _in_file(path: Path, folder: Path) -> list[Declared]:
    try:
        module = import_file(path)
    except Exception as error:
        text = f"{shown_place(path)} cannot be imported: {type(error).__name__}: {error}"
        raise PictureError(text) from error
    return [_placed(one, path, folder) for one in _in_module(module)]


def _in_module(module: ModuleType) -> list[Declared]:
    members = vars(module).values()
    return [getattr(member, ATTRIBUTE) for member in members if hasattr(member, ATTRIBUTE)]


def _placed(one: Declared, path: Path, folder: Path) -> Declared:
    line = one.function.__code__.co_firstlineno
    return Declared(
        one.id,
        one.title,
        one.layers,
        one.dialect,
        one.capabilities,
        one.function,
        shown_place(path, line),
        folder,
    )
