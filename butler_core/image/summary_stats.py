"""The summary statistics of an exposure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import nearest

__all__ = ["ExposureSummaryStats"]


class ExposureSummaryStats:
    """The summary statistics of an exposure, as attributes.

    Parameters
    ----------
    **values
        The statistics, such as ``psfSigma`` in pixels or ``zeroPoint`` in
        magnitudes.
    """

    def __init__(self, **values: Any) -> None:
        self._values = values

    def asDict(self) -> dict[str, Any]:
        """Return all statistics by name."""
        return dict(self._values)

    def __getattr__(self, name: str) -> Any:
        values: Mapping[str, Any] = self.__dict__.get("_values", {})
        if name not in values:
            raise AttributeError(f"the summary statistics have no {name!r}{nearest(name, values)}")
        return values[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._values]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExposureSummaryStats):
            return NotImplemented
        return self._values == other._values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._values.items())
        return f"ExposureSummaryStats({shown})"
