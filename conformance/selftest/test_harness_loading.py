"""What others may get wrong in an adapter, and the sentence that each mistake gets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from conformance.implementations import (
    ImplementationError,
    butler_core,
    capabilities,
    lsst_daf_butler,
)
from conformance.implementations.loading import load
from conformance.selftest.command_line import command

GOOD = """
from pathlib import Path
from os.path import join
from conformance.implementations import Dialect

class Mine:
    name = "mine"
    version = "1.0"
    dialects = {"current": Dialect("mine", "mine.display")}
    unsupported = {}
    def make_repository(self, root): ...
    def open(self, root, **arguments): ...
    def drawn(self, display): ...

def make():
    return Mine()

def _hidden(): ...
"""
Adapter = Callable[[str], str]


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Adapter:
    """Return a function that writes a module, and returns the address of its ``make``."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"adapter_{tmp_path.name}".replace("-", "_")

    def write(code: str) -> str:
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        sys.modules.pop(name, None)
        return f"{name}:make"

    return write


def complaint(address: str) -> str:
    """Return the message that loading ends with; it is one line, and ends with a full stop."""
    with pytest.raises(ImplementationError) as caught:
        load(address)
    text = str(caught.value)
    assert "\n" not in text
    assert text[-1] in ".?"
    assert ".." not in text
    return text


def test_an_adapter_as_it_should_be(adapter: Adapter) -> None:
    assert load(adapter(GOOD)).name == "mine"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise SystemExit(0)", "its factory 'make' raised SystemExit: 0."),
        ("import sys; sys.exit()", "its factory 'make' raised SystemExit."),
        ("raise GeneratorExit('over')", "its factory 'make' raised GeneratorExit: over."),
        ("class Own(BaseException): ...\n    raise Own('a\\nb.')", "raised Own: a b."),
        (
            "from conformance.implementations import ImplementationError\n"
            "    raise ImplementationError('mine is not installed; pip install mine')",
            ":make: mine is not installed; pip install mine.",
        ),
        ("return None", "its factory returned None; end it with `return`"),
        ("return Mine", "its factory returned the class Mine; write `return Mine()`."),
        ("return {}", "dict lacks name, version, dialects, unsupported"),
    ],
)
def test_factories(adapter: Adapter, line: str, words: str) -> None:
    assert words in complaint(adapter(GOOD.replace("return Mine()", line)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("name = ''", "name is ''; write a text, such as name = 'my_butler'."),
        ("version = (1, 0)", "version is (1, 0); write a text, such as version = '1.0'."),
        ("version = property(lambda self: 1 / 0)", "raised ZeroDivisionError: division by zero."),
        ("unsupported = None", "unsupported is None; write a dict, such as unsupported = {}"),
        ("unsupported = {'telepathy': 'no'}", "unsupported names telepathy, which no case needs"),
        ("unsupported = {'display': None}", "unsupported gives None for display; write the reason"),
        ("dialects = ['current']", "dialects is ['current']; write a dict, such as dialects = {"),
        ("dialects = {}", "dialects is empty; offer one of w_2020_03, current at least."),
        ("dialects = {'w_2019': Dialect('a', 'b')}", "not 'w_2019' to Dialect("),
        ("dialects = {'current': 'mine'}", "not 'current' to 'mine'."),
        ("dialects = {'current': Dialect('a b', 'c')}", "the dialect current names 'a b'; write"),
        ("dialects = {'current': Dialect(None, 'c')}", "the dialect current names None; write"),
        ("open = None", "open is None; write a method."),
    ],
)
def test_attributes(adapter: Adapter, line: str, words: str) -> None:
    body = GOOD.replace("    def make_rep", f"    {line}\n    def make_rep")
    if line.startswith("open"):
        body = GOOD.replace("def make():", "Mine.open = None\ndef make():")
    assert words in complaint(adapter(body))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('no licence')", "raises RuntimeError: no licence when it is imported"),
        ("raise SystemExit(0)", "raises SystemExit: 0 when it is imported"),
        ("def make(:", "raises SyntaxError: "),
        ("import no_such_library.part", "needs 'no_such_library', which is not installed"),
        ("from os import no_such_name", "raises ImportError: cannot import name 'no_such_name'"),
    ],
)
def test_modules(adapter: Adapter, code: str, words: str) -> None:
    assert words in complaint(adapter(code))


def test_a_missing_factory_is_answered_with_those_the_module_defines(adapter: Adapter) -> None:
    address = adapter(GOOD).replace(":make", ":mak")
    assert complaint(address).endswith("has no 'mak'. Its callables are: Mine, make.")
    assert "Its callables are: Mine, make." in complaint(address.replace(":mak", ":Mine.mak"))


@pytest.mark.parametrize("address", [":", "os:", ".os:getcwd", "os::getcwd", "a b:c", "os:get-cwd"])
def test_addresses(address: str) -> None:
    assert "an address is written package.module:factory." in complaint(address)


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "return None", "raise GeneratorExit"])
def test_the_command_ends_with_2_and_one_sentence(end: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(GOOD.replace("return Mine()", end), encoding="utf-8")
    arguments = ("run", "--butler", "mine:make")
    done = command(*arguments, folder=tmp_path, modules=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: --butler mine:make: its factory ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report").exists()


def test_no_name_at_all() -> None:
    assert complaint("").startswith("--butler '': no implementation of that name is installed.")


def test_lsst_butler_that_is_not_installed_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(lsst_daf_butler, "version", absent)
    load.cache_clear()
    assert complaint("lsst_daf_butler").endswith(
        "lsst-daf-butler is not installed; pip install 'butler-conformance[lsst]' "
        "(Python 3.11 to 3.13)."
    )


def test_lsst_butler_lacks_what_needs_the_stack_only_where_that_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lsst_daf_butler, "version", lambda name: "30.2026.4300")
    monkeypatch.setattr(lsst_daf_butler, "lacking_packages", dict)
    found: list[str] = []
    monkeypatch.setattr(lsst_daf_butler, "find_spec", lambda name: found.append(name))
    lacking = lsst_daf_butler.implementation().unsupported
    assert sorted(lacking) == ["display", "exposure", "source_catalog"]
    assert found == ["lsst.afw"]
    monkeypatch.setattr(lsst_daf_butler, "find_spec", lambda name: name)
    assert lsst_daf_butler.implementation().unsupported == {}


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [((), []), (("pandas",), ["data_frame"]), (("pyarrow",), ["data_frame", "parquet"])],
)
def test_tables_are_lacking_where_their_packages_are(
    monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], lacking: list[str]
) -> None:
    monkeypatch.setattr(capabilities, "find_spec", lambda name: None if name in missing else name)
    found = butler_core.implementation().unsupported
    assert sorted(found) == lacking
    assert {reason.removesuffix(" is not installed") for reason in found.values()} <= {
        "pandas",
        "pyarrow",
    }


def test_keyboard_interrupt_is_no_fault_of_an_adapter(adapter: Adapter) -> None:
    address = adapter(GOOD.replace("return Mine()", "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        load(address)
