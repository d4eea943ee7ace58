import numpy as np
import pytest
from scipy.optimize import nnls
from scipy.signal import fftconvolve

from autoarray import exc
from autoarray.inversion.solver import covariance_from, result_from, solution_from


def random_problem(seed):
    """Shapes from one to sixty columns, more columns than pixels included; signs mixed or positive."""
    rng = np.random.default_rng(seed)
    columns = int(rng.integers(1, 60))
    pixels = int(rng.integers(max(2, columns // 2), 300))
    design = rng.standard_normal((pixels, columns)) + rng.choice([0.0, 1.0, 3.0])
    design *= 10.0 ** rng.uniform(-6.0, 6.0, columns)
    truth = 50.0 * rng.uniform(-0.6, 1.0, columns) / np.linalg.norm(design, axis=0)
    target = design @ truth + rng.standard_normal(pixels)
    return design, target


def gaussian_expansion(seed, columns=30, peak=500.0):
    """Blurred concentric Gaussians and a ring over the noise, and a Sersic galaxy that they fit; condition > 1e9."""
    rng = np.random.default_rng(seed)
    scale, half = 0.1, 25
    y, x = (np.mgrid[-half : half + 1, -half : half + 1]) * scale
    offsets = np.arange(-5, 6) * scale
    psf = np.exp(-0.5 * (offsets[:, None] ** 2 + offsets**2) / 0.1**2)
    q, centre = rng.uniform(0.5, 1.0), rng.uniform(-0.1, 0.1, 2)
    radii = np.sqrt((y - centre[0]) ** 2 / q + (x - centre[1]) ** 2 * q)
    images = [np.exp(-0.5 * (radii / sigma) ** 2) for sigma in np.geomspace(0.02, 3.0, columns)]
    images.append(np.exp(-0.5 * ((np.hypot(y - 0.2, x) - 1.2) / 0.15) ** 2))
    index, size = rng.uniform(0.8, 5.0), rng.uniform(0.3, 1.5)
    galaxy = np.exp(-2.0 * index * (radii / size) ** (1.0 / index)) + 0.02 * images[-1]
    images, galaxy = [fftconvolve(i, psf / psf.sum(), mode="same") for i in images], fftconvolve(galaxy, psf, "same")
    galaxy *= 1.0 / galaxy.max()
    noise = np.sqrt(0.01**2 + galaxy / peak**2)
    inside = np.hypot(y, x) < half * scale
    data = galaxy + noise * rng.standard_normal(galaxy.shape)
    return np.stack([(image / noise)[inside] for image in images], axis=1), (data / noise)[inside]


def chi_squared(design, target, coefficients):
    return np.sum((target - design @ coefficients) ** 2)


def assert_optimal(design, target, coefficients, tolerance=1e-10):
    """The conditions of Karush, Kuhn and Tucker, for columns of norm one and relative to the norm of the target."""
    norms = np.linalg.norm(design, axis=0)
    scale = np.where(norms > 0.0, norms, 1.0) * np.linalg.norm(target)
    gradient = (target - design @ coefficients) @ design / scale
    assert np.all(coefficients >= 0.0)
    assert np.all(gradient <= tolerance)
    assert np.all(np.abs(gradient[coefficients > 0.0]) <= tolerance)


@pytest.mark.parametrize("seed", range(200))
def test_random_problems_have_the_chi_squared_and_coefficients_of_scipy(seed):
    design, target = random_problem(seed)
    norms = np.linalg.norm(design, axis=0)
    wanted = nnls(design / norms, target)[0] / norms

    result = result_from(design, target)

    assert bool(result.converged)
    assert chi_squared(design, target, result.coefficients) == pytest.approx(
        chi_squared(design, target, wanted), rel=1e-8, abs=1e-12 * (target @ target)
    )
    assert_optimal(design, target, result.coefficients)
    if design.shape[0] > design.shape[1]:
        assert result.coefficients * norms == pytest.approx(wanted * norms, rel=1e-6, abs=1e-6 * np.max(wanted * norms))


@pytest.mark.parametrize("seed", range(20))
def test_collinear_gaussians_have_the_chi_squared_of_scipy(seed):
    design, target = gaussian_expansion(seed)
    assert np.linalg.cond(design / np.linalg.norm(design, axis=0)) > 1e9
    wanted = nnls(design, target)[0]

    result = result_from(design, target)

    assert bool(result.converged)
    assert chi_squared(design, target, result.coefficients) == pytest.approx(
        chi_squared(design, target, wanted), rel=1e-8
    )
    assert result.coefficients == pytest.approx(wanted, rel=1e-6, abs=1e-6 * np.max(wanted))
    assert_optimal(design, target, result.coefficients, tolerance=1e-12)


def test_collinear_gaussians_without_noise_are_fitted_to_rounding():
    design, _ = gaussian_expansion(3)
    truth = np.zeros(design.shape[1])
    truth[[4, 12, 20, 30]] = (0.5, 0.2, 0.05, 0.02)
    target = design @ truth

    coefficients = solution_from(design, target)

    assert chi_squared(design, target, coefficients) < 1e-12 * (target @ target)


@pytest.mark.parametrize("copies", [2, 31])
def test_identical_columns_share_a_finite_fit_and_are_reported(copies):
    design, target = gaussian_expansion(1)
    doubled = np.concatenate((design, design[:, :copies]), axis=1)

    result = result_from(doubled, target)
    again = result_from(doubled, target)

    assert np.array_equal(result.coefficients, again.coefficients)
    assert chi_squared(doubled, target, result.coefficients) == pytest.approx(nnls(design, target)[1] ** 2, rel=1e-8)
    assert_optimal(doubled, target, result.coefficients)
    together = result.coefficients[:31].copy()
    together[:copies] += result.coefficients[31:]
    assert together == pytest.approx(nnls(design, target)[0], rel=1e-6, abs=1e-6 * np.max(together))
    assert np.any(result.undetermined) == np.any(together[:copies] > 0.0)


def test_columns_without_light_get_zero_and_are_reported():
    design, target = gaussian_expansion(2)
    wanted = solution_from(design, target)
    with_empty = np.insert(design, (0, 15), 0.0, axis=1)

    result = result_from(with_empty, target)

    assert np.flatnonzero(result.empty).tolist() == [0, 16]
    assert result.coefficients[[0, 16]].tolist() == [0.0, 0.0]
    assert np.delete(result.coefficients, (0, 16)) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("positive", [True, False])
def test_nothing_to_fit_gives_zeros(positive):
    design, target = gaussian_expansion(2)

    assert not np.any(solution_from(design, 0.0 * target, positive=positive))
    assert not np.any(solution_from(0.0 * design, target, positive=positive))


def test_one_column_gives_the_projection_or_zero():
    column, target = np.array([[1.0], [2.0], [2.0]]), np.array([3.0, 0.0, 3.0])

    assert solution_from(column, target) == pytest.approx(np.array([1.0]), rel=1e-14)  # (3 + 6) / 9
    assert solution_from(column, -target).tolist() == [0.0]
    assert solution_from(column, -target, positive=False) == pytest.approx(np.array([-1.0]), rel=1e-14)


@pytest.mark.parametrize(("pixels", "columns"), [(1, 3), (5, 20), (20, 20), (40, 100)])
def test_as_many_columns_as_pixels_or_more_fit_exactly(pixels, columns):
    rng = np.random.default_rng(pixels)
    design = rng.uniform(0.0, 1.0, (pixels, columns))
    target = design @ rng.uniform(0.0, 1.0, columns)

    for positive in (True, False):
        coefficients = solution_from(design, target, positive=positive)
        assert np.all(np.isfinite(coefficients))
        assert chi_squared(design, target, coefficients) < 1e-12 * (target @ target)


def test_many_wide_images_of_ten_thousand_pixels_converge():
    rng = np.random.default_rng(5)
    axis = np.linspace(-1.0, 1.0, 120)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    centres = rng.uniform(-0.6, 0.6, (100, 2))
    design = np.stack([np.exp(-((y - a) ** 2 + (x - b) ** 2) / 0.08).ravel() for a, b in centres], axis=1) * 100.0
    target = design @ np.maximum(rng.standard_normal(100), 0.0) + rng.standard_normal(design.shape[0])

    result = result_from(design, target)

    assert bool(result.converged)
    assert_optimal(design, target, result.coefficients)
    assert chi_squared(design, target, result.coefficients) == pytest.approx(nnls(design, target)[1] ** 2, rel=1e-8)


def test_regularization_is_the_same_as_rows_appended_to_the_design():
    design, target = gaussian_expansion(4)
    root = 30.0 * np.diff(np.eye(31), axis=0)
    rows, zeros = np.concatenate((design, root)), np.concatenate((target, np.zeros(30)))

    positive = solution_from(design, target, regularization_matrix=root.T @ root)
    free = solution_from(design, target, regularization_matrix=root.T @ root, positive=False)

    assert chi_squared(rows, zeros, positive) == pytest.approx(nnls(rows, zeros)[1] ** 2, rel=1e-8)
    wanted = np.linalg.lstsq(rows, zeros)[0]
    assert chi_squared(rows, zeros, free) == pytest.approx(chi_squared(rows, zeros, wanted), rel=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_free_coefficients_are_those_of_least_squares(seed):
    rng = np.random.default_rng(seed)
    design, target = rng.standard_normal((200, 12)) + 1.0, rng.standard_normal(200)

    coefficients = solution_from(design, target, positive=False)

    assert coefficients == pytest.approx(np.linalg.lstsq(design, target)[0], rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_free_collinear_gaussians_have_the_chi_squared_of_least_squares(seed):
    design, target = gaussian_expansion(seed, columns=20)
    norms = np.linalg.norm(design, axis=0)
    assert np.linalg.cond(design / norms) > 1e5
    wanted = np.linalg.lstsq(design / norms, target, rcond=1e-14)[0] / norms

    coefficients = solution_from(design, target, positive=False)

    assert chi_squared(design, target, coefficients) == pytest.approx(chi_squared(design, target, wanted), rel=1e-8)


def test_free_duplicates_are_finite_and_reported():
    rng = np.random.default_rng(1)
    design, target = rng.standard_normal((50, 4)), rng.standard_normal(50)

    result = result_from(design[:, [0, 1, 2, 3, 1]], target, positive=False)

    assert np.flatnonzero(result.undetermined).tolist() == [4]
    assert result.coefficients[1] + result.coefficients[4] == pytest.approx(np.linalg.lstsq(design, target)[0][1])


def test_covariance_is_the_inverse_of_the_free_normal_matrix():
    design, target = random_problem(7)
    result = result_from(design, target)
    passive = result.coefficients > 0.0
    assert 0 < np.sum(passive) < passive.size

    covariance = covariance_from(design, passive)

    _, singular, right = np.linalg.svd(design[:, passive] / np.linalg.norm(design[:, passive], axis=0))
    scaled = (right.T / singular**2) @ right
    norms = np.linalg.norm(design, axis=0)
    assert (covariance * np.outer(norms, norms))[np.ix_(passive, passive)] == pytest.approx(scaled, rel=1e-7, abs=1e-10)
    assert not np.any(covariance[~passive])
    assert not np.any(covariance[:, ~passive])


def test_scatter_of_solutions_is_the_covariance():
    rng = np.random.default_rng(3)
    design = rng.uniform(0.0, 1.0, (60, 3))
    exact = design @ np.array([50.0, 40.0, 60.0])

    solutions = np.array([solution_from(design, exact + rng.standard_normal(60)) for _ in range(1500)])

    covariance = covariance_from(design, np.ones(3, dtype=bool))
    assert np.cov(solutions.T) == pytest.approx(covariance, abs=0.1 * np.max(covariance))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    design, target = np.ones((4, 2)), np.ones(4)

    with pytest.raises(exc.InversionException, match="1 of the 8 values of design"):
        solution_from(np.where(np.arange(8).reshape(4, 2) == 3, bad, design), target)
    with pytest.raises(exc.InversionException, match="values of target"):
        solution_from(design, np.array([1.0, bad, 1.0, 1.0]))
    with pytest.raises(exc.InversionException, match="regularization_matrix"):
        solution_from(design, target, regularization_matrix=np.full((2, 2), bad))


@pytest.mark.parametrize(("design", "target"), [((4,), (4,)), ((4, 0), (4,)), ((4, 2), (3,)), ((4, 2), (4, 1))])
def test_shapes_that_do_not_fit_are_refused(design, target):
    with pytest.raises(exc.InversionException, match="design matrix"):
        solution_from(np.ones(design), np.ones(target))


def test_regularization_of_another_size_is_refused():
    with pytest.raises(exc.InversionException, match=r"got shape \(3, 3\)"):
        solution_from(np.ones((4, 2)), np.ones(4), regularization_matrix=np.eye(3))
