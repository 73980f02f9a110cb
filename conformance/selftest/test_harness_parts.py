"""The smaller parts of the harness: observations, cells, requirements, loading, oracles."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from conformance.execution import execute
from conformance.implementations import DIALECTS, Implementation, ImplementationError
from conformance.implementations.capabilities import CAPABILITIES
from conformance.implementations.loading import load, names
from conformance.notebook import cells, facts, steps
from conformance.notebook.judging import judge_of
from conformance.observation import Checks, plain
from conformance.oracles.zscale import asinh_stretch, zscale_limits
from conformance.recorder import command_line
from conformance.report.highlight import python_html
from conformance.repository import RepositoryNotFoundError, build_once, locate
from conformance.selftest import fakes
from conformance.selftest.fakes import Fake


def test_checks_record_success_and_failure_alike() -> None:
    check = Checks()
    assert check.equal("same", lambda: {1, 2}, {2, 1})
    assert not check.equal("other", lambda: {1, 3}, {1, 2})
    assert not check.equal("raising", lambda: [][0], 1)
    assert not check.close("numbers", lambda: [1.0, 2.1], [1.0, 2.0], 1e-6)
    assert check.holds("even", lambda: 4, "an even number", lambda n: n % 2 == 0)
    assert [seen.passed for seen in check.observations] == [True, False, False, False, True]
    other = check.observations[1]
    assert (other.expected, other.observed) == ([1, 2], [1, 3])
    assert other.detail == "1 missing: 2; 1 unexpected: 3"
    check.equal("pairs", lambda: {"a": 1, "b": 2, "d": 4}, {"a": 1, "b": 3, "c": 4})
    assert check.failures[-1].detail == "b is 2, not 3; c is missing, not 4; d is 4, not expected"
    assert "raised IndexError" in check.observations[2].observed


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(1.5), 1.5),
        (np.int32(7), 7),
        (math.nan, "nan"),
        ({"b", "a"}, ["a", "b"]),
        ({(2, 1), (1, 9)}, [[1, 9], [2, 1]]),
        ({1: (2,)}, {"1": [2]}),
    ],
)
def test_plain_data(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_plain_hides_addresses() -> None:
    assert " at 0x" not in plain(object())


def test_cells_are_read_with_their_needs() -> None:
    found = cells.parse('# %% 1\nimport os\n\n# %% 4 needs="1"\n\nos.sep\n')
    assert found[4] == cells.Cell(4, (1,), "os.sep")
    with pytest.raises(ValueError, match="two cells have the number 1"):
        cells.parse("# %% 1\n# %% 1\n")
    with pytest.raises(ValueError, match="does not come before"):
        cells.parse('# %% 1 needs="2"\n# %% 2\n')


def test_execution_is_a_notebooks() -> None:
    done = execute("print(x)\ny = x + 1\ny", {"x": 1}, "cell")
    assert (done.value, done.output, done.names["y"]) == (2, "1\n", 2)
    logged = execute("import sys\nprint('late', file=sys.stderr)", {}, "cell")
    assert (logged.output, logged.errors) == ("", "late\n")
    failed = execute("def f():\n    return 1 / 0\n\nf()", {}, "cell")
    assert isinstance(failed.error, ZeroDivisionError)
    assert "return 1 / 0" in failed.traceback
    assert "execution.py" not in failed.traceback
    left = execute("raise SystemExit(3)", {}, "cell")
    assert isinstance(left.error, SystemExit)
    other = execute("class Own(BaseException): ...\n\nraise Own('left')", {}, "cell")
    assert repr(other.error) == "Own('left')"
    with pytest.raises(KeyboardInterrupt):
        execute("raise KeyboardInterrupt", {}, "cell")
    warned = execute("import warnings\nwarnings.warn('careful')", {}, "cell")
    assert warned.warnings == ("UserWarning: careful",)


def test_the_notebook_has_17_judged_and_5_set_up_steps() -> None:
    assert [step.number for step in steps.STEPS] == list(range(1, 23))
    assert sum(step.judged for step in steps.STEPS) == 17
    assert [step.number for step in steps.STEPS if not step.judged] == [1, 2, 3, 12, 19]
    w_2020_03 = [case for case in steps.case_ids() if case.endswith("w_2020_03")]
    assert len(w_2020_03) == 22
    assert {step.id for step in steps.STEPS} - {
        case.split(".")[0] for case in steps.case_ids() if case.endswith("current")
    } == {"NB-04"}


def test_each_judged_case_has_a_judge_and_known_capabilities() -> None:
    for case in steps.cases(fakes.perfect()):
        assert case.capabilities <= set(CAPABILITIES)
        if case.judged:
            assert callable(judge_of(case.step or 0, case.dialect))


def test_facts_add_up() -> None:
    assert len(facts.DATASET_TYPES) == len({known.name for known in facts.DATASET_TYPES}) == 53
    assert len(facts.COMPONENT_NAMES) == 132
    assert len(facts.VISIT_DETECTORS) == 33
    assert facts.FIRST_SOURCE_ID == 775958091962253313


def test_butler_core_is_found_by_name_and_by_address() -> None:
    assert "butler_core" in names()
    for name in ("butler_core", "conformance.implementations.butler_core:implementation"):
        found = load(name)
        assert isinstance(found, Implementation)
        assert found.name == "butler_core"
        assert set(found.dialects) == set(DIALECTS)


def test_butler_core_makes_and_opens_repositories(tmp_path: Path) -> None:
    butler_core = load("butler_core")
    butler_core.make_repository(tmp_path / "repo")
    with butler_core.open(tmp_path / "repo", writeable=True) as butler:
        butler.collections.register("u/someone")
    with butler_core.open(tmp_path / "repo", collections="u/someone") as butler:
        assert list(butler.collections.defaults) == ["u/someone"]


class NotAnImplementation:
    """It has a name, and nothing else."""

    name = "half"


def unknown_capability() -> Fake:
    return fakes.fake("other", unsupported={"telepathy": "not yet"})


def unknown_dialect() -> Fake:
    return Fake("other", {"w_2019": fakes.perfect().dialects["current"]})


NOT_CALLABLE = 3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", "no implementation of that name is installed"),
        (":x", "an address is written package.module:factory"),
        (f"{__name__}:NotAnImplementation", "lacks version, dialects, unsupported"),
        (f"{__name__}:NOT_CALLABLE", "is of type int, not a factory"),
        (f"{__name__}:unknown_capability", "names telepathy, which no case needs"),
        (f"{__name__}:unknown_dialect", "not 'w_2019' to"),
    ],
)
def test_errors_of_loading_teach(name: str, words: str) -> None:
    with pytest.raises(ImplementationError, match=re.escape(words)):
        load(name)


def test_the_size_of_a_repository_is_read_from_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "DATA" / "shared/ci_hsc_output/calexp/r/HSC-R/903338"
    path = folder / "calexp_r_HSC-R_903338_25_HSC_shared" / "ci_hsc_output.fits"
    path.parent.mkdir(parents=True)
    (tmp_path / "DATA" / "butler.yaml").touch()
    for shape, size in ((facts.QUARTER.shape, facts.QUARTER), (facts.FULL.shape, facts.FULL)):
        pixels = fits.CompImageHDU(np.zeros(shape, dtype=np.uint8))
        fits.HDUList([fits.PrimaryHDU(), pixels]).writeto(path, overwrite=True)
        assert locate(tmp_path).size == size
        assert locate(tmp_path / "DATA") == locate(tmp_path)
    with pytest.raises(RepositoryNotFoundError, match=r"holds no DATA/butler\.yaml"):
        locate(tmp_path / "elsewhere")


def test_a_repository_is_built_once(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()

    assert build_once(tmp_path / "it", make) == build_once(tmp_path / "it", make)
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_failed_build_leaves_nothing_and_another_tries_again(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        folder.mkdir()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        build_once(tmp_path / "it", fail)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "it.claim").mkdir()
    with pytest.raises(TimeoutError, match="another process claims"):
        build_once(tmp_path / "it", Path.mkdir, patience=0.0)


def test_zscale_of_a_ramp_is_the_ramp() -> None:
    """Of a linear ramp nothing is rejected, and a contrast of 1 shows just the sampled values."""
    ramp = np.arange(400, dtype=np.float32).reshape(20, 20)
    lower, upper = zscale_limits(ramp, contrast=1.0)
    assert lower == pytest.approx(0.5)
    assert upper == pytest.approx(399.0)
    assert zscale_limits(ramp) == (0.0, 399.0)


def test_zscale_leaves_out_what_is_not_finite_and_rejects_stars() -> None:
    numbers = np.random.default_rng(1)
    sky = numbers.normal(0.0, 10.0, (300, 300)).astype(np.float32)
    lower, upper = zscale_limits(sky)
    sky[10:13, :] = np.nan
    sky[150:160, 150:160] = 1e6
    again = zscale_limits(sky)
    assert again[0] == pytest.approx(lower, rel=0.01)
    assert upper <= again[1] < 100.0
    with pytest.raises(ValueError, match="no pixel of the image is finite"):
        zscale_limits(np.full((10, 10), np.nan, dtype=np.float32))


def test_asinh_passes_through_a_tenth() -> None:
    """By construction of the stretch; white is reached 95.02 times the range above the minimum."""
    shown = asinh_stretch(np.array([-5.0, 0.0, 10.0, 100.0, 9502.0, 1e9]), 0.0, 100.0)
    assert shown == pytest.approx([0.0, 0.0, 0.1, 0.37895, 1.0, 1.0], abs=1e-5)


def test_command_lines_hold_no_credentials() -> None:
    line = command_line(["/usr/bin/tool", "--db", "postgresql://me:secret@host/db", "a b"])
    assert line == "tool --db postgresql://***@host/db 'a b'"


def test_highlighted_code_is_escaped_and_whole() -> None:
    code = "for x in 'a<b':  # why\n    print(f\"{x}\", 3)\n"
    marked = python_html(code)
    assert '<span class="k">for</span>' in marked
    assert "<b" not in marked
    text = re.sub(r"<[^>]+>", "", marked)
    assert text.replace("&lt;", "<").replace("&#x27;", "'").replace("&quot;", '"') == code
    assert python_html("f(") == "f("
