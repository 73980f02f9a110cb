"""Exports, and what comes of them in another repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.cases import case

TYPES = ("bias", "coadd", "notes", "stats")
RUNS = ("run/1", "run/2")
OTHERS = ("tag", "calib", "all", "top")


def stored(butler: Any, runs: Any = RUNS, types: Any = TYPES) -> list[Any]:
    """Return the datasets that have files."""
    return [
        ref
        for name in types
        for ref in butler.query_datasets(
            name, runs, find_first=False, with_dimension_records=True, explain=False
        )
    ]


def exported(api: Any, root: Path, transfer: str | None = "copy", **options: Any) -> Path:
    """Export everything with a file, and return the folder."""
    folder = root / "exported"
    folder.mkdir()
    with (
        api.Butler.from_config(root) as butler,
        butler.export(directory=str(folder), format="yaml", transfer=transfer) as export,
    ):
        export.saveDatasets(stored(butler), **options)
        for name in OTHERS:
            export.saveCollection(name)
    return folder


def imported(api: Any, root: Path, folder: Path, **options: Any) -> Any:
    """Return a Butler on a new repository into which a folder was imported."""
    other = root / "other"
    api.Butler.makeRepo(str(other))
    butler = api.Butler.from_config(str(other), writeable=True)
    arguments = {"directory": str(folder), "filename": "export.yaml", "transfer": "copy"}
    butler.import_(**{**arguments, **options})
    return butler


def described(butler: Any) -> dict[str, Any]:
    """Return what a repository holds, as plain values."""
    refs = stored(butler)
    collections = butler.collections.query_info("*", include_doc=True)
    return {
        "datasets": {
            (str(ref.id), ref.datasetType.name, ref.run, str(dict(ref.dataId.required)))
            for ref in refs
        },
        "values": {str(ref.id): butler.get(ref) for ref in refs},
        "types": {
            (one.name, one.storageClass_name, one.isCalibration(), tuple(one.dimensions.names))
            for one in butler.registry.queryDatasetTypes()
        },
        "collections": {
            (one.name, one.type.name, one.doc or "", tuple(one.children)) for one in collections
        },
        "tag": {str(ref.id) for ref in stored(butler, ["tag"])},
        "calib": {
            (str(one.ref.id), str(one.timespan))
            for one in butler.registry.queryDatasetAssociations("bias", collections=["calib"])
        },
    }


def keys(butler: Any, *elements: str) -> dict[str, list[Any]]:
    """Return the data IDs of the records that a repository has of some elements."""
    return {
        name: sorted(
            [value for _, value in sorted(record.dataId.required.items())]
            for record in butler.registry.queryDimensionRecords(name)
        )
        for name in elements
    }


@case(
    "EXP-01.all",
    "Everything is in the other repository as it was",
    repository="archive",
    value=[],
)
def everything(api: Any, root: Path) -> list[str]:
    """Export everything with a file, import it elsewhere, and return what differs."""
    folder = exported(api, root)
    with api.Butler.from_config(root) as butler, imported(api, root, folder) as other:
        before, after = described(butler), described(other)
    before["types"] = {one for one in before["types"] if one[0] in TYPES}
    return [name for name in before if before[name] != after[name]]


@case(
    "EXP-01.and-back",
    "What was imported and exported again is the same text",
    repository="archive",
    value=True,
)
def and_back(api: Any, root: Path) -> bool:
    """Export everything, import it elsewhere, export it there, and compare the files."""
    first = exported(api, root)
    with imported(api, root, first):
        pass
    second = exported(api, root / "other")
    texts = [(folder / "export.yaml").read_text() for folder in (first, second)]
    return texts[0] == texts[1]


@case(
    "EXP-02.records",
    "The records that data IDs refer to come with a dataset, and no others",
    repository="archive",
    value={
        "instrument": [["Cam"]],
        "detector": [[2, "Cam"]],
        "physical_filter": [["Cam", "Cam-I"]],
        "day_obs": [[20200101, "Cam"]],
        "visit": [["Cam", 2]],
        "visit_detector_region": [[2, "Cam", 2]],
        "exposure": [],
        "skymap": [],
    },
)
def records_of_one(api: Any, root: Path) -> dict[str, list[Any]]:
    """Export the stats of visit 2, detector 2."""
    with api.Butler.from_config(root) as butler:
        refs = [
            ref
            for ref in stored(butler, ["run/1"], ["stats"])
            if (ref.dataId["visit"], ref.dataId["detector"]) == (2, 2)
        ]
        with butler.export(filename=str(root / "one.yaml")) as export:
            export.saveDatasets(refs)
    names: tuple[str, ...] = ("instrument", "detector", "physical_filter", "day_obs", "visit")
    names += ("visit_detector_region", "exposure", "skymap")
    how = {"filename": str(root / "one.yaml"), "without_datastore": True}
    with imported(api, root, root, **how) as other:
        return keys(other, *names)


@case(
    "EXP-02.with-others",
    "A visit's definition comes with it, and the exposure this needs",
    repository="archive",
    value={
        "visit": [["Cam", 1]],
        "visit_definition": [[1, "Cam", 1]],
        "visit_system_membership": [["Cam", 1, 0]],
        "visit_system": [["Cam", 0]],
        "exposure": [[1, "Cam"]],
        "group": [["g1", "Cam"]],
        "visit_detector_region": [[1, "Cam", 1], [2, "Cam", 1]],
        "detector": [[1, "Cam"], [2, "Cam"]],
    },
)
def with_others(api: Any, root: Path) -> dict[str, list[Any]]:
    """Export the data ID of visit 1."""
    with api.Butler.from_config(root) as butler:
        data_id = butler.registry.expandDataId(instrument="Cam", visit=1)
        with butler.export(filename=str(root / "one.yaml")) as export:
            export.saveDataIds([data_id])
    names = ("visit", "visit_definition", "visit_system_membership", "visit_system", "exposure")
    with imported(api, root, root, filename=str(root / "one.yaml")) as other:
        return keys(other, *names, "group", "visit_detector_region", "detector")


@case(
    "EXP-03.elements",
    "Records of the elements that are named are exported alone",
    repository="archive",
    value={"instrument": [["Cam"]], "detector": [[1, "Cam"], [2, "Cam"]], "visit": []},
)
def elements(api: Any, root: Path) -> dict[str, list[Any]]:
    """Export visits with the records of instruments and detectors."""
    with api.Butler.from_config(root) as butler:
        data_ids = {ref.dataId for ref in stored(butler, ["run/1"], ["stats"])}
        with butler.export(filename=str(root / "some.yaml")) as export:
            export.saveDataIds(data_ids, elements=["instrument", "detector"])
    with imported(api, root, root, filename=str(root / "some.yaml")) as other:
        return keys(other, "instrument", "detector", "visit")


@case(
    "EXP-04.fields",
    "Regions, times, bytes and texts of records come back as they were",
    repository="archive",
    value=[],
)
def fields(api: Any, root: Path) -> list[str]:
    """Export all records, and return the elements whose records differ."""
    with api.Butler.from_config(root) as butler:
        names = [one.name for one in butler.dimensions.elements if one.has_own_table]
        found = {name: list(butler.registry.queryDimensionRecords(name)) for name in names}
        with butler.export(filename=str(root / "records.yaml")) as export:
            for name in names:
                export.saveDimensionData(name, found[name])
        with imported(api, root, root, filename=str(root / "records.yaml")) as other:
            again = {name: set(other.registry.queryDimensionRecords(name)) for name in names}
    assert all(found[name] for name in ("visit", "skymap"))
    return [name for name in names if set(map(repr, found[name])) != set(map(repr, again[name]))]


@case(
    "EXP-04.mapping",
    "A record is given as a mapping, and need not be in the repository",
    repository="archive",
    value=["Cam", "Sky: 2\n'north'"],
)
def mapping(api: Any, root: Path) -> list[str]:
    """Export two instruments, one of which does not exist."""
    new = {"name": "Sky: 2\n'north'", "class_name": "a.B", "visit_max": 1}
    with api.Butler.from_config(root) as butler:
        old = list(butler.registry.queryDimensionRecords("instrument"))
        with butler.export(filename=str(root / "records.yaml")) as export:
            export.saveDimensionData("instrument", [new, *old, *old])
    with imported(api, root, root, filename=str(root / "records.yaml")) as other:
        return sorted(record.name for record in other.registry.queryDimensionRecords("instrument"))


@case(
    "EXP-05.exported-only",
    "Of a tag and calibrations, only exported datasets come along",
    repository="archive",
    value={"tag": ["bias"], "calib": ["run/1"]},
)
def exported_only(api: Any, root: Path) -> dict[str, list[str]]:
    """Export the biases of the first run with a tag and a calibration collection."""
    with (
        api.Butler.from_config(root) as butler,
        butler.export(filename=str(root / "some.yaml")) as export,
    ):
        export.saveDatasets(stored(butler, ["run/1"], ["bias"]))
        export.saveCollection("tag")
        export.saveCollection("calib")
    how = {"filename": str(root / "some.yaml"), "without_datastore": True}
    with imported(api, root, root, **how) as other:
        found = other.registry.queryDatasetAssociations("bias", collections=["calib"])
        names = [one.name for one in other.registry.queryDatasetTypes()]
        return {
            "tag": [ref.datasetType.name for ref in stored(other, ["tag"], names)],
            "calib": sorted({one.ref.run for one in found}),
        }


@case(
    "EXP-05.shared-range",
    "Two types of datasets that are valid in one range are exported with it",
    repository="archive",
    value=["bias", "bias", "flat"],
)
def shared_range(api: Any, root: Path) -> list[str]:
    """Certify a flat for the range of the biases, and export both."""
    with api.Butler.from_config(root, writeable=True) as butler:
        data_id = {"instrument": "Cam", "detector": 1, "physical_filter": "Cam-R"}
        flat = butler.put({}, "flat", data_id, run="run/1")
        biases = stored(butler, ["run/1"], ["bias"])
        span = next(
            one.timespan
            for one in butler.registry.queryDatasetAssociations("bias", collections=["calib"])
            if one.ref.run == "run/1"
        )
        butler.registry.certify("calib", [flat], span)
        with butler.export(filename=str(root / "both.yaml")) as export:
            export.saveDatasets([flat, *biases])
            export.saveCollection("calib")
    how = {"filename": str(root / "both.yaml"), "without_datastore": True}
    with imported(api, root, root, **how) as other:
        found = [
            one
            for name in ("bias", "flat")
            for one in other.registry.queryDatasetAssociations(name, collections=["calib"])
        ]
    return sorted(one.ref.datasetType.name for one in found if one.timespan == span)


def kind_of(path: Path) -> str:
    """Return what kind of file a path is."""
    if path.is_symlink():
        return "absolute link" if path.readlink().is_absolute() else "relative link"
    return "second name" if path.stat().st_nlink > 1 else "file"


@case(
    "EXP-06.modes",
    "Files are copied or linked into the folder, at their paths",
    repository="archive",
    value={
        "copy": ["file"],
        "auto": ["second name"],
        "link": ["second name"],
        "hardlink": ["second name"],
        "symlink": ["absolute link"],
        "relsymlink": ["relative link"],
    },
)
def modes(api: Any, root: Path) -> dict[str, list[str]]:
    """Export biases by each mode, and return what kinds of files there are."""
    found = {}
    with api.Butler.from_config(root) as butler:
        refs = stored(butler, ["run/1"], ["bias"])
        paths = {Path(butler.getURI(ref).ospath).relative_to(root.resolve()) for ref in refs}
        for mode in ("copy", "auto", "link", "hardlink", "symlink", "relsymlink"):
            # Nothing that was linked before may be taken for what is linked now.
            folder = root / mode
            folder.mkdir()
            with butler.export(directory=str(folder), format="yaml", transfer=mode) as export:
                export.saveDatasets(refs)
            there = {path for path in folder.rglob("*.yaml") if path.name != "export.yaml"}
            same = {path.relative_to(folder) for path in there} == paths
            found[mode] = sorted({kind_of(path) for path in there}) if same else ["elsewhere"]
            for path in there:
                path.unlink()
    return found


@case(
    "EXP-06.in-place",
    "Files stay where they are, named by paths or by URIs",
    repository="archive",
    value={"null": ["relative", 0], "direct": ["URI", 0]},
)
def in_place(api: Any, root: Path) -> dict[str, list[Any]]:
    """Export biases without transfer and with transfer direct."""
    found = {}
    with api.Butler.from_config(root) as butler:
        refs = stored(butler, ["run/1"], ["bias"])
        for mode in (None, "direct"):
            folder = root / f"{mode}"
            folder.mkdir()
            with butler.export(directory=str(folder), format="yaml", transfer=mode) as export:
                export.saveDatasets(refs)
            text = (folder / "export.yaml").read_text()
            lines = [line for line in text.splitlines() if "  path: " in line]
            kind = "URI" if all(" file:///" in line for line in lines) else "relative"
            others = [path for path in folder.rglob("*") if path.name != "export.yaml"]
            found["null" if mode is None else mode] = [kind, len(others)]
    return found


@case(
    "EXP-07.rewritten",
    "The path that a function returns is exported",
    repository="archive",
    value=["moved/0.yaml", "moved/1.yaml"],
)
def rewritten(api: Any, root: Path) -> list[str]:
    """Export biases with other paths."""
    count = iter(range(9))

    def rewrite(file: Any) -> Any:
        return api.FileDataset(f"moved/{next(count)}.yaml", file.refs, formatter=file.formatter)

    with (
        api.Butler.from_config(root) as butler,
        butler.export(filename=str(root / "moved.yaml")) as export,
    ):
        export.saveDatasets(stored(butler, ["run/1"], ["bias"]), rewrite=rewrite)
    text = (root / "moved.yaml").read_text()
    return [line.split(": ")[1] for line in text.splitlines() if "  path: " in line]


@case(
    "EXP-08.once",
    "A dataset that is given twice, in one call or in two, is exported once",
    repository="archive",
    value=2,
)
def once(api: Any, root: Path) -> int:
    """Export biases several times."""
    with (
        api.Butler.from_config(root) as butler,
        butler.export(filename=str(root / "once.yaml")) as export,
    ):
        refs = stored(butler, ["run/1"], ["bias"])
        export.saveDatasets([*refs, *refs])
        export.saveDatasets(refs)
    return (root / "once.yaml").read_text().count("!uuid")


@case(
    "EXP-09.document",
    "An export is a YAML document of records in an order to load them",
    repository="archive",
    value={
        "version": "1.0.2",
        "universe_version": 8,
        "universe_namespace": "daf_butler",
        "types": [
            *["dimension"] * 14,
            *["collection"] * 6,
            *["dataset_type", "dataset"] * 8,
            *["associations"] * 2,
        ],
        "file": {
            "dataset_id": "list",
            "data_id": [{"instrument": "Cam", "detector": 1}],
            "formatter": "lsst.daf.butler.formatters.yaml.YamlFormatter",
        },
    },
)
def document(api: Any, root: Path) -> dict[str, Any]:
    """Load an export with tags of whatever kind."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("", lambda loader, tag, node: tag)
    text = (exported(api, root) / "export.yaml").read_text()
    loaded = yaml.load(text, Loader=Loader)
    records = loaded["data"]
    files = next(one["records"] for one in records if one.get("dataset_type") == "bias")
    kept = {name: files[0][name] for name in ("data_id", "formatter")}
    return {
        **{name: loaded[name] for name in ("version", "universe_version", "universe_namespace")},
        "types": [one["type"] for one in records],
        "file": {"dataset_id": type(files[0]["dataset_id"]).__name__, **kept},
    }


