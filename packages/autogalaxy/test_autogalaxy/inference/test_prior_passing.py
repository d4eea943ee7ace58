import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import GaussianPrior, TruncatedGaussianPrior, UniformPrior
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference import Collection, Model, Result, Samples
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp


def result_of(model, values, lines, errors=1e-6):
    covariance = np.diag(np.full(len(values), errors**2))
    return Result(Samples(model, [values], [-1.0], covariance=covariance), lines.AnalysisLines(lines.data_with_noise()))


def test_no_passed_prior_is_narrower_than_the_least_width_of_its_name_or_unit(lines):
    model = Collection(g=Model(Galaxy, redshift=0.5, light=lp.SersicSph, mass=mp.PowerLaw))
    values = dict.fromkeys(model.paths, 0.1)
    values |= {"g.light.intensity": 3.0, "g.light.effective_radius": 0.8, "g.mass.einstein_radius": 1.2}
    values |= {"g.light.sersic_index": 2.5, "g.mass.slope": 2.1}

    passed = dict(zip(model.paths, result_of(model, list(values.values()), lines).model.priors, strict=True))

    assert {path: prior.mean for path, prior in passed.items()} == pytest.approx(values)
    assert {path: prior.sigma for path, prior in passed.items()} == pytest.approx(
        {
            "g.light.centre.centre_0": 0.05,
            "g.light.centre.centre_1": 0.05,
            "g.light.intensity": 1.5,
            "g.light.effective_radius": 0.08,
            "g.light.sersic_index": 0.2,
            "g.mass.centre.centre_0": 0.05,
            "g.mass.centre.centre_1": 0.05,
            "g.mass.ell_comps.ell_comps_0": 0.05,
            "g.mass.ell_comps.ell_comps_1": 0.05,
            "g.mass.einstein_radius": 0.12,
            "g.mass.slope": 0.1,
        }
    )


def test_a_wider_error_is_kept_up_to_the_original_width(lines):
    model = Model(lines.Line, centre=GaussianPrior(0.0, 0.4), sigma=1.0)

    centre, intensity = result_of(model, [0.2, 9.9], lines, errors=0.2).model.priors
    assert isinstance(centre, GaussianPrior) and centre.sigma == pytest.approx(0.6)  # three sigma
    assert (intensity.sigma, intensity.upper_limit) == (pytest.approx(0.99), 10.0)
    assert result_of(model, [0.2, 9.9], lines, errors=50.0).model.priors[0].sigma == pytest.approx(0.8)


def test_centred_models_have_the_widths_asked_for(lines):
    model = Model(lines.Line, sigma=1.0, centre=UniformPrior(-5.0, 5.0))
    result = result_of(model, [0.5, 4.0], lines)

    assert [p.sigma for p in result.model_centred(0.2).priors] == pytest.approx([2.0, 2.0])
    assert [p.sigma for p in result.model_centred_absolute(0.3).priors] == pytest.approx([0.3, 0.3])
    assert [p.sigma for p in result.model_centred_relative(0.1).priors] == pytest.approx([0.05, 0.4])
    assert all(isinstance(p, TruncatedGaussianPrior) for p in result.model_centred_relative(0.1).priors)
    for width in (0.0, -1.0, np.nan, np.inf, "wide"):
        with pytest.raises(exc.ModelException, match="above zero"):
            result.model_centred_absolute(width)


def test_expressions_and_assertions_are_passed_with_their_priors(lines):
    model = Collection(a=lines.Line, b=lines.Line)
    model.b.centre = model.a.centre + 1.0
    model.add_assertion(model.a.sigma < model.b.sigma)

    passed = result_of(model, [0.5, 0.3, 4.0, 0.6, 2.0], lines).model

    assert passed.paths == model.paths and passed.priors[0].mean == 0.5
    assert passed.instance_from_vector([2.0, 0.3, 1.0, 0.6, 1.0]).b.centre == 3.0
    assert bool(passed.assertions_hold([2.0, 0.3, 1.0, 0.6, 1.0]))
    assert not bool(passed.assertions_hold([2.0, 0.6, 1.0, 0.3, 1.0]))
