"""Convolutions, the dataset model and simulations on JAX, and a batch of many convolutions that must not hang."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import numpy as np
import parity

import autoarray as aa
import autogalaxy as ag

TIME_LIMIT = 240.0
"""Seconds after which a batch of convolutions counts as hanging; it takes a few."""
SHAPES = ((1, 1), (3, 3), (5, 7), (11, 9))


def model_from() -> ag.Collection:
    """A Sersic seen by a dataset with an unknown sky level, shift and rotation."""
    bulge = ag.Model(ag.lp.Sersic)
    bulge.intensity = ag.UniformPrior(0.5, 1.5)
    bulge.effective_radius = ag.UniformPrior(0.4, 0.9)
    bulge.sersic_index = ag.UniformPrior(0.8, 2.0)
    dataset_model = ag.Model(aa.DatasetModel)
    return ag.Collection(
        galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=bulge)), dataset_model=dataset_model
    )


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median."""
    galaxies = ag.Galaxies(model_from().instance_from_prior_medians().galaxies)
    return ag.AnalysisImaging(parity.imaging_from(galaxies), use_jax=use_jax)


def convolver_agrees_with_numpy() -> None:
    """Every way into the convolution, under jit, vmap over different images and both modes of differentiation."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(1)
    mask = aa.Mask2D.circular((24, 26), radius=0.85, pixel_scales=0.1, centre=(0.1, -0.1))
    for shape in SHAPES:
        psf = aa.Convolver(rng.random(shape), 0.1)
        state = psf.state_from(mask)
        images = rng.random((4, state.pixels_extended))
        wanted = np.array([state.convolve(image) for image in images])

        def blurred(values: Any, psf: aa.Convolver = psf) -> Any:
            return psf.convolved_extended_image_from(values, mask, xp=jnp).array

        name = f"PSF of {shape}"
        parity.close(jax.jit(blurred)(images[0]), wanted[0], f"{name}, jit")
        parity.close(jax.vmap(blurred)(jnp.array(images)), wanted, f"{name}, vmap")
        parity.close(state.convolve(jnp.array(images), xp=jnp), wanted, f"{name}, leading axis")
        tangent, cotangent = rng.random(state.pixels_extended), rng.random(mask.pixels_in_mask)
        forward = jax.jvp(blurred, (jnp.array(images[0]),), (jnp.array(tangent),))[1]
        parity.close(forward, state.convolve(tangent), f"{name}, jvp of a linear operator is the operator")
        backward = jax.vjp(blurred, jnp.array(images[0]))[1](jnp.array(cotangent))[0]
        parity.close(backward @ tangent, cotangent @ state.convolve(tangent), f"{name}, vjp is the adjoint")

        parts = (images[0][state.extended_for_mask], images[0][state.extended_for_ring])
        ring = mask.derive_mask.blurring_from(shape, allow_padding=True)
        result = jax.jit(lambda a, b, psf=psf: psf.convolved_image_from(a, b, xp=jnp))(
            aa.Array2D(parts[0], mask, xp=jnp), aa.Array2D(parts[1], ring, xp=jnp)
        )
        parity.check(type(result) is aa.Array2D and result.mask == mask, "a blurred image lost its type or mask")
        parity.close(result.array, wanted[0], f"{name}, image and blurring image")
    print("convolver: ok")


def simulator_runs_under_jit() -> None:
    """A dataset simulated inside ``jax.jit`` is a dataset: noiseless equal to NumPy, noisy with unit variance."""
    import jax

    psf = aa.Convolver.from_gaussian((7, 7), 0.1, sigma=0.15, centre=(0.02, 0.03))
    image = np.random.default_rng(2).uniform(0.5, 2.0, (60, 60))
    mask = aa.Mask2D.all_false(image.shape, 0.1)

    def simulated(values: Any, noisy: bool, use_jax: bool) -> aa.Imaging:
        simulator = aa.SimulatorImaging(
            500.0, 0.1, psf=psf, add_poisson_noise_to_data=noisy, noise_seed=1, use_jax=use_jax
        )
        return simulator.via_image_from(aa.Array2D(values, mask, xp=simulator._xp))

    wanted = simulated(image, False, False)
    found = jax.jit(lambda v: simulated(v, False, True))(image)
    parity.check(type(found) is aa.Imaging, f"jit returned a {type(found).__name__}")
    parity.close(found.data.array, wanted.data.array, "simulated data")
    parity.close(found.noise_map.array, wanted.noise_map.array, "simulated noise map")
    noisy = jax.jit(lambda v: simulated(v, True, True))(image)
    variance = np.var((np.asarray(noisy.data.array) - wanted.data.array) / wanted.noise_map.array)
    parity.check(abs(variance - 1.0) < 0.12, f"variance of simulated noise is {variance}")
    print("simulator: ok")


def many_convolutions() -> None:
    """A jitted batch of likelihoods that hold eight convolutions each: stacked in one transform, and one by one."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(3)
    mask = aa.Mask2D.circular((110, 110), radius=5.0, pixel_scales=0.1)
    state = aa.Convolver(rng.random((21, 21)), 0.1, normalize=True).state_from(mask)
    components, data = rng.random((8, state.pixels_extended)), rng.random(mask.pixels_in_mask)

    def stacked(weights: Any) -> Any:
        images = state.convolve(weights[:, None] * components, xp=jnp)
        return -0.5 * ((images.sum(axis=0) - data) ** 2).sum()

    def one_by_one(weights: Any) -> Any:
        images = [state.convolve(w * c, xp=jnp) for w, c in zip(weights, components, strict=True)]
        return -0.5 * ((sum(images) - data) ** 2).sum()

    weights = rng.random((50, 8))
    blurred = state.convolve(components)
    wanted = -0.5 * ((weights @ blurred - data) ** 2).sum(axis=1)
    for function in (stacked, one_by_one):
        batched = jax.jit(jax.vmap(function))
        for _ in range(3):
            parity.close(batched(weights), wanted, f"50 likelihoods of 8 convolutions, {function.__name__}")


def many_convolutions_end() -> None:
    """Run :func:`many_convolutions` in a process of its own, which must end within the time limit."""
    start = time.monotonic()
    try:
        done = subprocess.run([sys.executable, __file__, "many_convolutions"], timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise SystemExit(f"parity failed: a batch of convolutions hung for {TIME_LIMIT} s") from None
    parity.check(done.returncode == 0, f"the batch of convolutions ended with {done.returncode}")
    print(f"many convolutions: ok, {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:] == ["many_convolutions"]:
        many_convolutions()
    else:
        parity.round_trip(analysis_from, model_from())
        parity.batch(analysis_from, model_from())
        convolver_agrees_with_numpy()
        simulator_runs_under_jit()
        many_convolutions_end()
