"""The photometric calibration of an exposure.

Formulas: flux in nanojansky = instrumental flux times the calibration mean;
AB magnitude = -2.5 log10(flux) + 31.4, which is -48.6 for a flux in erg/s/cm2/Hz
(Oke & Gunn 1983, ApJ 266, 713), as in the MAGZERO that HSC's files carry.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .calibrated_catalog import CatalogT, calibrated_catalog

__all__ = ["NANOJANSKY_AT_ZERO_MAGNITUDE", "Measurement", "PhotoCalib"]

NANOJANSKY_AT_ZERO_MAGNITUDE = 10.0 ** (0.4 * 31.4)
"""The flux of a source of AB magnitude 0, in nanojansky."""

_MAGNITUDES_PER_E_FOLD = 2.5 / math.log(10)


class Measurement(NamedTuple):
    """A value with its standard deviation."""

    value: Any
    error: Any


class PhotoCalib:
    """A photometric calibration that is the same over the image.

    Parameters
    ----------
    calibrationMean : `float`
        Nanojansky per count.
    calibrationErr : `float`
        Standard deviation of the mean, in nanojansky per count.

    Raises
    ------
    ValueError
        The mean is not positive, or the error is negative.
    """

    __slots__ = ("_error", "_mean")

    def __init__(self, calibrationMean: float, calibrationErr: float = 0.0) -> None:
        if not calibrationMean > 0:
            raise ValueError(f"calibrationMean is positive, not {calibrationMean}")
        if not calibrationErr >= 0:
            raise ValueError(f"calibrationErr is not negative, as {calibrationErr} is")
        self._mean = float(calibrationMean)
        self._error = float(calibrationErr)

    def getCalibrationMean(self) -> float:
        """Return the nanojansky per count."""
        return self._mean

    def getCalibrationErr(self) -> float:
        """Return the standard deviation of the mean, in nanojansky per count."""
        return self._error

    def getInstFluxAtZeroMagnitude(self) -> float:
        """Return the counts of a source of AB magnitude 0."""
        return NANOJANSKY_AT_ZERO_MAGNITUDE / self._mean

    def getLocalCalibration(self, *point: object) -> float:
        """Return the nanojansky per count at a point: the mean."""
        return self._mean

    def instFluxToNanojansky(self, instFlux: Any, instFluxErr: Any = None) -> Any:
        """Return fluxes in nanojansky.

        Parameters
        ----------
        instFlux : `float`, `numpy.ndarray` or a catalogue
            Counts; or a catalogue, and then the second argument is the name of
            a flux, such as ``"base_PsfFlux"``.
        instFluxErr : `float`, `numpy.ndarray` or `str`, optional
            The standard deviation of the counts, or the name of the flux.

        Returns
        -------
        flux : `float` or `numpy.ndarray`, or `Measurement`
            The flux; with its standard deviation if that of the counts is
            given; of shape (n, 2), flux and standard deviation, for a catalogue.
        """
        if isinstance(instFluxErr, str):
            counts, errors = _columns(instFlux, instFluxErr)
            flux = self._nanojansky(counts, errors)
            return np.stack([flux.value, flux.error], axis=-1)
        if instFluxErr is None:
            return instFlux * self._mean
        return self._nanojansky(instFlux, instFluxErr)

    def instFluxToMagnitude(self, instFlux: Any, instFluxErr: Any = None) -> Any:
        """Return AB magnitudes.

        Parameters
        ----------
        instFlux : `float`, `numpy.ndarray` or a catalogue
            Counts; or a catalogue, and then the second argument is the name of
            a flux, such as ``"base_PsfFlux"``.
        instFluxErr : `float`, `numpy.ndarray` or `str`, optional
            The standard deviation of the counts, or the name of the flux.

        Returns
        -------
        magnitude : `float` or `numpy.ndarray`, or `Measurement`
            The magnitude, NaN for negative counts; with its standard deviation
            if that of the counts is given; of shape (n, 2), magnitude and
            standard deviation, for a catalogue.
        """
        if isinstance(instFluxErr, str):
            counts, errors = _columns(instFlux, instFluxErr)
            magnitude = self._magnitude(counts, errors)
            return np.stack([magnitude.value, magnitude.error], axis=-1)
        if instFluxErr is None:
            return _plain(_magnitude_of(np.asarray(instFlux, dtype=float) * self._mean))
        measured = self._magnitude(instFlux, instFluxErr)
        return Measurement(_plain(measured.value), _plain(measured.error))

    def calibrateCatalog(
        self, catalog: CatalogT, instFluxFields: Sequence[str] | None = None
    ) -> CatalogT:
        """Return a copy of a catalogue with fluxes in nanojansky and AB magnitudes.

        Parameters
        ----------
        catalog : `BaseCatalog`
            The catalogue; it does not change.
        instFluxFields : `~collections.abc.Sequence` [ `str` ], optional
            What to calibrate, such as ``["base_PsfFlux"]``; all fields that end
            with ``_instFlux`` if it is not given.

        Returns
        -------
        calibrated : `BaseCatalog`
            With ``_flux`` and ``_mag`` for each, and ``_fluxErr`` and
            ``_magErr`` where there is an ``_instFluxErr``.  Fields of these
            names that are there already are replaced.

        Raises
        ------
        MissingFieldError
            There is no such instrumental flux.
        """
        return calibrated_catalog(self, catalog, instFluxFields)

    def magnitudeToInstFlux(self, magnitude: Any) -> Any:
        """Return the counts of sources of given AB magnitudes."""
        return _plain(
            self.getInstFluxAtZeroMagnitude() * 10 ** (-0.4 * np.asarray(magnitude, dtype=float))
        )

    def _nanojansky(self, counts: Any, errors: Any) -> Measurement:
        error = np.hypot(np.asarray(errors) * self._mean, np.asarray(counts) * self._error)
        return Measurement(counts * self._mean, _plain(error))

    def _magnitude(self, counts: Any, errors: Any) -> Measurement:
        flux = self._nanojansky(np.asarray(counts, dtype=float), errors)
        with np.errstate(invalid="ignore", divide="ignore"):
            error = _MAGNITUDES_PER_E_FOLD * flux.error / np.abs(flux.value)
        return Measurement(_magnitude_of(flux.value), error)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PhotoCalib):
            return NotImplemented
        return self._mean == other._mean and self._error == other._error

    def __hash__(self) -> int:
        return hash((self._mean, self._error))

    def __repr__(self) -> str:
        return f"PhotoCalib(calibrationMean={self._mean!r}, calibrationErr={self._error!r})"


def _columns(catalog: Any, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    stem = name.removesuffix("_instFlux")
    return catalog[f"{stem}_instFlux"], catalog[f"{stem}_instFluxErr"]


def _magnitude_of(nanojansky: npt.NDArray[Any]) -> npt.NDArray[Any]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(-2.5 * np.log10(nanojansky / NANOJANSKY_AT_ZERO_MAGNITUDE))


def _plain(value: Any) -> Any:
    """Return a float for an array without dimensions."""
    return float(value) if np.ndim(value) == 0 else value
