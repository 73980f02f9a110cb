"""The asinh stretch of Lupton et al. (2004), PASP 116, 133, as afw scales it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from ...errors import DisplayValueError
from ..limits import Limits
from . import ArrayFunction, Stretch

__all__ = ["AsinhStretch"]

_SMALLEST_Q = 2.0**-23
_LARGEST_Q = 1e10
# The brightness is 0.1 at a tenth of the range, whatever Q is.
_FIXED_POINT = 0.1


@dataclass(frozen=True, slots=True)
class AsinhStretch(Stretch):
    """Linear for faint pixels, logarithmic for bright ones.

    With x = I - minimum and R the range,
    ``y = 0.1 asinh(Q x / R) / asinh(0.1 Q)``, and 0 where x <= 0. There is no
    upper limit: for Q = 8 the pixel at x = R has y = 0.379 and white, y = 1,
    comes at x = 95 R.
    """

    minimum: float
    """The pixel value that is black."""

    data_range: float
    """The scale of the stretch, R, in the units of the pixels."""

    Q: float
    """The softening: the larger, the sooner the stretch turns logarithmic."""

    limits_source: str = "explicit limits"
    """What gave the limits; the colour bar depends on it."""

    name: ClassVar[str] = "asinh"
    options: ClassVar[frozenset[str]] = frozenset({"Q"})
    # afw makes its limits inside the mapping, with the default sample and contrast.
    zscale_options: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def from_limits(cls, limits: Limits, *, Q: float = 8.0, **options: Any) -> Self:
        """Make the stretch; see `Stretch.from_limits`."""
        if math.isnan(Q):
            raise DisplayValueError("An asinh stretch needs a number for Q, not NaN.")
        softening = 0.1 if abs(Q) < _SMALLEST_Q else min(float(Q), _LARGEST_Q)
        return cls(limits.minimum, limits.span(cls.name), softening, limits.source)

    def __call__(self, pixels: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the brightness of pixels; see `Stretch.__call__`."""
        values = np.asarray(pixels, dtype=np.float64)
        above = values - self.minimum
        with np.errstate(invalid="ignore", over="ignore"):
            curve = self._slope * np.arcsinh(above * (self.Q / self.data_range))
        brightness = np.where(above <= 0, 0.0, curve)
        return np.where(np.isfinite(values), brightness, np.nan)

    @property
    def _slope(self) -> float:
        return _FIXED_POINT / math.asinh(_FIXED_POINT * self.Q)

    @property
    def colour_bar(self) -> tuple[float, float]:
        """The two ends of the colour bar.

        They are the limits where zscale gave them. Otherwise the upper end is
        (minimum + R) Q where that is above the minimum: so does afw's backend.
        """
        upper = self.minimum + self.data_range
        if self.limits_source != "zscale" and upper * self.Q > self.minimum:
            upper *= self.Q
        return self.minimum, upper

    @property
    def bar_scale(self) -> tuple[ArrayFunction, ArrayFunction]:
        """The curve, continued below the minimum, and its inverse."""
        softened = self.data_range / self.Q

        def place(pixels: npt.ArrayLike) -> npt.NDArray[Any]:
            above = np.asarray(pixels, dtype=np.float64) - self.minimum
            return np.asarray(self._slope * np.arcsinh(above / softened))

        def pixel(places: npt.ArrayLike) -> npt.NDArray[Any]:
            curve = np.asarray(places, dtype=np.float64) / self._slope
            return np.asarray(self.minimum + softened * np.sinh(curve))

        return place, pixel

    def record(self) -> dict[str, Any]:
        """Return the name and the numbers."""
        return {
            "algorithm": self.name,
            "minimum": self.minimum,
            "data_range": self.data_range,
            "Q": self.Q,
        }


STRETCH = AsinhStretch
