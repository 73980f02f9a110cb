"""The adapter of Rubin's own Butler, as PyPI has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from conformance.implementations import Dialect, Drawn, ImplementationError
from conformance.implementations.capabilities import lacking_packages

INSTALL = "pip install 'butler-conformance[lsst]' (Python 3.11 to 3.13)"
WITHOUT_AFW = "lsst.afw, a part of the LSST stack that PyPI does not have, is not installed"


def _version() -> str:
    try:
        return version("lsst-daf-butler")
    except PackageNotFoundError as error:
        raise ImplementationError(f"lsst-daf-butler is not installed; {INSTALL}") from error


def _unsupported() -> dict[str, str]:
    lacking = lacking_packages()
    if find_spec("lsst.afw") is None:
        lacking |= dict.fromkeys(("display", "exposure", "source_catalog"), WITHOUT_AFW)
    return lacking


@dataclass(frozen=True)
class LsstDafButler:
    """`lsst.daf.butler`; with the LSST stack around it, images, catalogues and display as well."""

    name: str = "lsst_daf_butler"
    version: str = field(default_factory=_version)
    dialects: Mapping[str, Dialect] = field(
        default_factory=lambda: {"current": Dialect("lsst.daf.butler", "lsst.afw.display")}
    )
    unsupported: Mapping[str, str] = field(default_factory=_unsupported)

    def make_repository(self, root: Path) -> None:
        """Make an empty repository."""
        from lsst.daf.butler import Butler

        Butler.makeRepo(str(root))

    def open(self, root: Path, **arguments: Any) -> Any:
        """Open a repository."""
        from lsst.daf.butler import Butler

        return Butler.from_config(str(root), **arguments)

    def drawn(self, display: Any) -> Drawn:
        """Refuse: afwDisplay hands what it draws to its backend, and keeps no account of it."""
        raise NotImplementedError("lsst.afw.display keeps no account of what it has drawn")


implementation = LsstDafButler
