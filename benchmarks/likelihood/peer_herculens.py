"""C1 and C2 through the public API of herculens; run in an environment of its own. It has no linear solve for C3."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from measure import Likelihood, NotAvailable, compiled_likelihood_from, serve
from problem import Problem, axis_ratio_from
from square import LENS_MODELS, NUMERICS, frame_from, keywords_from, truth_from

jax.config.update("jax_enable_x64", True)


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """The likelihood on the crop: its model image, then chi-squared, which it leaves to its user."""
    if case == "c3":
        raise NotAvailable("no linear solve")
    from herculens.Coordinates.pixel_grid import PixelGrid
    from herculens.Instrument.noise import Noise
    from herculens.Instrument.psf import PSF
    from herculens.LensImage.lens_image import LensImage
    from herculens.LightModel.light_model import LightModel
    from herculens.MassModel.mass_model import MassModel

    problem = problem.cropped
    ny, nx = problem.data.shape
    data = jax.numpy.asarray(problem.data[::-1].copy())
    weight = jax.numpy.asarray(np.where(problem.mask, 0.0, 1.0 / problem.noise_map)[::-1].copy())
    tool = LensImage(
        PixelGrid(nx, ny, **frame_from(problem)),
        PSF(psf_type="PIXEL", kernel_point_source=problem.psf[::-1].copy()),
        noise_class=Noise(nx, ny, noise_map=problem.noise_map[::-1].copy()),
        lens_mass_model_class=MassModel(LENS_MODELS[case]),
        source_model_class=LightModel(["SERSIC_ELLIPSE"]),
        lens_light_model_class=LightModel(["SERSIC_ELLIPSE"]),
        kwargs_numerics=NUMERICS,
    )

    def model(vector: Any) -> Any:
        lens, source, light = keywords_from(vector, case)
        return tool.model(kwargs_lens=lens, kwargs_source=source, kwargs_lens_light=light)

    def call(vector: Any) -> Any:
        return problem.log_normalization - 0.5 * jax.numpy.sum((weight * (model(vector) - data)) ** 2)

    truth = truth_from(problem, case)
    for radius in (8, 15):  # its Sersic radius is along the major axis, the file's is the root of the product of both
        truth[radius] /= np.sqrt(axis_ratio_from(*truth[radius + 2 : radius + 4]))
    return compiled_likelihood_from(call, truth, lambda: np.asarray(model(jax.numpy.asarray(truth)))[::-1])


if __name__ == "__main__":
    serve(likelihood_from)
