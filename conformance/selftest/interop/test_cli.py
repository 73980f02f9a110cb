"""LSST's own command on our repositories, ours on its, and both side by side."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from butler_core import Butler
from butler_core.cli import main
from conformance.selftest import core_world

pytestmark = [
    pytest.mark.lsst,
    # LSST's command warns of options that it will need some day.
    pytest.mark.filterwarnings("ignore:No (--collections|dataset types) specified:FutureWarning"),
]

Command = Callable[..., Result]


def ours(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def theirs(*arguments: str | Path) -> Result:
    from lsst.daf.butler.cli.butler import cli

    return CliRunner().invoke(cli, ["--no-log-tty", *(str(argument) for argument in arguments)])


def said(command: Command, *arguments: str | Path) -> str:
    result = command(*arguments)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result.stdout


@pytest.fixture(scope="module")
def made_by_us(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository with butler-core, which no test writes."""
    root = tmp_path_factory.mktemp("cli") / "ours"
    core_world.make(root)
    chain = ("collection-chain", root, "outer", f"{core_world.CHAIN},{core_world.TAGGED}")
    said(ours, *chain)
    calibration = (core_world.RUN_A, core_world.CALIB, "bias", "--begin-date", "2014-01-01")
    said(ours, "certify-calibrations", root, *calibration)
    with Butler(root, run=core_world.RUN_B) as butler:
        for visit in (903334, 904014):
            butler.put({"visit": visit}, "summary", instrument="HSC", visit=visit)
    return root


