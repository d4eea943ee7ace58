import numpy as np
import pytest
from astropy import units
from astropy.constants import c
from astropy.cosmology import Planck15

import autolens as al

POINTS = np.array([(0.7, 0.4), (-1.1, 0.3), (0.2, -1.6)])


def sis(radius, centre=(0.0, 0.0)):
    return al.mp.IsothermalSph(centre=centre, einstein_radius=radius)


def sis_deflection(points, radius, centre=(0.0, 0.0)):
    offset = points - np.array(centre)
    return radius * offset / np.linalg.norm(offset, axis=1)[:, None]


def between(z0, z1):
    """Angular diameter distance, flat: from comoving distances, whose interface no version of astropy changed."""
    return (Planck15.comoving_distance(z1) - Planck15.comoving_distance(z0)) / (1.0 + z1)


def beta(z0, z1, z2):
    return float(between(z0, z1) * between(0.0, z2) / (between(0.0, z1) * between(z0, z2)))


def test_two_planes_subtract_the_deflection_of_the_lens():
    tracer = al.Tracer([al.Galaxy(redshift=1.0), al.Galaxy(redshift=0.5, mass=sis(1.2))])

    image_plane, source_plane = tracer.traced_grid_2d_list_from(al.Grid2DIrregular(POINTS))

    assert image_plane.array == pytest.approx(POINTS, rel=1e-14)
    assert source_plane.array == pytest.approx(POINTS - sis_deflection(POINTS, 1.2), rel=1e-10)
    assert tracer.plane_redshifts == [0.5, 1.0]


def test_three_planes_follow_the_recursion_with_distances_of_astropy():
    tracer = al.Tracer(
        [
            al.Galaxy(redshift=0.5, mass=sis(1.0)),
            al.Galaxy(redshift=1.0, mass=sis(0.3, centre=(0.1, -0.2))),
            al.Galaxy(redshift=2.0),
        ]
    )
    first = sis_deflection(POINTS, 1.0)
    middle = POINTS - beta(0.5, 1.0, 2.0) * first
    last = POINTS - first - sis_deflection(middle, 0.3, (0.1, -0.2))

    traced = tracer.traced_grid_2d_list_from(al.Grid2DIrregular(POINTS))

    assert traced[1].array == pytest.approx(middle, rel=1e-6)
    assert traced[2].array == pytest.approx(last, rel=1e-6)
    assert tracer.deflections_yx_2d_from(al.Grid2DIrregular(POINTS)).array == pytest.approx(POINTS - last, rel=1e-6)
    between = tracer.deflections_between_planes_from(al.Grid2DIrregular(POINTS), plane_i=1, plane_j=2)
    assert between.array == pytest.approx(middle - last, rel=1e-5)


def test_plane_without_galaxies_is_traced_by_redshift():
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(1.0)), al.Galaxy(redshift=2.0)])

    grid = tracer.grid_2d_at_redshift_from(al.Grid2DIrregular(POINTS), redshift=1.0)

    assert grid.array == pytest.approx(POINTS - beta(0.5, 1.0, 2.0) * sis_deflection(POINTS, 1.0), rel=1e-6)


def test_sub_pixels_of_a_traced_grid_are_traced_and_not_offset():
    grid = al.Grid2D.uniform((4, 4), 0.5, over_sample_size=3)
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(1.2)), al.Galaxy(redshift=1.0)])

    source_plane = tracer.traced_grid_2d_list_from(grid)[1]

    sub_pixels = grid.over_sampled.array
    assert source_plane.over_sampled.array == pytest.approx(sub_pixels - sis_deflection(sub_pixels, 1.2), rel=1e-9)
    assert source_plane.over_sample_size == 3


def test_lensed_image_conserves_surface_brightness():
    light = al.lp.Gaussian(centre=(0.05, 0.1), intensity=2.0, sigma=0.4)
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(1.2)), al.Galaxy(redshift=1.0, bulge=light)])

    image = tracer.image_2d_from(al.Grid2DIrregular(POINTS))

    unlensed = light.image_2d_from(al.Grid2DIrregular(POINTS - sis_deflection(POINTS, 1.2)))
    assert image.array == pytest.approx(unlensed.array, rel=1e-10)


