"""The adapter of the Butler that comes with the suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from conformance.implementations import Dialect, Drawn, Marker
from conformance.implementations.capabilities import lacking_packages


def _version() -> str:
    import butler_core

    return butler_core.__version__


DISPLAY = "butler_core.display"


@dataclass(frozen=True)
class ButlerCore:
    """`butler_core`, in the dialect of January 2020 and in today's.

    A Butler that is built on `butler_core` needs no adapter of its own, only its modules:
    ``ButlerCore(name="mine", version="1.0", dialects={"current": Dialect("mine", DISPLAY)})``.
    """

    name: str = "butler_core"
    version: str = field(default_factory=_version)
    dialects: Mapping[str, Dialect] = field(
        default_factory=lambda: {
            "w_2020_03": Dialect("butler_core.w_2020_03", DISPLAY),
            "current": Dialect("butler_core", DISPLAY),
        }
    )
    unsupported: Mapping[str, str] = field(default_factory=lacking_packages)

    @property
    def butler(self) -> Any:
        """The class of Butler that today's dialect names."""
        return import_module(self.dialects["current"].butler).Butler

    def make_repository(self, root: Path) -> None:
        """Make an empty repository."""
        self.butler.makeRepo(root)

    def open(self, root: Path, **arguments: Any) -> Any:
        """Open a repository."""
        return self.butler.from_config(root, **arguments)

    def drawn(self, display: Any) -> Drawn:
        """Return what a display shows, from its scene."""
        scene = display.scene
        stretch = scene.image.stretch
        planes = scene.mask.planes if scene.mask is not None else ()
        return Drawn(
            limits=stretch.colour_bar,
            algorithm=stretch.name,
            markers=tuple(
                Marker(mark.symbol, mark.x, mark.y, mark.size, mark.colour) for mark in scene.marks
            ),
            mask_planes={plane.name: plane.colour for plane in planes if plane.alpha > 0},
        )


implementation = ButlerCore
