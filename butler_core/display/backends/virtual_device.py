"""A backend that draws nothing: the scene is all there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ..scene import Mark, PolyLine, Scene
from . import Backend

__all__ = ["VirtualDevice"]


class VirtualDevice(Backend):
    """Draws nothing, and refuses nothing.

    For reading what a notebook would show, where no picture is wanted. Its name
    is that of afwDisplay's own.

    Parameters
    ----------
    frame
        What names the display.
    **options
        The options of other backends; not used.
    """

    name: ClassVar[str] = "virtualDevice"

    def __init__(self, frame: Any, **options: Any) -> None:
        self.frame = frame

    def show_image(self, scene: Scene) -> None:
        """Leave the scene where it is."""

    def draw_glyphs(self, glyphs: Sequence[Mark | PolyLine]) -> None:
        """Leave the glyphs in the scene."""

    def erase_glyphs(self) -> None:
        """Have nothing to remove."""

    def set_view(self, scene: Scene) -> None:
        """Have no view."""

    def colour_map(self, cmap: Any) -> str:
        """Accept any colour map."""
        return str(getattr(cmap, "name", cmap))

    def buffer(self, enable: bool) -> None:
        """Have no screen to update."""

    def show(self) -> None:
        """Have no window."""

    def close(self) -> None:
        """Hold no figure."""


BACKEND = VirtualDevice
