"""Files of faults: those of the suite, those of others, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.faulty.catalogue import FaultError, faults, named

TWELVE = {
    "wrong_message",
    "find_first_takes_last",
    "chain_forgets_order",
    "removed_stays_in_tag",
    "rollback_leaves_file",
    "association_dropped",
    "zscale_of_astropy",
    "q_is_9",
    "source_lost",
    "mask_plane_lost",
    "image_flipped",
    "xy0_off_by_one",
}
OWN = """
from conformance.faults import fault

@fault("Nothing is found.", calls=["butler.find_dataset"], red=["FND-01"])
def {name}(real, *arguments, **keywords):
    return None
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "faults").mkdir()
    return tmp_path


def test_the_suite_has_its_faults_each_with_a_sentence_and_cases() -> None:
    found = faults()
    assert found.keys() >= TWELVE
    for one in found.values():
        assert one.red, one.place
        assert one.sentence.endswith("."), one.place
        assert one.place.startswith("faults/"), one.place


def test_one_file_adds_a_fault(folder: Path) -> None:
    text = OWN.format(name="finds_nothing") + "\nfrom conformance.faults.q_is_9 import q_is_9\n"
    (folder / "faults" / "own.py").write_text(text, encoding="utf-8")
    own = named("finds_nothing", [folder])
    assert (own.sentence, own.red, own.place) == (
        "Nothing is found.",
        ("FND-01",),
        "faults/own.py:4",
    )
    assert own.replacement("butler.find_dataset") is not None
    assert "finds_nothing" not in faults()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.format(name="q_is_9"), r"own\.py:4: q_is_9 is the name .* faults/q_is_9\.py:\d+ al"),
        ("x = 1\n", r"faults/own\.py declares no fault; write @fault"),
        ("\nimport no_such_module\n", r"faults/own\.py:2: ModuleNotFoundError: No module named"),
        ("x = 1\ndef (\n", r"faults/own\.py:2: SyntaxError: invalid syntax"),
        (
            OWN.format(name="own").replace("find_dataset", "datastore.get"),
            r"own\.py:\d: ValueError: faults/own\.py:4: a fault cannot change 'butler\.datastore",
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_line(text: str, words: str, folder: Path) -> None:
    (folder / "faults" / "own.py").write_text(text, encoding="utf-8")
    with pytest.raises(FaultError, match=words):
        faults([folder])


def test_a_fault_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(FaultError, match=r"--fault q-is-9: .*; did you mean 'q_is_9'\? Known: as"):
        named("q-is-9")
