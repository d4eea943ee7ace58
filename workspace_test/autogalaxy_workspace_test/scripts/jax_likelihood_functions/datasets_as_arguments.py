"""Datasets with the same pixels share one compiled likelihood: their arrays are its arguments."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

import autogalaxy as ag

EQUAL = 1e-12
DATASETS = 3


class CountingAnalysis(ag.AnalysisImaging):
    """Counts how often its likelihood is traced."""

    traces = [0]

    def log_likelihood_function(self, instance: Any) -> Any:
        self.traces[0] += 1
        return super().log_likelihood_function(instance)


def model_from() -> ag.Collection:
    """A free Sersic, and two linear Gaussians that are fixed, so that their images depend on the PSF alone."""
    bulge = ag.Model(ag.lp.Sersic, intensity=ag.UniformPrior(0.5, 1.5), effective_radius=ag.UniformPrior(0.4, 0.8))
    fixed = {"centre": (0.0, 0.0), "ell_comps": (0.0, 0.0)}
    wide, narrow = (ag.Model(ag.lp_linear.Gaussian, sigma=sigma, **fixed) for sigma in (0.3, 1.0))
    return ag.Collection(
        galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=bulge, wide=wide, narrow=narrow))
    )


def dataset_from(number: int, correlated: bool = False, psf_pixels: int = 5) -> ag.Imaging:
    """One of several datasets of the same pixels, with data, noise and PSF of its own."""
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(intensity=1.0 + 0.2 * number), halo=ag.lp.Gaussian(sigma=0.8))
    dataset = parity.imaging_from(ag.Galaxies([galaxy]), seed=number)
    offsets = (np.arange(psf_pixels) - psf_pixels // 2) * 0.2
    kernel = np.exp(-0.5 * (offsets[:, None] ** 2 + offsets[None, :] ** 2) / (0.15 + 0.05 * number) ** 2)
    noise, matrix = dataset.noise_map * (1.0 + 0.1 * number), None
    if correlated:
        steps = dataset.mask.native_for_slim
        distance = np.abs(steps[:, None] - steps[None]).sum(axis=-1)
        matrix = np.exp(-(2.0 + number) * distance) * noise.array[:, None] * noise.array[None, :]
    return ag.Imaging(
        dataset.data,
        noise,
        psf=ag.Convolver(kernel, 0.2),
        over_sample_size_lp=2,
        noise_covariance_matrix=matrix,
    )


def one_trace_serves_all(precision: str, correlated: bool) -> None:
    """Values, batches and gradients of every dataset equal those of a fitness of its own, after one trace each."""
    print(f" {precision} precision, {'correlated' if correlated else 'independent'} noise")
    model = model_from()
    datasets = [dataset_from(number, correlated) for number in range(DATASETS)]
    rows = parity.vectors_from(model, DATASETS, seed=3)
    own = [ag.Fitness(model, ag.AnalysisImaging(d, use_jax=True, precision=precision)) for d in datasets]
    wanted = np.array([fitness._vmap(rows) for fitness in own])
    gradients = np.array([fitness._grad(rows[1]) for fitness in own])
    parity.check(len(set(wanted[:, 0])) == DATASETS, "the datasets of the test do not differ")

    first = ag.Fitness(
        model, CountingAnalysis(datasets[0], use_jax=True, precision=precision), dataset_as_argument=True
    )
    shared = [first, *map(first.for_dataset, datasets[1:])]
    stack = first.for_datasets(datasets)
    same_rows = np.stack([rows] * DATASETS)
    loose = EQUAL if precision == "double" else 1e-5
    # mixed precision: float32 sums of another program are rounded otherwise
    values = traced(lambda: np.array([fitness._jit(rows[1]) for fitness in shared]), 1)
    parity.close(values, wanted[:, 1], "fitness._jit", relative=loose)
    parity.close(traced(lambda: np.array([f._vmap(rows) for f in shared]), 1), wanted, "fitness._vmap", relative=loose)
    found = traced(lambda: [fitness._value_and_grad(rows[1]) for fitness in shared], 1)
    parity.close([value for value, _ in found], wanted[:, 1], "fitness._value_and_grad", relative=loose)
    parity.close([gradient for _, gradient in found], gradients, "gradients", relative=max(loose, 1e-11))
    parity.close(traced(lambda: stack(rows), 1), np.diag(wanted), "m vectors on m datasets", relative=loose)
    parity.close(traced(lambda: stack(same_rows), 1), wanted, "b vectors on each of m datasets", relative=loose)
    found = traced(lambda: stack.value_and_grad(rows), 1)
    parity.close(found[0], np.diag(wanted), "values of the stack", relative=loose)
    parity.close(found[1][1], gradients[1], "gradients of the stack", relative=max(loose, 1e-11))
    traced(lambda: first.for_datasets(datasets[::-1])(rows), 0)


def traced(call: Any, wanted: int) -> Any:
    """What a call gives, which traces the likelihood so many times."""
    before = CountingAnalysis.traces[0]
    found = call()
    parity.check(CountingAnalysis.traces[0] - before == wanted, f"{CountingAnalysis.traces[0] - before} traces")
    return found


def other_pixels_are_refused() -> None:
    """Sub-sizes, PSFs and masks that differ are named; so is a fitness without dataset arguments."""
    model, dataset = model_from(), dataset_from(0)
    fitness = ag.Fitness(model, ag.AnalysisImaging(dataset, use_jax=True), dataset_as_argument=True)
    others = {
        "sub-pixels": dataset_from(1).apply_over_sampling(over_sample_size_lp=3),
        "the PSF": dataset_from(1, psf_pixels=7),
        "the mask": dataset_from(1).apply_mask(ag.Mask2D.circular((24, 24), 1.5, 0.2)),
    }
    for words, other in others.items():
        refused(lambda other=other: fitness.for_dataset(other), words)
    plain = ag.Fitness(model, ag.AnalysisImaging(dataset, use_jax=True))
    refused(lambda: plain.for_dataset(dataset_from(1)), "dataset_as_argument=True")
    refused(lambda: fitness.for_datasets([dataset])(np.zeros((2, model.prior_count))), "1 datasets")


def refused(call: Any, words: str) -> None:
    """Our error with these words."""
    try:
        call()
    except ag.exc.AutoException as error:
        parity.check(words in str(error), f"the refusal says {error}")
    else:
        parity.check(False, f"no refusal that says {words}")


def copies_compile_anew() -> None:
    """A deep copy drops what is compiled and gives the same values."""
    model = model_from()
    fitness = ag.Fitness(model, ag.AnalysisImaging(dataset_from(0), use_jax=True), dataset_as_argument=True)
    vector = parity.vectors_from(model, 1, seed=3)[0]
    parity.close(copy.deepcopy(fitness)(vector), fitness(vector), "a copy", relative=EQUAL)


if __name__ == "__main__":
    for precision in ("double", "mixed"):
        for correlated in (False, True):
            one_trace_serves_all(precision, correlated)
    other_pixels_are_refused()
    copies_compile_anew()
    print("datasets as arguments: ok")
