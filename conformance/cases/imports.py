"""Imports of texts and folders: what comes into a repository, and what does not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from conformance.cases import case

HEAD = """\
description: Butler Data Repository Export
version: 1.0.2
universe_version: 8
universe_namespace: daf_butler
data:
"""
BIAS = """\
- type: dimension
  element: instrument
  records:
  - name: Cam
    class_name: cam.Cam
    detector_max: 10
    visit_max: 10
    exposure_max: 10
- type: dimension
  element: detector
  records:
  - instrument: Cam
    id: 1
    full_name: S1
  - instrument: Cam
    id: 2
    full_name: S2
- type: collection
  collection_type: RUN
  name: raw/1
  host: null
  timespan_begin: null
  timespan_end: null
- type: collection
  collection_type: TAGGED
  name: good
- type: collection
  collection_type: CALIBRATION
  name: calib
- type: dataset_type
  name: bias
  dimensions: [instrument, detector]
  storage_class: StructuredDataDict
  is_calibration: true
- type: dataset
  dataset_type: bias
  run: raw/1
  records:
  - dataset_id:
    - !uuid '00000000-0000-4000-8000-000000000001'
    data_id:
    - instrument: Cam
      detector: 1
    path: one.yaml
    formatter: lsst.daf.butler.formatters.yaml.YamlFormatter
  - dataset_id:
    - !uuid '00000000-0000-4000-8000-000000000002'
    data_id:
    - instrument: Cam
      detector: 2
    path: two.yaml
    formatter: lsst.daf.butler.formatters.yaml.YamlFormatter
"""
MEMBERS = """\
- type: associations
  collection: good
  collection_type: TAGGED
  dataset_ids:
  - !uuid '00000000-0000-4000-8000-000000000001'
- type: associations
  collection: calib
  collection_type: CALIBRATION
  validity_ranges:
  - timespan: !lsst.daf.butler.Timespan
      begin: !butler_time/tai/iso '2020-01-01 00:00:00.000000000'
      end: null
    dataset_ids:
    - !uuid '00000000-0000-4000-8000-000000000001'
    - !uuid '00000000-0000-4000-8000-000000000002'
