"""Laws of expressions: what NOT, AND and OR make of the records that a condition chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.properties.law import law
from conformance.properties.literal import literal
from conformance.properties.session import Session

if TYPE_CHECKING:
    from conformance.strategies.conditions import Condition

_MORE = range(4, 8)  # detectors beside the three that each repository has
_CONDITIONS = 2  # in one repository, which takes longer to make than they take


def chosen(*conditions: Condition, join: str = "AND") -> str:
    """Return an expression for the detectors of a condition, or of several, sorted."""
    where = f" {join} ".join(
        f"({one.text})" if len(conditions) > 1 else one.text for one in conditions
    )
    bind = {name: value for one in conditions for name, value in one.bind.items()}
    arguments = f'"detector", instrument="Cam", where={literal(where)}'
    if bind:
        arguments += f", bind={literal(bind)}"
    return f"sorted(one.id for one in butler.query_dimension_records({arguments}, explain=False))"


def detectors(session: Session, draw: Any) -> list[dict[str, Any]]:
    """Insert some detectors, of some of which the raft is not known; return the fields of all."""
    from conformance.strategies.conditions import RAFTS

    known = [{"id": number, "full_name": f"chip {number}", "raft": None} for number in (1, 2, 3)]
    for number in _MORE:
        raft = draw(session.one_of(RAFTS))
        fields = {"id": number, "full_name": f"chip {number}", "raft": raft}
        given = {"instrument": "Cam", **{k: v for k, v in fields.items() if v is not None}}
        session.do(f'butler.registry.insertDimensionData("detector", {literal(given)})')
        known.append(fields)
    return known


@law(
    "LAW-12.whole",
    "NOT makes the rest, AND what both conditions choose, OR what one does",
    reaches=("an empty answer", "an answer that is not empty", "some of the records"),
)
def whole(session: Session, draw: Any) -> None:
    """Ask for what is known of all detectors."""
    from conformance.strategies.conditions import conditions, negated

    everything = [one["id"] for one in detectors(session, draw)]
    for _ in range(_CONDITIONS):
        one, other = draw(conditions(unknown=False)), draw(conditions(unknown=False))
        session.equal(f"sorted({chosen(one)} + {chosen(negated(one))})", literal(everything))
        session.equal(
            chosen(one, other), f"sorted(set({chosen(one)}).intersection({chosen(other)}))"
        )
        session.equal(
            chosen(one, other, join="OR"), f"sorted(set({chosen(one)}).union({chosen(other)}))"
        )
        if 0 < len(session.ask(chosen(one))) < len(everything):
            session.reached("some of the records")


@law(
    "LAW-12.as-python",
    "A condition chooses what it is true of, and not what it is unknown of",
    reaches=("an empty answer", "an answer that is not empty", "an unknown answer"),
)
def as_python(session: Session, draw: Any) -> None:
    """Hold the answers against the conditions in Python."""
    from conformance.strategies.conditions import conditions, negated

    everything = detectors(session, draw)
    for _ in range(_CONDITIONS):
        condition = draw(conditions())
        for one in (condition, negated(condition)):
            right = [fields["id"] for fields in everything if one.holds(fields)]
            session.equal(chosen(one), literal(right))
        if any(condition.holds(fields) is None for fields in everything):
            session.reached("an unknown answer")
