"""The command ``butler-core``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from butler_core import Butler
from butler_core.cli import main
from butler_core.cli.output import print_json

from .core_world import CHAIN, RUN_A, RUN_B, World, data_id


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def lines(*arguments: str | Path) -> list[list[str]]:
    """Return the words of each line that a command prints."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.output.splitlines()]


def test_collections_with_the_children_of_chains(world: World) -> None:
    found = lines("query-collections", world.root)
    assert found[0] == ["Name", "Type"]
    assert [CHAIN, "CHAINED"] in found
    place = found.index([CHAIN, "CHAINED"])
    assert found[place + 1 : place + 3] == [[RUN_B, "RUN"], [RUN_A, "RUN"]]
    found = lines("query-collections", world.root, "LATISS/*", CHAIN)
    assert found[2:] == [
        [CHAIN, "CHAINED"],
        [RUN_B, "RUN"],
        [RUN_A, "RUN"],
        ["LATISS/runs/a", "RUN"],
    ]


def test_dataset_types(world: World) -> None:
    found = lines("query-dataset-types", world.root)
    assert [line[0] for line in found[2:]] == ["bias", "calexp", "notes", "stats", "summary"]
    verbose = lines("query-dataset-types", world.root, "-v")
    assert verbose[2][1:] == ["['instrument',", "'detector']", "StructuredDataDict"]
    assert [line[0] for line in lines("query-dataset-types", world.root, "s*")[2:]] == [
        "stats",
        "summary",
    ]


def test_datasets(world: World) -> None:
    found = lines("query-datasets", world.root, "stats", "--collections", RUN_B)
    assert found[1][:6] == ["type", "run", "id", "instrument", "detector", "visit"]
    rows = found[3:-1]
    assert [line[3:6] for line in rows] == [["HSC", "22", "903334"], ["HSC", "23", "903334"]]
    assert [line[1] for line in rows] == [RUN_B, RUN_B]
    with world.butler(run="HSC/runs/0") as butler:
        butler.registry.insertDatasets("stats", [data_id(904014, 23), data_id(903334, 100)])
    everywhere = lines("query-datasets", world.root, "stats", "--collections", "*")[3:-1]
    order = [(line[1], int(line[5]), int(line[4])) for line in everywhere]
    assert order == sorted(order)  # by run, and by what has a time before what has none
    limited = lines(
        "query-datasets", world.root, "--collections", f"{RUN_A},{RUN_B}", "--limit", "3"
    )
    kinds = [line[0] for line in limited if line[:1] in (["stats"], ["bias"])]
    assert kinds == ["bias", "bias", "stats"]


def test_records(world: World) -> None:
    found = lines("query-dimension-records", world.root, "detector")
    assert found[0][:3] == ["instrument", "id", "full_name"]
    assert {tuple(line[:3]) for line in found[2:]} == {
        ("HSC", "22", "1_53"),
        ("HSC", "23", "1_54"),
        ("HSC", "100", "0_00"),
        ("LATISS", "0", "RXX_S00"),
    }
    assert "(elided)" in lines("query-dimension-records", world.root, "visit")[2]


def test_records_and_data_ids_of_datasets(world: World) -> None:
    of_b = ("--datasets", "stats", "--collections", RUN_B)
    found = lines("query-dimension-records", world.root, "visit", *of_b)
    assert [line[:2] for line in found[2:]] == [["HSC", "903334"]]
    found = lines("query-data-ids", world.root, *of_b)
    assert found[0][:3] == ["instrument", "detector", "visit"]
    assert [line[:3] for line in found[2:]] == [["HSC", "22", "903334"], ["HSC", "23", "903334"]]
    both = lines("query-data-ids", world.root, "--datasets", "stats,bias", "--collections", "HSC/*")
    assert both[2:] == [["HSC", "22"]]  # in the dimensions that they have in common
    where = "instrument = 'HSC' AND physical_filter = 'HSC-I'"
    assert lines("query-data-ids", world.root, "band", "--where", where)[2:] == [["i"]]
    newest = ("visit", "--order-by", "-visit.exposure_time", "--limit", "1")
    assert lines("query-data-ids", world.root, *newest)[2][:2] == ["HSC", "903342"]


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("query-data-ids", "visit", "--where", "instrument = 'DECam'"), "No data IDs."),
        (("query-data-ids", "--datasets", "notes"), "hold no such datasets"),
        (("query-dimension-records", "visit", "--datasets", "notes"), "hold no such datasets"),
        (("query-dimension-records", "subfilter"), "No subfilter records."),
        (("query-dataset-types", "nothing*"), "No dataset types."),
        (("query-collections", "nothing*"), ""),
        (("query-datasets", "n*"), ""),
    ],
)
def test_finding_nothing_is_no_error(
    world: World, arguments: tuple[str, ...], fragment: str
) -> None:
    command, *rest = arguments
    result = run(command, world.root, *rest)
    assert (result.exit_code, result.stdout.strip()) == (0, "")
    assert fragment in result.stderr
    assert run(command, world.root, *rest, "--format", "json").stdout == "[]\n"


def objects(*arguments: str | Path) -> list[dict[str, Any]]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_json_of_many_rows_is_one_list(capsys: pytest.CaptureFixture[str]) -> None:
    for count in (0, 1, 2000, 4001):
        print_json({"n": number} for number in range(count))
        assert json.loads(capsys.readouterr().out) == [{"n": number} for number in range(count)]


