"""Marching squares against curves that are known."""

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag
from autogalaxy.operate.contours import chains_from, interpolated_from, polygon_area_from

AXIS = np.linspace(-2.0, 2.0, 81) + 0.003


def values_of(function):
    y, x = np.meshgrid(AXIS, AXIS, indexing="ij")
    return function(y, x)


def test_contour_of_a_plane_is_a_straight_line():
    values = values_of(lambda y, x: y - 0.5 * x - 0.1)

    (chain,) = chains_from(values)
    points = interpolated_from(chain, values, AXIS, AXIS)

    assert not chain.is_closed
    assert points[:, 0] - 0.5 * points[:, 1] == pytest.approx(0.1, abs=1e-12)
    assert {round(abs(x), 1) for x in points[[0, -1], 1]} == {2.0}


def test_two_circles_are_two_closed_curves_with_their_areas():
    values = values_of(lambda y, x: np.minimum((y - 1) ** 2 + (x - 1) ** 2 - 0.49, (y + 1) ** 2 + (x + 1) ** 2 - 0.25))

    chains = chains_from(values)
    areas = sorted(polygon_area_from(interpolated_from(chain, values, AXIS, AXIS)) for chain in chains)

    assert [chain.is_closed for chain in chains] == [True, True]
    assert areas == pytest.approx([0.25 * np.pi, 0.49 * np.pi], rel=5e-3)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("offset", [0.01, -0.01])
def test_the_middle_of_a_saddle_decides_what_is_connected(sign, offset):
    values = sign * np.array([[-1.0, 1.0], [1.0, -1.0]]) + offset

    chains = chains_from(values)

    assert len(chains) == 2
    connected = -np.sign(offset)  # the sign of the corners that are cut off
    for chain in chains:
        ends = chain.positive if connected < 0 else chain.negative
        assert len(np.unique(ends, axis=0)) == 2  # two corners with the sign of the middle around the one cut off


def test_every_edge_with_a_change_of_sign_is_in_one_chain():
    values = np.random.default_rng(4).normal(size=(40, 50))

    chains = chains_from(values)
    crossings = np.sum((values[1:] < 0) != (values[:-1] < 0)) + np.sum((values[:, 1:] < 0) != (values[:, :-1] < 0))

    assert sum(len(chain.negative) for chain in chains) == crossings
    for chain in chains:
        assert np.all(values[tuple(chain.negative.T)] < 0.0) and np.all(values[tuple(chain.positive.T)] >= 0.0)


def test_a_contour_ends_beside_values_that_are_no_number():
    values = values_of(lambda y, x: y**2 + x**2 - 1.0)
    values[:, :40] = np.nan

    (chain,) = chains_from(values)

    assert not chain.is_closed
    assert np.all(interpolated_from(chain, values, AXIS, AXIS)[:, 1] >= 0.0)


def test_contour_list_of_an_array_has_the_coordinates_of_its_grid():
    grid = aa.Grid2D.uniform(shape_native=(60, 80), pixel_scales=(0.1, 0.05), origin=(0.3, -0.2))
    radii = aa.Array2D(np.hypot(grid.array[:, 0] - 0.4, grid.array[:, 1] + 0.1) - 1.0, mask=grid.mask)

    for array in (radii, radii.native, radii.array):
        (contour,) = ag.LensCalc.from_mass_obj(ag.mp.Isothermal()).contour_list_from(grid, array)
        assert np.hypot(contour.array[:, 0] - 0.4, contour.array[:, 1] + 0.1) == pytest.approx(1.0, abs=2e-3)
        assert np.array_equal(contour.array[0], contour.array[-1])


def test_contour_list_of_a_masked_array_stays_in_the_mask():
    mask = aa.Mask2D.circular(shape_native=(60, 60), radius=1.0, pixel_scales=0.05, centre=(0.0, 0.5))
    grid = aa.Grid2D.from_mask(mask)

    (contour,) = ag.LensCalc.from_mass_obj(ag.mp.Isothermal()).contour_list_from(grid, grid.array[:, 0] - 0.101)

    assert contour.array[:, 0] == pytest.approx(0.101, abs=1e-12)
    assert np.ptp(contour.array[:, 1]) == pytest.approx(2.0, abs=0.11)


def test_area_of_a_polygon_is_that_of_the_square():
    square = aa.Grid2DIrregular([(1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 1.0), (1.0, 1.0)])

    areas = ag.LensCalc.from_mass_obj(ag.mp.Isothermal()).area_within_curve_list_from([square, square.array[:-1]])

    assert areas == pytest.approx([4.0, 4.0], rel=1e-14)


def test_contour_of_coordinates_without_neighbours_is_refused():
    with pytest.raises(aa.exc.GridException, match="wanted a Grid2D"):
        ag.LensCalc.from_mass_obj(ag.mp.Isothermal()).contour_list_from(aa.Grid2DIrregular([(0.0, 1.0)]), [1.0])
