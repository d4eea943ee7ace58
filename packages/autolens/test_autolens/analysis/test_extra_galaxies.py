"""Neighbours of a lens: their light and their mass are in the fit, against the lens equation written out by hand."""

import numpy as np
import pytest

import autolens as al

SHAPE, SCALE, NOISE = (30, 30), 0.1, 0.05
LENS_RADIUS, SOURCE_SIGMA = 0.9, 0.25
NEIGHBOURS = (((1.0, 0.6), 0.2, 2.0, 0.15), ((-0.8, -1.1), 0.35, 1.5, 0.25))
"""Centre (y, x), Einstein radius, intensity and sigma of each; all [arcsec] but the intensity."""


def image_by_hand(neighbours):
    """The image [e- s^-1] of a Gaussian source behind isothermal spheres in one plane, and of their light."""
    axis = SCALE * (np.arange(SHAPE[0]) - 0.5 * (SHAPE[0] - 1))
    y, x = np.meshgrid(-axis, axis, indexing="ij")

    def deflected(centre, radius):
        distance = np.hypot(y - centre[0], x - centre[1])
        return radius * (y - centre[0]) / distance, radius * (x - centre[1]) / distance

    shifts = [deflected((0.01, 0.02), LENS_RADIUS), *(deflected(c, radius) for c, radius, _, _ in neighbours)]
    source_y, source_x = y - sum(s[0] for s in shifts), x - sum(s[1] for s in shifts)
    image = 3.0 * np.exp(-0.5 * (source_y**2 + source_x**2) / SOURCE_SIGMA**2)
    for (cy, cx), _, intensity, sigma in neighbours:
        image = image + intensity * np.exp(-0.5 * ((y - cy) ** 2 + (x - cx) ** 2) / sigma**2)
    return image


def dataset_from(image):
    noise_map = al.Array2D.no_mask(np.full(SHAPE, NOISE), SCALE)
    return al.Imaging(al.Array2D.no_mask(image, SCALE), noise_map, over_sample_size_lp=1)


def model_from(redshift=0.5, as_list=False):
    """Free are the mass and the light of each neighbour, and its redshift where that is a prior."""
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(centre=(0.01, 0.02), einstein_radius=LENS_RADIUS))
    source = al.Galaxy(redshift=1.0, light=al.lp.GaussianSph(sigma=SOURCE_SIGMA, intensity=3.0))
    extras = [
        al.Model(
            al.Galaxy,
            redshift=redshift,
            light=al.Model(al.lp.GaussianSph, centre=centre, sigma=sigma),
            mass=al.Model(al.mp.IsothermalSph, centre=centre),
        )
        for centre, _, _, sigma in NEIGHBOURS
    ]
    extras = extras if as_list else al.Collection(north=extras[0], south=extras[1])
    return al.Collection(galaxies=al.Collection(lens=lens, source=source), extra_galaxies=extras)


TRUTH = [value for _, radius, intensity, _ in NEIGHBOURS for value in (intensity, radius)]


@pytest.mark.parametrize("as_list", [False, True])
def test_light_and_mass_of_neighbours_are_in_the_likelihood(as_list):
    model = model_from(as_list=as_list)
    names = ("0", "1") if as_list else ("north", "south")
    assert model.paths == [
        f"extra_galaxies.{n}.{p}" for n in names for p in ("light.intensity", "mass.einstein_radius")
    ]
    rng = np.random.default_rng(8)
    data = image_by_hand(NEIGHBOURS) + rng.normal(0.0, NOISE, SHAPE)
    analysis = al.AnalysisImaging(dataset_from(data))
    normalization = -0.5 * data.size * np.log(2.0 * np.pi * NOISE**2)

    others = [((1.0, 0.6), 0.25, 1.0, 0.15), ((-0.8, -1.1), 0.1, 3.0, 0.25)]
    for neighbours in (NEIGHBOURS, others):
        vector = [value for _, radius, intensity, _ in neighbours for value in (intensity, radius)]
        wanted = -0.5 * np.sum(((data - image_by_hand(neighbours)) / NOISE) ** 2) + normalization
        assert al.Fitness(model, analysis)(vector) == pytest.approx(wanted, rel=1e-11)


def test_a_free_redshift_of_a_neighbour_is_its_plane():
    dataset = dataset_from(image_by_hand(NEIGHBOURS))
    model = model_from(redshift=al.UniformPrior(0.4, 0.9))
    assert model.prior_count == 5  # one redshift for both
    fitness = al.Fitness(model, al.AnalysisImaging(dataset))
    best = fitness([0.5, *TRUTH])

    at_truth = dict(zip(model.paths, [0.5, *TRUTH], strict=True))
    assert at_truth["extra_galaxies.north.redshift"] == 0.5
    assert best == pytest.approx(-0.5 * dataset.data.array.size * np.log(2.0 * np.pi * NOISE**2), rel=1e-9)
    assert fitness([0.7, *TRUTH]) < best - 10.0
    assert fitness([0.45, *TRUTH]) == -1e99  # before the lens, where the model has it behind


def test_a_relation_between_neighbours_leaves_one_parameter():
    model = model_from()
    north, south = model.extra_galaxies
    exponent_half = (south.light.intensity / north.light.intensity) ** 0.5
    south.mass.einstein_radius = north.mass.einstein_radius * exponent_half

    assert model.prior_count == 3
    instance = model.instance_from_vector([2.0, 0.2, 0.5])
    assert instance.extra_galaxies.south.mass.einstein_radius == pytest.approx(0.1, rel=1e-15)
