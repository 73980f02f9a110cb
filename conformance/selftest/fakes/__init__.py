"""Tiny Butlers with canned answers: a perfect one, and others wrong in one named way.

Each function here is a factory, found by its address, such as
``conformance.selftest.fakes:wrong_message``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from conformance.implementations import Dialect, Drawn
from conformance.selftest.fakes import butlers
from conformance.selftest.fakes.display import FakeDisplay


@dataclass(frozen=True)
class Fake:
    """An implementation made of modules that exist in memory alone."""

    name: str
    dialects: Mapping[str, Dialect]
    version: str = "1.0"
    unsupported: Mapping[str, str] = field(default_factory=dict)

    def make_repository(self, root: Path) -> None:
        """Make a folder; a fake needs no more."""
        root.mkdir(parents=True)

    def open(self, root: Path, **arguments: Any) -> Any:
        """Open with today's fake Butler."""
        today = sys.modules[self.dialects["current"].butler]
        return today.Butler.from_config(str(root), **arguments)

    def drawn(self, display: FakeDisplay) -> Drawn:
        """Return what the fake display kept."""
        return display.drawn()


def _module(name: str, **members: Any) -> str:
    module = ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return name


def fake(
    name: str,
    *,
    january: type[Any] = butlers.JanuaryButler,
    today: type[Any] = butlers.TodayButler,
    display: type[FakeDisplay] = FakeDisplay,
    unsupported: Mapping[str, str] | None = None,
) -> Fake:
    """Return an implementation of the parts named, and of faultless ones for the rest."""
    drawing = _module(
        f"fake_{name}_display",
        Display=display,
        RED="red",
        setDefaultBackend=display.setDefaultBackend,
    )
    return Fake(
        name,
        {
            "w_2020_03": Dialect(_module(f"fake_{name}_january", Butler=january), drawing),
            "current": Dialect(_module(f"fake_{name}_today", Butler=today), drawing),
        },
        unsupported=unsupported or {},
    )


def perfect() -> Fake:
    """Answer everything as it must be."""
    return fake("perfect")


def wrong_message() -> Fake:
    """Refuse a Butler without a collection in other words."""

    class Butler(butlers.JanuaryButler):
        refusal = "No collection given."

    return fake("wrong_message", january=Butler)


def crashes_on_open() -> Fake:
    """Raise whenever a Butler is made."""

    class Crashing:
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            raise RuntimeError("the database is on fire")

        @classmethod
        def from_config(cls, *arguments: Any, **keywords: Any) -> Any:
            return cls()

    return fake("crashes_on_open", january=Crashing, today=Crashing)


def answers_nothing() -> Fake:
    """Open, and answer None to everything."""

    class Silent:
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            pass

        @classmethod
        def from_config(cls, *arguments: Any, **keywords: Any) -> Any:
            return cls()

        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda *arguments, **keywords: None

    return fake("answers_nothing", january=Silent, today=Silent)


def without_display() -> Fake:
    """Declare that there is no display, and have none."""
    found = fake("without_display", unsupported={"display": "no display comes with it"})
    for dialect in found.dialects.values():
        sys.modules.pop(dialect.display, None)
    return found


def without_files() -> Fake:
    """Declare that calexps and catalogues cannot be read, and refuse them, as LSST's without afw.

    What draws them is blocked then, with a display that could.
    """

    def unread(butler: type[Any]) -> type[Any]:
        def get(self: Any, *arguments: Any, **keywords: Any) -> Any:
            butler.get(self, *arguments, **keywords)
            raise ImportError("no module reads this file")

        return type("Butler", (butler,), {"get": get})

    return fake(
        "without_files",
        january=unread(butlers.JanuaryButler),
        today=unread(butlers.TodayButler),
        unsupported=dict.fromkeys(("exposure", "source_catalog"), "nothing reads the files"),
    )


def claims_no_display() -> Fake:
    """Declare that there is no display, and draw all the same."""
    return fake("claims_no_display", unsupported={"display": "modesty"})


def without_imports() -> Fake:
    """Name modules that do not exist."""
    absent = Dialect("fake_absent_butler", "fake_absent_display")
    return Fake("without_imports", {"w_2020_03": absent, "current": absent})


def only_today() -> Fake:
    """Offer today's dialect alone."""
    whole = fake("only_today")
    return Fake(whole.name, {"current": whole.dialects["current"]})


def broken_factory() -> Fake:
    """Raise instead of returning."""
    raise OSError("no licence")
