"""Where pixels are on the celestial sphere; the only user of ``astropy.wcs``.

Arc-seconds (y, x) of an image count pixels: y up its rows and x along its columns, times the pixel scales. They lie in
the plane tangent to the sky, so that through a TAN projection sky and arc-seconds correspond exactly.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.geometry import Geometry2D
from autoarray.structures.header import Header, check_pixel_scales
from autoarray.type import Array, ArrayLike


class WCS:
    """Pixels, arc-seconds (y, x) and the sky (right ascension, declination) of one image.

    Right ascension and declination are degrees in the frame of the header where that is ICRS or FK5 (J2000); other
    frames (galactic, FK4 as of the date of observation) are turned into ICRS.
    """

    def __init__(self, header: Mapping[str, Any], geometry: Geometry2D) -> None:
        self.header = Header.of(header).of_wcs  # type: ignore[union-attr]
        self.geometry = geometry
        self._wcs, self.frame = _celestial_from(self.header)
        found = self.header.wcs_pixel_scales()
        if found is not None:
            check_pixel_scales(geometry.pixel_scales, found[0], found[1])

    @classmethod
    def from_header(cls, header: Any, geometry: Geometry2D) -> WCS | None:
        """The WCS of an image with such a header; ``None`` where that says nothing of the sky."""
        header = Header.of(header)
        return cls(header, geometry) if header is not None and header.is_celestial else None

    @property
    def pixel_scales(self) -> tuple[float, float]:
        """Size of a pixel [arcsec], (y, x), in the middle of the image."""
        (y_y, y_x), (x_y, x_x) = self._steps_at((0.0, 0.0))
        return float(np.sqrt(y_y**2 + y_x**2)), float(np.sqrt(x_y**2 + x_x**2))

    @property
    def is_distorted(self) -> bool:
        """Whether the header has a SIP polynomial."""
        return self._wcs.sip is not None

    def sky_from(self, positions: ArrayLike) -> tuple[Array, Array]:
        """Right ascension and declination [deg] of positions (y,x) [arcsec], ``(..., 2) -> (...), (...)``."""
        return self.sky_from_pixels(self.geometry.grid_pixels_from(_pairs_from(positions)))

    def positions_from(self, ra: ArrayLike, dec: ArrayLike) -> Array:
        """Positions (y,x) [arcsec] of right ascensions and declinations [deg], ``(...), (...) -> (..., 2)``."""
        return self.geometry.grid_scaled_from(self.pixels_from(ra, dec))

    def sky_from_pixels(self, pixels: ArrayLike) -> tuple[Array, Array]:
        """The sky of (row, column), row 0 on top, ``(..., 2) -> (...), (...)``."""
        pixels = np.asarray(pixels, dtype=float)
        x, y = pixels[..., 1], self.geometry.shape_native[0] - 1.0 - pixels[..., 0]
        world = self._wcs.all_pix2world(x, y, 0)
        ra, dec = world[self._wcs.wcs.lng], world[self._wcs.wcs.lat]
        ra, dec = _between_frames(ra, dec, self.frame, _icrs_of(self.frame))
        return np.mod(ra, 360.0), np.asarray(dec)

    def pixels_from(self, ra: ArrayLike, dec: ArrayLike) -> Array:
        """Fractional (row, column) of a place on the sky, ``(...), (...) -> (..., 2)``; the inverse."""
        ra, dec = np.broadcast_arrays(np.asarray(ra, dtype=float), np.asarray(dec, dtype=float))
        if not (np.all(np.isfinite(ra)) and np.all(np.abs(dec) <= 90.0)):
            raise exc.GridException(
                f"right ascension {ra} and declination {dec}, wanted degrees, declinations between -90 and 90."
            )
        lon, lat = _between_frames(ra, dec, _icrs_of(self.frame), self.frame)
        try:
            world = (lon, lat) if self._wcs.wcs.lng == 0 else (lat, lon)
            x, y = self._wcs.all_world2pix(*world, 0, tolerance=1e-9, maxiter=50, adaptive=True)
        except Exception as error:  # astropy has several, of no common class but this
            raise exc.GridException(f"right ascension {ra}, declination {dec} is not in this image: {error}") from None
        if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y))):
            raise exc.GridException(f"right ascension {ra}, declination {dec} is on the other side of the sky.")
        return np.stack((self.geometry.shape_native[0] - 1.0 - np.asarray(y), np.asarray(x)), axis=-1)

    def _steps_at(self, position: tuple[float, float]) -> Array:
        """(North, East) [arcsec] of one pixel up and one pixel to the right of ``position``, ``(2, 2)``."""
        rows = []
        for step in np.diag(self.geometry.pixel_scales):
            ra, dec = self.sky_from(np.array([position - step, position, position + step]))
            rows.append(0.5 * (_offset(ra[1], dec[1], ra[2], dec[2]) - _offset(ra[1], dec[1], ra[0], dec[0])))
        return np.array(rows)

    def position_angle_from(self, angle: ArrayLike, position: tuple[float, float] = (0.0, 0.0)) -> Array:
        """Position angle [deg], 0 to 360 from North through East, of a direction ``angle`` [deg] from +x at a place."""
        angle = np.radians(np.asarray(angle, dtype=float))
        along = np.stack((np.sin(angle), np.cos(angle)), axis=-1) / np.array(self.geometry.pixel_scales)
        north, east = np.moveaxis(along @ self._steps_at(position), -1, 0)
        return np.mod(np.degrees(np.arctan2(east, north)), 360.0)

    def angle_from(self, position_angle: ArrayLike, position: tuple[float, float] = (0.0, 0.0)) -> Array:
        """Direction [deg], 0 to 360 counter-clockwise from +x, of a position angle East of North; the inverse."""
        angle = np.radians(np.asarray(position_angle, dtype=float))
        to_sky = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
        y, x = np.moveaxis(to_sky @ np.linalg.inv(self._steps_at(position)) * self.geometry.pixel_scales, -1, 0)
        return np.mod(np.degrees(np.arctan2(y, x)), 360.0)

    @property
    def north_angle(self) -> float:
        """Direction of North in the image [deg], counter-clockwise from +x: 90 where North is up."""
        return float(self.angle_from(0.0))

    @property
    def east_angle(self) -> float:
        """Direction of East in the image [deg]: 180 where North is up and East to the left."""
        return float(self.angle_from(90.0))

    @property
    def is_mirrored(self) -> bool:
        """Whether East is clockwise from North, as on no view of the sky from the inside."""
        return bool(np.linalg.det(self._steps_at((0.0, 0.0))) > 0.0)

    def __repr__(self) -> str:
        ra, dec = self.sky_from((0.0, 0.0))
        mirrored = ", mirrored" if self.is_mirrored else ""
        return f"WCS(centre={sexagesimal_from(float(ra), float(dec))}, north_angle={self.north_angle:.2f}{mirrored})"


def sexagesimal_from(ra: float, dec: float, digits: int = 3) -> str:
    """A place on the sky as ``hh:mm:ss.ssss +dd:mm:ss.sss``, seconds of right ascension with one more digit."""
    return f"{right_ascension_text(ra, digits + 1)} {declination_text(dec, digits)}"


def right_ascension_text(ra: float, digits: int) -> str:
    """``hh:mm:ss.s`` of degrees, below 24 hours also after rounding."""
    units = round(float(np.mod(ra, 360.0)) / 15.0 * 3600.0 * 10**digits)
    return _sexagesimal(units % (86400 * 10**digits), digits)


def declination_text(dec: float, digits: int, minus: str = "-") -> str:
    """``+dd:mm:ss.s`` of degrees."""
    units = round(float(dec) * 3600.0 * 10**digits)
    return f"{minus if units < 0 else '+'}{_sexagesimal(abs(units), digits)}"


def _sexagesimal(units: int, digits: int) -> str:
    whole, fraction = divmod(units, 10**digits)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{fraction:0{digits}d}" if digits else text


_WHOLE, _NUMBER = r"\s*(\d+)\s*", r"\s*(\d+\.?\d*)\s*"
_SEXAGESIMAL = [
    (None, re.compile(rf"{_WHOLE}:{_NUMBER}|{_WHOLE}:{_WHOLE}:{_NUMBER}")),
    (None, re.compile(r"\s*(\d+)\s+(\d+\.?\d*)\s*|\s*(\d+)\s+(\d+)\s+(\d+\.?\d*)\s*")),
    ("h", re.compile(rf"{_NUMBER}h\s*|{_WHOLE}h{_NUMBER}m?\s*|{_WHOLE}h{_WHOLE}m{_NUMBER}s?\s*")),
    (
        "d",
        re.compile(
            rf"{_NUMBER}(?:d|deg|°)\s*|{_WHOLE}(?:d|deg|°){_NUMBER}(?:m|'|′)?\s*|"
            rf"{_WHOLE}(?:d|deg|°){_WHOLE}(?:m|'|′){_NUMBER}(?:s|\"|″|'')?\s*"
        ),
    ),
]
"""Ways to write one, two or three numbers, and the letter of their unit: hours, degrees, or as is usual."""


def degrees_from(text: str | float, is_ra: bool) -> float:
    """Degrees from ``149.87`` or sexagesimal: ``09:59:29.1``, ``9h59m29.1s`` or ``149d52m16.5s``.

    Without letters a right ascension is in hours.
    """
    plain = str(text).strip().lower().replace("\N{MINUS SIGN}", "-")
    try:
        return float(plain)
    except ValueError:
        pass
    sign, rest = (plain[0], plain[1:]) if plain[:1] in ("+", "-") else ("+", plain)
    for unit, pattern in _SEXAGESIMAL:
        if (match := pattern.fullmatch(rest)) is None:
            continue
        numbers = [float(number) for number in match.groups() if number is not None]
        size = sum(number / 60.0**i for i, number in enumerate(numbers))
        in_hours = unit == "h" or (unit is None and is_ra)
        limit = 90.0 if not is_ra else 24.0 if in_hours else 360.0
        if any(number >= 60.0 for number in numbers[1:]) or size > limit or (in_hours and not is_ra):
            break
        if is_ra and sign == "-" and size > 0.0:
            break
        return (15.0 if in_hours else 1.0) * (-size if sign == "-" else size)
    wanted = "149.87, 09:59:29.1 (hours, 0 to 24) or 149d52m16.5s" if is_ra else "2.21, +02:12:36.0 or 2d12m36s"
    raise exc.GridException(
        f"{'right ascension' if is_ra else 'declination'} {text!r}, wanted {wanted}; minutes and seconds below 60."
    )


def _pairs_from(positions: ArrayLike) -> Array:
    array = np.asarray(getattr(positions, "array", positions), dtype=float)
    if array.shape[-1:] != (2,):
        raise exc.GridException(f"positions of shape {array.shape}, wanted (n, 2) of (y, x) [arcsec].")
    return array


def _offset(ra: float, dec: float, other_ra: float, other_dec: float) -> Array:
    """(North, East) [arcsec] of one place seen from another, in the plane tangent to the sky at the latter."""
    d, o, a = np.radians(dec), np.radians(other_dec), np.radians(other_ra - ra)
    # without the difference of two products of nearly equal size, which costs digits
    north = np.sin(o - d) + 2.0 * np.sin(d) * np.cos(o) * np.sin(0.5 * a) ** 2
    east = np.cos(o) * np.sin(a)
    towards = np.cos(o - d) - 2.0 * np.cos(d) * np.cos(o) * np.sin(0.5 * a) ** 2
    return np.degrees(np.array([north, east]) / towards) * 3600.0


def _celestial_from(header: Header) -> tuple[Any, str]:
    """Two axes on the sky of a header, and the name of their frame."""
    from astropy import wcs
    from astropy.wcs.utils import wcs_to_celestial_frame

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of keywords that astropy mends itself
        try:
            found = wcs.WCS(dict(header), relax=True, fix=True)
            found = found if found.naxis == 2 else found.celestial
            frame = _observed(wcs_to_celestial_frame(found), found.wcs.mjdobs)
        except Exception as error:  # wcslib's errors have no class in common
            raise exc.DatasetException(f"the WCS of the header cannot be used ({error}); wanted RA---TAN.") from None
    if found.naxis != 2:
        raise exc.DatasetException("the WCS of the header has no two axes on the sky, wanted RA---TAN and DEC--TAN.")
    return found, frame


def _observed(frame: Any, date: float) -> Any:
    """FK4 turns with respect to the stars, so that its places depend on when [MJD] they were measured."""
    if not frame.name.startswith("fk4") or not np.isfinite(date):
        return frame
    from astropy.time import Time

    return frame.replicate_without_data(obstime=Time(date, format="mjd"))


def _icrs_of(frame: Any) -> Any:
    """The frame in which places are told: that of the header where it is equatorial and of J2000."""
    from astropy.coordinates import ICRS

    is_j2000 = frame.name == "icrs" or (frame.name == "fk5" and abs(frame.equinox.jyear - 2000.0) < 1e-6)
    return frame if is_j2000 else ICRS()


def _between_frames(lon: Array, lat: Array, frame: Any, other: Any) -> tuple[Array, Array]:
    if frame is other:
        return lon, lat
    from astropy import units
    from astropy.coordinates import SkyCoord

    moved = SkyCoord(lon * units.deg, lat * units.deg, frame=frame).transform_to(other).spherical
    return moved.lon.deg, moved.lat.deg
