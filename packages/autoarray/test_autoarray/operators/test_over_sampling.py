import numpy as np
import pytest

import autoarray as aa


def mixed_sizes(mask):
    return np.random.default_rng(1).integers(1, 5, size=mask.pixels_in_mask)


def test_sub_pixels_of_one_pixel_are_in_reading_order():
    mask = aa.Mask2D.all_false((1, 1), pixel_scales=(1.0, 2.0))

    positions = aa.Grid2D.from_mask(mask, over_sample_size=2, over_sample_rule="uniform").over_sampled.array

    assert positions == pytest.approx(np.array([(0.25, -0.5), (0.25, 0.5), (-0.25, -0.5), (-0.25, 0.5)]))


@pytest.mark.parametrize("sizes", [3, mixed_sizes])
def test_mean_of_a_parabola_over_uniform_sub_pixels_is_its_closed_form(sizes):
    # the mean of y^2 over s points spaced h / s about y0 is y0^2 + h^2 (1 - 1 / s^2) / 12
    mask = aa.Mask2D.circular((15, 17), 0.6, 0.1)
    sizes = sizes(mask) if callable(sizes) else sizes
    grid = aa.Grid2D.from_mask(mask, over_sample_size=sizes, over_sample_rule="uniform")

    values = (grid.over_sampled.array**2).sum(axis=1)
    binned = grid.over_sampler.binned_array_2d_from(values)

    expected = (grid.array**2).sum(axis=1) + 2.0 * 0.1**2 * (1.0 - 1.0 / np.asarray(sizes) ** 2) / 12.0
    assert binned == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "degree"), [(1, 1), (2, 3), (3, 3), (4, 5), (5, 5), (6, 7), (7, 7), (8, 5), (9, 9), (10, 5), (16, 5)]
)
def test_quadrature_integrates_a_polynomial_over_a_pixel_exactly(size, degree):
    # the mean of y^k x^j over [-1/2, 1/2]^2 in closed form; one degree more has an error
    grid = aa.Grid2D.uniform((1, 1), 1.0, over_sample_size=size)
    y, x = grid.over_sampled.array.T

    def mean(power):
        return 0.0 if power % 2 else 0.5**power / (power + 1)

    for k in range(degree + 1):
        for j in range(degree + 1 - k):
            assert np.mean(y**k * x**j) == pytest.approx(mean(k) * mean(j), abs=1e-15)
    assert abs(np.mean(x ** (degree + 1)) - mean(degree + 1)) > 1e-9


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6, 7, 8, 9, 11, 12])
@pytest.mark.parametrize("rule", ["quadrature", "uniform"])
def test_every_square_of_a_pixel_holds_one_sub_pixel(size, rule):
    sampler = aa.OverSampler(aa.Mask2D.all_false((1, 1), (1.0, 2.0)), size, rule=rule)

    steps = np.abs(sampler.cell_centres_from())
    centres = sampler.offsets_from(size) + sampler.cell_centres_from()

    assert np.all(steps < np.array([0.5, 1.0]) / size)
    assert np.unique(centres.round(12), axis=0).shape == (size**2, 2)
    assert centres[0] == pytest.approx([0.5 - 0.5 / size, -1.0 + 1.0 / size])


def test_quadrature_has_a_small_part_of_the_error_of_uniform_sub_pixels():
    # a Gaussian of one pixel's width over a pixel beside its centre: the error function
    from scipy.special import erf

    def error(rule, size):
        grid = aa.Grid2D.uniform((1, 3), 1.0, over_sample_size=size, over_sample_rule=rule)
        values = np.exp(-0.5 * (grid.over_sampled.array**2).sum(axis=1))
        edges = [erf(x / np.sqrt(2.0)) * np.sqrt(np.pi / 2.0) for x in (0.5, 1.5)]
        return abs(grid.over_sampler.binned_array_2d_from(values)[0] / (2.0 * edges[0] * (edges[1] - edges[0])) - 1.0)

    assert error("uniform", 4) == pytest.approx(1.0 / (24.0 * 4**2), rel=0.02)  # of the midpoint rule, f'' = -f in y
    assert error("quadrature", 2) < 1e-3
    assert error("quadrature", 4) < 1e-5


def test_unknown_rule_is_an_error():
    with pytest.raises(aa.exc.GridException, match="over_sample_rule='gauss'.*quadrature"):
        aa.Grid2D.uniform((3, 3), 0.1, over_sample_rule="gauss")


def test_number_of_sub_pixels_is_the_sum_of_squares():
    mask = aa.Mask2D.circular((15, 17), 0.6, 0.1)
    sizes = mixed_sizes(mask)

    assert aa.OverSampler(mask, sizes).sub_pixels == (sizes**2).sum()
    assert len(aa.Grid2D.from_mask(mask, sizes).over_sampled) == (sizes**2).sum()


def test_native_and_slim_sizes_are_the_same():
    mask = aa.Mask2D.circular((15, 17), 0.6, 0.1)
    sizes = mixed_sizes(mask)
    native = aa.Array2D(sizes, mask).native.array

    assert aa.OverSampler(mask, native).static_key == aa.OverSampler(mask, sizes).static_key


