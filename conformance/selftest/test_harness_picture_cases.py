"""The pictures of the notebook as cases: with a good display, with others, and with bad ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import Normalize

import butler_core.display
from butler_core.datastore.formatters.yaml import YamlFormatter
from butler_core.display import Display
from conformance.case import Outcome
from conformance.implementations import Dialect, Drawn, Marker
from conformance.implementations.butler_core import ButlerCore
from conformance.notebook.facts import FULL
from conformance.notebook.runner import Notebook
from conformance.oracles import device
from conformance.oracles.zscale import asinh_stretch, zscale_limits
from conformance.pictures import baselines, record
from conformance.pictures.planning import case_ids
from conformance.pictures.source import Pictures
from conformance.repository import CaseRepository
from conformance.selftest.display_world import clean_display  # noqa: F401
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace

PIXEL = (301, 502)
TODAY = [case for case in case_ids([]) if case.endswith(".current")]


def suite(
    implementation: Any, files: CaseRepository, pictures: Path | None = None
) -> tuple[Suite, Pictures]:
    notebook = Notebook(implementation)
    source = Pictures(notebook)
    place = Workplace(lambda: files, scratch=Path("nowhere"), pictures=pictures)
    return Suite(implementation, place=place, sources=[notebook, source]), source


def with_display(name: str, display: type[Any], **members: Any) -> ButlerCore:
    """Return butler_core with another display, in a module that exists in memory alone."""
    module = ModuleType(name)
    vars(module).update({**vars(butler_core.display), "Display": display, **members})
    sys.modules[name] = module
    return replace(ButlerCore(), name=name, dialects={"current": Dialect("butler_core", name)})


def fingerprints(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def on_pinned_matplotlib() -> bool:
    folder = baselines.own_folder()
    return not record.unlike(baselines.read(folder, "cell-11-whole").record)


def test_both_dialects_draw_what_was_approved(conformance_repository: CaseRepository) -> None:
    before = fingerprints(baselines.own_folder())
    tried, _ = suite(ButlerCore(), conformance_repository)
    for case in case_ids([]):
        outcome = tried.outcome(case)
        is_whole = case.startswith("PIC-03")
        wanted = Verdict.PASSED if not is_whole or on_pinned_matplotlib() else Verdict.NOT_RUN
        assert outcome.verdict is wanted, outcome.message
    assert fingerprints(baselines.own_folder()) == before


def test_arrays_are_drawn_without_a_display(conformance_repository: CaseRepository) -> None:
    alone = replace(
        ButlerCore(),
        name="without_display",
        dialects={"current": Dialect("butler_core", "there_is_no.display")},
        unsupported=dict.fromkeys(("display", "exposure"), "it has none"),
    )
    tried, _ = suite(alone, conformance_repository)
    outcome = tried.outcome("PIC-05.arrays.pixels")
    assert outcome.verdict is Verdict.PASSED, outcome.message


def test_a_number_that_comes_back_as_another_is_seen(
    conformance_repository: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = YamlFormatter.load

    def wrong(self: YamlFormatter, *arguments: Any) -> Any:
        value = load(self, *arguments)
        value["image"][7][5] += 0.01
        return value

    monkeypatch.setattr(YamlFormatter, "load", wrong)
    tried, _ = suite(ButlerCore(), conformance_repository)
    outcome = tried.outcome("PIC-05.arrays.pixels")
    assert outcome.verdict is Verdict.FAILED
    assert "4 pixels differ of 4096, in columns 5 to 37 and rows 24 to 56" in outcome.message
    assert "it shows pixel x 5, y 39 of the image" in outcome.message
    assert "display = None" in outcome.repro
    assert "def arrays(api: Any, display: Any, root: Path)" in outcome.repro


class HotDisplay(Display):
    """Makes one pixel 500 brighter."""

    def image(self, data: Any, *arguments: Any) -> None:
        x, y = PIXEL
        data.image.array[y, x] += 500
        self.mtv(data, *arguments)
        data.image.array[y, x] -= 500


def test_one_hot_pixel_is_named_and_shown(
    conformance_repository: CaseRepository, tmp_path: Path
) -> None:
    hot = with_display("hot_display", HotDisplay)
    tried, _ = suite(hot, conformance_repository, tmp_path / "pictures")
    outcome = tried.outcome("PIC-02.cell-11.current")
    assert outcome.verdict is Verdict.FAILED
    x, y = PIXEL
    row = 1044 - 1 - y
    assert "1 pixel differs of 534528" in outcome.message
    assert f"column {x}, row {row}: red, green, blue (" in outcome.message
    assert f"it shows pixel x {x}, y {y} of the image, with the value " in outcome.message
    assert "no mask plane" in outcome.message
    (found,) = outcome.comparisons
    assert (found.name, found.count, found.total) == ("cell-11-pixels", 1, 534528)
    assert (found.first, found.box) == ((x, row), (x, row, x + 1, row + 1))
    expected, actual, apart = (
        baselines.read_png(tmp_path / name)
        for name in (found.expected, found.actual, found.difference)
    )
    assert found.expected == "pictures/PIC-02.cell-11.current.expected.png"
    np.testing.assert_array_equal((expected != actual).any(axis=2), apart.any(axis=2))
    assert int(apart.any(axis=2).sum()) == 1
    assert "fig = plt.figure" in outcome.repro
    assert "import conformance" not in outcome.repro
    numbers = tried.outcome("PIC-01.cell-11.current").message
    assert f"1 of 534528, the first at x {x}, y {y}: " in numbers


def test_where_nothing_differs_there_is_one_file(
    conformance_repository: CaseRepository, tmp_path: Path
) -> None:
    tried, _ = suite(ButlerCore(), conformance_repository, tmp_path / "pictures")
    (found,) = tried.outcome("PIC-02.cell-11.current").comparisons
    assert found.expected == found.actual == "pictures/PIC-02.cell-11.current.expected.png"
    assert found.difference == ""
    assert [path.name for path in (tmp_path / "pictures").glob("PIC-*")] == [
        "PIC-02.cell-11.current.expected.png"
    ]


class PlainNorm(Normalize):
    """LSST's stretch as the oracle writes it."""

    def __init__(self, limits: tuple[float, float]) -> None:
        super().__init__(*limits)
        self.ends = limits

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        return np.ma.array(asinh_stretch(value, *self.ends), mask=np.ma.getmaskarray(value))


