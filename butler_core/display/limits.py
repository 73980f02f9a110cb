"""The pixel values between which an image is shown: zscale, minmax, or given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DisplayError, DisplayValueError, nearest
from .zscale import zscale

__all__ = ["Limits", "explicit_limits", "minmax_limits", "zscale_limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Two pixel values and their origin."""

    minimum: float
    """The lower limit, in the units of the pixels."""

    maximum: float
    """The upper limit, in the units of the pixels."""

    source: str
    """``"zscale"``, ``"minmax"`` or ``"explicit limits"``."""

    def span(self, algorithm: str) -> float:
        """Return the difference of the limits, for a stretch that divides by it.

        Parameters
        ----------
        algorithm : `str`
            The stretch, for the message.

        Returns
        -------
        span : `float`
            In the units of the pixels, above 0.

        Raises
        ------
        DisplayValueError
            Raised if the limits are the same, as for an image of one value.
        """
        if self.minimum == self.maximum:
            raise DisplayValueError(
                f"The {algorithm} stretch needs two different limits, and {self.source} gave "
                f"{self.minimum:g} for both. Write scale({algorithm!r}, min, max)."
            )
        return self.maximum - self.minimum


def explicit_limits(minimum: float, maximum: float) -> Limits:
    """Return the limits that the user gave.

    Parameters
    ----------
    minimum, maximum : `float`
        In the units of the pixels.

    Returns
    -------
    limits : `Limits`
        The same.

    Raises
    ------
    DisplayValueError
        Raised if one is not a finite number, or the first is the larger.
    """
    try:
        lower, upper = float(minimum), float(maximum)
    except (TypeError, ValueError):
        lower = upper = np.nan
    if not np.isfinite([lower, upper]).all():
        raise DisplayValueError(
            f"The limits of a stretch are numbers, 'zscale' or 'minmax', not "
            f"min={minimum!r}, max={maximum!r}{nearest(str(minimum), ('zscale', 'minmax'))}"
        )
    if lower > upper:
        raise DisplayValueError(
            f"The lower limit {lower:g} is above the upper one {upper:g}. "
            "Write setImageColormap('gray_r') to show bright pixels dark."
        )
    return Limits(lower, upper, "explicit limits")


def zscale_limits(pixels: npt.NDArray[Any], **options: Any) -> Limits:
    """Compute the limits by zscale.

    Parameters
    ----------
    pixels : `numpy.ndarray`, shape (height, width)
        The image.
    **options
        ``nSamples`` and ``contrast`` of `~butler_core.display.zscale.zscale`.

    Returns
    -------
    limits : `Limits`
        The limits.
    """
    return Limits(*zscale(pixels, **options), "zscale")


def minmax_limits(
    pixels: npt.NDArray[Any],
    mask: npt.NDArray[Any] | None = None,
    planes: Mapping[str, int] | None = None,
    maskedPixels: str | Sequence[str] = (),
) -> Limits:
    """Find the smallest and the largest pixel.

    Parameters
    ----------
    pixels : `numpy.ndarray`, shape (height, width)
        The image.
    mask : `numpy.ndarray`, optional
        Its mask, of the same shape.
    planes : `~collections.abc.Mapping` [ `str`, `int` ], optional
        The bit number of each plane of the mask.
    maskedPixels : `str` or sequence of `str`, optional
        Planes whose pixels are left out.

    Returns
    -------
    limits : `Limits`
        The limits.

    Raises
    ------
    DisplayError
        Raised if no pixel is left.
    DisplayValueError
        Raised if the mask has no such plane.
    """
    names = [maskedPixels] if isinstance(maskedPixels, str) else list(maskedPixels)
    usable = np.isfinite(pixels)
    if names:
        known = planes or {}
        missing = [name for name in names if name not in known]
        if missing or mask is None:
            name = missing[0] if missing else names[0]
            raise DisplayValueError(
                f"maskedPixels names the plane {name!r}, and the mask has "
                f"{', '.join(known) or 'no planes'}{nearest(name, known)}"
            )
        usable &= (mask & sum(1 << known[name] for name in set(names))) == 0
    values = pixels[usable]
    if not values.size:
        raise DisplayError("minmax: no pixel of the image is finite and unmasked.")
    return Limits(float(values.min()), float(values.max()), "minmax")