@pytest.mark.parametrize("size", [0, -1, 1.5, np.nan, [1, 2], "4"])
def test_size_that_is_no_whole_number_of_at_least_one_is_an_error(size):
    with pytest.raises(aa.exc.GridException, match="over_sample_size"):
        aa.Grid2D.uniform((3, 3), 0.1, over_sample_size=size)


def test_sub_pixels_of_a_shifted_and_rotated_grid_move_with_it():
    grid = aa.Grid2D.uniform((4, 5), 0.3, over_sample_size=2)

    moved = grid.subtracted_and_rotated_from((0.1, -0.2), np.pi / 2.0)

    y, x = (grid.over_sampled.array - np.array((0.1, -0.2))).T
    assert moved.over_sampled.array == pytest.approx(np.stack((-x, y), axis=-1), abs=1e-14)


def test_padded_grid_has_the_sub_sizes_of_its_edge():
    sizes = np.array([[1, 2, 3], [4, 5, 6]])
    grid = aa.Grid2D.uniform((2, 3), 0.1, over_sample_size=sizes)

    padded = grid.padded_grid_from((3, 5))

    expected = [[1, 1, 1, 2, 3, 3, 3], [1, 1, 1, 2, 3, 3, 3], [4, 4, 4, 5, 6, 6, 6], [4, 4, 4, 5, 6, 6, 6]]
    assert np.array_equal(padded.over_sample_size.native.array, expected)


def test_masked_pixels_of_a_padded_grid_have_the_sub_size_next_to_them():
    mask = aa.Mask2D([[True, False, False, True]], 0.1)
    grid = aa.Grid2D.from_mask(mask, over_sample_size=np.array([8, 2]))

    assert np.array_equal(grid.padded_grid_from((1, 1)).over_sample_size.native.array, [[8, 8, 2, 2]])
    uniform = aa.Grid2D.from_mask(mask, over_sample_size=3)
    assert uniform.padded_grid_from((1, 3)).over_sample_size == 3


def test_radial_bins_give_the_largest_size_of_any_centre():
    grid = aa.Grid2D.uniform((1, 7), pixel_scales=1.0)  # x from -3 to 3

    sizes = aa.over_sample_size_via_radial_bins_from(grid, [16, 4, 1], [0.5, 1.5])
    of_two = aa.over_sample_size_via_radial_bins_from(
        grid, [16, 4, 1], [0.5, 1.5], centre_list=[(0.0, -3.0), (0.0, 2.0)]
    )

    assert sizes.array.tolist() == [1, 1, 4, 16, 4, 1, 1]
    assert of_two.array.tolist() == [16, 4, 1, 1, 4, 16, 4]
    assert aa.Grid2D.from_mask(grid.mask, over_sample_size=sizes).over_sampler.sub_pixels == 4 + 2 * 16 + 256


@pytest.mark.parametrize(
    ("sizes", "radii", "centres"),
    [
        ([4, 1], [0.5, 1.0], [(0.0, 0.0)]),
        ([8, 4, 1], [1.0, 0.5], [(0.0, 0.0)]),
        ([4, 1], [0.0], [(0.0, 0.0)]),
        ([4, 0], [0.5], [(0.0, 0.0)]),
        ([4, 1], [np.nan], [(0.0, 0.0)]),
        ([4, 1], [0.5], [(np.nan, 0.0)]),
        ([4, 1], [0.5], (0.0, 0.0)),
    ],
)
def test_radial_bins_refuse_what_has_no_meaning(sizes, radii, centres):
    grid = aa.Grid2D.uniform((3, 3), pixel_scales=1.0)

    with pytest.raises(aa.exc.GridException, match="wanted"):
        aa.over_sample_size_via_radial_bins_from(grid, sizes, radii, centre_list=centres)


def test_padding_makes_the_number_of_sub_pixels_a_multiple_and_changes_no_mean():
    mask = aa.Mask2D.circular((15, 17), 0.6, 0.1)
    sizes = mixed_sizes(mask)
    plain, padded = aa.OverSampler(mask, sizes), aa.OverSampler(mask, sizes, multiple=48)
    assert plain.sub_pixels % 48 and plain != padded

    points = padded.sub_grid_from(mask.grid_slim)

    assert len(points) % 48 == 0 and 0 < padded.padding == len(points) - padded.sub_pixels < 48
    assert points[: plain.sub_pixels] == pytest.approx(plain.sub_grid_from(mask.grid_slim))
    assert len(padded.sub_sizes_of_sub_pixels_from()) == len(padded.cell_centres_from()) == len(points)
    values = np.exp(points[:, 0] - points[:, 1] ** 2)
    assert padded.binned_array_2d_from(values) == pytest.approx(plain.binned_array_2d_from(values[: plain.sub_pixels]))
    assert aa.OverSampler(mask, 1, multiple=48).padding == 0  # it has pixel centres, no sub-pixels