class PlainDisplay:
    """A display that shares no line with `butler_core.display`, in matplotlib's plainest calls."""

    def __init__(self, frame: int) -> None:
        from matplotlib import pyplot

        self.figure = pyplot.figure(frame)
        self.markers: list[Marker] = []

    def scale(self, algorithm: str, limits: str) -> None:
        self.algorithm = algorithm

    def image(self, exposure: Any) -> None:
        pixels, planes = exposure.image.array, dict(exposure.mask.getMaskPlaneDict())
        self.limits = zscale_limits(pixels)
        self.planes = device.plane_colours(planes)
        height, width = pixels.shape
        axes = self.figure.add_axes((0.1, 0.3, 0.5, 0.5))
        place: dict[str, Any] = {
            "origin": "lower",
            "extent": (-0.5, width - 0.5, -0.5, height - 0.5),
            "interpolation": "nearest",
        }
        shown = axes.imshow(pixels, cmap="gray", norm=PlainNorm(self.limits), **place)
        axes.imshow(device.mask_layer(exposure.mask.array, planes), **place)
        axes.set_title("another layout")
        self.figure.colorbar(shown, cax=self.figure.add_axes((0.7, 0.1, 0.03, 0.8)))
        self.figure.sca(axes)

    def dot(self, symbol: str, x: float, y: float, size: float = 2, ctype: str = "") -> None:
        self.markers.append(Marker(symbol, x, y, size, ctype))
        self.figure.gca().plot([x], [y], "+" if symbol == "+" else "o", color=ctype)

    def Buffering(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()


@dataclass(frozen=True)
class Plain(ButlerCore):
    """butler_core with the plain display."""

    def drawn(self, display: Any) -> Drawn:
        return Drawn(
            limits=display.limits,
            algorithm=display.algorithm,
            markers=tuple(display.markers),
            mask_planes=display.planes,
        )


def test_another_display_is_held_to_numbers_and_pixels(
    conformance_repository: CaseRepository,
) -> None:
    module = with_display("plain_display", PlainDisplay).dialects
    tried, _ = suite(Plain(name="plain", dialects=module), conformance_repository)
    outcomes = {case: tried.outcome(case) for case in TODAY}
    for case, outcome in outcomes.items():
        if case.startswith("PIC-03"):
            assert outcome.verdict is Verdict.NOT_RUN
            other = "butler_core.display.display.Display" if on_pinned_matplotlib() else "it needs"
            assert other in outcome.message
        else:
            assert outcome.verdict is Verdict.PASSED, outcome.message


def outcome_of(case: str, files: CaseRepository) -> Outcome:
    return suite(ButlerCore(), files)[0].outcome(case)


def test_another_matplotlib_leaves_whole_pictures_alone(
    conformance_repository: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {**record.surroundings(), "matplotlib": "3.99.0"}
    monkeypatch.setattr(record, "surroundings", lambda: here)
    tried, _ = suite(ButlerCore(), conformance_repository)
    outcome = tried.outcome("PIC-03.cell-11.current")
    assert outcome.verdict is Verdict.NOT_RUN
    assert "it needs matplotlib 3." in outcome.message
    assert "and this is 3.99.0" in outcome.message
    assert "butler-conformance[pictures]" in outcome.message
    assert tried.outcome("PIC-02.cell-11.current").verdict is Verdict.PASSED


def test_large_images_have_no_approved_pictures(conformance_repository: CaseRepository) -> None:
    large = CaseRepository(conformance_repository.folder, FULL)
    source = suite(ButlerCore(), large)[1]
    case = source.cases["PIC-02.cell-11.current"]
    outcome = source.run(case, Workplace(lambda: large, scratch=Path("nowhere")))
    assert outcome.verdict is Verdict.NOT_RUN
    assert "small ci_hsc" in outcome.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "cell-11-pixels.png").unlink(), "cell-11-pixels.png"),
        (lambda folder: (folder / "cell-11-pixels.json").unlink(), "cell-11-pixels.json"),
    ],
)
def test_without_an_approved_picture_there_is_no_pass(
    change: Callable[[Path], None],
    words: str,
    conformance_repository: CaseRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = fingerprints(baselines.own_folder())
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    change(tmp_path)
    monkeypatch.setattr(baselines, "own_folder", lambda: tmp_path)
    for case in ("PIC-01.cell-11.current", "PIC-02.cell-11.current", "PIC-04.complete"):
        outcome = outcome_of(case, conformance_repository)
        assert outcome.verdict is Verdict.FAILED
        assert words in outcome.message
        assert "`butler-conformance approve cell-11-pixels --reason TEXT`" in outcome.message
    assert set(fingerprints(tmp_path)) == set(before) - {words}


def test_pictures_drawn_before_do_not_change_the_colours_of_planes(
    conformance_repository: CaseRepository,
) -> None:
    butler_core.display.setDefaultMaskPlaneColor({"SAT": "white", "CR": "cyan", "STREAK": "red"})
    tried, _ = suite(ButlerCore(), conformance_repository)
    for layer in ("PIC-01", "PIC-02"):
        outcome = tried.outcome(f"{layer}.cell-11.current")
        assert outcome.verdict is Verdict.PASSED, outcome.message


def test_what_breaks_in_the_harness_is_an_error(
    conformance_repository: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, source = suite(ButlerCore(), conformance_repository)

    def break_down(*arguments: Any) -> None:
        raise OSError("no more files")

    monkeypatch.setattr(source.subjects[0].__class__, "draw", break_down)
    outcome = tried.outcome("PIC-02.cell-11.current")
    assert outcome.verdict is Verdict.ERROR
    assert outcome.message == "the harness raised OSError: no more files"
    assert "break_down" in outcome.traceback


class RaisingDisplay(Display):
    """Raises where an image is to be shown."""

    def image(self, data: Any, *arguments: Any) -> None:
        raise RuntimeError("out of ink")


class EmptyDisplay(Display):
    """Shows nothing."""

    def image(self, data: Any, *arguments: Any) -> None:
        return


def test_a_step_that_raises_stands_for_its_pictures(conformance_repository: CaseRepository) -> None:
    tried, _ = suite(with_display("raising_display", RaisingDisplay), conformance_repository)
    outcome = tried.outcome("PIC-02.cell-11.current")
    assert outcome.verdict is Verdict.BLOCKED
    assert outcome.blocked_by == "NB-11.current"
    assert tried.outcome("NB-11.current").verdict is Verdict.FAILED


def test_a_figure_without_an_image_fails(conformance_repository: CaseRepository) -> None:
    tried, _ = suite(with_display("empty_display", EmptyDisplay), conformance_repository)
    outcome = tried.outcome("PIC-02.cell-11.current")
    assert outcome.verdict is Verdict.FAILED
    assert "0 of the 1 axes of the figure hold an image" in outcome.message
