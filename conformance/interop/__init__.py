"""Interop cases: two Butlers on the same repositories, A, which is judged, and B beside it.

A case is a function under `interop`, in a file of the folder ``interop``. It says who does what, as
text, in the order in which it happens::

    from conformance.interop import interop

    @interop("ITP-04.tagged", "What B tags is tagged for A")
    def tagged(a, b):
        b.does('butler.registry.associate("tag", butler.query_datasets("bias", "run/1"))')
        a.sees('len(butler.query_datasets("bias", "tag"))', 2)

At its end both must see the same of the repository, and its tables must hold the rows that A alone
leaves. With one Butler given A = B, and the cases are a check of them and of it.
"""

from conformance.interop.declaring import Story, StoryError, interop

__all__ = ["Story", "StoryError", "interop"]
