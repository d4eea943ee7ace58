"""Every public method of every profile under jit, vmap, grad and with traced grids, against the NumPy loop.

The scripts ``profiles_*.py`` run these checks, each for some of the profiles. Profiles and their parameters come from
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
from autogalaxy.profiles.mass.circular import CircularMassProfile
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from profile_rows import free_parameters, profile_from, values_from

POINTS = np.array([(0.7, 0.6), (-0.3, 1.2), (0.02, -0.45), (-1.6, -0.2), (2.3, -3.1)])
RADII = np.array([0.01, 0.4, 1.3, 6.0, 30.0])
SPECIAL = {"ell_comps": 0.0, "slope": 2.0, "multipole_comps": 0.0, "multipole_3_comps": 0.0, "multipole_4_comps": 0.0}
"""Values of the second row, at which formulas are most easily undefined."""
TURNING = {"ShapeletCartesian", "ShapeletPolar", "ShapeletExponential"}
"""Light whose pattern turns with the major axis: without one it has no derivative, so its rows are all elliptical."""
SCALARS = ("image_2d_from", "convergence_2d_from", "potential_2d_from")
RADIAL = ("radial_grid_from", "elliptical_radii_grid_from", "eccentric_radii_grid_from")
VECTORS = ("deflections_yx_2d_from", "shear_yx_2d_from")
FRAME = ("transformed_to_reference_frame_grid_from", "rotated_grid_from_reference_frame_from")
ANGULAR = ("angle", "angle_radians")
"""Methods that turn by the direction of the major axis, which a circle does not have: they need no derivative."""
REVERSE = ("image_2d_from", "deflections_yx_2d_from", "convergence_2d_from")
"""Methods that a likelihood differentiates backwards."""
GEOMETRY = ag.mp.Isothermal
"""The profile whose inherited methods are tested for all."""
DELEGATION = ag.mp.PowerLawIntermediate
"""The parametrization whose delegated methods are tested for all."""
NUMBERS = ("axis_ratio", "angle", "angle_radians", "magnitude", "is_physical")
CIRCLES = ("luminosity_within_circle_from", "mass_angular_within_circle_from", "luminosity_within_ellipse_from")
ARRAYS = ("image_2d_via_radii_from", "image_2d_via_squared_radii_from")


def matrix_from(cls: type) -> np.ndarray:
    """Three rows of parameters, ``(3, p)``: drawn from the declared priors, the second with the special values."""
    random, rows = np.random.default_rng(7), []
    parameters = free_parameters(cls)
    while len(rows) < 3:
        row = values_from(cls, random.uniform(0.05, 0.95, len(parameters)))
        if len(rows) == 1 and cls.__name__ not in TURNING:
            row = [SPECIAL.get(name, value) for (name, *_), value in zip(parameters, row, strict=True)]
        try:
            profile_from(cls, row)
        except exc.ProfileException:
            continue  # parameters that do not go together
        rows.append(row)
    return np.array(rows)


def with_centre(cls: type, row: np.ndarray) -> np.ndarray:
    """The points with the centre of the profile in place of the first."""
    return np.concatenate(([profile_from(cls, row).centre], POINTS[1:]))


def methods_of(cls: type) -> list[str]:
    """Names of the public methods to test.

    Those that every profile inherits are tested on ``GEOMETRY`` alone; of another parametrization of a profile, and of
    a round form without formulas of its own, the deflection stands for the rest.
    """
    is_delegated = issubclass(cls, DerivedMassProfile) and cls is not DELEGATION
    if is_delegated or (cls.__name__.endswith("Sph") and not _has_formulas(cls)):
        return [name for name in ("deflections_yx_2d_from", "image_2d_from", "is_physical") if hasattr(cls, name)]
    names = (*SCALARS, *VECTORS, *CIRCLES, *ARRAYS, "is_physical", "magnitude")
    names += (*RADIAL, *FRAME, *ANGULAR, "axis_ratio") if cls is GEOMETRY else ()
    return [name for name in names if hasattr(cls, name)]


def _has_formulas(cls: type) -> bool:
    """Whether a round form has methods of its own."""
    return issubclass(cls, CircularMassProfile) or any(
        callable(value) and not name.startswith("_") for name, value in vars(cls).items()
    )


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


def check_methods(cls: type) -> None:
    """Each method under jit and vmap over different rows, with coordinates traced: values, and derivatives both ways.

    A row appears twice, with the points as they are and with the first at the centre. Forward derivatives by all
    parameters and coordinates come out of the same compilation as the values.
    """
    matrix = matrix_from(cls)
    points = np.stack([POINTS for _ in matrix] + [with_centre(cls, row) for row in matrix])
    rows = np.concatenate((matrix, matrix))
    for name in methods_of(cls):
        values, tangents = values_and_tangents(cls, name, rows, points)
        for i, (row, place) in enumerate(zip(rows, points, strict=True)):
            at_centre, label = i >= len(matrix), f"{cls.__name__}.{name}, row {i % len(matrix)}"
            wanted = value_of(profile_from(cls, row), name, place, np)
            compare(values[i], wanted, label + (" with the centre" if at_centre else ""))
            if name in ("is_physical", *FRAME, *ANGULAR):
                continue
            parity.check(
                np.isfinite(tangents[i]).all(), f"derivative of {label}: not finite at the centre or elsewhere"
            )
            if not at_centre:
                by_parameters, by_points = np.split(tangents[i], [row.size])
                scale = np.maximum(np.abs(row), 1.0).reshape(-1, *[1] * np.ndim(wanted))
                steps = central_differences(lambda v, n=name: value_of(profile_from(cls, v), n, POINTS, np), row)
                compare(by_parameters * scale, steps * scale, f"derivative of {label} by parameters", parity.GRADIENT)
                steps = central_differences(
                    lambda p, n=name, r=row: value_of(profile_from(cls, r), n, p.reshape(POINTS.shape), np),
                    POINTS.ravel(),
                )
                compare(by_points, steps, f"derivative of {label} by coordinates", parity.GRADIENT)
        if name in REVERSE:
            check_reverse(cls, name, rows, points, tangents)


def values_and_tangents(cls: type, name: str, rows: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values ``(rows, ...)`` and derivatives ``(rows, parameters + coordinates, ...)`` of one method."""
    import jax
    import jax.numpy as jnp

    size = rows.shape[1]
    directions = np.eye(size + POINTS.size)

    def along(row: Any, place: Any, direction: Any) -> Any:
        return jax.jvp(
            lambda v, p: jnp.asarray(value_of(profile_from(cls, v), name, p, jnp), dtype=float),
            (row, place),
            (direction[:size], direction[size:].reshape(POINTS.shape)),
        )

    over_directions = jax.vmap(along, in_axes=(None, None, 0), out_axes=(None, 0))
    values, tangents = jax.jit(jax.vmap(over_directions, in_axes=(0, 0, None)))(rows, points, directions)
    return np.asarray(values), np.asarray(tangents)