@pytest.fixture(scope="module")
def made_by_them(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository with LSST's command and Butler, which no test writes."""
    from lsst.daf.butler import Butler as TheirButler

    root = tmp_path_factory.mktemp("cli") / "theirs"
    said(theirs, "create", root)
    with TheirButler.from_config(str(root), writeable=True) as butler:
        for name in ("base", "datasets", "spatial", "ci_hsc-subset"):
            source = f"resource://lsst.daf.butler/tests/registry_data/{name}.yaml"
            butler.import_(filename=source, without_datastore=True)
    said(theirs, "register-dataset-type", root, "notes", "StructuredDataDict", "instrument")
    said(theirs, "collection-chain", root, "imported", "imported_r,imported_g")
    said(theirs, "associate", root, "tagged", "--collections", "imported_g", "-d", "bias")
    calibration = ("imported_g", "calib", "bias", "--begin-date", "2014-01-01")
    said(theirs, "certify-calibrations", root, *calibration)
    with TheirButler.from_config(str(root), run="notes") as butler:
        butler.put({"a": 1}, "notes", instrument="Cam1")
    return root


WHERE = "instrument IN ('HSC', 'Cam1') AND detector IN (1, 3..30)"
COLLECTIONS = [
    [],
    ["--chains", "TABLE"],
    ["--chains", "INVERSE-TABLE"],
    ["--chains", "inverse-tree"],
    ["--chains", "FLATTEN"],
    ["--chains", "NO-CHILDREN"],
    ["-t"],
    ["-t", "--exclude-dataset-types", "b*,calexp"],
    ["-t", "--chains", "TABLE"],
    ["-t", "--chains", "INVERSE-TABLE"],
    ["-t", "--chains", "INVERSE-TREE"],
    ["-t", "--chains", "FLATTEN"],
    ["--collection-type", "RUN"],
    ["--collection-type", "chained", "--collection-type", "TAGGED"],
    ["--chains", "TABLE", "--collection-type", "RUN"],
    ["*runs*,*a*"],
    ["nothing*"],
]
OTHERS = [
    ["query-dataset-types"],
    ["query-dataset-types", "-v"],
    ["query-dataset-types", "-v", "*a*", "*b*"],
    ["query-datasets"],
    ["query-datasets", "*a*", "--limit", "0"],
    ["query-datasets", "bias", "--order-by", "-detector", "--limit", "1"],
    ["query-datasets", "[sn][uo]*", "--show-uri"],
    ["query-datasets", "[nc]*"],
    *(
        ["query-dimension-records", element]
        for element in (
            "instrument", "skymap", "physical_filter", "band", "detector", "day_obs", "visit",
            "visit_detector_region", "tract", "patch",
        )
    ),
    ["query-dimension-records", "detector", "--order-by", "-full_name"],
    ["query-dimension-records", "detector", "--datasets", "bias", "--collections", "*"],
    ["query-dimension-records", "detector", "--where", WHERE],
    ["query-data-ids", "visit", "detector"],
    ["query-data-ids", "band", "--where", "physical_filter = 'HSC-R' AND instrument = 'HSC'"],
    ["query-data-ids", "--datasets", "bias", "--collections", "*r*"],
    ["query-data-ids", "detector", "--datasets", "bias", "--collections", "*", "--where", WHERE],
    ["query-data-ids", "visit", "--order-by", "-visit.name,instrument", "--limit", "3"],
    ["query-datasets", "bias", "--where", WHERE, "--collections", "*"],
    ["query-datasets", "*", "--where", WHERE, "--collections", "*"],
]  # fmt: skip


@pytest.mark.parametrize("maker", ["made_by_us", "made_by_them"])
def test_both_print_the_same(maker: str, request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue(maker)
    forms = COLLECTIONS if maker == "made_by_us" else COLLECTIONS[::3]
    commands = [["query-collections", *arguments] for arguments in forms] + OTHERS
    for command, *arguments in commands:
        mine, other = (said(run, command, root, *arguments) for run in (ours, theirs))
        if other.startswith("No results."):  # which butler-core says to the standard error
            other = ""
        if {"FLATTEN", "NO-CHILDREN"} & set(arguments) and "-t" not in arguments:
            mine, other = ("\n".join(sorted(text.splitlines())) for text in (mine, other))
        assert mine == other, f"{command} {arguments}"


@pytest.mark.parametrize("option", [(), ("--standalone",), ("--outfile", "elsewhere.yaml")])
@pytest.mark.parametrize(("maker", "other"), [(ours, theirs), (theirs, ours)])
def test_each_opens_what_the_other_creates(
    maker: Command, other: Command, option: tuple[str, ...], tmp_path: Path
) -> None:
    options = [str(tmp_path / text) if text.endswith(".yaml") else text for text in option]
    said(maker, "create", tmp_path / "new", *options)
    repo = options[-1] if "--outfile" in options else tmp_path / "new"
    kind = ("raw", "Exposure", "instrument", "exposure", "detector")
    said(other, "register-dataset-type", repo, *kind)
    assert said(ours, "query-dataset-types", repo, "-v") == said(
        theirs, "query-dataset-types", repo, "-v"
    )


@pytest.fixture(params=["made_by_us", "made_by_them"])
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the root of a repository of the test's own."""
    return Path(shutil.copytree(request.getfixturevalue(request.param), tmp_path / "copy"))


def state(root: Path) -> list[str]:
    """Return what both commands say of a repository, which must be the same."""
    texts = []
    for command in (ours, theirs):
        commands: tuple[list[str | Path], ...] = (
            ["query-collections", root, "--chains", "TABLE"],
            ["query-dataset-types", root, "-v"],
            ["query-datasets", root],
        )
        texts.append([said(command, *arguments) for arguments in commands])
    assert texts[0] == texts[1]
    return texts[0]


def test_both_change_a_repository_alike(copied: Path) -> None:
    """Do the same with each command on copies of one repository."""
    first = "HSC/runs/a" if (copied / "HSC").exists() else "imported_g"
    instrument = "HSC" if first.startswith("HSC") else "Cam1"
    chosen = ["-d", "b*", "--collections", first]
    programs = [
        ["register-dataset-type", "new", "StructuredDataDict", "detector", "--is-calibration"],
        ["collection-chain", "chain", "one", "two"],
        ["collection-chain", "--mode", "extend", "chain", first],
        ["collection-chain", "--mode", "pop", "chain"],
        ["associate", "best", *chosen, "--where", f"instrument = '{instrument}'"],
        ["certify-calibrations", first, "certified", "bias", "--end-date", "2020-01-01"],
        ["prune-datasets", first, "--purge", first, "--datasets", "bias", "--no-confirm"],
        ["prune-datasets", "--disassociate", "best", "--datasets", "*", "--no-confirm"],
        ["remove-collections", "best", "--no-confirm"],
        ["remove-collections", "certified", "--no-confirm"],
        ["remove-runs", first, "--no-confirm", "--force"],
    ]
    other = Path(shutil.copytree(copied, copied.parent / "other"))
    for command, root in ((ours, copied), (theirs, other)):
        for run in ("one", "two"):
            with Butler(root, run=run):
                pass
        for name, *arguments in programs:
            said(command, name, root, *arguments)
            if name == "certify-calibrations":
                assert "certified" in state(root)[0]
    assert state(copied) == state(other)


def test_an_export_of_ours_is_imported_by_theirs(made_by_us: Path, tmp_path: Path) -> None:
    chosen = ("--collections", "outer", "-d", "summary", "-t", "copy")
    said(ours, "export", made_by_us, tmp_path / "out", *chosen)
    roots = [tmp_path / "ours", tmp_path / "theirs"]
    for command, root in zip((ours, theirs), roots, strict=True):
        said(command, "create", root)
        said(command, "import", root, tmp_path / "out", "-t", "copy")
    assert state(roots[0]) == state(roots[1])
    assert "outer" in state(roots[1])[0]


def test_a_zip_file_of_ours_is_ingested_by_theirs(made_by_us: Path, tmp_path: Path) -> None:
    from lsst.daf.butler import Butler as TheirButler

    chosen = ("--collections", core_world.RUN_B, "-d", "summary", "--zip")
    path = said(ours, "retrieve-artifacts", made_by_us, tmp_path / "out", *chosen).strip()
    said(theirs, "create", tmp_path / "new")
    said(
        theirs, "register-dataset-type", tmp_path / "new", "summary", "StructuredDataDict", "visit"
    )
    said(theirs, "ingest-zip", tmp_path / "new", path, "--transfer-dimensions", "-t", "copy")
    with TheirButler.from_config(str(tmp_path / "new")) as butler:
        refs = butler.query_datasets("summary", core_world.RUN_B)
        assert sorted(butler.get(ref)["visit"] for ref in refs) == [903334, 904014]
    assert "No files are orphaned." in said(ours, "summary", tmp_path / "new")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["query-collections", "nope"], 1),
        (["query-datasets", "stats", "--collections", "nope"], 1),
        (["query-datasets", "notes"], 1),
        (["query-datasets", "n*"], 0),
        (["query-dimension-records", "nope"], 1),
        (["query-dimension-records", "subfilter"], 0),
        (["query-datasets", "stats", "--limt", "1"], 2),
        (["query-dataset"], 2),
        (["register-dataset-type", "x", "Nope"], 1),
        (["collection-chain", "x", "nope"], 1),
        (["collection-chain", "--mode", "remove", "x", "nope"], 1),
        (["remove-runs", core_world.RUN_A, "--no-confirm"], 1),
        (["remove-runs", core_world.RUN_A], 1),  # an end of input where an answer is asked for
        (["remove-runs", "nope*"], 0),
        (["remove-collections", core_world.TAGGED, "--no-confirm"], 1),
        (["remove-collections", "nope*", "--no-confirm"], 0),
        (["prune-datasets", core_world.RUN_A], 1),
        (["prune-datasets", "--purge", core_world.TAGGED], 1),
        (["certify-calibrations", "nope", "calib", "bias"], 1),
        (["export-calibs", "."], 1),
    ],
)
def test_both_end_with_the_same_status(made_by_us: Path, arguments: list[str], status: int) -> None:
    command, *others = arguments
    ends = [run(command, made_by_us, *others).exit_code for run in (ours, theirs)]
    assert ends == [status, status]


def test_each_option_of_theirs_is_one_of_ours() -> None:
    from lsst.daf.butler.cli.butler import cli

    context = click.Context(main)
    for name in sorted({*main.list_commands(context)} - {"export", "summary"}):
        mine, other = main.get_command(context, name), cli.get_command(context, name)
        assert mine is not None
        assert other is not None, name
        spelled, known = (
            {spelling for one in command.params for spelling in (*one.opts, *one.secondary_opts)}
            for command in (mine, other)
        )
        headings = "--option-section-"
        options = {one for one in known if one.startswith("-") and not one.startswith(headings)}
        assert options <= spelled, f"{name}: {options - spelled}"
        positions = [
            [(one.nargs, one.required) for one in command.params if isinstance(one, click.Argument)]
            for command in (mine, other)
        ]
        assert positions[0] == positions[1], name
    groups = (
        {spelling for one in group.params for spelling in (*one.opts, *one.secondary_opts)}
        for group in (cli, main)
    )
    assert not next(groups) - next(groups)
