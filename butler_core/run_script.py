"""Running a script as the interpreter does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType, TracebackType

__all__ = ["run_script"]


def run_script(path: str, arguments: Sequence[str]) -> int:
    """Run a Python file as ``__main__``.

    Parameters
    ----------
    path : `str`
        The file.
    arguments : `~collections.abc.Sequence` [ `str` ]
        What follows its name in ``sys.argv``.

    Returns
    -------
    status : `int`
        0, or 1 after an exception, whose traceback begins in the script; 2 if
        the file cannot be read, or is a notebook. `SystemExit` and
        `KeyboardInterrupt` pass on.
    """
    if path.endswith(".ipynb"):
        print(
            f"{sys.argv[0]}: {path!r} is a notebook, not a script: open it with Jupyter, and have"
            " its first cell call butler_core.stack.install(release=...)",
            file=sys.stderr,
        )
        return 2
    try:
        source = Path(path).read_bytes()
    except OSError as error:
        print(f"{sys.argv[0]}: can't open file {path!r}: {error}", file=sys.stderr)
        return 2
    sys.argv[:] = [path, *arguments]
    sys.path[0] = str(Path(path).resolve().parent)
    module = ModuleType("__main__")
    module.__file__ = path
    module.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = module
    try:
        code: CodeType = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        error.__traceback__ = None
        sys.excepthook(type(error), error, None)
        return 1
    try:
        exec(code, module.__dict__)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        error.__traceback__ = _from_script(error.__traceback__, code)
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    return 0


def _from_script(traceback: TracebackType | None, code: CodeType) -> TracebackType | None:
    """Return the part of a traceback that begins in the script."""
    while traceback is not None and traceback.tb_frame.f_code is not code:
        traceback = traceback.tb_next
    return traceback
