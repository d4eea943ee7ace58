"""Azimuthal means of light and mass about a centre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc

ANGLES = 64
"""Points on each circle; means over them converge exponentially for smooth profiles."""
COUNT = 60
"""Radii of a chart."""


def radii_from(radii: Any, low: float = 0.02, high: float = 5.0) -> np.ndarray:
    """The radii that were given, rising and above zero [arcsec], or evenly spaced logarithms from low to high."""
    if radii is None:
        return np.geomspace(low, high, COUNT)
    try:
        found = np.asarray(radii, dtype=float).ravel()
        good = len(found) > 1 and bool(np.all(np.isfinite(found)) and found[0] > 0.0 and np.all(np.diff(found) > 0.0))
    except (TypeError, ValueError):
        good = False
    if not good:
        raise exc.PlotException(
            f"radii={str(radii)[:80]}, wanted at least two rising radii above zero [arcsec]: "
            "radii=np.geomspace(0.02, 5, 60)."
        )
    return found


def mean_light_from(light: Any, radii: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Mean surface brightness [e- s^-1 per pixel] on circles."""
    return _mean_from(light.image_2d_from, radii, centre)


def mean_convergence_from(mass: Any, radii: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Mean convergence on circles."""
    return _mean_from(mass.convergence_2d_from, radii, centre)


def angular_mass_within_from(mass: Any, radii: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    r"""Mass inside circles [arcsec^2 of critical surface density], from the flux of the deflections (Gauss).

    .. math:: M(<R) = \frac{1}{2} \oint \alpha \cdot dn = \pi R \, \langle \alpha_r \rangle
    """
    points, ways = _circles(radii, centre)
    alpha = np.asarray(mass.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array)
    outward = np.sum(alpha * ways, axis=-1).reshape(len(radii), ANGLES)
    return np.pi * radii * np.mean(outward, axis=1)


def einstein_radius_from(radii: np.ndarray, angular_mass: np.ndarray) -> float | None:
    """The radius inside which the mean convergence is one, ``None`` where it is outside ``radii``."""
    mean = angular_mass / (np.pi * radii**2)
    above = np.nonzero((mean[:-1] >= 1.0) & (mean[1:] < 1.0))[0]
    if above.size == 0:
        return None
    i = int(above[-1])
    logs = np.log(mean[i : i + 2])
    return float(np.exp(np.interp(0.0, logs[::-1], np.log(radii[i : i + 2])[::-1])))


def half_width_of(psf: Any) -> float:
    """Radius [arcsec] of the circle with the area in which a PSF is above half of its peak."""
    from scipy.ndimage import zoom

    kernel, scales = np.asarray(psf.kernel.native.array, dtype=float), psf.pixel_scales
    fine = zoom(kernel, 8, order=3, mode="grid-constant", grid_mode=True)
    return float(np.sqrt(np.sum(fine > 0.5 * fine.max()) * scales[0] * scales[1] / 64.0 / np.pi))


def _mean_from(function: Callable[..., Any], radii: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    points, _ = _circles(radii, centre)
    values = np.asarray(function(aa.Grid2DIrregular(points)).array)
    return np.mean(values.reshape(len(radii), ANGLES), axis=1)


def _circles(radii: np.ndarray, centre: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Points on all circles and outward unit vectors there, both ``(radii * ANGLES, 2)`` in (y, x) order."""
    angles = 2.0 * np.pi * (np.arange(ANGLES) + 0.5) / ANGLES
    ways = np.tile(np.stack([np.sin(angles), np.cos(angles)], axis=-1), (len(radii), 1))
    return np.asarray(centre) + np.repeat(radii, ANGLES)[:, None] * ways, ways
