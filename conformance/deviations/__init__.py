"""What is known of implementations that do otherwise than is required, and why it is borne.

Each has a file of its own here, or in the folder ``deviations`` of a suite of others: the name of
the implementation with ``.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("defect", "not yet", "by design")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Why an implementation does otherwise than a case requires.

    Attributes
    ----------
    kind
        ``defect``, ``not yet`` or ``by design``.
    reason
        A sentence that says what it does, and to whom that matters.
    versions
        The versions that do so, such as ``>=30.2026.4300``; or ``any``.
    link
        Where it is told of; empty where it is nowhere.
    place
        Where the entry is written: ``deviations/lsst_daf_butler.yaml:12``.
    """

    kind: str
    reason: str
    versions: str
    place: str
    link: str = ""
