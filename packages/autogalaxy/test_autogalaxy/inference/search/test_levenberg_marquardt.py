import json

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import LogUniformPrior, UniformPrior
from autogalaxy.inference import Analysis, Collection, LevenbergMarquardt, Model
from autogalaxy.inference.search.kernel_numpy import NumpyKernel
from autogalaxy.inference.search.kernels import kernel_from
from autogalaxy.inference.search.least_squares import LeastSquares


def searching(**kwargs):
    return LevenbergMarquardt(**{"n_screen": 48, "show_progress": False, **kwargs})


def test_exact_data_give_the_parameters_they_were_made_with(lines):
    result = searching().fit(lines.two_lines(), lines.AnalysisLines(lines.data_without_noise()))

    assert result.samples.max_log_likelihood_vector == pytest.approx(lines.TRUTH, abs=1e-5)
    assert result.log_likelihood == pytest.approx(-0.5 * lines.AXIS.size * np.log(2.0 * np.pi * 0.01), abs=1e-6)
    assert result.search_info["starts_agreeing"] >= 3


def test_a_linear_model_has_the_weighted_mean_and_its_error(lines):
    """One line of known shape: the maximum is d.f / f.f and its error noise / sqrt(f.f)."""
    shape = np.exp(-0.5 * (lines.AXIS - 1.0) ** 2)
    data = lines.data_with_noise()
    model = Collection(lines=Collection(Model(lines.Line, centre=1.0, sigma=1.0)))

    samples = searching(n_screen=4).fit(model, lines.AnalysisLines(data)).samples

    assert samples.max_log_likelihood_vector == pytest.approx([data @ shape / (shape @ shape)], rel=1e-6)
    assert samples.covariance_matrix == pytest.approx(np.array([[0.01 / (shape @ shape)]]), rel=1e-5)
    ((low, high),) = samples.errors_at_sigma(2.0)
    assert low == pytest.approx(2.0 * lines.NOISE / np.sqrt(shape @ shape), rel=1e-5) and high == pytest.approx(low)


def test_errors_are_those_of_the_fisher_matrix(lines):
    model, analysis = lines.two_lines(), lines.AnalysisLines(lines.data_with_noise())
    samples = searching().fit(model, analysis).samples

    best, step = samples.max_log_likelihood_vector, 1e-5
    rows = [
        analysis.residual_vector_from(model.instance_from_vector(best + step * unit))
        - analysis.residual_vector_from(model.instance_from_vector(best - step * unit))
        for unit in np.eye(6)
    ]
    jacobian = np.array(rows) / (2.0 * step)
    assert samples.covariance_matrix == pytest.approx(np.linalg.inv(jacobian @ jacobian.T), rel=1e-3, abs=1e-8)


def test_a_maximum_outside_the_limits_is_found_on_the_limit_and_named(lines):
    model = Collection(lines=Collection(Model(lines.Line, centre=0.0, sigma=1.0, intensity=UniformPrior(0.0, 2.0))))
    data = 3.0 * np.exp(-0.5 * lines.AXIS**2)

    result = searching(n_screen=4).fit(model, lines.AnalysisLines(data))

    assert result.samples.max_log_likelihood_vector == pytest.approx([2.0], abs=1e-5)
    assert result.search_info["parameters_at_limits"] == ["lines.0.intensity"]


def test_a_robust_loss_is_not_drawn_by_outliers(lines):
    model = Collection(lines=Collection(Model(lines.Line, centre=0.0, sigma=1.0)))
    data = 3.0 * np.exp(-0.5 * lines.AXIS**2)
    data[38:41] += 5.0  # 50 sigma
    analysis = lines.AnalysisLines(data)

    plain = searching(n_screen=4).fit(model, analysis).samples.max_log_likelihood_vector[0]
    robust = searching(n_screen=4, robust_scale=1.0).fit(model, analysis).samples.max_log_likelihood_vector[0]

    assert plain > 4.0
    assert robust == pytest.approx(3.0, abs=0.1)


def test_every_distinct_optimum_is_kept_with_its_count(lines):
    """Without the assertion the lines may be swapped: two optima of one likelihood."""
    model = Collection(lines=Collection(lines.Line, lines.Line))
    result = searching(agree=8, seed=3).fit(model, lines.AnalysisLines(lines.data_with_noise()))

    first, second = result.search_info["optima"][:2]

    assert first["log_likelihood"] == pytest.approx(second["log_likelihood"], abs=0.01)
    assert first["parameters"][:3] == pytest.approx(second["parameters"][3:], abs=1e-2)
    assert first["starts"] + second["starts"] >= 8
    assert result.search_info["starts_agreeing"] >= 8  # an exchange of equal components is no disagreement
    assert result.samples.weights.tolist() == [1.0] + [0.0] * (len(result.samples) - 1)


