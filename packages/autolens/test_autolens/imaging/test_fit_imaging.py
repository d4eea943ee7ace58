import numpy as np
import pytest
from scipy import signal

import autolens as al

SHAPE, SCALE = (21, 23), 0.2


def kernel():
    y, x = np.meshgrid(np.arange(2, -3, -1) * SCALE, np.arange(-1, 2) * SCALE, indexing="ij")
    values = np.exp(-0.5 * ((y - 0.1) ** 2 + (x + 0.05) ** 2) / 0.2**2)
    return values / values.sum()


def dataset(mask_radius=1.4):
    rng = np.random.default_rng(1)
    data = rng.normal(1.0, 0.5, SHAPE)
    noise = rng.uniform(0.4, 0.6, SHAPE)
    imaging = al.Imaging(
        data=data,
        noise_map=noise,
        psf=al.Convolver(kernel(), pixel_scales=SCALE),
        pixel_scales=SCALE,
        over_sample_size_lp=3,
        over_sample_size_blurring=3,
    )
    return imaging.apply_mask(al.Mask2D.circular(SHAPE, mask_radius, SCALE)), data, noise


def galaxies():
    lens = al.Galaxy(
        redshift=0.5,
        bulge=al.lp.Sersic(intensity=0.7, effective_radius=0.5, sersic_index=2.0, ell_comps=(0.1, 0.05)),
        mass=al.mp.Isothermal(einstein_radius=0.9, ell_comps=(0.05, -0.1)),
    )
    return lens, al.Galaxy(redshift=1.0, bulge=al.lp.Gaussian(centre=(0.05, 0.1), intensity=2.0, sigma=0.2))


def test_model_image_is_the_image_of_the_whole_sky_convolved():
    imaging, _, _ = dataset()
    tracer = al.Tracer(galaxies())
    wide = al.Grid2D.uniform((SHAPE[0] + 8, SHAPE[1] + 8), SCALE, over_sample_size=3)

    fit = al.FitImaging(imaging, tracer)

    sky = tracer.image_2d_from(wide).native.array
    blurred = signal.convolve2d(sky, kernel(), mode="same")[4:-4, 4:-4]
    assert fit.model_data.native.array[~imaging.mask.array] == pytest.approx(blurred[~imaging.mask.array], rel=1e-10)


def test_likelihood_is_that_of_independent_gaussian_noise():
    imaging, data, noise = dataset()

    fit = al.FitImaging(imaging, al.Tracer(galaxies()))

    used = ~imaging.mask.array
    model = fit.model_data.native.array[used]
    chi_squared = (((data[used] - model) / noise[used]) ** 2).sum()
    assert fit.chi_squared == pytest.approx(chi_squared, rel=1e-12)
    assert fit.log_likelihood == pytest.approx(
        -0.5 * (chi_squared + np.log(2.0 * np.pi * noise[used] ** 2).sum()), rel=1e-12
    )
    assert fit.figure_of_merit == fit.log_likelihood


def test_images_of_planes_and_of_galaxies_add_up_to_the_model():
    imaging, _, _ = dataset()
    fit = al.FitImaging(imaging, al.Tracer(galaxies()))

    planes = fit.model_images_of_planes_list
    by_galaxy = list(fit.galaxy_model_image_dict.values())

    assert planes[0].array + planes[1].array == pytest.approx(fit.model_data.array, rel=1e-10)
    assert by_galaxy[1].array == pytest.approx(planes[1].array, rel=1e-10)
    assert fit.subtracted_images_of_planes_list[1].array == pytest.approx(
        imaging.data.array - planes[0].array, rel=1e-10
    )


def test_background_and_shift_of_the_dataset_enter_the_fit():
    imaging, data, _ = dataset()
    lens, source = galaxies()

    moved = al.FitImaging(
        imaging, al.Tracer([lens, source]), al.DatasetModel(background_sky_level=0.3, grid_offset=(0.1, -0.2))
    )

    def at(profile):
        return type(profile)(**{**vars(profile), "centre": (profile.centre[0] + 0.1, profile.centre[1] - 0.2)})

    there = [
        al.Galaxy(redshift=0.5, bulge=at(lens.bulge), mass=at(lens.mass)),
        al.Galaxy(redshift=1.0, bulge=at(source.bulge)),
    ]
    expected = al.FitImaging(imaging, al.Tracer(there))
    assert moved.model_data.array == pytest.approx(expected.model_data.array, rel=1e-9)
    assert moved.residual_map.array == pytest.approx(expected.residual_map.array - 0.3, rel=1e-9)


def test_residual_vector_gives_the_likelihood_and_positions_add_their_penalty():
    imaging, _, _ = dataset()
    lens, source = galaxies()
    positions = al.Grid2DIrregular([(0.9, 0.0), (0.0, 0.5)])
    penalty = al.PositionsLH(positions=positions, threshold=0.1, log_likelihood_penalty_factor=50.0)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    instance = model.instance_from_vector([])

    plain = al.AnalysisImaging(imaging)
    penalized = al.AnalysisImaging(imaging, positions_likelihood_list=[penalty])

    traced = al.Tracer([lens, source]).traced_grid_2d_list_from(positions)[1].array
    expected = 50.0 * (np.linalg.norm(traced[0] - traced[1]) - 0.1)
    assert expected > 1.0
    log_likelihood = al.FitImaging(imaging, al.Tracer([lens, source])).log_likelihood
    for analysis, taken in ((plain, 0.0), (penalized, expected)):
        residuals = analysis.residual_vector_from(instance)
        assert analysis.log_likelihood_function(instance) == pytest.approx(log_likelihood - taken, rel=1e-10)
        assert -0.5 * (residuals**2).sum() + analysis.log_likelihood_offset == pytest.approx(
            log_likelihood - taken, rel=1e-10
        )


