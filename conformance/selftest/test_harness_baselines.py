"""The folder of approved pictures: what is wrong with it, in sentences that say what to type."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imsave

from conformance.pictures import baselines
from conformance.pictures.baselines import BaselineError
from conformance.pictures.cells import STEPS
from conformance.pictures.drawing import LAYERS, baseline_names
from conformance.pictures.numbers import sha256
from conformance.pictures.record import Record, from_text, surroundings, unlike

NAMES = ["one-pixels", "one-whole"]
OWN = [name for step in STEPS for name in baseline_names(f"cell-{step}", LAYERS)]


def picture(name: str, level: int = 7) -> tuple[np.ndarray[Any, Any], Record]:
    """Return a small picture and its record."""
    pixels = np.full((4, 6, 3), level, dtype=np.uint8)
    made = Record(
        name=name,
        size=(6, 4),
        pixels=sha256(pixels),
        drawn_by={"implementation": "one", "version": "1", "display": "one.display"},
        drawn_with=surroundings(),
        approved="2026-01-02T03:04:05+00:00",
        reason="small",
    )
    return pixels, made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine" / "golden_images"
    for name in NAMES:
        baselines.write(made, *picture(name))
    return made


def test_what_is_written_is_read(folder: Path) -> None:
    pixels, made = picture("one-whole")
    found = baselines.read(folder, "one-whole")
    np.testing.assert_array_equal(found.pixels, pixels)
    assert found.record == made
    assert list(baselines.problems(folder, NAMES)) == []


def test_files_do_not_name_what_wrote_them(folder: Path) -> None:
    for path in (*folder.glob("*.png"), *baselines.own_folder().glob("*.png")):
        assert b"Software" not in path.read_bytes(), path.name
    first = (folder / "one-whole.png").read_bytes()
    baselines.write(folder, *picture("one-whole"))
    assert (folder / "one-whole.png").read_bytes() == first


def _edit(key: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "one-whole.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**data, key: value}), encoding="utf-8")

    return change


def _both_gone(folder: Path) -> None:
    for suffix in ("png", "json"):
        (folder / f"one-whole.{suffix}").unlink()


def _one_pixel(folder: Path) -> None:
    pixels, _ = picture("one-whole")
    pixels[1, 2, 0] += 1
    imsave(folder / "one-whole.png", pixels)


def _translucent(folder: Path) -> None:
    imsave(folder / "one-whole.png", np.full((4, 6, 4), 100, dtype=np.uint8))


APPROVE = "approve it with `butler-conformance approve one-whole --reason TEXT --suite mine`"
WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "both": (_both_gone, f"there is no golden_images/one-whole.png: .*{APPROVE}"),
    "record": (
        lambda folder: (folder / "one-whole.json").unlink(),
        f"golden_images/one-whole.png is without one-whole.json; {APPROVE}",
    ),
    "picture": (
        lambda folder: (folder / "one-whole.png").unlink(),
        f"golden_images/one-whole.json is without one-whole.png; {APPROVE}",
    ),
    "pixel": (_one_pixel, "one-whole.png has other pixels than .* put back the one .* or look"),
    "opacity": (_translucent, "one-whole.png cannot be read: it is not a picture of opaque"),
    "cut": (
        lambda folder: (folder / "one-whole.png").write_bytes(b"\x89PNG"),
        f"one-whole.png cannot be read: .*{APPROVE}",
    ),
    "JSON": (
        lambda folder: (folder / "one-whole.json").write_text("{", encoding="utf-8"),
        f"one-whole.json cannot be read: line 1: .*{APPROVE}",
    ),
    "bytes": (
        lambda folder: (folder / "one-whole.json").write_bytes(b"\xff"),
        "one-whole.json cannot be read: 'utf-8' codec",
    ),
    "member": (_edit("reason", " "), r"one-whole.json cannot be read: \$\.reason: "),
    "name": (_edit("name", "two-whole"), "one-whole.json is the record of two-whole"),
    "orphan": (
        lambda folder: shutil.copy(folder / "one-whole.png", folder / "old-whole.png"),
        "golden_images/old-whole.png belongs to no picture of the suite: remove it, or declare",
    ),
    "stranger": (
        lambda folder: (folder / "notes.txt").touch(),
        "golden_images/notes.txt belongs to no picture",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_is_one_sentence(name: str, folder: Path) -> None:
    change, words = WRONG[name]
    change(folder)
    (found,) = baselines.problems(folder, NAMES)
    assert re.search(words, found), found


def test_a_folder_that_is_not_there_lacks_all(tmp_path: Path) -> None:
    assert len(list(baselines.problems(tmp_path / "golden_images", NAMES))) == 2
    assert list(baselines.problems(tmp_path / "golden_images", [])) == []


def test_both_files_are_written_or_neither(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replaced = Path.replace

    def fail_at_record(self: Path, target: Path) -> Path:
        if target.suffix == ".json":
            raise OSError(28, "No space left on device")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_record)
    with pytest.raises(OSError, match="No space"):
        baselines.write(folder, *picture("one-whole", level=9))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(OSError, match="No space"):
        baselines.write(folder, *picture("two-whole"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_only_what_decides_about_pixels_makes_surroundings_unlike() -> None:
    made = picture("one-whole")[1]
    here = surroundings()
    assert unlike(replace(made, drawn_with={**here, "numpy": "0.1", "python": "2.7"})) == ""
    for name in ("matplotlib", "freetype", "machine"):
        other = replace(made, drawn_with={**here, name: "other"})
        assert unlike(other) == f"{name} other, and this is {here[name]}"


@pytest.fixture(params=OWN)
def own(request: pytest.FixtureRequest) -> Record:
    path = baselines.own_folder() / f"{request.param}.json"
    return from_text(path.read_text(encoding="utf-8"))


def test_own_records_are_whole(own: Record) -> None:
    assert own.drawn_by["display"] == "butler_core.display.display.Display"
    assert set(own.inputs) >= {"image", "mask"}
    is_pixels = own.name.endswith("-pixels")
    assert (own.numbers is not None) == (own.view is not None) == is_pixels
    if own.numbers is not None:
        assert len(own.numbers.markers) == (112 if own.name.startswith("cell-22") else 0)


def test_whole_pictures_are_of_the_matplotlib_that_is_pinned(own: Record) -> None:
    needed = metadata.requires("butler-conformance") or []
    pins = [line for line in needed if line.startswith("matplotlib==")]
    assert len(pins) == 1
    if own.name.endswith("-whole"):
        assert pins[0].startswith(f"matplotlib=={own.drawn_with['matplotlib']};"), (
            "the extra `pictures` of pyproject.toml pins another matplotlib than the one that "
            f"{own.name} was approved with: approve it again, or pin that one"
        )


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(BaselineError, match=r"there is no golden_images/cell-12-whole\.png"):
        baselines.read(baselines.own_folder(), "cell-12-whole")
