"""The commands of ``butler-core`` that have to do with files, and its summary of a repository."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from butler_core import Butler, Timespan
from butler_core.cli import main

from .core_world import CHAIN, RUN_A, TAGGED, World


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a folder with two files, and tables that list them."""
    folder = tmp_path / "source"
    folder.mkdir()
    for visit in (903334, 903342):
        (folder / f"{visit}.yaml").write_text(f"visit: {visit}\n")
    rows = "".join(f"{visit}.yaml,HSC,{visit}\n" for visit in (903334, 903342))
    (folder / "files.csv").write_text("file,instrument,visit\n" + rows)
    (folder / "short.csv").write_text("file,visit\n903342.yaml,903342\n")
    (folder / "wrong.csv").write_text("file,vsit\n903342.yaml,903342\n")
    return folder


def test_ingest_files(world: World, source: Path) -> None:
    arguments = ("ingest-files", world.root, "summary", "new/run")
    done(*arguments, source / "files.csv", "--prefix", source, "-t", "copy")
    with Butler(world.root, collections="new/run") as butler:
        assert butler.get("summary", instrument="HSC", visit=903342) == {"visit": 903342}
        assert butler.get("summary", instrument="HSC", visit=903334) == {"visit": 903334}
    fixed = ("--data-id", "instrument=HSC,visit=904014", "--id-generation-mode", "dataid_type_run")
    done(*arguments, source / "short.csv", "--prefix", source, "--transfer", "symlink", *fixed)
    with Butler(world.root, collections="new/run") as butler:
        ref = butler.find_dataset("summary", instrument="HSC", visit=904014)
        assert ref is not None
        assert Path(butler.getURI(ref).path).is_symlink()
        assert ref.id.version == 5


@pytest.mark.parametrize(
    ("table", "more", "fragments"),
    [
        ("files.csv", (), ("No such file", "903334.yaml")),
        ("short.csv", ("--prefix", "{source}"), ("'instrument'",)),
        ("wrong.csv", ("--data-id", "instrument=HSC"), ("did you mean 'visit'?",)),
        ("short.csv", ("--data-id", "instrument=HSC,visit=1"), ("no visit record",)),
        ("903334.yaml", (), ("903334.yaml is no table",)),
    ],
)
def test_files_that_cannot_be_ingested_leave_nothing(
    world: World, source: Path, table: str, more: tuple[str, ...], fragments: tuple[str, ...]
) -> None:
    arguments = [text.format(source=source) for text in more]
    with world.unchanged():
        result = run(
            "ingest-files", world.root, "summary", "new/run", source / table, "-t", "copy",
            *arguments,
        )  # fmt: skip
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    for fragment in fragments:
        assert fragment in result.stderr


@pytest.fixture
def stored(world: World) -> World:
    """Give two datasets files, one of which is gone, beside one that nobody knows."""
    with Butler(world.root, run=RUN_A) as butler:
        for visit in (903334, 903342):
            butler.put({"visit": visit}, "summary", instrument="HSC", visit=visit)
        ref = butler.query_datasets("summary", visit=903342)[0]
        Path(butler.getURI(ref).path).unlink()
    (world.root / "HSC" / "stray.fits").touch()
    return world


def test_summary(stored: World) -> None:
    lines = [line.split() for line in done("summary", stored.root).splitlines()]
    assert lines[0][1:] == ["16", "datasets", "with", "2", "files", "of", "28", "B"]
    chain = lines.index([CHAIN, "CHAINED"])
    assert [line[0] for line in lines[chain + 1 : chain + 3]] == ["HSC/runs/b", RUN_A]
    most = ["stats", "(9),", "summary", "(2),", "bias", "(1)"]
    assert lines[chain + 2] == [RUN_A, "RUN", "12", *most]
    assert sum(line[:1] == [RUN_A] for line in lines) == 1  # in its chain alone
    assert [TAGGED, "TAGGED", "3", "stats", "(3)"] in lines
    assert next(line[:5] for line in lines if line[:1] == ["stats"]) == [
        "stats",
        "instrument,",
        "detector,",
        "visit",
        "StructuredDataDict",
    ]
    assert next(line[-4:] for line in lines if line[:1] == ["summary"]) == ["2", "2", "28", "B"]
    assert next(line[1:5] for line in lines if line[:1] == ["HSC"]) == ["1", "3", "2", "3"]
    assert next(line[-3:] for line in lines if line[:1] == ["HSC"]) == [
        "2013-11-02T06:00:00",
        "-",
        "2013-11-02T22:00:30",
    ]
    assert lines[-4:-2][0] == ["1", "file", "is", "missing:"]
    assert lines[-3][0].endswith("summary_HSC_r_HSC-R_903342_HSC_runs_a.yaml")
    assert lines[-2:] == [["1", "file", "is", "orphaned:"], ["HSC/stray.fits"]]


