"""Sub-pixels on the data of the benchmark: the default is not biased, and adaptive ones are as good with a few."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import autolens as al

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT.parent / "shared" / "data" / "benchmark_c1"
CASES = ["c1", "c2"]


@pytest.fixture(scope="module")
def benchmark():
    """The modules of the benchmark that know its data and the truth in our conventions."""
    if not DATA.is_dir():
        pytest.skip("the folder shared/data/benchmark_c1 is not beside the project")
    sys.path.insert(0, str(ROOT / "benchmarks" / "likelihood"))
    try:
        import dataset
        import models
        import problem

        yield dataset, models, problem
    finally:
        sys.path.remove(str(ROOT / "benchmarks" / "likelihood"))


def at_the_truth(benchmark, case, **options):
    """Dataset with options, tracer of the truth, and ln L of it."""
    dataset_of, models, problem = benchmark
    loaded = problem.load(DATA)
    model = models.model_from(al, al.Model, al.Collection, case)
    paths = [problem.plain(path) for path in model.paths]
    vector = problem.vector_from(paths, problem.values_from(loaded.truth, case))
    dataset = dataset_of.masked_dataset_from(loaded, **{"rule": None, **options})
    tracer = al.Tracer(model.instance_from_vector(vector).galaxies)
    return dataset, tracer, float(al.FitImaging(dataset, tracer).log_likelihood)


@pytest.mark.parametrize("case", CASES)
def test_the_default_is_within_1_in_ln_l_of_16_uniform_sub_pixels_each_way(benchmark, case):
    _, _, default = at_the_truth(benchmark, case)
    _, _, converged = at_the_truth(benchmark, case, rule="uniform", over_sample_size_lp=16, over_sample_size_blurring=4)

    assert abs(default - converged) <= 1.0


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", [16, 32])
def test_adaptive_sub_pixels_are_within_1_with_half_of_the_points(benchmark, case, size):
    dataset, tracer, _ = at_the_truth(benchmark, case)
    _, _, converged = at_the_truth(
        benchmark, case, rule="uniform", over_sample_size_lp=size, over_sample_size_blurring=4
    )

    adapted, report = al.adaptive_over_sampling_from(dataset, tracer)
    fit = al.FitImaging(adapted, tracer)

    assert abs(float(fit.log_likelihood) - converged) <= 1.0
    assert report.sub_pixels <= 16 * dataset.mask.pixels_in_mask  # one of the two groups alone has these
    assert max(report.largest_errors.values()) <= 0.1


@pytest.mark.parametrize("case", CASES)
def test_the_map_holds_where_the_model_moves_in_a_fit(benchmark, case):
    dataset, tracer, _ = at_the_truth(benchmark, case)
    adapted, _ = al.adaptive_over_sampling_from(dataset, tracer)
    lens, source = tracer.galaxies
    shear = al.mp.ExternalShear(lens.shear.gamma_1 + 0.01, lens.shear.gamma_2 - 0.01)  # ten times its error
    moved = al.Tracer(
        [
            al.Galaxy(redshift=0.5, bulge=lens.bulge, mass=lens.mass, shear=shear),
            al.Galaxy(redshift=1.0, bulge=source.bulge),
        ]
    )

    fits = [al.FitImaging(d, moved) for d in (adapted, adapted.apply_over_sampling(32, None, 32, 4))]

    change = (fits[0].model_data.array - fits[1].model_data.array) / dataset.noise_map.array
    assert np.abs(change).max() <= 0.15
    assert np.sum(change**2) <= 0.25
