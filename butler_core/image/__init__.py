"""Exposures, masks and catalogues, as LSST's FITS files hold them.

Notes
-----
Arrays are of shape (height, width) and indexed ``[y, x]``.  Positions are in
PARENT coordinates, where the centre of a pixel is an integer and the lower left
pixel of an image lies at its ``xy0``.
"""

from __future__ import annotations

from .catalog import BaseCatalog, SimpleCatalog, SourceCatalog
from .detector import Detector
from .exposure import COMPONENTS, Exposure
from .exposure_info import ExposureInfo
from .filter_label import FilterLabel
from .geometry import Box2I, Extent2I, Point2D, Point2I
from .image import Image
from .mask import Mask
from .masked_image import MaskedImage
from .photo_calib import Measurement, PhotoCalib
from .property_list import PropertyList
from .psf import GaussianPsf
from .record import SourceRecord
from .schema import AliasMap, Field, Key, Schema, SchemaItem
from .shape import Quadrupole
from .sphere import Angle, SpherePoint
from .visit_info import Observatory, VisitInfo, Weather
from .wcs import SkyWcs

__all__ = [
    "COMPONENTS",
    "AliasMap",
    "Angle",
    "BaseCatalog",
    "Box2I",
    "Detector",
    "Exposure",
    "ExposureInfo",
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
]
