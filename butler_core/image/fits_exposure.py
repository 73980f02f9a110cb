"""Exposures read from FITS files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from astropy.io import fits

from ..errors import DatasetReadError, UnknownComponentError, nearest
from .archive import Archive
from .box import Box2I
from .carried import Carried, RawHdu
from .detector import Detector
from .exposure import COMPONENTS, Exposure
from .exposure_info import ARCHIVE_KEYS, ExposureInfo
from .filter_label import FilterLabel
from .fits_cards import place_of, split_primary
from .fits_file import BROKEN, FitsFile, open_fits
from .fits_image import image_plane, mask_plane, masked_planes
from .fits_planes import Window, check_type, first_plane
from .persist import restore
from .photo_calib import NANOJANSKY_AT_ZERO_MAGNITUDE, PhotoCalib
from .property_list import PropertyList
from .visit_info import VisitInfo
from .wcs import SkyWcs

__all__ = ["read_exposure"]

_PLANES = {"image": "IMAGE", "mask": "MASK", "variance": "VARIANCE"}


def read_exposure(
    path: str | Path,
    component: str | None = None,
    bbox: Box2I | None = None,
    *,
    local: bool = False,
) -> Any:
    """Read an exposure, or one component of it.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.
    component : `str`, optional
        One of `COMPONENTS`, or ``maskedImage``; only what it needs is read.
    bbox : `Box2I`, optional
        The part of the pixels to read, in parent coordinates.
    local : `bool`
        The box counts from the corner of the image instead.

    Returns
    -------
    exposure : `Exposure`
        Or the component.  What the file holds and no class here models is an
        `ArchivedObject`.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    UnknownComponentError
        An exposure has no such component.
    DatasetReadError
        The file holds no exposure, or is truncated.
    BoxError
        The box reaches out of the image.
    """
    if component is not None and component not in (*COMPONENTS, "maskedImage"):
        raise UnknownComponentError(
            f"an exposure has no component {component!r}{nearest(component, COMPONENTS)}; "
            f"it has {', '.join(COMPONENTS)}"
        )
    with open_fits(path) as file:
        reader = _ExposureReader(file)
        if component is None:
            return reader.exposure(bbox, local)
        if component == "maskedImage":
            return masked_planes(file, bbox, local=local)
        if component in _PLANES:
            return reader.plane(component, bbox, local)
        if component in ("bbox", "dimensions", "xy0"):
            window = Window(file, reader.first, bbox, local=local)
            return {
                "bbox": window.box,
                "dimensions": window.box.dimensions,
                "xy0": window.box.min,
            }[component]
        return reader.component(component)


class _ExposureReader:
    """Finds the components of an exposure in an open file."""

    def __init__(self, file: FitsFile) -> None:
        self.file = file
        self.first = first_plane(file)
        if not file.has(self.first) or not file.is_image(self.first):
            raise DatasetReadError(
                f"{file.path} is no exposure: neither of its first two HDUs holds an image"
            )

    @cached_property
    def primary(self) -> fits.Header:
        """The cards of the file."""
        header = self.file.header(0)
        return split_primary(header)[0] if self.first == 0 else header

    @cached_property
    def image_header(self) -> fits.Header:
        """The cards of the image."""
        return self.file.header(self.first)

    @cached_property
    def others(self) -> tuple[RawHdu, ...]:
        """The HDUs after the pixels."""
        return self.file.raw_from(self.first + 3)

    @cached_property
    def archive(self) -> Archive | None:
        """The archive of the file."""
        stated = self.primary.get("AR_HDU")
        if stated is None:
            return None
        position = int(stated) - 1 - (self.first + 3)
        if not 0 <= position < len(self.others):
            raise DatasetReadError(
                f"{self.file.path} is truncated: its archive is in HDU {int(stated) - 1}, "
                f"but it has {len(self.file)} HDUs"
            )
        count = int(self.others[position].parse_header().get("AR_NCAT", 0))
        if count < 1 or position + count > len(self.others):
            raise DatasetReadError(
                f"{self.file.path} is truncated: its archive has {count} HDUs, "
                f"of which {len(self.others) - position} are there"
            )
        hdus = self.others[position : position + count]
        return Archive(hdus, source=str(self.file.path), position=position)

    def plane(self, name: str, bbox: Box2I | None, local: bool) -> Any:
        """Return image, mask or variance."""
        window = Window(self.file, self.first, bbox, local=local)
        index = self.first + list(_PLANES).index(name)
        if not self.file.has(index) or not self.file.is_image(index):
            raise DatasetReadError(f"{self.file.path} has no {_PLANES[name]} in HDU {index}")
        check_type(self.file, index, _PLANES[name])
        read = mask_plane if name == "mask" else image_plane
        return read(self.file, index, window)

    def component(self, name: str) -> Any:
        """Return a component that is no pixels."""
        made: dict[str, Callable[[], Any]] = {
            "wcs": self._wcs,
            "metadata": self._metadata,
            "visitInfo": lambda: VisitInfo.from_header(self.primary),
            "id": lambda: self.primary.get("EXPID"),
            "filter": self._filter,
            "photoCalib": self._photo_calib,
            "detector": self._detector,
        }
        try:
            return made[name]() if name in made else self._archived(name)
        except DatasetReadError:
            raise
        except BROKEN as cause:
            raise DatasetReadError(f"{self.file.path}: cannot read the {name}: {cause}") from cause

    def exposure(self, bbox: Box2I | None, local: bool) -> Exposure:
        """Return the whole exposure."""
        masked_image = masked_planes(self.file, bbox, local=local)
        if self.first == 0:
            masked_image.image.header = split_primary(self.file.header(0))[1]
        archive = self.archive
        kept = self.others
        if archive is not None:
            kept = kept[: archive.position] + kept[archive.position + len(archive.hdus) :]
        masked_image.carried = Carried(None, kept)
        names = [*ARCHIVE_KEYS.values(), "metadata", "visitInfo", "id"]
        components = {name: self.component(name) for name in names}
        info = ExposureInfo(**components)
        info.archive = archive
        info.as_read = {name: getattr(info, name) for name in components}
        info.archive_numbers = {
            key: number
            for key, name in ARCHIVE_KEYS.items()
            if (number := self._archive_id(name)) is not None
        }
        return Exposure(masked_image, info=info)

    def _archive_id(self, component: str) -> int | None:
        key = next(key for key, name in ARCHIVE_KEYS.items() if name == component)
        stated = self.primary.get(f"ARCHIVE_ID_{key}", self.primary.get(f"{key}_ID"))
        return int(stated) if stated else None

    def _archived(self, component: str) -> Any:
        number = self._archive_id(component)
        archive = self.archive
        if number is None or archive is None:
            return None
        try:
            return restore(archive, number)
        except DatasetReadError:
            raise
        except (*BROKEN, yaml.YAMLError) as cause:
            raise DatasetReadError(
                f"{self.file.path}: cannot read the {component} in the archive: {cause}"
            ) from cause

    def _wcs(self) -> SkyWcs | None:
        try:
            return SkyWcs.from_header(self.image_header, place_of(self.image_header))
        except Exception as cause:
            # wcslib has a dozen exception classes of its own, without a public common base.
            raise DatasetReadError(f"{self.file.path}: cannot read the WCS: {cause}") from cause

    def _metadata(self) -> PropertyList:
        cards = self.primary.copy()
        unit = self.image_header.get("BUNIT")
        if unit is not None and "BUNIT" not in cards:
            cards["BUNIT"] = unit
        return PropertyList(cards)

    def _filter(self) -> FilterLabel | None:
        archived = self._archived("filter")
        if isinstance(archived, FilterLabel):
            return archived
        stated = self.primary.get("FILTER")
        return None if stated is None else FilterLabel(physical=str(stated).strip())

    def _photo_calib(self) -> Any:
        archived = self._archived("photoCalib")
        at_zero = self.primary.get("FLUXMAG0")
        if archived is not None or not at_zero:
            return archived
        mean = NANOJANSKY_AT_ZERO_MAGNITUDE / float(at_zero)
        error = mean * float(self.primary.get("FLUXMAG0ERR", 0.0)) / float(at_zero)
        return PhotoCalib(mean, error)

    def _detector(self) -> Detector | None:
        archived = self._archived("detector")
        if archived is not None:
            return archived if isinstance(archived, Detector) else None
        name = self.primary.get("DETNAME")
        if name is None:
            return None
        number = self.primary.get("DET-ID")
        return Detector(
            str(name).strip(),
            number if isinstance(number, int) and not isinstance(number, bool) else None,
            str(self.primary.get("DETSER", "")).strip(),
        )
