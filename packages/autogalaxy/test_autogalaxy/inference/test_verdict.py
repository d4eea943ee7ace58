"""What a verdict says of a search, a table of cases; no check may lose a result."""

from __future__ import annotations

import json

import numpy as np
import pytest

import autoarray as aa
from autogalaxy.inference import Analysis, Collection, Samples
from autogalaxy.inference.search.abstract import AbstractSearch
from autogalaxy.inference.verdict import Finding, Verdict
from autogalaxy.inference.verdict_checks import prior_edges, verdict_from

MODEL = Collection(a=aa.UniformPrior(0.0, 1.0), b=aa.UniformPrior(-1.0, 1.0))
GOOD = {"starts_followed": 8, "starts_agreeing": 3, "converged": True, "interrupted": False, "flat_directions": 0}
BEST = {"log_likelihood": 100.0, "converged": True, "parameters": [0.5, 0.1]}


class AnalysisOf(Analysis):
    """An analysis that finds what it is told, or raises it."""

    def __init__(self, found=()):
        super().__init__()
        self.found = found

    def verdict_findings_from(self, instance, model):
        if isinstance(self.found, BaseException):
            raise self.found
        return list(self.found)


def _samples(vector=(0.5, 0.1), sigma=0.01, log_likelihood=100.0):
    return Samples(MODEL, np.array([vector]), [log_likelihood], covariance=sigma**2 * np.eye(2))


def _verdict(info=None, samples=None, found=()):
    return verdict_from({**GOOD, **(info or {})}, samples or _samples(), AnalysisOf(found), MODEL)


def test_a_fit_without_anything_against_it_is_good_and_says_why():
    verdict = _verdict({"optima": [BEST], "over_sampling": {"holds": True, "summary": "fine"}})

    assert verdict.grade == "good" and verdict.exit_code == 0
    assert any("3 of 8 starts" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("info", "name", "words"),
    [
        ({"starts_agreeing": 2}, "agreement", "2 of 8 starts"),
        ({"starts_followed": 1, "starts_agreeing": 1}, "agreement", "1 of 1 starts"),
        ({"converged": False}, "convergence", "before it converged"),
        ({"interrupted": True}, "convergence", "interrupted"),
        ({"flat_directions": 2}, "flat_directions", "along 2 directions"),
        ({"parameters_at_limits": ["b"]}, "prior_edge", "b = 0.1 is at"),
        ({"over_sampling": {"holds": False, "summary": "0.4"}}, "over_sampling", "not fine enough (0.4)"),
        ({"precision": {"holds": False, "summary": "0.2"}}, "precision", "not fine enough (0.2)"),
        ({"evaluations": 100, "likelihood_refused": 60}, "likelihood_refused", "60 of 100"),
        ({"likelihood_raised": 3}, "likelihood_raised", "3 times"),
        ({"sampling": {"accepted": False, "method": "laplace", "rejected": ["k was 1.1."]}}, "sampling", "k was 1.1."),
        ({"sampling": {"accepted": True, "pareto_k": 0.8}}, "sampling", "Pareto k of 0.80"),
        ({"sampling": {"accepted": True, "pareto_k": float("nan")}}, "sampling", "Pareto k of nan"),
        ({"sampling": {"accepted": True, "effective_samples": 60.0}}, "sampling", "only 60 effective"),
        ({"effective_samples": 60.0}, "sampling", "only 60 effective"),
        ({"sampling": {"accepted": True, "r_hat": 1.03}}, "sampling", "r-hat 1.030"),
        ({"sampling": {"accepted": True, "divergences": 4}}, "sampling", "4 divergent"),
        ({"sampling": {"method": "laplace", "laplace_shift": 0.4}}, "gaussian", "0.40 sigma"),
        ({"sampling": {"method": "laplace", "laplace_width_ratio": [1.0, 0.7]}}, "gaussian", "factor 0.70"),
        ({"sampling": {"method": "laplace", "laplace_width_ratio_most": 1.3}}, "gaussian", "factor 1.30"),
        ({"sampling": {"accepted": True, "higher_maxima": 2}}, "higher_maxima", "2 places"),
    ],
)
def test_each_thing_that_speaks_against_a_fit_is_named_and_asks_to_look(info, name, words):
    verdict = _verdict(info)

    assert verdict.grade == "check" and verdict.exit_code == 1
    assert [f.name for f in verdict.findings if f.grade != "good"] == [name]
    assert words in verdict.reasons[0]


