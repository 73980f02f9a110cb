"""An exposure: pixels with all that is known of them."""

from __future__ import annotations

from typing import Any

from ..errors import nearest
from .box import Box2I
from .carried import Carried
from .exposure_info import ExposureInfo
from .filter_label import FilterLabel
from .fits_methods import FitsPixels
from .geometry import Extent2I, Point2I
from .image import Image
from .indexing import PARENT, ImageOrigin
from .mask import Mask
from .masked_image import MaskedImage
from .property_list import PropertyList
from .sky_extent import SkyExtent
from .visit_info import VisitInfo
from .wcs import SkyWcs

__all__ = ["COMPONENTS", "Exposure"]

COMPONENTS = (
    "image",
    "mask",
    "variance",
    "wcs",
    "psf",
    "photoCalib",
    "visitInfo",
    "apCorrMap",
    "coaddInputs",
    "transmissionCurve",
    "metadata",
    "filter",
    "detector",
    "validPolygon",
    "summaryStats",
    "id",
    "bbox",
    "dimensions",
    "xy0",
)
"""The components of LSST's storage class ExposureF, the derived ones last."""


class Exposure(FitsPixels, SkyExtent):
    """An image with its mask and variance and all that is known of them.

    Parameters
    ----------
    maskedImage : `MaskedImage`
        The pixels.
    info : `ExposureInfo`, optional
        All the components; then no other keyword may be given.
    **components
        The components, as in `ExposureInfo`.
    """

    fits_kind = "exposure"

    def __init__(
        self, maskedImage: MaskedImage, *, info: ExposureInfo | None = None, **components: Any
    ) -> None:
        if info is not None and components:
            raise TypeError(f"give info or {', '.join(components)}, not both")
        self._masked_image = maskedImage
        self._info = ExposureInfo(**components) if info is None else info

    @property
    def maskedImage(self) -> MaskedImage:
        """The pixels (`MaskedImage`)."""
        return self._masked_image

    @property
    def image(self) -> Image:
        """The image (`Image`)."""
        return self._masked_image.image

    @property
    def mask(self) -> Mask:
        """The mask (`Mask`)."""
        return self._masked_image.mask

    @property
    def variance(self) -> Image:
        """The variance (`Image`)."""
        return self._masked_image.variance

    @property
    def info(self) -> ExposureInfo:
        """The components other than pixels (`ExposureInfo`)."""
        return self._info

    @property
    def carried(self) -> Carried | None:
        """What the file held that is not modelled (`Carried` or `None`)."""
        return self._masked_image.carried

    @property
    def wcs(self) -> SkyWcs | None:
        """The relation between pixels and sky (`SkyWcs` or `None`)."""
        return self._info.wcs

    @property
    def psf(self) -> Any:
        """The point-spread function (`GaussianPsf`, `ArchivedObject` or `None`)."""
        return self._info.psf

    @property
    def photoCalib(self) -> Any:
        """The photometric calibration (`PhotoCalib`, `ArchivedObject` or `None`)."""
        return self._info.photoCalib

    @property
    def visitInfo(self) -> VisitInfo | None:
        """When and where the exposure was taken (`VisitInfo` or `None`)."""
        return self._info.visitInfo

    @property
    def metadata(self) -> PropertyList:
        """The cards of the primary HDU (`PropertyList`)."""
        return self._info.metadata

    @property
    def filter(self) -> FilterLabel | None:
        """The filter (`FilterLabel` or `None`)."""
        return self._info.filter

    @property
    def detector(self) -> Any:
        """The detector (`Detector` or `None`)."""
        return self._info.detector

    @property
    def apCorrMap(self) -> Any:
        """The aperture corrections."""
        return self._info.apCorrMap

    @property
    def coaddInputs(self) -> Any:
        """What went into a coadd."""
        return self._info.coaddInputs

    @property
    def transmissionCurve(self) -> Any:
        """The transmission curve."""
        return self._info.transmissionCurve

    @property
    def validPolygon(self) -> Any:
        """The polygon of the valid pixels."""
        return self._info.validPolygon

    @property
    def summaryStats(self) -> Any:
        """The summary statistics."""
        return self._info.summaryStats

    @property
    def id(self) -> int | None:
        """The number of the exposure (`int` or `None`)."""
        return self._info.id

    @property
    def xy0(self) -> Point2I:
        """Where the lower left pixel lies in the parent image (`Point2I`)."""
        return self._masked_image.xy0

    @property
    def dimensions(self) -> Extent2I:
        """Width and height (`Extent2I`)."""
        return self._masked_image.getDimensions()

    def component(self, name: str) -> Any:
        """Return a component by its name in the storage class.

        Parameters
        ----------
        name : `str`
            One of `COMPONENTS`, or ``maskedImage``.

        Raises
        ------
        KeyError
            No component has this name.
        """
        if name not in COMPONENTS and name != "maskedImage":
            raise KeyError(
                f"an Exposure has no component {name!r}{nearest(name, COMPONENTS)}; "
                f"it has {', '.join(COMPONENTS)}"
            )
        return getattr(self, name)

    def getMaskedImage(self) -> MaskedImage:
        """Return the pixels."""
        return self._masked_image

    def getImage(self) -> Image:
        """Return the image."""
        return self.image

    def getMask(self) -> Mask:
        """Return the mask."""
        return self.mask

    def getVariance(self) -> Image:
        """Return the variance."""
        return self.variance

    def getInfo(self) -> ExposureInfo:
        """Return the components other than pixels."""
        return self._info

    def getWcs(self) -> SkyWcs | None:
        """Return the relation between pixels and sky."""
        return self._info.wcs

    def setWcs(self, wcs: SkyWcs | None) -> None:
        """Set the relation between pixels and sky."""
        self._info.setWcs(wcs)

    def hasWcs(self) -> bool:
        """Return whether there is a WCS."""
        return self._info.hasWcs()

    def getPsf(self) -> Any:
        """Return the point-spread function."""
        return self._info.psf

    def setPsf(self, psf: Any) -> None:
        """Set the point-spread function."""
        self._info.setPsf(psf)

    def hasPsf(self) -> bool:
        """Return whether there is a point-spread function."""
        return self._info.hasPsf()

    def getPhotoCalib(self) -> Any:
        """Return the photometric calibration."""
        return self._info.photoCalib

    def setPhotoCalib(self, photoCalib: Any) -> None:
        """Set the photometric calibration."""
        self._info.setPhotoCalib(photoCalib)

    def getFilter(self) -> FilterLabel | None:
        """Return the filter."""
        return self._info.filter

    def getFilterLabel(self) -> FilterLabel | None:
        """Return the filter, by the name of the years 2020 to 2022."""
        return self._info.filter

    def setFilter(self, filter: FilterLabel | None) -> None:
        """Set the filter."""
        self._info.setFilter(filter)

    def getDetector(self) -> Any:
        """Return the detector."""
        return self._info.detector

    def getMetadata(self) -> PropertyList:
        """Return the metadata."""
        return self._info.metadata

    def getDimensions(self) -> Extent2I:
        """Return width and height."""
        return self.dimensions

    def subset(self, bbox: Box2I, origin: ImageOrigin = PARENT) -> Exposure:
        """Return the part in a box; the pixels are shared.

        Parameters
        ----------
        bbox : `Box2I`
            Which pixels.
        origin : `ImageOrigin`
            From where the box counts.

        Raises
        ------
        BoxError
            The box reaches out of the image.
        """
        return Exposure(self._masked_image.subset(bbox, origin), info=self._info.copy())

    def clone(self) -> Exposure:
        """Return a copy with pixels of its own."""
        return Exposure(self._masked_image.clone(), info=self._info.copy())

    def _pixel(self, point: Point2I) -> Any:
        return self._masked_image._pixel(point)

    def _fill(self, value: Any) -> None:
        self._masked_image._fill(value)

    def _around(self, maskedImage: MaskedImage) -> Exposure:
        return Exposure(maskedImage, info=self._info.copy())

    def __repr__(self) -> str:
        return f"Exposure({self.image.dtype.name}, bbox={self.bbox})"
