"""Labels of repositories, from the index that the environment names."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import RepositoryIndexError

__all__ = ["FILE_VARIABLE", "TEXT_VARIABLE", "labelled_repositories"]

FILE_VARIABLE = "DAF_BUTLER_REPOSITORY_INDEX"
"""The environment variable with the place of an index file."""

TEXT_VARIABLE = "DAF_BUTLER_REPOSITORIES"
"""The environment variable with an index itself."""


def labelled_repositories() -> Mapping[str, str]:
    """Return the repositories that have a label, as paths or URIs.

    An index maps labels to repositories, in YAML or JSON. It is read each
    time, so that a long process sees the index of today.

    Returns
    -------
    repositories : `~collections.abc.Mapping` [ `str`, `str` ]
        The repositories, none if the environment names no index.

    Raises
    ------
    RepositoryIndexError
        If it names two, or one that cannot be read.
    """
    file, text = os.environ.get(FILE_VARIABLE), os.environ.get(TEXT_VARIABLE)
    if file and text:
        raise RepositoryIndexError(
            f"the environment has two indexes of repositories, in {FILE_VARIABLE} and in"
            f" {TEXT_VARIABLE}: unset one"
        )
    if text:
        return _read(text, TEXT_VARIABLE)
    if file:
        return _read(_text_of(file), f"{file}, which {FILE_VARIABLE} names,")
    return {}


def _text_of(file: str) -> str:
    from .datastore.locations import local_path

    local = local_path(file) if "://" in file else file
    if local is None:
        raise RepositoryIndexError(
            f"the index of repositories is {file}, which {FILE_VARIABLE} names; butler_core reads"
            " local files alone"
        )
    path = Path(local).expanduser()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RepositoryIndexError(
            f"the index of repositories, {path}, which {FILE_VARIABLE} names, cannot be read:"
            f" {getattr(error, 'strerror', None) or error}"
        ) from error


def _read(text: str, place: str) -> Mapping[str, str]:
    found = _parsed(text, place)
    if not isinstance(found, dict) or not all(
        isinstance(one, str) for pair in found.items() for one in pair
    ):
        raise RepositoryIndexError(
            f"the index of repositories in {place} must have a line such as 'dp1: /repo/dp1' for"
            f" each, not {str(found)[:60]!r}"
        )
    return found


def _parsed(text: str, place: str) -> Any:
    import yaml

    try:
        return json.loads(text)
    except ValueError:
        pass  # most are YAML, of which JSON with tabs is none
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise RepositoryIndexError(
            f"the index of repositories in {place} is neither YAML nor JSON{where}: {problem}"
        ) from error