@case(
    "EXP-12.body-fails",
    "Where the context ends with an exception, no file is left",
    repository="archive",
    value=[],
)
def body_fails(api: Any, root: Path) -> list[str]:
    """Leave the context of an export by an exception."""
    folder = root / "exported"
    folder.mkdir()
    with api.Butler.from_config(root) as butler:
        try:
            with butler.export(directory=str(folder), format="yaml", transfer="copy") as export:
                export.saveDatasets(stored(butler))
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@case(
    "EXP-12.file-gone",
    "Where the file of a dataset is gone, nothing is left in the folder",
    repository="archive",
    value=["FileNotFoundError", []],
)
def file_gone(api: Any, root: Path) -> list[Any]:
    """Export biases of which one has lost its file."""
    folder = root / "exported"
    folder.mkdir()
    with api.Butler.from_config(root) as butler:
        refs = sorted(stored(butler, ["run/1"], ["bias"]))
        Path(butler.getURI(refs[-1]).ospath).unlink()
        try:
            with butler.export(directory=str(folder), format="yaml", transfer="copy") as export:
                export.saveDatasets(refs)
        except FileNotFoundError:
            left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
            return ["FileNotFoundError", left]
    return ["no error", []]


@case(
    "EXP-13.empty-timespan",
    "A visit that was taken at no time comes back so",
    repository="archive",
    value=True,
)
def empty_timespan(api: Any, root: Path) -> bool:
    """Export a visit with an empty timespan, and import it elsewhere."""
    visit = {"instrument": "Cam", "id": 3, "name": "v3", "day_obs": 20200101}
    visit |= {"physical_filter": "Cam-R", "timespan": api.Timespan.makeEmpty()}
    with api.Butler.from_config(root, writeable=True) as butler:
        butler.registry.insertDimensionData("visit", visit)
        data_id = butler.registry.expandDataId(instrument="Cam", visit=3)
        with butler.export(filename=str(root / "one.yaml")) as export:
            export.saveDataIds([data_id])
    with imported(api, root, root, filename=str(root / "one.yaml")) as other:
        (record,) = other.registry.queryDimensionRecords("visit")
        return bool(record.timespan.isEmpty())
