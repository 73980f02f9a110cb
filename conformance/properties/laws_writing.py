"""Laws of writing: what lasts, what is undone, and what makes no difference."""

from __future__ import annotations

from typing import Any

from conformance.properties.law import law
from conformance.properties.literal import literal
from conformance.properties.session import Session

FILES = "sorted(one.name for one in root.rglob('*') if one.is_file())"


@law(
    "LAW-09.reopening",
    "A Butler that is opened anew answers as before",
    reaches=("a chain three deep", "a tagged dataset", "two datasets"),
)
def reopening(session: Session, draw: Any) -> None:
    """Close the Butler, and open another."""
    with session.unchanged():
        session.do("butler.close()")
        session.do("butler = Butler.from_config(root, writeable=True)")


@law(
    "LAW-10.rollback",
    "What is done in a transaction that fails leaves neither rows nor files",
    reaches=("a chain", "two datasets"),
)
def rollback(session: Session, draw: Any) -> None:
    """Put, tag and make collections, and then raise."""
    name, label = draw(session.dataset_types()), draw(session.labels())
    data_id = draw(session.data_ids(name))
    session.do(f"files = {FILES}")
    with session.unchanged():
        session.do(f"""with suppress(InterruptedError), butler.transaction():
    butler.collections.register("undone", CollectionType.RUN)
    butler.collections.register("tag", CollectionType.TAGGED)
    butler.put({{"is": "undone"}}, {literal(name)}, {literal(data_id)}, run="undone")
    butler.registry.associate("tag", [{label}])
    raise InterruptedError("on purpose")""")
    session.equal(FILES, "files")


@law(
    "LAW-11.tagged-again",
    "Associating datasets with a collection that has them changes nothing",
    reaches=("a chain", "a tagged dataset", "several at once"),
)
def tagged_again(session: Session, draw: Any) -> None:
    """Associate all that is in a tagged collection once more, in another order."""
    tag = draw(session.collections("TAGGED"))
    labels = [one.label for one in session.model.datasets.members(tag)]
    first = draw(session.one_of(labels))
    refs = ", ".join([*(one for one in reversed(labels) if one != first), first])
    with session.unchanged():
        session.do(f"butler.registry.associate({literal(tag)}, [{refs}])")
    if len(labels) > 1:
        session.reached("several at once")
