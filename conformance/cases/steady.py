"""Texts that are the same in each run: no temporary folder, no identifier made by chance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.case import Outcome
from conformance.observation import ADDRESS

UUID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")


class Steady:
    """Replaces what chance made in texts.

    Parameters
    ----------
    folders
        Folder to the word that stands for it, such as ``<root>``.
    """

    def __init__(self, folders: Mapping[Path, str]) -> None:
        spelled = {str(form): word for path, word in folders.items() for form in _forms(path)}
        self._folders = dict(sorted(spelled.items(), key=lambda item: -len(item[0])))
        self._numbers: dict[str, int] = {}

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return an outcome with steady texts; UUIDs are numbered in the order of reading."""
        return replace(
            outcome,
            message=self.text(outcome.message),
            observations=tuple(
                replace(
                    seen,
                    what=self.text(seen.what),
                    expected=self.data(seen.expected),
                    observed=self.data(seen.observed),
                    detail=self.text(seen.detail),
                )
                for seen in outcome.observations
            ),
            texts={name: self.text(text) for name, text in outcome.texts.items()},
            output=self.text(outcome.output),
            warnings=tuple(map(self.text, outcome.warnings)),
            traceback=self.text(outcome.traceback),
        )

    def data(self, value: Any) -> Any:
        """Return plain data with steady texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value

    def text(self, text: str) -> str:
        """Return a steady text."""
        for folder, word in self._folders.items():
            text = text.replace(folder, word)
        return ADDRESS.sub("", UUID.sub(self._numbered, text))

    def _numbered(self, found: re.Match[str]) -> str:
        key = found[0].replace("-", "")
        return f"<uuid {self._numbers.setdefault(key, len(self._numbers) + 1)}>"


def _forms(path: Path) -> tuple[Path, Path]:
    return path, path.resolve()
