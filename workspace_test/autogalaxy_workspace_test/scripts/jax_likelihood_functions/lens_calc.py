"""Every method of LensCalc: jit, vmap over parameter rows, traced grids and gradients, on both grid types."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import parity

import autoarray as aa
import autogalaxy as ag

METHODS = (
    "convergence_2d_via_hessian_from",
    "shear_yx_2d_via_hessian_from",
    "magnification_2d_via_hessian_from",
    "magnification_2d_from",
    "tangential_eigen_value_from",
    "radial_eigen_value_from",
    "time_delay_geometry_term_from",
    "fermat_potential_from",
    "hessian_from",
    "jacobian_from",
)
DIFFERENTIATED = (
    "shear_yx_2d_via_hessian_from",
    "magnification_2d_from",
    "tangential_eigen_value_from",
    "fermat_potential_from",
)
"""One of each formula: the gradient of a Hessian is a third derivative and takes long to compile."""
ROWS = np.array(
    [
        (0.05, -0.02, 0.12, 0.08, 1.2, 2.15, 0.03, -0.04),
        (-0.03, 0.04, 0.0, 0.0, 1.4, 2.0, 0.0, 0.0),
        (0.0, 0.0, -0.2, 0.1, 0.9, 1.8, -0.05, 0.02),
    ]
)
"""centre, ell_comps, einstein_radius, slope, gamma_1, gamma_2; poles of the formulas cancel in the second row."""
MASK = aa.Mask2D.circular_annular((12, 12), inner_radius=0.5, outer_radius=1.9, pixel_scales=0.37)
UNIFORM = aa.Grid2D.from_mask(MASK, over_sample_size=2)
IRREGULAR = aa.Grid2DIrregular([(0.31, 0.72), (-1.13, 0.24), (0.52, -1.57), (-2.03, -0.41), (0.05, 0.3)])


def galaxy_from(row: Any) -> ag.Galaxy:
    """A power law and a shear with the parameters of a row."""
    mass = ag.mp.PowerLaw(centre=(row[0], row[1]), ell_comps=(row[2], row[3]), einstein_radius=row[4], slope=row[5])
    return ag.Galaxy(redshift=0.5, mass=mass, shear=ag.mp.ExternalShear(gamma_1=row[6], gamma_2=row[7]))


def call(row: Any, name: str, grid: Any, **kwargs: Any) -> Any:
    """The method ``name`` for the galaxy of a row."""
    return getattr(ag.LensCalc.from_mass_obj(galaxy_from(row)), name)(grid, **kwargs)


def all_from(row: Any, grid: Any, **kwargs: Any) -> dict[str, Any]:
    """Every method at once: what they share is compiled once."""
    return {name: call(row, name, grid, **kwargs) for name in METHODS}


def raw_from(result: Any) -> np.ndarray:
    """Tuples, nested lists and structures as one array, the points last but for the components of a shear."""
    if isinstance(result, tuple | list):
        return np.stack([raw_from(part) for part in result], axis=-1)
    return np.asarray(getattr(result, "array", result))


def check_raw(result: Any, name: str) -> None:
    """Nothing but ``jax.Array`` leaves the method with ``xp=jnp``."""
    import jax

    parts = result if isinstance(result, tuple) else sum(result, []) if isinstance(result, list) else (result,)
    parity.check(all(isinstance(part, jax.Array) for part in parts), f"{name} returned {type(parts[0]).__name__}")


def check_all(results: dict[str, Any], wanted: dict[str, Any], message: str) -> None:
    """Raw arrays, equal to those of NumPy."""
    for name, result in results.items():
        check_raw(result, name)  # contract D1, D2
        parity.close(raw_from(result), raw_from(wanted[name]), f"{name} {message}", relative=1e-8)


def outermost(name: str) -> None:
    """Alone as the outermost call of a jitted function, on both grid types."""
    import jax
    import jax.numpy as jnp

    calc = ag.LensCalc.from_mass_obj(ag.mp.Isothermal(ell_comps=(0.1, 0.05)))
    for grid in (UNIFORM, IRREGULAR):
        result = jax.jit(lambda calc=calc, grid=grid: getattr(calc, name)(grid, xp=jnp))()
        check_raw(result, name)  # contract D2, D5
        parity.close(raw_from(result), raw_from(getattr(calc, name)(grid)), f"{name}, outermost", relative=1e-8)


def jit() -> None:
    """With traced parameters, and with traced grids that are made inside, arguments, or raw."""
    import jax
    import jax.numpy as jnp

    row = jnp.array(ROWS[0])
    wanted, on_pixels = all_from(ROWS[0], IRREGULAR), all_from(ROWS[0], UNIFORM)
    traced = jax.jit(lambda row, grid: all_from(row, grid, xp=jnp))
    check_all(traced(row, IRREGULAR), wanted, "of a grid that is an argument")  # contract D3
    check_all(traced(row, UNIFORM), on_pixels, "of a uniform grid that is an argument")
    check_all(traced(row, IRREGULAR.array), wanted, "of raw coordinates")
    made = jax.jit(lambda q: all_from(ROWS[0], aa.Grid2DIrregular(q, xp=jnp), xp=jnp))
    check_all(made(IRREGULAR.array), wanted, "of a grid made inside")  # contract D3, D4
    made = jax.jit(lambda q: all_from(ROWS[0], aa.Grid2D(q, MASK, over_sample_size=2, xp=jnp), xp=jnp))
    check_all(made(UNIFORM.array), on_pixels, "of a uniform grid made inside")
    check_all({"hessian_from": call(row, "hessian_from", IRREGULAR, xp=jnp)}, wanted, "without jit")


def vmap() -> None:
    """Different rows at once, twice, and different grids at once."""
    import jax
    import jax.numpy as jnp

    for kind, grid in (("uniform", UNIFORM), ("irregular", IRREGULAR)):
        batched = jax.jit(jax.vmap(lambda row, grid=grid: all_from(row, grid, xp=jnp)))
        for rows in (ROWS, ROWS[::-1]):
            results = batched(jnp.array(rows))
            for i, row in enumerate(rows):
                one = jax.tree.map(lambda batch, i=i: batch[i], results)
                check_all(one, all_from(row, grid), f"of row {i} on a {kind} grid")
    grids = np.array([IRREGULAR.array, IRREGULAR.array + 0.1])
    results = jax.jit(jax.vmap(lambda q: all_from(ROWS[0], aa.Grid2DIrregular(q, xp=jnp), xp=jnp)))(grids)
    for i, points in enumerate(grids):
        one = jax.tree.map(lambda batch, i=i: batch[i], results)
        check_all(one, all_from(ROWS[0], aa.Grid2DIrregular(points)), f"of grid {i}")


def gradient() -> None:
    """With respect to every parameter and every coordinate, against central differences."""
    import jax
    import jax.numpy as jnp

    weights = np.cos(np.arange(len(IRREGULAR)))
    flat = IRREGULAR.array.ravel()
    for name in DIFFERENTIATED:

        def loss(row: Any, points: Any, name: str = name) -> Any:
            result = call(row, name, aa.Grid2DIrregular(points, xp=jnp), xp=jnp)
            return jnp.sum((result if result.ndim == 1 else result @ jnp.array([1.0, 2.0])) * weights)

        compiled, derivative = jax.jit(loss), jax.jit(jax.grad(loss, argnums=(0, 1)))
        for row in ROWS:
            of_row, of_points = derivative(row, IRREGULAR.array)
            wanted = parity.differences_from(lambda rows, f=compiled: [f(r, IRREGULAR.array) for r in rows], row)
            compare(of_row, wanted, f"{name}, gradient in the parameters")
            wanted = parity.differences_from(
                lambda q, f=compiled, row=row: [f(row, points.reshape(-1, 2)) for points in q], flat
            )
            compare(of_points.ravel(), wanted, f"{name}, gradient in the coordinates")


def compare(gradient_of_jax: np.ndarray, differences: np.ndarray, message: str) -> None:
    """Relative to the largest component or one: the radial eigenvalue of an isothermal lens is one everywhere."""
    actual, wanted = np.append(gradient_of_jax, 1.0), np.append(differences, 1.0)
    parity.close(actual, wanted, message, relative=parity.GRADIENT)


def analytic() -> None:
    """The convergence of the Hessian is the closed form of the power law: CONVENTIONS, ``g`` the slope."""
    import jax.numpy as jnp

    for row in ROWS:
        points = UNIFORM.array
        f, angle = np.hypot(row[2], row[3]), 0.5 * np.arctan2(row[2], row[3])
        q = (1.0 - f) / (1.0 + f)
        y, x = (points - row[:2]).T
        along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
        m = np.sqrt(along**2 + (across / q) ** 2)
        wanted = (3.0 - row[5]) / (1.0 + q) * (row[4] / m) ** (row[5] - 1.0)
        exact = call(row, "convergence_2d_via_hessian_from", UNIFORM, xp=jnp)
        parity.close(exact, wanted, "convergence of the power law, JAX", relative=1e-10)  # contract D7
        numerical = call(row, "convergence_2d_via_hessian_from", UNIFORM)
        parity.close(numerical.array, wanted, "convergence of the power law, NumPy", relative=1e-10)


def singular_centre() -> None:
    """On the centre of a singular profile, whose coordinates are traced, JAX gives what NumPy gives."""
    import jax
    import jax.numpy as jnp

    shape = {"centre": (0.5, -0.3), "ell_comps": (0.1, 0.1)}
    for lens in (ag.mp.Isothermal(**shape), ag.mp.PowerLaw(**shape, slope=2.2), ag.mp.PointMass(centre=(0.5, -0.3))):
        points = np.array([(0.5, -0.3), (1.0, 0.2)])
        hessian = jax.jit(lambda mass, p: ag.LensCalc.from_mass_obj(mass).hessian_from(p, xp=jnp))(lens, points)
        wanted = ag.LensCalc.from_mass_obj(lens).hessian_from(points)
        parity.close(jnp.stack(hessian), np.stack(wanted), f"Hessian on the centre of a {type(lens).__name__}")


def einstein_radius() -> None:
    """Along rays: jit, vmap over rows and gradient, against the area inside the refined curve of NumPy."""
    import jax
    import jax.numpy as jnp

    def radius_of(row: Any) -> Any:
        return ag.LensCalc.from_mass_obj(galaxy_from(row)).einstein_radius_jit_from()

    wanted = np.array([ag.LensCalc.from_mass_obj(galaxy_from(row)).einstein_radius_from() for row in ROWS])
    compiled, derivative = jax.jit(radius_of), jax.jit(jax.grad(radius_of))
    for row, radius in zip(ROWS, wanted, strict=True):
        result = compiled(jnp.array(row))
        check_raw(result, "einstein_radius_jit_from")
        parity.close(result, radius, "Einstein radius along rays", relative=1e-8)
        differences = parity.differences_from(lambda rows: [compiled(r) for r in rows], row)
        compare(derivative(row), differences, "gradient of the Einstein radius")
    batch = jax.jit(jax.vmap(radius_of))(jnp.array(ROWS))
    parity.close(batch, wanted, "Einstein radius of rows", relative=1e-8)
    alone = ag.LensCalc(ag.mp.IsothermalSph(centre=(0.3, 0.1), einstein_radius=0.7).deflections_yx_2d_from)
    result = jax.jit(lambda: alone.einstein_radius_jit_from(init_guess=(0.3, 0.2)))()
    parity.close(result, 0.7, "Einstein radius of deflections alone", relative=1e-8)
    sheared = ag.LensCalc.from_mass_obj(ag.mp.ExternalShear(gamma_1=0.1, gamma_2=0.0))
    parity.check(bool(jnp.isnan(sheared.einstein_radius_jit_from())), "an Einstein radius of a shear")


def guard() -> None:
    """A grid of JAX without ``xp=jnp`` is an error that names the fix."""
    import jax.numpy as jnp

    try:
        call(ROWS[0], "magnification_2d_from", aa.Grid2DIrregular(IRREGULAR.array, xp=jnp))
    except aa.exc.BackendException as error:
        parity.check("xp=jnp" in str(error), "the message does not name xp=jnp")
    else:
        parity.check(False, "a grid of JAX passed with xp=np")


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    for method in METHODS:
        outermost(method)
    jit()
    vmap()
    gradient()
    analytic()
    singular_centre()
    einstein_radius()
    guard()
    print("LensCalc: ok")