"""
FILES = ("one.yaml", "two.yaml")


def folder_with_files(root: Path, text: str = HEAD + BIAS + MEMBERS) -> Path:
    """Return a folder with an export and its files."""
    folder = root / "exported"
    folder.mkdir()
    (folder / "export.yaml").write_text(text)
    for name in FILES:
        (folder / name).write_text(f"name: {name}\n")
    return folder


def bring(api: Any, root: Path, transfer: str | None = "copy", **options: Any) -> None:
    """Import the folder."""
    how = {"directory": str(root / "exported"), "filename": "export.yaml"}
    with api.Butler.from_config(root, writeable=True) as butler:
        butler.import_(**{**how, "transfer": transfer, **options})


def holdings(api: Any, root: Path) -> dict[str, Any]:
    """Return what a repository holds, as plain values."""
    with api.Butler.from_config(root) as butler:
        names = sorted(one.name for one in butler.registry.queryDatasetTypes())
        collections = sorted(butler.collections.query("*"))
        found: dict[str, Any] = {"types": names, "collections": collections, "values": []}
        if names and collections:
            refs = sorted(butler.query_datasets("bias", "raw/1", explain=False))
            found["ids"] = [ref.id.int & 0xFF for ref in refs]
            found["values"] = [butler.get(ref)["name"] if butler.stored(ref) else 0 for ref in refs]
            tagged = butler.query_datasets("bias", "good", explain=False)
            found["good"] = [ref.id.int & 0xFF for ref in tagged]
            valid = butler.registry.queryDatasetAssociations("bias", collections=["calib"])
            found["calib"] = sorted(one.ref.id.int & 0xFF for one in valid)
    return found


ALL = {
    "types": ["bias"],
    "collections": ["calib", "good", "raw/1"],
    "values": ["one.yaml", "two.yaml"],
    "ids": [1, 2],
    "good": [1],
    "calib": [1, 2],
}
NOTHING: dict[str, Any] = {"types": [], "collections": [], "values": []}


@case("IMP-01.all", "Types, collections, datasets and their associations are there", value=ALL)
def everything(api: Any, root: Path) -> Any:
    """Import a folder."""
    folder_with_files(root)
    bring(api, root)
    return holdings(api, root)


def kinds(root: Path) -> list[str]:
    """Return what kinds of files an import left in the repository."""
    found = []
    for path in sorted((root / "raw").rglob("*.yaml")):
        if path.is_symlink():
            found.append("absolute" if path.readlink().is_absolute() else "relative")
        else:
            found.append("second name" if path.stat().st_nlink > 1 else "file")
    return found


@case(
    "IMP-02.modes",
    "Files are copied, moved or linked to places of the repository's choice",
    value={
        "copy": [["file"] * 2, True, ALL["values"]],
        "move": [["file"] * 2, False, ALL["values"]],
        "auto": [["second name"] * 2, True, ALL["values"]],
        "link": [["second name"] * 2, True, ALL["values"]],
        "hardlink": [["second name"] * 2, True, ALL["values"]],
        "symlink": [["absolute"] * 2, True, ALL["values"]],
        "relsymlink": [["relative"] * 2, True, ALL["values"]],
        "direct": [[], True, ALL["values"]],
    },
)
def modes(api: Any, root: Path) -> dict[str, Any]:
    """Import a folder by each mode, into a repository of its own."""
    found = {}
    for mode in ("copy", "move", "auto", "link", "hardlink", "symlink", "relsymlink", "direct"):
        one = root / mode
        one.mkdir()
        # The export is outside of the repository, as it mostly is.
        folder_with_files(one)
        repository = one / "repository"
        api.Butler.makeRepo(str(repository))
        bring(api, repository, mode, directory=str(one / "exported"))
        left = all((one / "exported" / name).exists() for name in FILES)
        found[mode] = [kinds(repository), left, holdings(api, repository)["values"]]
    return found


@case("IMP-02.in-place", "Without transfer, files stay where they are in the root", value=ALL)
def in_place(api: Any, root: Path) -> Any:
    """Import files that are in the root already."""
    folder = folder_with_files(root)
    for name in FILES:
        (folder / name).rename(root / name)
    with api.Butler.from_config(root, writeable=True) as butler:
        butler.import_(filename=str(folder / "export.yaml"))
    return holdings(api, root) if all((root / name).exists() for name in FILES) else "moved"


@case(
    "IMP-03.registry", "Datasets are registered, and have no files", value={**ALL, "values": [0, 0]}
)
def registry_alone(api: Any, root: Path) -> Any:
    """Import without the datastore."""
    folder_with_files(root)
    bring(api, root, None, without_datastore=True)
    return holdings(api, root)


@case(
    "IMP-03.files-later",
    "Files of datasets that are registered come with a later import",
    value=ALL,
)
def files_later(api: Any, root: Path) -> Any:
    """Import without the datastore, then with it."""
    folder_with_files(root)
    text = (HEAD + BIAS).split("- type: collection\n")[0] + "".join(
        f"- type: {part}" for part in (HEAD + BIAS).split("- type: ")[3:]
    )
    (root / "exported" / "first.yaml").write_text(text)
    bring(api, root, None, without_datastore=True, filename="first.yaml")
    bring(api, root)
    return holdings(api, root)


@case(
    "IMP-04.skipped", "Records of an element that is skipped are not imported", value=[["Cam"], []]
)
def skipped(api: Any, root: Path) -> Any:
    """Import records without those of detectors."""
    text = HEAD + BIAS.split("- type: collection\n")[0]
    folder_with_files(root, text)
    bring(api, root, skip_dimensions={"detector"})
    with api.Butler.from_config(root) as butler:
        return [
            [record.dataId["instrument"] for record in butler.registry.queryDimensionRecords(name)]
            for name in ("instrument", "detector")
        ]


@case(
    "IMP-05.names",
    "A file is named in the folder, absolutely, or is an open stream",
    value=[ALL["ids"]] * 5,
)
def names(api: Any, root: Path) -> Any:
    """Import a file that is named in several ways."""
    folder = folder_with_files(root)
    found = []
    with (folder / "export.yaml").open() as stream:
        text = io.StringIO((folder / "export.yaml").read_text())
        absolute = folder / "export.yaml"
        for number, name in enumerate(["export.yaml", str(absolute), absolute, stream, text]):
            one = root / str(number)
            api.Butler.makeRepo(str(one))
            bring(api, one, directory=str(folder), filename=name)
            found.append(holdings(api, one)["ids"])
    return found


@case("IMP-05.format", "With a format alone, export and its extension are the name", value=ALL)
def by_format(api: Any, root: Path) -> Any:
    """Import with a format, without a name."""
    folder_with_files(root)
    bring(api, root, filename=None, format="yaml")
    return holdings(api, root)


@case(
    "IMP-05.missing",
    "A file that is nowhere is named",
    error={"type": "FileNotFoundError", "says": "lost.yaml"},
)
def missing(api: Any, root: Path) -> Any:
    """Import a file that does not exist."""
    bring(api, root, directory=str(root), filename="lost.yaml")


def twice(api: Any, root: Path, mode: str) -> Any:
    """Import a folder twice, and say if anything changed."""
    folder_with_files(root)
    bring(api, root, mode)
    before = [holdings(api, root), kinds(root)]
    try:
        bring(api, root, mode)
    except Exception as error:
        outcome = f"raised {type(error).__name__}"
    else:
        outcome = "done"
    try:
        after = [holdings(api, root), kinds(root)]
    except OSError as error:
        return f"{outcome}, then {type(error).__name__}"
    return [outcome, "unchanged" if before == after else after]


@case(
    "IMP-06.copy",
    "A second import with copy keeps the files of the first",
    value=["done", "unchanged"],
)
def twice_by_copy(api: Any, root: Path) -> Any:
    """Import a folder twice with copy."""
    return twice(api, root, "copy")


@case(
    "IMP-06.symlink",
    "A second import with symlink keeps the links of the first",
    value=["done", "unchanged"],
)
def twice_by_symlink(api: Any, root: Path) -> Any:
    """Import a folder twice with symlink."""
    return twice(api, root, "symlink")


@case(
    "IMP-06.direct",
    "A second import with direct keeps the records of the first",
    value=["done", "unchanged"],
)
def twice_by_direct(api: Any, root: Path) -> Any:
    """Import a folder twice with direct."""
    return twice(api, root, "direct")


@case("IMP-06.other-order", "A second import without associations changes nothing", value=ALL)
def registered_twice(api: Any, root: Path) -> Any:
    """Import a folder, and then its datasets again without the datastore."""
    folder_with_files(root)
    bring(api, root)
    (root / "exported" / "again.yaml").write_text(HEAD + BIAS)
    bring(api, root, None, without_datastore=True, filename="again.yaml")
    return holdings(api, root)


def refused(api: Any, root: Path, text: str, **options: Any) -> Any:
    """Import a folder with another text, and return the error's class and what is there."""
    folder_with_files(root, text)
    before = {path for path in root.rglob("*") if "journal" not in path.name}
    try:
        bring(api, root, **options)
    except Exception as error:
        left = {path for path in root.rglob("*") if "journal" not in path.name} - before
        state = {name: value for name, value in holdings(api, root).items() if value}
        return [type(error).__name__, state, len(left)]
    return "imported"


