"""Reading YAML so that the line of every entry is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.cases.mistakes import CaseFileError, Mistake

if TYPE_CHECKING:
    import yaml

Where: TypeAlias = tuple[str | int, ...]
"""Keys and places in lists that lead to an entry."""


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file, and where each piece is written.

    Attributes
    ----------
    path
        The file.
    data
        Plain data; keys of mappings are texts.
    lines
        The line of each key and of each item of a list, from 1.
    first_lines
        The line on which each text itself begins.
    """

    path: Path
    data: Any
    lines: dict[Where, int] = field(default_factory=dict)
    first_lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Sequence[str | int]) -> int:
        """Return the line of an entry, or of the nearest that holds it."""
        place = tuple(where)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """Read a file.

    Booleans are ``true`` and ``false`` alone, and a date is a text, as in YAML 1.2, which
    editors speak.

    Raises
    ------
    CaseFileError
        Raised where the file is not YAML, or a key stands twice in a mapping.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, _loader())
    except UnicodeDecodeError as error:
        raise CaseFileError([Mistake(path, 0, f"is not UTF-8: {error.reason}")]) from error
    except OSError as error:
        raise CaseFileError([Mistake(path, 0, f"cannot be read: {error.strerror}")]) from error
    except yaml.YAMLError as error:
        raise CaseFileError([_not_yaml(path, error)]) from error
    builder = _Builder(Document(path, None))
    data = builder.built(root, ()) if root is not None else None
    if builder.mistakes:
        raise CaseFileError(builder.mistakes)
    return Document(path, data, builder.document.lines, builder.document.first_lines)


class _Builder:
    """Turns the nodes of YAML into data, and keeps their lines."""

    def __init__(self, document: Document) -> None:
        import yaml

        self.document = document
        self.constructor = yaml.constructor.SafeConstructor()
        self.mistakes: list[Mistake] = []
        self._open: set[int] = set()

    def built(self, node: yaml.Node, where: Where) -> Any:
        import yaml

        self.document.lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            is_block = node.style in ("|", ">")
            self.document.first_lines[where] = node.start_mark.line + 1 + is_block
            return self._scalar(node)
        if id(node) in self._open:
            self._add(node, "an alias (*) stands inside what it names")
            return None
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.built(item, (*where, n)) for n, item in enumerate(node.value)]
            return self._mapping(node, where)
        finally:
            self._open.remove(id(node))

    def _mapping(self, node: yaml.Node, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node.value, str):
                self._add(key_node, "a key is a text, not a list or a mapping")
            elif key in found:
                self._add(key_node, f"{key!r} stands twice; the first would be lost")
            self.document.lines[*where, key] = key_node.start_mark.line + 1
            found[key] = self.built(value_node, (*where, key))
        return found

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        import yaml

        try:
            return self.constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            what = getattr(error, "problem", None) or str(error)
            self._add(node, f"{node.value!r} cannot be read: {what}")
            return None

    def _add(self, node: yaml.Node, text: str) -> None:
        self.mistakes.append(Mistake(self.document.path, node.start_mark.line + 1, text))


def _loader() -> Any:
    """Return the loader in C where there is one, without the words of YAML 1.1."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    replaced = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    kept = {
        letter: [(tag, pattern) for tag, pattern in found if tag not in replaced]
        for letter, found in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": kept})
    booleans = re.compile("^(?:true|True|TRUE|false|False|FALSE)$")
    loader.add_implicit_resolver("tag:yaml.org,2002:bool", booleans, list("tTfF"))
    return loader


def _not_yaml(path: Path, error: yaml.YAMLError) -> Mistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    hint = ""
    if "mapping values are not allowed" in problem:
        hint = "; a text with a colon in it stands in quotes"
    elif "cannot start any token" in problem or "alias" in problem or "expected <block" in problem:
        hint = "; a text that begins with @, `, %, *, &, quotes or brackets stands in quotes"
    return Mistake(path, mark.line + 1 if mark else 0, f"is not YAML: {problem}{hint}")
