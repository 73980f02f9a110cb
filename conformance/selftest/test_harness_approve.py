"""Pictures of one's own, and approving them: the command, from outside and from inside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from conformance.commands import approve
from conformance.implementations.butler_core import ButlerCore
from conformance.notebook.runner import Notebook
from conformance.pictures import baselines, declaring, picture, record
from conformance.pictures.declaring import PictureError, declared
from conformance.pictures.planning import COMPLETE, case_ids
from conformance.pictures.source import Pictures
from conformance.repository import CaseRepository
from conformance.selftest.display_world import clean_display  # noqa: F401
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace

PLOT = """
from conformance.pictures import picture


@picture("PIC-07.my-plot", "Numbers in a square")
def my_plot(api, display, root):
    import matplotlib.pyplot as plt
    import numpy as np

    figure, axes = plt.subplots(figsize=(2, 2))
    numbers = np.arange(48.0).reshape(6, 8)
    axes.imshow(numbers, origin="lower", extent=(9.5, 17.5, 19.5, 25.5), cmap="gray")
    axes.plot([12, 15], [21, 24], color="red")
    return figure
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "plots.py").write_text(PLOT, encoding="utf-8")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "pictures" / "plots.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def command(
    mine: Path,
    conformance_repository: CaseRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(baselines, "CHECKOUT", baselines.own_folder())  # as in a checkout

    def run(*arguments: str, answer: str = "") -> Result:
        monkeypatch.setattr(approve, "can_ask", lambda: bool(answer))
        repo = str(conformance_repository.folder)
        return CliRunner().invoke(
            approve.command, [*arguments, "--suite", "mine", "--repo", repo], input=answer
        )

    return run


def outcomes(folder: Path, files: CaseRepository) -> dict[str, tuple[Verdict, str]]:
    """Return the verdicts and messages of the pictures in a folder, and of its completeness."""
    notebook = Notebook(ButlerCore())
    pictures = Pictures(notebook, [folder])
    place = Workplace(lambda: files, scratch=Path("nowhere"))
    suite = Suite(notebook.implementation, place=place, sources=[notebook, pictures])
    wanted = [case for case in pictures.cases if "my-plot" in case or case == COMPLETE]
    found = {case: suite.outcome(case) for case in wanted}
    return {case: (outcome.verdict, outcome.message) for case, outcome in found.items()}


def test_a_picture_is_added_approved_and_compared(
    mine: Path, command: Callable[..., Result], conformance_repository: CaseRepository
) -> None:
    assert case_ids([mine])[-3:] == ["PIC-07.my-plot.pixels", "PIC-07.my-plot.whole", COMPLETE]
    before = outcomes(mine, conformance_repository)
    assert {verdict for verdict, _ in before.values()} == {Verdict.FAILED}
    for _, message in before.values():
        assert "`butler-conformance approve my-plot-" in message
        assert "--suite mine`" in message
    for name in ("my-plot-pixels", "my-plot-whole"):
        done = command(name, "--reason", "It shows a ramp", "--yes")
        assert done.exit_code == 0, done.output
        assert f"{name} is approved" in done.output
        assert (mine.parent / "report" / "approve" / f"{name}.actual.png").is_file()
    assert {path.name for path in (mine / "golden_images").iterdir()} == {
        "my-plot-pixels.png",
        "my-plot-pixels.json",
        "my-plot-whole.png",
        "my-plot-whole.json",
    }
    found = baselines.read(mine / "golden_images", "my-plot-pixels")
    assert found.pixels.shape == (6, 8, 3)
    assert found.record.reason == "It shows a ramp"
    assert found.record.view is not None
    assert found.record.view.limits == (9.5, 17.5, 19.5, 25.5)
    after = outcomes(mine, conformance_repository)
    assert set(after.values()) == {(Verdict.PASSED, "")}

    edit(mine, "np.arange(48.0)", "(np.arange(48.0) % 47)")
    changed = outcomes(mine, conformance_repository)
    verdict, message = changed["PIC-07.my-plot.pixels"]
    assert verdict is Verdict.FAILED
    assert "pixels differ of 48" in message
    edit(mine, "(np.arange(48.0) % 47)", "np.arange(48.0)")
    edit(mine, "(9.5, 17.5,", "(10.5, 18.5,")
    verdict, message = outcomes(mine, conformance_repository)["PIC-07.my-plot.pixels"]
    assert verdict is Verdict.FAILED


