"""Every public method of every profile under jit, vmap, grad and with traced grids, against the NumPy loop.

The scripts in ``profiles/`` run these checks, each for some of the profiles. Profiles and their parameters come from
the same table as in the unit tests (``tools/profile_rows.py``).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
# A function is compiled for a handful of points: time goes to the compiler, so it is told to hurry.
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_backend_optimization_level=0"

import numpy as np
import parity

import autogalaxy as ag
from autogalaxy import exc
from profile_rows import free_parameters, profile_from, values_from

POINTS = np.array([(0.7, 0.6), (-0.3, 1.2), (0.02, -0.45), (-1.6, -0.2), (2.3, -3.1)])
RADII = np.array([0.01, 0.4, 1.3, 6.0, 30.0])
SPECIAL = {"ell_comps": 0.0, "slope": 2.0, "multipole_comps": 0.0}
"""Values of the second row, at which formulas are most easily undefined."""
SCALARS = ("image_2d_from", "convergence_2d_from", "potential_2d_from")
RADIAL = ("radial_grid_from", "elliptical_radii_grid_from", "eccentric_radii_grid_from")
VECTORS = ("deflections_yx_2d_from", "shear_yx_2d_from")
FRAME = ("transformed_to_reference_frame_grid_from",)
NUMBERS = ("axis_ratio", "angle", "angle_radians", "magnitude", "is_physical")
CIRCLES = ("luminosity_within_circle_from", "mass_angular_within_circle_from", "luminosity_within_ellipse_from")
ARRAYS = ("image_2d_via_radii_from", "image_2d_via_squared_radii_from")


def matrix_from(cls: type) -> np.ndarray:
    """Three rows of parameters, ``(3, p)``: drawn from the declared priors, the second with the special values."""
    random, rows = np.random.default_rng(7), []
    parameters = free_parameters(cls)
    while len(rows) < 3:
        row = values_from(cls, random.uniform(0.05, 0.95, len(parameters)))
        if len(rows) == 1:
            row = [SPECIAL.get(name, value) for (name, *_), value in zip(parameters, row, strict=True)]
        try:
            profile_from(cls, row)
        except exc.ProfileException:
            continue  # parameters that do not go together
        rows.append(row)
    return np.array(rows)


def centre_of(cls: type, row: np.ndarray) -> Any:
    """(y, x) of the centre of a row."""
    return profile_from(cls, row).centre


def methods_of(cls: type, frame: bool = True) -> list[str]:
    """Names of the public methods a profile has; ``frame=False`` leaves out those that turn by an angle."""
    names = (*SCALARS, *RADIAL, *VECTORS, *CIRCLES, *ARRAYS, "axis_ratio", "is_physical")
    names += (*FRAME, "angle", "angle_radians", "magnitude", "rotated_grid_from_reference_frame_from") if frame else ()
    return [name for name in names if hasattr(cls, name)]


def value_of(profile: Any, name: str, points: Any, xp: Any) -> Any:
    """The raw result of one public method."""
    if name in NUMBERS:
        return getattr(profile, name)(xp=xp)
    if name in CIRCLES:
        return getattr(profile, name)(1.1, xp=xp)
    if name in ARRAYS:
        return getattr(profile, name)(xp.asarray(RADII), xp=xp)
    if name == "rotated_grid_from_reference_frame_from":
        return profile.rotated_grid_from_reference_frame_from(points, xp=xp)
    return getattr(profile, name)(ag.Grid2DIrregular(points, xp=xp), xp=xp).array


def compare(actual: Any, wanted: Any, message: str, relative: float = parity.RELATIVE) -> None:
    """As ``parity.close`` without a line for each of the many successes."""
    actual, wanted = np.asarray(actual, dtype=float), np.asarray(wanted, dtype=float)
    parity.check(actual.shape == wanted.shape, f"{message}: shape {actual.shape}, wanted {wanted.shape}")
    error = np.max(np.abs(actual - wanted)) / max(np.max(np.abs(wanted)), 1e-4)
    parity.check(error <= relative, f"{message}: relative error {error:.2e} > {relative:.0e}")  # also catches NaN


def check_values(cls: type) -> None:
    """jit, and vmap over three different rows, of every method, with the coordinates traced."""
    import jax
    import jax.numpy as jnp

    names, matrix = methods_of(cls), matrix_from(cls)

    def all_of(vector: Any, points: Any) -> dict[str, Any]:
        return {name: value_of(profile_from(cls, vector), name, points, jnp) for name in names}

    batch = jax.jit(jax.vmap(all_of, in_axes=(0, None)))(matrix, POINTS)
    single = jax.jit(all_of)
    for i, row in enumerate(matrix):
        at_centre = np.concatenate(([centre_of(cls, row)], POINTS[1:]))
        result, centre = single(row, POINTS), single(row, at_centre)
        for name in names:
            wanted = value_of(profile_from(cls, row), name, POINTS, np)
            compare(result[name], wanted, f"{cls.__name__}.{name} under jit, row {i}")
            wanted_centre = value_of(profile_from(cls, row), name, at_centre, np)
            compare(centre[name], wanted_centre, f"{cls.__name__}.{name} at the centre, row {i}")
            compare(batch[name][i], wanted, f"{cls.__name__}.{name} under vmap, row {i}")


def check_grids(cls: type) -> None:
    """Profile and ``Grid2D`` as arguments of jit: the type comes back, held by JAX, with the values of NumPy."""
    import jax
    import jax.numpy as jnp

    mask = ag.Mask2D.circular(shape_native=(7, 7), radius=0.9, pixel_scales=0.3)
    profile = profile_from(cls, matrix_from(cls)[0])
    names = [name for name in (*SCALARS, *RADIAL, *VECTORS) if hasattr(cls, name)]

    def all_of(lens: Any, grid: Any) -> list[Any]:
        return [getattr(lens, name)(grid, xp=jnp) for name in names]

    function = jax.jit(all_of)
    for grid in (ag.Grid2D.from_mask(mask, over_sample_size=2), ag.Grid2DIrregular(POINTS)):
        for name, result in zip(names, function(profile, grid), strict=True):
            wanted = getattr(profile, name)(grid)
            label = f"{cls.__name__}.{name} on a traced {type(grid).__name__}"
            parity.check(type(result) is type(wanted), f"{label}: returned {type(result).__name__}")
            parity.check(result.use_jax and not wanted.use_jax, f"{label}: held by the wrong backend")
            compare(result.array, wanted.array, label)


def sums_from(cls: type, names: list[str], xp: Any) -> Callable[[Any, Any], Any]:
    """A weighted sum of each method's values, ``(methods,)``."""

    def sums(vector: Any, points: Any) -> Any:
        profile, totals = profile_from(cls, vector), []
        for name in names:
            value = xp.ravel(xp.asarray(value_of(profile, name, points, xp)))
            totals.append(xp.sum(value * np.cos(np.arange(value.size))))
        return xp.stack(totals)

    return sums


