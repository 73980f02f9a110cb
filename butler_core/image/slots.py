"""The accessors that records and catalogues of sources share.

A slot is an alias that says which measurement is the one to use:
``slot_PsfFlux`` for ``base_PsfFlux``, say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

__all__ = ["SlotAccessors"]


class SlotAccessors(ABC):
    """Accessors by slot: of a value in a record, of a column in a catalogue."""

    __slots__ = ()

    @abstractmethod
    def get(self, key: Any) -> Any:
        """Return the value or column of a field."""

    def getX(self) -> Any:
        """Return the x of the centroid, in pixels."""
        return self.get("slot_Centroid_x")

    def getY(self) -> Any:
        """Return the y of the centroid, in pixels."""
        return self.get("slot_Centroid_y")

    def getCentroidFlag(self) -> Any:
        """Return whether the centroid failed."""
        return self.get("slot_Centroid_flag")

    def getIxx(self) -> Any:
        """Return the second moment along x, in square pixels."""
        return self.get("slot_Shape_xx")

    def getIyy(self) -> Any:
        """Return the second moment along y, in square pixels."""
        return self.get("slot_Shape_yy")

    def getIxy(self) -> Any:
        """Return the mixed second moment, in square pixels."""
        return self.get("slot_Shape_xy")

    def getShapeFlag(self) -> Any:
        """Return whether the shape failed."""
        return self.get("slot_Shape_flag")

    def getPsfInstFlux(self) -> Any:
        """Return the flux of a point source, in counts."""
        return self.get("slot_PsfFlux_instFlux")

    def getPsfInstFluxErr(self) -> Any:
        """Return the standard deviation of the flux of a point source."""
        return self.get("slot_PsfFlux_instFluxErr")

    def getPsfFluxFlag(self) -> Any:
        """Return whether the flux of a point source failed."""
        return self.get("slot_PsfFlux_flag")

    def getApInstFlux(self) -> Any:
        """Return the flux in an aperture, in counts."""
        return self.get("slot_ApFlux_instFlux")

    def getApInstFluxErr(self) -> Any:
        """Return the standard deviation of the flux in an aperture."""
        return self.get("slot_ApFlux_instFluxErr")

    def getApFluxFlag(self) -> Any:
        """Return whether the flux in an aperture failed."""
        return self.get("slot_ApFlux_flag")

    def getModelInstFlux(self) -> Any:
        """Return the flux of a model, in counts."""
        return self.get("slot_ModelFlux_instFlux")

    def getModelInstFluxErr(self) -> Any:
        """Return the standard deviation of the flux of a model."""
        return self.get("slot_ModelFlux_instFluxErr")

    def getModelFluxFlag(self) -> Any:
        """Return whether the flux of a model failed."""
        return self.get("slot_ModelFlux_flag")

    def getGaussianInstFlux(self) -> Any:
        """Return the flux of a Gaussian, in counts."""
        return self.get("slot_GaussianFlux_instFlux")

    def getGaussianInstFluxErr(self) -> Any:
        """Return the standard deviation of the flux of a Gaussian."""
        return self.get("slot_GaussianFlux_instFluxErr")

    def getGaussianFluxFlag(self) -> Any:
        """Return whether the flux of a Gaussian failed."""
        return self.get("slot_GaussianFlux_flag")

    def getCalibInstFlux(self) -> Any:
        """Return the flux that calibration uses, in counts."""
        return self.get("slot_CalibFlux_instFlux")

    def getCalibInstFluxErr(self) -> Any:
        """Return the standard deviation of the flux that calibration uses."""
        return self.get("slot_CalibFlux_instFluxErr")

    def getCalibFluxFlag(self) -> Any:
        """Return whether the flux that calibration uses failed."""
        return self.get("slot_CalibFlux_flag")

    def getRa(self) -> Any:
        """Return the right ascension, in radians."""
        return self.get("coord_ra")

    def getDec(self) -> Any:
        """Return the declination, in radians."""
        return self.get("coord_dec")

    def getId(self) -> Any:
        """Return the id."""
        return self.get("id")

    def getParent(self) -> Any:
        """Return the id of the source of which this is a part; 0 if it is a whole one."""
        return self.get("parent")
