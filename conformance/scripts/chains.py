"""Collections: runs, chains and tags, made and changed."""

import sys

from lsst.daf.butler import Butler, CollectionType, MissingCollectionError
from lsst.daf.butler.registry import ConflictingDefinitionError

butler = Butler(sys.argv[1], writeable=True, instrument="Cam")
registry = butler.registry

print("# Chains")
butler.collections.register("u/me/chain", CollectionType.CHAINED)
butler.collections.redefine_chain("u/me/chain", ["run/2"])
print(butler.collections.get_info("u/me/chain").children)
butler.collections.extend_chain("u/me/chain", "run/1")
print(butler.collections.get_info("u/me/chain").children)
butler.collections.register("u/me/run")
butler.collections.prepend_chain("u/me/chain", "u/me/run")
print(butler.collections.get_info("u/me/chain").children)
butler.collections.prepend_chain("u/me/chain", ["run/1", "tag"])
print("again to the front:", butler.collections.get_info("u/me/chain").children)
butler.collections.remove_from_chain("u/me/chain", ["run/2", "u/me/run"])
print(butler.collections.get_info("u/me/chain").children)
registry.setCollectionChain("u/me/chain", ["run/2", "run/1"])
print(registry.getCollectionChain("u/me/chain"))

registry.registerCollection("u/me/defaults", CollectionType.CHAINED, doc="where I look")
registry.setCollectionChain("u/me/defaults", ["u/me/run", "u/me/chain", "calib"])
print(list(registry.queryCollections("u/me/defaults", flattenChains=True)))
print(list(registry.queryCollections("u/me/defaults", flattenChains=True, includeChains=True)))
print(sorted(registry.getCollectionParentChains("u/me/chain")))
print(registry.getCollectionDocumentation("u/me/defaults"))
registry.setCollectionDocumentation("u/me/defaults", "where I look first")
print(butler.collections.get_info("u/me/defaults").doc)

print("# What a chain finds")
search = butler.clone(collections="u/me/defaults")
print(search.get("bias", detector=1), search.find_dataset("stats", visit=2, detector=1).run)
ref = search.find_dataset("stats", visit=2, detector=1)
mine = butler.put({"mine": True}, "stats", ref.dataId, run="u/me/run")
print(search.get("stats", visit=2, detector=1), search.find_dataset("stats", ref.dataId) == mine)
refs = search.query_datasets("stats", where="visit = 2", order_by="detector")
print([(ref.dataId["detector"], ref.run) for ref in refs])
refs = search.query_datasets("stats", where="visit = 2 AND detector = 1", find_first=False)
print(sorted(ref.run for ref in refs))
for name in ("u/me/chain", "u/me/nowhere"):
    try:
        print(name, butler.collections.get_info(name).type.name)
    except MissingCollectionError:
        print(name, "is not there")
try:
    butler.collections.redefine_chain("u/me/chain", ["run/2", "u/me/defaults"])
except Exception as error:  # its type says that it is a cycle
    print(type(error).__name__, butler.collections.get_info("u/me/chain").children)

print("# Tags")
butler.collections.register("u/me/good", CollectionType.TAGGED)
refs = butler.query_datasets("stats", "run/1", where="detector = 1", order_by="visit")
registry.associate("u/me/good", refs)
print(
    [
        (ref.dataId["visit"], ref.run)
        for ref in butler.query_datasets("stats", "u/me/good", order_by="visit")
    ]
)
registry.associate("u/me/good", refs)
print("the second time:", len(butler.query_datasets("stats", "u/me/good")))
try:
    registry.associate("u/me/good", [mine])
except ConflictingDefinitionError:
    print("one of a data ID:", butler.get("stats", visit=2, detector=1, collections="u/me/good"))
registry.disassociate("u/me/good", refs[1:])
print([(ref.dataId["visit"], ref.run) for ref in butler.query_datasets("stats", "u/me/good")])
registry.associate("u/me/good", [mine])
print(sorted(ref.run for ref in butler.query_datasets("stats", "u/me/good")))
for association in sorted(registry.queryDatasetAssociations("stats", collections="u/me/good")):
    print(association.collection, association.ref.run, association.timespan)
