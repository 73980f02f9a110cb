"""Get exposures: whole, in parts, and their components."""

import sys

import numpy as np
from lsst.daf.butler import Butler

butler = Butler(sys.argv[1], collections="shared/ci_hsc_output", instrument="HSC")
dataId = {"visit": 903338, "detector": 25}


def same(one, other):
    """Return whether two images have the same pixels."""
    return np.array_equal(one.array, other.array, equal_nan=True)


print("# The whole")
calexp = butler.get("calexp", dataId=dataId)
image = calexp.image
print(image.array.dtype, (calexp.getHeight(), calexp.getWidth()) == image.array.shape)
print(calexp.getXY0().getX(), calexp.getXY0().getY())
print({"BAD", "SAT", "DETECTED"} <= set(calexp.mask.getMaskPlaneDict()))
print("negative variances:", int((calexp.variance.array < 0).sum()))
refs = butler.query_datasets("calexp", where="visit = 903338 AND detector = 25")
print(len(refs), refs[0].dataId["band"], same(butler.get(refs[0]).image, image))

print("# Components")
wcs = butler.get("calexp.wcs", **dataId)
bbox = butler.get("calexp.bbox", dataId)
print(bbox == calexp.getBBox(), bbox.getMinX(), bbox.getMinY())
centre = bbox.getCenter()
place = wcs.pixelToSky(centre)
back = wcs.skyToPixel(place)
print(f"{place.getRa().asDegrees():.2f} {place.getDec().asDegrees():.2f}")
print(abs(back.getX() - centre.getX()) < 1e-3, abs(back.getY() - centre.getY()) < 1e-3)
visit_info = butler.get(refs[0].makeComponentRef("visitInfo"))
print(visit_info.getExposureTime(), "seconds")
filter = butler.get("calexp.filter", dataId)
print(filter.bandLabel, filter.physicalLabel)
print(butler.get("calexp.metadata", dataId)["EXPTIME"])
print(same(butler.get("calexp.image", dataId), image))
print(same(butler.get("calexp.variance", dataId), calexp.variance))
print(butler.get("calexp.dimensions", dataId) == calexp.getDimensions())
print(butler.get("calexp.photoCalib", dataId).getCalibrationMean() > 0)
handle = butler.getDeferred("calexp", dataId=dataId)
print(handle.get(component="bbox") == bbox)
print(handle.get(component="wcs").getPixelOrigin() == wcs.getPixelOrigin())

print("# Parts")
part = bbox.erodedBy(100)
cut = butler.get("calexp", dataId, parameters={"bbox": part})
print(cut.getBBox() == part, same(cut.image, calexp[part].image))
cut = butler.get(refs[0], parameters={"bbox": part})
print(cut.getXY0() == part.getMin(), cut.getWcs().pixelToSky(centre) == place)
cut = handle.get(parameters={"bbox": part})
print(same(cut.image, calexp[part].image), cut.getWidth() == bbox.getWidth() - 200)
for ref in butler.query_datasets("calexp", where="visit = 903338", order_by="detector"):
    wcs = butler.get(ref.makeComponentRef("wcs"))
    place = wcs.pixelToSky(centre)
    ra, dec = place.getRa().asDegrees(), place.getDec().asDegrees()
    print(ref.dataId["detector"], f"{ra:.2f} {dec:.2f}")
