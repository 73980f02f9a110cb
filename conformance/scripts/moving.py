"""Move datasets between repositories: by an export, directly, and as plain files."""

import sys
import tempfile
from pathlib import Path

from lsst.daf.butler import Butler

butler = Butler(sys.argv[1], collections="run/1", instrument="Cam")


def contents(butler):
    """Return how many datasets of which type a repository has in which run."""
    found = {}
    for run in sorted(butler.collections.query("run/*")):
        for ref in butler.query_all_datasets(run):
            key = f"{ref.datasetType.name} in {run}"
            found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items()))


with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)

    print("# An export")
    refs = butler.query_datasets("stats", where="visit = 1")
    exported = folder / "exported"
    exported.mkdir()
    with butler.export(directory=exported, filename="export.yaml", transfer="copy") as export:
        export.saveDatasets(refs)
        export.saveDatasets(butler.query_datasets("bias", collections="calib", find_first=False))
        export.saveDataIds(butler.query_data_ids(["detector"], with_dimension_records=True))
        for collection in ("tag", "calib"):
            export.saveCollection(collection)
    print(sorted(path.name for path in exported.rglob("*.yaml")))

    print("# An import")
    Butler.makeRepo(folder / "second")
    second = Butler(folder / "second", writeable=True)
    second.import_(directory=exported, filename="export.yaml", transfer="copy")
    print(contents(second))
    print([second.get(ref) for ref in sorted(refs)])
    print(sorted(second.collections.query("*")))
    print([record.name for record in second.query_dimension_records("visit", instrument="Cam")])
    print("in the tag:", [ref.dataId["visit"] for ref in second.query_datasets("stats", "tag")])

    print("# An export that refers to the files where they are")
    with butler.export(filename=str(folder / "links.yaml")) as export:
        export.saveDatasets(butler.query_datasets("coadd"), elements=["skymap", "tract", "patch"])
    third_root = folder / "third"
    Butler.makeRepo(third_root)
    third = Butler(third_root, writeable=True)
    third.import_(directory=sys.argv[1], filename=str(folder / "links.yaml"), transfer="copy")
    data_id = {"skymap": "sky", "tract": 0, "patch": 0, "band": "r"}
    print(contents(third), third.get("coadd", data_id, collections="run/1"))

    print("# From one Butler to the other")
    refs = butler.query_datasets("stats", where="visit = 2")
    done = third.transfer_from(
        butler, refs, transfer="copy", register_dataset_types=True, transfer_dimensions=True
    )
    print(len(done), contents(third))
    print(sorted(third.get(ref)["n"] for ref in refs))
    done = third.transfer_from(
        butler, refs, transfer="auto", register_dataset_types=True, transfer_dimensions=True
    )
    print("the second time:", contents(third))
    raws = butler.query_datasets("raw")
    done = third.transfer_from(
        butler, raws, skip_missing=True, register_dataset_types=True, transfer_dimensions=True
    )
    print("what has no file:", len(done), third.collections.query("run/*"))

    print("# Plain files")
    plain = folder / "plain"
    plain.mkdir()
    files = butler.retrieveArtifacts(refs, destination=plain, transfer="copy", preserve_path=False)
    print(sorted(file.basename() for file in files))
    files = butler.retrieveArtifacts(refs, destination=str(plain), preserve_path=True)
    print(sorted(str(Path(file.ospath).relative_to(plain.resolve()).parent) for file in files))
    print(sorted(path.name for path in plain.iterdir() if path.suffix == ".yaml"))
    try:
        butler.retrieveArtifacts(refs, destination=plain, preserve_path=False)
    except FileExistsError:
        print("the files are there already")
    files = butler.retrieveArtifacts(
        refs, destination=plain, transfer="copy", preserve_path=False, overwrite=True
    )
    print("written again:", len(files))
    second.close()
    third.close()
