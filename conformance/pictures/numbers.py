"""What a picture shows, as numbers: what a display says, what it hands to matplotlib, the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conformance.implementations import Drawn, Marker
from conformance.oracles import device
from conformance.oracles.zscale import zscale_limits
from conformance.pictures.figures import FigureError, View, image_axes, layers

if TYPE_CHECKING:
    from conformance.oracles.files import ExposureFile

STEPS = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a picture of an exposure shows.

    Attributes
    ----------
    algorithm, limits
        The stretch, and its limits in the unit of the image.
    extent, shown
        Where the image lies and which part is shown: left, right, bottom, top in pixels of the
        parent image.
    brightness
        SHA-256 of the brightness of each pixel; see `fingerprint`.
    mask_layer
        SHA-256 of the colours of the mask, 8 bits each of red, green, blue and opacity; empty
        where no mask is drawn.
    mask_planes
        The colours of the planes.
    markers
        The symbols in the order of drawing.
    """

    algorithm: str
    limits: tuple[float, float]
    extent: tuple[float, ...]
    shown: tuple[float, ...]
    brightness: str
    mask_layer: str
    mask_planes: Mapping[str, str] = field(default_factory=dict)
    markers: tuple[Marker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrays:
    """The numbers of each pixel, of shape (height, width), the first row lowest.

    Attributes
    ----------
    brightness
        From 0 to 1; NaN where there is none.
    mask_layer
        Red, green, blue and opacity, 0 to 255, on a third axis; None where no mask is drawn.
    """

    brightness: NDArray[np.float64]
    mask_layer: NDArray[np.uint8] | None


def fingerprint(brightness: NDArray[np.float64]) -> str:
    """Return the SHA-256 of brightness in 65536 steps, −1 for none, as little-endian int32.

    Steps, since the last bit of an arcsinh is not the same with every numpy.
    """
    steps = np.floor(np.clip(np.nan_to_num(brightness), 0.0, 1.0) * STEPS)
    return sha256(np.where(np.isnan(brightness), -1, steps).astype("<i4"))


def sha256(array: NDArray[Any]) -> str:
    """Return the SHA-256 of the bytes of an array, in C order."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def of_file(held: ExposureFile, markers: Sequence[Marker] = ()) -> tuple[Numbers, Arrays]:
    """Return what a display must show of an exposure, computed from its file alone."""
    limits = zscale_limits(held.image)
    height, width = held.image.shape
    view = View.of((width, height), held.xy0)
    arrays = Arrays(
        brightness=device.brightness(held.image, limits),
        mask_layer=device.mask_layer(held.mask, held.planes),
    )
    return (
        Numbers(
            algorithm="asinh",
            limits=limits,
            extent=view.limits,
            shown=view.limits,
            mask_planes=device.plane_colours(held.planes),
            markers=tuple(markers),
            **_fingerprints(arrays),
        ),
        arrays,
    )


def arrays_of(figure: Any, mask_layer: NDArray[np.uint8] | None) -> Arrays:
    """Return what a display handed to matplotlib.

    Raises
    ------
    FigureError
        Raised where the image is drawn in colours of its own, so that its stretch is not seen.
    """
    image = layers(figure)[0]
    pixels = image.get_array()
    if np.ndim(pixels) != 2:
        raise FigureError(
            f"the lowest image of the axes has the shape {np.shape(pixels)}: colours instead of "
            "pixel values with a norm, so its stretch is not seen"
        )
    brightness = np.ma.filled(np.ma.asarray(image.norm(pixels), dtype=np.float64), np.nan)
    return Arrays(brightness=np.clip(brightness, 0.0, 1.0), mask_layer=mask_layer)


def of_display(
    drawn: Drawn, arrays: Arrays, extent: Sequence[float], shown: Sequence[float]
) -> Numbers:
    """Return what a display says, and what it handed to matplotlib."""
    return Numbers(
        algorithm=drawn.algorithm,
        limits=drawn.limits,
        extent=tuple(extent),
        shown=tuple(shown),
        mask_planes=dict(drawn.mask_planes),
        markers=drawn.markers,
        **_fingerprints(arrays),
    )


def limits_of_axes(figure: Any) -> tuple[float, ...]:
    """Return the part shown: left, right, bottom, top."""
    axes = image_axes(figure)
    return tuple(float(limit) for limit in (*axes.get_xlim(), *axes.get_ylim()))


def _fingerprints(arrays: Arrays) -> dict[str, str]:
    layer = arrays.mask_layer
    return {
        "brightness": fingerprint(arrays.brightness),
        "mask_layer": "" if layer is None else sha256(layer),
    }
