import numpy as np
import pytest

import autolens as al

UNIFORM = {"over_sample_size_blurring": 4, "over_sample_rule": "uniform"}


def tracer_from():
    """A lens whose light is steep, and a small source."""
    lens = al.Galaxy(
        redshift=0.5,
        bulge=al.lp.SersicSph(intensity=2.0, effective_radius=0.4, sersic_index=3.0),
        mass=al.mp.IsothermalSph(einstein_radius=1.2),
    )
    source = al.Galaxy(
        redshift=1.0, bulge=al.lp.SersicSph(centre=(0.2, -0.1), intensity=3.0, effective_radius=0.08, sersic_index=1.5)
    )
    return al.Tracer([lens, source])


def dataset_from(tracer, noise=0.05):
    """The tracer's image with 32 x 32 sub-pixels in uniform order, and noise."""
    shape, scale = (60, 60), 0.1
    offsets = (np.arange(7) - 3.0) * scale
    kernel = al.Array2D.no_mask(np.exp(-0.5 * (offsets[:, None] ** 2 + offsets**2) / 0.12**2), scale)
    noise_map = al.Array2D.no_mask(np.full(shape, noise), scale)
    dataset = al.Imaging(noise_map * 0.0, noise_map, al.Convolver(kernel, normalize=True))
    dataset = dataset.apply_mask(al.Mask2D.circular(shape, 2.2, scale))
    image = al.FitImaging(dataset.apply_over_sampling(32, **UNIFORM), tracer).model_data
    return dataset.with_data(image + noise * np.random.default_rng(2).standard_normal(image.shape))


def test_light_before_and_behind_the_lens_has_sub_pixels_where_it_is_sharp():
    tracer = tracer_from()
    dataset = dataset_from(tracer)

    adapted, report = al.adaptive_over_sampling_from(dataset, tracer)
    foreground, lensed = (s.array for s in (adapted.over_sample_size_lp, adapted.over_sample_size_lensed))

    grid = adapted.grids.lp.array
    radius = np.hypot(*grid.T)
    # an isothermal sphere takes x to x (1 - 1.2 / |x|)
    source = grid * (1.0 - 1.2 / radius)[:, None] - (0.2, -0.1)
    assert foreground[radius < 0.08].min() >= 8 and foreground[radius > 1.0].max() <= 2
    assert lensed[np.hypot(*source.T) < 0.02].min() >= 4
    assert lensed[radius > 2.0].max() <= 2
    assert set(report.largest_errors) == {"foreground", "lensed"}
    assert report.sub_pixels < 0.5 * report.sub_pixels_before


def test_likelihood_of_the_adapted_dataset_is_that_of_16_sub_pixels_each_way():
    tracer = tracer_from()
    dataset = dataset_from(tracer)
    wanted = al.FitImaging(dataset.apply_over_sampling(32, **UNIFORM), tracer)

    adapted, report = al.adaptive_over_sampling_from(dataset, tracer)
    fit = al.FitImaging(adapted, tracer)

    assert float(fit.log_likelihood) == pytest.approx(float(wanted.log_likelihood), abs=0.6)
    change = (fit.model_data.array - wanted.model_data.array) / dataset.noise_map.array
    assert np.abs(change).max() <= 0.1
    assert report.delta_log_likelihood == pytest.approx(float(fit.log_likelihood - wanted.log_likelihood), abs=0.3)
    one = al.FitImaging(dataset.apply_over_sampling(2, **UNIFORM), tracer)
    assert abs(float(one.log_likelihood - wanted.log_likelihood)) > 5.0


def test_a_source_that_is_bright_around_the_mask_has_a_finer_ring():
    tracer = tracer_from()
    source = al.Galaxy(redshift=0.5, clump=al.lp.GaussianSph(centre=(2.35, 0.0), sigma=0.05, intensity=100.0))
    dataset = dataset_from(tracer)

    quiet, _ = al.adaptive_over_sampling_from(dataset, tracer)
    bright, report = al.adaptive_over_sampling_from(dataset, al.Tracer([*tracer.galaxies, source]))

    assert quiet.over_sample_size_blurring < bright.over_sample_size_blurring == report.over_sample_size_blurring == 4


