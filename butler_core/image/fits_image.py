"""Images, masks and masked images in FITS files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from astropy.io import fits

from ..errors import DatasetReadError
from .box import Box2I
from .carried import Carried, RawHdu
from .fits_cards import planes_of, split_primary
from .fits_file import FitsFile, open_fits
from .fits_planes import (
    Window,
    empty_primary,
    first_plane,
    plane_hdu,
    plane_header,
    plane_indices,
    primary_image,
    write_hdus,
)
from .image import Image, ImageBase
from .mask import Mask
from .masked_image import MaskedImage
from .tile_compression import Recipe, find_recipe

__all__ = [
    "image_plane",
    "mask_plane",
    "masked_hdus",
    "masked_planes",
    "read_image",
    "read_mask",
    "read_masked_image",
    "write_image",
    "write_mask",
    "write_masked_image",
]


def image_plane(file: FitsFile, index: int, window: Window) -> Image:
    """Read a part of an HDU as an image."""
    pixels, header, xy0 = window.read(file, index)
    try:
        image = Image(pixels, xy0)
    except TypeError as cause:
        raise DatasetReadError(f"{file.path}: HDU {index}: {cause}") from cause
    image.header = header
    return image


def mask_plane(file: FitsFile, index: int, window: Window) -> Mask:
    """Read a part of an HDU as a mask, with the planes that the HDU names."""
    pixels, header, xy0 = window.read(file, index)
    try:
        mask = Mask(pixels, planes_of(header), xy0)
    except (TypeError, KeyError) as cause:
        raise DatasetReadError(f"{file.path}: HDU {index}: {cause}") from cause
    mask.header = header
    return mask


def masked_planes(file: FitsFile, bbox: Box2I | None, *, local: bool = False) -> MaskedImage:
    """Read a part of image, mask and variance, without what else the file holds."""
    first, second, third = plane_indices(file)
    window = Window(file, first, bbox, local=local)
    return MaskedImage(
        image_plane(file, first, window),
        mask_plane(file, second, window),
        image_plane(file, third, window),
    )


def masked_hdus(
    masked_image: MaskedImage, recipe: Recipe, header: Callable[[ImageBase, str], fits.Header]
) -> list[RawHdu]:
    """Return the HDUs of image, mask and variance.

    Parameters
    ----------
    masked_image : `MaskedImage`
        The planes.
    recipe : `Recipe`
        Whether and how to compress them.
    header : callable
        Gives the cards of a plane and its EXTTYPE.
    """
    image, mask, variance = masked_image.image, masked_image.mask, masked_image.variance
    planes = [name for name in recipe.ignored_planes if name in mask.getMaskPlaneDict()]
    good = ~mask.isSet(planes) if recipe.quantize_level else None
    return [
        plane_hdu(header(image, "IMAGE"), image.array, recipe, good),
        plane_hdu(header(mask, "MASK"), mask.array, recipe),
        plane_hdu(header(variance, "VARIANCE"), variance.array, recipe, good),
    ]


def read_masked_image(
    path: str | Path, bbox: Box2I | None = None, *, local: bool = False
) -> MaskedImage:
    """Read a masked image.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.
    bbox : `Box2I`, optional
        The part to read, in parent coordinates.
    local : `bool`
        The box counts from the corner of the image instead.

    Returns
    -------
    masked_image : `MaskedImage`
        With what else the file holds as ``carried``.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    DatasetReadError
        The file is no masked image, or is truncated.
    BoxError
        The box reaches out of the image.
    """
    with open_fits(path) as file:
        masked_image = masked_planes(file, bbox, local=local)
        first = first_plane(file)
        header = file.header(0)
        if first == 0:
            header, masked_image.image.header = split_primary(header)
        masked_image.carried = Carried(header, file.raw_from(first + 3))
    return masked_image


def write_masked_image(
    masked_image: MaskedImage, path: str | Path, recipe: str = "default"
) -> None:
    """Write a masked image: an empty primary HDU, image, mask, variance, what is carried.

    Parameters
    ----------
    masked_image : `MaskedImage`
        The image.
    path : `str` or `~pathlib.Path`
        The file; one that is there is replaced.
    recipe : `str`
        A name of `RECIPES`.
    """
    carried = masked_image.carried or Carried()
    planes = masked_hdus(masked_image, find_recipe(recipe), plane_header)
    write_hdus(path, [empty_primary(carried.primary), *planes, *carried.others])


def read_image(path: str | Path, bbox: Box2I | None = None, *, local: bool = False) -> Image:
    """Read an image: the first that the file holds.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.
    bbox : `Box2I`, optional
        The part to read, in parent coordinates.
    local : `bool`
        The box counts from the corner of the image instead.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    DatasetReadError
        The file holds no image, or is truncated.
    BoxError
        The box reaches out of the image.
    """
    with open_fits(path) as file:
        index = _first_image(file)
        image = image_plane(file, index, Window(file, index, bbox, local=local))
        image.carried = _beside(file, index)
    return image


def read_mask(path: str | Path, bbox: Box2I | None = None, *, local: bool = False) -> Mask:
    """Read a mask: the first image that the file holds; see `read_image`."""
    with open_fits(path) as file:
        index = _first_image(file)
        mask = mask_plane(file, index, Window(file, index, bbox, local=local))
        mask.carried = _beside(file, index)
    return mask


def write_image(image: ImageBase, path: str | Path, recipe: str = "default") -> None:
    """Write an image or a mask.

    Parameters
    ----------
    image : `Image` or `Mask`
        What to write.
    path : `str` or `~pathlib.Path`
        The file; one that is there is replaced.
    recipe : `str`
        A name of `RECIPES`.

    Notes
    -----
    An image that is not compressed is the primary HDU, unless it was read from
    an extension; a compressed one is the first extension.
    """
    chosen = find_recipe(recipe)
    carried = image.carried or Carried()
    header = plane_header(image)
    if not chosen.compress and carried.primary is None:
        hdus = [primary_image(header, image.array)]
    else:
        good = None if isinstance(image, Mask) else image.array == image.array
        hdus = [empty_primary(carried.primary), plane_hdu(header, image.array, chosen, good)]
    write_hdus(path, [*hdus, *carried.others])


write_mask = write_image


def _first_image(file: FitsFile) -> int:
    for index in (0, 1):
        if file.has(index) and file.is_image(index):
            return index
    raise DatasetReadError(f"{file.path} holds no image in its first two HDUs")


def _beside(file: FitsFile, index: int) -> Carried:
    primary = file.header(0) if index > 0 else None
    return Carried(primary, file.raw_from(index + 1))
