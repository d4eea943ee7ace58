"""Linear light of every kind at once: with numbers beside it, operated, in a regularized basis, and behind the lens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import numpy as np
import parity

import autolens as al


def model_from() -> al.Collection:
    """The lens model; the coefficient of the regularization is free too."""
    gaussians = [al.Model(al.lp_linear.Gaussian, centre=(0.0, 0.0), sigma=sigma) for sigma in (0.1, 0.2, 0.4, 0.8)]
    regularization = al.Model(al.reg.Constant, coefficient=al.LogUniformPrior(1e-2, 1e2))
    lens = al.Model(
        al.Galaxy,
        redshift=0.5,
        disk=al.lp.Exponential,
        star=al.Model(al.lp_linear_operated.Gaussian, centre=(0.8, -0.9), sigma=al.UniformPrior(0.1, 0.2)),
        bulge=al.Model(al.lp_basis.Basis, profile_list=gaussians, regularization=regularization),
        mass=al.mp.Isothermal,
    )
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    return al.Collection(galaxies=al.Collection(lens=lens, source=parity.sersic_source(al.lp_linear.Sersic)))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of a Sersic galaxy that lenses another one."""
    bulge = al.lp.Sersic(intensity=1.0, effective_radius=0.6, sersic_index=2.0)
    star = al.lp_operated.Gaussian(centre=(0.8, -0.9), sigma=0.15, intensity=2.0)
    mass = al.mp.Isothermal(ell_comps=(0.1, 0.0), einstein_radius=1.25)
    source = al.lp.Sersic(centre=(0.05, 0.05), intensity=0.5, effective_radius=0.3, sersic_index=1.5)
    lens = al.Galaxy(redshift=0.5, bulge=bulge, star=star, mass=mass)
    tracer = al.Tracer([lens, al.Galaxy(redshift=1.0, bulge=source)])
    return al.AnalysisImaging(parity.imaging_from(tracer), use_jax=use_jax)


def least_squares_of_regularized_light() -> None:
    """Residuals, those of the coefficients among them, are NumPy's, and so is their change with the parameters."""
    import jax
    import jax.numpy as jnp

    model = model_from()
    model.galaxies.lens.bulge.regularization.coefficient = 0.3
    compiled, plain = (analysis_from(use_jax) for use_jax in (True, False))

    def residuals_from(vector: Any) -> Any:
        return compiled.residual_vector_from(model.instance_from_vector(vector, xp=jnp))

    def plainly(vector: np.ndarray) -> np.ndarray:
        return plain.residual_vector_from(model.instance_from_vector(vector))

    vector = parity.vectors_from(model, 1, seed=4)[0]
    wanted = plainly(vector)
    parity.check(len(wanted) == plain.dataset.mask.pixels_in_mask + 4, "residuals of four coefficients are missing")
    parity.close(jax.jit(residuals_from)(vector), wanted, "residuals of regularized light", relative=1e-6)
    step = 1e-6 * np.ones_like(vector)
    change = (plainly(vector + step) - plainly(vector - step))[-4:]
    _, pushed = jax.jvp(residuals_from, (jnp.asarray(vector),), (jnp.asarray(2.0 * step),))
    parity.close(pushed[-4:], change, "change of the residuals of coefficients", relative=1e-4)


if __name__ == "__main__":
    least_squares_of_regularized_light()
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