def check_gradients(cls: type) -> None:
    """Derivatives by parameters and coordinates equal central differences, circular ones too; finite at the centre."""
    import jax
    import jax.numpy as jnp

    names = [n for n in methods_of(cls, frame=False) if n != "is_physical"]
    traced, plain = sums_from(cls, names, xp=jnp), sums_from(cls, names, xp=np)
    modes = {
        "reverse": jax.jit(jax.jacrev(traced, argnums=(0, 1))),
        "forward": jax.jit(jax.jacfwd(traced, argnums=(0, 1))),
    }
    for i, row in enumerate(matrix_from(cls)):
        wanted, scale = central_differences(lambda v: plain(v, POINTS), row), np.maximum(np.abs(row), 1.0)
        by_flat = central_differences(lambda p, r=row: plain(r, p.reshape(POINTS.shape)), POINTS.ravel())
        for mode, function in modes.items():
            by_row, by_points = function(row, POINTS)
            at_centre = function(row, np.concatenate(([centre_of(cls, row)], POINTS[1:])))
            for k, name in enumerate(names):
                label = f"{mode} derivative of {cls.__name__}.{name}, row {i}"
                compare(by_row[k] * scale, wanted[k] * scale, f"{label}, by parameters", relative=parity.GRADIENT)
                compare(by_points[k].ravel(), by_flat[k], f"{label}, by coordinates", relative=parity.GRADIENT)
                finite = all(np.isfinite(np.asarray(a[k])).all() for a in at_centre)
                parity.check(finite, f"{label}: not finite at the centre")


def central_differences(function: Callable, vector: np.ndarray, h: float = 2e-6) -> np.ndarray:
    """Central differences with steps in proportion to numbers above one, ``(methods, p)``.

    A small step: where a radius is measured on the major axis, terms in ``e |e|`` leave an error in proportion to it at
    the circular limit.
    """
    steps = h * np.maximum(np.abs(vector), 1.0)
    columns = [
        (function(vector + step * axis) - function(vector - step * axis)) / (2.0 * step)
        for step, axis in zip(steps, np.eye(vector.size), strict=True)
    ]
    return np.stack(columns, axis=-1)


def run(classes: Iterable[type]) -> None:
    """All checks of these profiles (or of those named on the command line); the first that fails ends the script."""
    import jax

    jax.config.update("jax_enable_x64", True)
    for cls in classes:
        if sys.argv[1:] and cls.__name__ not in sys.argv[1:]:
            continue
        start = time.perf_counter()
        for step in (check_values, check_grids, check_gradients):
            step(cls)
        jax.clear_caches()
        print(f"{cls.__name__}: ok in {time.perf_counter() - start:.1f} s", flush=True)
