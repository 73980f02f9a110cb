"""Numbers of numpy in structured data."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from butler_core.datastore.formatters.json import JsonFormatter
from butler_core.datastore.formatters.numpy_values import without_numpy
from butler_core.datastore.formatters.yaml import YamlFormatter
from butler_core.storage_class import StorageClassFactory

DICT = StorageClassFactory()["StructuredDataDict"]
NUMBERS: dict[str, Any] = {
    "x": np.float64(3.5),
    "y": [np.int64(3), {"z": np.float32(0.1)}],
    "t": (np.bool_(True), np.str_("é")),
    "n": None,
}


@pytest.mark.parametrize("kind", [YamlFormatter, JsonFormatter])
def test_numbers_of_numpy_become_plain(kind: Any, tmp_path: Path) -> None:
    path = tmp_path / "a"
    kind(DICT).write(NUMBERS, path)
    back = kind(DICT).read(path)
    assert back == {
        "x": 3.5,
        "y": [3, {"z": float(np.float32(0.1))}],
        "t": [True, "é"],
        "n": None,
    }
    assert [type(back["x"]), type(back["y"][0]), type(back["t"][0])] == [float, int, bool]
    assert type(NUMBERS["x"]) is np.float64


def test_a_key_of_numpy_becomes_plain(tmp_path: Path) -> None:
    YamlFormatter(DICT).write({np.int64(25): 1}, tmp_path / "a")
    assert (tmp_path / "a").read_text() == "25: 1\n"


def test_a_structure_without_numpy_is_left_alone() -> None:
    shared = [1.5, "x"]
    structure = {"a": shared, "b": shared, "c": OrderedDict()}
    assert without_numpy(structure) is structure
    loop: list[Any] = []
    loop.append(loop)
    assert without_numpy(loop) is loop


@pytest.mark.parametrize("kind", [YamlFormatter, JsonFormatter])
@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (np.zeros(2), r"at \['a'\]\[1\]\['x'\] is an array of shape \(2,\); .*tolist"),
        (np.complex128(1j), r"at \['a'\]\[1\]\['x'\] .*float\(\.\.\.\)"),
        (np.datetime64("2013-11-02"), r"at \['a'\]\[1\]\['x'\] .*str\(\.\.\.\)"),
        (object(), r"at \['a'\]\[1\]\['x'\] is of type object: .*float\(\.\.\.\), str\(\.\.\.\)"),
        (1j, r"at \['a'\]\[1\]\['x'\] is of type complex: "),
    ],
)
def test_what_cannot_be_written_is_named_with_its_place(
    kind: Any, value: object, advice: str, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=advice):
        kind(DICT).write({"a": [1, {"x": value}]}, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_json_names_what_yaml_could_hold(tmp_path: Path) -> None:
    YamlFormatter(DICT).write({"s": b"x"}, tmp_path / "a")
    with pytest.raises(TypeError, match=r"at \['s'\] is of type bytes"):
        JsonFormatter(DICT).write({"s": b"x"}, tmp_path / "b")
