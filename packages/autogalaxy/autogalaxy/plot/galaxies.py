"""Figures of galaxies and of their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.plot import Output, Panel, figure_to
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.operate.lens_calc import LensCalc
from autogalaxy.plot.curves import curves_of
from autogalaxy.plot.lensing import (
    checked_grid,
    panel_of_convergence,
    panel_of_deflection,
    panel_of_image,
    panel_of_potential,
    panels_of_mass,
)
from autogalaxy.profiles.basis import Basis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    import autoarray as aa


def panels_of_galaxies(galaxies: Galaxies | Iterable[Galaxy], grid: aa.Grid2D) -> list[Panel]:
    """Light of all and of each galaxy, and the lensing quantities of all as if in one plane."""
    grid = checked_grid(grid, "subplot_galaxies(galaxies, grid)")
    if isinstance(galaxies, Galaxy):
        galaxies = [galaxies]
    galaxies = galaxies if isinstance(galaxies, Galaxies) else Galaxies(galaxies)
    panels = []
    if any(galaxy.light_profiles for galaxy in galaxies):
        panels.append(panel_of_image(galaxies, grid))
    if len(galaxies) > 1:
        panels += [panel_of_image(g, grid, f"Galaxy {i}") for i, g in enumerate(galaxies) if g.light_profiles]
    if any(galaxy.mass_profiles for galaxy in galaxies):
        calc = LensCalc.from_mass_obj(galaxies)
        panels += panels_of_mass(galaxies, calc, grid, curves_of(calc, grid.geometry.extent, "critical_curve"))
    return _some(panels, "galaxies with neither light nor mass", "subplot_galaxies([Galaxy(redshift=0.5, light=...)])")


def panels_of_light_profiles(galaxy: Galaxy, grid: aa.Grid2D) -> list[Panel]:
    """The image of each light profile, and of each basis as one, under its name."""
    _checked_galaxy(galaxy, "subplot_galaxy_light_profiles")
    grid = checked_grid(grid, "subplot_galaxy_light_profiles(galaxy, grid)")
    panels = [panel_of_image(p, grid, _title_of(galaxy, p)) for p in galaxy.light_profiles]
    return _some(panels, "a galaxy without light", "subplot_galaxy_light_profiles(Galaxy(redshift=0.5, light=...))")


def panels_of_mass_profiles(galaxy: Galaxy, grid: aa.Grid2D) -> list[Panel]:
    """Convergence, potential and length of the deflection of each mass profile, three panels each."""
    _checked_galaxy(galaxy, "subplot_galaxy_mass_profiles")
    grid = checked_grid(grid, "subplot_galaxy_mass_profiles(galaxy, grid)")
    panels = []
    for profile in galaxy.mass_profiles:
        name = _title_of(galaxy, profile)
        convergence = panel_of_convergence(profile, grid, title=f"{name}: convergence")
        is_zero = not np.any(convergence.values)
        panels.append(replace(convergence, title=f"{name}: no convergence") if is_zero else convergence)
        panels.append(panel_of_potential(profile, grid, title=f"{name}: potential"))
        panels.append(panel_of_deflection(profile, grid, title=f"{name}: deflection"))
    return _some(panels, "a galaxy without mass", "subplot_galaxy_mass_profiles(Galaxy(redshift=0.5, mass=...))")


def panels_of_basis(basis: Basis, grid: aa.Grid2D) -> list[Panel]:
    """The image of a basis and of each light profile in it."""
    if not isinstance(basis, Basis):
        raise exc.PlotException(
            f"subplot_basis_image got a {type(basis).__name__}, wanted a Basis: "
            "subplot_basis_image(galaxy.bulge, grid)."
        )
    grid = checked_grid(grid, "subplot_basis_image(basis, grid)")
    parts = [panel_of_image(p, grid, f"{i}: {type(p).__name__}") for i, p in enumerate(basis.light_profile_list)]
    _some(parts, "a basis without light", "subplot_basis_image(Basis([lp.Gaussian()]), grid)")
    return [panel_of_image(basis, grid, "All"), *parts]


def subplot_galaxies(
    galaxies: Galaxies | Iterable[Galaxy],
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """Light of all and of each galaxy, convergence, potential, deflections and magnification."""
    return figure_to(panels_of_galaxies(galaxies, grid), "subplot_galaxies", path, title, output, stretch)


def subplot_galaxy_light_profiles(
    galaxy: Galaxy,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """The image of each light profile of a galaxy."""
    panels = panels_of_light_profiles(galaxy, grid)
    return figure_to(panels, "subplot_galaxy_light_profiles", path, title, output, stretch)


def subplot_galaxy_mass_profiles(
    galaxy: Galaxy,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """Convergence, potential and deflection of each mass profile of a galaxy, a row each."""
    panels = panels_of_mass_profiles(galaxy, grid)
    return figure_to(panels, "subplot_galaxy_mass_profiles", path, title, output, stretch, columns=3)


def subplot_basis_image(
    basis: Basis,
    grid: aa.Grid2D,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    stretch: str | None = None,
) -> Figure:
    """The image of a basis and of each light profile in it."""
    return figure_to(panels_of_basis(basis, grid), "subplot_basis_image", path, title, output, stretch)


def _title_of(galaxy: Galaxy, profile: Any) -> str:
    """The keyword under which the galaxy got a profile, and its class."""
    for name, value in vars(galaxy).items():
        members = value if isinstance(value, list | tuple) else getattr(value, "profile_list", [])
        if value is profile or any(member is profile for member in members):
            return f"{name} ({type(profile).__name__})"
    return type(profile).__name__


def _checked_galaxy(galaxy: Any, name: str) -> None:
    if not isinstance(galaxy, Galaxy):
        raise exc.PlotException(f"{name} got a {type(galaxy).__name__}, wanted a Galaxy: {name}(galaxy, grid).")


def _some(panels: list[Panel], got: str, call: str) -> list[Panel]:
    if not panels:
        raise exc.PlotException(f"There is nothing to draw: got {got}, wanted for example {call}.")
    return panels
