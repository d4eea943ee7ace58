"""The checks of every parity script: a fit crosses ``jax.jit``, and a batch of different rows equals a loop.

``jax.jit`` of one concrete instance is no sufficient trace check; ``vmap`` forces tracers through every leaf. Scripts
run in a fresh process each, and ``round_trip`` comes first in them: it must work without a preparatory call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

RELATIVE = 1e-10
"""How closely NumPy and JAX likelihoods must agree."""
GRADIENT = 1e-5
"""How closely gradients must agree with central differences, relative to the largest component."""


def check(condition: Any, message: str) -> None:
    """Stop with a message that says which claim failed."""
    if not bool(condition):
        raise SystemExit(f"parity failed: {message}")


def close(actual: Any, wanted: Any, message: str, relative: float = RELATIVE) -> None:
    """Agreement relative to the largest wanted value."""
    actual, wanted = np.asarray(actual), np.asarray(wanted)
    check(actual.shape == wanted.shape, f"{message}: shape {actual.shape}, wanted {wanted.shape}")
    error = np.max(np.abs(actual - wanted)) / max(np.max(np.abs(wanted)), 1e-300)
    check(np.isfinite(error) and error <= relative, f"{message}: relative error {error:.2e} > {relative:.0e}")
    print(f"  {message}: relative error {error:.1e}")


def round_trip(analysis_from: Callable[[bool], Any], model: Any) -> None:
    """``jax.jit(analysis.fit_from)(instance)`` returns a real fit of JAX arrays, equal to the NumPy fit."""
    analysis = analysis_from(True)
    instance = model.instance_from_prior_medians()
    import jax

    fit = jax.jit(analysis.fit_from)(instance)
    wanted = analysis_from(False).fit_from(instance)

    check(type(fit) is type(wanted), f"jit(fit_from) returned a {type(fit).__name__}")
    leaves = jax.tree_util.tree_leaves(fit)
    check(leaves and all(isinstance(leaf, jax.Array) for leaf in leaves), "a leaf of the fit is no jax.Array")
    check(isinstance(fit.log_likelihood, jax.Array), "fit.log_likelihood is no jax.Array")
    check(type(fit.residual_map) is type(wanted.residual_map), "residual_map lost its type")
    close(fit.log_likelihood, wanted.log_likelihood, "log likelihood of the returned fit")
    close(fit.residual_map.array, wanted.residual_map.array, "residual map of the returned fit")
    parts = sum(np.asarray(image.array) for image in fit.galaxy_model_image_dict.values())
    close(parts, wanted.model_data.array, "sum of the galaxies' images of the returned fit")
    print("round trip: ok")


def batch(analysis_from: Callable[[bool], Any], model: Any, rows: int = 3, seed: int = 1) -> None:
    """Batches over different rows equal the NumPy loop, twice in a row, and gradients equal central differences."""
    import jax
    import jax.numpy as jnp

    from autogalaxy.inference.fitness import Fitness

    fitness = Fitness(model, analysis_from(True))
    numpy_fitness = Fitness(model, analysis_from(False))
    vectors = vectors_from(model, rows, seed)
    wanted = np.array([numpy_fitness(vector) for vector in vectors])
    check(np.all(wanted > -1e90), "a row of the test has no finite likelihood")
    check(len(set(wanted)) == rows, "the rows of the test do not differ")

    close(fitness._vmap(vectors), wanted, "fitness._vmap")
    close(fitness._vmap(vectors[::-1]), wanted[::-1], "fitness._vmap of other rows")
    close(jax.vmap(fitness)(jnp.array(vectors)), wanted, "jax.vmap(fitness)")
    close(jax.jit(fitness)(jnp.array(vectors[0])), wanted[0], "jax.jit(fitness)")
    close(fitness(vectors[-1]), wanted[-1], "fitness(vector)")
    gradients(fitness, np.vstack((vectors[:1], round_vector_from(model, vectors[0])[None])))
    print("batch: ok")


def gradients(fitness: Any, vectors: np.ndarray) -> None:
    """Reverse-mode gradients against fourth-order central differences of the likelihood itself."""
    import jax
    import jax.numpy as jnp

    for vector in vectors:
        gradient = np.asarray(jax.grad(fitness)(jnp.array(vector)))
        check(np.all(np.isfinite(gradient)), f"the gradient at {vector} is not finite: {gradient}")
        close(gradient, differences_from(fitness._vmap, vector), "gradient", relative=GRADIENT)
        close(fitness._grad(vector), gradient, "fitness._grad")


def differences_from(function: Callable[[np.ndarray], Any], vector: np.ndarray, step: float = 2e-5) -> np.ndarray:
    """Fourth-order central differences of a batched scalar function, ``(p,) -> (p,)``."""
    steps = step * np.eye(len(vector))
    points = np.concatenate([vector + k * steps for k in (-2, -1, 1, 2)])
    f = np.asarray(function(points)).reshape(4, len(vector))
    return (f[0] - 8.0 * f[1] + 8.0 * f[2] - f[3]) / (12.0 * step)


def vectors_from(model: Any, rows: int, seed: int) -> np.ndarray:
    """Different parameter rows from the middle of the prior, ``(rows, p)``."""
    units = np.random.default_rng(seed).uniform(0.35, 0.65, size=(rows, model.prior_count))
    return np.array([model.vector_from_unit_vector(unit) for unit in units])


def round_vector_from(model: Any, vector: np.ndarray) -> np.ndarray:
    """``vector`` with every elliptical component at 0 and every slope at 2, where formulas have removable poles."""
    vector = vector.copy()
    for i, path in enumerate(model.paths):
        name = path if isinstance(path, str) else ".".join(path)
        if "ell_comps" in name:
            vector[i] = 0.0
        if name.endswith("slope"):
            vector[i] = 2.0
    return vector


def imaging_from(light: Any, over_sample_size: int = 2, seed: int = 1) -> Any:
    """A simulated ``Imaging`` of 24 x 24 pixels around ``light`` (galaxies or a tracer), circularly masked."""
    import autoarray as aa

    shape, scale = (24, 24), 0.2
    grid = aa.Grid2D.uniform(shape, scale, over_sample_size=over_sample_size)
    image = np.asarray(light.image_2d_from(grid).native.array)
    noise = np.sqrt(0.02**2 + np.abs(image) / 300.0)
    data = image + noise * np.random.default_rng(seed).standard_normal(shape)
    offsets = (np.arange(5) - 2.0) * scale
    kernel = np.exp(-0.5 * (offsets[:, None] ** 2 + (offsets[None, :] - 0.05) ** 2) / 0.15**2)
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(data, scale),
        noise_map=aa.Array2D.no_mask(noise, scale),
        psf=aa.Convolver(aa.Array2D.no_mask(kernel / kernel.sum(), scale)),
        over_sample_size_lp=over_sample_size,
    )
    return dataset.apply_mask(aa.Mask2D.circular(shape, 2.0, scale))


def sersic_source(profile: Any = None) -> Any:
    """The model of the source that the scripts of lenses share: a Sersic, or a linear one, at redshift 1."""
    import autolens as al

    profile = al.lp.Sersic if profile is None else profile
    source = al.Model(al.Galaxy, redshift=1.0, bulge=profile)
    source.bulge.centre = (al.UniformPrior(-0.2, 0.3), al.UniformPrior(-0.2, 0.3))
    if not profile.is_linear:
        source.bulge.intensity = al.UniformPrior(0.5, 1.5)
    source.bulge.effective_radius = al.UniformPrior(0.2, 0.6)
    source.bulge.sersic_index = al.UniformPrior(0.8, 2.5)
    return source