def check_reverse(cls: type, name: str, rows: np.ndarray, points: np.ndarray, tangents: np.ndarray) -> None:
    """Reverse derivatives of a weighted sum of the values equal the forward ones."""
    import jax
    import jax.numpy as jnp

    weights = np.cos(np.arange(tangents[0, 0].size)).reshape(tangents[0, 0].shape)

    def total(row: Any, place: Any) -> Any:
        return jnp.sum(weights * value_of(profile_from(cls, row), name, place, jnp))

    by_rows, by_points = jax.jit(jax.vmap(jax.grad(total, argnums=(0, 1))))(rows, points)
    for i, row in enumerate(rows):
        wanted = np.sum(tangents[i] * weights, axis=tuple(range(1, tangents[i].ndim)))
        actual = np.concatenate((by_rows[i], by_points[i].ravel()))
        scale = np.concatenate((np.maximum(np.abs(row), 1.0), np.ones(POINTS.size)))
        compare(
            actual * scale, wanted * scale, f"reverse derivative of {cls.__name__}.{name}, row {i}", parity.GRADIENT
        )


def check_grids(cls: type) -> None:
    """Profile and ``Grid2D`` as arguments of jit: the type comes back, held by JAX, with the values of NumPy."""
    import jax
    import jax.numpy as jnp

    mask = ag.Mask2D.circular(shape_native=(7, 7), radius=0.9, pixel_scales=0.3)
    profile = profile_from(cls, matrix_from(cls)[0])
    names = [name for name in methods_of(cls) if name in (*SCALARS[:2], *VECTORS[:1])]

    def all_of(lens: Any, grid: Any) -> list[Any]:
        return [getattr(lens, name)(grid, xp=jnp) for name in names]

    # compiled for the uniform grid; the irregular one goes through the same methods as the values above
    for grid, function in (
        (ag.Grid2D.from_mask(mask, over_sample_size=2), jax.jit(all_of)),
        (ag.Grid2DIrregular(POINTS, xp=jnp), all_of),
    ):
        for name, result in zip(names, function(profile, grid), strict=True):
            wanted = getattr(profile, name)(type(grid)(POINTS) if grid.use_jax else grid)
            label = f"{cls.__name__}.{name} on a {type(grid).__name__} of JAX"
            parity.check(type(result) is type(wanted), f"{label}: returned {type(result).__name__}")
            parity.check(result.use_jax and not wanted.use_jax, f"{label}: held by the wrong backend")
            compare(result.array, wanted.array, label)


def central_differences(function: Callable, vector: np.ndarray, h: float = 2e-6) -> np.ndarray:
    """Central differences by each number, ``(numbers, ...)``, with steps in proportion to those above one.

    A small step: where a radius is measured on the major axis, terms in ``e |e|`` leave an error in proportion to it at
    the circular limit.
    """
    steps = h * np.maximum(np.abs(vector), 1.0)
    columns = [
        (np.asarray(function(vector + step * axis)) - np.asarray(function(vector - step * axis))) / (2.0 * step)
        for step, axis in zip(steps, np.eye(vector.size), strict=True)
    ]
    return np.stack(columns)


def run(classes: Iterable[type]) -> None:
    """All checks of these profiles (or of those named on the command line); the first that fails ends the script."""
    import jax

    jax.config.update("jax_enable_x64", True)
    for cls in classes:
        if sys.argv[1:] and cls.__name__ not in sys.argv[1:]:
            continue
        start = time.perf_counter()
        for step in (check_methods, check_grids):
            step(cls)
        jax.clear_caches()
        print(f"{cls.__name__}: ok in {time.perf_counter() - start:.1f} s", flush=True)
