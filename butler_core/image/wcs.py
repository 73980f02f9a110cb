"""The world coordinate system of an exposure: TAN and TAN-SIP, computed by astropy.

Notes
-----
A FITS header counts pixels from 1 at the corner of its HDU; the pixels here
are those of the parent image, and begin at 0.  With the image at ``xy0``, the
header's pixel X is the parent's pixel ``X - 1 + x0``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits
from astropy.wcs import WCS, NoConvergence
from astropy.wcs.utils import proj_plane_pixel_area

from .geometry import Point2D, Point2I
from .sphere import Angle, SpherePoint

__all__ = ["WCS_KEYWORD", "SkyWcs"]

WCS_KEYWORD = re.compile(
    r"(WCSAXES|(CTYPE|CRPIX|CRVAL|CUNIT|CDELT|CROTA)[12]|(CD|PC)[12]_[12]|PV[12]_\d+"
    r"|LONPOLE|LATPOLE|RADESYS|RADECSYS|EQUINOX|(A|B|AP|BP)_(ORDER|DMAX|\d+_\d+))$"
)
"""Keywords of a celestial WCS without a letter of its own."""

_FIT_TOLERANCE = 1e-8
_HIGHEST_ORDER = 99
"""Of a polynomial that is read: astropy looks for every coefficient there might be."""


class SkyWcs:
    """The relation between the pixels of a parent image and the sky.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        The cards of the WCS, whose reference pixel counts from 1 at the
        parent's pixel (0, 0).

    Raises
    ------
    ValueError
        The header holds no celestial WCS.

    See Also
    --------
    from_header, tan
    """

    isFits = True

    def __init__(self, header: fits.Header) -> None:
        self._header = header
        self._wcs = WCS(header, fix=False)
        if not self._wcs.has_celestial:
            raise ValueError("the header holds no celestial WCS: CTYPE1 and CTYPE2 name no sky")

    @classmethod
    def from_header(
        cls, header: fits.Header, xy0: Point2I | Sequence[int] = (0, 0)
    ) -> SkyWcs | None:
        """Read the WCS of an image HDU.

        Parameters
        ----------
        header : `astropy.io.fits.Header`
            The header; only the cards of its primary WCS are looked at.
        xy0 : `Point2I` or a pair of `int`
            Where the lower left pixel of the HDU lies in the parent image.

        Returns
        -------
        wcs : `SkyWcs` or `None`
            Nothing if the header holds no celestial WCS.

        Raises
        ------
        ValueError
            The cards make no WCS.
        """
        if not re.match("RA|DEC|.LON|.LAT", str(header.get("CTYPE1", ""))):
            return None
        for keyword in ("A_ORDER", "B_ORDER", "AP_ORDER", "BP_ORDER"):
            order = header.get(keyword, 0)
            if not isinstance(order, (int, float)) or not 0 <= order <= _HIGHEST_ORDER:
                raise ValueError(
                    f"{keyword} is {order!r}, and may be from 0 to {_HIGHEST_ORDER}: "
                    "SIP goes to order 9"
                )
        return cls(_shifted(header, +int(xy0[0]), +int(xy0[1])))

    @classmethod
    def tan(
        cls,
        crpix: Sequence[float],
        crval: Sequence[float],
        cd: npt.ArrayLike,
    ) -> SkyWcs:
        """Make a gnomonic projection.

        Parameters
        ----------
        crpix : pair of `float`
            The reference pixel (x, y), counted from 0 in the parent image.
        crval : pair of `float`
            Right ascension and declination of the reference pixel (ICRS), in
            degrees.
        cd : `numpy.ndarray`, shape (2, 2)
            From pixels to the projection plane, in degrees per pixel.
        """
        matrix = np.asarray(cd, dtype=float)
        header = fits.Header()
        header["WCSAXES"] = (2, "Number of WCS axes")
        header["CRPIX1"] = (float(crpix[0]) + 1, "Reference pixel on axis 1")
        header["CRPIX2"] = (float(crpix[1]) + 1, "Reference pixel on axis 2")
        header["CRVAL1"] = (float(crval[0]), "Value at ref. pixel on axis 1")
        header["CRVAL2"] = (float(crval[1]), "Value at ref. pixel on axis 2")
        header["CTYPE1"] = ("RA---TAN", "Type of co-ordinate on axis 1")
        header["CTYPE2"] = ("DEC--TAN", "Type of co-ordinate on axis 2")
        header["CUNIT1"] = ("deg", "Unit of axis 1")
        header["CUNIT2"] = ("deg", "Unit of axis 2")
        for row in range(2):
            for column in range(2):
                header[f"CD{row + 1}_{column + 1}"] = (
                    float(matrix[row, column]),
                    "Transformation matrix element",
                )
        header["RADESYS"] = ("ICRS", "Reference frame for RA/DEC values")
        return cls(header)

    def to_header(self, xy0: Point2I | Sequence[int] = (0, 0)) -> fits.Header:
        """Return the cards of the WCS for an image HDU.

        Parameters
        ----------
        xy0 : `Point2I` or a pair of `int`
            Where the lower left pixel of the HDU lies in the parent image.
        """
        return _shifted(self._header, -int(xy0[0]), -int(xy0[1]))

    def getFitsMetadata(self, precise: bool = False) -> fits.Header:
        """Return the cards of the WCS, for an image at (0, 0).

        Parameters
        ----------
        precise : `bool`
            Ignored: every WCS here is exactly one of FITS.
        """
        return self.to_header()

    def pixelToSkyArray(
        self, x: npt.ArrayLike, y: npt.ArrayLike, degrees: bool = False
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the sky positions of pixels.

        Parameters
        ----------
        x, y : array of `float`
            Columns and rows in the parent image, counted from 0.
        degrees : `bool`
            Answer in degrees rather than in radians.

        Returns
        -------
        ra, dec : `numpy.ndarray` of float64
            Right ascension and declination.
        """
        columns, rows = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        ra, dec = self._wcs.all_pix2world(columns.ravel(), rows.ravel(), 0)
        ra, dec = np.reshape(ra, columns.shape), np.reshape(dec, rows.shape)
        return (ra, dec) if degrees else (np.radians(ra), np.radians(dec))

    def skyToPixelArray(
        self, ra: npt.ArrayLike, dec: npt.ArrayLike, degrees: bool = False
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the pixels of sky positions.

        Parameters
        ----------
        ra, dec : array of `float`
            Right ascension and declination.
        degrees : `bool`
            They are in degrees rather than in radians.

        Returns
        -------
        x, y : `numpy.ndarray` of float64
            Columns and rows in the parent image, counted from 0; NaN where the
            distortion cannot be inverted.
        """
        longitudes, latitudes = np.broadcast_arrays(np.asarray(ra, float), np.asarray(dec, float))
        if not degrees:
            longitudes, latitudes = np.degrees(longitudes), np.degrees(latitudes)
        shape = longitudes.shape
        try:
            x, y = self._wcs.all_world2pix(
                longitudes.ravel(), latitudes.ravel(), 0, tolerance=_FIT_TOLERANCE, maxiter=50
            )
        except NoConvergence as failure:
            solution = np.array(failure.best_solution)
            for lost in (failure.divergent, failure.slow_conv):
                if lost is not None:
                    solution[lost] = np.nan
            x, y = solution[:, 0], solution[:, 1]
        return np.reshape(x, shape), np.reshape(y, shape)

    def pixelToSky(self, *pixel: Any) -> Any:
        """Return the sky position of a pixel.

        Parameters
        ----------
        *pixel : `Point2D`, two `float`, or an iterable of `Point2D`
            Where, in the parent image.

        Returns
        -------
        position : `SpherePoint`, or a list of them
            The position on the sky.
        """
        if len(pixel) == 1 and not isinstance(pixel[0], Point2D | Point2I):
            points: Iterable[Any] = pixel[0]
            return [self.pixelToSky(*point) for point in points]
        x, y = pixel[0] if len(pixel) == 1 else pixel
        ra, dec = self.pixelToSkyArray(x, y)
        return SpherePoint(float(ra), float(dec))

    def skyToPixel(self, *position: Any) -> Any:
        """Return the pixel of a sky position.

        Parameters
        ----------
        *position : `SpherePoint`, two `float` in radians, or an iterable of `SpherePoint`
            Where, on the sky.

        Returns
        -------
        pixel : `Point2D`, or a list of them
            The position in the parent image.
        """
        if len(position) == 1 and not isinstance(position[0], SpherePoint):
            return [self.skyToPixel(*point) for point in position[0]]
        ra, dec = position[0] if len(position) == 1 else position
        x, y = self.skyToPixelArray(ra, dec)
        return Point2D(float(x), float(y))

    def getPixelScale(self, *pixel: Any) -> Angle:
        """Return the size of a pixel: the square root of its area on the sky.

        Parameters
        ----------
        *pixel : `Point2D`, or two `float`, optional
            Where, in the parent image; the reference pixel if it is not given.
        """
        if not pixel:
            return Angle.from_degrees(float(np.sqrt(proj_plane_pixel_area(self._wcs))))
        x, y = pixel[0] if len(pixel) == 1 else pixel
        ra, dec = self.pixelToSkyArray([x, x + 0.5, x - 0.5, x, x], [y, y, y, y + 0.5, y - 0.5])
        east = np.remainder(ra - ra[0] + np.pi, 2 * np.pi) - np.pi
        east *= np.cos(dec[0])
        area = (east[1] - east[2]) * (dec[3] - dec[4]) - (east[3] - east[4]) * (dec[1] - dec[2])
        return Angle(float(np.sqrt(abs(area))))

    def getPixelOrigin(self) -> Point2D:
        """Return the reference pixel, counted from 0 in the parent image."""
        x, y = self._wcs.wcs.crpix
        return Point2D(float(x) - 1, float(y) - 1)

    def getSkyOrigin(self) -> SpherePoint:
        """Return the sky position of the reference pixel."""
        ra, dec = self._wcs.wcs.crval
        return SpherePoint.from_degrees(float(ra), float(dec))

    def getCdMatrix(self) -> npt.NDArray[np.float64]:
        """Return the matrix from pixels to the projection plane, in degrees per pixel."""
        return np.array(self._wcs.pixel_scale_matrix, dtype=np.float64)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SkyWcs):
            return NotImplemented
        return dict(self._header) == dict(other._header)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        origin, pixel = self.getSkyOrigin(), self.getPixelOrigin()
        scale = self.getPixelScale().asArcseconds()
        return f"SkyWcs(sky={origin}, pixel={pixel}, scale={scale:.4f} arcsec)"


def _shifted(header: fits.Header, dx: int, dy: int) -> fits.Header:
    """Return the WCS cards of a header with its reference pixel moved."""
    # A header holds the cards it is made of, so a change there would change the other header.
    kept = fits.Header([card for card in header.cards if WCS_KEYWORD.match(card.keyword)])
    cards: fits.Header = kept.copy()
    for keyword, shift in (("CRPIX1", dx), ("CRPIX2", dy)):
        if shift:
            cards[keyword] = float(cards.get(keyword, 0.0)) + shift
    return cards
