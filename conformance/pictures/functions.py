"""Drawing the pictures that functions return."""

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

REPRO = """from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import {butler} as api
{display}

if len(sys.argv) != 2:
    sys.exit("write after it the FOLDER that `butler-conformance make-repo ci_hsc FOLDER` made")


{code}


figure = {function}(api, display, Path(sys.argv[1]) / "DATA")
figure.savefig("{name}.png")
print({message!r})
sys.exit(2)
"""


@dataclass(frozen=True, slots=True)
class DeclaredPicture:
    """A picture that a function draws, one of the suite or of somebody else.

    Attributes
    ----------
    declared
        The function, and what was said of it.
    modules
        The modules of the dialect that it is written in; None where they are not offered.
    folder
        The folder of the approved pictures of its suite.
    """

    declared: Declared
    modules: Dialect | None
    folder: Path

    @property
    def name(self) -> str:
        """The name of the picture."""
        return self.declared.name

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
        display = None
        with quiet_plots(case):
            if self._shows:
                forget_plane_colours(dialect)
                display = importlib.import_module(dialect.display)
            execution = execute(
                f"{function.__name__}(api, display, root)",
                {
                    function.__name__: function,
                    "api": importlib.import_module(dialect.butler),
                    "display": display,
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
        display = f"import {self.modules.display} as display" if self._shows else "display = None"
        return REPRO.format(
            butler=self.modules.butler,
            display=display,
            code=_undecorated(self.declared.code),
            function=self.declared.function.__name__,
            name=self.name,
            message=message,
        )

    @property
    def _shows(self) -> bool:
        """Whether the function is given a display."""
        return "display" in self.declared.capabilities

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
