"""A point source: its light is conserved and in one pixel."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.profiles import light_profiles as lp


@pytest.mark.parametrize("over_sample_size", [1, 2, 4, "mixed"])
@pytest.mark.parametrize("through", ["profile", "galaxy", "galaxies"])
def test_light_of_a_point_is_conserved_in_the_pixel_that_holds_it(over_sample_size, through):
    sizes = np.random.default_rng(1).integers(1, 5, size=25) if over_sample_size == "mixed" else over_sample_size
    grid = aa.Grid2D.uniform((5, 5), pixel_scales=0.5, over_sample_size=sizes)
    point = lp.PointSource(centre=(0.3, -0.9), intensity=3.0)
    galaxy = Galaxy(redshift=0.5, nucleus=point)
    light = {"profile": point, "galaxy": galaxy, "galaxies": Galaxies([galaxy])}[through]

    image = light.image_2d_from(grid).native.array

    expected = np.zeros((5, 5))
    expected[1, 0] = 3.0  # y from 0.25 to 0.75, x from -1.25 to -0.75
    assert image == pytest.approx(expected, rel=1e-14)


def test_point_outside_of_the_grid_gives_no_light():
    mask = aa.Mask2D.circular((7, 7), radius=1.0, pixel_scales=0.5)
    grid = aa.Grid2D.from_mask(mask, over_sample_size=2)

    for centre in [(7.0, 7.0), (1.3, 1.3)]:
        assert np.all(lp.PointSource(centre=centre).image_2d_from(grid).array == 0.0)


def test_nearest_of_irregular_coordinates_has_all_of_the_light():
    points = np.array([(0.0, 1.0), (0.4, 0.1), (-2.0, 0.0)])

    image = lp.PointSource(centre=(0.1, 0.1), intensity=2.5).image_2d_from(points)

    assert image == pytest.approx([0.0, 2.5, 0.0], rel=1e-15)


def test_blurred_point_is_the_psf():
    kernel = np.array([[0.0, 0.1, 0.0], [0.2, 0.4, 0.1], [0.0, 0.2, 0.0]])
    psf = aa.Convolver(aa.Array2D.no_mask(kernel, pixel_scales=0.5))
    grid = aa.Grid2D.uniform((5, 5), pixel_scales=0.5, over_sample_size=2)
    galaxy = Galaxy(redshift=0.5, nucleus=lp.PointSource(centre=(0.45, -0.55), intensity=3.0))

    image = galaxy.unmasked_blurred_image_2d_from(grid, psf).native.array

    expected = np.zeros((5, 5))
    expected[0:3, 0:3] = 3.0 * kernel
    assert image == pytest.approx(expected, abs=1e-14)
    assert lp.PointSource(intensity=3.0).luminosity_within_circle_from(0.0) == pytest.approx(3.0, rel=1e-15)


@pytest.mark.parametrize("rule", ["quadrature", "uniform"])
@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("angle", [0.0, 1.0, 15.0, 45.0, 90.0])
def test_light_of_a_point_is_conserved_in_a_frame_that_is_turned(angle, size, rule):
    shape, scales, offset, turn = (12, 10), (0.5, 0.4), (0.03, -0.02), np.radians(angle)
    grid = aa.Grid2D.uniform(shape, pixel_scales=scales, over_sample_size=size, over_sample_rule=rule)
    moved = grid.subtracted_and_rotated_from((1.0, 2.0), 0.5 * turn).subtracted_and_rotated_from((0.0, 0.0), 0.5 * turn)
    moved = moved.subtracted_from(offset)

    for y, x in np.random.default_rng(1).uniform((-2.9, -1.9), (2.9, 1.9), size=(150, 2)):
        dy, dx = y - 1.0, x - 2.0  # the frame is turned about its centre, counter-clockwise
        centre = (
            np.cos(turn) * dy - np.sin(turn) * dx - offset[0],
            np.cos(turn) * dx + np.sin(turn) * dy - offset[1],
        )
        image = lp.PointSource(centre=centre, intensity=3.0).image_2d_from(moved).native.array

        expected = np.zeros(shape)
        expected[int((3.0 - y) / scales[0]), int((x + 2.0) / scales[1])] = 3.0
        assert np.max(np.abs(image - expected)) < 1e-12
