"""Models with ordinary light in the place of linear light."""

import numpy as np
import pytest

import autolens as al
from autolens.analysis.stand_ins import (
    has_linear_light,
    has_linear_light_with_mass,
    ordinary_model_from,
    stand_in_from,
    vector_of,
)


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


def test_assertions_on_shared_priors_are_carried_over_so_that_starts_obey_them(dataset):
    model = linear_model(gaussian_per_basis=2, order_bases=True)
    lens, source = model.galaxies.lens, model.galaxies.source
    lens.add_assertion(lens.mass.einstein_radius > 0.5)
    model.add_assertion(source.light.effective_radius < lens.mass.einstein_radius)
    free = al.Model(al.lp_linear.Gaussian)
    lens.bulge.profile_list[0].sigma = free.sigma
    lens.bulge.add_assertion(free.sigma < 0.3)  # on a prior of the basis alone, which no stand-in has

    ordinary = ordinary_model_from(model, dataset)

    kept = [assertion for assertion in model.assertions if free.sigma not in (assertion.lower, assertion.upper)]
    assert len(kept) == 3
    assert {id(a) for a in ordinary.assertions} == {id(a) for a in kept}
    assert len(ordinary.assertions) == 3
    vectors = ordinary.vector_from_unit_vector(np.random.default_rng(1).random((200, ordinary.prior_count)))
    held = [bool(ordinary.assertions_hold(vector)) for vector in vectors]
    assert any(held) and not all(held)
    index = model.paths.index("galaxies.lens.bulge.profile_list.0.sigma")
    for vector, holds in zip(vectors, held, strict=True):
        start = vector_of(model, ordinary, vector)
        start[index] = 0.1
        assert bool(model.assertions_hold(start)) == holds


def test_nothing_stands_in_for_light_whose_mass_or_conditions_cannot_be_kept(dataset):
    model = linear_model()
    assert stand_in_from(model, dataset).prior_count == ordinary_model_from(model, dataset).prior_count
    model.galaxies.lens.bulge.profile_list[0].sigma = al.UniformPrior(0.0, 1.0)
    mass = model.galaxies.lens.mass
    mass.add_assertion(model.galaxies.lens.bulge.profile_list[0].sigma < mass.einstein_radius)
    assert stand_in_from(model, dataset) is None  # the mass keeps an assertion on a prior that is gone

    model = linear_model()
    model.galaxies.lens.stars = al.Model(al.lmp_linear.Sersic)
    assert stand_in_from(model, dataset) is None


def test_assertion_of_a_component_itself_is_there_once(dataset):
    model = linear_model()
    mass = model.galaxies.lens.mass
    mass.add_assertion(mass.einstein_radius > 0.5)

    assert len(ordinary_model_from(model, dataset).assertions) == 1


def test_linear_light_with_mass_is_told_apart():
    model = linear_model()
    assert not has_linear_light_with_mass(model)
    model.galaxies.lens.stars = al.Model(al.lmp.Sersic)
    assert not has_linear_light_with_mass(model)
    model.galaxies.lens.stars = al.Model(al.lmp_linear.Sersic)
    assert has_linear_light_with_mass(model)
    model.galaxies.lens.stars = al.Model(al.lp_basis.Basis, profile_list=[al.Model(al.lmp_linear.Gaussian)])
    assert has_linear_light_with_mass(model)