def test_what_is_new_is_shown_before_it_is_approved(
    mine: Path, command: Callable[..., Result]
) -> None:
    assert command("my-plot-pixels", "--reason", "first", "--yes").exit_code == 0
    folder = mine / "golden_images"
    before = (folder / "my-plot-pixels.json").read_bytes()
    edit(mine, "reshape(6, 8)", "reshape(6, 8); numbers[4, 1] = 0")
    refused = command("my-plot-pixels", "--reason", "darker", answer="n\n")
    assert refused.exit_code == 1
    assert "1 pixel differs of 48, in columns 1 to 1 and rows 1 to 1 from the top" in refused.output
    assert "it shows pixel x 11, y 24 of the image" in refused.output
    assert "Approve my-plot-pixels? [y/N]" in refused.output
    assert (folder / "my-plot-pixels.json").read_bytes() == before
    shown = mine.parent / "report" / "approve"
    expected, actual, apart = (
        baselines.read_png(shown / f"my-plot-pixels.{kind}.png")
        for kind in ("expected", "actual", "difference")
    )
    for kind in ("expected", "actual", "difference"):
        assert str(Path("report", "approve", f"my-plot-pixels.{kind}.png")) in refused.output
    np.testing.assert_array_equal((expected != actual).any(axis=2), apart.any(axis=2))
    agreed = command("my-plot-pixels", "--reason", "darker", answer="y\n")
    assert agreed.exit_code == 0
    assert json.loads((folder / "my-plot-pixels.json").read_bytes())["reason"] == "darker"
    np.testing.assert_array_equal(baselines.read(folder, "my-plot-pixels").pixels, actual)


