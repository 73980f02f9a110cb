"""The ci_hsc repository: what it holds, and that every build gives the same."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from astropy.io import fits

from butler_core import Butler
from conformance import recipes
from conformance.built import differences
from conformance.repository import CaseRepository
from conformance.selftest.ci_hsc_files import calexps, paths, read_sources, recipe_module

FILES = {
    "calib/hsc": {"bias": 16, "dark": 16, "flat": 32},
    "raw/hsc": {"raw": 33},
    "ref_cats": {"ps1_pv3_3pi_20170110": 2},
    "shared/ci_hsc_output": {"calexp": 33, "src": 33, "icSrc": 33, "deepCoadd_calexp": 2},
}

REGISTERED = {
    "calib/hsc": {
        "sky": 32,
        "camera": 1,
        "defects": 16,
        "bfKernel": 1,
        "transmission_atmosphere": 1,
        "transmission_optics": 1,
        "transmission_sensor": 16,
        "transmission_filter": 2,
    },
    "masks/hsc": {"brightObjectMask": 2},
    "skymaps": {"deepCoadd_skyMap": 1},
}

RECORDS = {
    "instrument": 1,
    "physical_filter": 2,
    "detector": 16,
    "day_obs": 2,
    "group": 11,
    "exposure": 11,
    "visit": 11,
    "visit_definition": 11,
    "visit_system": 1,
    "visit_system_membership": 11,
    "visit_detector_region": 33,
    "skymap": 1,
    "tract": 1,
    "patch": 1,
}

PIXELS = "78577184afa8bee88206983b66d33daae765515fa53429aeac182871a47c560f"
SOURCES = "1ae6d7b9d760c189319bac65ffd9253bf3843650dd3f755b829d5343414384f9"
"""SHA-256 of all pixels and of all columns, wherever they are made."""


def test_it_is_as_its_recipe_says(conformance_repository: CaseRepository) -> None:
    assert list(differences(conformance_repository, recipes.load("ci_hsc"))) == []


@pytest.fixture(scope="module")
def root(conformance_repository: CaseRepository) -> Path:
    return conformance_repository.root


def rows(root: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the database itself."""
    connection = sqlite3.connect(root / "gen3.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_runs_hold_what_they_should(root: Path) -> None:
    counted: dict[str, Counter[str]] = {}
    stored: dict[str, Counter[str]] = {}
    for run, name, files in rows(
        root,
        "SELECT c.name, t.name, count(f.path) FROM dataset d"
        " JOIN collection c ON c.collection_id = d.run_id"
        " JOIN dataset_type t ON t.id = d.dataset_type_id"
        " LEFT JOIN file_datastore_records f ON f.dataset_id = d.id GROUP BY d.id",
    ):
        counted.setdefault(run, Counter())[name] += 1
        if files:
            stored.setdefault(run, Counter())[name] += files
    assert {run: dict(names) for run, names in stored.items()} == FILES
    assert sorted(counted) == sorted({*FILES, *REGISTERED})
    for run, names in REGISTERED.items():
        assert dict(counted[run]) == {**names, **FILES.get(run, {})}
    output = counted["shared/ci_hsc_output"]
    assert len(output) == 38
    assert Counter(output.values()) == {33: 16, 11: 3, 2: 15, 1: 4}
    assert rows(root, "SELECT type FROM collection WHERE name = 'shared/ci_hsc'") == [(1,)]


@pytest.mark.parametrize(("element", "expected"), RECORDS.items())
def test_dimension_records(root: Path, element: str, expected: int) -> None:
    assert rows(root, f'SELECT count(*) FROM "{element}"') == [(expected,)]


def test_dataset_types_are_those_of_2020(root: Path) -> None:
    with Butler.from_config(root) as butler:
        types = list(butler.registry.queryDatasetTypes())
    assert len(types) == 53
    exposures = [each for each in types if each.storageClass_name in ("Exposure", "ExposureF")]
    assert 53 + 11 * len(exposures) == 185
    calibrations = {each.name for each in types if each.isCalibration()}
    assert len(calibrations) == 10
    assert {"camera", "bias", "flat", "sky", "defects"} < calibrations


def test_file_names_are_those_of_january(root: Path) -> None:
    folder = root / "shared/ci_hsc_output/calexp"
    assert sorted(path.name for path in folder.iterdir()) == ["i", "r"]
    visits = {int(path.name) for path in (folder / "r/HSC-R").iterdir()}
    assert visits == {903334, 903336, 903338, 903342, 903344, 903346}
    names = sorted(path.name for path in (folder / "r/HSC-R/903338").iterdir())
    assert names == ["calexp_r_HSC-R_903338_18_HSC_shared", "calexp_r_HSC-R_903338_25_HSC_shared"]
    assert len(paths(root, "calexp")) == 33


def test_ids_follow_from_data_ids(root: Path) -> None:
    ids = [row[0] for row in rows(root, "SELECT id FROM dataset")]
    assert {text[12] for text in ids} == {"5"}


def test_a_dataset_without_a_file_is_recorded_only(root: Path) -> None:
    data_id = {"instrument": "HSC", "visit": 903334, "detector": 22}
    with Butler.from_config(root, collections="shared/ci_hsc_output") as butler:
        assert butler.find_dataset("postISRCCD", data_id) is not None
        with pytest.raises(FileNotFoundError):
            butler.get("postISRCCD", data_id)


def test_calexp_through_the_butler_is_the_file(root: Path) -> None:
    data_id = {"instrument": "HSC", "visit": 903338, "detector": 25}
    with Butler.from_config(root, collections="shared/ci_hsc_output") as butler:
        calexp, sources = butler.get("calexp", data_id), butler.get("src", data_id)
    made = next(each for each in calexps(root) if (each.visit, each.detector) == (903338, 25))
    np.testing.assert_array_equal(calexp.image.array, made.image)
    np.testing.assert_array_equal(calexp.mask.array, made.mask)
    assert calexp.psf.getSigma() == made.psf_sigma
    counts = 10.0 ** (0.4 * made.zero_point)
    assert calexp.photoCalib.getInstFluxAtZeroMagnitude() == pytest.approx(counts, rel=1e-6)
    assert calexp.wcs.pixelToSky(100.0, 200.0).getRa().asDegrees() == pytest.approx(
        float(made.wcs.all_pix2world(100.0, 200.0, 0)[0]), abs=1e-9
    )
    assert sources[0].getX() == sources["base_SdssCentroid_x"][0]
    assert sources[0].getPsfInstFlux() == sources["base_PsfFlux_instFlux"][0]


def test_source_tables_are_hsc_tables(root: Path) -> None:
    for (visit, detector), path in paths(root, "src").items():
        with fits.open(path) as hdus:
            header, count = hdus[1].header, len(hdus[1].data)
        names = [
            value
            for keyword, value in header.items()
            if keyword.startswith(("TTYPE", "TFLAG")) and value != "flags"
        ]
        assert names[:4] == ["id", "coord_ra", "coord_dec", "parent"]
        assert all(name.startswith("calib_") for name in names[-3:])
        sources = read_sources(path)
        first = (visit * 200 + detector << 32) + 1
        assert sources["id"].tolist() == list(range(first, first + count))
        assert not sources["parent"].any()
        bright = read_sources(paths(root, "icSrc")[visit, detector])
        assert set(bright["id"]) == set(sources["id"][sources["calib_detected"]])


def test_the_notebooks_table(root: Path) -> None:
    sources = read_sources(paths(root, "src")[903334, 22])
    assert len(sources["id"]) == 56
    assert sources["id"][0] == 775958091962253313


def test_raw_reduces_to_the_calexp(root: Path) -> None:
    data_id = {"instrument": "HSC", "detector": 22}
    collections = ["raw/hsc", "calib/hsc", "shared/ci_hsc_output"]
    with Butler.from_config(root, collections=collections) as butler:
        raw = butler.get("raw", data_id, exposure=903334, visit=903334)
        bias, dark = butler.get("bias", data_id), butler.get("dark", data_id)
        flat = butler.get("flat", data_id, physical_filter="HSC-R")
        calexp = butler.get("calexp", data_id, visit=903334)
    counts = raw.image.array - bias.image.array - 30.0 * dark.image.array
    reduced = counts / flat.image.array - calexp.metadata["SKYLEVEL"]
    piece = calexp.image.subset(raw.getBBox()).array
    assert np.abs(reduced - piece).max() < 0.6


def test_reference_stars_lie_in_their_trixel(root: Path) -> None:
    from lsst.sphgeom import HtmPixelization, LonLat, UnitVector3d

    htm = HtmPixelization(7)
    with Butler.from_config(root, collections="ref_cats") as butler:
        for trixel in (189584, 189648):
            stars = butler.get("ps1_pv3_3pi_20170110", htm7=trixel)
            assert len(stars) > 20
            for ra, dec in zip(stars["coord_ra"], stars["coord_dec"], strict=True):
                position = UnitVector3d(LonLat.fromRadians(float(ra), float(dec)))
                assert htm.index(position) == trixel


def test_a_second_build_is_the_same(root: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    again = recipes.load("ci_hsc").make(tmp_path, progress=lambda *step: seen.append(step))
    files = sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    for path in files:
        if path.name != "gen3.sqlite3":
            assert (root / path).read_bytes() == (again / path).read_bytes(), path
    assert dump(root) == dump(again)
    assert seen[-1][1:] == (200, 200)
    assert [step[1] for step in seen] == sorted(step[1] for step in seen)


def dump(root: Path) -> list[str]:
    """All rows of all tables, but for the dates of ingestion."""
    connection = sqlite3.connect(root / "gen3.sqlite3")
    try:
        connection.execute("UPDATE dataset SET ingest_date = 0")
        return list(connection.iterdump())
    finally:
        connection.rollback()
        connection.close()


def test_pixels_and_sources_are_the_same_everywhere(root: Path) -> None:
    pixels, sources = hashlib.sha256(), hashlib.sha256()
    for each in calexps(root):
        for plane, dtype in ((each.image, "<f4"), (each.variance, "<f4"), (each.mask, "<i4")):
            known = np.nan_to_num(plane, nan=-1.0) if plane.dtype.kind == "f" else plane
            pixels.update(known.astype(dtype).tobytes())
    for path in paths(root, "src").values():
        for name, column in sorted(read_sources(path).items()):
            known = np.nan_to_num(column, nan=-1.0) if column.dtype.kind == "f" else column
            sources.update(name.encode() + known.astype(known.dtype.newbyteorder("<")).tobytes())
    assert pixels.hexdigest() == PIXELS
    assert sources.hexdigest() == SOURCES


def test_the_seed_is_the_january_layout(root: Path) -> None:
    config = yaml.safe_load((root / "butler.yaml").read_text())
    templates = config["datastore"]["templates"]
    assert set(templates) == {"default", "physical_filter+detector+exposure"}
    assert len(set(templates.values())) == 1
    assert "formatters" not in config["datastore"]


def test_making_it_twice_at_one_place_is_refused(root: Path) -> None:
    before = (root / "butler.yaml").read_bytes()
    with pytest.raises(FileExistsError):
        recipes.load("ci_hsc").make(root.parent)
    assert (root / "butler.yaml").read_bytes() == before


def test_regions_are_the_footprints(root: Path) -> None:
    from lsst.sphgeom import LonLat

    tables = recipe_module("tables")
    with Butler.from_config(root) as butler:
        records: list[Any] = list(
            butler.query_dimension_records("visit_detector_region", instrument="HSC")
        )
    regions = {(record.visit, record.detector): record.region for record in records}
    for footprint in tables.footprints():
        corners = [
            (LonLat(vertex).getLon().asDegrees(), LonLat(vertex).getLat().asDegrees())
            for vertex in regions[footprint.visit, footprint.detector].getVertices()
        ]
        np.testing.assert_allclose(corners, footprint.vertices, rtol=0, atol=1e-9)
