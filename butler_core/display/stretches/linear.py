"""The linear stretch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from ..limits import Limits
from . import Stretch

__all__ = ["LinearStretch"]


@dataclass(frozen=True, slots=True)
class LinearStretch(Stretch):
    """Brightness proportional to the pixel value between two limits.

    ``y = clip((I - minimum) / (maximum - minimum), 0, 1)``
    """

    minimum: float
    """The pixel value that is black."""

    maximum: float
    """The pixel value that is white."""

    name: ClassVar[str] = "linear"
    options: ClassVar[frozenset[str]] = frozenset()
    zscale_options: ClassVar[frozenset[str]] = frozenset({"nSamples", "contrast"})

    @classmethod
    def from_limits(cls, limits: Limits, **options: Any) -> Self:
        """Make the stretch; see `Stretch.from_limits`."""
        limits.span(cls.name)
        return cls(limits.minimum, limits.maximum)

    def __call__(self, pixels: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the brightness of pixels; see `Stretch.__call__`."""
        values = np.asarray(pixels, dtype=np.float64)
        brightness = np.clip((values - self.minimum) / (self.maximum - self.minimum), 0.0, 1.0)
        return np.where(np.isfinite(values), brightness, np.nan)

    @property
    def colour_bar(self) -> tuple[float, float]:
        """The two limits."""
        return self.minimum, self.maximum

    @property
    def bar_scale(self) -> None:
        """A linear scale."""

    def record(self) -> dict[str, Any]:
        """Return the name and the numbers."""
        return {"algorithm": self.name, "minimum": self.minimum, "maximum": self.maximum}


STRETCH = LinearStretch
