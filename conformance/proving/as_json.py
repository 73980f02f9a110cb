"""A proof as data, for a report; its form is ``proof.schema.json`` beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.proving import FaultProof, Proof

VERSION = 1


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a proof."""
    text = Path(__file__).with_name("proof.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def as_json(proof: Proof) -> dict[str, Any]:
    """Return a proof as plain data."""
    return {
        "schema_version": VERSION,
        "implementation": proof.implementation,
        "version": proof.version,
        "profile": proof.profile,
        "seed": proof.seed,
        "cases": proof.cases,
        "left_out": proof.left_out,
        "requirements": {
            "with_a_case": len(proof.requirements),
            "untouched": list(proof.untouched),
        },
        "faults": [_fault(one) for one in proof.faults],
    }


def _fault(proof: FaultProof) -> dict[str, Any]:
    return {
        "name": proof.fault.name,
        "sentence": proof.fault.sentence,
        "place": proof.fault.place,
        "verdict": proof.verdict,
        "tried": proof.tried,
        "red": [{"case": case, "message": message} for case, message in proof.red.items()],
        "missing": list(proof.missing),
        "more": list(proof.more),
        "broken": list(proof.broken),
        "unknown": list(proof.unknown),
        "seconds": round(proof.seconds, 3),
    }
