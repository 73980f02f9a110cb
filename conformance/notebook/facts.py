"""What is known of the ci_hsc repository from LSST's own pages and outputs.

Sources: the README of testdata_ci_hsc (visits and detectors), the outputs that StackClub stored
with the notebook (dataset types and their dimensions), ci_hsc_gen3 at w.2020.03 (collections), and
the storage classes of daf_butler (components).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OUTPUT = "shared/ci_hsc_output"
FILLED_COLLECTIONS = frozenset(
    {"calib/hsc", "masks/hsc", "raw/hsc", "ref_cats", "shared/ci_hsc_output", "skymaps"}
)
ALL_COLLECTIONS = FILLED_COLLECTIONS | {"shared/ci_hsc"}

_DETECTORS = {
    ("r", 903334): (16, 22, 23, 100),
    ("r", 903336): (17, 24),
    ("r", 903338): (18, 25),
    ("r", 903342): (4, 10, 100),
    ("r", 903344): (0, 5, 11),
    ("r", 903346): (1, 6, 12),
    ("i", 903986): (16, 22, 23, 100),
    ("i", 903988): (16, 17, 23, 24),
    ("i", 903990): (18, 25),
    ("i", 904010): (4, 10, 100),
    ("i", 904014): (1, 6, 12),
}
VISIT_DETECTORS = frozenset(
    (visit, detector) for (_, visit), detectors in _DETECTORS.items() for detector in detectors
)
R_VISITS = sorted(visit for band, visit in _DETECTORS if band == "r")
FILE_DATASET_TYPES = ["calexp", "deepCoadd_calexp", "icSrc", "src"]
FIRST_SOURCE_ID = (903334 * 200 + 22 << 32) + 1

_V = ("abstract_filter", "instrument", "detector", "physical_filter", "visit")
_P = ("abstract_filter", "skymap", "tract", "patch")
_T = ("skymap", "tract", "patch")
_W = ("abstract_filter", "instrument", "skymap", "physical_filter", "tract", "patch", "visit")
_F = (
    "abstract_filter",
    "instrument",
    "skymap",
    "detector",
    "physical_filter",
    "tract",
    "visit",
)
_C = ("instrument", "calibration_label")
_CD = ("instrument", "calibration_label", "detector")
_CF = ("abstract_filter", "instrument", "calibration_label", "physical_filter")
_CDF = ("abstract_filter", "instrument", "calibration_label", "detector", "physical_filter")

_GROUPS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (_V, "ExposureF", "postISRCCD icExp calexp"),
    (_V, "SourceCatalog", "icSrc src"),
    (_V, "Background", "icExpBackground calexpBackground"),
    (_V, "Catalog", "srcMatch srcMatchFull"),
    (_V, "PropertyList", "isr_metadata charImage_metadata calibrate_metadata"),
    ((*_V, "exposure"), "Exposure", "raw"),
    (_W, "ExposureF", "deepCoadd_directWarp deepCoadd_psfMatchedWarp"),
    (_W, "PropertyList", "makeWarpTask_metadata"),
    (_P, "ExposureF", "deepCoadd deepCoadd_calexp"),
    (_P, "ImageU", "deepCoadd_nImage"),
    (_P, "Background", "deepCoadd_calexp_background"),
    (
        _P,
        "SourceCatalog",
        "deepCoadd_det deepCoadd_meas deepCoadd_deblendedFlux deepCoadd_forced_src",
    ),
    (_P, "Catalog", "deepCoadd_measMatch deepCoadd_measMatchFull"),
    (_P, "ObjectMaskCatalog", "brightObjectMask"),
    (
        _P,
        "PropertyList",
        "assembleCoadd_metadata detection_metadata deblend_metadata measure_metadata "
        "forcedPhotCoadd_metadata",
    ),
    (_T, "SourceCatalog", "deepCoadd_mergeDet deepCoadd_ref"),
    (_T, "PropertyList", "mergeDetections_metadata mergeMeasurements_metadata"),
    (_F, "SourceCatalog", "forced_src"),
    (_F, "PropertyList", "forcedPhotCcd_metadata"),
    (_F, "PhotoCalib", "jointcal_photoCalib"),
    (_F, "Wcs", "jointcal_wcs"),
    (("skymap",), "SkyMap", "deepCoadd_skyMap"),
    (("htm7",), "SimpleCatalog", "ps1_pv3_3pi_20170110"),
    (("instrument",), "TransmissionCurve", "transmission_atmosphere"),
    (_C, "Camera", "camera"),
    (_C, "NumpyArray", "bfKernel"),
    (_C, "TransmissionCurve", "transmission_optics"),
    (_CD, "TransmissionCurve", "transmission_sensor"),
    (_CD, "Defects", "defects"),
    (_CD, "ExposureF", "bias dark"),
    (_CF, "TransmissionCurve", "transmission_filter"),
    (_CDF, "ExposureF", "flat sky"),
)

_COMPONENTS = {
    "image": "ImageF",
    "mask": "MaskX",
    "variance": "ImageF",
    "wcs": "Wcs",
    "psf": "Psf",
    "photoCalib": "PhotoCalib",
    "visitInfo": "VisitInfo",
    "apCorrMap": "ApCorr",
    "coaddInputs": "CoaddInputs",
    "transmissionCurve": "TransmissionCurve",
    "metadata": "PropertyList",
}
_IMPLIED = {
    "abstract_filter": "physical_filter",
    "physical_filter": "visit",
}
_TODAY = {"abstract_filter": "band"}


@dataclass(frozen=True, slots=True)
class KnownType:
    """A dataset type of the repository, in the words of January 2020.

    Attributes
    ----------
    dimensions
        In the order of the universe of that time.
    """

    name: str
    dimensions: tuple[str, ...]
    storage_class: str

    @property
    def printed(self) -> str:
        """How the type printed itself in January 2020."""
        dimensions = ", ".join(self.dimensions)
        return f"DatasetType({self.name}, {{{dimensions}}}, {self.storage_class})"

    @property
    def is_calibration(self) -> bool:
        """Whether the type has a validity range, which was a dimension then."""
        return "calibration_label" in self.dimensions

    @property
    def required_today(self) -> frozenset[str]:
        """The dimensions that a data ID must name today."""
        return frozenset(
            _TODAY.get(name, name)
            for name in self.dimensions
            if name != "calibration_label" and _IMPLIED.get(name) not in self.dimensions
        )


def _known_types() -> Iterator[KnownType]:
    for dimensions, storage_class, names in _GROUPS:
        for name in names.split():
            yield KnownType(name, dimensions, storage_class)


DATASET_TYPES = tuple(sorted(_known_types(), key=lambda known: known.name))
COMPONENT_NAMES = frozenset(
    f"{known.name}.{component}"
    for known in DATASET_TYPES
    if known.storage_class in ("ExposureF", "Exposure")
    for component in _COMPONENTS
)
CALEXP_COMPONENTS = frozenset(
    KnownType(f"calexp.{component}", _V, storage_class).printed
    for component, storage_class in _COMPONENTS.items()
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the images of a repository are.

    Attributes
    ----------
    name
        ``quarter`` or ``full``.
    shape
        (height, width) of a calexp in pixels.
    sources
        Rows of the src of visit 903334, detector 22.
    """

    name: str
    shape: tuple[int, int]
    sources: int


QUARTER = Size("quarter", (1044, 512), 56)
FULL = Size("full", (4176, 2048), 894)
