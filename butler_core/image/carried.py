"""What a file held that the classes here do not model, kept to be written again."""

from __future__ import annotations

from dataclasses import dataclass, field

from astropy.io import fits

__all__ = ["Carried", "RawHdu"]


@dataclass(frozen=True, slots=True)
class RawHdu:
    """An HDU as the bytes of its file.

    Parameters
    ----------
    header : `bytes`
        The header, padded to blocks of 2880 bytes.
    data : `bytes` or `memoryview`
        The data with their heap; the last block need not be full.
    """

    header: bytes
    data: bytes | memoryview

    def parse_header(self) -> fits.Header:
        """Return the cards of the header."""
        return fits.Header.fromstring(self.header)


@dataclass(frozen=True, slots=True)
class Carried:
    """The parts of a file that are not pixels.

    Parameters
    ----------
    primary : `astropy.io.fits.Header` or `None`
        The header of the primary HDU, where that holds no pixels.
    others : `tuple` [ `RawHdu` ]
        The HDUs after the pixels, in order.
    """

    primary: fits.Header | None = None
    others: tuple[RawHdu, ...] = field(default=())
