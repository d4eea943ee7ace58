"""Charts of light and mass against radius, with the errors of a posterior."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot import Chart, Curve, Marker, Output, figure_to
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

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = (0.95, 0.68)
"""Of the posterior inside the bands, the wide one first."""
DRAWS = 100


@dataclass(frozen=True)
class Quantity:
    """What a chart shows against radius."""

    title: str
    unit: str
    list_name: str
    """Of the profiles of a galaxy that matter."""
    mean_from: Callable[[Any, np.ndarray, tuple[float, float]], np.ndarray]


LIGHT = Quantity("Light", r"surface brightness (e$^-$ s$^{-1}$)", "light_profile_list", mean_light_from)
CONVERGENCE = Quantity("Convergence", "mean convergence", "mass_profiles", mean_convergence_from)
MASS = Quantity("Mass", "mass within radius", "mass_profiles", angular_mass_within_from)


def panel_of_1d_light(obj: Any, galaxy: str | int | None = None, **options: Any) -> Chart:
    """Surface brightness against radius; of a galaxy with several profiles each of them too."""
    return _chart_of(LIGHT, obj, galaxy, **options)


def panel_of_1d_convergence(obj: Any, galaxy: str | int | None = None, **options: Any) -> Chart:
    """Mean convergence on circles against radius, the Einstein radius marked."""
    return _chart_of(CONVERGENCE, obj, galaxy, **options)


def panel_of_1d_mass(obj: Any, galaxy: str | int | None = None, **options: Any) -> Chart:
    """Mass inside circles against radius: in solar masses of a result, else in units of the critical density."""
    return _chart_of(MASS, obj, galaxy, **options)


def plot_1d_light(
    obj: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    galaxy: str | int | None = None,
    radii: Any = None,
    n_draws: int = DRAWS,
) -> Figure:
    """Surface brightness against radius of a galaxy or light profile, or of a result with its errors.

    Parameters
    ----------
    obj
        A ``Galaxy``, a profile, or a ``Result``: then the median with bands that hold 68 and 95 per cent.
    galaxy
        Of a result: which, by name or number; the first with light where not given.
    radii
        Rising radii [arcsec]; logarithmic from the centre to the edge of the data where not given.
    n_draws
        Draws from the posterior.
    """
    panel = panel_of_1d_light(obj, galaxy, radii=radii, n_draws=n_draws)
    return figure_to([panel], "plot_1d_light", path, title, output)


def plot_1d_convergence(
    obj: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    galaxy: str | int | None = None,
    radii: Any = None,
    n_draws: int = DRAWS,
) -> Figure:
    """Mean convergence on circles of a galaxy or mass profile, or of a result, as :func:`plot_1d_light`."""
    panel = panel_of_1d_convergence(obj, galaxy, radii=radii, n_draws=n_draws)
    return figure_to([panel], "plot_1d_convergence", path, title, output)


def plot_1d_mass(
    obj: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    galaxy: str | int | None = None,
    radii: Any = None,
    n_draws: int = DRAWS,
) -> Figure:
    """Mass inside circles of a galaxy or mass profile, or of a result, as :func:`plot_1d_light`."""
    panel = panel_of_1d_mass(obj, galaxy, radii=radii, n_draws=n_draws)
    return figure_to([panel], "plot_1d_mass", path, title, output)


def subplot_1d(
    obj: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    galaxy: str | int | None = None,
    radii: Any = None,
    n_draws: int = DRAWS,
) -> Figure:
    """Light, convergence and mass against radius side by side, those that there are."""
    panels = []
    for quantity in (LIGHT, CONVERGENCE, MASS):
        try:
            panels.append(_chart_of(quantity, obj, galaxy, radii=radii, n_draws=n_draws))
        except NothingToDraw:
            continue
    if not panels:
        raise exc.PlotException(
            f"subplot_1d got {str(obj)[:80]}, which has neither light nor mass: subplot_1d(galaxy)."
        )
    return figure_to(panels, "subplot_1d", path, title, output)


class NothingToDraw(exc.PlotException):
    """There is no such profile."""


# ------------------------------------------------------------------ of one object


def _chart_of(
    quantity: Quantity, obj: Any, galaxy: str | int | None = None, radii: Any = None, n_draws: int = DRAWS
) -> Chart:
    if hasattr(obj, "samples"):
        return _chart_of_result(quantity, obj, galaxy, radii, n_draws)
    profiles = _profiles_of(quantity, obj)
    places = radii_from(radii)
    centre = centre_of(profiles)
    curves = [Curve(places, quantity.mean_from(obj, places, centre), label="all" if len(profiles) > 1 else None)]
    if len(profiles) > 1:
        for name, profile in _named(obj, profiles):
            curves.append(Curve(places, quantity.mean_from(profile, places, centre), label=name, style="--"))
    return _finished(quantity, curves, _einstein_markers(quantity, obj, places, centre), _unit_of(quantity, False))


def _profiles_of(quantity: Quantity, obj: Any) -> list[Any]:
    """The profiles of a galaxy that matter, or the profile itself."""
    if isinstance(obj, type) or isinstance(obj, str | int | float | None.__class__):
        raise exc.PlotException(f"got {obj!r}, wanted a galaxy, a profile or a result: plot_1d_light(galaxy).")
    if not isinstance(obj, Galaxy):
        wanted = "image_2d_from" if quantity is LIGHT else "convergence_2d_from"
        if not hasattr(obj, wanted) or not hasattr(obj, "centre"):
            raise NothingToDraw(
                f"got a {type(obj).__name__} without {quantity.title.lower()}, wanted a galaxy, a profile or a result: "
                "plot_1d_light(galaxy)."
            )
        return [obj]
    if not getattr(obj, quantity.list_name):
        raise NothingToDraw(f"{obj!r} has no {quantity.title.lower()}, wanted a galaxy with some: Galaxy(0.5, ...).")
    return list(getattr(obj, quantity.list_name))


def centre_of(profiles: list[Any]) -> tuple[float, float]:
    """The centre of the first profile that has one of its own (a shear has none)."""
    found = [p.centre for p in profiles if hasattr(p, "einstein_radius") or hasattr(p, "intensity")]
    centre = (found or [getattr(p, "centre", (0.0, 0.0)) for p in profiles])[0]
    return float(centre[0]), float(centre[1])


def _named(obj: Any, profiles: list[Any]) -> Iterator[tuple[str, Any]]:
    names = {id(value): name for name, value in vars(obj).items()}
    for i, profile in enumerate(profiles):
        if np.ndim(getattr(profile, "centre", None)) > 0 and type(profile).__name__ not in ("ExternalShear",):
            yield names.get(id(profile), f"{type(profile).__name__} {i}"), profile


# ------------------------------------------------------------------ of a posterior


def _chart_of_result(quantity: Quantity, result: Any, galaxy: str | int | None, radii: Any, n_draws: int) -> Chart:
    best = _galaxy_of(quantity, result, result.samples.max_log_likelihood_instance, galaxy)
    dataset = getattr(result.analysis, "dataset", None)
    places = radii_from(radii) if dataset is None or radii is not None else _radii_of(dataset)
    factor, in_solar_masses = _solar_masses_of(quantity, result, best)
    values = []
    for vector in draws_from(result.samples, n_draws):
        drawn = _galaxy_of(quantity, result, result.samples.model.instance_from_vector(vector), galaxy)
        centre = centre_of(_profiles_of(quantity, drawn))
        values.append(factor * quantity.mean_from(drawn, places, centre))
    edges = [np.quantile(values, (0.5 - 0.5 * part, 0.5 + 0.5 * part), axis=0) for part in PARTS]
    curve = Curve(places, np.median(values, axis=0), label="median, 68 and 95 %", bands=[(e[0], e[1]) for e in edges])
    markers = _einstein_markers(quantity, best, places, centre_of(_profiles_of(quantity, best)))
    if getattr(dataset, "psf", None) is not None:
        markers.append(Marker(half_width_of(dataset.psf), "half width of the PSF", ":"))
    return _finished(quantity, [curve], markers, _unit_of(quantity, in_solar_masses))


def _galaxy_of(quantity: Quantity, result: Any, instance: Any, name: str | int | None) -> Galaxy:
    """The galaxy of this name, or the first that has what is shown; linear light with its intensities."""
    galaxies = instance.galaxies
    names = list(galaxies.keys()) if hasattr(galaxies, "keys") else list(range(len(galaxies)))
    if name is None:
        having = [n for n in names if getattr(galaxies[n], quantity.list_name)]
        if not having:
            raise NothingToDraw(f"no galaxy of the result has {quantity.title.lower()}.")
        name = having[0]
    if isinstance(name, int) and not isinstance(name, bool) and 0 <= name < len(names):
        name = names[name]
    if name not in names:
        raise exc.PlotException(f"galaxy={name!r}, wanted one of {names}: plot_1d_light(result, galaxy={names[0]!r}).")
    galaxy = galaxies[name]
    if quantity is not LIGHT or not any(p.is_linear for p in galaxy.light_profile_list):
        return galaxy
    fit = result.analysis.with_dataset(result.analysis.dataset, use_jax=False).fit_from(instance)
    solved = getattr(fit, "tracer_linear_light_profiles_to_light_profiles", None)
    solved = fit.galaxies_linear_light_profiles_to_light_profiles if solved is None else solved
    light = fit.tracer.galaxies if hasattr(fit, "tracer") else fit.galaxies
    return next(new for old, new in zip(light, solved.galaxies, strict=True) if old is galaxy)


def _radii_of(dataset: Any) -> np.ndarray:
    """From a quarter of a pixel to the farthest pixel of the mask."""
    far = np.abs(np.asarray(dataset.mask.derive_grid.unmasked.array)).max()
    return radii_from(None, low=0.25 * min(dataset.data.pixel_scales), high=float(far))


def _solar_masses_of(quantity: Quantity, result: Any, galaxy: Galaxy) -> tuple[float, bool]:
    """The critical surface density [solar masses per arcsec^2] where it is known."""
    cosmology = getattr(result.analysis, "cosmology", None)
    last = max(float(g.redshift) for g in _galaxies_of(result))
    if quantity is not MASS or cosmology is None or not last > float(galaxy.redshift):
        return 1.0, False
    density = cosmology.critical_surface_density_between_redshifts_from(float(galaxy.redshift), last)
    return float(density), True


def _galaxies_of(result: Any) -> list[Galaxy]:
    galaxies = result.samples.max_log_likelihood_instance.galaxies
    return list(galaxies.values()) if hasattr(galaxies, "values") else list(galaxies)


# ------------------------------------------------------------------ both


def _einstein_markers(quantity: Quantity, mass: Any, radii: np.ndarray, centre: tuple[float, float]) -> list[Marker]:
    if not getattr(mass, "mass_profiles", hasattr(mass, "deflections_yx_2d_from")):
        return []
    radius = einstein_radius_from(radii, angular_mass_within_from(mass, radii, centre))
    return [] if radius is None else [Marker(radius, f'Einstein radius {radius:.3g}"')]


def _unit_of(quantity: Quantity, in_solar_masses: bool) -> str:
    if quantity is not MASS:
        return quantity.unit
    return f"{quantity.unit} (M$_\\odot$)" if in_solar_masses else f"{quantity.unit} ($\\Sigma_{{cr}}$ arcsec$^2$)"


def _finished(quantity: Quantity, curves: list[Curve], markers: list[Marker], unit: str) -> Chart:
    return Chart(
        curves,
        title=quantity.title,
        x_label="radius (arcsec)",
        y_label=unit,
        x_scale="log",
        y_scale="log",
        markers=markers,
    )
