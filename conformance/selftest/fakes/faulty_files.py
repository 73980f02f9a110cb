"""Repositories whose files are wrong in one way."""

from __future__ import annotations

import shutil
from pathlib import Path

from conformance.notebook import facts
from conformance.selftest.fakes.faulty import file_fault


@file_fault("NB-04.w_2020_03")
def the_database_is_missing(data: Path) -> None:
    (data / "gen3.sqlite3").unlink()


@file_fault("NB-05.w_2020_03")
def there_is_a_folder_too_many(data: Path) -> None:
    (data / facts.OUTPUT / "rubbish").mkdir()


@file_fault("NB-07.w_2020_03")
def a_third_band_has_calexps(data: Path) -> None:
    (data / facts.OUTPUT / "calexp" / "g").mkdir()


@file_fault("NB-08.w_2020_03", "NB-05.current")
def one_visit_has_no_calexps(data: Path) -> None:
    shutil.rmtree(data / facts.OUTPUT / "calexp" / "r" / "HSC-R" / "903346")


@file_fault("NB-09.w_2020_03")
def files_have_the_names_of_april(data: Path) -> None:
    folder = data / facts.OUTPUT / "calexp" / "r" / "HSC-R" / "903338"
    for path in list(folder.iterdir()):
        path.rename(path.with_name(f"{path.name}_ci_hsc_output_20200403T11h48m46s"))