@pytest.mark.parametrize(
    "info",
    [
        {"sampling": {"accepted": True, "pareto_k": 0.3, "effective_samples": 800.0, "rejected": ["k was 1.1."]}},
        {"sampling": {"method": "nuts", "accepted": True, "r_hat": 1.005, "divergences": 0, "laplace_shift": 0.5}},
        {"evaluations": 100, "likelihood_refused": 20},
    ],
)
def test_sampling_that_holds_is_good_even_where_a_first_method_was_rejected(info):
    assert _verdict(info).grade == "good"


@pytest.mark.parametrize(
    ("stages", "followed", "grade"),
    [
        ([(12, 4), (8, 3), (1, 1)], 2, "good"),
        ([(12, 4), (8, 2), (1, 1)], 2, "check"),  # two in one of the stages
        ([(12, 4), (8, 3), (1, 1)], 5, "check"),  # of five that were followed two agree
        ([(1, 1)], 2, "check"),
    ],
)
def test_starts_that_meet_in_each_stage_count(stages, followed, grade):
    facts = [{"starts_followed": f, "starts_agreeing": a} for f, a in stages]

    assert _verdict({"stages": facts, "starts_followed": followed, "starts_agreeing": 2}).grade == grade


@pytest.mark.parametrize(("of_light", "grade"), [(3, "good"), (2, "check")])
def test_starts_that_were_handed_on_need_not_be_three(of_light, grade):
    facts = [
        {"starts_followed": 8, "starts_agreeing": of_light, "starts_drawn": True},
        {"starts_followed": 32, "starts_agreeing": 3, "starts_drawn": True},
        {"starts_followed": 2, "starts_agreeing": 2, "starts_drawn": False},
    ]
    assert _verdict({"stages": facts, "starts_followed": 2, "starts_agreeing": 2}).grade == grade


# ------------------------------------------------------------------ edges


@pytest.mark.parametrize(
    ("vector", "sigma", "grade"),
    [
        ((0.5, 0.1), 0.01, "good"),
        ((0.5, 0.1), 0.2, "good"),  # 2.5 sigma from the limits of a
        ((0.5, 0.1), 0.3, "check"),  # 1.7 sigma
        ((0.04, 0.1), 0.01, "good"),
        ((0.015, 0.1), 0.01, "check"),  # 1.5 sigma
        ((0.005, 0.1), 0.0001, "good"),  # 50 sigma from the limit of a wide prior, though in its first hundredth
    ],
)
def test_a_posterior_at_an_edge_is_named(vector, sigma, grade):
    assert _verdict(samples=_samples(vector, sigma)).grade == grade


@pytest.mark.parametrize(("middle", "grade"), [(0.005, "good"), (0.0, "check"), (0.0001, "check")])
def test_draws_are_at_an_edge_where_they_pile_up_at_it(middle, grade):
    draws = np.abs(middle + 1e-4 * np.random.default_rng(1).normal(size=(2000, 1)))  # folded at the limit 0 of a
    parameters = np.concatenate([draws, np.full((2000, 1), 0.1)], axis=1)
    samples = Samples(MODEL, parameters, -0.5 * ((draws[:, 0] - middle) / 1e-4) ** 2)

    assert {f.grade for f in prior_edges({}, samples, AnalysisOf(()), MODEL)} == {grade}


def test_an_edge_is_seen_in_weighted_samples():
    rng = np.random.default_rng(1)
    rows = np.stack([np.abs(rng.normal(0.0, 0.03, 500)), rng.normal(0.1, 0.01, 500)], axis=1)

    verdict = _verdict(samples=Samples(MODEL, rows, np.linspace(0.0, 1.0, 500)))

    assert verdict.grade == "check" and verdict.reasons[0].startswith("a = ") and "lower limit 0 " in verdict.reasons[0]


