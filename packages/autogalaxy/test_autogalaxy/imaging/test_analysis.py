"""What an analysis of galaxies makes of an instance, and what least squares minimizes where light is regularized."""

import numpy as np
import pytest

import autogalaxy as ag

SHAPE, SCALE, NOISE = (19, 21), 0.1, 0.05


def dataset_from(galaxies=(), seed=3):
    rng = np.random.default_rng(seed)
    noise_map = ag.Array2D.no_mask(np.full(SHAPE, NOISE), SCALE)
    dataset = ag.Imaging(noise_map * 0.0, noise_map)
    data = NOISE * rng.normal(size=SHAPE)
    if galaxies:
        data = data + ag.FitImaging(dataset, galaxies).model_data.native.array
    return ag.Imaging(ag.Array2D.no_mask(data, SCALE), noise_map)


def gaussian_from(centre, intensity=1.0, sigma=0.2):
    return ag.Galaxy(redshift=0.5, light=ag.lp.GaussianSph(centre=centre, sigma=sigma, intensity=intensity))


def basis_model_from(coefficient, sigmas=(0.2, 0.3, 0.5)):
    centre = (ag.UniformPrior(-0.3, 0.3), 0.0)
    gaussians = [ag.Model(ag.lp_linear.GaussianSph, centre=centre, sigma=sigma) for sigma in sigmas]
    regularization = ag.Model(ag.reg.Zeroth, coefficient=coefficient)
    basis = ag.Model(ag.lp_basis.Basis, profile_list=gaussians, regularization=regularization)
    return ag.Collection(galaxies=ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, light=basis)))


def test_extra_galaxies_shine():
    extra = gaussian_from((0.3, -0.4), intensity=3.0)
    model = ag.Collection(
        galaxies=ag.Collection(galaxy=gaussian_from((0.0, 0.0))), extra_galaxies=ag.Collection(extra=extra)
    )
    analysis = ag.AnalysisImaging(dataset_from())

    fit = analysis.fit_from(model.instance_from_vector([]))

    grid = ag.Grid2D.uniform(SHAPE, SCALE)
    wanted = sum(g.image_2d_from(grid).array for g in (gaussian_from((0.0, 0.0)), extra))
    assert fit.model_data.array == pytest.approx(wanted, rel=1e-12)
    assert len(analysis.light_from(model.instance_from_vector([]))) == 2


def test_a_model_without_galaxies_is_refused_with_what_is_wanted():
    model = ag.Collection(stars=ag.Collection(galaxy=gaussian_from((0.0, 0.0))))

    with pytest.raises(ag.exc.ModelException, match=r"wanted Collection\(galaxies="):
        ag.AnalysisImaging(dataset_from()).fit_from(model.instance_from_vector([]))


@pytest.mark.parametrize("settings", [{"use_positive_only_solver": False}, True, ag.Settings])
def test_settings_of_another_kind_are_refused(settings):
    dataset = dataset_from()

    with pytest.raises(ag.exc.InversionException, match=r"wanted Settings\("):
        ag.AnalysisImaging(dataset, settings=settings)
    with pytest.raises(ag.exc.InversionException, match=r"wanted Settings\("):
        galaxy = ag.Galaxy(redshift=0.5, light=ag.lp_linear.Gaussian(sigma=0.3))
        ag.FitImaging(dataset, [galaxy], settings=settings)


def test_least_squares_minimizes_what_the_coefficients_do():
    """The sum of squares is chi-squared plus the coefficient times the squared intensities."""
    dataset = dataset_from([gaussian_from((0.1, 0.0), intensity=2.0, sigma=0.3)])
    instance = basis_model_from(40.0).instance_from_vector([0.05])
    analysis = ag.AnalysisImaging(dataset)

    residuals = analysis.residual_vector_from(instance)
    fit = analysis.fit_from(instance)

    squares = np.sum(((dataset.data.array - fit.model_data.array) / NOISE) ** 2)
    intensities = np.array(list(fit.linear_light_profile_intensity_dict.values()))
    assert residuals @ residuals == pytest.approx(squares + 40.0 * intensities @ intensities, rel=1e-10)
    assert 40.0 * intensities @ intensities > 10.0
    assert analysis.residuals_of_data(residuals) @ analysis.residuals_of_data(residuals) == pytest.approx(squares)


def test_search_with_regularized_light_ends_at_the_minimum_of_both_terms():
    """The minimum over one centre, by a scan of normal equations; what is reported is the likelihood of the fit."""
    coefficient, sigmas = 3000.0, (0.2, 0.5)
    dataset = dataset_from([gaussian_from((0.13, 0.0), intensity=1.0), gaussian_from((-0.3, 0.0), 0.6, 0.12)])
    analysis = ag.AnalysisImaging(dataset, settings=ag.Settings(use_positive_only_solver=False))
    target = dataset.data.array / NOISE

    def costs(y):
        images = [ag.FitImaging(dataset, [gaussian_from((y, 0.0), sigma=s)]).model_data.array / NOISE for s in sigmas]
        design = np.stack(images, axis=1)
        found = np.linalg.solve(design.T @ design + coefficient * np.eye(2), design.T @ target)
        chi_squared = np.sum((target - design @ found) ** 2)
        return chi_squared, chi_squared + coefficient * found @ found

    scan = np.linspace(-0.29, 0.29, 581)
    chi_squared, penalized = np.array([costs(y) for y in scan]).T
    search = ag.LevenbergMarquardt(n_starts=3, n_screen=8, show_progress=False, check_over_sampling=False)

    result = search.fit(basis_model_from(coefficient, sigmas), analysis)

    found = result.samples.max_log_likelihood_vector[0]
    assert found == pytest.approx(scan[np.argmin(penalized)], abs=6e-4)
    assert abs(found - scan[np.argmin(chi_squared)]) > 0.0015
    assert result.log_likelihood == pytest.approx(float(result.max_log_likelihood_fit.log_likelihood), rel=1e-12)
    assert result.search_info["chi_squared"] == pytest.approx(costs(found)[0], rel=1e-8)


def test_a_free_coefficient_is_refused_by_least_squares():
    search = ag.LevenbergMarquardt(n_starts=1, n_screen=2, show_progress=False)

    with pytest.raises(ag.exc.SearchException, match=r"galaxies.galaxy.light.regularization.*coefficient = 1\.0"):
        search.fit(basis_model_from(ag.LogUniformPrior(1e-3, 1e3)), ag.AnalysisImaging(dataset_from()))