def test_starts_of_equal_cost_in_two_places_do_not_agree():
    class AnalysisOfSquare(Analysis):
        def residual_vector_from(self, instance):
            return np.array([(instance.x**2 - 0.09) / 0.01])

    given = [[-0.4], [-0.2], [0.25], [0.35], [0.4]]
    search = searching(n_screen=0, initial_vectors=given, agree=5)

    result = search.fit(Collection(x=UniformPrior(-1.0, 1.0)), AnalysisOfSquare())

    at_best = 2 if result.samples.max_log_likelihood_vector[0] < 0.0 else 3
    assert result.search_info["starts_followed"] == 5 and result.search_info["starts_agreeing"] == at_best


class Raising(Analysis):
    """A Gaussian likelihood around (0.2, 0.3) that raises an error of its own where x > ``above``."""

    def __init__(self, above, error=ZeroDivisionError):
        super().__init__()
        self.above = above
        self.error = error

    def residual_vector_from(self, instance):
        if instance.x > self.above:
            raise self.error("x is too large")
        return np.array([(instance.x - 0.2) / 0.1, (instance.y - 0.3) / 0.1])


PLANE = Collection(x=UniformPrior(-1.0, 1.0), y=UniformPrior(-1.0, 1.0))


@pytest.mark.parametrize("above", [0.5, 0.2000001, 0.2])
def test_a_likelihood_that_raises_for_some_draws_ends_no_search(above, capsys):
    result = LevenbergMarquardt(n_screen=48).fit(PLANE, Raising(above))

    assert result.samples.max_log_likelihood_vector == pytest.approx([0.2, 0.3], abs=1e-3)
    raised = result.search_info["likelihood_raised"]
    assert 5 < raised < result.search_info["evaluations"]
    assert "likelihoods raised, the last one ZeroDivisionError: x is too large" in capsys.readouterr().err


def test_a_likelihood_that_raises_for_all_draws_is_named():
    with pytest.raises(exc.SearchException, match="none of 1000 draws .* raised ZeroDivisionError: x is") as caught:
        searching().fit(PLANE, Raising(-2.0))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_an_interruption_or_full_memory_is_no_refusal(error):
    with pytest.raises(error):
        searching().fit(PLANE, Raising(-2.0, error))


def test_seeds_reproduce_a_search_and_given_vectors_are_followed(lines):
    model, analysis = lines.two_lines(), lines.AnalysisLines(lines.data_with_noise())

    first, again = (searching(seed=5).fit(model, analysis) for _ in range(2))
    given = searching(n_screen=0, initial_vectors=[np.array(lines.TRUTH) * 1.05]).fit(model, analysis)

    assert np.array_equal(first.samples.parameters, again.samples.parameters)
    assert given.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-4)
    assert given.search_info["starts_followed"] == 1


def test_a_given_vector_that_is_not_allowed_is_said_to_be_refused(lines, capsys):
    model, analysis = lines.two_lines(), lines.AnalysisLines(lines.data_without_noise())
    model.add_assertion(model.lines[0].centre < model.lines[1].centre)
    swapped = [*lines.TRUTH[3:], *lines.TRUTH[:3]]
    assert lines.TRUTH[0] < lines.TRUTH[3]

    settings = {"n_screen": 0, "check_over_sampling": False, "show_progress": True}
    result = searching(initial_vectors=[swapped, lines.TRUTH], **settings).fit(model, analysis)

    assert result.search_info["initial_vectors_refused"] == 1
    assert "1 of 2 initial vectors are not allowed by the model" in capsys.readouterr().err
    assert result.samples.max_log_likelihood_vector == pytest.approx(lines.TRUTH, abs=1e-5)
    allowed = searching(initial_vectors=[lines.TRUTH], **settings).fit(model, analysis)
    assert allowed.search_info["initial_vectors_refused"] == 0
    assert "initial vectors" not in capsys.readouterr().err


def test_candidates_are_screened_and_the_best_of_them_is_followed_first(lines):
    model, analysis = lines.two_lines(), lines.AnalysisLines(lines.data_without_noise())
    candidates = [[-4.0, 0.3, 1.0, 4.0, 0.3, 1.0], np.array(lines.TRUTH) * 1.02]

    result = searching(n_screen=0, n_starts=1, candidate_vectors=candidates).fit(model, analysis)

    assert result.samples.max_log_likelihood_vector == pytest.approx(lines.TRUTH, abs=1e-5)
    assert (result.search_info["starts_screened"], result.search_info["starts_followed"]) == (2, 1)


def test_screening_solves_for_the_linear_parameters(lines):
    model = Collection(
        lines=Collection(Model(lines.Line, centre=-1.0, sigma=0.8), Model(lines.Line, centre=1.5, sigma=1.2))
    )
    problem = LeastSquares(model, lines.AnalysisLines(lines.data_without_noise()))

    screened = NumpyKernel(problem).run(problem.scaled_from([8.0, 0.1]), 0, 0.0)

    assert problem.vector_from(screened.scaled) == pytest.approx([3.0, 2.0], abs=1e-4)
    assert screened.jacobians == 0


