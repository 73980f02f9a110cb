"""Zip files of datasets that one Butler makes and one takes in: both find what is in them."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor

FOUND = """
    found = sorted(
        butler.registry.queryDatasets("stats", collections="run/1"),
        key=lambda ref: (ref.dataId["visit"], ref.dataId["detector"]),
    )
"""
ZIPPED = f"""{FOUND}
    to = folder / "NAME"
    to.mkdir()
    butler.retrieve_artifacts_zip(found, str(to))
    butler.pruneDatasets(found, disassociate=False, unstore=True)
"""
INGESTED = """
    (path,) = (folder / "NAME").glob("*.zip")
    butler.ingest_zip(str(path), transfer="copy")
"""
REMOVED = f"""{FOUND}
    butler.pruneDatasets(found[SLICE], disassociate=False, unstore=True)
"""
DATA_IDS = (
    'dict(instrument="Cam", visit=visit, detector=detector) for visit in (1, 2)'
    " for detector in (1, 2)"
)
GOT = f'[butler.get("stats", one, collections="run/1") for one in ({DATA_IDS})]'
STORED = f"""[
    butler.stored(butler.find_dataset("stats", one, collections="run/1")) for one in ({DATA_IDS})
]"""
ZIP_FILES = 'len(list(root.glob("zips/*/*.zip")))'
CONTENTS = [{"seeing": 0.5 + visit / 8, "n": n} for visit in (1, 2) for n in (1, 2)]


def _passed_on(maker: Actor, taker: Actor) -> None:
    """Make a Zip file by one, ingest it by the other, look into it and remove it by both."""
    maker.does(ZIPPED.replace("NAME", "made"))
    taker.does(INGESTED.replace("NAME", "made"))
    for one in (maker, taker):
        one.sees(GOT, CONTENTS)
    maker.does(REMOVED.replace("SLICE", ":1"))
    taker.sees(STORED, [False, True, True, True])
    taker.does(REMOVED.replace("SLICE", "1:3"))
    maker.sees(ZIP_FILES, 1)
    maker.sees(STORED, [False, False, False, True])
    maker.does(REMOVED.replace("SLICE", "3:"))
    taker.sees(ZIP_FILES, 0)


@interop("ITP-18.made", "What A makes a Zip file of, and B takes in, both get")
def made(a: Actor, b: Actor) -> None:
    """Make a Zip file by A."""
    _passed_on(a, b)


@interop("ITP-18.taken", "What B makes a Zip file of, and A takes in, both get")
def taken(a: Actor, b: Actor) -> None:
    """Make a Zip file by B."""
    _passed_on(b, a)


@interop("ITP-18.retrieved", "Of what A has in a Zip file B makes files, and a Zip file anew")
def retrieved(a: Actor, b: Actor) -> None:
    """Ingest a Zip file by A, make another of its datasets by B, and ingest that by A."""
    a.does(ZIPPED.replace("NAME", "first"))
    a.does(INGESTED.replace("NAME", "first"))
    b.does(f"""{FOUND}
    (folder / "files").mkdir()
    butler.retrieveArtifacts(found, str(folder / "files"), transfer="copy")
    """)
    a.sees('len(list((folder / "files").rglob("*stats_*.yaml")))', 4)
    b.does(ZIPPED.replace("NAME", "second"))
    a.sees(ZIP_FILES, 0)
    a.does(INGESTED.replace("NAME", "second"))
    b.sees(GOT, CONTENTS)
    a.does(REMOVED.replace("SLICE", ":"))
    b.sees(ZIP_FILES, 0)
