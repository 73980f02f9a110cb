"""Catalogues as users of afw know them."""

from __future__ import annotations

import numpy as np
import pytest

from butler_core.errors import MissingFieldError
from butler_core.image import (
    AliasMap,
    Angle,
    PhotoCalib,
    Point2D,
    Quadrupole,
    SourceCatalog,
    SpherePoint,
)

ROWS = 6
ALIASES = {
    "slot_Centroid": "base_SdssCentroid",
    "slot_Shape": "base_SdssShape",
    "slot_PsfFlux": "base_PsfFlux",
    "slot_ApFlux": "base_CircularApertureFlux_12_0",
    "base_PsfFlux_flag_badCentroid": "base_SdssCentroid_flag",
}


@pytest.fixture
def catalog() -> SourceCatalog:
    number = np.arange(ROWS)
    return SourceCatalog.from_columns(
        {
            "id": 775958091962253313 + number,
            "coord_ra": np.linspace(5.5, 5.6, ROWS),
            "coord_dec": np.linspace(-0.01, 0.01, ROWS),
            "parent": np.zeros(ROWS, dtype=np.int64),
            "calib_detected": number % 2 == 0,
            "deblend_nChild": number.astype(np.int32),
            "base_SdssCentroid_x": number + 0.25,
            "base_SdssCentroid_y": number + 100.5,
            "base_SdssCentroid_xErr": np.full(ROWS, 0.5, dtype=np.float32),
            "base_SdssCentroid_yErr": np.full(ROWS, 0.25, dtype=np.float32),
            "base_SdssCentroid_flag": np.array([0, 0, 1, 0, 0, 0]),
            "base_SdssShape_xx": np.full(ROWS, 4.0),
            "base_SdssShape_yy": np.full(ROWS, 9.0),
            "base_SdssShape_xy": np.zeros(ROWS),
            "base_PsfFlux_instFlux": 1000.0 * (number + 1),
            "base_PsfFlux_instFluxErr": np.full(ROWS, 10.0),
            "base_CircularApertureFlux_12_0_instFlux": 2000.0 * (number + 1),
            "aperture_radii": np.outer(np.ones(ROWS), [3.0, 4.5, 6.0]).astype(np.float32),
            "name": np.array([f"source {n}" for n in number]),
        },
        flags=["base_SdssCentroid_flag"],
        units={"base_SdssCentroid_x": "pixel", "base_PsfFlux_instFlux": "count"},
        docs={"base_SdssCentroid_x": "centroid"},
        aliases=ALIASES,
    )


def test_rows(catalog: SourceCatalog) -> None:
    assert len(catalog) == ROWS
    record = catalog[1]
    assert (record.getX(), record.getY()) == (1.25, 101.5)
    assert record.getCentroid() == Point2D(1.25, 101.5)
    assert record.getShape() == Quadrupole(4.0, 9.0, 0.0)
    np.testing.assert_array_equal(record.getCentroidErr(), np.diag([0.25, 0.0625]))
    assert record.getId() == record["id"] == record.get("id") == 775958091962253314
    assert isinstance(record.getRa(), Angle)
    assert record.getCoord() == SpherePoint(record["coord_ra"], record["coord_dec"])
    assert record.getPsfInstFlux() == 2000.0
    assert record.getApInstFlux() == 4000.0
    assert record["name"] == "source 1"
    assert record["aperture_radii"].tolist() == [3.0, 4.5, 6.0]
    assert [type(record[name]) for name in ("deblend_nChild", "calib_detected")] == [int, bool]
    assert [record.getX() for record in catalog] == catalog.getX().tolist()
    assert catalog[-1].getX() == 5.25
    assert catalog[np.int64(2)].getY() == 102.5
    with pytest.raises(IndexError, match="record 6 of a catalogue of 6"):
        catalog[6]


def test_columns_and_aliases(catalog: SourceCatalog) -> None:
    x = catalog["slot_Centroid_x"]
    assert x is catalog["base_SdssCentroid_x"]
    assert x.dtype == np.float64
    assert catalog["base_PsfFlux_flag_badCentroid"].tolist() == [False] * 2 + [True] + [False] * 3
    assert catalog["base_SdssCentroid_flag"].dtype == bool
    key = catalog.schema.find("slot_PsfFlux_instFlux").key
    assert catalog[key].tolist() == catalog.getPsfInstFlux().tolist()
    assert "slot_Shape_xx" in catalog.schema
    assert "slot_Shape_zz" not in catalog.schema
    with pytest.raises(MissingFieldError, match="'base_SdssCentroid_z'; did you mean 'base_SdssCe"):
        catalog["base_SdssCentroid_z"]
    with pytest.raises(KeyError, match=r"'slot_Centroid_z' \(an alias of 'base_SdssCentroid_z'\)"):
        catalog[0]["slot_Centroid_z"]


def test_aliases_are_applied_again_and_the_longest_first() -> None:
    aliases = AliasMap({"a": "b", "a_long": "c", "b_x": "d_x"})
    assert aliases.apply("a_x") == "d_x"
    assert aliases.apply("a_longer") == "cer"
    assert aliases.apply("other") == "other"
    with pytest.raises(ValueError, match="circle"):
        AliasMap({"a": "b", "b": "a"}).apply("a_x")


