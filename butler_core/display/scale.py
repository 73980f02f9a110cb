"""What `Display.scale` asked for, to be applied to each image that is shown."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DisplayValueError, nearest
from .limits import explicit_limits, minmax_limits, zscale_limits
from .stretches import Stretch, algorithms, stretch_class

__all__ = ["Scale"]

_MINMAX_OPTIONS = frozenset({"maskedPixels"})


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch algorithm and the origin of its limits.

    The arguments are checked when it is made; limits that come from the data
    are computed for each image.
    """

    algorithm: str | None = None
    """The name of a stretch; `None` is linear over the range of the data."""

    minimum: float | str = "minmax"
    """The lower limit, ``"zscale"`` or ``"minmax"``."""

    maximum: float | None = None
    """The upper limit, if the lower one is a number."""

    unit: Any = None
    """The unit of the limits; taken, and not used."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """Those of the stretch, of zscale under this stretch, and of minmax."""

    def __post_init__(self) -> None:
        if self.algorithm is not None:
            stretch_class(self.algorithm)
        if self.minimum in ("zscale", "minmax"):
            for name, value in (("max", self.maximum), ("unit", self.unit)):
                if value is not None:
                    raise DisplayValueError(
                        f'You may not specify "{self.minimum}" and {name}: the limits come from '
                        f"the data. Write scale({self.algorithm!r}, {self.minimum!r})."
                    )
        elif self.maximum is None:
            raise DisplayValueError(
                "Please specify max: scale(algorithm, min, max), or 'zscale' or 'minmax' for "
                f"min, which is {self.minimum!r}"
                f"{nearest(str(self.minimum), ('zscale', 'minmax'))}"
            )
        elif self.algorithm is not None:
            self._stretch_between(explicit_limits(self.minimum, self.maximum))  # type: ignore[arg-type]
        if self.unit is not None:
            warnings.warn(
                f"unit={self.unit!r} is not used: limits are in the units of the pixels.",
                stacklevel=4,
            )
        self._check_options()

    def _check_options(self) -> None:
        unused = sorted(set(self.options) - self._used_options())
        known = _options() if unused else []
        for name in unused:
            if name not in known:
                raise DisplayValueError(
                    f"scale() has no option {name!r}; there are "
                    f"{', '.join(known)}{nearest(name, known)}"
                )
        if unused:
            warnings.warn(
                f"{', '.join(unused)}: not used by scale({self.algorithm!r}, {self.minimum!r}).",
                stacklevel=5,
            )

    def _used_options(self) -> frozenset[str]:
        if self.algorithm is None:
            return frozenset()
        stretch = stretch_class(self.algorithm)
        if self.minimum == "zscale":
            return stretch.options | stretch.zscale_options
        return stretch.options | (_MINMAX_OPTIONS if self.minimum == "minmax" else frozenset())

    def stretch(
        self,
        pixels: npt.NDArray[Any],
        mask: npt.NDArray[Any] | None = None,
        planes: Mapping[str, int] | None = None,
    ) -> Stretch | None:
        """Make the stretch of an image.

        Parameters
        ----------
        pixels : `numpy.ndarray`, shape (height, width)
            The image.
        mask : `numpy.ndarray`, optional
            Its mask.
        planes : `~collections.abc.Mapping` [ `str`, `int` ], optional
            The bit number of each plane of the mask.

        Returns
        -------
        stretch : `Stretch` or `None`
            The stretch; `None` is linear over the range of the data.

        Raises
        ------
        DisplayError
            Raised if the image gives no limits.
        """
        if self.algorithm is None:
            return None
        used = {name: self.options[name] for name in self.options if name in self._used_options()}
        if self.minimum == "zscale":
            wanted = stretch_class(self.algorithm).zscale_options & used.keys()
            limits = zscale_limits(pixels, **{name: used[name] for name in wanted})
        elif self.minimum == "minmax":
            limits = minmax_limits(pixels, mask, planes, used.get("maskedPixels", ()))
        else:
            limits = explicit_limits(self.minimum, self.maximum)  # type: ignore[arg-type]
        return self._stretch_between(limits)

    def _stretch_between(self, limits: Any) -> Stretch:
        stretch = stretch_class(self.algorithm or "linear")
        options = {name: self.options[name] for name in stretch.options & self.options.keys()}
        return stretch.from_limits(limits, **options)

    @staticmethod
    def data_range(pixels: npt.NDArray[Any]) -> tuple[float, float]:
        """Return the smallest and the largest finite pixel, (0, 1) if there is none."""
        finite = pixels[np.isfinite(pixels)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _options() -> list[str]:
    stretches = [stretch_class(algorithm) for algorithm in algorithms()]
    return sorted(
        _MINMAX_OPTIONS.union(*(each.options | each.zscale_options for each in stretches))
    )
