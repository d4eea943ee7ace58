"""C5 through the profile classes of the PyPI package jaxtronomy, whose methods are compiled; its own conventions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jaxtronomy.LensModel.Profiles.epl import EPL  # noqa: E402
from jaxtronomy.LensModel.Profiles.nfw import NFW  # noqa: E402
from jaxtronomy.LensModel.Profiles.nfw_ellipse_cse import NFW_ELLIPSE_CSE  # noqa: E402
from jaxtronomy.LensModel.Profiles.sie import SIE  # noqa: E402
from worker import CENTRE, E1, E2, EINSTEIN_RADIUS, KAPPA_S, SAMPLE, SCALE_RADIUS, SLOPE, grid, serve  # noqa: E402


def lenses() -> dict[str, tuple[Any, dict[str, float]]]:
    """Its profiles and their arguments."""
    place = {"center_x": CENTRE[1], "center_y": CENTRE[0]}
    shape = {"e1": E1, "e2": E2, **place}
    # the deflection at the scale radius stands for the density
    halo = {"Rs": SCALE_RADIUS, "alpha_Rs": 4.0 * KAPPA_S * SCALE_RADIUS * (1.0 + np.log(0.5))}
    return {
        "sie": (SIE(), {"theta_E": EINSTEIN_RADIUS, **shape}),
        "epl": (EPL(), {"theta_E": EINSTEIN_RADIUS, "gamma": SLOPE, **shape}),
        "nfw_sph": (NFW(), {**halo, **place}),
        "nfw": (NFW_ELLIPSE_CSE(), {**halo, **shape}),
    }


def main() -> None:
    """Serve deflections and Hessians."""
    y, x = (jnp.asarray(values) for values in grid())
    calls: dict[str, Callable] = {}
    facts: dict[str, Callable] = {}
    for name, (lens, arguments) in lenses().items():
        calls[f"{name}/deflections"] = lambda lens=lens, arguments=arguments: jax.block_until_ready(
            lens.derivatives(x, y, **arguments)
        )
        calls[f"{name}/hessian"] = lambda lens=lens, arguments=arguments: jax.block_until_ready(
            lens.hessian(x, y, **arguments)
        )
        facts[f"{name}/values"] = lambda lens=lens, arguments=arguments: np.stack(
            lens.derivatives(x[SAMPLE], y[SAMPLE], **arguments)[::-1], axis=-1
        ).tolist()
    serve(calls, facts)


if __name__ == "__main__":
    main()
