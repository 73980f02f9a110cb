"""The suite's own pictures of plain arrays, which need no exposure and no display."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.pictures.declaring import picture


@picture("PIC-05.arrays", "Arrays that were put and got", layers=["pixels"], capabilities=())
def arrays(api: Any, display: Any, root: Path) -> Any:
    """Put the numbers of four small images, get them, and show them side by side."""
    import tempfile

    import matplotlib.pyplot as plt
    import numpy as np

    row, column = np.mgrid[:32, :32]
    distance = np.hypot(column - 12.25, row - 20.5)
    images = {
        1: np.exp(-((distance / 6) ** 2)),  # a star
        2: (row + 2 * column) / 93,  # a gradient
        3: np.where((row // 4 + column // 8) % 2, 0.75, 0.25),  # tiles, not square ones
        4: np.where(distance < 9, 1.0, 1e-300) * (row != column),  # tiny numbers and zeros
    }
    with tempfile.TemporaryDirectory() as folder:
        api.Butler.makeRepo(folder)
        with api.Butler.from_config(folder, writeable=True, run="arrays") as butler:
            butler.registry.insertDimensionData("instrument", {"name": "Cam", "class_name": "Cam"})
            butler.registry.insertDimensionData(
                "detector", *({"instrument": "Cam", "id": n, "full_name": f"{n}"} for n in images)
            )
            kind = api.DatasetType(
                *("pixels", ["instrument", "detector"], "StructuredDataDict"),
                universe=butler.dimensions,
            )
            butler.registry.registerDatasetType(kind)
            for detector, image in images.items():
                value = {"image": image.tolist(), "shape": list(image.shape)}
                butler.put(value, "pixels", instrument="Cam", detector=detector)
        with api.Butler.from_config(folder, collections="arrays") as butler:
            found = {}
            for ref in butler.query_datasets("pixels", order_by="detector"):
                value = butler.get(ref)
                image = np.array(value["image"], dtype=np.float64)
                found[ref.dataId["detector"]] = image.reshape(value["shape"])
    figure = plt.figure(figsize=(4, 4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    mosaic = np.block([[found[1], found[2]], [found[3], found[4]]])
    axes.imshow(mosaic, origin="lower", cmap="viridis", vmin=0, vmax=1, interpolation="nearest")
    return figure
