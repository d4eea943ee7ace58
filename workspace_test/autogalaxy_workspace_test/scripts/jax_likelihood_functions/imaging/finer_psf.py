"""A PSF on finer pixels than those of the image, for a galaxy, a nucleus and a star that is blurred already."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import numpy as np
import parity

import autoarray as aa
import autogalaxy as ag

SIZES = (1, 2, 3, 4)


def model_from() -> ag.Collection:
    """Ordinary, operated and point-like light in a dataset that may be shifted and turned."""
    bulge = ag.Model(ag.lp.Sersic)
    bulge.intensity = ag.UniformPrior(0.5, 1.5)
    bulge.effective_radius = ag.UniformPrior(0.4, 0.9)
    bulge.sersic_index = ag.UniformPrior(0.8, 2.0)
    galaxy = ag.Model(
        ag.Galaxy,
        redshift=0.5,
        bulge=bulge,
        star=ag.Model(ag.lp_operated.Moffat, alpha=ag.UniformPrior(0.2, 0.6), beta=ag.UniformPrior(2.0, 4.0)),
        nucleus=ag.Model(ag.lp.PointSource, centre=(0.1, 0.1)),
    )
    return ag.Collection(galaxies=ag.Collection(galaxy=galaxy))


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median, with a PSF of 3 x 3 pixels in a pixel."""
    dataset = parity.imaging_from(ag.Galaxies(model_from().instance_from_prior_medians().galaxies))
    offsets = (np.arange(15) - 7.0) * 0.2 / 3.0
    kernel = np.exp(-0.5 * (offsets[:, None] ** 2 + (offsets[None, :] - 0.05) ** 2) / 0.15**2)
    finer = ag.Imaging(dataset.data, dataset.noise_map, ag.Convolver(kernel, 0.2 / 3.0), over_sample_size_lp=2)
    return ag.AnalysisImaging(finer, use_jax=use_jax)


def convolver_agrees_with_numpy() -> None:
    """The convolution with finer kernels under jit and vmap, its adjoint, and kernels that are summed directly."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(1)
    mask = aa.Mask2D.circular((14, 16), radius=0.55, pixel_scales=0.1, centre=(0.1, -0.1))
    for size in SIZES:
        for shape in ((1, 1), (7, 5)):
            state = aa.Convolver(rng.random(shape), 0.1, convolve_over_sample_size=size).state_from(mask)
            images = rng.random((4, state.pixels_extended))
            wanted = np.array([state.convolve(image) for image in images])
            name = f"PSF of {shape}, {size} pixels in one"

            def blurred(values: Any, state: Any = state) -> Any:
                return state.convolve(values, xp=jnp)

            parity.close(jax.jit(blurred)(images[0]), wanted[0], f"{name}, jit")
            parity.close(jax.vmap(blurred)(jnp.array(images)), wanted, f"{name}, vmap")
            parity.close(blurred(jnp.array(images)), wanted, f"{name}, leading axis")
            cotangent, tangent = rng.random(mask.pixels_in_mask), rng.random(state.pixels_extended)
            backward = jax.vjp(blurred, jnp.array(images[0]))[1](jnp.array(cotangent))[0]
            parity.close(backward @ tangent, cotangent @ state.convolve(tangent), f"{name}, vjp is the adjoint")
            operated = jax.jit(state.unblurred_from)(images)
            parity.close(operated, state.unblurred_from(images), f"{name}, light that is blurred already")
    print("convolver: ok")


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
    convolver_agrees_with_numpy()
