"""Linear light: intensities that are solved for are those that a model with free intensities would find."""

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag
from autogalaxy.galaxy.to_inversion import GalaxiesToInversion

PIXEL_SCALE = 0.1
MASK = ag.Mask2D.circular((40, 42), radius=1.7, pixel_scales=PIXEL_SCALE)
PSF = ag.Convolver.from_gaussian((7, 7), PIXEL_SCALE, sigma=0.12, normalize=True)
BULGE = {"centre": (0.02, -0.03), "ell_comps": (0.1, 0.05), "effective_radius": 0.6, "sersic_index": 2.0}
DISK = {"centre": (0.1, 0.2), "ell_comps": (-0.2, 0.1), "effective_radius": 1.1}


def dataset_of(galaxies, noise=0.01, seed=None):
    grid = ag.Grid2D.uniform(MASK.shape_native, PIXEL_SCALE)
    image = ag.Galaxies(galaxies).unmasked_blurred_image_2d_from(grid, PSF).native.array
    if seed is not None:
        image = image + noise * np.random.default_rng(seed).normal(size=image.shape)
    kwargs = {"pixel_scales": PIXEL_SCALE, "psf": PSF}
    data = ag.Array2D.no_mask(image, PIXEL_SCALE)
    noise_map = ag.Array2D.no_mask(np.full(image.shape, noise), PIXEL_SCALE)
    # the ring is sub-sampled too, as every pixel of the simulated image was
    return ag.Imaging(data, noise_map, over_sample_size_blurring=4, **kwargs).apply_mask(MASK)


def ordinary():
    bulge, disk = ag.lp.Sersic(**BULGE, intensity=1.5), ag.lp.Exponential(**DISK, intensity=0.4)
    return ag.Galaxy(redshift=0.5, bulge=bulge, disk=disk)


def linear():
    return ag.Galaxy(redshift=0.5, bulge=ag.lp_linear.Sersic(**BULGE), disk=ag.lp_linear.Exponential(**DISK))


def test_noiseless_light_gives_back_its_intensities():
    galaxy = linear()

    fit = ag.FitImaging(dataset_of([ordinary()]), [galaxy])

    found = fit.linear_light_profile_intensity_dict
    assert found[galaxy.bulge] == pytest.approx(1.5, rel=1e-9)
    assert found[galaxy.disk] == pytest.approx(0.4, rel=1e-9)
    assert fit.chi_squared < 1e-10
    assert fit.warnings == []


def test_chi_squared_of_noisy_data_is_that_of_scipy():
    from scipy.optimize import nnls

    dataset = dataset_of([ordinary()], seed=1)
    fit = ag.FitImaging(dataset, [linear()])

    columns = [
        ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, light=light)]).model_data.array
        for light in (ag.lp.Sersic(**BULGE, intensity=1.0), ag.lp.Exponential(**DISK, intensity=1.0))
    ]
    design = np.stack(columns, axis=1) / dataset.noise_map.array[:, None]
    expected, norm = nnls(design, dataset.data.array / dataset.noise_map.array)
    assert list(fit.linear_light_profile_intensity_dict.values()) == pytest.approx(expected, rel=1e-9)
    assert fit.chi_squared == pytest.approx(norm**2, rel=1e-10)


def test_errors_of_intensities_are_those_of_the_normal_matrix():
    dataset = dataset_of([ordinary()], seed=1)

    inversion = ag.FitImaging(dataset, [linear()]).inversion

    covariance = np.linalg.inv(inversion.curvature_matrix)
    assert inversion.reconstruction_covariance == pytest.approx(covariance, rel=1e-8)
    assert inversion.curvature_matrix @ inversion.reconstruction == pytest.approx(inversion.data_vector, rel=1e-9)


def test_light_with_an_intensity_is_subtracted_first():
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(**BULGE, intensity=1.5), disk=ag.lp_linear.Exponential(**DISK))

    fit = ag.FitImaging(dataset_of([ordinary()]), [galaxy])

    assert fit.linear_light_profile_intensity_dict == {galaxy.disk: pytest.approx(0.4, rel=1e-9)}
    assert fit.chi_squared < 1e-10


def test_intensities_are_not_negative_unless_they_may_be():
    dataset = dataset_of([ordinary()])
    dataset = dataset.with_data(dataset.data * -1.0)
    settings = ag.Settings(use_positive_only_solver=False)

    positive = ag.FitImaging(dataset, [linear()]).inversion.reconstruction
    free = ag.FitImaging(dataset, [linear()], settings=settings).inversion.reconstruction

    assert np.array_equal(positive, [0.0, 0.0])
    assert free == pytest.approx([-1.5, -0.4], rel=1e-9)


