"""The functions of the module: backends, frames, defaults."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import matplotlib.pyplot as plt
import pytest

from butler_core import display as afw_display
from butler_core.display import Display
from butler_core.display.backends import Backend
from butler_core.errors import DisplayError, DisplayTypeError, DisplayValueError

from .display_world import clean_display, image, masked_image  # noqa: F401


def test_the_names_of_colours() -> None:
    names = [
        "white",
        "black",
        "red",
        "green",
        "blue",
        "cyan",
        "magenta",
        "yellow",
        "orange",
        "ignore",
    ]
    assert [getattr(afw_display, name.upper()) for name in names] == names


def test_the_default_backend() -> None:
    assert afw_display.getDefaultBackend() is None
    for name in ("matplotlib", "virtualDevice", "butler_core.display.backends.virtual_device"):
        afw_display.setDefaultBackend(name)
        assert afw_display.getDefaultBackend() == name
        assert Display(1).name == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("matplotlb", "did you mean 'matplotlib'"),
        ("firefly", "No module named 'firefly'"),
        ("json", "has no BACKEND"),
        ("", "'matplotlib', 'virtualDevice'"),
        (None, "No module named 'None'"),
    ],
)
def test_a_backend_that_cannot_be_used(name: Any, reason: str) -> None:
    afw_display.setDefaultBackend("virtualDevice")
    with pytest.raises(RuntimeError, match=f"Unable to set backend to {name}:.*{reason}"):
        afw_display.setDefaultBackend(name)
    assert afw_display.getDefaultBackend() == "virtualDevice"
    if name:
        with pytest.raises(DisplayError, match="Unable to set backend"):
            Display(1, name)


def test_a_backend_whose_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "butler_core.display.backends.matplotlib")
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(DisplayError, match=r"to matplotlib: .*matplotlib\.pyplot"):
        afw_display.setDefaultBackend("matplotlib")


def test_a_backend_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import ModuleType

    from butler_core.display.backends.virtual_device import VirtualDevice

    class Listing(VirtualDevice):
        seen: Any = ()

        def draw_glyphs(self, glyphs: Any) -> None:
            Listing.seen = tuple(glyphs)

    module = ModuleType("listing_backend")
    module.BACKEND = Listing  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "listing_backend", module)
    display = Display(1, "listing_backend")
    display.dot("+", 1, 2)
    assert display.scene.marks == Listing.seen
    assert issubclass(Listing, Backend)
    module.BACKEND = dict  # type: ignore[attr-defined]
    with pytest.raises(DisplayError, match="listing_backend has no BACKEND"):
        Display(1, "listing_backend")


def test_frames() -> None:
    afw_display.setDefaultBackend("virtualDevice")
    assert afw_display.getDefaultFrame() == 0
    assert Display().frame == 0
    afw_display.setDefaultFrame(4)
    assert afw_display.incrDefaultFrame() == 5
    assert str(Display()) == "Display[5]"
    afw_display.setDefaultFrame("name")
    with pytest.raises(DisplayTypeError, match="no number"):
        afw_display.incrDefaultFrame()


def test_get_display() -> None:
    afw_display.setDefaultBackend("virtualDevice")
    first = afw_display.getDisplay(3)
    assert afw_display.getDisplay(3) is first
    assert afw_display.getDisplay(frame=3, verbose=True) is first
    assert first.verbose
    second = Display(3)
    assert afw_display.getDisplay(3) is second
    for arguments in ({"backend": ""}, {"create": False}):
        with pytest.raises(RuntimeError, match="Frame 7 does not exist; open frames: 3"):
            afw_display.getDisplay(7, **arguments)
    assert Display.getDisplay(7).name == "virtualDevice"


def test_closing() -> None:
    plt.figure(1)
    with Display(1, "matplotlib") as display:
        display.mtv(image())
        assert afw_display.getDisplay(1) is display
    assert plt.fignum_exists(1)
    with pytest.raises(DisplayError, match=r"Display\[1\] is closed"):
        display.mtv(image())
    for other in (1, 2, "three"):
        Display(other, "virtualDevice")
    afw_display.delAllDisplays()
    with pytest.raises(DisplayError, match="open frames: none"):
        afw_display.getDisplay("three", "")


def test_closing_the_first_of_two_keeps_the_second() -> None:
    first, second = Display(1, "virtualDevice"), Display(1, "virtualDevice")
    first.close()
    first.close()
    assert afw_display.getDisplay(1, "") is second


def test_attributes_of_the_backend() -> None:
    display = Display(1, "matplotlib")
    assert display.figure is plt.figure(1)
    for backend, name in (("matplotlib", "nothing"), ("virtualDevice", "savefig")):
        with pytest.raises(AttributeError, match=f"backend {backend} has no attribute '{name}'"):
            getattr(Display(1, backend), name)
    assert not hasattr(display, "_nothing")


def test_transparency_is_set_in_percent_and_read_as_a_fraction() -> None:
    display = Display(1, "virtualDevice")
    assert display.getMaskTransparency() == 0.7
    display.setMaskTransparency(40)
    display.setMaskTransparency(90, "CR")
    display.setMaskTransparency({"BAD": 10, "SAT": 100})
    display.setMaskTransparency(None)
    found = [display.getMaskTransparency(name) for name in (None, "CR", "BAD", "SAT", "EDGE")]
    assert found == pytest.approx([0.4, 0.9, 0.1, 1.0, 0.4])
    display.mtv(masked_image())
    alphas = {plane.name: plane.alpha for plane in display.scene.mask.planes}  # type: ignore[union-attr]
    assert [alphas[name] for name in ("CR", "BAD", "SAT", "EDGE")] == pytest.approx(
        [0.1, 0.9, 0.0, 0.6]
    )


@pytest.mark.parametrize(("percent", "used"), [(-5, 0.0), (101, 1.0)])
def test_transparency_is_clipped_and_it_says_so(percent: float, used: float) -> None:
    display = Display(1, "virtualDevice")
    with pytest.warns(UserWarning, match=r"range \[0, 100\]; clipping"):
        display.setMaskTransparency(percent)
    assert display.getMaskTransparency() == used
    with pytest.raises(DisplayValueError, match="not 'half'"):
        display.setMaskTransparency("half")  # type: ignore[arg-type]


def test_defaults_of_new_displays() -> None:
    old = Display(1, "virtualDevice")
    afw_display.setDefaultMaskTransparency({"CR": 20})
    afw_display.setDefaultMaskPlaneColor("CR", "white")
    afw_display.setDefaultMaskPlaneColor({"MINE": "pink"})
    afw_display.setDefaultImageColormap("viridis")
    new = Display(2, "virtualDevice")
    assert new.getMaskTransparency("CR") == pytest.approx(0.2)
    assert new.getMaskPlaneColor("CR") == "white"
    assert new.getMaskPlaneColor("MINE") == "pink"
    assert old.getMaskTransparency("CR") == 0.7
    assert old.getMaskPlaneColor("CR") == "magenta"
    new.mtv(image())
    assert new.scene.image.colour_map == "viridis"  # type: ignore[union-attr]
    afw_display.setDefaultMaskTransparency(50)
    afw_display.setDefaultMaskPlaneColor()
    newest = Display(3, "virtualDevice")
    assert newest.getMaskTransparency("BAD") == 0.5
    assert newest.getMaskPlaneColor()["CR"] == "magenta"
    assert newest.getMaskPlaneColor("MINE") is None


def test_colours_of_planes() -> None:
    display = Display(1, "virtualDevice")
    display.setMaskPlaneColor("CR", "pink")
    display.setMaskPlaneColor({"BAD": afw_display.IGNORE, "SAT": "#102030"})
    display.mtv(masked_image())
    planes = {plane.name: plane for plane in display.scene.mask.planes}  # type: ignore[union-attr]
    assert (planes["CR"].colour, planes["SAT"].colour) == ("pink", "#102030")
    assert planes["BAD"].alpha == 0
    with pytest.raises(DisplayValueError, match="did you mean 'pink'"):
        display.setMaskPlaneColor("CR", "pinkk")
    display.setMaskPlaneColor("CR", None)
    assert display.getMaskPlaneColor("CR") == "magenta"


def test_the_cycle_of_colours() -> None:
    cycle = Display(1, "virtualDevice").maskColorGenerator(omitBW=False)
    assert [next(cycle) for _ in range(10)] == [
        "white",
        "black",
        "red",
        "green",
        "blue",
        "cyan",
        "magenta",
        "yellow",
        "orange",
        "white",
    ]


def test_matplotlib_is_loaded_only_for_a_picture() -> None:
    code = (
        "import sys, butler_core.display as d; d.Display(1, 'virtualDevice').scale('asinh', 0, 1);"
        "sys.exit('matplotlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
