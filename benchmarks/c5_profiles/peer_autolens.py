"""C5 through the NumPy path of the PyPI package autolens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from worker import CENTRE, E1, E2, EINSTEIN_RADIUS, KAPPA_S, SAMPLE, SCALE_RADIUS, SLOPE, axis_ratio, grid, serve

import autolens as al


def lenses() -> dict[str, Any]:
    """Its profiles; radii of the intermediate axis turned into its own where that is known."""
    q = axis_ratio()
    place: dict[str, Any] = {"centre": CENTRE, "ell_comps": (E2, E1)}
    radius = {g: EINSTEIN_RADIUS / np.sqrt(q) * (0.5 * (1.0 + q)) ** (1.0 / (g - 1.0)) for g in (2.0, SLOPE)}
    return {
        "sie": al.mp.Isothermal(**place, einstein_radius=radius[2.0]),
        "epl": al.mp.PowerLaw(**place, einstein_radius=radius[SLOPE], slope=SLOPE),
        "nfw_sph": al.mp.NFWSph(centre=CENTRE, kappa_s=KAPPA_S, scale_radius=SCALE_RADIUS),
        "nfw": al.mp.NFW(**place, kappa_s=KAPPA_S, scale_radius=SCALE_RADIUS),
    }


def main() -> None:
    """Serve deflections."""
    points = np.stack(grid(), axis=-1)
    structure = al.Grid2DIrregular(values=points)
    calls: dict[str, Callable] = {}
    facts: dict[str, Callable] = {}
    for name, lens in lenses().items():
        calls[f"{name}/deflections"] = partial(lens.deflections_yx_2d_from, grid=structure)
        facts[f"{name}/values"] = lambda lens=lens: np.array(
            lens.deflections_yx_2d_from(grid=al.Grid2DIrregular(values=points[SAMPLE]))
        ).tolist()
    serve(calls, facts)


if __name__ == "__main__":
    main()
