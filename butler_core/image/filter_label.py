"""The name of the filter of an exposure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FilterLabel"]


@dataclass(frozen=True)
class FilterLabel:
    """The band and the physical filter of an exposure.

    Parameters
    ----------
    band : `str`, optional
        The band, such as ``"r"``.
    physical : `str`, optional
        The filter, such as ``"HSC-R"``.
    """

    band: str | None = None
    physical: str | None = None

    @property
    def bandLabel(self) -> str:
        """The band (`str`); a `ValueError` if it is not known."""
        if self.band is None:
            raise ValueError(f"{self!r} has no band")
        return self.band

    @property
    def physicalLabel(self) -> str:
        """The physical filter (`str`); a `ValueError` if it is not known."""
        if self.physical is None:
            raise ValueError(f"{self!r} has no physical filter")
        return self.physical

    def hasBandLabel(self) -> bool:
        """Return whether the band is known."""
        return self.band is not None

    def hasPhysicalLabel(self) -> bool:
        """Return whether the physical filter is known."""
        return self.physical is not None

    def getName(self) -> str:
        """Return the physical filter, or else the band, as the Filter of 2020 did."""
        return self.physical or self.band or "_unknown_"

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        parts = []
        if self.band is not None:
            parts.append(f'band="{self.band}"')
        if self.physical is not None:
            parts.append(f'physical="{self.physical}"')
        return f"FilterLabel({', '.join(parts)})"
