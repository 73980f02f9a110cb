"""Exposures, masked images, images and masks as FITS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from butler_core.errors import UnknownComponentError, UnknownParameterError, nearest
from butler_core.image import (
    Box2I,
    Exposure,
    Image,
    Mask,
    MaskedImage,
    read_exposure,
    read_image,
    read_mask,
    read_masked_image,
    write_exposure,
    write_image,
    write_mask,
    write_masked_image,
)

from . import NO_PARAMETERS, Formatter
from .whole_file import component_of

__all__ = [
    "FitsExposureFormatter",
    "FitsImageFormatter",
    "FitsMaskFormatter",
    "FitsMaskedImageFormatter",
]

_PARAMETERS = ("bbox", "origin")


class _FitsFormatter(Formatter):
    """What the formatters of images have in common."""

    extension = ".fits"
    kind: ClassVar[type]
    components: ClassVar[tuple[str, ...]] = ("bbox", "dimensions", "xy0")

    def read(
        self,
        path: Path,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
    ) -> Any:
        """Read the pixels in a box, or one component; see `Formatter.read`.

        Notes
        -----
        The parameter ``bbox`` is a box of pixels; with ``origin`` ``"LOCAL"``
        it counts from the corner of the image, otherwise in parent coordinates.
        """
        bbox, local = _window(type(self).__name__, parameters)
        return self.read_part(path, component, bbox, local)

    def read_part(self, path: Path, component: str | None, bbox: Box2I | None, local: bool) -> Any:
        """Read the part of the dataset, or one component of it."""
        whole = self.read_whole()(path, bbox, local=local)
        if component is None:
            return whole
        if component not in self.components:
            raise UnknownComponentError(
                f"a {self.kind.__name__} has no component {component!r}"
                f"{nearest(component, self.components)}"
            )
        if component == "dimensions":
            return whole.getDimensions()
        return component_of(whole, component)

    def read_whole(self) -> Callable[..., Any]:
        """Return the function that reads such files."""
        return read_image

    def write_whole(self) -> Callable[..., None]:
        """Return the function that writes such files."""
        return write_image

    def write(self, obj: Any, path: Path) -> None:
        """Write the dataset with the formatter's recipe."""
        if not isinstance(obj, self.kind):
            raise TypeError(
                f"{self.storage_class.name} is written from a {self.kind.__name__}, "
                f"not from a {type(obj).__name__}"
            )
        self.write_whole()(obj, path, recipe=self.recipe)


class FitsImageFormatter(_FitsFormatter):
    """Reads and writes images."""

    kind = Image


class FitsMaskFormatter(_FitsFormatter):
    """Reads and writes masks."""

    kind = Mask

    def read_whole(self) -> Callable[..., Any]:
        """Return the function that reads masks."""
        return read_mask

    def write_whole(self) -> Callable[..., None]:
        """Return the function that writes masks."""
        return write_mask


class FitsMaskedImageFormatter(_FitsFormatter):
    """Reads and writes masked images."""

    kind = MaskedImage
    components = ("image", "mask", "variance", "bbox", "dimensions", "xy0")

    def read_part(self, path: Path, component: str | None, bbox: Box2I | None, local: bool) -> Any:
        """Read the part of the masked image, or one plane of it."""
        if component in self.components:
            return read_exposure(path, component, bbox, local=local)
        return super().read_part(path, component, bbox, local)

    def read_whole(self) -> Callable[..., Any]:
        """Return the function that reads masked images."""
        return read_masked_image

    def write_whole(self) -> Callable[..., None]:
        """Return the function that writes masked images."""
        return write_masked_image


class FitsExposureFormatter(_FitsFormatter):
    """Reads and writes exposures, and reads of a file only what a component needs."""

    kind = Exposure

    def read_part(self, path: Path, component: str | None, bbox: Box2I | None, local: bool) -> Any:
        """Read the part of the exposure, or one component of it."""
        return read_exposure(path, component, bbox, local=local)

    def write_whole(self) -> Callable[..., None]:
        """Return the function that writes exposures."""
        return write_exposure


def _window(formatter: str, parameters: Mapping[str, Any]) -> tuple[Box2I | None, bool]:
    for name in parameters:
        if name not in _PARAMETERS:
            raise UnknownParameterError(
                f"{formatter} cannot read with the parameter {name!r}{nearest(name, _PARAMETERS)}; "
                f"it knows {' and '.join(_PARAMETERS)}"
            )
    bbox = parameters.get("bbox")
    if bbox is not None and not isinstance(bbox, Box2I):
        raise TypeError(f"the parameter bbox is a butler_core.image.Box2I, not {bbox!r}")
    origin = str(parameters.get("origin", "PARENT")).rpartition(".")[2].upper()
    if origin not in ("PARENT", "LOCAL"):
        raise ValueError(f"the parameter origin is 'PARENT' or 'LOCAL', not {origin!r}")
    return bbox, origin == "LOCAL"