@case(
    "IMP-13.file-missing",
    "Where the last file is missing, nothing is left of the others",
    value=["FileNotFoundError", {}, 0],
)
def file_missing(api: Any, root: Path) -> Any:
    """Import two files, of which one is not there."""
    found = refused(api, root, (HEAD + BIAS).replace("two.yaml", "lost.yaml"))
    return ["FileNotFoundError" if "File" in found[0] else found[0], *found[1:]]


@case(
    "IMP-13.bad-end",
    "Where the text ends in the middle, nothing is imported",
    value=["refused", {}, 0],
)
def bad_end(api: Any, root: Path) -> Any:
    """Import a text that is no YAML at its end."""
    return ["refused", *refused(api, root, HEAD + BIAS + "- type: [\n")[1:]]


@case(
    "IMP-13.last-record",
    "Where the last record is wrong, nothing is imported",
    value=["refused", {}, 0],
)
def last_record(api: Any, root: Path) -> Any:
    """Import a text whose last record is of no known kind."""
    return ["refused", *refused(api, root, HEAD + BIAS + "- type: nonsense\n")[1:]]


@case(
    "IMP-13.association",
    "Where a tag has an unknown dataset, nothing is imported",
    value=["refused", {}, 0],
)
def association(api: Any, root: Path) -> Any:
    """Import a tag with a dataset that is nowhere."""
    text = HEAD + BIAS + MEMBERS.replace("000000000001", "000000000009", 1)
    return ["refused", *refused(api, root, text)[1:]]


@case("IMP-13.within", "An import in a transaction that fails is undone with it", value=[{}, 0])
def within(api: Any, root: Path) -> Any:
    """Import in a transaction that is left by an exception."""
    folder_with_files(root)
    with api.Butler.from_config(root, writeable=True) as butler:
        try:
            with butler.transaction():
                butler.import_(
                    directory=str(root / "exported"), filename="export.yaml", transfer="copy"
                )
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    state = {name: value for name, value in holdings(api, root).items() if value}
    return [state, len(list((root / "raw").rglob("*.yaml")))]


@case(
    "IMP-19.sizes",
    "A file that has another size now is refused, if sizes were recorded",
    value=[True, False],
)
def sizes(api: Any, root: Path) -> Any:
    """Import with sizes and without, then change a file."""
    found = []
    for wanted in (True, False):
        one = root / str(wanted)
        api.Butler.makeRepo(str(one))
        folder_with_files(one)
        bring(api, one, record_validation_info=wanted)
        (path,) = (one / "raw").rglob("*1*raw_1.yaml")
        path.write_text("name: changed\n")
        with api.Butler.from_config(one) as butler:
            (ref,) = butler.query_datasets("bias", "raw/1", detector=1, instrument="Cam")
            try:
                butler.get(ref)
            except (OSError, RuntimeError):
                found.append(True)
            else:
                found.append(False)
    return found


@case(
    "IMP-20.reversed",
    "Records that stand in the opposite order are imported",
    value={**ALL, "values": [0, 0]},
)
def in_reverse(api: Any, root: Path) -> Any:
    """Import a text whose records are reversed."""
    records = (BIAS + MEMBERS).split("- type: ")[1:]
    folder_with_files(root, HEAD + "".join(f"- type: {one}" for one in reversed(records)))
    bring(api, root, None, without_datastore=True)
    return holdings(api, root)
