import numpy as np
import pytest

import autolens as al
from autolens import exc
from autolens.analysis.named_models import NAMED, brightest_place_from, model_from

MASK = al.Mask2D.circular((41, 41), radius=2.0, pixel_scales=0.1)


def dataset_of(peak: float = 3.0, centre: tuple[float, float] = (0.2, -0.3)) -> al.Imaging:
    y, x = MASK.grid_slim.T
    data = peak * np.exp(-((y - centre[0]) ** 2 + (x - centre[1]) ** 2) / 0.1)
    return al.Imaging(data=al.Array2D(data, MASK), noise_map=al.Array2D(np.ones(len(y)), MASK))


@pytest.mark.parametrize(("name", "free"), [("sie+shear", 28), ("sie", 26), ("power-law+shear", 29), ("power-law", 27)])
def test_free_parameters_of_each_name(name, free):
    # two Sersics of 7 for the lens, one for the source, 5 for an isothermal ellipsoid, a slope, 2 for the shear
    assert model_from(dataset_of(), name).prior_count == free


def test_light_of_thirty_gaussians_has_two_places_and_shapes():
    model = model_from(dataset_of(), "sie+shear", light="mge")
    # two sets with a centre and a shape each, 7 for mass and shear, 6 for a Sersic source without intensity
    assert model.prior_count == 8 + 7 + 6
    basis = model.instance_from_prior_medians().galaxies.lens.light
    assert len(basis.profile_list) == 30
    assert {type(p) for p in basis.profile_list} == {al.lp_linear.Gaussian}
    assert basis.profile_list[0].sigma == pytest.approx(0.02)
    with pytest.raises(exc.ModelException, match="no light 'disk'"):
        model_from(dataset_of(), "sie+shear", light="disk")


def test_number_of_sersics_is_two_unless_given_and_refused_with_gaussians():
    assert [name for name, _ in model_from(dataset_of(), lens_sersics=3).galaxies.lens.items()][1:4] == [
        "light_0",
        "light_1",
        "light_2",
    ]
    assert "light_1" in dict(model_from(dataset_of()).galaxies.lens.items())
    with pytest.raises(exc.ModelException, match="lens_sersics=3 with light='mge'.*--lens-sersics"):
        model_from(dataset_of(), light="mge", lens_sersics=3)


def test_every_name_has_a_count():
    assert set(NAMED) == {"sie+shear", "sie", "power-law+shear", "power-law"}


def test_every_draw_from_the_priors_has_a_finite_likelihood():
    dataset = dataset_of()
    model, analysis = model_from(dataset), al.AnalysisImaging(dataset)
    for unit in np.random.default_rng(1).random((5, model.prior_count)):
        assert np.isfinite(analysis.log_likelihood_function(model.instance_from_unit_vector(unit)))


def test_priors_follow_the_image():
    model = model_from(dataset_of(peak=3.0))
    light, mass = model.galaxies.lens.light_0, model.galaxies.lens.mass
    assert light.intensity.upper_limit == pytest.approx(15.0)
    assert light.centre.centre_0.median == pytest.approx(0.2)
    assert mass.centre.centre_1.median == pytest.approx(-0.3)
    farthest = np.sqrt(np.max(np.sum((MASK.grid_slim - (0.2, -0.3)) ** 2, axis=1)))
    assert mass.einstein_radius.upper_limit == pytest.approx(0.9 * farthest)


def test_unknown_name_raises():
    with pytest.raises(exc.ModelException, match="power-law"):
        model_from(dataset_of(), "sis")


def test_source_in_front_of_the_lens_raises():
    with pytest.raises(exc.ModelException, match="behind"):
        model_from(dataset_of(), redshift_lens=1.0, redshift_source=0.5)


def test_image_without_light_raises():
    with pytest.raises(exc.DatasetException, match="light"):
        model_from(dataset_of(peak=-1.0))


def test_brightest_place_is_no_single_hot_pixel():
    data = dataset_of().data
    hot = data.array.copy()
    hot[0] = 8.0
    assert brightest_place_from(data.with_new_array(hot)) == pytest.approx((0.2, -0.3))


def test_brightest_place_is_looked_for_where_it_is_asked_for():
    y, x = brightest_place_from(dataset_of().data, near=(-1.0, 1.0), within=0.35)
    assert np.hypot(y + 1.0, x - 1.0) <= 0.35 + 1e-9


def test_brightest_place_outside_the_image_raises():
    with pytest.raises(exc.MaskException, match="within"):
        brightest_place_from(dataset_of().data, near=(50.0, 0.0), within=1.0)
