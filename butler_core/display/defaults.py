"""What displays start with: backend, frame, colours and transparencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import DisplayTypeError
from .backends import backend_class
from .colours import MASK_PLANE_COLOURS
from .planes import PlaneStyle, checked_colour, checked_transparency

__all__ = [
    "DEFAULTS",
    "getDefaultBackend",
    "getDefaultFrame",
    "incrDefaultFrame",
    "setDefaultBackend",
    "setDefaultFrame",
    "setDefaultImageColormap",
    "setDefaultMaskPlaneColor",
    "setDefaultMaskTransparency",
]


@dataclass(slots=True)
class Defaults:
    """The defaults of this process."""

    backend: str | None = None
    frame: Any = 0
    colour_map: Any = "gray"
    transparencies: dict[str | None, float] = field(default_factory=dict)


DEFAULTS = Defaults()


def setDefaultBackend(backend: str) -> None:
    """Choose what draws the displays that are made from now on.

    Parameters
    ----------
    backend : `str`
        ``"matplotlib"``, ``"virtualDevice"``, or the name of a module.

    Raises
    ------
    DisplayError
        Raised if it cannot be used; the default stays as it was.
    """
    backend_class(backend)
    DEFAULTS.backend = backend


def getDefaultBackend() -> str | None:
    """Return the name of the default backend, `None` if none was set."""
    return DEFAULTS.backend


def setDefaultFrame(frame: Any = 0) -> None:
    """Choose the frame of a `Display` for which none is given."""
    DEFAULTS.frame = frame


def getDefaultFrame() -> Any:
    """Return the frame of a `Display` for which none is given."""
    return DEFAULTS.frame


def incrDefaultFrame() -> Any:
    """Make the default frame the next one, and return it."""
    if not isinstance(DEFAULTS.frame, int):
        raise DisplayTypeError(
            f"The default frame {DEFAULTS.frame!r} is no number and has no next one; "
            "write setDefaultFrame(0) first."
        )
    DEFAULTS.frame += 1
    return DEFAULTS.frame


def setDefaultImageColormap(cmap: Any) -> None:
    """Choose the colour map of the displays that are made from now on.

    Parameters
    ----------
    cmap : `str` or a colour map of the backend
        Checked by the backend when a display is made.
    """
    DEFAULTS.colour_map = cmap


def setDefaultMaskTransparency(
    maskPlaneTransparency: Mapping[Any, float] | float | None = None,
) -> None:
    """Choose how transparent the mask planes of new displays are.

    Parameters
    ----------
    maskPlaneTransparency : `~collections.abc.Mapping` or `float`, optional
        Percents by the names of planes, or one for all; nothing takes back
        what was set before.
    """
    if maskPlaneTransparency is None:
        maskPlaneTransparency = {}
    if not isinstance(maskPlaneTransparency, Mapping):
        maskPlaneTransparency = {None: maskPlaneTransparency}
    DEFAULTS.transparencies = {
        name: checked_transparency(percent) for name, percent in maskPlaneTransparency.items()
    }


def setDefaultMaskPlaneColor(
    name: str | Mapping[Any, str | None] | None = None, color: str | None = None
) -> None:
    """Choose the colours of the mask planes of new displays.

    Parameters
    ----------
    name : `str` or `~collections.abc.Mapping`, optional
        A plane, or colours by the names of planes. Nothing restores the
        colours of the start.
    color : `str`, optional
        The colour of the plane.

    Raises
    ------
    DisplayValueError
        Raised if there is no such colour.
    """
    if name is None:
        PlaneStyle.defaults.clear()
        name = MASK_PLANE_COLOURS
    colours = name if isinstance(name, Mapping) else {name: color}
    PlaneStyle.defaults.update({plane: checked_colour(value) for plane, value in colours.items()})
