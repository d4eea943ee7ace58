"""Figures of light and mass against radius."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray import exc
from autoarray.plot import Chart, Output, figure_to
from autogalaxy.plot.radial_charts import CONVERGENCE, LIGHT, MASS, NothingToDraw, charts_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWS = 100
"""From the posterior; the edges of the 68 per cent are good to an eighth of their width with as many."""


def panels_of_1d_light(
    obj: Any, galaxy: str | int | None = None, radii: Any = None, n_draws: int = DRAWS
) -> list[Chart]:
    """Surface brightness against radius; of a result with its errors, and a second chart of these in per cent."""
    return charts_of(LIGHT, obj, galaxy, radii, n_draws)


def panels_of_1d_convergence(
    obj: Any, galaxy: str | int | None = None, radii: Any = None, n_draws: int = DRAWS
) -> list[Chart]:
    """Mean convergence on circles against radius, as :func:`panels_of_1d_light`."""
    return charts_of(CONVERGENCE, obj, galaxy, radii, n_draws)


def panels_of_1d_mass(
    obj: Any, galaxy: str | int | None = None, radii: Any = None, n_draws: int = DRAWS
) -> list[Chart]:
    """Mass inside circles against radius: in solar masses of a result, else in units of the critical density."""
    return charts_of(MASS, obj, galaxy, radii, n_draws)


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

    Values are means over circles about the centre of the first profile. The Einstein radius (where the mean
    convergence inside is one) and, of a result, half the width of the PSF at half of its peak are marked.

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
    return figure_to(panels_of_1d_light(obj, galaxy, radii, n_draws), "plot_1d_light", path, title, output)


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
    return figure_to(panels_of_1d_convergence(obj, galaxy, radii, n_draws), "plot_1d_convergence", path, title, output)


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
    return figure_to(panels_of_1d_mass(obj, galaxy, radii, n_draws), "plot_1d_mass", path, title, output)


def subplot_1d(
    obj: Any,
    path: str | Path | None = None,
    title: str = "",
    output: Output | None = None,
    galaxy: str | int | None = None,
    radii: Any = None,
    n_draws: int = DRAWS,
) -> Figure:
    """Light, convergence and mass against radius side by side, those that there are; their errors below."""
    found = []
    for quantity in (LIGHT, CONVERGENCE, MASS):
        try:
            found.append(charts_of(quantity, obj, galaxy, radii, n_draws))
        except NothingToDraw:
            continue
    if not found:
        raise exc.PlotException(
            f"subplot_1d got {str(obj)[:80]}, which has neither light nor mass: subplot_1d(galaxy)."
        )
    panels = [chart for row in zip(*found, strict=True) for chart in row]
    return figure_to(panels, "subplot_1d", path, title, output, columns=len(found))
