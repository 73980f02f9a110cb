"""What is to be mended in files of deviations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from conformance.case import Case
from conformance.cases.mistakes import CaseFileError, Mistake
from conformance.deviations import reading
from conformance.deviations.known import known
from conformance.folders import suite_files
from conformance.style import faults_of_style

LONGEST_REASON = 200


def mistakes(folders: Sequence[Path], cases: Mapping[str, Case] | None) -> Iterator[Mistake]:
    """Yield what is wrong in the files of the suite and of others' folders.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own.
    cases
        The cases of the suite by id; None where they cannot be listed.
    """
    for path in suite_files("deviations", ".yaml", folders):
        try:
            entries = reading.read(path)
            if cases is not None:
                known(entries, cases, reading.ANY)
        except CaseFileError as error:
            yield from error.mistakes
            continue
        for entry in entries:
            for text in faults_of_style(entry.deviation.reason, LONGEST_REASON, is_sentence=True):
                yield Mistake(path, entry.line, f"the reason: {text}")
