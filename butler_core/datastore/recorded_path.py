"""What a record says of where a dataset is: a file, and perhaps a member of it."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import unquote

__all__ = ["IN_ZIP", "RecordedPath", "file_of", "place_of_zip"]

IN_ZIP: Final = "#zip-path="
"""What stands between a Zip file and its member."""


def file_of(recorded: str) -> str:
    """Return the file that a record names, without the member of it."""
    return recorded.partition(IN_ZIP)[0]


def place_of_zip(name: str) -> str:
    """Return the path, relative to the root, of a Zip file of a name, as LSST's Butler has it."""
    return f"zips/{name[:4]}/{name}"


class RecordedPath(NamedTuple):
    """A file, and perhaps a member of it, as LSST's Butler records it: ``a.zip#zip-path=b.yaml``.

    Many datasets may be in one file, each a member of its own.
    """

    file: str
    """Path relative to the root, or an absolute URI."""

    member: str | None = None
    """The member of the Zip file, with some of its characters quoted."""

    @classmethod
    def parse(cls, recorded: str) -> RecordedPath:
        """Make one of what is recorded."""
        file, marker, member = recorded.partition(IN_ZIP)
        return cls(file, member if marker else None)

    @classmethod
    def of_member(cls, file: str, name: str) -> RecordedPath:
        """Make one of a member by its name.

        LSST's Butler quotes nothing when it records a member, but unquotes
        what it reads, and takes a second ``#`` for the begin of the member.
        """
        return cls(file, name.replace("%", "%25").replace("#", "%23"))

    @property
    def name(self) -> str:
        """The name that the file has for who reads it: that of the member, if it is one."""
        return self.file if self.member is None else unquote(self.member)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the member may have in the file, the likelier first."""
        if self.member is None:
            return ()
        return tuple(dict.fromkeys((unquote(self.member), self.member)))

    @property
    def fragment(self) -> str:
        """What stands after the ``#`` in a URI."""
        return "" if self.member is None else f"{IN_ZIP[1:]}{self.member}"

    def __str__(self) -> str:
        return self.file if self.member is None else f"{self.file}{IN_ZIP}{self.member}"
