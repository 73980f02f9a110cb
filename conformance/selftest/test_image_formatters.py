"""The FITS formatters of the datastore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from butler_core.datastore.formatters import Formatter
from butler_core.datastore.formatters.fits_exposure import (
    FitsExposureFormatter,
    FitsImageFormatter,
    FitsMaskedImageFormatter,
    FitsMaskFormatter,
)
from butler_core.datastore.formatters.fits_generic import FitsGenericFormatter
from butler_core.errors import DatasetReadError, UnknownComponentError, UnknownParameterError
from butler_core.image import (
    BaseCatalog,
    Box2I,
    Exposure,
    Extent2I,
    FilterLabel,
    GaussianPsf,
    Image,
    Mask,
    MaskedImage,
    PhotoCalib,
    Point2I,
    Polygon,
    SkyWcs,
    SourceCatalog,
)
from butler_core.storage_class import StorageClassFactory

BOX = Box2I(Point2I(12, 21), Extent2I(3, 2))
LOCAL_BOX = Box2I(Point2I(2, 1), Extent2I(3, 2))


@pytest.fixture(scope="module")
def factory() -> StorageClassFactory:
    return StorageClassFactory()


def masked_image() -> MaskedImage:
    pixels = np.arange(42, dtype=np.float32).reshape(6, 7)
    mask = Mask(pixels.astype(np.int32), {"ONE": 0, "TWO": 5}, (10, 20))
    return MaskedImage(Image(pixels, (10, 20)), mask, Image(pixels + 1, (10, 20)))


CASES = [
    (FitsExposureFormatter, "ExposureF", Exposure(masked_image(), psf=GaussianPsf(5, 5, 1.0))),
    (FitsMaskedImageFormatter, "MaskedImageF", masked_image()),
    (FitsImageFormatter, "ImageF", masked_image().image),
    (FitsMaskFormatter, "Mask", masked_image().mask),
]


@pytest.mark.parametrize(("cls", "name", "made"), CASES)
@pytest.mark.parametrize("recipe", ["default", "noCompression"])
def test_written_and_read(
    cls: type[Formatter],
    name: str,
    made: Any,
    recipe: str,
    factory: StorageClassFactory,
    tmp_path: Path,
) -> None:
    formatter = cls(factory.getStorageClass(name), recipe=recipe)
    assert formatter.extension == ".fits"
    path = tmp_path / "temporary-name"
    formatter.write(made, path)
    whole = formatter.read(path)
    assert type(whole) is type(made)
    array = np.arange(42).reshape(6, 7)
    for parameters in ({"bbox": BOX}, {"bbox": LOCAL_BOX, "origin": "LOCAL"}):
        part = formatter.read(path, parameters=parameters)
        assert part.getBBox() == BOX
        plane = part if isinstance(part, Image | Mask) else part.image
        np.testing.assert_array_equal(plane.array, array[1:3, 2:5])
    assert formatter.read(path, component="bbox") == made.getBBox()
    assert formatter.read(path, component="dimensions") == Extent2I(7, 6)
    assert formatter.read(path, component="xy0") == Point2I(10, 20)
    with pytest.raises(UnknownParameterError, match="'box'; did you mean 'bbox'"):
        formatter.read(path, parameters={"box": BOX})
    with pytest.raises(UnknownComponentError, match="'nothing'"):
        formatter.read(path, component="nothing")
    with pytest.raises(TypeError, match="Box2I"):
        formatter.read(path, parameters={"bbox": (1, 2, 3, 4)})
    with pytest.raises(ValueError, match="origin"):
        formatter.read(path, parameters={"bbox": BOX, "origin": "SOMEWHERE"})
    with pytest.raises(
        TypeError, match=f"{name} is written from a {type(made).__name__}, not from a dict"
    ):
        formatter.write({}, path)


@pytest.mark.parametrize("cls", [FitsExposureFormatter, FitsMaskedImageFormatter])
def test_planes_are_components(
    cls: type[Formatter], factory: StorageClassFactory, tmp_path: Path
) -> None:
    made = masked_image()
    formatter = cls(factory.getStorageClass("ExposureF"))
    formatter.write(Exposure(made) if cls is FitsExposureFormatter else made, tmp_path / "x.fits")
    mask = formatter.read(tmp_path / "x.fits", component="mask", parameters={"bbox": BOX})
    assert isinstance(mask, Mask)
    assert mask.getMaskPlaneDict() == {"ONE": 0, "TWO": 5}
    assert mask.getBBox() == BOX
    variance = formatter.read(tmp_path / "x.fits", component="variance")
    np.testing.assert_array_equal(variance.array, made.variance.array)


def test_components_of_exposures(factory: StorageClassFactory, tmp_path: Path) -> None:
    formatter = FitsExposureFormatter(factory.getStorageClass("ExposureF"))
    formatter.write(Exposure(masked_image(), psf=GaussianPsf(5, 5, 1.0)), tmp_path / "x.fits")
    for name in factory.getStorageClass("ExposureF").allComponents():
        formatter.read(tmp_path / "x.fits", component=name)
    assert formatter.read(tmp_path / "x.fits", component="psf") == GaussianPsf(5, 5, 1.0)


def test_catalogues(factory: StorageClassFactory, tmp_path: Path) -> None:
    columns = {
        "id": np.arange(3),
        "coord_ra": np.ones(3),
        "coord_dec": np.ones(3),
        "parent": np.arange(3),
    }
    formatter = FitsGenericFormatter(factory.getStorageClass("SourceCatalog"))
    formatter.write(SourceCatalog.from_columns(columns), tmp_path / "src.fits")
    found = formatter.read(tmp_path / "src.fits")
    assert isinstance(found, SourceCatalog)
    assert found["id"].tolist() == [0, 1, 2]
    formatter.write(BaseCatalog.from_columns({"a": np.arange(2)}), tmp_path / "base.fits")
    assert type(formatter.read(tmp_path / "base.fits")) is BaseCatalog
    with pytest.raises(UnknownParameterError, match="columns"):
        formatter.read(tmp_path / "src.fits", parameters={"columns": ["id"]})


@pytest.mark.parametrize(
    "made",
    [
        PhotoCalib(57.0, 0.5),
        GaussianPsf(21, 23, 2.5),
        FilterLabel("r", "HSC-R"),
        FilterLabel(band="r"),
        Polygon.of([(0, 0), (1, 0), (1, 1)]),
    ],
)
def test_single_objects(made: Any, factory: StorageClassFactory, tmp_path: Path) -> None:
    formatter = FitsGenericFormatter(factory.getStorageClass("PhotoCalib"))
    formatter.write(made, tmp_path / "single.fits")
    assert formatter.read(tmp_path / "single.fits") == made
    with fits.open(tmp_path / "single.fits") as hdus:
        assert hdus[1].header["EXTTYPE"] == "ARCHIVE_INDEX"
        first = {row["id"]: row["name"] for row in hdus[1].data}[1]
    assert first == type(made).__name__


def test_a_wcs_alone_is_its_text(factory: StorageClassFactory, tmp_path: Path) -> None:
    formatter = FitsGenericFormatter(factory.getStorageClass("Wcs"))
    made = SkyWcs.tan((1.0, 2.0), (320.0, 0.5), [[-1e-4, 0], [0, 1e-4]])
    formatter.write(made, tmp_path / "wcs.fits")
    found = formatter.read(tmp_path / "wcs.fits")
    assert found.class_name == "SkyWcs"
    text = found.tables[0][0]["wcs"].tobytes().decode("ascii")
    assert text.startswith("1 SkyWcs 0  Begin FrameSet")
    formatter.write(found, tmp_path / "again.fits")
    assert (tmp_path / "again.fits").read_bytes() == (tmp_path / "wcs.fits").read_bytes()
    header = made.to_header()
    header["CTYPE1"], header["CTYPE2"] = "RA---ZEA", "DEC--ZEA"
    with pytest.raises(ValueError, match="no TAN or TAN-SIP in ICRS"):
        formatter.write(SkyWcs(header), tmp_path / "other.fits")


def test_what_cannot_be_written_or_read(factory: StorageClassFactory, tmp_path: Path) -> None:
    formatter = FitsGenericFormatter(factory.getStorageClass("SourceCatalog"))
    with pytest.raises(TypeError, match="a dict cannot be written"):
        formatter.write({}, tmp_path / "x.fits")
    (tmp_path / "x.fits").write_bytes(b"nothing")
    with pytest.raises(DatasetReadError, match=r"x\.fits"):
        formatter.read(tmp_path / "x.fits")