def test_the_folder_holds_the_model_the_samples_and_the_result(tmp_path, lines):
    model = lines.two_lines()
    searching(output_path=tmp_path / "fit").fit(model, lines.AnalysisLines(lines.data_with_noise()))

    assert {"model.json", "result.json", "samples.npz"} <= {path.name for path in (tmp_path / "fit").iterdir()}
    written = json.loads((tmp_path / "fit" / "result.json").read_text())
    assert written["parameters"]["lines.a.centre"]["median"] == pytest.approx(-1.0, abs=0.1)
    again = Collection.from_dict(json.loads((tmp_path / "fit" / "model.json").read_text()))
    assert again.paths == model.paths


def test_likelihoods_without_a_finite_value_end_the_search_and_name_the_parameters(lines):
    model = Collection(lines=Collection(Model(lines.Line, intensity=UniformPrior(9.0, 10.0))))  # unphysical above 9
    with pytest.raises(exc.SearchException, match=r"none of 1000 draws.*outside the domain.*lines\.0\.intensity"):
        searching().fit(model, lines.AnalysisLines(lines.data_with_noise()))

    with pytest.raises(exc.SearchException, match="NaN in the data"):
        searching().fit(lines.two_lines(), lines.AnalysisLines(np.full(80, np.nan)))


def test_an_interruption_returns_the_best_so_far(tmp_path, lines):
    class Interrupted(lines.AnalysisLines):
        calls = 0

        def residual_vector_from(self, instance):
            Interrupted.calls += 1
            if Interrupted.calls > 200:
                raise KeyboardInterrupt
            return super().residual_vector_from(instance)

    result = searching(output_path=tmp_path).fit(lines.two_lines(), Interrupted(lines.data_with_noise()))

    assert result.search_info["interrupted"] is True
    assert (tmp_path / "result.json").exists() and not (tmp_path / ".lock").exists()
    assert np.all(np.isfinite(result.samples.max_log_likelihood_vector))


def test_settings_that_make_no_sense_are_refused(lines):
    analysis = lines.AnalysisLines(lines.data_with_noise())
    with pytest.raises(exc.SearchException, match="n_starts=0"):
        LevenbergMarquardt(n_starts=0)
    for name in ("n_starts", "n_screen", "seed", "max_jacobians", "agree"):
        with pytest.raises(exc.SearchException, match=f"LevenbergMarquardt got {name}=True, wanted a whole number"):
            LevenbergMarquardt(**{name: True})
    with pytest.raises(exc.SearchException, match="robust_scale is -1"):
        searching(robust_scale=-1.0).fit(lines.two_lines(), analysis)
    with pytest.raises(exc.SearchException, match="without free parameters"):
        searching().fit(Collection(lines=Collection(lines.Line())), analysis)
    with pytest.raises(exc.SearchException, match="residual_vector_from"):
        searching().fit(lines.two_lines(), Analysis())


def test_a_class_defined_anew_and_an_analysis_that_changed_are_compiled_anew(lines):
    def line_class():
        return type("Line", (lines.Line,), {"__module__": "notebook", "__qualname__": "Line"})

    def model_of(cls):
        return Collection(lines=Collection(Model(cls, centre=1.0, sigma=1.0)))

    analysis = lines.AnalysisLines(lines.data_with_noise())
    one, other = line_class(), line_class()
    kernel = kernel_from(model_of(one), analysis, None)

    assert kernel_from(model_of(one), analysis, None).problem.model.lines[0].cls is one
    assert kernel_from(model_of(one), analysis, None) is kernel
    assert kernel_from(model_of(other), analysis, None).problem.model.lines[0].cls is other
    analysis.data = lines.data_without_noise()
    assert kernel_from(model_of(one), analysis, None) is not kernel


@pytest.mark.parametrize("limits", [(1e-4, 1e3), (1e-6, 1e6), (0.3, 0.4)])
def test_limits_of_a_logarithmic_prior_are_kept_to_a_part_of_themselves(lines, limits):
    model = Collection(lines=Collection(Model(lines.Line, centre=0.0, intensity=1.0, sigma=LogUniformPrior(*limits))))
    problem = LeastSquares(model, lines.AnalysisLines(lines.data_without_noise()))

    lowest, highest = problem.vector_from(problem.lower)[0], problem.vector_from(problem.upper)[0]

    assert limits[0] < lowest < limits[0] * (1.0 + 1e-4)
    assert limits[1] > highest > limits[1] * (1.0 - 1e-4)


def test_a_small_value_is_not_taken_for_one_at_its_limit(lines):
    prior = LogUniformPrior(1e-6, 1e6)
    model = Collection(lines=Collection(Model(lines.Line, centre=0.0, sigma=1.0, intensity=prior)))
    data = 0.03 * np.exp(-0.5 * lines.AXIS**2)  # 3e-8 of the width of the prior

    result = searching(n_screen=4).fit(model, lines.AnalysisLines(data))

    assert result.samples.max_log_likelihood_vector == pytest.approx([0.03], rel=1e-3)
    assert result.search_info["parameters_at_limits"] == []
