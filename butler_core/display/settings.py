"""How a display shows images: stretch, colour map, colours of mask planes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from .backends import Backend
from .colours import colour_cycle
from .defaults import DEFAULTS
from .planes import PlaneStyle, checked_colour, checked_transparency
from .scale import Scale

__all__ = ["Settings"]


class Settings(ABC):
    """The part of `Display` that decides about the images shown from now on.

    Parameters
    ----------
    backend : `Backend`
        What draws.
    """

    def __init__(self, backend: Backend) -> None:
        self._scale = Scale()
        self._style = PlaneStyle(DEFAULTS.transparencies)
        self._colour_map = backend.colour_map(DEFAULTS.colour_map)

    @abstractmethod
    def _open_backend(self) -> Backend:
        """Return what draws."""

    def scale(
        self,
        algorithm: str | None,
        min: float | str,
        max: float | None = None,
        unit: Any = None,
        **options: Any,
    ) -> None:
        """Choose how pixel values become grey in the images shown from now on.

        Parameters
        ----------
        algorithm : `str` or `None`
            The name of a stretch, such as ``"asinh"``: one of
            `stretches.algorithms`. `None` is linear over the whole range of
            the data.
        min : `float` or `str`
            The pixel value that is black, or ``"zscale"`` or ``"minmax"``,
            which are computed for each image.
        max : `float`, optional
            The upper limit, if ``min`` is a number.
        unit : optional
            Taken and not used, as afwDisplay's matplotlib backend does.
        **options
            Those that the class of the stretch names in ``options``, and in
            ``zscale_options`` for zscale; ``maskedPixels`` for minmax.

        Raises
        ------
        DisplayValueError
            Raised if there is no such algorithm or option, ``max`` is missing or
            too much, or the limits make no stretch. afwDisplay says so only when
            an image is shown.
        """
        self._open_backend()
        self._scale = Scale(algorithm, min, max, unit, options)

    def setImageColormap(self, cmap: Any) -> None:
        """Choose the colour map of the images shown from now on.

        Parameters
        ----------
        cmap : `str` or a colour map of the backend
            For example ``"gray"`` or ``"viridis"``.

        Raises
        ------
        DisplayValueError
            Raised if there is no such colour map.
        """
        self._colour_map = self._open_backend().colour_map(cmap)

    def setMaskTransparency(
        self,
        transparency: float | Mapping[Any, float] | None = None,
        name: str | None = None,
    ) -> None:
        """Choose how transparent the planes of the masks shown from now on are.

        Parameters
        ----------
        transparency : `float` or `~collections.abc.Mapping`, optional
            Percents, 0 for opaque to 100 for invisible, or percents by the
            names of planes. Nothing changes nothing.
        name : `str`, optional
            The plane; all that were not named unless given.
        """
        if isinstance(transparency, Mapping):
            for plane, percent in transparency.items():
                self.setMaskTransparency(percent, plane)
        elif transparency is not None:
            self._style.transparencies[name] = checked_transparency(transparency)

    def getMaskTransparency(self, name: str | None = None) -> float:
        """Return the transparency of a plane, or of those that were not named.

        Parameters
        ----------
        name : `str`, optional
            The plane.

        Returns
        -------
        transparency : `float`
            From 0 for opaque to 1 for invisible: a fraction, though it is set
            in percent, as with afwDisplay's matplotlib backend.
        """
        return self._style.transparency(name)

    def setMaskPlaneColor(
        self, name: str | Mapping[Any, str | None], color: str | None = None
    ) -> None:
        """Choose the colour of a plane of the masks shown from now on.

        Parameters
        ----------
        name : `str` or `~collections.abc.Mapping`
            The plane, or colours by the names of planes.
        color : `str`, optional
            The colour; ``"ignore"`` hides the plane, nothing gives it its
            default.

        Raises
        ------
        DisplayValueError
            Raised if there is no such colour.
        """
        colours = name if isinstance(name, Mapping) else {name: color}
        self._style.colours.update({key: checked_colour(value) for key, value in colours.items()})

    def getMaskPlaneColor(self, name: str | None = None) -> Any:
        """Return the colour of a plane, or all of them by the names of planes."""
        return dict(self._style.colours) if name is None else self._style.colour(name)

    def maskColorGenerator(self, omitBW: bool = True) -> Iterator[str]:
        """Yield the standard colours without end; see `colours.colour_cycle`."""
        return colour_cycle(omitBW)
