"""The cases through the public API of jaxtronomy; run in an environment of its own."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from measure import Likelihood, compiled_likelihood_from, serve
from problem import GAUSSIANS, Problem
from square import LENS_MODELS, LIGHT_MODELS, NUMERICS, frame_from, keywords_from, truth_from

jax.config.update("jax_enable_x64", True)


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """The likelihood on the crop; in C3 its unconstrained linear solve."""
    from jaxtronomy.Data.imaging_data import ImageData
    from jaxtronomy.ImSim.image_linear_solve import ImageLinearFit
    from jaxtronomy.ImSim.image_model import ImageModel
    from jaxtronomy.LensModel.lens_model import LensModel
    from jaxtronomy.LightModel.light_model import LightModel
    from lenstronomy.Data.psf import PSF

    problem, ones = problem.cropped, np.ones(GAUSSIANS)
    data, noise_map = problem.data[::-1].copy(), problem.noise_map[::-1].copy()
    tool = (ImageLinearFit if case == "c3" else ImageModel)(
        data_class=ImageData(data, noise_map=noise_map, **frame_from(problem)),
        psf_class=PSF(psf_type="PIXEL", kernel_point_source=problem.psf[::-1].copy()),
        lens_model_class=LensModel(LENS_MODELS[case]),
        source_model_class=LightModel(["SERSIC_ELLIPSE"]),
        lens_light_model_class=LightModel(LIGHT_MODELS[case]),
        kwargs_numerics=NUMERICS,
        likelihood_mask=~problem.mask[::-1],
    )

    def call(vector: Any) -> Any:
        lens, source, light = keywords_from(vector, case, ones)
        # with a linear solve it returns the amplitudes too
        found = tool.likelihood_data_given_model(lens, source, light)
        return (found[0] if case == "c3" else found) + problem.log_normalization

    def image() -> np.ndarray:
        lens, source, light = keywords_from(jax.numpy.asarray(truth), case, ones)
        if case == "c3":
            return np.asarray(tool.image_linear_solve(lens, source, light)[0])[::-1]
        return np.asarray(tool.image(lens, source, light))[::-1]

    truth = truth_from(problem, case)
    return compiled_likelihood_from(call, truth, image)


if __name__ == "__main__":
    serve(likelihood_from)
