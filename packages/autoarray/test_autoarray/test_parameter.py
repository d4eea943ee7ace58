import copy
import dataclasses
import math

import numpy as np
import pytest
from scipy import integrate, stats

from autoarray import exc
from autoarray.parameter import (
    GaussianPrior,
    LogGaussianPrior,
    LogUniformPrior,
    TruncatedGaussianPrior,
    UniformPrior,
    parameter,
)

PRIORS_AND_SCIPY = [
    (UniformPrior(-1.0, 3.0), stats.uniform(-1.0, 4.0)),
    (LogUniformPrior(0.01, 10.0), stats.loguniform(0.01, 10.0)),
    (GaussianPrior(1.5, 0.3), stats.norm(1.5, 0.3)),
    (TruncatedGaussianPrior(1.0, 2.0, 0.0, 2.5), stats.truncnorm(-0.5, 0.75, 1.0, 2.0)),
    (TruncatedGaussianPrior(0.0, 1.0, lower_limit=0.0), stats.halfnorm()),
    (LogGaussianPrior(0.5, 0.4), stats.lognorm(0.4, scale=math.exp(0.5))),
]
IDS = [f"{type(prior).__name__}-{i}" for i, (prior, _) in enumerate(PRIORS_AND_SCIPY)]


@pytest.mark.parametrize("prior, reference", PRIORS_AND_SCIPY, ids=IDS)
def test_quantiles_densities_and_medians_are_those_of_scipy(prior, reference):
    unit = np.array([0.01, 0.3, 0.5, 0.77, 0.99])

    values = prior.value_for(unit)

    assert values == pytest.approx(reference.ppf(unit), rel=1e-10)
    assert prior.unit_value_for(values) == pytest.approx(unit, rel=1e-10)
    assert prior.log_prior_from_value(values) == pytest.approx(reference.logpdf(values), rel=1e-10)
    assert prior.median == pytest.approx(reference.median(), rel=1e-10)


@pytest.mark.parametrize("prior, reference", PRIORS_AND_SCIPY, ids=IDS)
def test_density_integrates_to_one(prior, reference):
    low, high = reference.ppf(1e-12), reference.ppf(1.0 - 1e-12)

    total, _ = integrate.quad(
        lambda v: float(np.exp(prior.log_prior_from_value(v))), low, high, points=[prior.median], limit=200
    )

    assert total == pytest.approx(1.0, abs=1e-6)


def test_log_prior_is_minus_infinity_outside_the_limits():
    values = np.array([-0.1, 0.5, 3.1])
    for prior in (UniformPrior(0.0, 3.0), LogUniformPrior(0.1, 3.0), TruncatedGaussianPrior(1.0, 1.0, 0.0, 3.0)):
        assert np.isneginf(prior.log_prior_from_value(values)).tolist() == [True, False, True]
    assert np.isneginf(LogGaussianPrior(0.0, 1.0).log_prior_from_value(values)).tolist() == [True, False, False]


def test_limits_and_widths():
    assert (GaussianPrior(1.0, 0.2).lower_limit, GaussianPrior(1.0, 0.2).upper_limit) == (-math.inf, math.inf)
    assert GaussianPrior(1.0, 0.2).width == pytest.approx(0.4)
    assert UniformPrior(1.0, 4.0).width == 3.0
    assert TruncatedGaussianPrior(1.0, 10.0, 0.0, 1.5).width == 1.5
    assert LogGaussianPrior(0.0, 0.5).width == pytest.approx(2.0 * math.sinh(0.5))
    assert LogGaussianPrior(0.0, 0.5).lower_limit == 0.0


@pytest.mark.parametrize(
    "make, named",
    [
        (lambda: UniformPrior(2.0, 1.0), "lower_limit=2.0"),
        (lambda: UniformPrior(1.0, 1.0), "lower_limit below upper_limit"),
        (lambda: UniformPrior(float("nan"), 1.0), "lower_limit=nan"),
        (lambda: UniformPrior(0.0, math.inf), "upper_limit=inf"),
        (lambda: UniformPrior("a", 1.0), "lower_limit='a'"),
        (lambda: LogUniformPrior(0.0, 1.0), "lower_limit above 0.0"),
        (lambda: GaussianPrior(0.0, -1.0), "sigma=-1.0"),
        (lambda: GaussianPrior(0.0, 0.0), "sigma above zero"),
        (lambda: GaussianPrior(math.nan, 1.0), "mean=nan"),
        (lambda: TruncatedGaussianPrior(0.0, 1.0, 2.0, 1.0), "lower_limit=2.0"),
        (lambda: TruncatedGaussianPrior(0.0, 0.1, 5.0, 6.0), "limits within six sigma"),
        (lambda: LogGaussianPrior(0.0, -0.1), "sigma=-0.1"),
    ],
)
def test_priors_that_are_no_distribution_are_refused_by_value(make, named):
    with pytest.raises(exc.PriorException, match=named):
        make()


def test_copy_is_an_equal_prior_that_is_another_parameter():
    prior = TruncatedGaussianPrior(1.0, 2.0, 0.0, 2.5)

    other = prior.copy()

    assert other is not prior and other != prior
    assert dataclasses.asdict(other) == dataclasses.asdict(prior)
    assert copy.deepcopy([prior, prior])[0] is not prior


def test_parameter_is_a_dataclass_field_with_metadata():
    @dataclasses.dataclass
    class Disc:
        radius: float = parameter(0.6, unit="arcsec", prior=UniformPrior(0.0, 2.0))
        intensity: float = parameter(0.1, unit="e- s^-1", prior=LogUniformPrior(0.01, 1.0), linear=True)

    radius, intensity = dataclasses.fields(Disc)

    assert Disc() == Disc(radius=0.6, intensity=0.1)
    assert (radius.metadata["unit"], radius.metadata["linear"], intensity.metadata["linear"]) == ("arcsec", False, True)
    assert radius.metadata["prior"].upper_limit == 2.0


def test_parameter_wants_a_prior():
    with pytest.raises(exc.PriorException, match="prior=3"):
        parameter(1.0, unit="", prior=3)


def test_a_comparison_of_priors_has_no_truth_value():
    with pytest.raises(exc.PriorException, match="add_assertion"):
        bool(UniformPrior() < UniformPrior())
