"""The oracles that read files, on files whose contents are known here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from conformance.oracles.catalogue import read_catalogue
from conformance.oracles.files import read_exposure, single_file
from conformance.selftest.fakes import repository


def exposure(path: Path, **cards: object) -> Path:
    """Write an exposure of 3 by 2 pixels with cards in the header of its image."""
    image = fits.ImageHDU(np.arange(6, dtype=np.float32).reshape(2, 3))
    image.header.update(cards)
    mask = fits.ImageHDU(np.array([[0, 1, 2], [3, 0, 0]], dtype=np.int32))
    mask.header.update({"MP_BAD": 0, "HIERARCH MP_NO_DATA": 1})
    primary = fits.PrimaryHDU()
    primary.header["GAIN"] = 2.5
    fits.HDUList([primary, image, mask, image.copy()]).writeto(path)
    return path


def placed(x0: int, y0: int) -> dict[str, object]:
    """Return the cards by which afw says where an image lies."""
    cards: dict[str, object] = {"LTV1": -7.0, "LTV2": -7.0}  # for viewers; afw does not read them
    for axis, corner in ((1, x0), (2, y0)):
        cards |= {f"CTYPE{axis}A": "LINEAR", f"CRPIX{axis}A": 1.0, f"CRVAL{axis}A": float(corner)}
    return cards


def test_an_exposure_is_read_with_its_planes_place_and_cards(tmp_path: Path) -> None:
    held = read_exposure(exposure(tmp_path / "one.fits", **placed(20, -4)))
    assert held.image.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert held.mask.tolist() == [[0, 1, 2], [3, 0, 0]]
    assert held.planes == {"BAD": 0, "NO_DATA": 1}
    assert held.xy0 == (20, -4)
    assert held.cards["GAIN"] == 2.5
    assert read_exposure(exposure(tmp_path / "two.fits")).xy0 == (0, 0)


def test_positions_count_from_the_parent_image(tmp_path: Path) -> None:
    """At the reference pixel of a gnomonic projection is its value; CRPIX counts from 1."""
    degree = 1.0 / 3600.0
    cards = placed(20, -4) | {
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CRPIX1": 2.0,
        "CRPIX2": 1.0,
        "CRVAL1": 150.0,
        "CRVAL2": 60.0,
        "CD1_1": -degree,
        "CD2_2": degree,
    }
    held = read_exposure(exposure(tmp_path / "one.fits", **cards))
    ra, dec = held.sky([21.0, 22.0, 21.0], [-4.0, -4.0, -3.0])
    assert ra == pytest.approx([150.0, 150.0 - 2 * degree, 150.0], abs=1e-9)
    assert dec == pytest.approx([60.0, 60.0, 60.0 + degree], abs=1e-7)


def move_flags_before(path: Path, keyword: bytes) -> None:
    """Move the cards of the flags in the bytes of the file, where astropy leaves them."""
    header = path.read_bytes()
    start = header.index(b"XTENSION")
    end = header.index(b"END ".ljust(80), start)
    cards = [header[place : place + 80] for place in range(start, end, 80)]
    flags = [card for card in cards if card.startswith(b"TFLAG")]
    others = [card for card in cards if card not in flags]
    place = next(place for place, card in enumerate(others) if card.startswith(keyword))
    moved = b"".join([*others[:place], *flags, *others[place:]])
    path.write_bytes(header[:start] + moved + header[end:])


def test_flags_stand_in_a_catalogue_where_their_cards_do(tmp_path: Path) -> None:
    hdus = repository.catalogue()
    bits = np.array(hdus[1].data["flags"])
    hdus.writeto(tmp_path / "src.fits")
    move_flags_before(tmp_path / "src.fits", b"TTYPE8")
    held = read_catalogue(tmp_path / "src.fits")
    assert list(held.columns) == [
        *("id", "coord_ra", "coord_dec", "parent", "base_SdssCentroid_x", "base_SdssCentroid_y"),
        *repository.FLAGS,
        "base_PsfFlux_instFlux",
    ]
    for number, name in enumerate(repository.FLAGS):
        assert held.columns[name].values.dtype == bool
        assert held.columns[name].values.tolist() == bits[:, number].tolist()
    assert 0 < np.count_nonzero(bits) < bits.size
    assert held.columns["coord_ra"].unit == "rad"
    assert held.columns["id"].unit == ""
    assert held.columns["base_PsfFlux_instFlux"].values.dtype == np.float32
    assert all(column.values.dtype.isnative for column in held.columns.values())
    x, y = repository.positions()
    assert held.positions().tolist() == np.column_stack([x, y]).tolist()
    assert held.rows == len(x)


def test_numbers_of_footprints_are_no_field(tmp_path: Path) -> None:
    columns = [fits.Column("id", "K", array=[7]), fits.Column("footprint", "J", array=[1])]
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns)]).writeto(
        tmp_path / "src.fits"
    )
    assert list(read_catalogue(tmp_path / "src.fits").columns) == ["id"]


def test_a_pattern_must_match_one_file(tmp_path: Path) -> None:
    for name in ("a.fits", "b.fits"):
        (tmp_path / name).touch()
    assert single_file(tmp_path, "a*") == tmp_path / "a.fits"
    with pytest.raises(FileNotFoundError, match=r"found: a\.fits, b\.fits"):
        single_file(tmp_path, "*.fits")
    with pytest.raises(FileNotFoundError, match="found: none"):
        single_file(tmp_path, "c*")
