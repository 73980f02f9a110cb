"""When, where and for how long an exposure was taken, as its headers say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from astropy.time import Time

from .sphere import Angle, SpherePoint

__all__ = ["Observatory", "VisitInfo", "Weather"]

_NAN = float("nan")
_NO_ANGLE = Angle(_NAN)
_NO_POSITION = SpherePoint(_NAN, _NAN)


@dataclass(frozen=True, slots=True)
class Observatory:
    """The place of an observatory."""

    longitude: Angle = _NO_ANGLE
    latitude: Angle = _NO_ANGLE
    elevation: float = _NAN

    def getLongitude(self) -> Angle:
        """Return the longitude, positive to the east."""
        return self.longitude

    def getLatitude(self) -> Angle:
        """Return the latitude."""
        return self.latitude

    def getElevation(self) -> float:
        """Return the elevation, in metres."""
        return self.elevation


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather of an exposure."""

    airTemperature: float = _NAN
    airPressure: float = _NAN
    humidity: float = _NAN

    def getAirTemperature(self) -> float:
        """Return the temperature, in degrees Celsius."""
        return self.airTemperature

    def getAirPressure(self) -> float:
        """Return the pressure, in pascal."""
        return self.airPressure

    def getHumidity(self) -> float:
        """Return the relative humidity, in percent."""
        return self.humidity


