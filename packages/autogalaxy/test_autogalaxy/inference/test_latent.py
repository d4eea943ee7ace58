import json

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Analysis, Collection, Model, Samples
from autogalaxy.inference.latent import Latent, LatentTable, draws_from, latents_of
from autogalaxy.inference.result import Result


@pytest.fixture
def model(lines):
    line = Model(lines.Line, centre=UniformPrior(-5.0, 5.0), sigma=1.0, intensity=UniformPrior(0.0, 10.0))
    return Collection(line=line)


def gaussian(model, mean=(1.0, 4.0), sigmas=(0.2, 0.5), rho=0.6):
    off = rho * sigmas[0] * sigmas[1]
    covariance = [[sigmas[0] ** 2, off], [off, sigmas[1] ** 2]]
    return Samples(model, [mean], [0.0], covariance=covariance)


def weighted(model, count=20000):
    """Samples of a wide proposal with weights that make a Gaussian of them."""
    rng = np.random.default_rng(5)
    points = rng.uniform([0.0, 1.0], [2.0, 7.0], size=(count, 2))
    z = (points - (1.0, 4.0)) / (0.2, 0.5)
    return Samples(model, points, -0.5 * np.sum(z**2, axis=1), weights=np.exp(-0.5 * np.sum(z**2, axis=1)))


def test_error_of_a_sum_is_that_of_the_covariance(model):
    functions = {"sum": (lambda instance: instance.line.centre + instance.line.intensity, "arcsec")}

    found = latents_of(gaussian(model), functions=functions, n_draws=4000)["sum"]

    # var(a + b) = var a + var b + 2 cov
    sigma = np.sqrt(0.2**2 + 0.5**2 + 2.0 * 0.6 * 0.2 * 0.5)
    assert found.maximum == 5.0
    assert found.median == pytest.approx(5.0, abs=4.0 * sigma / np.sqrt(4000))
    assert found.lower_error == pytest.approx(sigma, rel=0.1)
    assert found.upper_error == pytest.approx(sigma, rel=0.1)
    assert (found.unit, found.draws, found.failures) == ("arcsec", 4000, 0)


def test_quantiles_of_a_function_that_is_not_linear_are_those_of_its_argument(model):
    functions = {"exp": lambda instance: np.exp(instance.line.centre)}

    found = latents_of(weighted(model), functions=functions, n_draws=4000)["exp"]

    assert found.median == pytest.approx(np.e, rel=0.02)
    assert found.lower_error == pytest.approx(np.e - np.exp(0.8), rel=0.06)
    assert found.upper_error == pytest.approx(np.exp(1.2) - np.e, rel=0.06)


def test_draws_follow_the_weights_and_stay_inside_limits_and_assertions(model):
    draws = draws_from(weighted(model), 2000)
    assert draws.mean(axis=0) == pytest.approx((1.0, 4.0), abs=0.05)
    assert draws.std(axis=0) == pytest.approx((0.2, 0.5), rel=0.06)

    at_the_edge = draws_from(gaussian(model, mean=(1.0, 0.1)), 500)
    assert at_the_edge[:, 1].min() == 0.0
    assert np.mean(at_the_edge[:, 1] == 0.0) == pytest.approx(0.4207, abs=0.07)  # Phi(-0.1 / 0.5)

    model.add_assertion(model.line.centre < 1.1)
    assert draws_from(gaussian(model), 500)[:, 0].max() < 1.1
    with pytest.raises(exc.SearchException, match="n_draws=0"):
        draws_from(gaussian(model), 0)


def test_draws_without_a_value_are_counted_and_cost_nothing_else(model):
    def root(instance):
        if instance.line.centre > 1.0:
            raise ValueError("too far")
        return instance.line.centre

    found = latents_of(gaussian(model, mean=(0.9999, 4.0)), functions={"root": root}, n_draws=1000)["root"]

    assert found.failures == pytest.approx(500, abs=65)
    assert found.draws + found.failures == 1000
    # the median of the lower half of a Gaussian is its lower quartile
    assert found.median == pytest.approx(1.0 - 0.6745 * 0.2, abs=0.03)
    assert "draws without a value" in LatentTable([found]).summary


def test_functions_that_never_work_say_why(model):
    with pytest.raises(exc.SearchException, match="no mass"):
        latents_of(gaussian(model), functions={"mass": lambda instance: {}["no mass"]})
    with pytest.raises(exc.SearchException, match="one number"):
        latents_of(gaussian(model), functions={"both": lambda instance: np.ones(2)})
    with pytest.raises(exc.SearchException, match="a function of an instance"):
        latents_of(gaussian(model), functions={"mass": 3.0})


class AnalysisOfAngle(Analysis):
    latent_units = {"angle": "deg"}
    latent_periods = {"angle": 180.0}

    def latents_from(self, instance):
        return {"line.angle": (instance.line.centre * 10.0 + 80.0 + 90.0) % 180.0 - 90.0}


def test_angles_that_wrap_have_the_errors_of_angles(model):
    result = Result(gaussian(model), AnalysisOfAngle())  # around 90 degrees, which is -90

    angle = result.latents["line.angle"]

    assert angle.lower_error == pytest.approx(2.0, rel=0.3)
    assert angle.upper_error == pytest.approx(2.0, rel=0.3)
    assert abs(abs(angle.median) - 90.0) < 1.0
    assert angle.unit == "deg"
    assert result.latents is result.latents
    written = json.loads(json.dumps(result.search_info["latents"]))
    assert LatentTable.from_dict(written)["line.angle"] == angle
    twice = result.latents_with({"twice": lambda instance: 2.0 * instance.line.intensity})
    assert twice["twice"].maximum == 8.0
    with pytest.raises(exc.SearchException, match="twice"):
        twice["thrice"]


def test_a_table_shows_itself_and_says_what_has_no_errors():
    nan = float("nan")
    drawn = Latent("einstein_radius", 1.2, 1.203, 0.001, 0.002, "arcsec", draws=200)
    table = LatentTable([drawn, Latent("flux", 13.0, nan, nan, nan)])
    assert [latent.has_errors for latent in table] == [True, False]
    first, second = repr(table).splitlines()
    assert "1.203  -0.001 +0.002 arcsec" in first and second.split() == ["flux", "13", "at", "the", "maximum"]
    assert repr(LatentTable([])) == "no latent quantities"
