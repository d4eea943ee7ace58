"""Two optima that are one: components in each other's place."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference import Collection, Model, Samples
from autogalaxy.inference.distinct_optima import different_from
from autogalaxy.profiles import light_profiles as lp


def _model():
    lens = Model(Galaxy, redshift=0.5, disk=Model(lp.Sersic), bulge=Model(lp.Sersic))
    return Collection(galaxies=Collection(lens=lens))


def _vectors(model):
    rng = np.random.default_rng(1)
    best = model.vector_from_unit_vector(rng.uniform(0.3, 0.7, model.prior_count))
    return best, np.concatenate(np.split(best, 2)[::-1]), Samples(model, best[None], [10.0])


def test_an_exchange_of_two_sersics_is_the_same_optimum():
    model = _model()
    best, other, samples = _vectors(model)

    assert different_from(best, other, 0.0, samples, model) is None


def test_an_exchange_with_a_further_move_is_another_one():
    model = _model()
    best, other, samples = _vectors(model)
    other[0] += 0.5

    name, here, there = different_from(best, other, 0.0, samples, model)

    assert name in model.paths and here == best[model.paths.index(name)] and there == other[model.paths.index(name)]


PLANE = Collection(a=aa.UniformPrior(0.0, 3.0), b=aa.UniformPrior(0.0, 3.0))


def _draws(rows, best):
    """Draws of equal weight behind the most likely vector."""
    rows = np.concatenate([np.array(best)[None], rows])
    return Samples(PLANE, rows, np.zeros(len(rows)), weights=np.arange(len(rows)) > 0)


@pytest.mark.parametrize("below", [0.35, 1.5, 2.85])
def test_draws_of_two_peaks_do_not_hide_the_second(below):
    rng = np.random.default_rng(1)
    best, other = np.array([1.0, 0.6]), np.array([2.2, 1.5])
    second = rng.random(4000) < np.exp(-below) / (1.0 + np.exp(-below))
    rows = np.where(second[:, None], other, best) + 0.02 * rng.standard_normal((4000, 2))

    assert different_from(best, other, below, _draws(rows, best), PLANE) is not None


@pytest.mark.parametrize("below", [0.0, 0.5, 4.5])
def test_two_points_of_a_narrow_valley_are_one_optimum_among_draws(below):
    rng = np.random.default_rng(1)
    best, along = np.array([1.5, 1.5]), np.array([0.3, 0.3])
    rows = best + rng.standard_normal((4000, 1)) * along + 0.003 * rng.standard_normal((4000, 2))

    assert different_from(best, best + np.sqrt(2.0 * below) * along, below, _draws(rows, best), PLANE) is None


def test_the_ends_of_a_curved_valley_without_a_dip_are_one_optimum():
    rng = np.random.default_rng(1)
    angle = rng.uniform(0.0, 0.5 * np.pi, 4000)
    rows = 0.5 + np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.01 * rng.standard_normal((4000, 2))

    assert different_from(np.array([1.5, 0.5]), np.array([0.5, 1.5]), 0.05, _draws(rows, [1.5, 0.5]), PLANE) is None
