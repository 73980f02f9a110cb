"""Single cards of FITS headers."""

from __future__ import annotations

import re
from typing import Any

from astropy.io import fits

__all__ = ["card_text", "make_card"]

_CARD_LENGTH = 80
_COMMENT_COLUMN = 30


def card_text(card: fits.Card) -> str:
    """Return the text of a card, of 80 characters or a multiple, as it was read.

    Notes
    -----
    The public ``image`` of a card corrects what is not standard.  A card that
    nobody changed keeps its text in an attribute that is not public; where an
    astropy has no such attribute, the corrected text stands in.
    """
    text = getattr(card, "_image", None)
    if text and not getattr(card, "_modified", True) and len(text) % _CARD_LENGTH == 0:
        return str(text)
    return str(card.image)


def make_card(keyword: str, value: Any, comment: str = "") -> fits.Card:
    """Return a card; keywords that are too long or strange become HIERARCH cards.

    Parameters
    ----------
    keyword : `str`
        The keyword.
    value
        The value, of numpy's types too.
    comment : `str`
        The comment, cut where the card ends, as cfitsio cuts it.

    Raises
    ------
    ValueError
        No card can hold the value, such as NaN or a text that is not ASCII.
    """
    plain = re.fullmatch(r"[A-Z0-9_-]{0,8}", keyword) is not None
    name = keyword if plain else f"HIERARCH {keyword}"
    if hasattr(value, "item"):
        value = value.item()
    card = fits.Card(name, value)
    if not comment:
        return card
    used = len(card.image.rstrip())
    room = _CARD_LENGTH - max(used, _COMMENT_COLUMN) - len(" / ")
    if room > 0:
        card.comment = comment[:room]
    return card