# ------------------------------------------------------------------ optima


@pytest.mark.parametrize(
    ("other", "grade"),
    [
        ({"log_likelihood": 97.0, "parameters": [0.8, 0.1]}, "check"),
        ({"log_likelihood": 89.0, "parameters": [0.8, 0.1]}, "good"),  # 11 below
        ({"log_likelihood": 97.0, "parameters": [0.505, 0.1]}, "good"),  # the same place
        ({"log_likelihood": 97.0, "parameters": [0.525, 0.1]}, "good"),  # where a Gaussian falls by 3.1
        ({"log_likelihood": 97.0, "parameters": [0.8, 0.1], "converged": False}, "good"),
    ],
)
def test_a_second_optimum_counts_where_it_is_near_in_likelihood_and_far_in_place(other, grade):
    assert _verdict({"optima": [BEST, {"converged": True, **other}]}).grade == grade


# ------------------------------------------------------------------ residuals


def test_what_the_analysis_finds_is_in_the_verdict():
    found = Finding("residuals.chi_squared", "check", "Too much.", 9.0, 5.0)

    assert _verdict(found=[found]).findings[-1] == found


def test_large_residuals_fail_unless_starts_agree():
    found = [Finding("residuals.chi_squared_in_the_arcs", "failed", "Far too much.")]

    assert _verdict(found=found).grade == "check"
    assert _verdict({"starts_agreeing": 1}, found=found).grade == "failed"


def test_arcs_that_are_not_modelled_fail_whoever_agrees():
    assert _verdict(found=[Finding("arcs", "failed", "Not modelled.")]).grade == "failed"


def test_a_best_fit_without_a_likelihood_failed():
    assert _verdict(samples=_samples(log_likelihood=-np.inf)).grade == "failed"


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), np.linalg.LinAlgError("svd"), KeyboardInterrupt()])
def test_a_check_that_raises_becomes_a_finding_and_loses_nothing(error):
    verdict = _verdict(found=error)

    assert verdict.grade == "check"
    assert "residuals could not be checked" in verdict.reasons[0]


@pytest.mark.parametrize("info", [{"optima": "nonsense"}, {"starts_agreeing": "x"}, {"sampling": 3}])
def test_information_that_cannot_be_read_is_no_good_verdict(info):
    assert _verdict(info).grade == "check"


class Guess(AbstractSearch):
    """A search that takes one point, or the best of another search."""

    def __init__(self, inner=None):
        super().__init__(show_progress=False, check_over_sampling=False)
        self.inner = inner

    def _search(self, model, analysis, progress):
        self.within = self.inner.fit(model, analysis) if self.inner else None
        samples = Samples(model, np.array([[0.5, 0.1]]), [100.0], covariance=1e-4 * np.eye(2))
        return samples, {"converged": True, "interrupted": False}


@pytest.mark.parametrize(("error", "grade"), [(None, "good"), (ZeroDivisionError("by zero"), "check")])
def test_every_search_ends_with_a_verdict(error, grade):
    result = Guess().fit(MODEL, AnalysisOf(error or ()))

    assert result.verdict.grade == grade and result.log_likelihood == 100.0


def test_a_fit_inside_another_one_is_not_judged():
    search = Guess(inner=Guess())
    result = search.fit(MODEL, AnalysisOf())

    assert result.verdict is not None and search.within.verdict is None


def test_a_verdict_survives_json():
    verdict = _verdict({"sampling": {"accepted": True, "pareto_k": 0.8}, "optima": [BEST]})

    again = Verdict.from_dict(json.loads(json.dumps(verdict.to_dict())))

    assert again == verdict and again.exit_code == 1


def test_reasons_have_a_line_each_and_a_good_fit_needs_none():
    bad = Verdict.of([Finding("a", "check", "First."), Finding("b", "failed", "Second.")])
    assert bad.lines == ["verdict: failed", "- Second.", "- First."]
    assert Verdict.of([Finding("a", "good", "Fine.")]).lines == ["verdict: good"]