def test_json(world: World) -> None:
    chains = objects("query-collections", world.root, CHAIN)
    assert [one["name"] for one in chains] == [CHAIN, RUN_B, RUN_A]
    assert chains[0] == {
        "name": CHAIN,
        "type": "CHAINED",
        "doc": "",
        "children": [RUN_B, RUN_A],
    }
    (tagged,) = objects("query-collections", world.root, "HSC/tagged", "-t", "--chains", "TABLE")
    assert (tagged["doc"], tagged["dataset_types"]) == ("what was chosen", ["stats"])
    (run_a, chain) = objects("query-collections", world.root, RUN_A, "--chains", "INVERSE-TREE")
    assert (run_a["parents"], chain["name"]) == ([CHAIN], CHAIN)
    assert objects("query-dataset-types", world.root, "bias") == [
        {
            "name": "bias",
            "dimensions": ["instrument", "detector"],
            "storage_class": "StructuredDataDict",
            "is_calibration": True,
        }
    ]
    (bias,) = objects("query-datasets", world.root, "bias", "--collections", RUN_B, "--show-uri")
    assert list(bias) == ["type", "run", "id", "data_id", "uri"]
    assert (bias["run"], bias["data_id"]) == (RUN_B, {"instrument": "HSC", "detector": 22})
    assert bias["uri"].endswith("#predicted")
    hsc = objects("query-dimension-records", world.root, "visit", "--limit", "1")[0]
    assert hsc["exposure_time"] > 30
    assert hsc["timespan"]["begin"].startswith("2013-11-02T")
    assert bytes.fromhex(hsc["region"]).startswith(b"p")
    assert hsc["seq_num"] is None
    assert objects("query-data-ids", world.root, "detector")[-1] == {
        "instrument": "LATISS",
        "detector": 0,
    }


def test_dataset_types_of_collections(world: World) -> None:
    found = lines("query-dataset-types", world.root, "--collections", "LATISS/*")
    assert found == [["name"], ["-----"], ["stats"]]
    assert run("query-dataset-types", world.root, "--collections", "LATIS").exit_code == 1


def test_create(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("storageClasses: {CliList: {pytype: list}}\n")
    assert run("create", tmp_path / "new", "--seed-config", tmp_path / "seed.yaml").exit_code == 0
    with Butler(tmp_path / "new") as butler:
        assert butler.collections.query() == []
    assert "CliList" in (tmp_path / "new" / "butler.yaml").read_text()


def test_create_with_another_place_for_its_configuration(tmp_path: Path) -> None:
    run("create", tmp_path / "new", "--standalone", "--outfile", tmp_path / "conf")
    with Butler(tmp_path / "conf") as butler:
        assert str(butler.datastore.root) == str(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["gen3.sqlite3"]
    text = (tmp_path / "conf" / "butler.yaml").read_text()
    assert "physical_filter+detector+exposure:" in text
    assert "StructuredDataDict: lsst.daf.butler.formatters.yaml.YamlFormatter" in text
    refused = run("create", tmp_path / "other", "--outfile", tmp_path / "conf" / "butler.yaml")
    assert refused.exit_code == 1
    assert "butler.yaml already" in refused.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("arguments", "fragments"),
    [
        (("query-collections", "{tmp}/nowhere"), ("no Butler repository", "nowhere")),
        (("query-collections", "{root}", "nope"), ("'nope'",)),
        (("query-datasets", "{root}", "statz"), ("did you mean 'stats'?",)),
        (("query-datasets", "{root}", "--collections", "nope"), ("'nope'",)),
        (("query-dimension-records", "{root}", "vist"), ("did you mean 'visit'?",)),
        (("query-dimension-records", "{root}", "htm7"), ("htm7", "computed")),
        (("query-data-ids", "{root}", "vist"), ("did you mean 'visit'?",)),
        (("query-data-ids", "{root}", "--datasets", "statz"), ("did you mean 'stats'?",)),
        (("query-datasets", "{root}", "--order-by", "visit"), ("one dataset type",)),
        (("query-datasets", "{root}", "stats", "--find-first"), ("--collections",)),
        (
            ("query-datasets", "{root}", "stats", "--collections", "H*", "--find-first"),
            ("without globs",),
        ),
        (("create", "{root}"), ("already",)),
    ],
)
def test_an_error_is_one_line_and_status_1(
    world: World, tmp_path: Path, arguments: tuple[str, ...], fragments: tuple[str, ...]
) -> None:
    with world.unchanged():
        result = run(*(text.format(root=world.root, tmp=tmp_path) for text in arguments))
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("Error: ")
    for fragment in fragments:
        assert fragment in result.output


def test_usage_and_version() -> None:
    assert run("--help").exit_code == 0
    assert "query-datasets" in run("-h").output
    assert "butler-conformance make-repo ci_hsc DEST" in run("-h").output
    assert run("--version").exit_code == 0
    assert run("nope").exit_code == 2
    assert run("query-datasets").exit_code == 2
    assert run("query-datasets", "repo", "--limit", "x").exit_code == 2
    assert run("query-data-ids", "repo").exit_code == 2
    assert run("query-data-ids", "repo", "visit", "--offset", "3").exit_code == 2
