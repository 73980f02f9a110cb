"""Where an implementation does something else than it should."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from conformance.model import Refusal
from conformance.properties.literal import literal
from conformance.properties.readings import Reading

CALL = re.compile(r"\bbutler(\.\w+)+|\bButler\.\w+")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference between an implementation and what is required.

    Attributes
    ----------
    kind
        What differs: ``refusal``, ``error``, ``answer``, ``reading`` or ``law``.
    call
        The call that went wrong, or after which a reading is wrong.
    what, text
        What was looked at, in words and as source.
    expected, observed
        What should be and what is, as text that is the same in each run.
    check
        The lines that end a script: they raise where the implementation is wrong.
    compared
        For a law, the two expressions that should be equal.
    who
        The implementation that is wrong, where several act on one repository.
    """

    kind: str
    call: str
    what: str
    text: str
    expected: str
    observed: str
    check: str
    compared: tuple[str, str] = ("", "")
    who: str = ""

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """What a shorter program must show too, so that it does not show something else."""
        name = CALL.search(self.call)
        called = name[0] if name else ""
        if self.kind == "refusal":
            return (self.kind, called, self.expected)
        if self.kind == "error":
            return (self.kind, called, self.observed.partition(":")[0])
        return (self.kind, called) if self.kind == "answer" else (self.kind,)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        call = " ".join(self.call.split())
        subject = f"after {call}, {self.what}" if self.kind == "reading" else call
        right = f" as {self.compared[1]} gives" if self.compared[1] else ""
        who = f"{self.who}: " if self.who else ""
        return f"{who}{subject}: expected {self.expected}{right}, observed {self.observed}"


class DisagreementError(Exception):
    """Ends an example in which a disagreement was found."""

    def __init__(self, disagreement: Disagreement) -> None:
        super().__init__(disagreement.sentence)
        self.disagreement = disagreement


def of_error(call: str, observed: str) -> DisagreementError:
    """Return that a call raised which should not."""
    check = f"""try:
{_indented(call)}
except Exception as error:
    why = f"expected no error, but it raised {{type(error).__name__}}: {{error}}"
    raise AssertionError(why) from error
"""
    return DisagreementError(
        Disagreement("error", call, "the call", call, "no error", f"raised {observed}", check)
    )


def of_refusal(call: str, refusal: Refusal, observed: str) -> DisagreementError:
    """Return that a call did not raise what it should."""
    wanted = " or ".join(refusal.documented)
    check = f"""try:
{_indented(call)}
except Exception as error:
    classes = {{one.__name__ for one in type(error).__mro__}}
    why = f"raised {{type(error).__name__}}: {{error}}"
else:
    classes, why = set(), "was accepted"
assert classes & {literal(set(refusal.documented))}, f"expected {wanted}, but it {{why}}"
"""
    expected = f"{wanted} ({refusal})"
    return DisagreementError(
        Disagreement("refusal", call, "the call", call, expected, observed, check)
    )


def of_answer(call: str, expected: object, observed: str) -> DisagreementError:
    """Return that a call answered something else than the model."""
    check = _assertion(call, expected)
    return DisagreementError(
        Disagreement("answer", call, "its answer", call, literal(expected), observed, check)
    )


def of_reading(call: str, reading: Reading, observed: str) -> DisagreementError:
    """Return that something is read otherwise than from the model."""
    check = _assertion(reading.text, reading.expected)
    return DisagreementError(
        Disagreement(
            "reading", call, reading.what, reading.text, literal(reading.expected), observed, check
        )
    )


def of_law(left: str, right: str, expected: str, observed: str) -> DisagreementError:
    """Return that two expressions differ which a law says are equal."""
    check = f"""observed = {left}
expected = {right}
assert observed == expected, f"observed {{observed}}, expected {{expected}}"
"""
    return DisagreementError(
        Disagreement(
            "law",
            left,
            f"what should equal {right}",
            left,
            expected,
            observed,
            check,
            (left, right),
        )
    )


def _assertion(text: str, expected: object) -> str:
    return f"""observed = {text}
expected = {literal(expected)}
assert observed == expected, f"observed {{observed}}, expected {{expected}}"
"""


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")
