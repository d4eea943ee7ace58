import pickle

import numpy as np
import pytest
from scipy import stats

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Analysis, Collection, Fitness, LevenbergMarquardt, Model
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.combined import CombinedAnalysis
from autogalaxy.inference.verdict import Finding


def band(lines, seed, brightness=1.0):
    """An analysis of the lines with all intensities ``brightness`` times those of the truth, and noise of its own."""
    noise = np.random.default_rng(seed).normal(0.0, lines.NOISE, lines.AXIS.size)
    return lines.AnalysisLines(brightness * lines.data_without_noise() + noise)


def search(**options):
    return LevenbergMarquardt(n_starts=6, n_screen=32, agree=2, show_progress=False, **options)


def test_log_likelihood_is_the_sum_over_datasets(lines):
    a, b, c = (band(lines, seed) for seed in (1, 2, 3))
    expected = sum(stats.norm(lines.data_without_noise(), lines.NOISE).logpdf(x.data).sum() for x in (a, b, c))

    for combined in (a + b + c, a + (b + c), sum([a, b, c])):
        fitness = Fitness(lines.two_lines(), combined)

        assert fitness(lines.TRUTH) == pytest.approx(expected, rel=1e-12)
        residuals = combined.residual_vector_from(fitness.model.instance_from_vector(lines.TRUTH))
        assert -0.5 * residuals @ residuals + combined.log_likelihood_offset == pytest.approx(expected, rel=1e-12)
        assert combined.names == ("0", "1", "2")


def test_errors_of_two_equal_bands_are_smaller_by_the_root_of_two(lines):
    one = band(lines, 1)

    alone = search().fit(lines.two_lines(), one)
    both = search().fit(lines.two_lines(), one + band(lines, 2))

    sigma = np.sqrt(np.diag(both.samples.covariance_matrix))
    assert sigma == pytest.approx(np.sqrt(np.diag(alone.samples.covariance_matrix)) / np.sqrt(2.0), rel=0.1)
    assert np.all(np.abs(both.samples.max_log_likelihood_vector - lines.TRUTH) < 4.0 * sigma)
    # the same data twice gives the same maximum, and the errors to the last digits
    twice = search().fit(lines.two_lines(), one + one)
    assert twice.samples.max_log_likelihood_vector == pytest.approx(alone.samples.max_log_likelihood_vector, rel=1e-4)
    ratio = np.diag(twice.samples.covariance_matrix) / np.diag(alone.samples.covariance_matrix)
    assert ratio == pytest.approx(0.5, rel=1e-3)
    assert twice.log_likelihood == pytest.approx(2.0 * alone.log_likelihood, rel=1e-9)


def test_free_parameters_are_fitted_for_each_dataset_and_the_others_are_shared(lines):
    model = lines.two_lines()
    combined = (band(lines, 1) + band(lines, 2, brightness=2.0)).named("g", "r")
    combined = combined.with_free_parameters(model.lines.a.intensity, model.lines.b.intensity)

    result = search().fit(model, combined)

    found = dict(zip(result.samples.names, result.samples.max_log_likelihood_vector, strict=True))
    sigma = dict(zip(found, np.sqrt(np.diag(result.samples.covariance_matrix)), strict=True))
    assert list(found) == [f"g.lines.{i}.{n}" for i in "ab" for n in ("centre", "sigma", "intensity")] + [
        "r.lines.a.intensity",
        "r.lines.b.intensity",
    ]
    truth = dict(zip(found, [*lines.TRUTH, 2.0 * lines.TRUTH[2], 2.0 * lines.TRUTH[5]], strict=True))
    assert all(abs(found[name] - truth[name]) < 4.0 * sigma[name] for name in found)
    # the band that is twice as bright has the same noise: its intensities are as uncertain, not twice as much
    assert result.original_model.linear_indexes == (2, 5, 6, 7)
    assert result["r"].instance.lines.a.intensity == found["r.lines.a.intensity"]
    assert result["r"].instance.lines.a.centre == result["g"].instance.lines.a.centre
    assert result["r"].samples.covariance_matrix[2, 2] == pytest.approx(sigma["r.lines.a.intensity"] ** 2)
    assert result["r"].samples.names[2] == "lines.a.intensity"


