"""LensCalc of a tracer with two deflecting planes: jit, vmap over rows and gradients."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import parity

import autolens as al

METHODS = (
    "shear_yx_2d_via_hessian_from",
    "magnification_2d_from",
    "tangential_eigen_value_from",
    "time_delay_geometry_term_from",
)
GRID = al.Grid2DIrregular([(0.31, 0.72), (-1.13, 0.24), (0.52, -1.57), (-2.03, -0.41)])
ROWS = np.array([(1.2, 0.1, -0.05, 0.3, 70.0, 0.3), (1.0, 0.0, 0.0, 0.2, 66.0, 0.25)])
"""einstein_radius, ell_comps, einstein_radius of the second deflector, H0, Om0."""


def calc_from(row: Any, plane_j: int) -> al.LensCalc:
    """Deflections from the first plane to plane ``plane_j``."""
    first = al.Galaxy(redshift=0.4, mass=al.mp.Isothermal(ell_comps=(row[1], row[2]), einstein_radius=row[0]))
    second = al.Galaxy(redshift=0.9, mass=al.mp.IsothermalSph(centre=(0.1, 0.2), einstein_radius=row[3]))
    cosmology = al.cosmo.FlatLambdaCDM(H0=row[4], Om0=row[5])
    return al.LensCalc.from_tracer(al.Tracer([first, second, al.Galaxy(redshift=2.0)], cosmology), plane_j=plane_j)


def main() -> None:
    """Methods of each kind between the first plane and each of the others."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    for name in METHODS:
        for plane in (1, 2):

            def raw_from(row: Any, name: str = name, plane: int = plane) -> Any:
                return getattr(calc_from(row, plane), name)(GRID, xp=jnp)

            wanted = np.stack([getattr(calc_from(row, plane), name)(GRID).array for row in ROWS])
            single = jax.jit(raw_from)(jnp.array(ROWS[0]))
            parity.check(isinstance(single, jax.Array), f"{name} returned a {type(single).__name__}")
            parity.close(single, wanted[0], f"{name} to plane {plane}, jit", relative=1e-8)
            batched = jax.jit(jax.vmap(raw_from))
            parity.close(batched(jnp.array(ROWS)), wanted, f"{name} to plane {plane}, vmap", relative=1e-8)
        total = jax.jit(lambda row, raw_from=raw_from: jnp.sum(raw_from(row)))
        gradient = jax.jit(jax.grad(total))
        for row in ROWS:
            differences = parity.differences_from(lambda rows, total=total: [total(r) for r in rows], row)
            parity.close(gradient(row), differences, f"{name}, gradient", relative=parity.GRADIENT)


def einstein_radius() -> None:
    """Along rays through both planes, against the area inside the refined curve of NumPy."""
    import jax
    import jax.numpy as jnp

    def radius_of(row: Any) -> Any:
        return calc_from(row, plane_j=-1).einstein_radius_jit_from()

    wanted = np.array([calc_from(row, plane_j=-1).einstein_radius_from() for row in ROWS])
    parity.close(jax.jit(jax.vmap(radius_of))(jnp.array(ROWS)), wanted, "Einstein radius of rows", relative=1e-8)
    compiled, gradient = jax.jit(radius_of), jax.jit(jax.grad(radius_of))
    for row in ROWS:
        differences = parity.differences_from(lambda rows: [compiled(r) for r in rows], row)
        parity.close(gradient(row), differences, "gradient of the Einstein radius", relative=parity.GRADIENT)


if __name__ == "__main__":
    main()
    einstein_radius()
    print("LensCalc of a tracer: ok")
