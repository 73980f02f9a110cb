"""The processes in which trials are made: they end with the caller, and tidy up."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from conformance.properties.bench import fast_folder
from conformance.proving.processes import Task, TrialError, results


def double(number: int) -> int:
    return 2 * number


def wait_in_a_folder(told: Path) -> None:
    with fast_folder(told.parent) as folder:
        told.write_text(str(folder))
        time.sleep(60)


def told_by(file: Path) -> str:
    while not (file.is_file() and file.read_text()):
        time.sleep(0.01)
    return file.read_text()


def test_each_task_has_a_result() -> None:
    tasks = [Task("", double, (number,)) for number in range(4)]
    assert sorted(results(tasks, 2)) == [0, 2, 4, 6]


def test_what_still_runs_ends_and_leaves_no_folder(tmp_path: Path) -> None:
    told = tmp_path / "told"
    tasks: list[Task[Any]] = [Task("a", wait_in_a_folder, (told,)), Task("b", double, (1,))]
    wanted = results(tasks, 2)
    assert next(wanted) == 2
    folder = Path(told_by(told))
    assert folder.is_dir()
    wanted.close()  # type: ignore[attr-defined]
    assert not folder.exists()


@pytest.mark.parametrize(
    ("function", "argument", "words"),
    [
        (os._exit, 3, "the trial of a ended its process with status 3"),
        (int, [], "the trial of a broke: TypeError: int"),
    ],
)
def test_a_task_without_a_result_is_told(function: Any, argument: Any, words: str) -> None:
    with pytest.raises(TrialError, match=words):
        list(results([Task("a", function, (argument,))], 1))
