"""Float32 images with float64 sums: the error of the likelihood is small, measured, and refused where it is large."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

import autogalaxy as ag


def model_from() -> ag.Collection:
    """A Sersic bulge and two linear Gaussians."""
    bulge = ag.Model(ag.lp.Sersic, intensity=ag.UniformPrior(0.5, 1.5), effective_radius=ag.UniformPrior(0.4, 0.8))
    wide, narrow = (ag.Model(ag.lp_linear.Gaussian, sigma=sigma) for sigma in (0.3, 1.0))
    return ag.Collection(
        galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=bulge, wide=wide, narrow=narrow))
    )


def analysis_from(precision: str, noise: float = 1.0) -> Any:
    """The analysis of the image of a galaxy of its own, with the noise multiplied by a number."""
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(intensity=1.0), halo=ag.lp.Gaussian(sigma=0.8, intensity=0.5))
    dataset = parity.imaging_from(ag.Galaxies([galaxy]))
    dataset = ag.Imaging(dataset.data, dataset.noise_map * noise, psf=dataset.psf)
    return ag.AnalysisImaging(dataset, use_jax=True, precision=precision)


def close_in_mixed_precision() -> None:
    """Values, batches and gradients of the two precisions, at rows near the maximum."""
    import jax
    import jax.numpy as jnp

    model = model_from()
    double, mixed = (ag.Fitness(model, analysis_from(precision)) for precision in ("double", "mixed"))
    vectors = parity.vectors_from(model, 4, seed=3)
    wanted = np.array([double(v) for v in vectors])
    parity.close(mixed._vmap(vectors), wanted, "ln L of a batch", relative=1e-5)
    parity.close(jax.vmap(mixed)(jnp.array(vectors)), mixed._vmap(vectors), "jax.vmap(fitness)", relative=1e-6)
    parity.close(mixed._grad(vectors[0]), double._grad(vectors[0]), "gradient", relative=1e-3)
    fit = jax.jit(mixed.analysis.fit_from)(model.instance_from_prior_medians())
    parity.check(fit.whitened_residuals.dtype == jnp.float64, "residuals are not float64")
    parity.check(fit.log_likelihood.dtype == jnp.float64, "ln L is not float64")
    image = fit.inversion.images if fit.inversion is not None else fit.model_data.array
    parity.check(image.dtype == jnp.float32, "images are not float32")


def error_is_measured_and_refused() -> None:
    """The measured error is small here, grows with the signal to noise, and is refused where it is large."""
    model = model_from()
    small, large = (analysis_from("mixed", noise).precision_error_from(model) for noise in (1.0, 1e-2))
    print(f"  error of ln L: {small:.1e}, and {large:.1e} at a hundred times the signal to noise")
    parity.check(0.0 < small < 0.05, f"error {small}")
    parity.check(large > 30.0 * small, "the error does not grow with the signal to noise")
    check = analysis_from("mixed").checks_before_search(model)["precision"]
    parity.check(check["error"] == small, "the check reports another error")
    try:
        analysis_from("mixed", 1e-4).checks_before_search(model)
    except ag.exc.FitException as error:
        parity.check("precision='double'" in str(error), f"the refusal says {error}")
    else:
        parity.check(False, "mixed precision was not refused at 10,000 times the signal to noise")


def error_is_measured_at_the_best_fit_too() -> None:
    """A search says what mixed precision changes where it ended."""
    import jax
    import jax.numpy as jnp

    model, analysis = model_from(), analysis_from("mixed")
    search = ag.LevenbergMarquardt(n_starts=1, n_screen=4, agree=1, show_progress=False, check_over_sampling=False)
    result = search.fit(model, analysis)
    info = result.search_info["precision"]

    def residuals(analysis: Any) -> np.ndarray:
        """Of the compiled fit: float32 rounds otherwise where it is not."""
        return np.asarray(
            jax.jit(lambda v: analysis.fit_from(model.instance_from_vector(v, xp=jnp)).whitened_residuals)(
                result.samples.max_log_likelihood_vector
            )
        )

    change = float(np.sqrt(np.sum((residuals(analysis) - residuals(analysis_from("double"))) ** 2)))
    parity.close(info["at_best_fit"], change + 0.5 * change**2, "error at the best fit", relative=1e-6)
    parity.check(info["holds"] and info["error"] > 0.0, f"the check says {info}")


def images_beyond_single_precision_are_refused() -> None:
    """Light of 1e39 is infinite in float32: that is an error, not one of zero."""
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(intensity=1.0))
    dataset = parity.imaging_from(ag.Galaxies([galaxy]))
    dataset = ag.Imaging(dataset.data * 1e39, dataset.noise_map * 1e39, psf=dataset.psf)
    bulge = ag.Model(ag.lp.Sersic, intensity=1e39)
    model = ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=bulge)))
    analysis = ag.AnalysisImaging(dataset, use_jax=True, precision="mixed")
    parity.check(analysis.precision_error_from(model) == np.inf, "what is not finite has a finite error")


if __name__ == "__main__":
    error_is_measured_at_the_best_fit_too()
    images_beyond_single_precision_are_refused()
    close_in_mixed_precision()
    error_is_measured_and_refused()
    print("mixed precision: ok")
