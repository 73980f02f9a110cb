"""Drawing the pictures of suites of others."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.case import Case
from conformance.execution import execute
from conformance.implementations import Dialect
from conformance.notebook.runner import quiet_plots
from conformance.pictures import baselines, portrait
from conformance.pictures.declaring import Declared
from conformance.pictures.drawing import Drawing, baseline_name, forget_plane_colours
from conformance.pictures.figures import FigureError, View
from conformance.workplace import Workplace

REPRO = """import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import {butler} as api
import {display} as display

if len(sys.argv) != 2:
    sys.exit("write after it the FOLDER that `butler-conformance make-repo ci_hsc FOLDER` made")


{code}


figure = {function}(api, display, Path(sys.argv[1]) / "DATA")
figure.savefig("{name}.png")
print({message!r})
sys.exit(2)
"""


@dataclass(frozen=True, slots=True)
class OthersPicture:
    """A picture that somebody else's function draws.

    Attributes
    ----------
    declared
        The function, and what was said of it.
    modules
        The modules of the dialect that it is written in; None where they are not offered.
    """

    declared: Declared
    modules: Dialect | None

    @property
    def name(self) -> str:
        """The name of the picture."""
        return self.declared.name

    @property
    def folder(self) -> Path:
        """The folder of the approved pictures of its suite."""
        return self.declared.folder / baselines.FOLDER

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers in which it is compared."""
        return self.declared.layers

    def needs(self, dialect: str) -> tuple[str, ...]:
        """Return nothing: the function opens what it needs."""
        return ()

    def draw(self, case: Case, dialect: Dialect, place: Workplace) -> Drawing:
        """Call the function, and read its figure."""
        function = self.declared.function
        with quiet_plots(case):
            forget_plane_colours(dialect)
            execution = execute(
                f"{function.__name__}(api, display, root)",
                {
                    function.__name__: function,
                    "api": importlib.import_module(dialect.butler),
                    "display": importlib.import_module(dialect.display),
                    "root": place.ci_hsc.root,
                },
                case.id,
            )
            if execution.error is not None:
                error = execution.error
                return Drawing(
                    execution=execution,
                    problem=f"{function.__name__} raised {type(error).__name__}: {error}",
                )
            try:
                found = portrait.of_figure(
                    execution.value, view=self._view(), image="pixels" in self.layers
                )
            except FigureError as error:
                return Drawing(execution=execution, problem=str(error))
            except Exception as error:
                return Drawing(execution=execution, problem=_not_a_figure(function, error))
        return Drawing(execution=execution, portrait=found)

    def repro(self, case: Case, drawing: Drawing, message: str) -> str:
        """Return a script with the function, which saves what it draws."""
        if self.modules is None:
            return ""
        return REPRO.format(
            butler=self.modules.butler,
            display=self.modules.display,
            code=_undecorated(self.declared.code),
            function=self.declared.function.__name__,
            name=self.name,
            message=message,
        )

    def _view(self) -> View | None:
        """Return the view of the approved picture, so that an image that lies elsewhere is seen."""
        if "pixels" not in self.layers:
            return None
        try:
            return baselines.read(self.folder, baseline_name(self.name, "pixels")).record.view
        except baselines.BaselineError:
            return None


def _not_a_figure(function: Any, error: Exception) -> str:
    return (
        f"what {function.__name__} returned is not a matplotlib figure that can be read: "
        f"{type(error).__name__}: {error}"
    )


def _undecorated(code: str) -> str:
    lines = code.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("def "))
    return "\n".join(lines[first:])
