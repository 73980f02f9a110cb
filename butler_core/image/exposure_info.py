"""What belongs to an exposure beside its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .detector import Detector
from .filter_label import FilterLabel
from .photo_calib import PhotoCalib
from .property_list import PropertyList
from .visit_info import VisitInfo
from .wcs import SkyWcs

if TYPE_CHECKING:
    from .archive import Archive

__all__ = ["ARCHIVE_KEYS", "ExposureInfo"]

ARCHIVE_KEYS = {
    "SUMMARY_STATS": "summaryStats",
    "SKYWCS": "wcs",
    "DETECTOR": "detector",
    "VALID_POLYGON": "validPolygon",
    "FILTER": "filter",
    "TRANSMISSION_CURVE": "transmissionCurve",
    "PHOTOCALIB": "photoCalib",
    "COADD_INPUTS": "coaddInputs",
    "PSF": "psf",
    "AP_CORR_MAP": "apCorrMap",
}
"""The key of each component in the archive of a file, in the order in which afw writes them."""


class ExposureInfo:
    """The components of an exposure other than its pixels.

    Parameters
    ----------
    wcs : `SkyWcs`, optional
        The relation between pixels and sky.
    psf : `GaussianPsf` or `ArchivedObject`, optional
        The point-spread function.
    photoCalib : `PhotoCalib` or `ArchivedObject`, optional
        The photometric calibration.
    filter : `FilterLabel` or `str`, optional
        The filter; a string is the name of the physical filter.
    metadata : `PropertyList` or mapping, optional
        The cards of the primary HDU.
    visitInfo : `VisitInfo`, optional
        When and where the exposure was taken.
    detector : `Detector`, optional
        The detector.
    id : `int`, optional
        The number of the exposure.
    apCorrMap, coaddInputs, transmissionCurve, validPolygon, summaryStats : optional
        What an archive held of these, as `ArchivedObject` or a plain object.
    """

    def __init__(
        self,
        *,
        wcs: SkyWcs | None = None,
        psf: Any = None,
        photoCalib: PhotoCalib | Any = None,
        filter: FilterLabel | str | None = None,
        metadata: PropertyList | dict[str, Any] | None = None,
        visitInfo: VisitInfo | None = None,
        detector: Detector | None = None,
        id: int | None = None,
        apCorrMap: Any = None,
        coaddInputs: Any = None,
        transmissionCurve: Any = None,
        validPolygon: Any = None,
        summaryStats: Any = None,
    ) -> None:
        self.wcs = wcs
        self.psf = psf
        self.photoCalib = photoCalib
        self.filter = FilterLabel(physical=filter) if isinstance(filter, str) else filter
        self.metadata = metadata if isinstance(metadata, PropertyList) else PropertyList(metadata)
        self.visitInfo = visitInfo
        self.detector = detector
        self.id = id
        self.apCorrMap = apCorrMap
        self.coaddInputs = coaddInputs
        self.transmissionCurve = transmissionCurve
        self.validPolygon = validPolygon
        self.summaryStats = summaryStats
        self.archive: Archive | None = None
        self.as_read: dict[str, Any] = {}
        self.archive_numbers: dict[str, int] = {}

    def copy(self) -> ExposureInfo:
        """Return a copy that shares all but the metadata."""
        twin = ExposureInfo.__new__(ExposureInfo)
        twin.__dict__.update(self.__dict__)
        twin.metadata = self.metadata.copy()
        twin.as_read = dict(self.as_read)
        return twin

    def getWcs(self) -> SkyWcs | None:
        """Return the relation between pixels and sky."""
        return self.wcs

    def hasWcs(self) -> bool:
        """Return whether there is a WCS."""
        return self.wcs is not None

    def setWcs(self, wcs: SkyWcs | None) -> None:
        """Set the relation between pixels and sky."""
        self.wcs = wcs

    def getPsf(self) -> Any:
        """Return the point-spread function."""
        return self.psf

    def hasPsf(self) -> bool:
        """Return whether there is a point-spread function."""
        return self.psf is not None

    def setPsf(self, psf: Any) -> None:
        """Set the point-spread function."""
        self.psf = psf

    def getPhotoCalib(self) -> Any:
        """Return the photometric calibration."""
        return self.photoCalib

    def hasPhotoCalib(self) -> bool:
        """Return whether there is a photometric calibration."""
        return self.photoCalib is not None

    def setPhotoCalib(self, photoCalib: Any) -> None:
        """Set the photometric calibration."""
        self.photoCalib = photoCalib

    def getFilter(self) -> FilterLabel | None:
        """Return the filter."""
        return self.filter

    def getFilterLabel(self) -> FilterLabel | None:
        """Return the filter."""
        return self.filter

    def hasFilter(self) -> bool:
        """Return whether the filter is known."""
        return self.filter is not None

    def setFilter(self, filter: FilterLabel | None) -> None:
        """Set the filter."""
        self.filter = filter

    def getMetadata(self) -> PropertyList:
        """Return the metadata."""
        return self.metadata

    def getVisitInfo(self) -> VisitInfo | None:
        """Return when and where the exposure was taken."""
        return self.visitInfo

    def hasVisitInfo(self) -> bool:
        """Return whether the visit is known."""
        return self.visitInfo is not None

    def setVisitInfo(self, visitInfo: VisitInfo | None) -> None:
        """Set when and where the exposure was taken."""
        self.visitInfo = visitInfo

    def getDetector(self) -> Detector | None:
        """Return the detector."""
        return self.detector

    def hasDetector(self) -> bool:
        """Return whether the detector is known."""
        return self.detector is not None

    def setDetector(self, detector: Detector | None) -> None:
        """Set the detector."""
        self.detector = detector

    def getId(self) -> int | None:
        """Return the number of the exposure."""
        return self.id

    def hasId(self) -> bool:
        """Return whether the exposure has a number."""
        return self.id is not None

    def setId(self, id: int | None) -> None:
        """Set the number of the exposure."""
        self.id = id

    def getApCorrMap(self) -> Any:
        """Return the aperture corrections."""
        return self.apCorrMap

    def hasApCorrMap(self) -> bool:
        """Return whether there are aperture corrections."""
        return self.apCorrMap is not None

    def getCoaddInputs(self) -> Any:
        """Return what went into a coadd."""
        return self.coaddInputs

    def hasCoaddInputs(self) -> bool:
        """Return whether it is known what went into a coadd."""
        return self.coaddInputs is not None

    def getTransmissionCurve(self) -> Any:
        """Return the transmission curve."""
        return self.transmissionCurve

    def hasTransmissionCurve(self) -> bool:
        """Return whether there is a transmission curve."""
        return self.transmissionCurve is not None

    def getValidPolygon(self) -> Any:
        """Return the polygon of the valid pixels."""
        return self.validPolygon

    def hasValidPolygon(self) -> bool:
        """Return whether there is a polygon of the valid pixels."""
        return self.validPolygon is not None

    def getSummaryStats(self) -> Any:
        """Return the summary statistics."""
        return self.summaryStats

    def __repr__(self) -> str:
        names = ("id", "filter", "detector", "wcs", "psf", "photoCalib", "visitInfo")
        others = [name for name in ARCHIVE_KEYS.values() if name not in names]
        known = [
            f"    {name}={value!r},\n"
            for name in (*names, *others, "metadata")
            if (value := getattr(self, name)) is not None
        ]
        return f"ExposureInfo(\n{''.join(known)})"