@dataclass(frozen=True, eq=False, repr=False)
class VisitInfo:
    """When, where and for how long an exposure was taken.

    Parameters
    ----------
    exposureTime, darkTime : `float`
        Seconds.
    date : `astropy.time.Time`, optional
        The middle of the exposure, TAI.
    era : `Angle`
        Earth rotation angle at that time.
    boresightRaDec : `SpherePoint`
        Where the telescope pointed (ICRS).
    boresightAzAlt : `SpherePoint`
        The same as azimuth and altitude.
    boresightAirmass : `float`
        Airmass at the boresight.
    boresightRotAngle : `Angle`
        Angle of the rotator, of the kind of ``rotType``.
    rotType : `str`
        ``"UNKNOWN"``, ``"SKY"``, ``"HORIZON"`` or ``"MOUNT"``.
    observatory : `Observatory`
        The place.
    weather : `Weather`
        The weather.
    instrumentLabel, observationType, scienceProgram, observationReason, object : `str`
        What the headers say of them.
    id : `int`
        The number of the visit; 0 if it is not known.
    focusZ : `float`
        Defocal distance, in millimetres.
    hasSimulatedContent : `bool`
        Whether something in the image was simulated.

    Notes
    -----
    What the headers do not say is NaN, an empty string or `None`.
    """

    exposureTime: float = _NAN
    darkTime: float = _NAN
    date: Time | None = None
    era: Angle = _NO_ANGLE
    boresightRaDec: SpherePoint = _NO_POSITION
    boresightAzAlt: SpherePoint = _NO_POSITION
    boresightAirmass: float = _NAN
    boresightRotAngle: Angle = _NO_ANGLE
    rotType: str = "UNKNOWN"
    observatory: Observatory = field(default_factory=Observatory)
    weather: Weather = field(default_factory=Weather)
    instrumentLabel: str = ""
    id: int = 0
    focusZ: float = _NAN
    observationType: str = ""
    scienceProgram: str = ""
    observationReason: str = ""
    object: str = ""
    hasSimulatedContent: bool = False

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> VisitInfo:
        """Read the cards that afw writes for a visit.

        Parameters
        ----------
        header : `~collections.abc.Mapping`
            Keywords and values of the primary HDU.
        """

        def number(name: str) -> float:
            value = header.get(name)
            usable = isinstance(value, int | float) and not isinstance(value, bool)
            return float(value) if usable and value is not None else _NAN

        def angle(name: str) -> Angle:
            return Angle.from_degrees(number(name))

        def text(name: str) -> str:
            return str(header.get(name, ""))

        return cls(
            exposureTime=number("EXPTIME"),
            darkTime=number("DARKTIME"),
            date=_date(header),
            era=angle("AVG-ERA"),
            boresightRaDec=SpherePoint(angle("BORE-RA"), angle("BORE-DEC")),
            boresightAzAlt=SpherePoint(angle("BORE-AZ"), angle("BORE-ALT")),
            boresightAirmass=number("BORE-AIRMASS"),
            boresightRotAngle=angle("BORE-ROTANG"),
            rotType=text("ROTTYPE") or "UNKNOWN",
            observatory=Observatory(angle("OBS-LONG"), angle("OBS-LAT"), number("OBS-ELEV")),
            weather=Weather(number("AIRTEMP"), number("AIRPRESS"), number("HUMIDITY")),
            instrumentLabel=text("INSTRUMENT"),
            id=int(header.get("IDNUM", 0)),
            focusZ=number("FOCUSZ"),
            observationType=text("OBSTYPE"),
            scienceProgram=text("PROGRAM"),
            observationReason=text("REASON"),
            object=text("OBJECT"),
            hasSimulatedContent=header.get("HAS-SIMULATED-CONTENT") is True,
        )

    def cards(self) -> Iterator[tuple[str, Any, str]]:
        """Return the cards that afw writes for a visit: keyword, value, comment."""
        yield from _known(("EXPTIME", self.exposureTime, ""), ("DARKTIME", self.darkTime, ""))
        if self.date is not None:
            shown = self.date.tai.copy(format="isot")
            shown.precision = 9
            yield "DATE-AVG", shown.value, "TAI date at middle of observation"
            yield "TIMESYS", "TAI", ""
        yield from _known(
            ("AVG-ERA", self.era.asDegrees(), ""),
            ("BORE-RA", self.boresightRaDec.getRa().asDegrees(), ""),
            ("BORE-DEC", self.boresightRaDec.getDec().asDegrees(), ""),
            ("BORE-AZ", self.boresightAzAlt.getLongitude().asDegrees(), ""),
            ("BORE-ALT", self.boresightAzAlt.getLatitude().asDegrees(), ""),
            ("BORE-AIRMASS", self.boresightAirmass, ""),
            ("BORE-ROTANG", self.boresightRotAngle.asDegrees(), ""),
        )
        yield "ROTTYPE", self.rotType, "Type of rotation angle"
        yield from _known(
            ("OBS-LONG", self.observatory.longitude.asDegrees(), ""),
            ("OBS-LAT", self.observatory.latitude.asDegrees(), ""),
            ("OBS-ELEV", self.observatory.elevation, ""),
            ("AIRTEMP", self.weather.airTemperature, ""),
            ("AIRPRESS", self.weather.airPressure, ""),
            ("HUMIDITY", self.weather.humidity, ""),
            ("FOCUSZ", self.focusZ, "Defocal distance (mm)"),
        )
        for keyword, value in (
            ("INSTRUMENT", self.instrumentLabel),
            ("OBSTYPE", self.observationType),
            ("PROGRAM", self.scienceProgram),
            ("REASON", self.observationReason),
            ("OBJECT", self.object),
        ):
            if value:
                yield keyword, value, ""
        if self.id:
            yield "IDNUM", self.id, ""
        simulated = "Was any part of this observation simulated?"
        yield "HAS-SIMULATED-CONTENT", self.hasSimulatedContent, simulated

    def __eq__(self, other: Any) -> bool:
        """Return whether all that is known is the same; NaN is not known."""
        if not isinstance(other, VisitInfo):
            return NotImplemented
        return list(self.cards()) == list(other.cards())

    def __hash__(self) -> int:
        return hash(tuple(self.cards()))

    def __repr__(self) -> str:
        """Return what is known, angles in degrees."""
        stated = ((each.name, _shown(getattr(self, each.name))) for each in fields(self))
        return f"VisitInfo({', '.join(f'{name}={value}' for name, value in stated if value)})"

    def getExposureTime(self) -> float:
        """Return the exposure time, in seconds."""
        return self.exposureTime

    def getDarkTime(self) -> float:
        """Return the dark time, in seconds."""
        return self.darkTime

    def getDate(self) -> Time | None:
        """Return the middle of the exposure."""
        return self.date

    def getEra(self) -> Angle:
        """Return the Earth rotation angle."""
        return self.era

    def getBoresightRaDec(self) -> SpherePoint:
        """Return where the telescope pointed."""
        return self.boresightRaDec

    def getBoresightAzAlt(self) -> SpherePoint:
        """Return where the telescope pointed, as azimuth and altitude."""
        return self.boresightAzAlt

    def getBoresightAirmass(self) -> float:
        """Return the airmass at the boresight."""
        return self.boresightAirmass

    def getBoresightRotAngle(self) -> Angle:
        """Return the angle of the rotator."""
        return self.boresightRotAngle

    def getRotType(self) -> str:
        """Return the kind of the rotator's angle."""
        return self.rotType

    def getObservatory(self) -> Observatory:
        """Return the place."""
        return self.observatory

    def getWeather(self) -> Weather:
        """Return the weather."""
        return self.weather

    def getInstrumentLabel(self) -> str:
        """Return the name of the instrument."""
        return self.instrumentLabel

    def getId(self) -> int:
        """Return the number of the visit."""
        return self.id

    def getObject(self) -> str:
        """Return the name of what was observed."""
        return self.object


def _known(*cards: tuple[str, float, str]) -> Iterator[tuple[str, float, str]]:
    return (card for card in cards if math.isfinite(card[1]))


def _shown(value: Any) -> str:
    """Return a value for people to read, and nothing for one that is not known."""
    if isinstance(value, Time):
        return str(value.isot)
    if isinstance(value, Angle):
        return f"{value.asDegrees():.6f}" if math.isfinite(value) else ""
    if isinstance(value, SpherePoint):
        return str(value) if math.isfinite(value.getLongitude()) else ""
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    if isinstance(value, Observatory | Weather):
        parts = [
            f"{each.name}={text}"
            for each in fields(value)
            if (text := _shown(getattr(value, each.name)))
        ]
        return f"({', '.join(parts)})" if parts else ""
    return repr(value) if value else ""


def _date(header: Mapping[str, Any]) -> Time | None:
    value = header.get("DATE-AVG")
    if not isinstance(value, str):
        return None
    scale = str(header.get("TIMESYS", "TAI")).strip().lower()
    return Time(value.strip(), scale=scale if scale in Time.SCALES else "tai", format="isot")
