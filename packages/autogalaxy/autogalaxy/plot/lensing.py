"""Panels of what mass does: convergence, potential, deflections, magnification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.plot import Line, Panel, panel_from, style
from autogalaxy.operate.lens_calc import LensCalc

PIXELS = 200
"""Side of the images that are evaluated for a figure alone."""
MAGNIFICATION_LIMIT = 10.0
Extent = tuple[float, float, float, float]


def grid_over(extent: Extent, pixels: int = PIXELS) -> aa.Grid2D:
    """A uniform grid over a rectangle, without sub-pixels."""
    x_min, x_max, y_min, y_max = extent
    return aa.Grid2D.uniform(
        (pixels, pixels),
        ((y_max - y_min) / pixels, (x_max - x_min) / pixels),
        over_sample_size=1,
        origin=(0.5 * (y_min + y_max), 0.5 * (x_min + x_max)),
    )


def checked_grid(grid: Any, call: str) -> aa.Grid2D:
    """A uniform grid, or our error with the ``call`` to write."""
    if not isinstance(grid, aa.Grid2D):
        raise exc.PlotException(
            f"grid={str(grid)[:80]} is a {type(grid).__name__}, wanted a Grid2D: {call}, with "
            "grid = Grid2D.uniform((100, 100), pixel_scales=0.05) or dataset.grids.lp."
        )
    return grid


def panel_of_convergence(mass: Any, grid: aa.Grid2D, lines: Sequence[Line] = (), title: str = "Convergence") -> Panel:
    """The convergence; the end colour stands for the centre, where it may diverge."""
    return _capped(mass.convergence_2d_from(grid), title, lines)


def panel_of_effective_convergence(calc: LensCalc, grid: aa.Grid2D, lines: Sequence[Line] = ()) -> Panel:
    """Half the divergence of the deflections: what several planes do together, each seen through those before it."""
    values = np.asarray(calc.convergence_2d_via_hessian_from(grid).array)
    return _capped(aa.Array2D(values, grid.mask), "Effective convergence", lines)


def panel_of_potential(mass: Any, grid: aa.Grid2D, title: str = "Potential") -> Panel:
    """The lensing potential."""
    return panel_from(mass.potential_2d_from(grid), title, unit="arcsec$^2$", kind="linear")


def panel_of_deflection(mass: Any, grid: aa.Grid2D, title: str = "Deflection") -> Panel:
    """The length of the deflection."""
    length = np.sqrt(np.sum(np.asarray(mass.deflections_yx_2d_from(grid).slim.array) ** 2, axis=-1))
    return panel_from(aa.Array2D(length, grid.mask), title, unit="arcsec", kind="linear")


def panels_of_deflections(mass: Any, grid: aa.Grid2D) -> list[Panel]:
    """Both components of the deflection, y first."""
    deflections = np.asarray(mass.deflections_yx_2d_from(grid).slim.array)
    return [
        panel_from(aa.Array2D(deflections[:, i], grid.mask), f"Deflection {name}", unit="arcsec", kind="signed")
        for i, name in enumerate("yx")
    ]


def panel_of_magnification(calc: LensCalc, grid: aa.Grid2D, lines: Sequence[Line] = ()) -> Panel:
    """Signed magnification; blue where images have negative parity."""
    values = np.asarray(calc.magnification_2d_from(grid).array)
    limits = (-MAGNIFICATION_LIMIT, MAGNIFICATION_LIMIT)
    return panel_from(aa.Array2D(values, grid.mask), "Magnification", kind="signed", limits=limits, lines=tuple(lines))


def panels_of_mass(mass: Any, calc: LensCalc, grid: aa.Grid2D, lines: Sequence[Line] = ()) -> list[Panel]:
    """Convergence, potential, deflections and magnification."""
    return [
        panel_of_convergence(mass, grid, lines),
        panel_of_potential(mass, grid),
        *panels_of_deflections(mass, grid),
        panel_of_magnification(calc, grid, lines),
    ]


def panel_of_image(light: Any, grid: aa.Grid2D, title: str = "Image", lines: Sequence[Line] = ()) -> Panel:
    """The light of anything that has ``image_2d_from``, not blurred."""
    return panel_from(light.image_2d_from(grid), title, unit=style.UNIT_IMAGE, lines=tuple(lines))


def _capped(values: aa.Array2D, title: str, lines: Sequence[Line]) -> Panel:
    panel = panel_from(values, title, lines=tuple(lines))
    finite = panel.shown().compressed()
    if finite.size == 0:
        return panel
    low, high = min(0.0, float(finite.min())), float(np.percentile(finite, 99.5))
    return panel_from(values, title, lines=tuple(lines), limits=(low, high) if high > low else (low, low + 1.0))
