"""Exposures written to FITS files, in the layout of afw.

Notes
-----
The empty primary HDU holds the cards of the visit, then where the archive is
and the number of each component there.  Image, mask and variance follow, then
the archive: its index and its tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from astropy.io import fits

from .archive import Archive
from .archive_write import ArchiveBuilder
from .archived import ArchivedObject
from .carried import Carried, RawHdu
from .detector import Detector
from .exposure import Exposure
from .exposure_info import ARCHIVE_KEYS, ExposureInfo
from .fits_cards import place_of, remove, set_card
from .fits_image import masked_hdus
from .fits_planes import empty_primary, plane_header, write_hdus
from .image import ImageBase
from .persist import persist
from .tile_compression import find_recipe
from .wcs import SkyWcs

__all__ = ["write_exposure"]

_FORMAT_VERSION = 2
_HDUS_BEFORE_ARCHIVE = 4
_VISIT_KEYWORDS = (
    "EXPTIME",
    "DARKTIME",
    "DATE-AVG",
    "TIMESYS",
    "AVG-ERA",
    "BORE-RA",
    "BORE-DEC",
    "BORE-AZ",
    "BORE-ALT",
    "BORE-AIRMASS",
    "BORE-ROTANG",
    "ROTTYPE",
    "OBS-LONG",
    "OBS-LAT",
    "OBS-ELEV",
    "AIRTEMP",
    "AIRPRESS",
    "HUMIDITY",
    "FOCUSZ",
    "INSTRUMENT",
    "OBSTYPE",
    "PROGRAM",
    "REASON",
    "OBJECT",
    "IDNUM",
    "HAS-SIMULATED-CONTENT",
)


def write_exposure(exposure: Exposure, path: str | Path, recipe: str = "default") -> None:
    """Write an exposure.

    Parameters
    ----------
    exposure : `Exposure`
        The exposure.  What it was read with and nobody changed is written as
        it was.
    path : `str` or `~pathlib.Path`
        The file; one that is there is replaced.
    recipe : `str`
        A name of `RECIPES`: ``default`` compresses without loss,
        ``noCompression`` not at all, ``lossy16`` with loss.

    Raises
    ------
    ValueError
        There is no such recipe, or a value that no card can hold.
    TypeError
        A component is of a class that cannot be written.

    Notes
    -----
    The same exposure gives the same bytes: no card tells when it was written.
    """
    chosen = find_recipe(recipe)
    info = exposure.getInfo()
    carried = exposure.carried or Carried()
    archive, numbers = _archive_of(info)
    position = info.archive.position if info.archive is not None else 0
    primary = _primary(info, numbers, _HDUS_BEFORE_ARCHIVE + position + 1 if archive else None)
    unit = info.metadata.get("BUNIT")
    units = {"IMAGE": unit, "VARIANCE": None if unit is None else f"{unit}**2"}

    def header(plane: ImageBase, kind: str) -> fits.Header:
        return plane_header(
            plane,
            kind,
            unit=units.get(kind),
            wcs=info.wcs,
            replace_wcs=not _states(plane.header, info.wcs),
        )

    write_hdus(
        path,
        [
            empty_primary(primary),
            *masked_hdus(exposure.maskedImage, chosen, header),
            *carried.others[:position],
            *archive,
            *carried.others[position:],
        ],
    )


def _states(header: fits.Header | None, wcs: SkyWcs | None) -> bool:
    """Return whether the cards that a plane was read with state a WCS."""
    if header is None:
        return False
    try:
        stated = SkyWcs.from_header(header, place_of(header))
    except Exception:
        # Cards that make no WCS state none. wcslib's exceptions have no public common base.
        return False
    return stated == wcs


def _archive_of(info: ExposureInfo) -> tuple[tuple[RawHdu, ...], dict[str, int]]:
    """Return the HDUs of the archive and the number of each component by its key."""
    builder = ArchiveBuilder(_base_of(info))
    numbers: dict[str, int] = {}
    for key, name in ARCHIVE_KEYS.items():
        component = getattr(info, name)
        if component is None or (isinstance(component, Detector) and component.archived is None):
            continue
        archived = _archived(component)
        number: int | None
        if archived is not None:
            number = archived.archive_id
        elif info.as_read.get(name) is component:
            # Without a number there it came from cards, which say it again.
            number = info.archive_numbers.get(key)
        else:
            number = persist(builder, component)
        if number is not None:
            numbers[key] = number
    return builder.build(), numbers


def _base_of(info: ExposureInfo) -> Archive | None:
    """Return the archive that a new one begins with.

    Raises
    ------
    TypeError
        The components come from archives of more than one file.
    """
    bases = [] if info.archive is None else [info.archive]
    for name in ARCHIVE_KEYS.values():
        archived = _archived(getattr(info, name))
        if archived is not None and all(archived.archive is not base for base in bases):
            bases.append(archived.archive)
    if len(bases) > 1:
        sources = ", ".join(base.source for base in bases)
        raise TypeError(
            f"the components of the exposure come from the archives of several files ({sources}), "
            "and an archive cannot be taken apart; take them from one file"
        )
    return bases[0] if bases else None


def _archived(component: Any) -> ArchivedObject | None:
    if isinstance(component, Detector):
        component = component.archived
    return component if isinstance(component, ArchivedObject) else None


def _primary(info: ExposureInfo, numbers: dict[str, int], archive_hdu: int | None) -> fits.Header:
    """Return the cards of the primary HDU."""
    header = info.metadata.header.copy()
    remove(header, ["BUNIT"])
    set_card(header, "EXPINFO_V", _FORMAT_VERSION)
    if archive_hdu is None:
        remove(header, ["AR_HDU"])
    else:
        comment = "HDU (1-indexed) containing the archive used to store ancillary objects"
        set_card(header, "AR_HDU", archive_hdu, comment)
    for key in ARCHIVE_KEYS:
        keywords = (f"{key}_ID", f"ARCHIVE_ID_{key}")
        if key not in numbers:
            remove(header, keywords)
            continue
        for keyword in keywords:
            comment = f"archive ID for generic component '{key}'"
            set_card(header, keyword, numbers[key], comment)
    if info.detector is not None:
        set_card(header, "DETNAME", info.detector.getName())
        set_card(header, "DETSER", info.detector.getSerial())
    else:
        remove(header, ["DETNAME", "DETSER"])
    if info.visitInfo is not info.as_read.get("visitInfo"):
        _set_visit(header, info)
    if info.id is not None:
        set_card(header, "EXPID", info.id)
    else:
        remove(header, ["EXPID"])
    return header


def _set_visit(header: fits.Header, info: ExposureInfo) -> None:
    cards = [] if info.visitInfo is None else list(info.visitInfo.cards())
    stated = {keyword for keyword, _, _ in cards}
    remove(header, (keyword for keyword in _VISIT_KEYWORDS if keyword not in stated))
    for keyword, value, comment in cards:
        set_card(header, keyword, value, comment)
