"""The cases through the public API of lenstronomy (NumPy); run in an environment of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from lenstronomy.Data.imaging_data import ImageData
from lenstronomy.Data.psf import PSF
from lenstronomy.ImSim.image_linear_solve import ImageLinearFit
from lenstronomy.ImSim.image_model import ImageModel
from lenstronomy.LensModel.lens_model import LensModel
from lenstronomy.LightModel.light_model import LightModel
from measure import Likelihood, serve
from problem import GAUSSIANS, Problem
from square import LENS_MODELS, LIGHT_MODELS, NUMERICS, frame_from, keywords_from, truth_from


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """The likelihood on the crop; in C3 its unconstrained linear solve."""
    problem, ones = problem.cropped, np.ones(GAUSSIANS)
    tool = (ImageLinearFit if case == "c3" else ImageModel)(
        data_class=ImageData(problem.data[::-1], noise_map=problem.noise_map[::-1], **frame_from(problem)),
        psf_class=PSF(psf_type="PIXEL", kernel_point_source=problem.psf[::-1]),
        lens_model_class=LensModel(LENS_MODELS[case]),
        source_model_class=LightModel(["SERSIC_ELLIPSE"]),
        lens_light_model_class=LightModel(LIGHT_MODELS[case]),
        kwargs_numerics=NUMERICS,
        likelihood_mask=~problem.mask[::-1],
    )

    def value(vector: Any) -> float:
        lens, source, light = keywords_from(vector, case, ones)
        # with a linear solve it returns the amplitudes too
        found = tool.likelihood_data_given_model(lens, source, light)
        return float(np.ravel(found)[0] if case != "c3" else found[0]) + problem.log_normalization

    def image() -> np.ndarray:
        lens, source, light = keywords_from(truth, case, ones)
        if case == "c3":
            return np.asarray(tool.image_linear_solve(lens, source, light)[0])[::-1]
        return np.asarray(tool.image(lens, source, light))[::-1]

    truth = truth_from(problem, case)
    return Likelihood(truth=truth, value=value, image=image)


if __name__ == "__main__":
    serve(likelihood_from)
