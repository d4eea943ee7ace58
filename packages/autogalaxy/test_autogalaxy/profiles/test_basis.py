"""A basis is the sum of its profiles, and points are no light."""

from __future__ import annotations

import json

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import exc

POINTS = np.random.default_rng(3).normal(size=(30, 2))
GAUSSIANS = [ag.lp.Gaussian(centre=(0.1, 0.0), sigma=s, intensity=i) for s, i in ((0.2, 3.0), (0.7, 1.0), (2.0, 0.2))]


def gaussians_at(points: np.ndarray) -> np.ndarray:
    squared = (points[:, 0] - 0.1) ** 2 + points[:, 1] ** 2
    return sum(i * np.exp(-0.5 * squared / s**2) for s, i in ((0.2, 3.0), (0.7, 1.0), (2.0, 0.2)))


def test_image_of_a_basis_is_the_sum_of_its_profiles():
    basis = ag.lp_basis.Basis(profile_list=GAUSSIANS)

    assert basis.image_2d_from(POINTS) == pytest.approx(gaussians_at(POINTS), rel=1e-13)
    assert sum(basis.image_2d_list_from(POINTS)) == pytest.approx(gaussians_at(POINTS), rel=1e-13)
    total = 2.0 * np.pi * (3.0 * 0.2**2 + 0.7**2 + 0.2 * 2.0**2)
    assert basis.luminosity_within_circle_from(1e3) == pytest.approx(total, rel=1e-12)


def test_galaxy_shines_with_its_basis():
    grid = ag.Grid2D.uniform((9, 9), pixel_scales=0.3, over_sample_size=2)
    galaxy = ag.Galaxy(redshift=0.5, expansion=ag.lp_basis.Basis(GAUSSIANS), disk=ag.lp.Exponential())
    expected = gaussians_at(grid.over_sampled.array).reshape(81, 4).mean(axis=1)

    images = galaxy.image_2d_list_from(grid)

    assert len(images) == 2
    assert images[0].array == pytest.approx(expected, rel=1e-12)
    assert galaxy.image_2d_from(grid).array == pytest.approx(expected + images[1].array, rel=1e-13)
    assert galaxy.cls_list_from(ag.lp.Gaussian) == GAUSSIANS
    assert galaxy.has(ag.lp_basis.Basis)


def test_mass_of_a_basis_lenses():
    basis = ag.lp_basis.Basis([ag.mp.IsothermalSph(einstein_radius=1.0), ag.mp.IsothermalSph(einstein_radius=0.3)])
    galaxy = ag.Galaxy(redshift=0.5, mass=basis)

    assert galaxy.deflections_yx_2d_from(np.array([(0.0, 2.0)])) == pytest.approx(np.array([(0.0, 1.3)]), abs=1e-12)
    assert np.all(galaxy.image_2d_from(POINTS) == 0.0)


def test_point_source_in_a_basis_conserves_its_light():
    grid = ag.Grid2D.uniform((9, 9), pixel_scales=0.3, over_sample_size=3)
    basis = ag.lp_basis.Basis([ag.lp.PointSource(intensity=2.0), ag.lp.PointSource(centre=(0.6, 0.0), intensity=1.0)])

    assert basis.image_2d_from(grid).array.sum() == pytest.approx(3.0, rel=1e-13)


def test_basis_of_models_is_written_and_built():
    sigma = ag.UniformPrior(lower_limit=0.1, upper_limit=2.0)
    parts = [
        ag.Model(ag.lp.Gaussian, centre=(0.1, 0.0), ell_comps=(0.0, 0.0), sigma=sigma, intensity=i) for i in (1.0, 2.0)
    ]
    model = ag.Collection(
        galaxy=ag.Model(ag.Galaxy, redshift=0.5, light=ag.Model(ag.lp_basis.Basis, profile_list=parts))
    )
    model = ag.Model.from_dict(json.loads(json.dumps(model.to_dict())))

    instance = model.instance_from_vector([0.5])

    squared = (POINTS[:, 0] - 0.1) ** 2 + POINTS[:, 1] ** 2
    assert model.prior_count == 1
    assert instance.galaxy.image_2d_from(POINTS) == pytest.approx(3.0 * np.exp(-0.5 * squared / 0.25), rel=1e-12)
    assert instance.is_physical()


@pytest.mark.parametrize("wrong", [[], ag.lp.Gaussian, ag.lp.Gaussian(), [ag.Galaxy(redshift=0.5)], "gaussians"])
def test_basis_wants_a_list_of_profiles(wrong):
    with pytest.raises(exc.ProfileException, match="wanted a list of profiles"):
        ag.lp_basis.Basis(profile_list=wrong)


def test_galaxy_takes_points_which_have_no_light():
    galaxy = ag.Galaxy(redshift=1.0, quasar=ag.ps.PointFlux(centre=(0.1, 0.2), flux=3.0), host=ag.lp.Gaussian())

    assert galaxy.quasar.centre == (0.1, 0.2)
    assert galaxy.light_profiles == [galaxy.host]
    assert galaxy.is_physical()
    assert galaxy.extract_attribute(ag.ps.Point, "flux") == [3.0]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: ag.ps.Point(centre=(0.1,)), "wanted a pair of numbers"),
        (lambda: ag.ps.PointFlux(flux=-1.0), "wanted a finite number of at least 0"),
        (lambda: ag.ps.PointFlux(flx=1.0), "Did you mean flux"),
    ],
)
def test_impossible_points_raise(build, message):
    with pytest.raises(exc.ProfileException, match=message):
        build()
