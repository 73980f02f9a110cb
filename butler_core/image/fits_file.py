"""The HDUs of a FITS file, opened by astropy, with errors that name the file."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from ..errors import ButlerUserError, DatasetReadError
from .carried import RawHdu
from .fits_walk import check_counts

__all__ = ["BROKEN", "FitsFile", "open_fits"]

BROKEN = (
    fits.VerifyError,
    AssertionError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What astropy and numpy raise over damaged files."""

_EXTENSION = b"XTENSION"
_T = TypeVar("_T")


class FitsFile:
    """An open FITS file.

    Parameters
    ----------
    path : `~pathlib.Path`
        The file.
    hdus : `astropy.io.fits.HDUList`
        The file as astropy opened it, without scaling.

    Notes
    -----
    Headers are read as far as they are asked for; pixels only where they are.
    """

    def __init__(self, path: Path, hdus: fits.HDUList) -> None:
        self.path = path
        self._hdus = hdus
        self._size = path.stat().st_size
        #: The HDU that was asked for last: where damage is that is found later.
        self.last: int | None = None

    def _guarded(self, what: str, action: Callable[[], _T]) -> _T:
        try:
            return action()
        except DatasetReadError:
            raise
        except BROKEN as cause:
            raise DatasetReadError(f"{self.path}: cannot read {what}: {cause}") from cause

    def __len__(self) -> int:
        return self._guarded("the list of HDUs", lambda: len(self._hdus))

    def has(self, index: int) -> bool:
        """Return whether there is an HDU of this number, from 0."""

        def look() -> bool:
            try:
                self._hdus[index]
            except IndexError:
                return False
            return True

        return self._guarded(f"HDU {index}", look)

    def hdu(self, index: int) -> Any:
        """Return an HDU of astropy.

        Raises
        ------
        DatasetReadError
            The file has no such HDU, or ends before the HDU does.
        """
        if not self.has(index):
            raise DatasetReadError(f"{self.path} has no HDU {index}; it has {len(self)}")
        self.last = index
        hdu = self._hdus[index]
        where = hdu.fileinfo()
        end = where["datLoc"] + where["datSpan"]
        if end > self._size:
            raise DatasetReadError(
                f"{self.path} is truncated: HDU {index} ends at byte {end}, "
                f"the file at byte {self._size}"
            )
        return hdu

    def header(self, index: int) -> fits.Header:
        """Return a copy of the header of an HDU; of the image, if it is compressed."""
        return self._guarded(f"the header of HDU {index}", lambda: self.hdu(index).header.copy())

    def is_image(self, index: int) -> bool:
        """Return whether an HDU holds an image of two dimensions."""
        hdu = self.hdu(index)
        return bool(hdu.is_image and len(hdu.shape) == 2)

    def shape(self, index: int) -> tuple[int, int]:
        """Return height and width of an image, without reading its pixels."""
        height, width = self.hdu(index).shape
        return int(height), int(width)

    def pixels(self, index: int, rows: slice, columns: slice) -> npt.NDArray[Any]:
        """Return a part of an image in the byte order of the machine.

        Parameters
        ----------
        index : `int`
            The HDU.
        rows, columns : `slice`
            Which part; of a compressed image only the tiles in question are
            expanded.

        Notes
        -----
        Integers with BSCALE 1 stay integers, and unsigned where BZERO says so.
        BLANK is not looked at in integers, as LSST's reader does not.
        """

        def read() -> npt.NDArray[Any]:
            hdu = self.hdu(index)
            raw = hdu.section[rows, columns]
            return _scaled(np.asarray(raw), hdu.header)

        return self._guarded(f"the pixels of HDU {index}", read)

    def table(self, index: int) -> tuple[fits.Header, Any]:
        """Return header and rows of a binary table."""

        def read() -> tuple[fits.Header, Any]:
            hdu = self.hdu(index)
            if not isinstance(hdu, fits.BinTableHDU):
                raise TypeError("it holds no binary table")
            return hdu.header.copy(), hdu.data

        return self._guarded(f"the table of HDU {index}", read)

    def is_table(self, index: int) -> bool:
        """Return whether an HDU holds a binary table."""
        return isinstance(self.hdu(index), fits.BinTableHDU)

    def raw(self, index: int) -> RawHdu:
        """Return an HDU as the bytes of the file."""

        def read() -> RawHdu:
            where = self.hdu(index).fileinfo()
            with self.path.open("rb") as file:
                file.seek(where["hdrLoc"])
                header = file.read(where["datLoc"] - where["hdrLoc"])
                return RawHdu(header, file.read(where["datSpan"]))

        return self._guarded(f"HDU {index}", read)

    def raw_from(self, index: int) -> tuple[RawHdu, ...]:
        """Return all HDUs from a number on as the bytes of the file.

        Raises
        ------
        DatasetReadError
            The file ends within one of them.
        """
        found = tuple(self.raw(number) for number in range(index, len(self)))
        self._check_end()
        return found

    def _check_end(self) -> None:
        """Look for the header of one more HDU, which astropy does not count if it is cut off."""
        last = self.hdu(len(self) - 1).fileinfo()
        end = last["datLoc"] + last["datSpan"]
        with self.path.open("rb") as file:
            file.seek(end)
            beginning = file.read(len(_EXTENSION))
        if beginning and _EXTENSION.startswith(beginning):
            raise DatasetReadError(
                f"{self.path} is truncated: it ends within the header of HDU {len(self)}"
            )