def test_linear_light_is_resolved_as_bright_as_it_is():
    tracer = tracer_from()
    dataset = dataset_from(tracer, noise=0.04)
    lens, source = tracer.galaxies
    bulge = al.lp_linear.SersicSph(effective_radius=0.4, sersic_index=3.0)
    clump = al.lp_linear.SersicSph(centre=(0.2, -0.1), effective_radius=0.08, sersic_index=1.5)
    linear = al.Tracer([al.Galaxy(redshift=0.5, bulge=bulge, mass=lens.mass), al.Galaxy(redshift=1.0, bulge=clump)])

    adapted, report = al.adaptive_over_sampling_from(dataset, linear)

    fits = [al.FitImaging(d, tracer) for d in (adapted, dataset.apply_over_sampling(32, over_sample_size_blurring=4))]
    change = (fits[0].model_data.array - fits[1].model_data.array) / 0.04
    assert np.abs(change).max() <= 0.1 and np.sum(change**2) <= 1.0 / 8.0
    assert abs(float(fits[0].log_likelihood - fits[1].log_likelihood)) <= 1.0
    assert adapted.over_sample_size_lp.array.max() >= 8
    assert report.sub_pixels < 0.6 * report.sub_pixels_before


def test_the_refined_analysis_keeps_what_else_it_was_given():
    tracer = tracer_from()
    dataset = dataset_from(tracer)
    positions = al.PositionsLH(positions=[(1.4, -0.5), (-0.9, 0.6)], threshold=0.5)
    analysis = al.AnalysisImaging(dataset, positions_likelihood_list=[positions])

    class Instance:
        galaxies = tracer.galaxies

    refined = analysis.refined_for(Instance())

    assert refined is not analysis and analysis.dataset is dataset
    assert refined.positions_likelihood_list == [positions]
    assert refined.dataset.over_sample_size_lensed is not None
    assert refined.over_sampling_check_from(Instance())["holds"]
    assert refined.log_likelihood_offset == analysis.log_likelihood_offset


def cusp_behind_a_centred_lens():
    """A ring: every pixel near the critical curve sees the cusp of an n = 4 source."""
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.0))
    cusp = al.lp.SersicSph(intensity=1.0, effective_radius=0.2, sersic_index=4.0)
    return al.Tracer([lens, al.Galaxy(redshift=1.0, bulge=cusp)])


def test_a_cusp_behind_a_centred_lens_has_the_likelihood_of_128_sub_pixels_or_says_that_it_has_not():
    tracer = cusp_behind_a_centred_lens()
    noise_map = al.Array2D.no_mask(np.full((30, 30), 6.0), 0.1)
    dataset = al.Imaging(noise_map * 0.0, noise_map).apply_mask(al.Mask2D.circular((30, 30), 1.3, 0.1))
    finest = al.FitImaging(dataset.apply_over_sampling(128, **UNIFORM), tracer)
    dataset = dataset.with_data(finest.model_data)

    fine, report = al.adaptive_over_sampling_from(dataset, tracer)
    coarse, missed = al.adaptive_over_sampling_from(dataset, tracer, sub_sizes=(1, 2, 4))

    wanted = al.FitImaging(dataset.apply_over_sampling(128, **UNIFORM), tracer).log_likelihood
    errors = [abs(float(al.FitImaging(d, tracer).log_likelihood - wanted)) for d in (fine, coarse)]
    assert report.holds and report.to_dict()["holds"] is True
    assert errors[0] <= 1.0 and max(report.sub_sizes["lensed"]) == 64
    assert errors[1] > 100.0
    assert not missed.holds and missed.to_dict()["holds"] is False
    assert missed.delta_log_likelihood < -100.0
