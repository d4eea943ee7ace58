"""The cases through the public API of the PyPI package autolens; run in an environment of its own.

It needs no convention of ours but the conversions of ``problem.py``: its parameters are the ones we read.
"""

from __future__ import annotations

import autofit as af
import numpy as np
from autofit.non_linear.fitness import Fitness
from measure import Likelihood, serve
from models import dataset_from, model_from
from problem import PIXEL_SCALE, SUB_SIZE, Problem, plain, values_from, vector_from

import autolens as al


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """Its fitness under JAX with uniform sub-pixels; in C3 its non-negative least squares."""
    import jax

    model = model_from(al, af.Model, af.Collection, case)
    mask = al.Mask2D(mask=problem.mask, pixel_scales=PIXEL_SCALE)
    dataset = dataset_from(al, problem).apply_mask(mask=mask).apply_over_sampling(over_sample_size_lp=SUB_SIZE)
    analysis = al.AnalysisImaging(dataset=dataset, use_jax=True)
    fitness = Fitness(model=model, analysis=analysis, fom_is_log_likelihood=True, resample_figure_of_merit=-1e99)
    paths = [plain(".".join(model.path_for_prior(prior))) for prior in model.priors_ordered_by_id]
    truth = vector_from(paths, values_from(problem.truth, case))

    def image() -> np.ndarray:
        plainly = al.AnalysisImaging(dataset=dataset, use_jax=False)
        fit = plainly.fit_from(instance=model.instance_from_vector(vector=list(truth)))
        return np.asarray(fit.model_data.native.array)

    return Likelihood(
        truth=truth,
        value=fitness._jit,
        image=image,
        batch=fitness._vmap,
        value_and_grad=jax.jit(jax.value_and_grad(fitness.call)),
    )


if __name__ == "__main__":
    serve(likelihood_from)
