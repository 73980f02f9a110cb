"""The options of the pytest plugin."""

from __future__ import annotations

import pytest

DEFAULT_BUTLER = "butler_core"


def declare(parser: pytest.Parser) -> None:
    """Add the options of the suite; plain names are left to the projects that are tested."""
    group = parser.getgroup("conformance", "conformance of Butlers")
    group.addoption(
        "--butler",
        metavar="NAME",
        help=f"the Butler to judge: an installed name or package.module:factory "
        f"(default: {DEFAULT_BUTLER})",
    )
    group.addoption(
        "--with-butler",
        metavar="NAME",
        action="append",
        default=[],
        help="a Butler that shares repositories with the judged one in interop cases; may be given "
        "several times (default: the judged one itself)",
    )
    group.addoption(
        "--butler-registry",
        choices=("sqlite",),
        default="sqlite",
        help="the database of the repositories that are made (default: %(default)s)",
    )
    group.addoption(
        "--butler-repo",
        metavar="PATH",
        help="a ci_hsc repository that is there; else one is made for the run",
    )
    group.addoption("--butler-report", metavar="DIR", help="write the reports of the run into DIR")
    group.addoption(
        "--butler-subfolder",
        metavar="NAME",
        default="",
        help="the subfolder of this Butler's pictures, where a report holds several",
    )
    group.addoption(
        "--butler-suite",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder with requirements, cases, … of your own beside the suite's",
    )
    group.addoption(
        "--butler-deviations",
        metavar="FILE",
        action="append",
        default=[],
        help="what is known of the Butler, in a file that is named as it is: NAME.yaml",
    )
    group.addoption(
        "--butler-only",
        metavar="CASE",
        action="append",
        default=[],
        help="try these cases of the suite alone: an id, a requirement, or a pattern such as COL-*",
    )
    group.addoption(
        "--butler-fault",
        metavar="NAME",
        default="",
        help="put a fault in front of the Butler: the run shows which cases turn red",
    )
    group.addoption(
        "--butler-profile",
        choices=("dev", "ci", "nightly"),
        default="ci",
        help="how hard properties are tried (default: %(default)s)",
    )
    group.addoption(
        "--butler-seed",
        type=int,
        default=0,
        metavar="N",
        help="where the chance of properties begins (default: %(default)s)",
    )
