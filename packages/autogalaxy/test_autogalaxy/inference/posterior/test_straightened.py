"""A Gaussian that is cut by a limit of its prior, in closed form, and the shear that straightens it."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

from autogalaxy.inference.posterior import chain
from autogalaxy.inference.posterior.density import LogDensity
from autogalaxy.inference.posterior.importance import importance_sample
from autogalaxy.inference.posterior.laplace import Mode, modes_from
from autogalaxy.inference.posterior.straightened import Straightened, straightened_from
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


def test_the_shear_keeps_volumes(posterior):
    density, modes = posterior
    straightened = straightened_from(density, modes)
    point = modes[0].z + np.array([0.3, -0.4])

    step = 1e-6 * np.eye(2)
    jacobian = (straightened.z_from(point + step) - straightened.z_from(point - step)) / 2e-6
    assert np.linalg.det(jacobian) == pytest.approx(1.0, abs=1e-8) and abs(jacobian[0, 1]) > 0.01
    assert straightened.z_from(modes[0].z) == pytest.approx(modes[0].z, abs=1e-12)


def test_two_parameters_at_their_limits(of):
    """Cut at both limits: moments and evidence by quadrature."""
    widths, rho = np.array([0.003, 0.004]), 0.95

    def log_likelihood(x, y):
        u, w = (x + 1.0) / widths[0] + 0.5, (y + 1.0) / widths[1] + 0.5
        return -0.5 * (u**2 - 2.0 * rho * u * w + w**2) / (1.0 - rho**2)

    model, analysis = of(log_likelihood)
    density = LogDensity(model, analysis)
    start = density.coordinates.z_from(np.array([-0.999, -0.999]))
    highest = minimize(lambda z: -density(z[None])[0][0], start, method="Nelder-Mead", tol=1e-10).x
    (mode,) = modes_from(density, model, analysis, [density.coordinates.vector_from(highest)])
    straightened = Straightened(density, mode, np.array([0, 1]))
    run = straightened.in_z(importance_sample(straightened, [straightened.mode], 4000, np.random.default_rng(1)))

    x, y = np.meshgrid(-1.0 + np.linspace(0.0, 0.02, 2001), -1.0 + np.linspace(0.0, 0.03, 3001))
    values = (
        np.exp(log_likelihood(x, y)) * np.where((x == -1.0) | (x == x.max()), 0.5, 1.0) * np.where(y == -1.0, 0.5, 1.0)
    )
    truth = np.array([np.sum(x * values), np.sum(y * values)]) / np.sum(values)
    vectors = density.coordinates.vector_from(run.draws.z)
    assert run.draws.effective > 1000
    assert run.draws.weights @ vectors == pytest.approx(truth, abs=2e-4)
    assert run.draws.log_evidence == pytest.approx(np.log(np.sum(values) * 1e-5 * 1e-5 / 4.0), abs=0.06)


def test_a_draw_above_the_maximum_is_told_where_it_is_in_z(of):
    model, analysis = of(
        lambda x, y: np.logaddexp(leaning(x, y), 40.0 - 0.5 * (((x + 0.985) / 0.002) ** 2 + y**2 / 1e-3))
    )
    density = LogDensity(model, analysis)
    (mode,) = modes_from(density, model, analysis, [[-0.9995, 0.02]])
    low = Mode(mode.z, mode.covariance, float(leaning(-0.9995, 0.02)) - 5.0, -10.0)
    straightened = straightened_from(density, [low])

    run = importance_sample(straightened, [straightened.mode], 100, np.random.default_rng(1))

    assert run.higher is not None
    point = straightened.in_z(run).higher
    assert density(point[None])[0][0] == pytest.approx(np.max(run.draws.log_densities), rel=1e-12)


def test_a_posterior_inside_its_priors_or_with_two_modes_is_left_as_it_is(of, posterior):
    model, analysis = of(lambda x, y: -0.5 * (((x - 0.3) / 0.05) ** 2 + (y / 0.02) ** 2))
    density = LogDensity(model, analysis)
    assert straightened_from(density, modes_from(density, model, analysis, [[0.3, 0.0]])) is None
    leaning_density, modes = posterior
    assert straightened_from(leaning_density, [*modes, *modes]) is None


def test_a_likelihood_that_is_gaussian_in_the_coordinate_itself_is_left_as_it_is(of):
    """Curved as a function of x, but not as one of the coordinate z of x."""

    def log_likelihood(x, y):
        z = norm.ppf(0.5 * (x + 1.0)), norm.ppf(0.5 * (y + 1.0))
        u, w = (z[0] - 2.0) / 0.4, (z[1] - 2.0) / 0.4
        return -0.5 * (u**2 - 2.0 * 0.98 * u * w + w**2) / (1.0 - 0.98**2)

    model, analysis = of(log_likelihood)
    density = LogDensity(model, analysis)
    modes = modes_from(density, model, analysis, [density.coordinates.vector_from(np.array([1.519, 1.519]))])

    assert straightened_from(density, modes) is None


@pytest.mark.parametrize("half_width", [0.06, 1e-3])
def test_a_likelihood_that_is_refused_near_by_ends_nothing(of, half_width):
    def log_likelihood(x, y):
        return -0.5 * ((x - 0.77) / 0.2) ** 2 - 0.5 * (y / 0.2) ** 2 if abs(x - 0.77) < half_width else -np.inf

    model, analysis = of(log_likelihood)

    info = Auto(samplers=("importance",), show_progress=False).fit(model, analysis).search_info

    assert info["sampling"]["rejected"] or info["sampling"]["accepted"]


def test_the_default_search_needs_no_adaptation_for_it(of):
    model, analysis = of(leaning)

    info = Auto(show_progress=False).fit(model, analysis).search_info

    assert info["sampling"]["method"] == "importance" and info["sampling"]["adaptations"] == 0
    assert abs(info["log_evidence"] - LOG_EVIDENCE) < 3.0 * info["log_evidence_error"]


def test_where_straightening_does_not_help_the_plain_proposal_is_tried(of, monkeypatch):
    model, analysis = of(lambda x, y: -0.5 * (((x + 0.7) / 0.1) ** 2 + (y / 0.1) ** 2))
    (mode,) = modes_from(LogDensity(model, analysis), model, analysis, [[-0.7, 0.0]])

    def unhelpful(density, modes):
        straightened = Straightened(density, mode, np.array([0]))
        straightened.mode = Mode(mode.z + 3.0, 0.1 * mode.covariance, mode.log_density, mode.log_likelihood)
        return straightened

    monkeypatch.setattr(chain, "straightened_from", unhelpful)
    info = Auto(samplers=("importance",), show_progress=False).fit(model, analysis).search_info

    assert info["sampling"]["method"] == "importance" and info["sampling"]["accepted"]
    assert info["log_evidence"] == pytest.approx(np.log(2.0 * np.pi * 0.01 * norm.cdf(3.0) / 4.0), abs=0.05)
