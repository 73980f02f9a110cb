"""The tour of the command line that the README gives, taken."""

from __future__ import annotations

import glob
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from butler_core import Butler
from butler_core.cli import main
from conformance.repository import CaseRepository
from conformance.selftest.documented import example


def test_the_tour_can_be_taken(
    tmp_path: Path, conformance_repository: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(conformance_repository.folder, tmp_path / "DEST")
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(command) for command in example("The command line").commands]
    assert len(commands) == 12
    said = {}
    for program, *given in commands:
        assert program == "butler-core"
        arguments = [one for text in given for one in glob.glob(text) or [text]]  # noqa: PTH207
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{arguments}: {result.output}"
        said[arguments[0]] = result.stdout
    assert "No files are missing." in said["summary"]
    assert said["query-datasets"].count("shared/ci_hsc_output") == 5
    assert said["query-data-ids"].count('"visit"') == 11
    assert said["collection-chain"] == "[shared/ci_hsc_output, calib/hsc]\n"
    assert "calexp(2)" in said["remove-runs"]
    with Butler("other") as butler:
        assert butler.collections.query("*") == ["best", "shared/ci_hsc_output"]
        refs = butler.query_datasets("calexp", "shared/ci_hsc_output")
        assert [butler.getURI(ref).fragment != "" for ref in refs] == [True, True]
        assert all(butler.stored_many(refs).values())
