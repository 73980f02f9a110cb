"""The stand-ins for modules of the stack, each in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import butler_core.image
from butler_core import stack

from .w_2020_03_world import OUTPUT, VISIT, build


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONWARNDEFAULTENCODING"
    }
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def _code(text: str) -> str:
    """Run Python text in a fresh process, and return what it prints."""
    done = _python("-c", text)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.py"


def test_the_names_of_the_stack_give_our_modules() -> None:
    printed = _code(
        "from butler_core.stack import install; install('w_2020_03')\n"
        "import lsst.daf.butler as dafButler, lsst.afw.display as afwDisplay, lsst.sphgeom\n"
        "import lsst.daf.butler.registry.queries, butler_core.w_2020_03, butler_core.display\n"
        "from lsst.daf.butler import Butler, DatasetRef\n"
        "print(dafButler is butler_core.w_2020_03 and afwDisplay is butler_core.display)\n"
        "print(lsst.daf.butler is dafButler and lsst.afw.display is afwDisplay)\n"
        "print(lsst.daf.butler.registry is butler_core.w_2020_03.registry)\n"
        "print(Butler.__module__, afwDisplay.__spec__.name)\n"
        "print(lsst.sphgeom.HtmPixelization(7).getLevel())\n"
    )
    assert printed.splitlines() == [
        *("True", "True", "True"),
        "butler_core.w_2020_03.butler butler_core.display",
        "7",
    ]


def test_the_current_release_is_the_butler_itself() -> None:
    printed = _code(
        "import butler_core.stack as stack; stack.install()\n"
        "import lsst.daf.butler, butler_core; from lsst.daf.butler import Butler, Timespan\n"
        "print(lsst.daf.butler is butler_core, Butler is butler_core.Butler)\n"
    )
    assert printed == "True True\n"


def test_installing_imports_nothing() -> None:
    printed = _code(
        "import sys; from butler_core.stack import install; install('w_2020_03')\n"
        "print(sorted({'numpy', 'astropy', 'matplotlib', 'sqlalchemy', 'lsst'} & {*sys.modules}))\n"
    )
    assert printed == "[]\n"


def test_modules_that_have_no_stand_in_are_missing() -> None:
    printed = _code(
        "from butler_core.stack import install; install('w_2020_03')\n"
        "for name in ('lsst.daf.butler.dataset_type', 'lsst.afw.image', 'lsst.afw.display.rgb'):\n"
        "    try: __import__(name)\n"
        "    except ModuleNotFoundError as error: print(error.name, '|', error)\n"
    ).splitlines()
    assert [line.split(" | ")[0] for line in printed] == [
        "lsst.daf.butler.dataset_type",
        "lsst.afw.image",
        "lsst.afw.display.rgb",
    ]
    assert "butler_core stands in for lsst.daf.butler, " in printed[0]
    provided = "lsst.daf.butler.registry.queries, lsst.afw.display, of release w_2020_03, alone; "
    rest = "the rest comes with the LSST Science Pipelines"
    assert printed[0].endswith(provided + rest)
    assert f"{provided}butler_core.image has Exposure, Image, Mask, MaskedImage, " in printed[1]
    assert printed[2].endswith(provided + rest)


@pytest.mark.parametrize("release", ["w_2020_03", "current"])
@pytest.mark.parametrize(
    ("statement", "name", "offered"),
    [
        ("import lsst.geom", "lsst.geom", "butler_core.image has Angle, Box2I, Extent2I, "),
        ("import lsst.geom as geom", "lsst.geom", "Point2D, Point2I and SpherePoint"),
        ("from lsst.geom import Box2I", "lsst.geom", "butler_core.image has "),
        ("import lsst.afw.image as afwImage", "lsst.afw.image", "Exposure, Image, Mask, "),
        ("import lsst.afw.table", "lsst.afw.table", "SourceCatalog"),
        ("from lsst.daf.base import PropertyList", "lsst.daf.base", "PropertyList"),
        ("import lsst.pipe.base", "lsst.pipe", "LSST Science Pipelines"),
        ("import lsst.daf.persistence", "lsst.daf.persistence", "LSST Science Pipelines"),
        ("import lsst.pex.config", "lsst.pex", "LSST Science Pipelines"),
    ],
)
def test_a_missing_module_says_what_there_is(
    release: str, statement: str, name: str, offered: str
) -> None:
    printed = _code(
        f"from butler_core.stack import install; install({release!r})\n"
        f"try: {statement}\n"
        "except ModuleNotFoundError as error: print(error.name, '|', error)\n"
    )
    assert printed.startswith(f"{name} | No module named {name!r}: butler_core stands in for")
    assert f"lsst.afw.display, of release {release}, alone; " in printed
    assert offered in printed


def test_what_is_offered_exists() -> None:
    for names in stack._LIKE.values():
        for name in re.findall(r"[A-Z]\w+", names):
            assert hasattr(butler_core.image, name), name


def test_optional_modules_are_looked_for_as_ever(tmp_path: Path) -> None:
    (tmp_path / "lsst" / "geom").mkdir(parents=True)
    (tmp_path / "lsst" / "geom" / "__init__.py").write_text("Box2I = 'real'\n")
    (tmp_path / "lsst" / "geom" / "old.py").write_text("import lsst.geom.gone\n")
    printed = _code(
        "import sys, importlib.util\n"
        "from butler_core.stack import install; install('w_2020_03')\n"
        "try: import lsst.pipe.base as base\n"
        "except ImportError: base = None\n"
        "print(base, importlib.util.find_spec('lsst.pipe'))\n"
        "try: importlib.import_module('lsst.meas')\n"
        "except ModuleNotFoundError as error: print(error.name, 'alone' in str(error))\n"
        "import lsst; print(hasattr(lsst, 'geom'))\n"
        f"lsst.__path__.append({str(tmp_path / 'lsst')!r})\n"
        "import lsst.geom; print(lsst.geom.Box2I)\n"
        "try: import lsst.geom.old\n"
        "except ModuleNotFoundError as error: print(error)\n"
        "try: import elsewhere\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    assert printed.splitlines() == [
        *("None None", "lsst.meas True", "False", "real"),
        *("No module named 'lsst.geom.gone'", "No module named 'elsewhere'"),
    ]


def test_the_real_module_is_not_pushed_aside() -> None:
    printed = _code(
        "import sys, types\n"
        "real = types.ModuleType('lsst.daf.butler'); real.__file__ = '/opt/butler.py'\n"
        "sys.modules['lsst.daf.butler'] = real\n"
        "import butler_core.stack as stack\n"
        "try: stack.install('w_2020_03')\n"
        "except RuntimeError as error: print(error)\n"
        "print(sys.modules['lsst.daf.butler'] is real)\n"
        "try: import lsst.afw.display\n"
        "except ModuleNotFoundError: print('nothing installed')\n"
    ).splitlines()
    assert printed[0].startswith("lsst.daf.butler is imported from /opt/butler.py in this process")
    assert printed[1:] == ["True", "nothing installed"]


def test_one_release_at_a_time() -> None:
    printed = _code(
        "import butler_core.stack as stack\n"
        "stack.install('current'); stack.install('current')\n"
        "for name in ('w_2020_03', 'w_2020_3'):\n"
        "    try: stack.install(name)\n"
        "    except RuntimeError as error: print(error)\n"
        "stack.uninstall(); stack.uninstall(); stack.install('w_2020_03')\n"
        "import lsst.daf.butler; print(lsst.daf.butler.__name__)\n"
    )
    assert printed.splitlines() == [
        "Release current is installed; uninstall it before w_2020_03",
        "There is no release 'w_2020_3'; there are w_2020_03, current; did you mean 'w_2020_03'?",
        "butler_core.w_2020_03",
    ]


def test_uninstalling_takes_the_names_back() -> None:
    printed = _code(
        "import sys, lsst.sphgeom; before = list(sys.meta_path)\n"
        "from butler_core.stack import installed\n"
        "with installed('w_2020_03'):\n"
        "    import lsst.daf.butler.registry, lsst.afw.display as display\n"
        "ours = ('lsst.daf.butler', 'lsst.afw')\n"
        "names = [name for name in sys.modules if name.startswith(ours)]\n"
        "print(names, sys.meta_path == before, hasattr(lsst, 'afw'))\n"
        "try: import lsst.afw.display\n"
        "except ModuleNotFoundError as error: print(error)\n"
        "print(display.RED, lsst.sphgeom.Angle(1))\n"
        "import butler_core.display; print(butler_core.display is display)\n"
    )
    assert printed.splitlines() == [
        "[] True False",
        "No module named 'lsst.afw'",
        "red 1.0",
        "True",
    ]


def test_a_script_runs_as_if_alone(script: Path) -> None:
    script.write_text(
        "import sys, lsst.daf.butler\n"
        "print(__name__, __file__, sys.argv[1:], sys.argv[0] == __file__, sys.path[0])\n"
        "print(sys.modules['__main__'].lsst is lsst, lsst.daf.butler.__name__)\n",
        "utf-8",
    )
    arguments = ["--release", "x", "-h", "--", "a b"]
    done = _python("-m", "butler_core.stack", "--release", "w_2020_03", script, *arguments)
    assert done.stdout.splitlines() == [
        f"__main__ {script} {arguments} True {script.parent}",
        "True butler_core.w_2020_03",
    ]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [
        ("import sys; sys.exit(7)", 7, ""),
        ("raise SystemExit('bad day')", 1, "bad day\n"),
        ("raise SystemExit", 0, ""),
    ],
)
def test_exit_codes_are_passed_on(script: Path, text: str, status: int, error: str) -> None:
    script.write_text(text, "utf-8")
    done = _python("-m", "butler_core.stack", script)
    assert (done.returncode, done.stderr) == (status, error)


def test_a_traceback_begins_in_the_script(script: Path) -> None:
    script.write_text("def fail():\n    raise ValueError('boo')\n\nfail()\n", "utf-8")
    done = _python("-m", "butler_core.stack", script)
    alone = _python(script)
    assert done.returncode == alone.returncode == 1
    assert done.stderr == alone.stderr
    assert f'File "{script}", line 4, in <module>' in done.stderr


def test_a_syntax_error_shows_the_line(script: Path) -> None:
    script.write_text("x = 1\ny = = 2\n", "utf-8")
    done = _python("-m", "butler_core.stack", script)
    assert done.returncode == 1
    assert done.stderr == _python(script).stderr


def test_bad_command_lines(script: Path) -> None:
    done = _python("-m", "butler_core.stack", script)
    assert done.returncode == 2
    assert f"can't open file '{script}'" in done.stderr
    done = _python("-m", "butler_core.stack", script.with_suffix(".ipynb"))
    assert done.returncode == 2
    assert "is a notebook, not a script" in done.stderr
    done = _python("-m", "butler_core.stack", "--release", "w_2020_3", script)
    assert done.returncode == 2
    assert "'w_2020_3' is not one of 'w_2020_03', 'current'" in done.stderr
    done = _python("-m", "butler_core.stack", "--help")
    assert done.returncode == 0
    assert "SCRIPT [ARGS]" in done.stdout


def test_a_program_of_2020_runs_unchanged(tmp_path: Path, script: Path) -> None:
    root = build(tmp_path / "DATA")
    script.write_text(
        "import sys\n"
        "import lsst.daf.butler as dafButler\n"
        "config = sys.argv[1] + '/butler.yaml'\n"
        "try:\n"
        "    dafButler.Butler(config=config)\n"
        "except ValueError as error:\n"
        "    print(error)\n"
        "butler = dafButler.Butler(config=config, collection='')\n"
        "print(sorted(butler.registry.getAllCollections())[0])\n"
        "print(len(butler.registry.getAllDatasetTypes()))\n"
        f"for ref in butler.registry.queryDatasets('src', collections=['{OUTPUT}']):\n"
        "    print(str(ref).split(' (')[0])\n"
        f"butler.collection = '{OUTPUT}'\n"
        f"print(butler.get('src', instrument='HSC', visit={VISIT}, detector=22))\n",
        "utf-8",
    )
    done = _python("-m", "butler_core.stack", "--release", "w_2020_03", script, root)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "No run or collection provided.",
        "calib/hsc",
        "44",
        f"src@{{'instrument': 'HSC', 'detector': 1, 'visit': {VISIT}}}",
        f"src@{{'instrument': 'HSC', 'detector': 22, 'visit': {VISIT}}}",
        "{'n': 22}",
    ]
