"""Models with ordinary light in the place of linear light."""

import numpy as np
import pytest

import autolens as al
from autolens.analysis.stand_ins import has_linear_light, ordinary_model_from, vector_of


@pytest.fixture
def dataset():
    image = np.zeros((20, 20))
    image[10, 10] = 3.0
    noise = al.Array2D.no_mask(np.ones((20, 20)), pixel_scales=0.1)
    return al.Imaging(al.Array2D.no_mask(image, pixel_scales=0.1), noise)


def linear_model(**settings):
    bulge = al.mge_model_from(mask_radius=1.0, total_gaussians=4, **settings)
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=bulge, mass=al.mp.IsothermalSph)
    source = al.Model(al.Galaxy, redshift=1.0, light=al.Model(al.lp_linear.Exponential))
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def test_linear_light_is_found():
    assert has_linear_light(linear_model())
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=al.lp.Sersic, mass=al.mp.Isothermal)
    assert not has_linear_light(al.Collection(galaxies=al.Collection(lens=lens)))


def test_each_set_of_gaussians_becomes_a_sersic_with_its_place_and_shape(dataset):
    model = linear_model(gaussian_per_basis=2, centre_per_basis=True)

    ordinary = ordinary_model_from(model, dataset)

    first, second = ordinary.galaxies.lens.bulge
    gaussians = model.galaxies.lens.bulge.profile_list
    assert (first.cls, second.cls) == (al.lp.Sersic, al.lp.Sersic)
    for sersic, gaussian in ((first, gaussians[0]), (second, gaussians[4])):
        assert all(a is b for a, b in zip(sersic.ell_comps, gaussian.ell_comps, strict=True))
        assert all(a is b for a, b in zip(sersic.centre, gaussian.centre, strict=True))
    assert first.intensity.upper_limit == pytest.approx(15.0)
    assert first.effective_radius.upper_limit == pytest.approx(0.95)
    assert not has_linear_light(ordinary)


def test_a_linear_profile_becomes_the_ordinary_one_with_the_same_priors(dataset):
    model = linear_model()

    source = ordinary_model_from(model, dataset).galaxies.source.light

    assert source.cls is al.lp.Exponential
    assert source.effective_radius is model.galaxies.source.light.effective_radius
    assert ordinary_model_from(model, dataset).galaxies.lens.mass is model.galaxies.lens.mass


def test_shared_values_are_carried_over_and_others_are_medians(dataset):
    model = linear_model(centre_fixed=(0.1, 0.2))
    ordinary = ordinary_model_from(model, dataset)
    vector = np.linspace(0.1, 0.9, ordinary.prior_count)

    found = vector_of(model, ordinary, vector)

    by_prior = {id(p): v for p, v in zip(ordinary.priors, vector, strict=True)}
    assert found == pytest.approx([by_prior[id(p)] for p in model.priors])
    assert tuple(ordinary.galaxies.lens.bulge.centre) == (0.1, 0.2)
    other = al.Model(al.Galaxy, redshift=0.5, mass=al.mp.IsothermalSph)
    medians = other.physical_values_from_prior_medians
    assert vector_of(other, ordinary, vector) == pytest.approx(medians)
