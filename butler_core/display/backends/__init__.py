"""Backends: what draws a scene.

A backend is a module with a class ``BACKEND``, found by its name in this
package, or anywhere by its full module name.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from ...errors import DisplayError, nearest
from ..scene import Mark, PolyLine, Scene

__all__ = ["Backend", "backend_class", "backend_names"]


class Backend(ABC):
    """Draws the scene of one display.

    Parameters
    ----------
    frame
        What names the display.
    """

    name: ClassVar[str]
    """What `setDefaultBackend` calls it."""

    @abstractmethod
    def __init__(self, frame: Any) -> None: ...

    @abstractmethod
    def show_image(self, scene: Scene) -> None:
        """Draw the layers of a scene in place of everything drawn before."""

    @abstractmethod
    def draw_glyphs(self, glyphs: Sequence[Mark | PolyLine]) -> None:
        """Add marks and lines to what is drawn."""

    @abstractmethod
    def erase_glyphs(self) -> None:
        """Remove all marks and lines."""

    @abstractmethod
    def set_view(self, scene: Scene) -> None:
        """Show the part of the image that the scene's view says."""

    @abstractmethod
    def colour_map(self, cmap: Any) -> str:
        """Return the name of a colour map.

        Raises
        ------
        DisplayValueError
            Raised if this backend does not have it.
        """

    @abstractmethod
    def buffer(self, enable: bool) -> None:
        """Hold back (`True`) the updating of the screen, and resume it (`False`)."""

    @abstractmethod
    def show(self) -> None:
        """Bring the window to the front, where there is one."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the figure, which stays as it is."""


def backend_names() -> list[str]:
    """Return the names of the backends of this package, without loading them."""
    return [
        re.sub("_([a-z])", lambda letter: letter[1].upper(), module.name)
        for module in pkgutil.iter_modules(__path__)
    ]


def backend_class(name: str) -> type[Backend]:
    """Find a backend.

    Parameters
    ----------
    name : `str`
        ``"matplotlib"``, ``"virtualDevice"`` (draws nothing), or the full name
        of a module that has a ``BACKEND``.

    Returns
    -------
    backend : `type` [ `Backend` ]
        Its class.

    Raises
    ------
    DisplayError
        Raised if there is no such backend, or what it needs is not installed.
    """
    own = re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), str(name))
    known = {module.name for module in pkgutil.iter_modules(__path__)}
    try:
        module = importlib.import_module(f"{__name__}.{own}" if own in known else str(name))
    except (ImportError, ValueError) as error:
        reason = str(error)
    else:
        found = getattr(module, "BACKEND", None)
        if isinstance(found, type) and issubclass(found, Backend):
            return found
        reason = f"the module {module.__name__} has no BACKEND"
    raise DisplayError(
        f"Unable to set backend to {name}: {reason}. There are "
        f"{', '.join(map(repr, backend_names()))}{nearest(str(name), backend_names())}"
    )