def test_image_on_a_grid_is_the_mean_over_sub_pixels():
    light = al.lp.Gaussian(intensity=2.0, sigma=0.3)
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(1.2)), al.Galaxy(redshift=1.0, bulge=light)])
    grid = al.Grid2D.uniform((6, 6), 0.5, over_sample_size=4)

    image = tracer.image_2d_from(grid)

    source = grid.over_sampled.array - sis_deflection(grid.over_sampled.array, 1.2)
    expected = (2.0 * np.exp(-0.5 * (source**2).sum(axis=1) / 0.3**2)).reshape(-1, 16).mean(axis=1)
    assert image.array == pytest.approx(expected, rel=1e-9)


def test_images_of_planes_and_galaxies_add_up_to_the_whole():
    galaxies = [
        al.Galaxy(redshift=0.5, bulge=al.lp.Sersic(intensity=1.0), mass=sis(1.2)),
        al.Galaxy(redshift=1.0, bulge=al.lp.Sersic(intensity=0.5, effective_radius=0.2)),
    ]
    tracer = al.Tracer(galaxies)
    grid = al.Grid2D.uniform((8, 8), 0.4, over_sample_size=2)

    whole = tracer.image_2d_from(grid).array
    by_galaxy = tracer.galaxy_image_2d_dict_from(grid)

    assert sum(image.array for image in tracer.image_2d_list_from(grid)) == pytest.approx(whole, rel=1e-12)
    assert sum(image.array for image in by_galaxy.values()) == pytest.approx(whole, rel=1e-12)
    assert tracer.lit_by([galaxies[1]]).image_2d_from(grid).array == pytest.approx(
        by_galaxy[galaxies[1]].array, rel=1e-12
    )


def test_time_delay_of_an_isothermal_sphere_is_its_closed_form():
    # images of a source at distance y on the axis: dt = 2 D_dt theta_E y / c (Narayan & Bartelmann 1996, section 3)
    radius, offset = 1.1, 0.3
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(radius)), al.Galaxy(redshift=1.5)])

    near, far = tracer.time_delays_from(al.Grid2DIrregular([(0.0, offset - radius), (0.0, offset + radius)])).array

    d = Planck15.angular_diameter_distance
    distance = (1.5 * d(0.5) * d(1.5) / between(0.5, 1.5)).to(units.m)
    arcsec = np.pi / 180.0 / 3600.0
    expected = (distance / c * 2.0 * radius * offset * arcsec**2).to(units.day).value
    assert near - far == pytest.approx(expected, rel=1e-6)


def test_arrival_time_of_three_planes_is_the_sum_over_neighbouring_planes():
    # Schneider, Ehlers & Falco (1992) equation 9.19, written out for one ray with distances of astropy
    tracer = al.Tracer(
        [al.Galaxy(redshift=0.5, mass=sis(1.0)), al.Galaxy(redshift=1.0, mass=sis(0.3)), al.Galaxy(redshift=2.0)]
    )
    x0 = np.array([[0.0, 1.7]])
    x1 = x0 - beta(0.5, 1.0, 2.0) * sis_deflection(x0, 1.0)
    x2 = x0 - sis_deflection(x0, 1.0) - sis_deflection(x1, 0.3)

    def distance(z0, z1):
        d = Planck15.angular_diameter_distance
        return ((1.0 + z0) * d(z0) * d(z1) / between(z0, z1) / c).to(units.day).value * (np.pi / 180.0 / 3600.0) ** 2

    first = 0.5 * ((x0 - x1) ** 2).sum() - beta(0.5, 1.0, 2.0) * 1.0 * np.linalg.norm(x0)
    second = 0.5 * ((x1 - x2) ** 2).sum() - 0.3 * np.linalg.norm(x1)
    expected = distance(0.5, 1.0) * first + distance(1.0, 2.0) * second

    assert tracer.time_delays_from(al.Grid2DIrregular(x0)).array[0] == pytest.approx(expected, rel=1e-6)


def test_source_in_front_of_the_lens_is_an_error():
    source = al.Galaxy(redshift=0.3, bulge=al.lp.Sersic())
    lens = al.Galaxy(redshift=0.5, mass=sis(1.0))

    with pytest.raises(al.exc.TracerException, match=r"redshift 0.5, behind every other galaxy"):
        al.Tracer([lens, source])


def test_tracer_without_galaxies_is_an_error():
    with pytest.raises(al.exc.TracerException, match="without galaxies"):
        al.Tracer([])


def test_redshift_behind_the_last_plane_is_an_error():
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=sis(1.0)), al.Galaxy(redshift=1.0)])

    with pytest.raises(al.exc.TracerException, match="behind the last plane"):
        tracer.grid_2d_at_redshift_from(al.Grid2DIrregular(POINTS), redshift=3.0)