def test_copies_are_independent_and_everything_else_is_shared_by_identity(lines):
    model = Collection(sheet=lines.Sheet, lines=Collection(a=lines.Line, b=lines.Line))
    model.sheet.slope = model.lines.a.intensity  # one parameter in two places
    model.add_assertion(model.lines.a.centre < model.lines.b.centre)
    combined = band(lines, 1) + band(lines, 2)
    combined = combined.with_free_parameters(model.sheet.centre, model.lines.b, "lines.a.intensity")

    split = combined.model_for(model)

    first, second = split[0], split[1]
    assert model.prior_count == 8
    assert split.prior_count == 8 + 2 + 3 + 1
    for shared in ("centre", "sigma"):
        assert getattr(first.lines.a, shared) is getattr(second.lines.a, shared) is getattr(model.lines.a, shared)
    assert first.sheet.centre.centre_0 is not second.sheet.centre.centre_0
    assert second.sheet.slope is second.lines.a.intensity
    assert second.sheet.slope is not first.sheet.slope
    assert combined.model_for(split) is split
    # the assertion holds for the copy of each dataset
    vector = np.array(split.physical_values_from_prior_medians)
    places = {path: i for i, path in enumerate(split.paths)}
    vector[places["0.lines.a.centre"]] = 1.0
    for b_of_first, b_of_second, holds in ((2.0, 3.0, True), (0.0, 3.0, False), (2.0, 0.0, False)):
        vector[places["0.lines.b.centre"]], vector[places["1.lines.b.centre"]] = b_of_first, b_of_second
        assert bool(split.assertions_hold(vector)) is holds


def test_a_collection_may_hold_the_model_of_each_dataset(lines):
    first, second = lines.two_lines(), Collection(lines=Collection(a=lines.Line, b=lines.Line))
    second.lines.a.centre, second.lines.b.centre = first.lines.a.centre, first.lines.b.centre
    second.lines.a.sigma, second.lines.b.sigma = first.lines.a.sigma, first.lines.b.sigma
    a, b = band(lines, 1), band(lines, 2, brightness=3.0)
    model = Collection({"r": second, "g": first})  # by name, in any order

    fitness = Fitness(model, (a + b).named("g", "r"))

    shared = [-1.0, 0.8, 9.0 * 0.5, 1.5, 1.2, 6.0]  # of r, in which lines are three times as bright
    values = dict(zip(model.paths, [*shared, 3.0, 2.0], strict=True))
    assert list(values)[-2:] == ["g.lines.a.intensity", "g.lines.b.intensity"]
    alone = [Fitness(lines.two_lines(), a)(lines.TRUTH), Fitness(lines.two_lines(), b)(shared)]
    assert fitness(list(values.values())) == pytest.approx(sum(alone), rel=1e-12)
    with pytest.raises(exc.ModelException, match="same names"):
        Fitness(Collection(first, second), a + b + a)([*lines.TRUTH, 3.0, 2.0])


class AnalysisWithPenalty(Analysis):
    def __init__(self, data, penalty):
        super().__init__()
        self.data, self.penalty = data, penalty

    def residual_vector_from(self, instance):
        return np.array([*self.data, self.penalty])

    def residuals_of_data(self, residuals):
        return residuals[: len(self.data)]

    def verdict_findings_from(self, instance, model):
        return [Finding("residuals", "check", "Too large.")]

    def latents_from(self, instance):
        return {"flux": sum(self.data)}


def test_data_come_before_all_penalties_so_that_they_can_be_told_apart():
    combined = AnalysisWithPenalty([1.0, 2.0], 10.0) + AnalysisWithPenalty([3.0, 4.0, 5.0], 20.0)

    residuals = combined.residual_vector_from(None)

    assert residuals.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0]
    assert combined.residuals_of_data(residuals).tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert combined.offers("residual_vector_from")
    assert not combined.offers("dataset_arrays")


def test_findings_and_latents_name_their_dataset():
    combined = (AnalysisWithPenalty([1.0, 2.0], 10.0) + AnalysisWithPenalty([3.0], 20.0)).named("g", "r")

    findings = combined.verdict_findings_from(None, Collection())

    assert [finding.name for finding in findings] == ["residuals of g", "residuals of r"]
    assert findings[1].text == "Dataset r: Too large."
    assert combined.latents_from(None) == {"g.flux": 3.0, "r.flux": 3.0}


def test_planes_of_one_dataset_are_in_order_whatever_those_of_another_are(lines):
    model = Collection(group=Model(lines.Group, redshift=UniformPrior(0.0, 1.0), line=lines.Line))
    combined = (band(lines, 1) + band(lines, 2)).with_free_parameters(model.group.redshift)
    split = combined.model_for(model)

    for redshifts in ((0.2, 0.8), (0.8, 0.2)):
        vector = np.array(split.physical_values_from_prior_medians)
        vector[0], vector[-1] = redshifts

        assert bool(combined.is_ordered(split.instance_from_vector(vector)))


def test_what_cannot_be_combined_says_what_is_wanted(lines):
    a, b = band(lines, 1), band(lines, 2)
    model = lines.two_lines()

    with pytest.raises(TypeError):
        a + 1.0
    with pytest.raises(exc.SearchException, match="different one"):
        (a + b).named("g", "g")
    with pytest.raises(exc.ModelException, match="free parameters"):
        (a + b).with_free_parameters(0.5)
    with pytest.raises(exc.ModelException, match=r"lines\.a\.centre"):
        (a + b).with_free_parameters(lines.two_lines().lines.a.centre).model_for(model)
    with pytest.raises(exc.ModelException, match="model_for"):
        Fitness(model, (a + b).with_free_parameters("lines.a"))(lines.TRUTH)
    other = band(lines, 3)
    other.use_jax = True
    with pytest.raises(exc.BackendException, match="one backend"):
        a + other
    with pytest.raises(exc.SearchException, match="analyses"):
        CombinedAnalysis([])


