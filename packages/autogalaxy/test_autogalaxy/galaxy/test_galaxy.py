import numpy as np
import pytest

import autogalaxy as ag

GRID = ag.Grid2DIrregular([(0.3, 0.4), (-0.6, 0.8)])


def test_profiles_add_up():
    one, two = ag.lp.Gaussian(intensity=1.0, sigma=0.5), ag.lp.Gaussian(intensity=3.0, sigma=1.0)
    galaxy = ag.Galaxy(redshift=0.5, bulge=one, disks=[two, two])
    squared = np.array([0.25, 1.0])

    image = galaxy.image_2d_from(GRID)

    assert image.array == pytest.approx(np.exp(-0.5 * squared / 0.25) + 6.0 * np.exp(-0.5 * squared), rel=1e-10)
    assert type(image) is ag.ArrayIrregular


def test_galaxy_without_mass_deflects_nothing():
    deflections = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic()).deflections_yx_2d_from(GRID)

    assert type(deflections) is ag.VectorYX2DIrregular
    assert np.array_equal(deflections.array, np.zeros((2, 2)))


def test_mass_of_two_spheres_adds_up():
    sphere = ag.mp.IsothermalSph(einstein_radius=0.7)
    galaxy = ag.Galaxy(redshift=0.5, halo=sphere, other=sphere)

    assert galaxy.deflections_yx_2d_from(GRID).array == pytest.approx(
        1.4 * np.array([(0.6, 0.8), (-0.6, 0.8)]), rel=1e-10
    )
    assert galaxy.convergence_2d_from(GRID).array == pytest.approx([1.4, 0.7], rel=1e-10)
    assert galaxy.mass_angular_within_circle_from(2.0) == pytest.approx(2.0 * np.pi * 0.7 * 2.0, rel=1e-6)


def test_rays_of_a_galaxy_end_where_its_lens_equation_says():
    lens = ag.Galaxy(redshift=0.5, mass=ag.mp.IsothermalSph(einstein_radius=0.2), sheet=ag.mp.MassSheet(kappa=0.1))

    traced = lens.traced_grid_2d_from(GRID)

    # beta = theta (1 - kappa - theta_E / |theta|), at distances of 0.5 and 1
    assert type(traced) is ag.Grid2DIrregular
    assert traced.array == pytest.approx(GRID.array * np.array([[1.0 - 0.1 - 0.4], [1.0 - 0.1 - 0.2]]), rel=1e-12)


def test_light_and_mass_in_a_circle_come_from_the_namespace_asked_for(monkeypatch):
    asked = []
    for cls, name in (
        (ag.lp.Gaussian, "luminosity_within_circle_from"),
        (ag.mp.Isothermal, "mass_angular_within_circle_from"),
    ):
        method = getattr(cls, name)
        monkeypatch.setattr(cls, name, lambda p, r, xp=None, method=method: (asked.append(xp), method(p, r, xp=np))[1])
    mass, namespace = ag.mp.Isothermal(einstein_radius=0.7), object()
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Gaussian(intensity=2.0, sigma=0.5), mass=mass)

    light = galaxy.luminosity_within_circle_from(1.0, xp=namespace)

    assert light == pytest.approx(4.0 * np.pi * 0.25 * (1.0 - np.exp(-2.0)), rel=1e-9)
    assert galaxy.mass_angular_within_circle_from(2.0, xp=namespace) == pytest.approx(np.pi * 0.7 * 2.0, rel=1e-6)
    assert asked == [namespace, namespace]


def test_a_negative_redshift_is_not_physical():
    galaxy = ag.Galaxy(redshift=0.5)
    assert galaxy.is_physical()

    galaxy.redshift = -0.1  # as under JAX, where the constructor cannot look at it

    assert not galaxy.is_physical()


def test_galaxies_add_up():
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Gaussian(intensity=1.0, sigma=0.5))

    both = ag.Galaxies([galaxy, galaxy])

    assert both.image_2d_from(GRID).array == pytest.approx(2.0 * galaxy.image_2d_from(GRID).array, rel=1e-12)
    assert len(both) == 2


def test_image_on_a_grid_is_the_mean_over_sub_pixels():
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Gaussian(intensity=1.0, sigma=0.5))
    grid = ag.Grid2D.uniform((3, 3), 0.5, over_sample_size=2)

    image = galaxy.image_2d_from(grid)

    values = np.exp(-0.5 * (grid.over_sampled.array**2).sum(axis=1) / 0.25)
    assert type(image) is ag.Array2D
    assert image.array == pytest.approx(values.reshape(9, 4).mean(axis=1), rel=1e-10)


@pytest.mark.parametrize("redshift", [-0.1, np.nan, np.inf, "0.5", None])
def test_redshift_outside_its_domain_is_an_error(redshift):
    with pytest.raises(ag.exc.GalaxyException, match="redshift="):
        ag.Galaxy(redshift=redshift)


def test_something_that_is_no_profile_is_an_error():
    with pytest.raises(ag.exc.GalaxyException, match="bulge=1.0 is neither"):
        ag.Galaxy(redshift=0.5, bulge=1.0)
    with pytest.raises(ag.exc.GalaxyException, match="neither"):
        ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic)
