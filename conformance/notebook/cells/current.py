# ruff: noqa: B018, D100, F821
# mypy: ignore-errors
# fmt: off

# %% 1
import matplotlib.pyplot as plt

# %% 3
# The run binds `repository`,
# the folder that holds DATA.
repo = repository

# %% 5 needs="2 3"
explorer = daf_butler.Butler.from_config(
    f"{repo}/DATA", collections="shared/ci_hsc_output"
)
names = ["calexp", "deepCoadd_calexp", "icSrc", "src"]
paths = {}
for name in names:
    ref, *_ = explorer.query_datasets(name)
    paths[name] = explorer.getURI(ref).ospath
paths

# %% 6 needs="2 3"
config = f"{repo}/DATA/butler.yaml"
butler = daf_butler.Butler.from_config(
    config, collections="shared/ci_hsc_output"
)

# %% 7 needs="6"
calexps = butler.query_datasets("calexp")
sorted({ref.dataId["band"] for ref in calexps})

# %% 8 needs="6"
calexps = butler.query_datasets(
    "calexp",
    instrument="HSC",
    physical_filter="HSC-R",
)
sorted({ref.dataId["visit"] for ref in calexps})

# %% 9 needs="6"
calexps = butler.query_datasets(
    "calexp",
    instrument="HSC",
    visit=903338,
    order_by="detector",
)
[ref.dataId["detector"] for ref in calexps]

# %% 10 needs="6"
calexp = butler.get(
    "calexp",
    instrument="HSC",
    visit=903338,
    detector=25,
)

# %% 11 needs="1 2 10"
afw_display.setDefaultBackend("matplotlib")
fig = plt.figure(figsize=(10, 8))
display = afw_display.Display(1)
display.scale("asinh", "zscale")
display.image(calexp)
plt.gca().axis("off")

# %% 12 needs="3"
config = f"{repo}/DATA/butler.yaml"

# %% 13 needs="2 12"
butler = daf_butler.Butler.from_config(config)
exposure = {
    "instrument": "HSC",
    "visit": 903338,
    "detector": 25,
}
try:
    butler.get("calexp", exposure)
except Exception as refusal:
    print(type(refusal).__name__)

# %% 14 needs="2 12"
butler = daf_butler.Butler.from_config(config)

# %% 15 needs="14"
butler.collections.query("*")

# %% 16 needs="14"
sorted(butler.registry.queryDatasetTypes())

# %% 17 needs="14"
refs = butler.query_datasets(
    "src",
    collections="shared/ci_hsc_output",
    order_by=["visit", "detector"],
)
for ref in refs:
    print(ref)

# %% 18 needs="14"
butler = butler.clone(
    collections="shared/ci_hsc_output"
)

# %% 19
dataId = {
    "instrument": "HSC",
    "detector": 22,
    "visit": 903334,
}

# %% 20 needs="18 19"
calexp = butler.get("calexp", dataId)

# %% 21 needs="18 19"
src = butler.get("src", dataId)
src.asAstropy()

# %% 22 needs="1 2 20 21"
afw_display.setDefaultBackend("matplotlib")
fig = plt.figure(figsize=(10, 8))
display = afw_display.Display(1)
display.scale("asinh", "zscale")
display.image(calexp)
plt.gca().axis("off")
with display.Buffering():
    for source in src:
        x, y = source.getX(), source.getY()
        display.dot("+", x, y, ctype=afw_display.RED)
        display.dot("o", x, y, size=20, ctype="orange")
