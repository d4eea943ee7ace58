"""What a lens model implies: Einstein radius and mass, magnification, shapes, fluxes and magnitudes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from math import pi, sqrt
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.analysis.sky import named_from
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.operate.critical_curves import eigen_value_from
from autogalaxy.operate.einstein_rays import einstein_radius_along_rays_from
from autogalaxy.operate.lens_calc import LensCalc
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.geometry import EllProfile
from autogalaxy.profiles.light.abstract import LightProfile
from autolens.lens.tracer import Tracer

UNITS = {
    "einstein_radius": "arcsec",
    "einstein_mass": "solMass",
    "magnification": "",
    "axis_ratio": "",
    "angle": "deg",
    "total_flux": "e- s^-1",
    "magnitude": "mag",
}
PERIODS = {"angle": 180.0}
EVERYTHING = 1e4
"""Radius [arcsec] inside which light is counted as all of it."""
_RAYS = 100
_SEEDS = (25, 25)
_TOLERANCE = 1e-6


def latents_from(
    tracer: Tracer,
    names: list[str],
    grid: aa.Grid2D,
    magnitude_zero_point: float | None = None,
    xp: Namespace = np,
) -> dict[str, Array]:
    """Latent quantities of a tracer by name, whose units :data:`UNITS` has by the last part of the name.

    Parameters
    ----------
    tracer
        A tracer without linear light.
    names
        Of its galaxies, in its order.
    grid
        The pixels of the image with their sub-pixels.
    magnitude_zero_point
        Magnitude of a flux of one e- s^-1; without it there are no magnitudes.
    """
    found = einstein_latents_from(tracer, extent=_half_width_of(grid), xp=xp)
    behind = [galaxy for plane in tracer.planes[1:] for galaxy in plane.galaxies]
    for name, galaxy in zip(names, tracer.galaxies, strict=True):
        if galaxy.light_profiles and any(galaxy is other for other in behind):
            found[f"{name}.magnification"] = magnification_from(tracer, galaxy, grid, xp=xp)
        for part, component in _components_of(galaxy):
            found |= {f"{name}.{part}.{key}": value for key, value in shape_latents_from(component, xp=xp).items()}
            light = light_latents_from(component, grid, magnitude_zero_point, xp=xp)
            found |= {f"{name}.{part}.{key}": value for key, value in light.items()}
    return found


def einstein_latents_from(tracer: Tracer, extent: float, xp: Namespace = np) -> dict[str, Array]:
    r"""Effective Einstein radius [arcsec] of the first plane with mass, for light of the last, and the mass inside.

    .. math:: \theta_E = \sqrt{A / \pi}, \quad M = \pi \theta_E^2 \, \Sigma_{cr}

    with the area A inside the tangential critical curve (Meneghetti et al. 2013 compare definitions). NaN for a lens
    without such a curve; of several lenses it is the curve of the strongest.

    References
    ----------
    Meneghetti, Bartelmann, Dahle & Limousin (2013), Space Sci. Rev. 177, 31.
    """
    planes = tracer.planes
    if len(planes) < 2 or not any(plane.has_mass for plane in planes[:-1]):
        return {}
    lens = LensCalc.from_tracer(tracer)

    def eigen_value_at(points: Array) -> Array:
        return eigen_value_from(lens.raw_hessian_from(points, xp=xp), "tangential", xp=xp)

    radius = einstein_radius_along_rays_from(eigen_value_at, None, _RAYS, _SEEDS, extent, _TOLERANCE, xp=xp)
    first = next(plane for plane in planes if plane.has_mass)
    redshifts = (first.galaxies[0].redshift, planes[-1].galaxies[0].redshift)
    critical = tracer.cosmology.critical_surface_density_between_redshifts_from(*redshifts, xp=xp)
    return {"einstein_radius": radius, "einstein_mass": pi * radius**2 * critical}


def magnification_from(tracer: Tracer, galaxy: Galaxy, grid: aa.Grid2D, xp: Namespace = np) -> Array:
    """Light of a galaxy in the image over its light without lensing.

    That is taken inside a circle about its centre with the area of the image, so that far wings, which are in neither,
    do not count as lost. NaN for a galaxy without light.
    """
    lensed = xp.sum(tracer.lit_by([galaxy]).image_2d_from(grid, xp=xp).array)
    pixel = _pixel_area_of(grid)
    radius = sqrt(grid.mask.pixels_in_mask * pixel / pi)
    light = galaxy.luminosity_within_circle_from(radius, xp=xp)
    is_lit = light != 0.0
    return xp.where(is_lit, lensed * pixel / xp.where(is_lit, light, 1.0), xp.nan)


def shape_latents_from(component: Any, xp: Namespace = np) -> dict[str, Array]:
    """Axis ratio and position angle [deg], counter-clockwise from the x axis, of an elliptical profile."""
    is_elliptical = isinstance(component, EllProfile) and any(
        f.name == "ell_comps" and f.init for f in fields(component)
    )
    if not is_elliptical:
        return {}
    return {"axis_ratio": component.axis_ratio(xp=xp), "angle": component.angle(xp=xp)}


def light_latents_from(
    component: Any, grid: aa.Grid2D, magnitude_zero_point: float | None = None, xp: Namespace = np
) -> dict[str, Array]:
    r"""Total flux [e- s^-1] of a light profile or basis, and its magnitude :math:`z - 2.5 \log_{10} F`."""
    profiles = component.light_profile_list if isinstance(component, Basis) else [component]
    profiles = [profile for profile in profiles if isinstance(profile, LightProfile)]
    if not profiles:
        return {}
    flux = sum(p.luminosity_within_ellipse_from(EVERYTHING, xp=xp) for p in profiles) / _pixel_area_of(grid)
    if magnitude_zero_point is None:
        return {"total_flux": flux}
    positive = flux > 0.0
    magnitude = magnitude_zero_point - 2.5 * xp.log10(xp.where(positive, flux, 1.0))
    return {"total_flux": flux, "magnitude": xp.where(positive, magnitude, xp.nan)}


def names_of(tracer: Tracer, instance: Any) -> list[str]:
    """Paths of the galaxies of a tracer in the instance that it was made of."""
    found: dict[int, str] = {}
    for group in ("galaxies", "extra_galaxies"):
        found |= {id(galaxy): path for path, galaxy in named_from(group, getattr(instance, group, None) or ())}
    return [found.get(id(galaxy), f"galaxies.{i}") for i, galaxy in enumerate(tracer.galaxies)]


def _components_of(galaxy: Galaxy) -> Iterator[tuple[str, Any]]:
    """Names and profiles of a galaxy; a basis is one component."""
    for name, value in vars(galaxy).items():
        if name not in Galaxy.not_components:
            yield from named_from(name, value)


def _pixel_area_of(grid: aa.Grid2D) -> float:
    return float(np.prod(grid.pixel_scales))


def _half_width_of(grid: aa.Grid2D) -> float:
    """Largest distance of a pixel's centre from the origin along either axis [arcsec]."""
    return float(np.abs(np.asarray(grid.array)).max())
