"""Repositories that a Butler of another version, universe or package has left its marks on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from conformance.cases import case

VERSIONS = "SELECT name, value FROM butler_attributes WHERE name LIKE 'version:%'"


def versions(root: Path) -> dict[str, str]:
    """Return the version of each manager of a repository by the name of its class."""
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
        return {name[len("version:") :]: value for name, value in database.execute(VERSIONS)}


def of_version(root: Path, manager: str, version: str) -> Path:
    """Return the root of a copy of a repository that says that a manager is of a version."""
    copy = root.parent / f"{manager.rpartition('.')[2]} {version}"
    shutil.copytree(root, copy, dirs_exist_ok=True)
    with closing(sqlite3.connect(copy / "gen3.sqlite3", isolation_level=None)) as database:
        change = "UPDATE butler_attributes SET value = ? WHERE name = ?"
        database.execute(change, [version, f"version:{manager}"])
    return copy


def misopened(
    api: Any, root: Path, parts: tuple[int, int, int], *, writeable: bool = False
) -> Iterator[str]:
    """Yield what is not refused as it must be where a manager's version is another."""
    for manager, value in versions(root).items():
        found = [int(one) + more for one, more in zip(value.split("."), parts, strict=True)]
        if min(found) < 0:
            continue
        version = ".".join(map(str, found))
        copy = of_version(root, manager, version)
        try:
            api.Butler.from_config(copy, writeable=writeable).close()
        except Exception as error:
            classes = [one.__name__ for one in type(error).__mro__]
            if "IncompatibleVersionError" not in classes:
                yield f"{manager} {version} raises {classes[0]}"
            yield from (
                f"{manager} {version}: the error does not say {part}"
                for part in (manager.rpartition(".")[2], version)
                if part not in str(error)
            )
        else:
            yield f"{manager} {version} is opened"


@case(
    "ITP-12.major",
    "Each manager of a later major version is refused, by name and version",
    value=[],
)
def major(api: Any, root: Path) -> list[str]:
    """Open a repository whose managers are, one after another, of the next major version."""
    return list(misopened(api, root, (1, 0, 0)))


@case(
    "ITP-12.minor",
    "Each manager of a later minor version is refused, by name and version",
    value=[],
)
def minor(api: Any, root: Path) -> list[str]:
    """Open a repository whose managers are, one after another, of the next minor version."""
    return list(misopened(api, root, (0, 1, 0)))


@case(
    "ITP-12.earlier",
    "An earlier minor version of a manager is read, and not written",
    value=[True, []],
)
def earlier(api: Any, root: Path) -> list[Any]:
    """Open a repository whose managers are of the minor version before, in both ways."""
    before = (0, -1, 0)
    read = list(misopened(api, root, before))
    written = list(misopened(api, root, before, writeable=True))
    return [all(said.endswith("is opened") for said in read) and len(read) > 0, written]


@case(
    "ITP-12.patch",
    "A manager of another patch version is opened",
    repository="two_runs",
    value={"SynthIntKeyCollectionManager": 2, "StaticDimensionRecordStorageManager": 2},
)
def patch(api: Any, root: Path) -> dict[str, int]:
    """Count the runs of a repository with a manager of another patch version."""
    found = {}
    for manager, version in versions(root).items():
        name = manager.rpartition(".")[2]
        if name in ("SynthIntKeyCollectionManager", "StaticDimensionRecordStorageManager"):
            another = version.rpartition(".")[0] + ".9"
            with api.Butler.from_config(of_version(root, manager, another)) as butler:
                found[name] = len(butler.collections.query("*"))
    return found


AMPLIFIERS = {
    "doc": "A part of a detector that is read out by itself.",
    "keys": [{"name": "id", "type": "int"}, {"name": "name", "type": "string", "length": 16}],
    "requires": ["detector"],
    "metadata": [{"name": "gain", "type": "float"}],
    "storage": {"cls": "lsst.daf.butler.registry.dimensions.table.TableDimensionRecordStorage"},
}


@case(
    "ITP-14.one-more",
    "A universe with one dimension more holds datasets of it",
    value=[["sky", 100], ["gain", 7, 1.5], ["gain", 8, 1.75], [True, 2]],
)
def one_more(api: Any, root: Path) -> list[Any]:
    """Make a repository with amplifiers, from the dimensions of another, and use it."""
    import json

    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
        text = "SELECT value FROM butler_attributes WHERE name = 'config:dimensions.json'"
        [(dimensions,)] = database.execute(text).fetchall()
    config = json.loads(dimensions)
    config |= {"namespace": "sky", "version": 100}
    config["elements"]["amplifier"] = AMPLIFIERS
    place = root.parent / "dimensions.yaml"
    place.write_text(json.dumps(config))
    fields = "{instrument:?}_{detector:?}_{amplifier:?}"
    template = f"{{run:/}}/{{datasetType}}.{{component:?}}/{fields}_{{component:?}}_{{run}}"
    seed = root.parent / "seed.yaml"
    seed.write_text(json.dumps({"datastore": {"templates": {"default": template}}}))
    new = root.parent / "new"
    api.Butler.makeRepo(str(new), config=str(seed), dimensionConfig=str(place))
    with api.Butler.from_config(new, writeable=True) as butler:
        insert = butler.registry.insertDimensionData
        insert("instrument", {"name": "Cam", "detector_max": 9})
        insert("detector", {"instrument": "Cam", "id": 1, "full_name": "S1"})
        gains = {7: 1.5, 8: 1.75}
        own = {"instrument": "Cam", "detector": 1}
        insert("amplifier", *(own | {"id": n, "name": f"C{n}", "gain": gains[n]} for n in gains))
        kind = api.DatasetType(
            "gain", ["amplifier"], "StructuredDataDict", universe=butler.dimensions
        )
        butler.registry.registerDatasetType(kind)
        butler.collections.register("run")
        for number, gain in gains.items():
            butler.put({"gain": gain}, "gain", own, amplifier=number, run="run")
    with api.Butler.from_config(new) as butler:
        refs = butler.query_datasets("gain", "run", order_by="amplifier")
        records = butler.query_dimension_records("amplifier")
        return [
            [butler.dimensions.namespace, butler.dimensions.version],
            *(["gain", ref.dataId["amplifier"], butler.get(ref)["gain"]] for ref in refs),
            [{record.gain for record in records} == set(gains.values()), len(records)],
        ]
