"""Galaxies in an image whose noise is correlated between pixels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import numpy as np
import parity

import autogalaxy as ag


def model_from() -> ag.Collection:
    """One Sersic."""
    bulge = ag.Model(ag.lp.Sersic)
    bulge.intensity = ag.UniformPrior(0.5, 1.5)
    bulge.effective_radius = ag.UniformPrior(0.4, 0.9)
    bulge.sersic_index = ag.UniformPrior(0.8, 2.0)
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=bulge)))


def analysis_from(use_jax: bool) -> Any:
    """The image of the model's own median with neighbours correlated by 0.4, and 0.2 across a corner."""
    dataset = parity.imaging_from(ag.Galaxies(model_from().instance_from_prior_medians().galaxies))
    steps = np.abs(dataset.mask.native_for_slim[:, None, :] - dataset.mask.native_for_slim[None, :, :])
    correlations = np.array([[1.0, 0.4], [0.4, 0.16]])
    near = np.all(steps < 2, axis=-1)
    noise = dataset.noise_map.array
    matrix = np.where(near, correlations[tuple(np.minimum(steps, 1).T)].T, 0.0) * noise[:, None] * noise[None, :]
    correlated = ag.Imaging(data=dataset.data, psf=dataset.psf, over_sample_size_lp=2, noise_covariance_matrix=matrix)
    return ag.AnalysisImaging(correlated, use_jax=use_jax)


def residual_vector_gives_the_likelihood() -> None:
    """What least-squares searches minimize is minus the log likelihood but for a constant, gradients included."""
    import jax
    import jax.numpy as jnp

    model, analysis = model_from(), analysis_from(True)
    vectors = parity.vectors_from(model, 3, seed=2)

    def value(vector: Any, function: Any) -> Any:
        return function(model.instance_from_vector(vector, xp=jnp))

    def from_residuals(instance: Any) -> Any:
        return -0.5 * jnp.sum(analysis.residual_vector_from(instance) ** 2) + analysis.log_likelihood_offset

    for vector in jnp.array(vectors):
        wanted, gradient = jax.value_and_grad(value)(vector, analysis.log_likelihood_function)
        found, found_gradient = jax.value_and_grad(value)(vector, from_residuals)
        parity.close(found, wanted, "log likelihood of the residual vector")
        parity.close(found_gradient, gradient, "its gradient")
    print("residual vector: ok")


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
    residual_vector_gives_the_likelihood()