def test_positions_within_the_threshold_cost_nothing():
    tracer = al.Tracer(
        [al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.0)), al.Galaxy(redshift=1.0)]
    )
    images = [(0.0, 1.3), (0.0, -0.7)]  # of a source at (0.0, 0.3)

    assert al.PositionsLH(images, threshold=1e-6).log_likelihood_penalty_from(tracer) == 0.0
    with pytest.raises(al.exc.GridException, match="at least two"):
        al.PositionsLH([(1.0, 0.0)], threshold=0.1)


def test_positions_name_a_plane_of_free_redshift_by_the_median_of_its_prior():
    imaging, _, _ = dataset()
    lens, source = galaxies()
    free = al.Model(al.Galaxy, redshift=al.UniformPrior(lower_limit=0.8, upper_limit=1.2), bulge=source.bulge)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=free, far=al.Galaxy(redshift=2.0)))
    images = al.Grid2DIrregular([(0.9, 0.0), (0.0, 0.5)])

    def penalty(redshift):
        positions = al.PositionsLH(images, 0.1, log_likelihood_penalty_factor=50.0, plane_redshift=redshift)
        analysis = al.AnalysisImaging(imaging, positions_likelihood_list=[positions])
        return analysis.log_likelihood_penalty_from(model.instance_from_vector([1.1]))

    there = al.Tracer([lens, al.Galaxy(redshift=1.1), al.Galaxy(redshift=2.0)])
    traced = there.traced_grid_2d_list_from(images)[1].array
    assert penalty(1.0) == pytest.approx(50.0 * (np.linalg.norm(traced[0] - traced[1]) - 0.1), rel=1e-10)
    with pytest.raises(
        al.exc.TracerException, match=r"plane_redshift=1\.1, but the planes are at \[0\.5, 1\.0, 2\.0\]"
    ):
        penalty(1.1)
    with pytest.raises(al.exc.TracerException, match="plane_redshift='1'"):
        al.PositionsLH(images, 0.1, plane_redshift="1")


def linear_galaxies():
    ordinary = galaxies()
    bulge = al.lp_linear.Sersic(effective_radius=0.5, sersic_index=2.0, ell_comps=(0.1, 0.05))
    lens = al.Galaxy(redshift=0.5, bulge=bulge, mass=ordinary[0].mass)
    return lens, al.Galaxy(redshift=1.0, bulge=al.lp_linear.Gaussian(centre=(0.05, 0.1), sigma=0.2))


def test_linear_light_of_lens_and_source_gets_its_intensities_back():
    imaging, _, _ = dataset()
    imaging = imaging.with_data(al.FitImaging(imaging, al.Tracer(galaxies())).model_data)
    lens, source = linear_galaxies()

    fit = al.FitImaging(imaging, al.Tracer([lens, source]))

    assert fit.linear_light_profile_intensity_dict == {
        lens.bulge: pytest.approx(0.7, rel=1e-9),
        source.bulge: pytest.approx(2.0, rel=1e-9),
    }
    assert fit.chi_squared < 1e-15


def test_linear_light_behind_another_lens_is_computed_anew():
    imaging, _, _ = dataset()
    imaging = imaging.with_data(al.FitImaging(imaging, al.Tracer(galaxies())).model_data)
    lens, source = linear_galaxies()
    stronger = al.Galaxy(redshift=0.5, bulge=lens.bulge, mass=al.mp.Isothermal(einstein_radius=1.2))
    assert al.FitImaging(imaging, al.Tracer([stronger, source])).chi_squared > 1.0

    fit = al.FitImaging(imaging, al.Tracer([lens, source]))

    assert fit.linear_light_profile_intensity_dict[source.bulge] == pytest.approx(2.0, rel=1e-9)


def test_images_of_planes_with_linear_light_are_those_of_the_intensities_that_were_found():
    imaging, _, _ = dataset()
    imaging = imaging.with_data(al.FitImaging(imaging, al.Tracer(galaxies())).model_data)
    wanted = al.FitImaging(imaging, al.Tracer(galaxies())).model_images_of_planes_list

    fit = al.FitImaging(imaging, al.Tracer(linear_galaxies()))

    for found, expected in zip(fit.model_images_of_planes_list, wanted, strict=True):
        assert found.array == pytest.approx(expected.array, rel=1e-8)
    tracer = fit.tracer_linear_light_profiles_to_light_profiles
    assert tracer.galaxies[1].bulge.intensity == pytest.approx(2.0, rel=1e-9)
    assert type(tracer.galaxies[1].bulge) is al.lp.Gaussian
    assert fit.subtracted_images_of_planes_list[1].array == pytest.approx(wanted[1].array, abs=1e-8)


def test_light_of_a_galaxy_that_the_tracer_does_not_have_is_an_error():
    tracer = al.Tracer(galaxies())

    with pytest.raises(al.exc.TracerException, match="not among the tracer's galaxies"):
        tracer.lit_by([galaxies()[0]])


def test_lensed_light_has_sub_sizes_of_its_own():
    imaging, _, _ = dataset()
    lens, source = galaxies()
    apart = imaging.apply_over_sampling(over_sample_size_lp=2, over_sample_size_lensed=5)

    fit = al.FitImaging(apart, al.Tracer([lens, source]))

    dark = al.Galaxy(redshift=0.5, mass=lens.mass)
    coarse = al.FitImaging(imaging.apply_over_sampling(over_sample_size_lp=2), al.Tracer([lens]))
    fine = al.FitImaging(imaging.apply_over_sampling(over_sample_size_lp=5), al.Tracer([dark, source]))
    assert fit.model_data.array == pytest.approx(coarse.model_data.array + fine.model_data.array, rel=1e-12)
