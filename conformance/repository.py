"""The repository that cases run on: finding it, and knowing how large its images are."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conformance.notebook.facts import FULL, OUTPUT, QUARTER, Size

CALEXP = f"DATA/{OUTPUT}/calexp/r/HSC-R"


class RepositoryNotFoundError(Exception):
    """There is no repository where one was named."""


@dataclass(frozen=True, slots=True)
class CaseRepository:
    """A built ci_hsc repository.

    Attributes
    ----------
    folder
        The folder that holds ``DATA``.
    size
        The size of its images and catalogues.
    """

    folder: Path
    size: Size

    @property
    def root(self) -> Path:
        """The root of the repository, the folder of butler.yaml."""
        return self.folder / "DATA"

    @property
    def output(self) -> Path:
        """The folder of the output run."""
        return self.root / OUTPUT

    def file(self, dataset_type: str, visit: int, detector: int) -> Path:
        """Return the file of a dataset of an r-band visit, found without any Butler.

        Raises
        ------
        FileNotFoundError
            Raised where there is none, or more than one.
        """
        from conformance.oracles.files import single_file

        name = f"{dataset_type}_r_HSC-R_{visit}_{detector}_HSC_*"
        return single_file(self.output, f"{dataset_type}/r/HSC-R/{visit}/{name}/**/*.fits")


def locate(path: Path) -> CaseRepository:
    """Return the repository in a folder, or the folder's ``DATA`` subfolder.

    Raises
    ------
    RepositoryNotFoundError
        Raised where there is no butler.yaml.
    """
    folder = path.absolute()
    if (folder / "butler.yaml").is_file() and folder.name == "DATA":
        folder = folder.parent
    if not (folder / "DATA" / "butler.yaml").is_file():
        raise RepositoryNotFoundError(
            f"{path} holds no DATA/butler.yaml. Make a repository there with "
            f"`butler-conformance make-repo ci_hsc {path}`, or leave --repo out and one is made "
            "for the run."
        )
    repository = CaseRepository(folder, QUARTER)
    return CaseRepository(folder, FULL) if _is_full(repository) else repository


def build_once(folder: Path, make: Callable[[Path], object], patience: float = 600.0) -> Path:
    """Build a folder, or wait until another process that has begun has built it.

    Parameters
    ----------
    folder
        The folder to build; where it is there it is finished.
    make
        Called with an empty folder beside it, which is then renamed.
    patience
        Seconds to wait for another process.

    Raises
    ------
    TimeoutError
        Raised where the other process does not finish.
    """
    claim = folder.with_name(f"{folder.name}.claim")
    deadline = time.monotonic() + patience
    while not folder.is_dir():
        try:
            claim.mkdir(parents=True)
        except FileExistsError:
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"another process claims to build {folder}; if none does, remove {claim}"
                ) from None
            time.sleep(0.1)
            continue
        try:
            make(claim / folder.name)
            (claim / folder.name).rename(folder)
        finally:
            shutil.rmtree(claim)
    return folder


def _is_full(repository: CaseRepository) -> bool:
    from conformance.oracles.files import exposure_size

    try:
        path = repository.file("calexp", 903338, 25)
        return exposure_size(path) == (FULL.shape[1], FULL.shape[0])
    except (OSError, ValueError):  # missing, or no image
        return False
