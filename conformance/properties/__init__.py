"""Properties: laws of one's own, and a machine that drives an implementation and a model.

A law is a function in a file of ``properties`` in a suite folder. It is tried on many repositories
with chains, tags and datasets in them, which `Session` tells of:

>>> from conformance.properties import law
>>> @law("MY-01.a-list", "A list of one collection is that collection", reaches=("a chain",))
... def a_list(session, draw):
...     name, chain = draw(session.dataset_types()), draw(session.collections("CHAINED"))
...     session.equal(
...         f"set(butler.query_datasets({name!r}, [{chain!r}], explain=False))",
...         f"set(butler.query_datasets({name!r}, {chain!r}, explain=False))",
...     )

It fails with the shortest program of public calls that breaks it; and it is not run, which is no
pass, where its examples did not reach what it declares.
"""

from conformance.properties.law import Law, LawError, law
from conformance.properties.literal import literal
from conformance.properties.session import Draw, Session

__all__ = ["Draw", "Law", "LawError", "Session", "law", "literal"]
