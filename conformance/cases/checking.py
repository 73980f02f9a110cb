"""Holding a file against its JSON Schema, and saying what is wrong as a person would."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cases.kinds import FIRST_LINES, names_schema
from conformance.cases.marked_yaml import Document, Where
from conformance.cases.mistakes import Mistake, suggestion
from conformance.cases.names import bound_names, free_names

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

SCHEMAS = {
    "cases": Path(__file__).with_name("case.schema.json"),
    "deviations": Path(__file__).parents[1] / "deviations" / "deviations.schema.json",
    "repositories": Path(__file__).parents[1] / "repositories" / "repository.schema.json",
    "requirements": Path(__file__).parents[1] / "requirements" / "requirement.schema.json",
}
LISTS = ("cases", "deviations", "requirements")
TYPES = {
    "array": "a list",
    "object": "a mapping",
    "string": "a text",
    "boolean": "true or false",
    "null": "nothing",
}


def structure(document: Document, kind: str) -> dict[Mistake, Where]:
    """Return what is wrong with the keys and values of a file, and in which entries.

    Parameters
    ----------
    document
        The file.
    kind
        One of `SCHEMAS`.
    """
    if kind in LISTS and document.data is None:
        return {}
    found = {
        Mistake(document.path, document.line(where), text): where
        for error in _validator(kind).iter_errors(document.data)
        for where, text in _told(error)
    }
    headed = kind in FIRST_LINES and document.path.suffix == ".yaml"
    if headed and not names_schema(document.path):
        text = f"the first line is `{FIRST_LINES[kind]}`, for editors and for pytest"
        found[Mistake(document.path, 1, text)] = ()
    return found


def python(
    document: Document, texts: Sequence[Where], mode: str, given: Sequence[str]
) -> list[Mistake]:
    """Return what is wrong with some pieces of Python of a file.

    Parameters
    ----------
    document
        The file.
    texts
        Where they are written.
    mode
        ``exec`` for statements, ``eval`` for an expression.
    given
        Names that are bound beforehand.
    """
    found = []
    for where in texts:
        text, name = _at(document.data, where), _name(where)
        try:
            tree = ast.parse(text.strip(), mode=mode)
        except (SyntaxError, ValueError) as error:
            line = document.first_lines.get(tuple(where), document.line(where))
            line += (getattr(error, "lineno", 1) or 1) - 1
            what = getattr(error, "msg", None) or str(error)
            kind = "a Python expression" if mode == "eval" else "Python"
            found.append(
                Mistake(document.path, line, f"{name} is not {kind}: {what}: {_cut(text)}")
            )
            continue
        line = document.line(where)
        found += [
            Mistake(document.path, line, f"{name}: {wrong}") for wrong in _unbound(tree, given)
        ]
    return found


def bound(document: Document, texts: Sequence[Where]) -> list[str]:
    """Return the names that some statements bind; those that are not Python bind none."""
    found: set[str] = set()
    for where in texts:
        try:
            found |= bound_names(ast.parse(_at(document.data, where).strip()))
        except (SyntaxError, ValueError):
            continue
    return sorted(found)


def _unbound(tree: ast.AST, given: Sequence[str]) -> Iterator[str]:
    for name in sorted(free_names(tree) - set(given)):
        if name in sys.stdlib_module_names:
            yield f"{name!r} is a module of Python; write the step `import {name}` before"
        elif name == "Path":
            yield "'Path' is of Python's library; write the step `from pathlib import Path` before"
        elif name[0].islower():
            yield f"no step binds {name!r}; {suggestion(name, given)}"


def _told(error: Any) -> Iterator[tuple[Where, str]]:
    """Yield where a `jsonschema.ValidationError` is, and what to write."""
    where: Where = tuple(error.absolute_path)
    schema = error.schema
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, dict) and "properties" in schema:
            for key in error.instance:
                if key not in schema["properties"]:
                    hint = suggestion(key, schema["properties"])
                    yield (*where, key), f"{key!r} is not a key of {schema['title']}; {hint}"
        case "required":
            for key in schema["required"]:
                if key not in error.instance:
                    yield where, f"{schema['title']} has no {key!r}; write {_example(schema, key)}"
        case "enum" if {"dialect", "capabilities"} & set(where):  # told with those there are
            return
        case "oneOf" if not isinstance(error.instance, dict):
            return
        case "oneOf":
            there = [key for key in ("value", "rows", "error") if key in error.instance]
            yield (
                (*where, there[1]) if there else where,
                f"a case has one of 'value', 'rows' and 'error'; this one has "
                f"{' and '.join(map(repr, there)) or 'none of them'}",
            )
        case "dependentRequired":
            yield (*where, "ordered"), "'ordered' is for 'rows'; this case has none"
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            text = (
                f"{error.instance!r} is no name of a spelling; write lower case, such as registry"
            )
            yield (*where, error.instance), text
        case _:
            yield where, f"{_name(where)} is {_cut(repr(error.instance))}; {_wanted(error)}"


def _wanted(error: Any) -> str:
    schema = error.schema
    example = f", such as {json.dumps(schema['examples'][0])}" if "examples" in schema else ""
    match error.validator:
        case "type":
            types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            words = " or ".join(TYPES.get(name, name) for name in types if name != "null")
            hint = "; one with a colon stands in quotes or after |" if words == "a text" else ""
            return f"write {words}{example}{hint if isinstance(error.instance, dict) else ''}"
        case "enum":
            return f"write {' or '.join(map(str, error.validator_value))}"
        case "maxLength":
            return f"{len(error.instance)} letters are too many, {error.validator_value} the most"
        case "minLength" | "minProperties":
            return f"it must not be empty{example}"
        case "uniqueItems":
            return "something stands twice"
        case _:
            return f"write one{example}" if example else str(error.message)


def _example(schema: Any, key: str) -> str:
    example = schema["properties"][key]["examples"][0]
    return f"`{key}: {example if isinstance(example, str) else json.dumps(example)}`"


def _name(where: Where) -> str:
    """Return an entry's name: ``'error.type'``, ``step 2``."""
    parts = list(where[1:] if where and isinstance(where[0], int) else where)
    if len(parts) == 2 and parts[0] == "steps" and isinstance(parts[1], int):
        return f"step {parts[1] + 1}"
    return repr(".".join(map(str, parts))) if parts else "this entry"


def _at(data: Any, where: Where) -> str:
    for part in where:
        data = data[part]
    return str(data)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"


@cache
def _validator(kind: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMAS[kind].read_text(encoding="utf-8")))
