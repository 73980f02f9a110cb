"""Catalogues in FITS files of every version of afw's tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from butler_core.errors import DatasetReadError
from butler_core.image import (
    BaseCatalog,
    SimpleCatalog,
    SourceCatalog,
    read_catalog,
    write_catalog,
)

FLAGS = [f"flag_{number}" for number in range(11)]
LONG_DOC = "Flag set if the source was a candidate for PSF determination, as determined by the star"


def version_1_file(path: Path) -> Path:
    """Write a table as afw wrote it in 2018: flags among the columns, Sigma, flux, footprints."""
    bits = np.zeros((3, len(FLAGS)), dtype=bool)
    bits[0, 0] = bits[1, 8] = bits[2, 10] = True
    columns = [
        fits.Column("flags", f"{len(FLAGS)}X", array=bits),
        fits.Column("id", "1K", array=[11, 12, 13]),
        fits.Column("coord_ra", "1D", array=[1.0, 2.0, np.nan], unit="rad"),
        fits.Column("coord_dec", "1D", array=[0.1, 0.2, 0.3], unit="rad"),
        fits.Column("parent", "1K", array=[0, 0, 11]),
        fits.Column("base_PsfFlux_flux", "1D", array=[10.0, 20.0, 30.0], unit="count"),
        fits.Column("base_PsfFlux_fluxSigma", "1D", array=[1.0, 2.0, 3.0], unit="count"),
        fits.Column("base_SdssCentroid_x", "1D", array=[5.0, 6.0, 7.0], unit="pixel"),
        fits.Column("base_SdssCentroid_xSigma", "1E", array=[0.1, 0.2, 0.3], unit="pixel"),
        fits.Column("size", "1I", array=np.array([1, 2, 65535], np.uint16), bzero=32768),
        fits.Column("radii", "3E", array=np.arange(9, dtype=np.float32).reshape(3, 3)),
        fits.Column("spectrum", "1QD()", array=_ragged([1.0], [], [2.0, 3.0])),
        fits.Column("name", "8A", array=["oneZZZZZ", "ZZZZZZZZ", "threeZZZ"]),
        fits.Column("footprint", "1J", array=[1, 0, 2]),
    ]
    table = fits.BinTableHDU.from_columns(columns)
    old = table.header
    header = fits.Header([card for card in old.cards if not card.keyword.startswith("TTYPE")])
    header["FLAGCOL"] = (1, "Column number for the bitflags.")
    for number in range(1, len(columns) + 1):
        header[f"TTYPE{number}"] = (old[f"TTYPE{number}"], "its comment")
        if number > 1:
            header[f"TDOC{number}"] = f"about column {number}"
            kind = {3: "Angle", 4: "Angle", 11: "Array", 12: "Array", 13: "String"}
            header[f"TCCLS{number}"] = kind.get(number, "Scalar")
        if number == 5:
            header["TFLAG1"] = FLAGS[0]
            header["TFDOC1"] = LONG_DOC
    for number, name in enumerate(FLAGS[1:], start=2):
        header[f"TFLAG{number}"] = name
    for alias in (
        "slot_Centroid:base_SdssCentroid",
        "slot_PsfFlux:base_PsfFlux",
        "a_rather_long_name_of_a_flag_badCentroid:another_rather_long_name_of_a_measurement_flag",
    ):
        header.append(("ALIAS", alias), end=True)
    header.append(("HIERARCH radii_list", 3.0), end=True)
    header.append(("HIERARCH radii_list", 4.5), end=True)
    header["AR_HDU"] = 3
    header["HIERARCH AFW_TABLE_VERSION"] = 1
    header["AFW_TYPE"] = ("SOURCE", "Tells lsst::afw to load this as a Source table.")
    index = fits.BinTableHDU.from_columns(
        [
            fits.Column("id", "1J", array=[1, 2]),
            fits.Column("cat.archive", "1J", array=[1, 1]),
            fits.Column("cat.persistable", "1J", array=[0, 0]),
            fits.Column("row0", "1J", array=[0, 2]),
            fits.Column("nrows", "1J", array=[2, 1]),
            fits.Column("name", "16A", array=["SpanSet", "SpanSet"]),
        ]
    )
    index.header["AR_NCAT"] = 2
    spans = fits.BinTableHDU.from_columns([fits.Column("y", "1J", array=[7, 8, 9])])
    # astropy would put the TTYPE cards first, and fill strings with NUL where afw has blanks.
    written = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), table, index, spans]).writeto(written)
    content = written.getvalue()
    with fits.open(io.BytesIO(content)) as hdus:
        where = [hdu.fileinfo() for hdu in hdus]
        rows = content[where[1]["datLoc"] : where[2]["hdrLoc"]]
        for keyword in ("PCOUNT", "TFORM12"):
            header[keyword] = hdus[1].header[keyword]
    path.write_bytes(
        content[: where[1]["hdrLoc"]]
        + header.tostring().encode()
        + rows.replace(b"Z", b" ")
        + content[where[2]["hdrLoc"] :]
    )
    return path


def _ragged(*rows: list[float]) -> Any:
    column = np.empty(len(rows), dtype=object)
    for number, row in enumerate(rows):
        column[number] = np.array(row)
    return column


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return version_1_file(tmp_path / "v1.fits")


def test_a_table_is_written_again_byte_for_byte(path: Path, tmp_path: Path) -> None:
    write_catalog(read_catalog(path), tmp_path / "again.fits")
    with fits.open(path) as old, fits.open(tmp_path / "again.fits") as new:
        for before, after in zip(old, new, strict=True):
            assert [c.image for c in after.header.cards] == [c.image for c in before.header.cards]
    assert (tmp_path / "again.fits").read_bytes() == path.read_bytes()


def test_values(path: Path) -> None:
    catalog = read_catalog(path)
    assert isinstance(catalog, SourceCatalog)
    assert catalog["id"].tolist() == [11, 12, 13]
    assert catalog["size"].tolist() == [1, 2, 65535]
    assert catalog["size"].dtype == np.uint16
    assert catalog["name"].tolist() == ["one", "", "three"]
    assert catalog["radii"].tolist()[1] == [3.0, 4.0, 5.0]
    assert [each.tolist() for each in catalog["spectrum"]] == [[1.0], [], [2.0, 3.0]]
    assert np.isnan(catalog["coord_ra"][2])
    assert all(column.dtype.isnative for column in catalog.columns.values())
    for name, row in ((FLAGS[0], 0), (FLAGS[8], 1), (FLAGS[10], 2)):
        assert np.flatnonzero(catalog[name]).tolist() == [row]
    assert catalog.schema["id"].field.getDoc() == "about column 2"
    assert catalog.schema[FLAGS[0]].field.getDoc() == LONG_DOC
    assert catalog.getMetadata().getArray("radii_list") == [3.0, 4.5]


def test_columns_and_flags_are_in_the_order_of_their_cards(path: Path) -> None:
    names = read_catalog(path).schema.getOrderedNames()
    assert names[:6] == ["id", "coord_ra", "coord_dec", "parent", FLAGS[0], "base_PsfFlux_flux"]
    assert names[-10:] == FLAGS[1:]


def test_old_names_are_found_by_those_of_today(path: Path) -> None:
    catalog = read_catalog(path)
    assert catalog["base_PsfFlux_instFlux"].tolist() == [10.0, 20.0, 30.0]
    assert catalog[1].getPsfInstFlux() == 20.0
    assert catalog[1].getPsfInstFluxErr() == 2.0
    assert catalog["slot_Centroid_xErr"].tolist() == pytest.approx([0.1, 0.2, 0.3])


def test_footprints_are_carried(path: Path, tmp_path: Path) -> None:
    catalog = read_catalog(path)
    assert catalog[1].getFootprint() is None
    footprint = catalog[0].getFootprint()
    assert footprint.class_name == "SpanSet"
    assert footprint.tables[0]["y"].tolist() == [7, 8]
    write_catalog(catalog[catalog["id"] > 12], tmp_path / "part.fits")
    part = read_catalog(tmp_path / "part.fits")
    assert part[0].getFootprint().tables[0]["y"].tolist() == [9]
    assert part["name"].tolist() == ["three"]
    assert part[FLAGS[10]].tolist() == [True]


def test_the_first_flag_is_the_highest_bit(tmp_path: Path) -> None:
    values = {name: np.array([number in (0, 9)]) for number, name in enumerate(FLAGS)}
    write_catalog(BaseCatalog.from_columns(values), tmp_path / "flags.fits")
    with fits.open(tmp_path / "flags.fits") as hdus:
        header = hdus[1].header
        where = hdus[1].fileinfo()["datLoc"]
    assert (tmp_path / "flags.fits").read_bytes()[where : where + 2] == b"\x80\x40"
    assert (header["TTYPE1"], header["TFORM1"], header["FLAGCOL"]) == ("flags", "11X", 1)
    assert [header[f"TFLAG{number}"] for number in range(1, 12)] == FLAGS


def make() -> SourceCatalog:
    return SourceCatalog.from_columns(
        {
            "id": np.array([2**40, 2**41]),
            "coord_ra": np.array([5.5, np.nan]),
            "coord_dec": np.array([0.1, 0.2]),
            "parent": np.zeros(2, dtype=np.int64),
            "calib_detected": np.array([True, False]),
            "base_SdssCentroid_x": np.array([1.5, 2.5]),
            "count": np.array([0, 65535], dtype=np.uint16),
            "byte": np.array([0, 255], dtype=np.uint8),
            "radii": np.array([[3.0, 4.5], [6.0, 9.0]], dtype=np.float32),
            "name": np.array(["one", "a longer name"]),
            "detect_isPrimary": np.array([False, True]),
        },
        units={"base_SdssCentroid_x": "pixel"},
        docs={"id": "unique ID", "calib_detected": LONG_DOC, "base_SdssCentroid_x": LONG_DOC},
        aliases={"slot_Centroid": "base_SdssCentroid"},
    )


def test_a_new_catalogue_is_an_afw_table(tmp_path: Path) -> None:
    write_catalog(make(), tmp_path / "new.fits")
    header = fits.getheader(tmp_path / "new.fits", 1)
    assert header["AFW_TYPE"] == "SOURCE"
    assert header["AFW_TABLE_VERSION"] == 3
    assert "AR_HDU" not in header
    assert header["ALIAS"] == "slot_Centroid:base_SdssCentroid"
    stated = [header[f"TTYPE{number}"] for number in range(1, header["TFIELDS"] + 1)]
    assert stated == [
        "flags",
        *(n for n in make().columns if n not in ("calib_detected", "detect_isPrimary")),
    ]
    assert [header[f"TFORM{n}"] for n in range(1, 11)] == [
        "2X", "1K", "1D", "1D", "1K", "1D", "1I", "1B", "2E", "13A"
    ]  # fmt: skip
    assert [header[f"TCCLS{n}"] for n in (2, 3, 9, 10)] == ["Scalar", "Angle", "Array", "String"]
    assert header["TUNIT3"] == "rad"
    assert header["TDOC6"] == header["TFDOC1"] == LONG_DOC
    assert (header["TFLAG1"], header["TFLAG2"]) == ("calib_detected", "detect_isPrimary")


def test_a_new_catalogue_comes_back(tmp_path: Path) -> None:
    made = make()
    write_catalog(made, tmp_path / "new.fits")
    found = read_catalog(tmp_path / "new.fits")
    assert type(found) is SourceCatalog
    assert found.schema == made.schema
    assert found.schema.getOrderedNames() == list(made.columns)
    assert found.aliases == made.aliases
    for name, column in made.columns.items():
        np.testing.assert_array_equal(found[name], column)
        assert found[name].dtype.kind == column.dtype.kind
    write_catalog(found, tmp_path / "again.fits")
    assert (tmp_path / "again.fits").read_bytes() == (tmp_path / "new.fits").read_bytes()


def test_changes_are_written(path: Path, tmp_path: Path) -> None:
    catalog = read_catalog(path)
    catalog["base_PsfFlux_flux"][0] = -1.0
    catalog[1]["name"] = "second"
    catalog.aliases.set("slot_Shape", "base_SdssShape")
    catalog.metadata["NEW"] = 5
    catalog["spectrum"][1] = np.arange(4.0)
    write_catalog(catalog, tmp_path / "changed.fits")
    found = read_catalog(tmp_path / "changed.fits")
    stated = fits.getheader(tmp_path / "changed.fits", 1)
    assert sum(card.keyword == "ALIAS" for card in stated.cards) == len(catalog.aliases)
    assert found["base_PsfFlux_instFlux"][0] == -1.0
    assert found["name"].tolist() == ["one", "second", "three"]
    assert found["spectrum"][1].tolist() == [0, 1, 2, 3]
    assert found.aliases["slot_Shape"] == "base_SdssShape"
    assert found.metadata["NEW"] == 5
    assert found.metadata.getArray("radii_list") == [3.0, 4.5]


def test_classes_of_catalogues(tmp_path: Path) -> None:
    columns = {"id": np.arange(2), "coord_ra": np.zeros(2), "coord_dec": np.zeros(2)}
    for cls in (BaseCatalog, SimpleCatalog):
        write_catalog(cls.from_columns(columns), tmp_path / "some.fits")
        assert type(read_catalog(tmp_path / "some.fits")) is cls
    with pytest.raises(ValueError, match="this one lacks parent"):
        write_catalog(SourceCatalog.from_columns(columns), tmp_path / "source.fits")


def test_no_rows(tmp_path: Path) -> None:
    write_catalog(make()[:0], tmp_path / "none.fits")
    found = read_catalog(tmp_path / "none.fits")
    assert len(found) == 0
    assert found.schema.getOrderedNames() == list(make().columns)
    assert list(found) == []


def old_table(path: Path, columns: list[fits.Column], cards: dict[str, Any]) -> Path:
    table = fits.BinTableHDU.from_columns(columns)
    for keyword, value in cards.items():
        table.header[f"HIERARCH {keyword}" if len(keyword) > 8 else keyword] = value
    fits.HDUList([fits.PrimaryHDU(), table]).writeto(path)
    return path


def test_version_2(tmp_path: Path) -> None:
    columns = [
        fits.Column("base_PsfFlux_flux", "1D", array=[1.0], unit="adu"),
        fits.Column("base_PsfFlux_fluxErr", "1D", array=[0.5], unit="adu"),
        fits.Column("base_Blendedness_raw_flux", "1D", array=[0.1]),
        fits.Column("old_Sigma", "1D", array=[0.1]),
    ]
    path = old_table(tmp_path / "v2.fits", columns, {"AFW_TABLE_VERSION": 2, "AFW_TYPE": "SOURCE"})
    catalog = read_catalog(path)
    assert catalog["base_PsfFlux_instFlux"][0] == 1.0
    assert catalog["base_PsfFlux_instFluxErr"][0] == 0.5
    for name in ("base_Blendedness_raw_instFlux", "old_Err"):
        assert name not in catalog.schema


def test_version_0(tmp_path: Path) -> None:
    columns = [
        fits.Column("flags", "2X", array=np.array([[True, False]])),
        fits.Column("id", "1K", array=[1]),
        fits.Column("coord", "2D", array=[[1.0, 0.5]], unit="radians"),
        fits.Column("centroid_sdss", "2D", array=[[3.0, 4.0]], unit="pixels"),
        fits.Column("centroid_sdss_err", "3E", array=[[4.0, 1.0, 9.0]]),
        fits.Column("shape_sdss", "3D", array=[[5.0, 6.0, 7.0]]),
        fits.Column("flux_psf", "1D", array=[100.0], unit="dn"),
        fits.Column("flux_psf_err", "1D", array=[10.0], unit="dn"),
        fits.Column("cov", "6D", array=[[1.0, 2.0, 4.0, 3.0, 5.0, 9.0]]),
    ]
    cards = {
        "FLAGCOL": 1,
        "TFLAG1": "flux_psf_flags",
        "TFLAG2": "centroid_sdss_flags",
        "TCCLS3": "Coord",
        "TCCLS4": "Point",
        "TCCLS5": "Covariance(Point)",
        "TCCLS6": "Moments",
        "TCCLS9": "Covariance",
        "CENTROID_SLOT": "centroid_sdss",
        "PSF_FLUX_SLOT": "flux_psf",
        "SHAPE_SLOT": "shape_sdss",
        "AFW_TYPE": "SOURCE",
    }
    path = old_table(tmp_path / "v0.fits", columns, cards)
    record = read_catalog(path)[0]
    assert (record.getX(), record.getY()) == (3.0, 4.0)
    assert record.getShape().getIxy() == 7.0
    assert (record.getRa().asRadians(), record.getDec().asRadians()) == (1.0, 0.5)
    assert record.getPsfInstFlux() == 100.0
    assert record.getPsfInstFluxErr() == 10.0
    assert record.getPsfFluxFlag() is True
    assert record["flux_psf_flags"] is True
    assert record.getCentroidFlag() is False
    assert record["slot_Centroid_xErr"] == 2.0
    assert record["slot_Centroid_yErr"] == 3.0
    assert record["centroid_sdss_err_x_y_Cov"] == 1.0
    assert [record[f"cov_{n}Err"] for n in range(3)] == [1.0, 2.0, 3.0]
    assert record["cov_0_2_Cov"] == 3.0


def test_columns_that_no_field_holds(tmp_path: Path) -> None:
    columns = [fits.Column("id", "1K", array=[1]), fits.Column("z", "1M", array=[1 + 2j])]
    path = old_table(tmp_path / "complex.fits", columns, {})
    with pytest.warns(UserWarning, match="column 'z' has the format M"):
        catalog = read_catalog(path)
    assert catalog.schema.getOrderedNames() == ["id"]
    write_catalog(catalog, tmp_path / "again.fits")
    assert read_catalog(tmp_path / "again.fits")["id"].tolist() == [1]


def test_contradictions(tmp_path: Path) -> None:
    flags = fits.Column("flags", "1X", array=np.array([[True]]))
    angle = fits.Column("angle", "1D", array=[1.0], unit="deg")
    number = fits.Column("id", "1K", array=[1])
    cases: list[tuple[list[fits.Column], dict[str, Any], str]] = [
        ([flags], {"FLAGCOL": 1, "TFLAG1": "a", "TFLAG2": "b"}, "flag 'b' is bit 2"),
        ([number], {"FLAGCOL": 1}, "that column is no array of bits"),
        ([angle], {"TCCLS1": "Angle"}, "'angle' are in 'deg', not in rad"),
        ([number], {"ALIAS": "nothing"}, "ALIAS card 'nothing' has no colon"),
    ]
    for columns, cards, message in cases:
        path = tmp_path / "bad.fits"
        path.unlink(missing_ok=True)
        old_table(path, columns, cards)
        with pytest.raises(DatasetReadError, match=rf"bad\.fits: HDU 1: .*{message}"):
            read_catalog(path)


def test_truncated(path: Path) -> None:
    content = path.read_bytes()
    for length in (3000, 2880 * 4, len(content) - 3000):
        path.write_bytes(content[:length])
        with pytest.raises(DatasetReadError, match=r"v1\.fits"):
            read_catalog(path)
