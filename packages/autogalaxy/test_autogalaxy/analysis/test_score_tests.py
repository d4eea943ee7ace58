"""What a change of the model would gain, against least squares that make the change."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import chi2, norm

import autoarray as aa
from autoarray import exc
from autogalaxy.analysis.residual_structure import Residuals, basis_from
from autogalaxy.analysis.score_tests import (
    Change,
    jacobian_from,
    score_findings_from,
    score_from,
    vector_of_instance,
)
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference import Analysis, Collection, Model, Samples
from autogalaxy.inference.verdict_checks import verdict_from
from autogalaxy.profiles import light_profiles as lp

SIZE = 400


def _residuals(values, columns, counts=None):
    mask = aa.Mask2D.all_false((20, 20), pixel_scales=1.0)
    counts = np.ones(SIZE, dtype=bool) if counts is None else counts
    return Residuals(values=values, mask=mask, basis=basis_from(columns), counts=counts)


def _chi_squared(values, columns):
    return float(np.sum((values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]) ** 2))


def _change(name, derivatives):
    return Change(name, derivatives, lambda values: f"{name} {values[0]:.3f}")


def test_gain_and_values_are_those_of_a_least_squares_fit_with_the_change_in_it():
    rng = np.random.default_rng(1)
    columns, derivatives, noise = rng.normal(size=(SIZE, 6)), rng.normal(size=(SIZE, 2)), rng.normal(size=SIZE)
    derivatives += columns[:, :2]
    data = noise + 0.4 * derivatives[:, 0]
    residuals = data - columns @ np.linalg.lstsq(columns, data, rcond=None)[0]
    both = np.concatenate((columns, derivatives), axis=1)

    score = score_from(_residuals(residuals, columns), derivatives)

    assert score.gain == pytest.approx(_chi_squared(data, columns) - _chi_squared(data, both), rel=1e-9)
    assert score.values == pytest.approx(np.linalg.lstsq(both, data, rcond=None)[0][6:], rel=1e-9)
    assert score.freedom == 2


def test_noise_gains_one_for_each_parameter_of_a_change():
    rng = np.random.default_rng(2)
    columns, derivatives = rng.normal(size=(SIZE, 4)), rng.normal(size=(SIZE, 2))

    gains = [score_from(_residuals(rng.normal(size=SIZE), columns), derivatives).gain for _ in range(500)]

    assert np.mean(gains) == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize("freedom", [1, 2, 3, 5])
def test_limits_are_five_sigma_whatever_the_number_of_parameters(freedom):
    derivatives = np.random.default_rng(3).normal(size=(SIZE, freedom))

    score = score_from(_residuals(np.ones(SIZE), np.zeros((SIZE, 0))), derivatives)

    assert chi2(freedom).sf(score.limit) == pytest.approx(norm.sf(5.0) * 2.0, rel=0.01)


def test_a_change_that_the_free_parameters_contain_is_not_judged():
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(SIZE, 3))
    inside = columns @ np.array([[0.3], [-2.0], [1.0]])

    assert score_findings_from(_residuals(100.0 * rng.normal(size=SIZE), columns), [_change("shear", inside)]) == []


def test_what_is_missing_is_named_and_what_imitates_it_is_not():
    rng = np.random.default_rng(5)
    columns, shear, other = rng.normal(size=(SIZE, 3)), rng.normal(size=(SIZE, 1)), rng.normal(size=(SIZE, 1))
    imitating = 0.7 * shear + 0.7 * other
    values = rng.normal(size=SIZE) + 1.0 * shear[:, 0]
    values -= columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    assert score_from(_residuals(values, columns), imitating).is_found  # alone it would be

    findings = score_findings_from(_residuals(values, columns), [_change("slope", imitating), _change("shear", shear)])

    assert {f.name: f.grade for f in findings} == {"missing.shear": "check", "missing.slope": "good"}
    assert float(findings[0].text.split()[1].rstrip(":")) == pytest.approx(1.0, abs=0.2)


def test_pixels_that_do_not_count_gain_nothing():
    counts = np.arange(SIZE) >= 100
    values = np.where(counts, 0.0, 50.0)

    score = score_from(_residuals(values, np.zeros((SIZE, 0)), counts), np.ones((SIZE, 1)))

    assert score.gain == 0.0


# ------------------------------------------------------------------ derivatives


def _model(**priors):
    return Collection(galaxies=Collection(lens=Model(Galaxy, redshift=0.5, light=Model(lp.Sersic, **priors))))


def test_derivatives_are_those_of_the_image_and_stay_inside_limits():
    rng = np.random.default_rng(6)
    matrix = rng.normal(size=(SIZE, 2))
    model = Collection(a=aa.UniformPrior(0.0, 1.0), b=aa.UniformPrior(-3.0, 3.0))

    def residuals_of(vector):
        if vector[0] > 1.0:
            raise exc.ProfileException("outside")
        return 5.0 - matrix @ vector

    for vector in ([1.0, 0.0], [0.0, 2.9]):
        assert jacobian_from(residuals_of, model, np.array(vector)) == pytest.approx(matrix, rel=1e-5, abs=1e-6)


def test_a_parameter_that_cannot_move_has_no_derivative():
    model = Collection(a=aa.UniformPrior(0.0, 1.0))

    def residuals_of(vector):
        if vector[0] != 0.5:
            raise exc.ProfileException("outside")
        return np.zeros(3)

    assert np.all(jacobian_from(residuals_of, model, np.array([0.5])) == np.zeros((3, 1)))


def test_vector_of_an_instance_is_the_one_it_was_made_from():
    model = _model(sersic_index=2.0)
    model.galaxies.others = Collection([Model(Galaxy, redshift=0.5, light=lp.SersicSph)])
    model.galaxies.lens.light.ell_comps.ell_comps_1 = model.galaxies.lens.light.centre.centre_0
    vector = model.vector_from_unit_vector(np.linspace(0.3, 0.6, model.prior_count))

    assert vector_of_instance(model, model.instance_from_vector(vector)) == pytest.approx(vector, rel=1e-14)


def test_a_parameter_of_expressions_alone_is_known_from_the_mark_of_an_instance():
    model = _model(effective_radius=0.5 * aa.UniformPrior(1.0, 2.0))
    vector = model.vector_from_unit_vector(np.linspace(0.3, 0.6, model.prior_count))
    samples = Samples(model, vector[None], [1.0])
    seen = []

    class AnalysisOfVector(Analysis):
        def verdict_findings_from(self, instance, model):
            seen.append(vector_of_instance(model, instance))
            return []

    verdict_from({}, samples, AnalysisOfVector(), model)

    assert np.array_equal(seen[0], vector)


def test_values_of_arrays_are_found_by_their_index():
    model = SimpleNamespace(paths=["weights.weights_1"])

    assert vector_of_instance(model, SimpleNamespace(weights=np.array([1.0, 7.0])))[0] == 7.0