def test_schema(catalog: SourceCatalog) -> None:
    schema = catalog.getSchema()
    names = schema.getOrderedNames()
    assert names[:6] == [
        "id",
        "coord_ra",
        "coord_dec",
        "parent",
        "calib_detected",
        "deblend_nChild",
    ]
    assert schema.getNames() == sorted(names)
    assert schema.getNames(topOnly=True) == sorted({name.split("_")[0] for name in names})
    types = {item.field.getName(): item.field.getTypeString() for item in schema}
    assert types["id"] == "L"
    assert types["coord_ra"] == "Angle"
    assert types["calib_detected"] == "Flag"
    assert types["deblend_nChild"] == "I"
    assert types["base_SdssCentroid_xErr"] == "F"
    assert types["aperture_radii"] == "ArrayF"
    assert types["name"] == "String"
    field = schema["slot_Centroid_x"].getField()
    assert (field.getName(), field.getDoc(), field.getUnits()) == (
        "base_SdssCentroid_x",
        "centroid",
        "pixel",
    )
    assert list(schema.extract("base_SdssShape_*")) == [
        "base_SdssShape_xx",
        "base_SdssShape_yy",
        "base_SdssShape_xy",
    ]


def test_parts(catalog: SourceCatalog) -> None:
    bright = catalog[catalog["base_PsfFlux_instFlux"] > 3500]
    assert isinstance(bright, SourceCatalog)
    assert bright["id"].tolist() == catalog["id"][3:].tolist()
    assert bright.getX().tolist() == [3.25, 4.25, 5.25]
    middle = catalog[2:4]
    assert len(middle) == 2
    middle["base_SdssCentroid_x"] = -1.0
    assert catalog[2].getX() == -1.0
    bright["base_SdssCentroid_x"][:] = 7.0
    assert catalog[5].getX() == 5.25
    assert catalog[np.array([4, 1])]["deblend_nChild"].tolist() == [4, 1]
    assert len(catalog[catalog["id"] < 0]) == 0
    with pytest.raises(IndexError):
        catalog[np.array([True, False])]


def test_values_can_be_set(catalog: SourceCatalog) -> None:
    record = catalog[3]
    record["slot_Centroid_x"] = 12.5
    record.set("calib_detected", True)
    assert catalog["base_SdssCentroid_x"][3] == 12.5
    assert catalog["calib_detected"][3]
    catalog["deblend_nChild"] = np.arange(ROWS)[::-1]
    assert catalog[0]["deblend_nChild"] == ROWS - 1


def test_copies(catalog: SourceCatalog) -> None:
    deep, shallow = catalog.copy(True), catalog.copy()
    catalog["base_SdssCentroid_x"][0] = 99.0
    assert deep[0].getX() == 0.25
    assert shallow[0].getX() == 99.0
    deep.aliases.set("slot_Centroid", "elsewhere")
    assert catalog.aliases["slot_Centroid"] == "base_SdssCentroid"


def test_astropy(catalog: SourceCatalog) -> None:
    table = catalog.asAstropy()
    assert table.colnames == catalog.schema.getOrderedNames()
    assert table["coord_ra"].unit == "radian"
    assert table["base_SdssCentroid_x"].unit == "pixel"
    assert table["base_SdssCentroid_x"].description == "centroid"
    assert table["base_SdssCentroid_flag"].dtype == bool
    assert table["name"][2] == "source 2"
    assert table["aperture_radii"].shape == (ROWS, 3)
    table["id"][0] = 0
    assert catalog["id"][0] == 0
    copied = catalog.asAstropy(copy=True)
    copied["id"][1] = 0
    assert catalog["id"][1] != 0
    from astropy.table import QTable

    assert isinstance(catalog.asAstropy(QTable), QTable)
    with pytest.raises(ValueError, match="unviewable"):
        catalog.asAstropy(unviewable="sometimes")


def test_find_and_sort(catalog: SourceCatalog) -> None:
    found = catalog.find(775958091962253315)
    assert found is not None
    assert found.getX() == 2.25
    assert catalog.find(1) is None
    backwards = catalog[::-1]
    assert backwards.sorted()["id"].tolist() == catalog["id"].tolist()


def test_shown(catalog: SourceCatalog) -> None:
    assert repr(catalog).startswith("<class 'butler_core.image.catalog.SourceCatalog'>\n")
    assert "coord_ra" in str(catalog)
    assert "base_SdssCentroid_x: 1.25" in str(catalog[1])


def test_calibrated_fluxes(catalog: SourceCatalog) -> None:
    found = PhotoCalib(2.0).instFluxToNanojansky(catalog, "base_PsfFlux")
    np.testing.assert_allclose(found[:, 0], 2.0 * catalog.getPsfInstFlux())
    np.testing.assert_allclose(found[:, 1], 20.0)


def test_bad_columns() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        SourceCatalog.from_columns({"id": np.arange(3), "parent": np.arange(4)})
    with pytest.raises(TypeError, match="'z' is of type complex128"):
        SourceCatalog.from_columns({"z": np.zeros(3, dtype=complex)})
    with pytest.raises(ValueError, match="flags name what is no column: nothing"):
        SourceCatalog.from_columns({"id": np.arange(3)}, flags=["nothing"])
