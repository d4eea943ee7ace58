"""Deflections of so many points that JAX divides them: batches of lenses, both modes of differentiation, memory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import parity

import autoarray as aa
import autogalaxy as ag

ARRAYS = 10.0
"""Arrays of the size of the grid that a gradient may take."""
MANY = 10**6
"""Points of which it is asked: with fewer, the arrays of one block count for more."""
SIDE = np.linspace(-2.0, 2.0, 363) + 1e-4
POINTS = np.stack([axis.ravel() for axis in np.meshgrid(SIDE, SIDE, indexing="ij")], axis=-1)
"""131769 points, 697 more than are left whole and no multiple of a block."""
ROWS = np.array(
    [(0.05, -0.02, 0.12, 0.08, 1.2, 0.8), (-0.03, 0.04, 0.0, 0.0, 1.4, 1.1), (0.0, 0.0, -0.2, 0.1, 0.9, 1.3)]
)
"""centre, ell_comps and two more parameters."""


def lens_from(name: str, row: Any) -> Any:
    """A lens of each kind: in one loop, a long sum in blocks, short formulas in blocks."""
    place: dict[str, Any] = {"centre": (row[0], row[1]), "ell_comps": (row[2], row[3])}
    if name == "Isothermal":
        return ag.mp.Isothermal(**place, einstein_radius=row[4])
    if name == "PowerLaw":
        return ag.mp.PowerLaw(**place, einstein_radius=row[4], slope=1.2 + row[5])
    if name == "NFW":
        return ag.mp.NFW(**place, kappa_s=0.2 * row[4], scale_radius=row[5])
    return ag.mp.NFWSph(centre=(row[0], row[1]), kappa_s=0.2 * row[4], scale_radius=row[5])


def check_lens(name: str) -> None:
    """Values, batches, both modes of differentiation and the memory of a gradient for one lens."""
    import jax
    import jax.numpy as jnp

    def deflections(row: Any, points: Any) -> Any:
        grid = aa.Grid2DIrregular(points, xp=jnp)
        return lens_from(name, row).deflections_yx_2d_from(grid, xp=jnp).array

    def squares(row: Any, points: Any) -> Any:
        return jnp.sum(deflections(row, points) ** 2)

    wanted = [lens_from(name, row).deflections_yx_2d_from(aa.Grid2DIrregular(POINTS)).array for row in ROWS]
    rows, points = jnp.array(ROWS), jnp.array(POINTS)
    parity.close(jax.jit(deflections)(rows[0], points), wanted[0], f"{name}: jit")
    parity.close(jax.jit(jax.vmap(deflections, (0, None)))(rows, points), wanted, f"{name}: lenses at once")
    grids = jnp.stack((points, points + rows[0, :2] - rows[1, :2]))
    moved = rows[1].at[:2].set(rows[0, :2])
    shifted = jax.jit(jax.vmap(deflections, (None, 0)))(moved, grids)[1]
    parity.close(shifted, wanted[1], f"{name}: grids at once")

    gradient_of = jax.jit(jax.value_and_grad(squares))
    memory = gradient_of.lower(rows[0], jax.ShapeDtypeStruct((MANY, 2), float)).compile().memory_analysis()
    arrays = (memory.temp_size_in_bytes + memory.output_size_in_bytes) / (8.0 * MANY)
    parity.check(arrays <= ARRAYS, f"{name}: the gradient takes {arrays:.1f} arrays, wanted {ARRAYS:.0f} at most")
    step, total = 1e-4, jax.jit(squares)
    for row in rows[:2]:
        steps = step * np.eye(len(row))
        differences = [(total(row + by, points) - total(row - by, points)) / (2.0 * step) for by in steps]
        parity.close(gradient_of(row, points)[1], differences, f"{name}: gradient", relative=parity.GRADIENT)
    columns = jax.jit(jax.jacfwd(deflections))(rows[0], points)
    forward = 2.0 * np.einsum("ni,nij->j", wanted[0], np.asarray(columns))
    parity.close(gradient_of(rows[0], points)[1], forward, f"{name}: reverse against forward mode", relative=1e-9)

    by_points = jax.jit(jax.grad(squares, argnums=1))(rows[0], points)
    yy, xy, yx, xx = ag.LensCalc.from_mass_obj(lens_from(name, rows[0])).hessian_from(points, xp=jnp)
    rows_of_hessian = np.stack((np.stack((yy, yx), axis=-1), np.stack((xy, xx), axis=-1)), axis=-2)
    along = 2.0 * np.einsum("ni,nij->nj", wanted[0], rows_of_hessian)
    parity.close(by_points, along, f"{name}: gradient by the points against the Hessian", relative=1e-9)


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    for lens in sys.argv[1:] or ("Isothermal", "PowerLaw", "NFW", "NFWSph"):
        check_lens(lens)
    print("large grids: ok")
