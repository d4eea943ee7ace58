import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import GaussianPrior, TruncatedGaussianPrior, UniformPrior
from autogalaxy.inference import Collection, Model, Result, Samples


@pytest.fixture
def model(lines):
    return Collection(line=Model(lines.Line, sigma=1.0))


@pytest.fixture
def gaussian(model):
    """Draws of a correlated Gaussian around (0.5, 4)."""
    covariance = np.array([[0.04, 0.01], [0.01, 0.09]])
    draws = np.random.default_rng(1).multivariate_normal([0.5, 4.0], covariance, size=40_000)
    offset = draws - [0.5, 4.0]
    log_likelihoods = -0.5 * np.einsum("ni,ij,nj->n", offset, np.linalg.inv(covariance), offset)
    return covariance, Samples(model, draws, log_likelihoods)


def test_covariance_medians_and_errors_of_gaussian_draws(gaussian):
    covariance, samples = gaussian

    assert samples.covariance_matrix == pytest.approx(covariance, abs=2e-3)
    assert samples.median_pdf_vector == pytest.approx([0.5, 4.0], abs=6e-3)
    assert np.array(samples.errors_at_sigma(1.0)) == pytest.approx(np.array([[0.2, 0.2], [0.3, 0.3]]), abs=6e-3)
    assert np.array(samples.errors_at_sigma(2.0)) == pytest.approx(np.array([[0.4, 0.4], [0.6, 0.6]]), abs=2e-2)
    assert samples.max_log_likelihood_vector == pytest.approx([0.5, 4.0], abs=0.02)
    assert samples.max_log_likelihood_instance.line.sigma == 1.0


def test_weights_count_like_repeated_samples(model):
    parameters = np.array([[0.0, 1.0], [1.0, 2.0], [3.0, 5.0]])
    weighted = Samples(model, parameters, [-1.0, -2.0, -3.0], weights=[1.0, 2.0, 1.0])
    repeated = Samples(model, parameters[[0, 1, 1, 2]], [-1.0, -2.0, -2.0, -3.0])

    assert weighted.covariance_matrix == pytest.approx(repeated.covariance_matrix)
    assert weighted.median_pdf_vector == pytest.approx([1.0, 2.0])
    assert weighted.weights.sum() == pytest.approx(1.0)


def test_log_priors_are_those_of_the_model(model):
    samples = Samples(model, [[0.0, 1.0]], [-1.0])

    assert samples.log_priors == pytest.approx([-np.log(10.0) - np.log(10.0)])
    assert samples.log_posteriors == pytest.approx([-1.0 - 2.0 * np.log(10.0)])


def test_npz_round_trip(tmp_path, model, gaussian):
    _, samples = gaussian
    samples.to_npz(tmp_path / "samples.npz")

    again = Samples.from_npz(tmp_path / "samples.npz", model)

    assert np.array_equal(again.parameters, samples.parameters)
    assert again.weights == pytest.approx(samples.weights, rel=1e-12)
    assert again.median_pdf().line.centre == samples.median_pdf().line.centre


def test_files_that_hold_no_samples_of_the_model_are_refused(tmp_path, lines, model):
    path = tmp_path / "samples.npz"
    with pytest.raises(exc.FileException, match="no samples at"):
        Samples.from_npz(path, model)
    path.write_bytes(b"not an archive")
    with pytest.raises(exc.FileException, match="no readable samples"):
        Samples.from_npz(path, model)
    np.savez(path, names=np.array(["line.centre"]), parameters=np.array([{"a": 1}], dtype=object))
    with pytest.raises(exc.FileException):  # an object array is a pickle, which could run code
        Samples.from_npz(path, model)
    Samples(model, [[0.0, 1.0]], [-1.0]).to_npz(path)
    with pytest.raises(exc.FileException, match="line.sigma"):
        Samples.from_npz(path, Collection(line=lines.Line))


def test_wrong_shapes_are_refused(model):
    with pytest.raises(exc.SearchException, match="2 free"):
        Samples(model, [[1.0, 2.0, 3.0]], [-1.0])
    with pytest.raises(exc.SearchException, match="2 log_likelihoods"):
        Samples(model, [[1.0, 2.0]], [-1.0, -2.0])
    with pytest.raises(exc.SearchException, match="weights"):
        Samples(model, [[1.0, 2.0]], [-1.0], weights=[0.0])


def test_models_for_chaining_are_centred_on_the_result_inside_the_original_limits(lines):
    model = Model(lines.Line, centre=GaussianPrior(0.0, 2.0), sigma=1.0, intensity=UniformPrior(0.0, 10.0))
    samples = Samples(model, [[0.5, 4.0]], [-1.0], covariance=np.diag([0.04, 0.09]))
    result = Result(samples, lines.AnalysisLines(lines.data_with_noise()))

    centre, intensity = result.model.priors

    assert isinstance(centre, GaussianPrior) and (centre.mean, centre.sigma) == pytest.approx((0.5, 0.6))
    assert isinstance(intensity, TruncatedGaussianPrior)
    assert (intensity.mean, intensity.sigma) == pytest.approx((4.0, 0.9))
    assert (intensity.lower_limit, intensity.upper_limit) == (0.0, 10.0)
    assert result.model_centred(0.1).priors[1].sigma == pytest.approx(1.0)
    assert result.model.sigma == 1.0
    assert result.log_likelihood == -1.0 and result.instance.intensity == 4.0


def test_a_fixed_model_keeps_the_linear_parameters_free_if_asked(lines, model):
    result = Result(Samples(model, [[0.5, 4.0]], [-1.0]), lines.AnalysisLines(lines.data_with_noise()))

    assert result.model_fixed().prior_count == 0
    assert result.model_fixed(linear_free=True).paths == ["line.intensity"]
    assert result.model_fixed(linear_free=True).instance_from_vector([7.0]).line.centre == 0.5
    assert result.original_model.prior_count == 2


def test_starts_for_another_model_are_matched_by_path(lines, model):
    analysis = lines.AnalysisLines(lines.data_with_noise())
    here = Result(Samples(model, [[0.5, 4.0], [0.6, 3.0]], [-1.0, -2.0]), analysis)
    wider = Collection(other=Model(lines.Line, sigma=1.0), line=Model(lines.Line, sigma=UniformPrior(1.0, 2.0)))
    other = Collection(other=Model(lines.Line, sigma=1.0, centre=0.0))
    there = Result(Samples(other, [[2.5]], [-1.0]), analysis)

    vectors = here.vectors_for(wider, others=[there])

    # other.centre (median), other.intensity (the other result), line.centre, line.sigma (median), line.intensity
    assert vectors == pytest.approx(np.array([[0.0, 2.5, 0.5, 1.5, 4.0], [0.0, 2.5, 0.6, 1.5, 3.0]]))
