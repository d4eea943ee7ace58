import pickle

import numpy as np
import pytest
from scipy import stats

from autoarray import exc
from autogalaxy.inference import Analysis, Fitness


@pytest.fixture
def fitness(lines):
    return Fitness(lines.two_lines(), lines.AnalysisLines(lines.data_with_noise()))


def test_figure_of_merit_is_the_gaussian_log_likelihood(lines, fitness):
    expected = np.sum(stats.norm(lines.data_without_noise(), lines.NOISE).logpdf(lines.data_with_noise()))

    assert fitness(lines.TRUTH) == pytest.approx(expected, rel=1e-12)
    assert fitness._jit(lines.TRUTH) == fitness(lines.TRUTH)


def test_log_posterior_adds_the_log_prior(lines):
    analysis = lines.AnalysisLines(lines.data_with_noise())
    likelihood = Fitness(lines.two_lines(), analysis)(lines.TRUTH)

    posterior = Fitness(lines.two_lines(), analysis, fom_is_log_likelihood=False)

    sigmas = stats.loguniform(0.1, 4.0).logpdf([lines.TRUTH[1], lines.TRUTH[4]]).sum()
    assert posterior(lines.TRUTH) - likelihood == pytest.approx(-4.0 * np.log(10.0) + sigmas, rel=1e-9)


def test_unphysical_unordered_and_raising_vectors_get_the_resample_value(lines):
    fitness = Fitness(lines.two_lines(), lines.AnalysisLines(lines.data_with_noise()), resample_figure_of_merit=-5e9)
    good = np.array(lines.TRUTH)
    unphysical, asserted, raising, not_finite = good.copy(), good[[3, 1, 2, 0, 4, 5]], good.copy(), good.copy()
    unphysical[2], raising[1], not_finite[0] = 9.5, -1.0, np.nan

    batch = fitness._vmap(np.array([good, unphysical, asserted, raising, not_finite]))

    assert np.isfinite(batch[0]) and batch[0] > -1e3
    assert batch[1:].tolist() == [-5e9] * 4


def test_a_redshift_out_of_the_order_of_planes_gets_the_resample_value(lines):
    from autoarray.parameter import UniformPrior
    from autogalaxy.inference import Collection, Model

    class AnalysisGroups(Analysis):
        def log_likelihood_function(self, instance):
            return -1.0

    lens, source = Model(lines.Group, redshift=0.5), Model(lines.Group, redshift=UniformPrior(0.3, 1.3))
    fitness = Fitness(Collection(groups=Collection(lens, source)), AnalysisGroups())

    assert fitness._vmap(np.array([[0.9], [0.4]])).tolist() == [-1.0, -1e99]


def test_a_fixed_galaxy_keeps_its_place_before_a_free_redshift():
    import autogalaxy as ag

    class AnalysisGalaxies(Analysis):
        def log_likelihood_function(self, instance):
            return -1.0

    source = ag.Model(ag.Galaxy, redshift=ag.UniformPrior(-0.3, 1.7))
    model = ag.Collection(galaxies=ag.Collection(lens=ag.Galaxy(redshift=0.5), source=source))
    alone = ag.Collection(galaxies=ag.Collection(source=source))

    assert Fitness(model, AnalysisGalaxies())._vmap(np.array([[0.9], [0.4]])).tolist() == [-1.0, -1e99]
    assert Fitness(alone, AnalysisGalaxies())._vmap(np.array([[0.9], [-0.2]])).tolist() == [-1.0, -1e99]


@pytest.mark.parametrize("error", [exc.ProfileException, exc.GalaxyException, exc.CosmologyException])
def test_what_refuses_its_parameters_gets_the_resample_value_in_every_search(lines, error):
    from autogalaxy.inference.search.kernel_numpy import NumpyKernel
    from autogalaxy.inference.search.least_squares import LeastSquares

    class Refusing(Analysis):
        def residual_vector_from(self, instance):
            raise error("out of domain")

    model = lines.two_lines()

    assert Fitness(model, Refusing())(lines.TRUTH) == -1e99
    assert not np.isfinite(NumpyKernel(LeastSquares(model, Refusing())).run(np.zeros(6), 1, 0.1).cost)


def test_pickle_keeps_the_function(lines, fitness):
    again = pickle.loads(pickle.dumps(fitness))

    assert again(lines.TRUTH) == fitness(lines.TRUTH)


def test_gradients_and_residuals_that_do_not_exist_are_named(lines, fitness):
    with pytest.raises(exc.BackendException, match="use_jax=True"):
        fitness._grad(lines.TRUTH)
    with pytest.raises(exc.SearchException, match="residual_vector_from"):
        Analysis().residual_vector_from(None)
    with pytest.raises(exc.FitException, match="fit_from"):
        Analysis().fit_from(None)


def test_use_jax_without_jax_says_how_to_install_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.setitem(sys.modules, "jax.numpy", None)

    with pytest.raises(exc.BackendException, match="pip install"):
        Analysis(use_jax=True)
