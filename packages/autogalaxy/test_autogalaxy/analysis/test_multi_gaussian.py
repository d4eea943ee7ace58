import numpy as np
import pytest

import autogalaxy as ag


def gaussians_of(model, unit=0.5):
    instance = model.instance_from_unit_vector([unit] * model.prior_count)
    return instance.profile_list


def test_gaussians_share_four_parameters_and_are_spaced_in_their_logarithm():
    model = ag.mge_model_from(mask_radius=3.0, total_gaussians=30)

    gaussians = gaussians_of(model, 0.7)

    assert model.prior_count == 4
    assert len(gaussians) == 30
    assert all(type(g) is ag.lp_linear.Gaussian for g in gaussians)
    assert [g.sigma for g in gaussians] == pytest.approx(np.logspace(-2.0, np.log10(3.0), 30), rel=1e-12)
    assert len({(g.centre, g.ell_comps) for g in gaussians}) == 1
    assert gaussians[0].centre == pytest.approx((0.04, 0.04))


@pytest.mark.parametrize(
    ("settings", "free"),
    [
        ({"use_spherical": True}, 2),
        ({"centre_fixed": (0.1, 0.2)}, 2),
        ({"gaussian_per_basis": 2}, 6),
        ({"gaussian_per_basis": 2, "centre_per_basis": True}, 8),
        ({"gaussian_per_basis": 3, "use_spherical": True, "centre_fixed": (0.0, 0.0)}, 0),
    ],
)
def test_number_of_free_parameters(settings, free):
    model = ag.mge_model_from(mask_radius=2.0, total_gaussians=5, **settings)

    assert model.prior_count == free
    assert len(gaussians_of(model)) == 5 * settings.get("gaussian_per_basis", 1)


def test_priors_are_those_asked_for():
    model = ag.mge_model_from(
        2.0, 3, centre=(0.5, -0.5), centre_prior_is_uniform=False, centre_sigma=0.2, ell_comps_prior_is_uniform=True
    )

    centre, ell_comps = model.profile_list[0].centre, model.profile_list[0].ell_comps
    assert [(p.mean, p.sigma) for p in centre] == [(0.5, 0.2), (-0.5, 0.2)]
    assert [(p.lower_limit, p.upper_limit) for p in ell_comps] == [(-0.2, 0.2)] * 2


def test_ordered_sets_cannot_change_places():
    model = ag.mge_model_from(mask_radius=2.0, total_gaussians=2, gaussian_per_basis=2, order_bases=True)

    first, second = (model.profile_list[i].ell_comps[0] for i in (0, 2))
    assert len(model.assertions) == 1
    vector = np.array([0.0 for _ in model.priors])
    vector[model.priors.index(first)], vector[model.priors.index(second)] = -0.1, 0.1
    assert bool(model.assertions_hold(vector))
    assert not bool(model.assertions_hold(-vector))


def test_point_model_is_round_and_small():
    model = ag.mge_point_model_from(pixel_scales=0.05, centre=(1.0, 2.0))

    gaussians = gaussians_of(model)

    assert model.prior_count == 2
    assert (gaussians[0].sigma, gaussians[-1].sigma) == pytest.approx((0.01, 0.1))
    assert gaussians[0].centre == pytest.approx((1.0, 2.0))
    assert type(gaussians[0]) is ag.lp_linear.GaussianSph


def test_light_of_a_galaxy_is_rebuilt_to_a_percent():
    # thirty Gaussians with the right shape are known to follow a Sersic profile to a percent (Cappellari 2002)
    mask = ag.Mask2D.circular((60, 60), radius=2.5, pixel_scales=0.1)
    grid = ag.Grid2D.uniform(mask.shape_native, 0.1)
    truth = ag.lp.Sersic(ell_comps=(0.1, 0.05), intensity=2.0, effective_radius=0.5, sersic_index=2.5)
    image = truth.image_2d_from(grid).native.array
    noise = ag.Array2D.no_mask(np.full(image.shape, 0.01), 0.1)
    dataset = ag.Imaging(ag.Array2D.no_mask(image, 0.1), noise).apply_mask(mask)
    model = ag.mge_model_from(mask_radius=2.5, centre_fixed=(0.0, 0.0))

    basis = model.instance_from_vector([0.1, 0.05])
    fit = ag.FitImaging(dataset, [ag.Galaxy(redshift=0.5, bulge=basis)])

    assert np.max(np.abs(fit.residual_map.array / dataset.data.array)) < 0.01
    assert fit.inversion.reconstruction.min() >= 0.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mask_radius": -1.0}, "mask_radius=-1.0"),
        ({"mask_radius": np.nan}, "mask_radius=nan"),
        ({"total_gaussians": 0}, "total_gaussians=0"),
        ({"sigma_min": 3.0}, "sigma_min < mask_radius"),
        ({"gaussian_per_basis": 0}, "gaussian_per_basis=0"),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises(ag.exc.ModelException, match=message):
        ag.mge_model_from(**{"mask_radius": 2.0, **settings})
