"""Charts of one quantity against radius: of a galaxy, a profile, or a posterior with its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.plot import Chart, Curve, Marker
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.latent import draws_from
from autogalaxy.plot.radial import (
    angular_mass_within_from,
    einstein_radius_from,
    half_width_of,
    mean_convergence_from,
    mean_light_from,
    radii_from,
)

PARTS = (0.95, 0.68)
"""Of the posterior inside the bands, the wide one first."""


@dataclass(frozen=True)
class Quantity:
    """What a chart shows against radius."""

    title: str
    unit: str
    list_name: str
    """Of the profiles of a galaxy that matter."""
    method: str
    """That a profile has which can be shown."""
    mean_from: Callable[[Any, np.ndarray, tuple[float, float]], np.ndarray]


LIGHT = Quantity(
    "Light", r"surface brightness (e$^-$ s$^{-1}$)", "light_profile_list", "image_2d_from", mean_light_from
)
CONVERGENCE = Quantity("Convergence", "mean convergence", "mass_profiles", "convergence_2d_from", mean_convergence_from)
MASS = Quantity("Mass", "mass within radius", "mass_profiles", "deflections_yx_2d_from", angular_mass_within_from)


class NothingToDraw(exc.PlotException):
    """There is no such profile."""


def charts_of(quantity: Quantity, obj: Any, galaxy: str | int | None, radii: Any, n_draws: int) -> list[Chart]:
    """The chart of a galaxy or a profile; of a result the chart with its errors, and these in per cent."""
    if hasattr(obj, "samples"):
        return _charts_of_result(quantity, obj, galaxy, radii, n_draws)
    if galaxy is not None:
        raise exc.PlotException(
            f"galaxy={galaxy!r} chooses from a result, but got a {type(obj).__name__}: leave it out."
        )
    profiles = _profiles_of(quantity, obj)
    places, centre = radii_from(radii), centre_of(profiles)
    parts = list(_parts_of(obj, profiles))
    label = "all" if len(parts) > 1 else None
    curves = [Curve(places, quantity.mean_from(obj, places, centre), label=label)]
    if len(parts) > 1:
        curves += [Curve(places, quantity.mean_from(p, places, centre), label=name, style="--") for name, p in parts]
    return [_chart_from(quantity, curves, _einstein_markers(obj, places, centre), in_solar_masses=False)]


def centre_of(profiles: list[Any]) -> tuple[float, float]:
    """The centre of the first profile that is somewhere (a shear is not)."""
    having = [profile for profile in profiles if _is_somewhere(profile)] or profiles
    centre = getattr(having[0], "centre", (0.0, 0.0))
    return float(centre[0]), float(centre[1])


def _is_somewhere(profile: Any) -> bool:
    """Whether a profile has a centre that can be chosen."""
    fields = getattr(profile, "__dataclass_fields__", {})
    return "centre" in fields and fields["centre"].init


def _profiles_of(quantity: Quantity, obj: Any) -> list[Any]:
    """The profiles of a galaxy that matter, or the profile itself."""
    wanted = f"wanted a galaxy, a profile or a result: plot_1d_{quantity.title.lower()}(galaxy)."
    if isinstance(obj, Galaxy):
        if found := list(getattr(obj, quantity.list_name)):
            return found
        raise NothingToDraw(f"got {obj!r} without {quantity.title.lower()}, {wanted}")
    if isinstance(obj, type) or not hasattr(obj, quantity.method) or not hasattr(obj, "centre"):
        raise NothingToDraw(f"got a {type(obj).__name__} without {quantity.title.lower()}, {wanted}")
    return [obj]


def _parts_of(obj: Any, profiles: list[Any]) -> Iterator[tuple[str, Any]]:
    """The profiles of a galaxy that are somewhere, with their names; a basis is not taken apart."""
    names = {id(value): name for name, value in vars(obj).items()}
    for profile in profiles:
        if id(profile) in names and _is_somewhere(profile):
            yield names[id(profile)], profile


# ------------------------------------------------------------------ of a posterior


def _charts_of_result(
    quantity: Quantity, result: Any, galaxy: str | int | None, radii: Any, n_draws: int
) -> list[Chart]:
    best = _galaxy_of(quantity, result, result.samples.max_log_likelihood_instance, galaxy)
    dataset = getattr(result.analysis, "dataset", None)
    places = radii_from(radii) if dataset is None or radii is not None else _radii_of(dataset)
    factor = _solar_masses_of(result, best) if quantity is MASS else None
    rows = []
    for vector in draws_from(result.samples, n_draws):
        drawn = _galaxy_of(quantity, result, result.samples.model.instance_from_vector(vector), galaxy)
        rows.append((factor or 1.0) * quantity.mean_from(drawn, places, centre_of(_profiles_of(quantity, drawn))))
    median = np.median(rows, axis=0)
    edges = [np.quantile(rows, (0.5 - 0.5 * part, 0.5 + 0.5 * part), axis=0) for part in PARTS]
    markers = _einstein_markers(best, places, centre_of(_profiles_of(quantity, best)))
    if dataset is not None and getattr(dataset, "psf", None) is not None:
        markers.append(Marker(half_width_of(dataset.psf), "half width of the PSF", ":"))
    labels = [f"{100 * part:.0f} %" for part in PARTS]
    curve = Curve(places, median, "median", bands=[(low, high) for low, high in edges], band_labels=labels)
    percent = [tuple(100.0 * (edge / median - 1.0) for edge in pair) for pair in edges]
    error = Curve(places, np.zeros_like(median), bands=percent, band_labels=labels)  # type: ignore[arg-type]
    errors = Chart(
        [error],
        title=f"{quantity.title}: error",
        x_label="radius (arcsec)",
        y_label="deviation from the median (%)",
        x_scale="log",
        markers=[Marker(m.x, "", m.style) for m in markers],
    )
    return [_chart_from(quantity, [curve], markers, factor is not None), errors]


def _galaxy_of(quantity: Quantity, result: Any, instance: Any, name: str | int | None) -> Galaxy:
    """The galaxy of this name, or the first that has what is shown; linear light with its intensities."""
    galaxies = _galaxies_of(instance)
    names = list(galaxies)
    if name is None:
        having = [n for n in names if getattr(galaxies[n], quantity.list_name)]
        if not having:
            raise NothingToDraw(f"no galaxy of the result has {quantity.title.lower()}, wanted one that has.")
        name = having[0]
    if isinstance(name, int) and not isinstance(name, bool) and 0 <= name < len(names):
        name = names[name]
    if name not in names:
        raise exc.PlotException(f"galaxy={name!r}, wanted one of {names}: plot_1d_light(result, galaxy={names[0]!r}).")
    galaxy = galaxies[name]
    if quantity is not LIGHT or not any(profile.is_linear for profile in galaxy.light_profile_list):
        return galaxy
    return _solved(galaxy, result.analysis, instance)


def _galaxies_of(instance: Any) -> dict[str | int, Galaxy]:
    """The galaxies of an instance by name, or by number where it has a list."""
    galaxies = instance.galaxies
    return dict(galaxies.items() if hasattr(galaxies, "items") else enumerate(galaxies))


def _solved(galaxy: Galaxy, analysis: Any, instance: Any) -> Galaxy:
    """The galaxy with the intensities that a fit finds for its linear light."""
    fit = analysis.with_dataset(analysis.dataset, use_jax=False).fit_from(instance)
    if hasattr(fit, "tracer"):
        light, solved = fit.tracer, fit.tracer_linear_light_profiles_to_light_profiles
    else:
        light, solved = fit.galaxies, fit.galaxies_linear_light_profiles_to_light_profiles
    return next(new for old, new in zip(light.galaxies, solved.galaxies, strict=True) if old is galaxy)


def _radii_of(dataset: Any) -> np.ndarray:
    """From a quarter of a pixel to the farthest pixel of the mask along an axis."""
    far = np.abs(np.asarray(dataset.mask.derive_grid.unmasked.array)).max()
    return radii_from(None, low=0.25 * min(dataset.data.pixel_scales), high=float(far))


def _solar_masses_of(result: Any, galaxy: Galaxy) -> float | None:
    """The critical surface density [solar masses per arcsec^2], ``None`` where nothing is behind the galaxy."""
    last = max(float(g.redshift) for g in _galaxies_of(result.samples.max_log_likelihood_instance).values())
    cosmology = getattr(result.analysis, "cosmology", None)
    if cosmology is None or not last > float(galaxy.redshift):
        return None
    return float(cosmology.critical_surface_density_between_redshifts_from(float(galaxy.redshift), last))


# ------------------------------------------------------------------ of all


def _einstein_markers(obj: Any, radii: np.ndarray, centre: tuple[float, float]) -> list[Marker]:
    """Where the mean convergence inside is one, of anything with mass."""
    has_mass = bool(obj.mass_profiles) if isinstance(obj, Galaxy) else hasattr(obj, MASS.method)
    radius = einstein_radius_from(radii, angular_mass_within_from(obj, radii, centre)) if has_mass else None
    return [] if radius is None else [Marker(radius, f'Einstein radius {radius:#.3g}"')]


def _chart_from(quantity: Quantity, curves: list[Curve], markers: list[Marker], in_solar_masses: bool) -> Chart:
    unit = quantity.unit
    if quantity is MASS:
        unit += r" (M$_\odot$)" if in_solar_masses else r" ($\Sigma_{cr}$ arcsec$^2$)"
    return Chart(
        curves,
        title=quantity.title,
        x_label="radius (arcsec)",
        y_label=unit,
        x_scale="log",
        y_scale="log",
        markers=markers,
    )
