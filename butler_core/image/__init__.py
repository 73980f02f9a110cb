"""Exposures, masks and catalogues, as LSST's FITS files hold them.

Notes
-----
Arrays are of shape (height, width) and indexed ``[y, x]``.  Positions are in
PARENT coordinates, where the centre of a pixel is an integer and the lower left
pixel of an image lies at its ``xy0``.
"""

from __future__ import annotations

from .alias_map import AliasMap
from .archived import ArchivedObject
from .box import Box2I
from .catalog import BaseCatalog, SimpleCatalog, SourceCatalog
from .catalog_fits import read_catalog, write_catalog
from .detector import Detector
from .exposure import COMPONENTS, Exposure
from .exposure_info import ExposureInfo
from .filter_label import FilterLabel
from .fits_exposure import read_exposure
from .fits_exposure_write import write_exposure
from .fits_image import (
    read_image,
    read_mask,
    read_masked_image,
    write_image,
    write_mask,
    write_masked_image,
)
from .geometry import Extent2I, Point2D, Point2I
from .image import Image
from .indexing import LOCAL, PARENT, ImageOrigin
from .mask import Mask
from .masked_image import MaskedImage
from .photo_calib import Measurement, PhotoCalib
from .pixel_types import (
    ExposureD,
    ExposureF,
    ExposureI,
    ExposureU,
    ImageD,
    ImageF,
    ImageI,
    ImageU,
    MaskedImageD,
    MaskedImageF,
    MaskedImageI,
    MaskedImageU,
    MaskX,
)
from .polygon import Polygon
from .property_list import PropertyList
from .psf import GaussianPsf
from .record import SourceRecord
from .schema import Field, Key, Schema, SchemaItem
from .shape import Quadrupole
from .sphere import Angle, SpherePoint
from .summary_stats import ExposureSummaryStats
from .tile_compression import RECIPES
from .visit_info import Observatory, VisitInfo, Weather
from .wcs import SkyWcs

__all__ = [
    "ExposureD",
    "ExposureF",
    "ExposureI",
    "ExposureU",
    "ImageD",
    "ImageF",
    "ImageI",
    "ImageU",
    "MaskX",
    "MaskedImageD",
    "MaskedImageF",
    "MaskedImageI",
    "MaskedImageU",
    "LOCAL",
    "PARENT",
    "ImageOrigin",
    "COMPONENTS",
    "RECIPES",
    "AliasMap",
    "Angle",
    "ArchivedObject",
    "BaseCatalog",
    "Box2I",
    "Detector",
    "Exposure",
    "ExposureInfo",
    "ExposureSummaryStats",
    "Extent2I",
    "Field",
    "FilterLabel",
    "GaussianPsf",
    "Image",
    "Key",
    "Mask",
    "MaskedImage",
    "Measurement",
    "Observatory",
    "PhotoCalib",
    "Point2D",
    "Point2I",
    "Polygon",
    "PropertyList",
    "Quadrupole",
    "Schema",
    "SchemaItem",
    "SimpleCatalog",
    "SkyWcs",
    "SourceCatalog",
    "SourceRecord",
    "SpherePoint",
    "VisitInfo",
    "Weather",
    "read_catalog",
    "read_exposure",
    "read_image",
    "read_mask",
    "read_masked_image",
    "write_catalog",
    "write_exposure",
    "write_image",
    "write_mask",
    "write_masked_image",
]