def test_model_with_the_found_intensities_has_the_same_image():
    galaxy = linear()
    fit = ag.FitImaging(dataset_of([ordinary()], seed=2), [galaxy])

    solved = fit.galaxies_linear_light_profiles_to_light_profiles[0]

    assert type(solved.bulge) is ag.lp.Sersic
    assert solved.bulge.intensity == fit.linear_light_profile_intensity_dict[galaxy.bulge]
    again = ag.FitImaging(fit.dataset, [solved])
    assert again.inversion is None
    assert again.model_data.array == pytest.approx(fit.model_data.array, rel=1e-12)
    assert fit.galaxy_model_image_dict[galaxy].array == pytest.approx(fit.model_data.array, rel=1e-12)
    assert galaxy.bulge.is_linear


def test_basis_and_list_of_profiles_are_solved_alike():
    sigmas = (0.2, 0.5, 1.0)
    truth = [
        ag.lp.Gaussian(ell_comps=(0.1, 0.0), sigma=s, intensity=i) for s, i in zip(sigmas, (3.0, 1.0, 0.3), strict=True)
    ]
    dataset = dataset_of([ag.Galaxy(redshift=0.5, light=truth)])
    gaussians = [ag.lp_linear.Gaussian(ell_comps=(0.1, 0.0), sigma=s) for s in sigmas]

    basis = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=ag.lp_basis.Basis(gaussians))])
    alone = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=gaussians)])

    assert basis.inversion.reconstruction == pytest.approx([3.0, 1.0, 0.3], rel=1e-7)
    assert alone.inversion.reconstruction == pytest.approx([3.0, 1.0, 0.3], rel=1e-7)
    assert (len(basis.inversion.linear_obj_list), len(alone.inversion.linear_obj_list)) == (1, 3)
    solved = basis.galaxies_linear_light_profiles_to_light_profiles[0].bulge
    assert [g.intensity for g in solved.profile_list] == pytest.approx([3.0, 1.0, 0.3], rel=1e-7)


def test_operated_linear_light_is_not_blurred():
    truth = ag.Galaxy(redshift=0.5, star=ag.lp_operated.Gaussian(sigma=0.3, intensity=2.0))
    dataset = dataset_of([truth, ordinary()])
    star = ag.lp_linear_operated.Gaussian(sigma=0.3)

    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, star=star), linear()])

    assert fit.linear_light_profile_intensity_dict[star] == pytest.approx(2.0, rel=1e-8)
    solved = fit.galaxies_linear_light_profiles_to_light_profiles[0]
    assert type(solved.star) is ag.lp_operated.Gaussian


def test_evidence_of_regularized_light_is_that_of_a_gaussian_process():
    # without bounds the evidence is the probability of the data under the covariance C + A H^-1 A^T, in closed form
    from scipy.stats import multivariate_normal

    mask = ag.Mask2D.circular((40, 42), radius=0.8, pixel_scales=PIXEL_SCALE)
    dataset = dataset_of([ordinary()], seed=3).apply_mask(mask)
    gaussians = [ag.lp_linear.Gaussian(sigma=s) for s in (0.2, 0.4, 0.8)]
    basis = ag.lp_basis.Basis(gaussians, regularization=ag.reg.Zeroth(coefficient=2.0))
    settings = ag.Settings(use_positive_only_solver=False)
    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=basis)], settings=settings)

    images = fit.inversion.operated_mapping_matrix
    covariance = np.diag(dataset.noise_map.array**2) + images @ images.T / 2.0
    expected = multivariate_normal(cov=covariance, allow_singular=False).logpdf(dataset.data.array)
    assert fit.log_evidence == pytest.approx(expected, rel=1e-6)
    assert fit.figure_of_merit == fit.log_evidence
    assert fit.log_likelihood - fit.log_evidence > 1.0


def test_constant_regularization_is_the_sum_of_squared_steps():
    obj = aa.LinearObj(images=np.ones((4, 9)), names="abcd", regularization=ag.reg.Constant(coefficient=0.5))
    values = np.array([3.0, 1.0, 2.0, 2.5])

    term = values @ obj.regularization_matrix @ values

    assert term == pytest.approx(0.5 * (4.0 + 1.0 + 0.25), rel=1e-6)
    assert np.linalg.slogdet(obj.regularization_matrix)[0] == 1.0


def test_images_of_fixed_light_are_evaluated_once(monkeypatch):
    dataset = dataset_of([ordinary()])
    before = GalaxiesToInversion(dataset, [linear()]).linear_obj_list
    calls: list[int] = []
    monkeypatch.setattr(ag.lp_linear.Sersic, "image_at", lambda self, *args, **kwargs: calls.append(1))

    again = GalaxiesToInversion(dataset, [linear()]).linear_obj_list

    assert calls == []
    assert np.array_equal(again[0].images, before[0].images)


BAD = {
    "identical": ([{"sigma": 0.5}, {"sigma": 0.5}], "can be replaced by other components"),
    "dark": (
        [{"sigma": 0.5}, {"sigma": 0.01, "centre": (50.0, 50.0)}],
        "No light of galaxies[0].bulge[1] reaches",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_basis_without_a_unique_answer_warns_and_is_finite(name):
    profiles, message = BAD[name]
    basis = ag.lp_basis.Basis([ag.lp_linear.Gaussian(**values) for values in profiles])
    dataset = dataset_of([ag.Galaxy(redshift=0.5, bulge=ag.lp.Gaussian(sigma=0.5, intensity=2.0))])

    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=basis)])

    assert any(message in warning for warning in fit.warnings)
    assert np.all(np.isfinite(fit.inversion.reconstruction))
    assert fit.chi_squared == pytest.approx(0.0, abs=1e-6)


