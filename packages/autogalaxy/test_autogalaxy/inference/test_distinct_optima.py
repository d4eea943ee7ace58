"""Two optima that are one: components in each other's place."""

from __future__ import annotations

import numpy as np

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
