# ruff: noqa: D100, F821, PTH208
# mypy: ignore-errors
# fmt: off

# %% 1
import os

import matplotlib.pyplot as plt

# %% 3
# The run binds `repository`,
# the folder that holds DATA.
repo = repository

# %% 4 needs="1 3"
sorted(os.listdir(repo))

# %% 5 needs="1 3 4"
outdir = f"{repo}/DATA/shared/ci_hsc_output"
sorted(os.listdir(outdir))

# %% 6 needs="1 2 3"
config = f"{repo}/DATA/butler.yaml"
butler = daf_butler.Butler(
    config=config, collection="shared/ci_hsc_output"
)

# %% 7 needs="1 5"
sorted(os.listdir(f"{outdir}/calexp"))

# %% 8 needs="1 5 7"
sorted(os.listdir(f"{outdir}/calexp/r/HSC-R"))

# %% 9 needs="1 5 8"
visit = f"{outdir}/calexp/r/HSC-R/903338"
sorted(os.listdir(visit))

# %% 10 needs="6"
exposure = {
    "visit": 903338,
    "detector": 25,
    "instrument": "HSC",
}
calexp = butler.get("calexp", dataId=exposure)

# %% 11 needs="1 2 10"
afw_display.setDefaultBackend("matplotlib")
fig = plt.figure(figsize=(10, 8))
display = afw_display.Display(1)
display.scale("asinh", "zscale")
display.mtv(calexp)
plt.gca().axis("off")

# %% 12 needs="3"
config = f"{repo}/DATA/butler.yaml"

# %% 13 needs="2 12"
try:
    daf_butler.Butler(config=config)
except ValueError as refusal:
    print(refusal)

# %% 14 needs="2 12"
butler = daf_butler.Butler(config=config, collection="")

# %% 15 needs="14"
registry = butler.registry
registry.getAllCollections()

# %% 16 needs="15"
registry.getAllDatasetTypes()

# %% 17 needs="15"
query = registry.queryDatasets(
    datasetType="src",
    collections=["shared/ci_hsc_output"],
)
for ref in query:
    print(ref)

# %% 18 needs="14"
butler.collection = "shared/ci_hsc_output"

# %% 19
dataId = {
    "instrument": "HSC",
    "detector": 22,
    "visit": 903334,
}

# %% 20 needs="18 19"
calexp = butler.get("calexp", dataId=dataId)

# %% 21 needs="18 19"
src = butler.get("src", dataId)
src = src.copy(True)
src.asAstropy()

# %% 22 needs="1 2 20 21"
afw_display.setDefaultBackend("matplotlib")
fig = plt.figure(figsize=(10, 8))
display = afw_display.Display(1)
display.scale("asinh", "zscale")
display.mtv(calexp)
plt.gca().axis("off")
with display.Buffering():
    for source in src:
        x, y = source.getX(), source.getY()
        display.dot("+", x, y, ctype=afw_display.RED)
        display.dot("o", x, y, size=20, ctype="orange")
