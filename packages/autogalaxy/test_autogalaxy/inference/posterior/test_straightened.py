"""A Gaussian that is cut by a limit of its prior, in closed form, and the shear that straightens it."""

import numpy as np
import pytest
from scipy.stats import norm

from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.importance import importance_sample
from autogalaxy.inference.posterior.laplace import modes_from
from autogalaxy.inference.posterior.straightened import straightened_from
from autogalaxy.inference.search.auto import Auto

BEYOND, WIDTHS, RHO = 2.0 / 3.0, (0.003, 0.05), 0.97
"""Of the peak behind the limit at x = -1, in widths of x; of x and y; and how they are correlated."""


def leaning(x, y):
    u, w = (x + 1.0) / WIDTHS[0] + BEYOND, y / WIDTHS[1]
    return -0.5 * (u**2 - 2.0 * RHO * u * w + w**2) / (1.0 - RHO**2)


HAZARD = norm.pdf(BEYOND) / norm.sf(BEYOND)
"""Mean of u, and ``1 - HAZARD * (HAZARD - BEYOND)`` its variance, where u is above ``BEYOND``."""
VARIANCE = 1.0 - HAZARD * (HAZARD - BEYOND)
MEAN = np.array([-1.0 + WIDTHS[0] * (HAZARD - BEYOND), WIDTHS[1] * RHO * HAZARD])
SIGMA = np.array(WIDTHS) * np.sqrt([VARIANCE, RHO**2 * VARIANCE + 1.0 - RHO**2])
LOG_EVIDENCE = np.log(0.25 * 2.0 * np.pi * np.prod(WIDTHS) * np.sqrt(1.0 - RHO**2) * norm.sf(BEYOND))


@pytest.fixture
def posterior(of):
    model, analysis = of(leaning)
    density = LogDensity(model, analysis)
    return density, modes_from(density, model, analysis, [[-0.999, 0.05]])


def test_draws_have_the_moments_and_evidence_of_a_gaussian_cut_at_a_limit(posterior):
    density, modes = posterior
    straightened = straightened_from(density, modes)

    run = straightened.in_z(importance_sample(straightened, [straightened.mode], 4000, np.random.default_rng(1)))
    plain = importance_sample(density, modes, 4000, np.random.default_rng(1), max_adaptations=0)

    vectors, weights = density.coordinates.vector_from(run.draws.z), run.draws.weights
    mean = weights @ vectors
    assert list(straightened.bent) == [0]
    assert run.accepted and run.adaptations == 0 and run.draws.efficiency > 2.0 * plain.draws.efficiency
    assert mean == pytest.approx(MEAN, abs=0.06 * SIGMA.min())
    assert np.sqrt(weights @ (vectors - mean) ** 2) == pytest.approx(SIGMA, rel=0.03)
    assert abs(run.draws.log_evidence - LOG_EVIDENCE) < 3.0 * run.draws.log_evidence_error < 0.06


def test_densities_of_draws_are_those_of_z_where_they_are_used(posterior):
    density, modes = posterior
    straightened = straightened_from(density, modes)

    run = straightened.in_z(importance_sample(straightened, [straightened.mode], 100, np.random.default_rng(1)))

    assert run.draws.log_densities == pytest.approx(density(run.draws.z)[0], rel=1e-12)


def test_the_shear_keeps_volumes_and_is_undone(posterior):
    density, modes = posterior
    straightened = straightened_from(density, modes)
    point = modes[0].z + np.array([0.3, -0.4])

    step = 1e-6 * np.eye(2)
    jacobian = (straightened.z_from(point + step) - straightened.z_from(point - step)) / 2e-6
    assert np.linalg.det(jacobian) == pytest.approx(1.0, abs=1e-8) and abs(jacobian[0, 1]) > 0.01
    assert straightened.v_from(straightened.z_from(point)) == pytest.approx(point, abs=1e-12)
    assert straightened.z_from(modes[0].z) == pytest.approx(modes[0].z, abs=1e-12)


def test_a_posterior_inside_its_priors_or_with_two_modes_is_left_as_it_is(of, posterior):
    model, analysis = of(lambda x, y: -0.5 * (((x - 0.3) / 0.05) ** 2 + (y / 0.02) ** 2))
    density = LogDensity(model, analysis)
    assert straightened_from(density, modes_from(density, model, analysis, [[0.3, 0.0]])) is None
    leaning_density, modes = posterior
    assert straightened_from(leaning_density, [*modes, *modes]) is None


def test_the_default_search_needs_no_adaptation_for_it(of):
    model, analysis = of(leaning)

    info = Auto(show_progress=False).fit(model, analysis).search_info

    assert info["sampling"]["method"] == "importance" and info["sampling"]["adaptations"] == 0
    assert abs(info["log_evidence"] - LOG_EVIDENCE) < 3.0 * info["log_evidence_error"]
