"""The metadata of an exposure: the cards of its primary HDU, in order and with comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from astropy.io import fits

from .cards import card_text, make_card

__all__ = ["PropertyList"]

_OF_THE_FILE = re.compile(
    r"(SIMPLE|BITPIX|NAXIS\d*|EXTEND|BZERO|BSCALE|AR_HDU|EXPINFO_V|ARCHIVE_ID_\w+|END|"
    r"(SKYWCS|PSF|PHOTOCALIB|DETECTOR|VALID_POLYGON|COADD_INPUTS|AP_CORR_MAP"
    r"|TRANSMISSION_CURVE|FILTER|SUMMARY_STATS)_ID)?$"
)


class PropertyList(MutableMapping[str, Any]):
    """An ordered mapping of header keywords to values, with comments.

    Parameters
    ----------
    values : `astropy.io.fits.Header` or `~collections.abc.Mapping`, optional
        What to begin with.  A header is kept as it is, so that cards that
        nobody changes are written as they were read.

    Notes
    -----
    Keywords that only describe the file (``BITPIX``, ``AR_HDU``, archive ids)
    are kept but not shown.  A keyword that the header repeats is shown once;
    `getArray` returns all its values, the others the last.
    """

    def __init__(self, values: fits.Header | Mapping[str, Any] | None = None) -> None:
        if isinstance(values, fits.Header):
            self._header = values
        else:
            self._header = fits.Header()
            for name, value in (values or {}).items():
                self[name] = value

    @property
    def header(self) -> fits.Header:
        """All cards, those that describe the file among them (`astropy.io.fits.Header`)."""
        return self._header

    def __getitem__(self, name: str) -> Any:
        values = self.getArray(name)
        if not values:
            from ..errors import nearest

            raise KeyError(f"the metadata have no {name!r}{nearest(name, self)}")
        return values[-1]

    def __setitem__(self, name: str, value: Any) -> None:
        comment: str | None = None
        if isinstance(value, tuple):
            value, comment = value
        if isinstance(value, list):
            self._header.remove(name, ignore_missing=True, remove_all=True)
            for each in value:
                self._header.append(_card(name, each, comment), end=True)
        elif self._present(name):
            card = _card(name, value, comment)
            self._header[name] = (card.value, card.comment) if comment else card.value
        else:
            self._header.append(_card(name, value, comment), end=True)

    def __delitem__(self, name: str) -> None:
        if not self._present(name):
            raise KeyError(name)
        self._header.remove(name, remove_all=True)

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for name in self._header:
            if name not in seen and not _OF_THE_FILE.match(name):
                seen.add(name)
                yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._present(name)

    def _present(self, name: str) -> bool:
        return bool(name) and name in self._header

    def getArray(self, name: str) -> list[Any]:
        """Return all values of a keyword, in the order of the header.

        Parameters
        ----------
        name : `str`
            The keyword, without regard to case.
        """
        if not self._present(name):
            return []
        if name.upper() in ("COMMENT", "HISTORY"):
            return [str(line) for line in self._header[name]]
        cards = (card for card in self._header.cards if card.keyword.upper() == name.upper())
        return [_value(card) for card in cards]

    def getScalar(self, name: str) -> Any:
        """Return the value of a keyword; the last, if there are more.

        Raises
        ------
        KeyError
            There is no such keyword.
        """
        return self[name]

    def set(self, name: str, value: Any, comment: str | None = None) -> None:
        """Set the value of a keyword, and its comment if one is given."""
        self[name] = value if comment is None else (value, comment)

    def add(self, name: str, value: Any, comment: str | None = None) -> None:
        """Add one more value to a keyword."""
        self._header.append(_card(name, value, comment), end=True)

    def exists(self, name: str) -> bool:
        """Return whether there is such a keyword."""
        return self._present(name)

    def remove(self, name: str) -> None:
        """Remove a keyword; it need not be there."""
        if self._present(name):
            del self[name]

    def getComment(self, name: str) -> str:
        """Return the comment of a keyword."""
        return str(self._header.comments[name])

    def names(self, topLevelOnly: bool = True) -> list[str]:
        """Return the keywords, in order.

        Parameters
        ----------
        topLevelOnly : `bool`
            Ignored: FITS keywords have no levels.
        """
        return list(self)

    getOrderedNames = names
    paramNames = names

    def toDict(self) -> dict[str, Any]:
        """Return keywords and values; a list where a keyword is repeated."""
        return {name: _single(self.getArray(name)) for name in self}

    toOrderedDict = toDict

    def copy(self) -> PropertyList:
        """Return a copy."""
        return PropertyList(self._header.copy())

    deepCopy = copy

    def toString(self) -> str:
        """Return the metadata as text, one line for each value."""
        return "".join(f"{name} = {_shown(value)}\n" for name, value in self.items())

    def __str__(self) -> str:
        """Return the cards as a FITS header shows them, a line for each."""
        lines = []
        for card in self._header.cards:
            if not _OF_THE_FILE.match(card.keyword):
                text = card_text(card)
                lines += [text[start : start + 80].rstrip() for start in range(0, len(text), 80)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"PropertyList({len(self)} keywords)"


def _card(name: str, value: Any, comment: str | None) -> fits.Card:
    keyword = name.upper() if len(name) <= 8 else name
    return make_card(keyword, value, comment or "")


def _value(card: fits.Card) -> Any:
    """Return the value of a card; its text, where that is no value of FITS."""
    try:
        value = card.value
    except fits.VerifyError:
        return card_text(card)[10:].strip()
    return None if isinstance(value, fits.Undefined) else value


def _single(values: Iterable[Any]) -> Any:
    found = list(values)
    return found[0] if len(found) == 1 else found


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
