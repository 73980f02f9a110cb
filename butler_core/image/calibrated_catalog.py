"""Catalogues with calibrated fluxes and magnitudes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from .catalog import BaseCatalog
from .schema import Field, Schema

if TYPE_CHECKING:
    from .photo_calib import PhotoCalib

__all__ = ["CatalogT", "calibrated_catalog"]

CatalogT = TypeVar("CatalogT", bound=BaseCatalog)
"""Catalogues of any kind."""

_INST_FLUX = "_instFlux"


def calibrated_catalog(
    photo_calib: PhotoCalib, catalog: CatalogT, stems: Sequence[str] | None
) -> CatalogT:
    """Return a catalogue with more columns; see `PhotoCalib.calibrateCatalog`."""
    if stems is None:
        stems = [name.removesuffix(_INST_FLUX) for name in catalog.columns if _is_flux(name)]
    fields = dict(catalog.schema.fields)
    columns: dict[str, npt.NDArray[Any]] = {n: c.copy() for n, c in catalog.columns.items()}
    for stem in (stem.removesuffix(_INST_FLUX) for stem in stems):
        counts = np.asarray(catalog[f"{stem}{_INST_FLUX}"], dtype=np.float64)
        made = [
            ("flux", "nJy", "calibrated flux", photo_calib.instFluxToNanojansky(counts)),
            ("mag", "mag", "calibrated AB magnitude", photo_calib.instFluxToMagnitude(counts)),
        ]
        if f"{stem}{_INST_FLUX}Err" in catalog:
            errors = np.asarray(catalog[f"{stem}{_INST_FLUX}Err"], dtype=np.float64)
            flux = photo_calib.instFluxToNanojansky(counts, errors)
            magnitude = photo_calib.instFluxToMagnitude(counts, errors)
            made.insert(1, ("fluxErr", "nJy", "standard deviation of flux", flux.error))
            made.append(("magErr", "mag", "standard deviation of mag", magnitude.error))
        for ending, unit, doc, values in made:
            name = f"{stem}_{ending}"
            columns[name] = np.asarray(values, dtype=np.float64)
            fields[name] = Field(name, "Scalar", np.dtype(np.float64), doc, unit)
    return catalog.of_columns(Schema(fields.values(), catalog.aliases.copy()), columns)


def _is_flux(name: str) -> bool:
    return name.endswith(_INST_FLUX)