def test_names_and_free_parameters_survive_another_dataset_and_a_pickle(lines):
    combined = (band(lines, 1) + band(lines, 2)).named("g", "r").with_free_parameters("lines.a.intensity")

    more = pickle.loads(pickle.dumps(combined + band(lines, 3)))

    assert more.names == ("g", "r", "2")
    assert more.model_for(lines.two_lines()).prior_count == 6 + 2


def with_strategy(lines, analysis, vector, agreeing=3):
    """The analysis with a strategy of its own: it knows ``vector``, and follows it."""

    class AnalysisWithStrategy(lines.AnalysisLines):
        def most_likely_from(self, model, checkpoint, **settings):
            result = LevenbergMarquardt(n_starts=1, n_screen=0, initial_vectors=[vector], **settings).fit(model, self)
            result.search_info["starts_agreeing"] = agreeing
            return result

    return AnalysisWithStrategy(analysis.data)


def test_strategy_of_the_first_dataset_leads_to_the_fit_of_all(lines):
    model = lines.two_lines()
    g = with_strategy(lines, band(lines, 1), lines.TRUTH)
    combined = (g + band(lines, 2, brightness=2.0)).named("g", "r")
    combined = combined.with_free_parameters(model.lines.a.intensity, model.lines.b.intensity)

    result = combined.most_likely_from(combined.model_for(model), show_progress=False)

    sigma = np.sqrt(np.diag(result.samples.covariance_matrix))
    truth = [*lines.TRUTH, 2.0 * lines.TRUTH[2], 2.0 * lines.TRUTH[5]]
    assert np.all(np.abs(result.samples.max_log_likelihood_vector - truth) < 4.0 * sigma)
    # half of the sum of squares is that of noise: 160 residuals, 8 parameters
    chi_squared = -2.0 * (result.log_likelihood - combined.log_likelihood_offset)
    assert chi_squared == pytest.approx(152.0, abs=4.0 * np.sqrt(2.0 * 152.0))
    assert result.search_info["jacobians"] < 11  # it starts next to the maximum; from elsewhere it takes 14 and more
    assert result.search_info["starts_agreeing"] == 3
    assert not result.search_info["interrupted"]


@pytest.mark.parametrize("after", [1, 150])
def test_interruption_of_the_fit_of_one_dataset_alone_ends_it_all(lines, after):
    class AnalysisThatIsInterrupted(lines.AnalysisLines):
        calls = 0

        def residual_vector_from(self, instance):
            self.calls += 1
            if self.calls == after:
                raise KeyboardInterrupt
            return super().residual_vector_from(instance)

    model = lines.two_lines()
    r = AnalysisThatIsInterrupted(band(lines, 2, brightness=2.0).data)
    combined = (with_strategy(lines, band(lines, 1), lines.TRUTH) + r).named("g", "r")
    combined = combined.with_free_parameters(model.lines.a.intensity, model.lines.b.intensity)

    result = combined.most_likely_from(combined.model_for(model), show_progress=False)

    assert result.search_info["interrupted"]
    assert result.samples.max_log_likelihood_vector[:6] == pytest.approx(lines.TRUTH, abs=0.3)


def test_the_fit_of_one_dataset_alone_goes_on_where_it_was(lines):
    class Kept(Checkpoint):
        def __init__(self, files, name=""):
            self.files, self.name = files, name

        def load(self):
            return self.files.get(self.name)

        def save(self, **arrays):
            self.files[self.name] = arrays

        def part(self, name):
            return Kept(self.files, f"{self.name}/{name}")

    class Counting(lines.AnalysisLines):
        calls = 0

        def residual_vector_from(self, instance):
            Counting.calls += 1
            return super().residual_vector_from(instance)

    model, calls, files = lines.two_lines(), [], {}
    for _ in range(2):
        r = Counting(band(lines, 2, brightness=2.0).data)
        combined = (with_strategy(lines, band(lines, 1), lines.TRUTH) + r).named("g", "r")
        combined = combined.with_free_parameters(model.lines.a.intensity, model.lines.b.intensity)
        combined.most_likely_from(combined.model_for(model), show_progress=False, checkpoint=Kept(files))
        files.pop("/all")  # killed in the joint fit
        calls.append(Counting.calls - sum(calls))

    assert calls[1] < 0.7 * calls[0]  # 64 draws are screened once


def test_without_a_strategy_there_is_none(lines):
    combined = band(lines, 1) + band(lines, 2)

    assert combined.most_likely_from(lines.two_lines(), show_progress=False) is None
