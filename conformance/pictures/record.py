"""The record of an approved picture: what it shows, what drew it, and why it was approved."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from conformance.implementations import Marker
from conformance.pictures.figures import View
from conformance.pictures.numbers import Numbers

FORMAT = "butler-conformance golden image 1"
FLAT = re.compile(r"\[([^][{}]*)\]")
DECISIVE = ("matplotlib", "freetype", "machine")


class RecordError(ValueError):
    """A text is not the record of an approved picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is written down of an approved picture.

    Attributes
    ----------
    name
        The name of its two files, such as ``cell-11-pixels``.
    size
        Width and height of the picture in pixels.
    pixels
        SHA-256 of its pixels: red, green, blue, by rows from the top. Not of the file, whose
        bytes depend on who compresses it.
    drawn_by
        The implementation, its version, and the module of its display.
    drawn_with
        The versions of what decides about pixels: matplotlib, FreeType, the machine; and others.
    approved
        When: UTC, ISO 8601.
    reason
        Why.
    view
        The part of the parent image shown, where the picture is one of device pixels.
    inputs
        SHA-256 of the pixels and the mask of the file that is shown.
    numbers
        What the picture shows as numbers.
    """

    name: str
    size: tuple[int, int]
    pixels: str
    drawn_by: Mapping[str, str]
    drawn_with: Mapping[str, str]
    approved: str
    reason: str
    view: View | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    numbers: Numbers | None = None

    def to_text(self) -> str:
        """Return the record as JSON, with each list of numbers or words in a line."""
        data = {"format": FORMAT, **asdict(self)}
        data["view"] = list(self.view.limits) if self.view is not None else None
        if self.numbers is not None:
            data["numbers"]["markers"] = [list(astuple(one)) for one in self.numbers.markers]
        text = json.dumps(data, indent=2, ensure_ascii=False)
        return FLAT.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    text = (files(__package__) / "golden_image.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def from_text(text: str) -> Record:
    """Return the record in a JSON text.

    Raises
    ------
    RecordError
        Raised where it is none; the message says where.
    """
    import jsonschema

    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"line {error.lineno}: {error.msg}") from error
    wrong = jsonschema.Draft202012Validator(schema()).iter_errors(data)
    for one in sorted(wrong, key=lambda one: one.json_path):
        raise RecordError(f"{one.json_path}: {one.message}")
    del data["format"]
    size = (data["size"][0], data["size"][1])
    view = View(tuple(data["view"]), size) if data["view"] is not None else None
    return Record(**{**data, "size": size, "view": view, "numbers": _numbers(data["numbers"])})


def _numbers(data: Mapping[str, Any] | None) -> Numbers | None:
    if data is None:
        return None
    return Numbers(
        **{
            **data,
            "limits": tuple(data["limits"]),
            "extent": tuple(data["extent"]),
            "shown": tuple(data["shown"]),
            "markers": tuple(Marker(*marker) for marker in data["markers"]),
        }
    )


def surroundings() -> dict[str, str]:
    """Return the versions of what decides about the pixels of a whole picture, and of others."""
    import matplotlib
    import numpy as np
    from matplotlib import ft2font

    return {
        "matplotlib": matplotlib.__version__,
        "freetype": ft2font.__freetype_version__,
        "machine": platform.machine(),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def unlike(record: Record) -> str:
    """Return in what the surroundings differ from those of a record, in words; "" if in nothing.

    Text and the edges of lines come out otherwise with another matplotlib or FreeType, and on a
    processor that rounds otherwise.
    """
    here = surroundings()
    return ", ".join(
        f"{name} {record.drawn_with[name]}, and this is {here[name]}"
        for name in DECISIVE
        if record.drawn_with[name] != here[name]
    )
