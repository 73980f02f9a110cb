"""Components of exposures as rows of archives, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import yaml

from .archive import Archive
from .archive_write import ArchiveBuilder
from .archived import ArchivedObject
from .box import Box2I
from .catalog import BaseCatalog
from .detector import Detector
from .filter_label import FilterLabel
from .geometry import Extent2I, Point2I
from .photo_calib import PhotoCalib
from .polygon import Polygon
from .psf import GaussianPsf
from .schema import Field, Schema
from .sky_wcs_text import frame_set_text
from .summary_stats import ExposureSummaryStats
from .wcs import SkyWcs

__all__ = ["persist", "restore"]

_FILTER_LENGTH = 32
_SUMMARY_MODULE = "lsst.afw.image._exposureSummaryStats"


def restore(archive: Archive, archive_id: int) -> Any:
    """Return an object of an archive.

    Parameters
    ----------
    archive : `Archive`
        The archive.
    archive_id : `int`
        The number of the object.

    Returns
    -------
    object
        An `ArchivedObject` if its class is not modelled here.

    Raises
    ------
    DatasetReadError
        The archive holds no such object.
    """
    archived = ArchivedObject(archive, archive_id)
    reader = _READERS.get(archived.class_name)
    return archived if reader is None else reader(archived)


def persist(builder: ArchiveBuilder, component: Any) -> int | None:
    """Add an object to an archive.

    Parameters
    ----------
    builder : `ArchiveBuilder`
        The archive.
    component
        The object.

    Returns
    -------
    archive_id : `int` or `None`
        Nothing for a WCS that only headers can state.

    Raises
    ------
    TypeError
        An object of this class cannot be kept.
    """
    writer = _WRITERS.get(type(component))
    if writer is None:
        known = ", ".join(cls.__name__ for cls in _WRITERS)
        raise TypeError(
            f"a {type(component).__name__} cannot be written with an exposure; "
            f"what can be: {known}, and what was read from a file"
        )
    return writer(builder, component)


def _read_psf(archived: ArchivedObject) -> GaussianPsf:
    record = archived.tables[0][0]
    return GaussianPsf(record["dimensions_x"], record["dimensions_y"], record["sigma"])


def _write_psf(builder: ArchiveBuilder, psf: GaussianPsf) -> int:
    width, height = psf.getDimensions()
    table = BaseCatalog.from_columns(
        {
            "dimensions_x": np.array([width], dtype=np.int32),
            "dimensions_y": np.array([height], dtype=np.int32),
            "sigma": np.array([psf.getSigma()]),
        },
        units={"dimensions_x": "pixel", "dimensions_y": "pixel", "sigma": "pixel"},
        docs={
            "dimensions_x": "width of its images",
            "dimensions_y": "height of its images",
            "sigma": "standard deviation",
        },
    )
    return builder.add("GaussianPsf", "lsst.afw.detection", [table])


def _read_photo_calib(archived: ArchivedObject) -> PhotoCalib | ArchivedObject:
    record = archived.tables[0][0]
    if not record["isConstant"]:
        return archived
    return PhotoCalib(record["calibrationMean"], record["calibrationErr"])


def _write_photo_calib(builder: ArchiveBuilder, calibration: PhotoCalib) -> int:
    # LSST keeps a constant calibration as a Chebyshev polynomial of order 0 on an empty box too.
    number = builder.reserve()
    field = BaseCatalog.from_columns(
        {
            "order_x": np.array([0], dtype=np.int32),
            "bbox_min_x": np.array([0], dtype=np.int32),
            "bbox_min_y": np.array([0], dtype=np.int32),
            "bbox_max_x": np.array([-1], dtype=np.int32),
            "bbox_max_y": np.array([-1], dtype=np.int32),
            "coefficients": np.array([[calibration.getCalibrationMean()]]),
        },
        units=dict.fromkeys(("bbox_min_x", "bbox_min_y", "bbox_max_x", "bbox_max_y"), "pixel"),
        docs={"order_x": "order in x", "coefficients": "coefficients, those of x fastest"},
    )
    field_id = builder.add("ChebyshevBoundedField", "lsst.afw.math", [field])
    table = BaseCatalog.from_columns(
        {
            "calibrationMean": np.array([calibration.getCalibrationMean()]),
            "calibrationErr": np.array([calibration.getCalibrationErr()]),
            "isConstant": np.array([True]),
            "field": np.array([field_id], dtype=np.int32),
            "version": np.array([1], dtype=np.int32),
        },
        units={"calibrationMean": "count", "calibrationErr": "count"},
        docs={
            "calibrationMean": "nanojansky per count",
            "calibrationErr": "standard deviation of calibrationMean",
            "isConstant": "the same everywhere",
            "field": "archive number of the field that scales the mean",
            "version": "version of this layout",
        },
    )
    return builder.add("PhotoCalib", "", [table], number)


def _read_filter(archived: ArchivedObject) -> FilterLabel:
    record = archived.tables[0][0]
    return FilterLabel(
        band=record["band"] if record["band_exists"] else None,
        physical=record["physical"] if record["physical_exists"] else None,
    )


def _write_filter(builder: ArchiveBuilder, label: FilterLabel) -> int:
    flag, text = np.dtype(bool), np.dtype("U")
    fields = [
        Field("band_exists", "Flag", flag, "the band is known"),
        Field("band", "String", text, "the band", "", _FILTER_LENGTH),
        Field("physical_exists", "Flag", flag, "the physical filter is known"),
        Field("physical", "String", text, "the physical filter", "", _FILTER_LENGTH),
    ]
    columns = {
        "band_exists": np.array([label.hasBandLabel()]),
        "band": np.array([label.band or ""]),
        "physical_exists": np.array([label.hasPhysicalLabel()]),
        "physical": np.array([label.physical or ""]),
    }
    return builder.add("FilterLabel", "lsst.afw.image", [BaseCatalog(Schema(fields), columns)])


def _write_bytes(name: str, content: bytes, doc: str) -> BaseCatalog:
    column = np.empty(1, dtype=object)
    column[0] = np.frombuffer(content, dtype=np.uint8)
    field = Field(name, "Array", np.dtype(np.uint8), doc, "", 0)
    return BaseCatalog(Schema([field]), {name: column})


def _write_wcs(builder: ArchiveBuilder, wcs: SkyWcs) -> int | None:
    text = frame_set_text(wcs)
    if text is None:
        return None
    table = _write_bytes("wcs", text.encode("ascii"), "the WCS as text")
    return builder.add("SkyWcs", "lsst.afw.geom", [table])


def _read_summary(archived: ArchivedObject) -> ExposureSummaryStats:
    text = archived.tables[0][0]["bytes"].tobytes().decode("utf-8")
    return ExposureSummaryStats(**yaml.load(text, Loader=yaml.CSafeLoader))


def _write_summary(builder: ArchiveBuilder, summary: ExposureSummaryStats) -> int:
    text = yaml.dump(summary.asDict(), Dumper=yaml.CSafeDumper, encoding="utf-8")
    table = _write_bytes("bytes", text, "the statistics as YAML")
    return builder.add("ExposureSummaryStats", _SUMMARY_MODULE, [table])


def _read_polygon(archived: ArchivedObject) -> Polygon:
    table = archived.tables[0]
    return Polygon.of(zip(table["vertices_x"], table["vertices_y"], strict=True))


def _write_polygon(builder: ArchiveBuilder, polygon: Polygon) -> int:
    table = BaseCatalog.from_columns(
        {
            "vertices_x": np.array([vertex.x for vertex in polygon.vertices]),
            "vertices_y": np.array([vertex.y for vertex in polygon.vertices]),
        }
    )
    return builder.add("Polygon", "", [table])


def _read_detector(archived: ArchivedObject) -> Detector:
    record = archived.tables[0][0]
    corner = Point2I(record["bbox_min_x"], record["bbox_min_y"])
    size = Extent2I(record["bbox_max_x"] - corner.x + 1, record["bbox_max_y"] - corner.y + 1)
    return Detector(
        name=record["name"],
        id=record["id"],
        serial=record["serial"],
        bbox=Box2I(corner, size),
        archived=archived,
    )


_READERS: Mapping[str, Callable[[ArchivedObject], Any]] = {
    "GaussianPsf": _read_psf,
    "PhotoCalib": _read_photo_calib,
    "FilterLabel": _read_filter,
    "ExposureSummaryStats": _read_summary,
    "Polygon": _read_polygon,
    "Detector": _read_detector,
}
_WRITERS: Mapping[type, Callable[[ArchiveBuilder, Any], int | None]] = {
    GaussianPsf: _write_psf,
    PhotoCalib: _write_photo_calib,
    FilterLabel: _write_filter,
    SkyWcs: _write_wcs,
    ExposureSummaryStats: _write_summary,
    Polygon: _write_polygon,
}