def test_more_components_than_pixels_is_finite_and_warns():
    mask = ag.Mask2D.circular((40, 42), radius=0.16, pixel_scales=PIXEL_SCALE)
    dataset = dataset_of([ordinary()], seed=1).apply_mask(mask)
    basis = ag.lp_basis.Basis([ag.lp_linear.Gaussian(sigma=s) for s in np.geomspace(0.05, 2.0, 30)])

    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=basis)])

    assert np.isfinite(fit.log_likelihood)
    assert any("30 coefficients for" in warning for warning in fit.warnings)


@pytest.mark.parametrize("value", [np.nan, -1.0, 0.0])
def test_bad_coefficient_is_an_error(value):
    with pytest.raises(ag.exc.InversionException, match="coefficient="):
        ag.reg.Zeroth(coefficient=value)


def test_bad_setting_is_an_error():
    with pytest.raises(ag.exc.InversionException, match="use_positive_only_solver='yes'"):
        ag.Settings(use_positive_only_solver="yes")


def test_profiles_in_nested_lists_and_collections_get_their_intensities():
    wide, narrow = (ag.Model(ag.lp_linear.Gaussian, centre=(0.0, 0.0), sigma=s) for s in (0.8, 0.2))
    nested = ag.Collection(b=wide, a=narrow)
    galaxy = ag.Model(ag.Galaxy, redshift=0.5, light=nested, disk=[ag.lp_linear.Exponential(**DISK)])
    instance = ag.Collection(galaxies=ag.Collection(galaxy=galaxy)).instance_from_prior_medians()
    dataset = dataset_of([ordinary()], seed=1)

    fit = ag.FitImaging(dataset, list(instance.galaxies))

    total = sum(image.array for image in fit.galaxy_model_image_dict.values())
    assert total == pytest.approx(fit.model_data.array, rel=1e-10)
    assert len(fit.linear_light_profile_intensity_dict) == 3
    solved = fit.galaxies_linear_light_profiles_to_light_profiles
    assert not any(profile.is_linear for profile in solved.light_profile_list)
    assert ag.FitImaging(dataset, solved).model_data.array == pytest.approx(fit.model_data.array, rel=1e-10)


def test_one_profile_in_two_galaxies_has_the_intensity_of_each():
    shared = ag.lp_linear.Sersic(**BULGE)
    galaxies = [ag.Galaxy(redshift=0.5, bulge=shared), ag.Galaxy(redshift=0.5, bulge=shared)]

    fit = ag.FitImaging(dataset_of([ordinary()]), galaxies)

    total = sum(image.array for image in fit.galaxy_model_image_dict.values())
    assert total == pytest.approx(fit.model_data.array, rel=1e-10)


def test_mass_of_light_that_is_mass_too_stays_that_of_the_fit():
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lmp_linear.Sersic(**BULGE, mass_to_light_ratio=0.7))
    dark = ag.Galaxy(redshift=0.5, far=ag.lmp_linear.Gaussian(centre=(90.0, 90.0), sigma=0.1, mass_to_light_ratio=2.0))

    fit = ag.FitImaging(dataset_of([ordinary()]), [galaxy, dark])

    points = np.array([[0.3, 0.1], [-0.5, 0.8], [89.9, 90.0]])
    solved = fit.galaxies_linear_light_profiles_to_light_profiles
    assert type(solved[0].bulge) is ag.lmp.Sersic
    assert solved[0].bulge.intensity == fit.linear_light_profile_intensity_dict[galaxy.bulge]
    for before, after in zip((galaxy, dark), solved, strict=True):
        expected = before.convergence_2d_from(points)
        assert after.convergence_2d_from(points) == pytest.approx(expected, rel=1e-12)
    assert solved[1].image_2d_from(points) == pytest.approx(0.0, abs=1e-90)


@pytest.mark.parametrize("regularization", [ag.reg.Zeroth, 1.0, "constant"])
def test_regularization_that_is_none_is_an_error(regularization):
    with pytest.raises(ag.exc.ProfileException, match="regularization="):
        ag.lp_basis.Basis([ag.lp_linear.Gaussian()], regularization=regularization)


def test_regularization_without_linear_light_is_an_error():
    with pytest.raises(ag.exc.ProfileException, match="no linear profile"):
        ag.lp_basis.Basis([ag.lp.Gaussian()], regularization=ag.reg.Zeroth())


def test_a_tracer_is_not_what_galaxies_are():
    with pytest.raises(ag.exc.FitException, match="al.FitImaging"):
        ag.FitImaging(dataset_of([ordinary()]), ordinary())
