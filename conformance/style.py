"""The style of the sentences of requirements and of the titles of cases."""

from __future__ import annotations

import re
from collections.abc import Iterator

SECOND_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
UNWANTED = {
    "should": "the level says that; write what holds",
    "must": "the level says that; write what holds",
    "shall": "the level says that; write what holds",
    "will": "write it in the present tense",
    "would have to": "write what holds",
    "test that": "write what holds, not what is tried",
    "tests that": "write what holds, not what is tried",
    "check that": "write what holds, not what is tried",
    "checks that": "write what holds, not what is tried",
    "verify": "write what holds, not what is tried",
    "verifies": "write what holds, not what is tried",
    "correctly": "say what is right",
    "properly": "say what is right",
    "as expected": "say what is expected",
}
"""Words that sentences and titles do without, and what to write instead."""


def faults_of_style(text: str, longest: int, *, is_sentence: bool) -> Iterator[str]:
    """Yield what is wrong with the style of a sentence or a title.

    Parameters
    ----------
    text
        The text.
    longest
        How many letters it may have.
    is_sentence
        Whether it ends with a full stop; a title does not.
    """
    what = "the sentence" if is_sentence else "the title"
    if not text[:1].isupper():
        yield f"{what} begins with {text[:1]!r}; begin it with a capital letter"
    if len(text) > longest:
        yield f"{what} has {len(text)} letters; say it in {longest}"
    if is_sentence and (not text.endswith(".") or text.endswith("..")):
        yield f"{what} ends with {text[-1:]!r}; end it with one full stop"
    if not is_sentence and text.endswith("."):
        yield f"{what} ends with a full stop; leave it out"
    if SECOND_SENTENCE.search(text):
        yield f"{what} is more than one; write one, and a requirement or case for the rest"
    if "  " in text or "\n" in text:
        yield f"{what} has spaces in a row or a new line; write one space"
    for word, instead in UNWANTED.items():
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            yield f"{what} says {word!r}; {instead}"
