"""Laws of searching: chains, first matches, constraints and orders."""

from __future__ import annotations

from typing import Any

from conformance.properties.law import law
from conformance.properties.literal import literal
from conformance.properties.session import Session


def named(query: str) -> str:
    """Return an expression for the names of the datasets of a query, sorted."""
    return f"sorted(names[ref.id] for ref in {query})"


def query(dataset_type: str, collections: object, *more: str) -> str:
    """Return a query that may find nothing."""
    arguments = [literal(dataset_type), literal(collections), *more, "explain=False"]
    return f"butler.query_datasets({', '.join(arguments)})"


@law(
    "LAW-02.first-match",
    "A chain finds what the first of its members finds that finds anything",
    reaches=("a chain three deep", "a match that hides another"),
)
def first_match(session: Session, draw: Any) -> None:
    """Search the members one by one, for a data ID that a chain mostly has."""
    name, chain = draw(session.dataset_types()), draw(session.collections("CHAINED"))
    held = [one.data_id for one in session.model.members(chain, name)]
    data_id = draw(session.one_of(held) if held else session.data_ids(name))
    found = f"butler.find_dataset({literal(name)}, {literal(data_id)}, collections="
    shown = "[names[ref.id] for ref in [{}] if ref]"
    members = f"butler.collections.query({literal(chain)}, flatten_chains=True)"
    session.equal(
        shown.format(f"{found}{literal(chain)})"),
        f"{shown.format(f'{found}one) for one in {members}')}[:1]",
    )
    if held.count(data_id) > 1:
        session.reached("a match that hides another")


@law(
    "LAW-03.unrelated-run",
    "A run that nothing refers to changes no answer about what was there",
    reaches=("a chain three deep", "two datasets"),
)
def unrelated_run(session: Session, draw: Any) -> None:
    """Make a run with a dataset of the same type and data ID as another."""
    name = draw(session.dataset_types())
    data_id = draw(session.data_ids(name))
    with session.unchanged(lists=False):
        session.do('butler.collections.register("unrelated", CollectionType.RUN)')
        inserted = f"{literal(name)}, [{literal(data_id)}]"
        session.do(f'butler.registry.insertDatasets({inserted}, run="unrelated")')


@law(
    "LAW-04.values-divide",
    "The datasets of all values of a dimension are all, and none twice",
    reaches=("two datasets", "an empty answer", "an answer that is not empty"),
)
def values_divide(session: Session, draw: Any) -> None:
    """Ask for each value that has a record."""
    name = draw(session.dataset_types())
    collection = draw(session.collections("RUN", "TAGGED"))
    *others, last = session.model.dataset_types[name].required
    values = session.model.records.keys(last)
    fixed = [f"{one}={literal(session.model.records.keys(one)[0])}" for one in others]
    divided = query(name, collection, "find_first=False", *fixed, f"{last}=value")
    session.equal(
        f"sorted(names[ref.id] for value in {literal(values)} for ref in {divided})",
        named(query(name, collection, "find_first=False")),
    )


@law(
    "LAW-05.limit",
    "An ordered query with a limit gives the beginning of the whole",
    reaches=("a chain", "an answer that is not empty", "a limit below the number of answers"),
)
def limit(session: Session, draw: Any) -> None:
    """Order by the dimension in which the data IDs differ."""
    name, collection = draw(session.dataset_types()), draw(session.collections())
    last = session.model.dataset_types[name].required[-1]
    order = f"order_by={literal(draw(session.one_of([last, f'-{last}'])))}"
    most = draw(session.one_of([0, 1, 2]))
    listed = "[names[ref.id] for ref in {}]"
    session.equal(
        listed.format(query(name, collection, order, f"limit={most}")),
        f"{listed.format(query(name, collection, order))}[:{most}]",
    )
    if most < len(session.model.query(name, [collection])):
        session.reached("a limit below the number of answers")


@law(
    "LAW-06.one-collection",
    "In one run or tagged collection the first matches are all datasets",
    reaches=("a tagged dataset", "an empty answer", "an answer that is not empty"),
)
def one_collection(session: Session, draw: Any) -> None:
    """Search with and without find_first."""
    name = draw(session.dataset_types())
    collection = draw(session.collections("RUN", "TAGGED"))
    session.equal(
        named(query(name, collection, "find_first=True")),
        named(query(name, collection, "find_first=False")),
    )


@law(
    "LAW-07.chain-as-list",
    "A search in a chain is one in the list of its members, in order",
    reaches=("a chain three deep", "a first match that hides another", "an empty answer"),
)
def chain_as_list(session: Session, draw: Any) -> None:
    """Name what is in a chain instead of the chain."""
    name, chain = draw(session.dataset_types()), draw(session.collections("CHAINED"))
    members = session.ask(f"list(butler.collections.query({literal(chain)}, flatten_chains=True))")
    session.equal(named(query(name, chain)), named(query(name, members)))


@law(
    "LAW-08.spellings",
    "The Butler and its registry answer the same question alike",
    reaches=("a chain", "an empty answer", "an answer that is not empty"),
)
def spellings(session: Session, draw: Any) -> None:
    """Ask both."""
    name, collection = draw(session.dataset_types()), draw(session.collections())
    arguments = f"{literal(name)}, collections={literal(collection)}, findFirst=True"
    session.equal(
        named(f"butler.registry.queryDatasets({arguments})"),
        named(query(name, collection, "find_first=True")),
    )
