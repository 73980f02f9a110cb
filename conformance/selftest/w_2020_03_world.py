"""A small repository for the tests of the dialect of 2020."""

from __future__ import annotations

from pathlib import Path

from butler_core import Butler, CollectionType, DatasetType

OUTPUT = "shared/ci_hsc_output"
VISIT = 903334
DETECTORS = (1, 22)
TYPES: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "calexp": (("instrument", "visit", "detector"), "ExposureF", False),
    "src": (("instrument", "visit", "detector"), "StructuredDataDict", False),
    "stats": (("instrument", "visit", "detector"), "StructuredDataDict", False),
    "raw": (("instrument", "exposure", "visit", "detector"), "Exposure", False),
    "bias": (("instrument", "detector"), "ExposureF", True),
    "flat": (("instrument", "detector", "physical_filter"), "MaskedImageF", True),
    "coadd": (("skymap", "tract", "patch", "band"), "StructuredDataDict", False),
    "odd": (("instrument",), "Box2I", False),
}


def build(root: Path) -> Path:
    """Make the repository.

    `src` of both detectors is stored, that of detector 22 once more in the run
    ``rerun``; `calexp`, `raw` and `bias` are registered without files.
    """
    Butler.makeRepo(root)
    with Butler(root, run=OUTPUT) as butler:
        registry = butler.registry
        registry.insertDimensionData(
            "instrument",
            {"name": "HSC", "class_name": "x.HSC", "visit_max": 21474800}
            | {"exposure_max": 21474800, "detector_max": 200},
        )
        for band in ("r", "i"):
            registry.insertDimensionData(
                "physical_filter",
                {"instrument": "HSC", "name": f"HSC-{band.upper()}", "band": band},
            )
        for detector in DETECTORS:
            registry.insertDimensionData(
                "detector", {"instrument": "HSC", "id": detector, "full_name": f"0_{detector:02d}"}
            )
        registry.insertDimensionData("day_obs", {"instrument": "HSC", "id": 20130617})
        registry.insertDimensionData("group", {"instrument": "HSC", "name": str(VISIT)})
        taken = {"instrument": "HSC", "physical_filter": "HSC-R", "day_obs": 20130617}
        registry.insertDimensionData("visit", {**taken, "id": VISIT, "name": f"HSCA{VISIT}00"})
        registry.insertDimensionData(
            "exposure", {**taken, "id": VISIT, "obs_id": f"HSCA{VISIT}00", "group": str(VISIT)}
        )
        registry.insertDimensionData(
            "visit_definition", {"instrument": "HSC", "visit": VISIT, "exposure": VISIT}
        )
        for name, (dimensions, storage_class, is_calibration) in TYPES.items():
            registry.registerDatasetType(
                DatasetType(
                    name,
                    dimensions,
                    storage_class,
                    universe=butler.dimensions,
                    isCalibration=is_calibration,
                )
            )
        registry.registerRun("shared/ci_hsc")
        registry.registerRun("raw/hsc")
        registry.registerRun("rerun")
        registry.registerRun("calib/hsc")
        registry.registerCollection("tagged", CollectionType.TAGGED)
        registry.registerCollection("chained", CollectionType.CHAINED)
        registry.setCollectionChain("chained", [OUTPUT])
        ids = [{"instrument": "HSC", "visit": VISIT, "detector": each} for each in DETECTORS]
        for data_id in ids:
            registry.associate("tagged", [butler.put({"n": data_id["detector"]}, "src", data_id)])
        butler.put({"n": 1022}, "src", ids[1], run="rerun")
        registry.insertDatasets("calexp", ids, run=OUTPUT)
        registry.insertDatasets("raw", [{**each, "exposure": VISIT} for each in ids], run="raw/hsc")
        registry.insertDatasets("bias", [{"instrument": "HSC", "detector": 22}], run="calib/hsc")
    return root