@contextmanager
def open_fits(path: str | Path) -> Iterator[FitsFile]:
    """Open a FITS file for reading.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    DatasetReadError
        It is no FITS file, or what is read of it inside the block is damaged.
    """
    with warnings.catch_warnings():
        # What astropy finds odd in a card is kept as it is; a truncated file is an error here.
        warnings.simplefilter("ignore", AstropyWarning)
        if _is_gzip(Path(path)):
            raise DatasetReadError(f"{path} is compressed as a whole by gzip; unpack it first")
        try:
            check_counts(Path(path))
            hdus = fits.open(path, mode="readonly", memmap=True, do_not_scale_image_data=True)
        except (FileNotFoundError, DatasetReadError):
            raise
        except BROKEN as cause:
            raise DatasetReadError(f"{path} is not a readable FITS file: {cause}") from cause
        with hdus:
            file = FitsFile(Path(path), hdus)
            try:
                yield file
            except ButlerUserError:
                raise
            except BROKEN as cause:
                place = "the file" if file.last is None else f"HDU {file.last}"
                raise DatasetReadError(f"{path}: cannot read {place}: {cause}") from cause


def _is_gzip(path: Path) -> bool:
    """Return whether a file is compressed as a whole, which hides where its HDUs are."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _unblanked(pixels: npt.NDArray[Any], header: fits.Header) -> npt.NDArray[Any]:
    """Return integers where astropy, before 7.0, has put NaN for BLANK in a compressed image."""
    bits = header.get("BITPIX", 8)
    if pixels.dtype.kind != "f" or bits < 0 or "BLANK" not in header:
        return pixels
    integers = np.where(np.isnan(pixels), header["BLANK"], pixels)
    return integers.astype(f"i{bits // 8}" if bits > 8 else "u1")


def _scaled(raw: npt.NDArray[Any], header: fits.Header) -> npt.NDArray[Any]:
    native = _unblanked(raw.astype(raw.dtype.newbyteorder("=")), header)
    scale, zero = header.get("BSCALE", 1), header.get("BZERO", 0)
    if scale == 1 and zero == 0:
        return native
    bits = native.dtype.itemsize * 8
    if native.dtype.kind == "i" and scale == 1 and zero == 1 << (bits - 1):
        unsigned = native.view(np.dtype(f"u{native.dtype.itemsize}"))
        return np.asarray(unsigned ^ unsigned.dtype.type(1 << (bits - 1)))
    floats: npt.NDArray[Any] = native.astype(
        np.float64 if bits > 16 and native.dtype.kind != "f" else np.float32
    )
    if native.dtype.kind in "iu" and "BLANK" in header:
        floats[native == header["BLANK"]] = np.nan
    floats *= scale
    floats += zero
    return floats