def test_summary_as_json(stored: World) -> None:
    found: dict[str, Any] = json.loads(done("summary", stored.root, "--format", "json"))
    assert list(found) == ["collections", "dataset_types", "instruments", "skymaps", "files"]
    chain = next(one for one in found["collections"] if one["name"] == CHAIN)
    assert chain == {
        "name": CHAIN,
        "type": "CHAINED",
        "children": ["HSC/runs/b", RUN_A],
        "datasets": 0,
        "dataset_types": {},
    }
    run = next(one for one in found["collections"] if one["name"] == RUN_A)
    assert run["dataset_types"] == {"bias": 1, "stats": 9, "summary": 2}
    assert [one["datasets"] for one in found["dataset_types"]] == [2, 0, 0, 12, 2]
    hsc = found["instruments"][0]
    assert hsc["records"] == {"day_obs": 1, "detector": 3, "physical_filter": 2, "visit": 3}
    assert (hsc["begin"], hsc["end"]) == (
        "2013-11-02T06:00:00.000000000",
        "2013-11-02T22:00:30.000000000",
    )
    assert found["files"]["orphaned"] == ["HSC/stray.fits"]
    assert len(found["files"]["missing"]) == 1


def test_summary_counts_validity_ranges_once_and_other_files_never(stored: World) -> None:
    with Butler(stored.root) as butler:
        (ref,) = butler.query_datasets("bias", RUN_A)
    for begin in (1, 3):
        stored.certify(ref, Timespan.from_nanoseconds(begin * 10**18, (begin + 1) * 10**18))
    (stored.root / "gen3.sqlite3-journal").touch()
    found = json.loads(done("summary", stored.root, "--format", "json", "--no-check-files"))
    assert {one["name"]: one["datasets"] for one in found["collections"]}["HSC/calib"] == 1
    assert found["files"] is None
    found = json.loads(done("summary", stored.root, "--format", "json"))
    assert found["files"]["orphaned"] == ["HSC/stray.fits"]


def test_summary_of_an_empty_repository(tmp_path: Path) -> None:
    done("create", tmp_path / "new")
    said = done("summary", tmp_path / "new")
    assert said.splitlines()[0].endswith("new: 0 datasets with 0 files of 0 B")
    assert said.splitlines()[2] == "No collections."
    assert said.splitlines()[-2:] == ["No files are missing.", "No files are orphaned."]


def test_a_link_to_a_folder_or_a_file_is_what_it_leads_to(stored: World, tmp_path: Path) -> None:
    (stored.root / "HSC").rename(tmp_path / "elsewhere")
    (stored.root / "HSC").symlink_to(tmp_path / "elsewhere")
    found = json.loads(done("summary", stored.root, "--format", "json"))
    assert len(found["files"]["missing"]) == 1
    (tmp_path / "elsewhere" / "runs").rename(tmp_path / "gone")
    found = json.loads(done("summary", stored.root, "--format", "json"))
    assert len(found["files"]["missing"]) == 2


def test_export_and_import(stored: World, tmp_path: Path) -> None:
    searched = ("--collections", f"{CHAIN},{TAGGED}", "--only-stored")
    chosen = ("-d", "s*", *searched, "--where", "instrument = 'HSC' AND visit = 903334")
    done("associate", stored.root, TAGGED, "-d", "summary", "--collections", RUN_A)
    done("export", stored.root, tmp_path / "new" / "out", *chosen, "-t", "copy")
    done("create", tmp_path / "other")
    for _ in range(2):
        done("import", tmp_path / "other", tmp_path / "new" / "out", "-t", "copy")
    with Butler(tmp_path / "other", collections=CHAIN) as butler:
        assert set(butler.collections.query("*")) == {CHAIN, TAGGED, RUN_A, "HSC/runs/b"}
        assert butler.get("summary", instrument="HSC", visit=903334) == {"visit": 903334}
        assert len(butler.query_datasets("summary", TAGGED)) == 1
        assert len(butler.query_datasets("summary")) == 1
        assert butler.registry.queryDatasetTypes("stats") == []


def test_an_export_that_fails_leaves_no_folder(stored: World, tmp_path: Path) -> None:
    place = tmp_path / "new" / "out"
    chosen = ("--collections", RUN_A, "-t", "copy")
    without_record = run("export", stored.root, place, "-d", "stats", *chosen)
    assert without_record.exit_code == 1
    assert "stats@" in without_record.stderr
    gone = run("export", stored.root, place, "-d", "summary", *chosen)
    assert gone.exit_code == 1
    assert "is gone" in gone.stderr
    assert not (tmp_path / "new").exists()
    with stored.unchanged():
        missing = run("import", stored.root, tmp_path)
        nowhere = run("import", stored.root, place)
    assert (missing.exit_code, nowhere.exit_code) == (1, 2)
    assert "export.yaml" in missing.stderr