def test_another_matplotlib_is_new_for_a_whole_picture_alone(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("my-plot-pixels", "my-plot-whole"):
        assert command(name, "--reason", "first", "--yes").exit_code == 0
    here = record.surroundings()
    monkeypatch.setattr(record, "surroundings", lambda: {**here, "matplotlib": "3.99.0"})
    done = command("my-plot-whole", "--reason", "the new matplotlib draws the same", "--yes")
    assert f"drawn with matplotlib 3.99.0, not {here['matplotlib']}" in done.output
    done = command("my-plot-pixels", "--reason", "the new matplotlib", "--yes")
    assert "nothing is new: my-plot-pixels is as it was approved" in done.output


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "without a reason": (("my-plot-pixels", "--reason", " ", "--yes"), "say why the picture is"),
    "without a terminal": (("my-plot-pixels", "--reason", "x"), "no terminal to ask on; write --y"),
    "another name": (
        ("my-plot-pixel", "--reason", "x", "--yes"),
        "no picture is called 'my-plot-pixel'; did you mean 'my-plot-pixels'?",
    ),
    "no name": (
        ("zzz", "--reason", "x", "--yes"),
        "no picture is called 'zzz'; there are: cell-11-pixels, cell-11-whole, cell-22-pixels",
    ),
    "nothing new": (
        ("cell-11-pixels", "--reason", "x", "--yes"),
        "nothing is new: cell-11-pixels is as it was approved",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_write_nothing(name: str, mine: Path, command: Callable[..., Result]) -> None:
    arguments, words = REFUSED[name]
    before = {path.name: path.read_bytes() for path in baselines.own_folder().iterdir()}
    done = command(*arguments)
    assert done.exit_code != 0
    assert words in done.output
    assert not (mine / "golden_images").exists()
    assert {path.name: path.read_bytes() for path in baselines.own_folder().iterdir()} == before


def test_what_is_not_as_the_file_is_not_approved(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    from astropy.visualization import ZScaleInterval

    monkeypatch.setattr("butler_core.display.limits.zscale", ZScaleInterval().get_limits)
    for name in ("cell-11-pixels", "cell-22-whole"):
        done = command(name, "--reason", "it looks good", "--yes")
        assert done.exit_code == 2
        assert "is not what the file shows, so it is wrong: the limits" in done.output


def test_the_installed_suite_stays_as_it_is(
    command: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages" / "golden_images"
    monkeypatch.setattr(baselines, "own_folder", lambda: installed)
    done = command("cell-11-pixels", "--reason", "x", "--yes")
    assert done.exit_code == 2
    assert "belongs to the suite that is installed" in done.output
    assert "--suite" in done.output
    assert not installed.exists()
    assert command("my-plot-pixels", "--reason", "x", "--yes").exit_code == 0


MISTAKES = {
    'picture("PIC-07.my-plot"': ('picture("my-plot"', "'my-plot' is not the id of a picture"),
    '"Numbers in a square")': (
        '"Numbers in a square", layers=["pixel"])',
        r"layers are 'pixels', 'whole' or both, not \('pixel',\)",
    ),
    "from conformance.pictures import picture": (
        "from conformance.pictures import pictures",
        r"pictures/plots\.py cannot be imported: ImportError",
    ),
}


@pytest.mark.parametrize("old", MISTAKES)
def test_mistakes_in_declarations_name_the_file(old: str, mine: Path) -> None:
    new, words = MISTAKES[old]
    edit(mine, old, new)
    with pytest.raises(PictureError, match=words) as caught:
        declared([mine])
    assert "pictures/plots.py" in str(caught.value)


def test_two_pictures_of_one_name(mine: Path) -> None:
    (mine / "pictures" / "more.py").write_text(PLOT, encoding="utf-8")
    words = r"pictures/plots\.py:5: my-plot is a picture of pictures/more\.py:5 already"
    with pytest.raises(PictureError, match=words):
        declared([mine])


BROKEN = {
    "return figure": ("return None", "is not a matplotlib figure that can be read: AttributeError"),
    "return figure\n": ("raise OSError('no ink')\n", "my_plot raised OSError: no ink"),
    "figsize=(2, 2)": ("ncols=2, figsize=(2, 2), squeeze=False", "my_plot raised AttributeError"),
    "axes.imshow": ("axes.pcolormesh(numbers); (lambda *a, **k: 0)", "0 of the 1 axes of the"),
}


@pytest.mark.parametrize("old", BROKEN)
def test_a_picture_that_cannot_be_drawn_fails(
    old: str, mine: Path, command: Callable[..., Result], conformance_repository: CaseRepository
) -> None:
    assert command("my-plot-pixels", "--reason", "first", "--yes").exit_code == 0
    new, words = BROKEN[old]
    edit(mine, old, new)
    verdict, message = outcomes(mine, conformance_repository)["PIC-07.my-plot.pixels"]
    assert verdict is Verdict.FAILED
    assert words in message
    done = command("my-plot-pixels", "--reason", "x", "--yes")
    assert done.exit_code == 2
    assert words in done.output


def test_the_example_of_the_documentation_declares_a_picture() -> None:
    text = declaring.picture.__doc__ or ""
    code = "\n".join(re.findall(r"^ *(?:>>>|\.\.\.) ?(.*)$", text, re.MULTILINE))
    names: dict[str, object] = {"picture": picture}
    exec(code, names)
    found = getattr(names["my_plot"], declaring.ATTRIBUTE)
    assert (found.requirement, found.name, found.layers) == ("PIC-07", "my-plot", declaring.LAYERS)