def test_export_calibs(stored: World, tmp_path: Path) -> None:
    with Butler(stored.root, run="calibs") as butler:
        for detector in (22, 23):
            butler.put({"detector": detector}, "bias", instrument="HSC", detector=detector)
    done("certify-calibrations", stored.root, "calibs", "HSC/calib", "bias")
    said = done("export-calibs", stored.root, tmp_path / "out", "HSC/calib", "-t", "copy")
    assert [line.split() for line in said.splitlines()[2:]] == [
        ["bias", "calibs", "22", "HSC"],
        ["bias", "calibs", "23", "HSC"],
    ]
    again = run("export-calibs", stored.root, tmp_path / "out", "HSC/calib")
    assert again.exit_code == 1
    assert "already" in again.stderr
    done("create", tmp_path / "other")
    done("import", tmp_path / "other", tmp_path / "out", "-t", "copy")
    with Butler(tmp_path / "other", collections="HSC/calib") as butler:
        assert butler.get("bias", instrument="HSC", detector=23) == {"detector": 23}


def test_retrieve_artifacts(stored: World, tmp_path: Path) -> None:
    chosen = ("-d", "summary", "--where", "instrument = 'HSC' AND visit = 903334")
    arguments = ("retrieve-artifacts", stored.root, tmp_path / "out", *chosen, "-t", "copy")
    said = done(*arguments, "--verbose").splitlines()
    assert said[-1] == f"Files in {tmp_path / 'out'}: 1"
    assert Path(said[0].removeprefix("file://")).read_text() == "visit: 903334\n"
    assert "/HSC/runs/a/summary/" in said[0]
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "already" in refused.stderr
    done(*arguments, "--clobber")
    done(*arguments, "--no-preserve-path")
    assert (tmp_path / "out" / "summary_HSC_r_HSC-R_903334_HSC_runs_a.yaml").is_file()
    nothing = run("retrieve-artifacts", stored.root, tmp_path / "none", "-d", "nothing*")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "No datasets.\n")
    assert not (tmp_path / "none").exists()


def test_strays_are_found_whatever_sorts_before_a_slash(stored: World) -> None:
    strays = ["HSC-1", "HSC.txt", "HSC/runs ", "HSC/runs-x/y", "HSC/runs/a!", "HSCé/z", "zz"]
    for name in strays:
        (stored.root / name).parent.mkdir(exist_ok=True)
        (stored.root / name).touch()
    found = json.loads(done("summary", stored.root, "--format", "json"))
    assert found["files"]["orphaned"] == sorted(["HSC/stray.fits", *strays])
    assert len(found["files"]["missing"]) == 1


def test_parts_with_files_of_their_own_have_tables_of_their_own(stored: World) -> None:
    columns = "dataset_id, path || '.wcs', formatter, storage_class, 'wcs', checksum, file_size"
    stored.write(f"INSERT INTO file_datastore_records SELECT {columns} FROM file_datastore_records")
    stored.write("UPDATE file_datastore_records SET component = 'psf' WHERE component != 'wcs'")
    arguments = ("query-datasets", stored.root, "summary", "--show-uri")
    rows = [line.split() for line in done(*arguments).splitlines()]
    kinds = [(row[0], row[-1].endswith(".wcs")) for row in rows if row[:1] and "file:" in row[-1]]
    assert kinds == [("summary.psf", False)] * 2 + [("summary.wcs", True)] * 2
    found = json.loads(done(*arguments, "--format", "json"))
    assert found[0]["uri"] is None
    assert list(found[0]["component_uris"]) == ["psf", "wcs"]


def test_retrieve_artifacts_in_a_zip_file(stored: World, tmp_path: Path) -> None:
    chosen = ("-d", "summary", "--where", "instrument = 'HSC' AND visit = 903334")
    arguments = ("retrieve-artifacts", stored.root, tmp_path / "out", *chosen, "--zip")
    path = Path(done(*arguments).strip())
    assert list((tmp_path / "out").iterdir()) == [path]
    with zipfile.ZipFile(path) as archive:
        index = json.loads(archive.read("_butler_zip_index.json"))
        ((name, held),) = index["artifact_map"].items()
        assert archive.read(name) == b"visit: 903334\n"
    assert name.startswith(held["ids"][0])
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert f"{path.name} is there already" in refused.stderr
    assert done(*arguments, "--clobber").strip() == str(path)
    gone = run("retrieve-artifacts", stored.root, tmp_path / "none", "-d", "summary", "--zip")
    assert gone.exit_code == 1
    assert "it is gone" in gone.stderr
    assert list((tmp_path / "none").iterdir()) == []


def test_files_within_a_zip_file_are_there_if_that_has_them(stored: World) -> None:
    stored.write("UPDATE file_datastore_records SET path = 'a.zip#zip-path=' || dataset_id")
    members = stored.rows("SELECT path FROM file_datastore_records ORDER BY path")
    names = [path.partition("=")[2] for (path,) in members]
    for zip_file, held in (("a.zip", names[:-1]), ("b.zip", [])):
        with zipfile.ZipFile(stored.root / zip_file, "w") as archive:
            for name in held:
                archive.writestr(name, "{}")
    files = json.loads(done("summary", stored.root, "--format", "json"))["files"]
    assert files["missing"] == [f"a.zip#zip-path={names[-1]}"]
    assert [name for name in files["orphaned"] if name.endswith(".zip")] == ["b.zip"]
    (stored.root / "a.zip").unlink()
    files = json.loads(done("summary", stored.root, "--format", "json"))["files"]
    assert files["missing"] == ["a.zip"]
