import numpy as np
import pytest
from scipy import ndimage

import autoarray as aa
from autoarray import exc


def test_circular_mask_uses_pixel_centres_within_the_radius():
    mask = aa.Mask2D.circular((41, 43), radius=1.0, pixel_scales=0.1, centre=(0.3, -0.2))

    y, x = np.meshgrid((20 - np.arange(41)) * 0.1, (np.arange(43) - 21) * 0.1, indexing="ij")
    assert np.array_equal(~mask.array, (y - 0.3) ** 2 + (x + 0.2) ** 2 <= 1.0 + 1e-9)


def test_first_row_is_the_top_and_first_column_the_left():
    mask = aa.Mask2D.from_pixel_coordinates((3, 4), [(0, 0), (2, 3)], pixel_scales=(1.0, 2.0), origin=(10.0, 20.0))

    assert mask.grid_slim == pytest.approx(np.array([(11.0, 17.0), (9.0, 23.0)]))


def test_elliptical_mask_has_the_area_of_the_ellipse_and_its_angle():
    mask = aa.Mask2D.elliptical((201, 201), major_axis_radius=8.0, axis_ratio=0.5, angle=30.0, pixel_scales=0.1)

    assert mask.pixels_in_mask * 0.01 == pytest.approx(np.pi * 8.0 * 4.0, rel=2e-3)
    assert not mask[mask.geometry.pixel_coordinates_2d_from((7.8 * 0.5, 7.8 * np.cos(np.pi / 6.0)))]
    assert mask[mask.geometry.pixel_coordinates_2d_from((-7.8 * 0.5, 7.8 * np.cos(np.pi / 6.0)))]


def test_annulus_is_the_difference_of_two_circles():
    inner = aa.Mask2D.circular((51, 51), 1.01, 0.1)
    outer = aa.Mask2D.circular((51, 51), 2.01, 0.1)

    annulus = aa.Mask2D.circular_annular((51, 51), inner_radius=1.01, outer_radius=2.01, pixel_scales=0.1)

    assert annulus.pixels_in_mask == outer.pixels_in_mask - inner.pixels_in_mask


def test_extended_mask_is_a_dilation_by_half_a_kernel_in_a_padded_frame():
    mask = aa.Mask2D.circular_annular((31, 33), 0.5, 1.4, 0.1)  # touches the frame

    extended = mask.derive_mask.extended_from((5, 3))

    expected = ndimage.binary_dilation(np.pad(~mask.array, ((2, 2), (1, 1))), structure=np.ones((5, 3)))
    assert extended.shape_native == (35, 35)
    assert np.array_equal(~extended.array, expected)


def test_blurring_mask_is_the_ring_without_the_mask_itself():
    mask = aa.Mask2D.circular((41, 41), 1.0, 0.1)

    ring = mask.derive_mask.blurring_from((5, 5))

    expected = ndimage.binary_dilation(~mask.array, structure=np.ones((5, 5))) & mask.array
    assert np.array_equal(~ring.array, expected)


def test_blurring_mask_that_leaves_the_image_is_an_error():
    with pytest.raises(aa.exc.MaskException, match=r"\(5, 5\) pixels reaches beyond"):
        aa.Mask2D.circular((21, 21), 1.0, 0.1).derive_mask.blurring_from((5, 5))


def test_edge_of_an_annulus_has_both_rims_and_its_border_the_outer_one():
    mask = aa.Mask2D.circular_annular((61, 61), 1.0, 2.0, 0.1)
    radii = np.linalg.norm(mask.grid_slim, axis=1)

    border, edge = mask.derive_mask.border, mask.derive_mask.edge

    assert np.linalg.norm(border.grid_slim, axis=1).min() > 1.8
    assert np.linalg.norm(edge.grid_slim, axis=1).min() == pytest.approx(radii.min())
    eroded = ndimage.binary_erosion(~mask.array, structure=np.ones((3, 3)))
    assert np.array_equal(~edge.array, ~mask.array & ~eroded)


def test_combined_mask_leaves_out_what_either_leaves_out():
    one, two = aa.Mask2D.circular((21, 21), 0.8, 0.1), aa.Mask2D.circular((21, 21), 0.8, 0.1, centre=(0.4, 0.0))

    assert np.array_equal((one + two).array, one.array | two.array)


def test_equal_copies_are_equal_and_share_a_key():
    one, two = (aa.Mask2D.circular((21, 21), 0.8, 0.1) for _ in range(2))

    assert one == two and one.static_key == two.static_key and hash(one) == hash(two)
    assert one != aa.Mask2D.circular((21, 21), 0.8, 0.2)
    assert one != aa.Mask2D.circular((21, 21), 0.9, 0.1)


def test_the_array_of_the_caller_is_neither_kept_nor_written_to():
    mine = np.zeros((3, 3), dtype=bool)
    mask = aa.Mask2D(mine, 0.1)
    mine[0, 0] = True

    assert mask.pixels_in_mask == 9
    with pytest.raises(ValueError, match="read-only"):
        mask.array[0, 0] = True


def test_resizing_keeps_the_centre():
    mask = aa.Mask2D.from_pixel_coordinates((5, 5), [(2, 2)], 0.1)

    assert np.array_equal(mask.resized_from((9, 7), pad_value=True).native_for_slim, [(4, 3)])
    assert np.array_equal(mask.resized_from((3, 3)).native_for_slim, [(1, 1)])


@pytest.mark.parametrize("pixel_scales", [0.0, -0.1, np.nan, None, "0.1", (0.1, 0.0), (0.1,)])
def test_pixel_scale_that_is_not_positive_is_an_error(pixel_scales):
    with pytest.raises(aa.exc.MaskException, match="pixel_scales="):
        aa.Mask2D.all_false((5, 5), pixel_scales)


@pytest.mark.parametrize("values", [np.zeros(4), np.zeros((2, 2, 2)), np.zeros((0, 3)), np.array([["a"]])])
def test_mask_that_is_no_image_of_booleans_is_an_error(values):
    with pytest.raises(aa.exc.MaskException, match="mask"):
        aa.Mask2D(values, 0.1)


@pytest.mark.parametrize("radius", [0.0, -1.0, np.nan])
def test_radius_that_is_not_positive_is_an_error(radius):
    with pytest.raises(aa.exc.MaskException, match="radius="):
        aa.Mask2D.circular((5, 5), radius, 0.1)


def test_masks_of_another_shape_or_scale_do_not_combine():
    mask = aa.Mask2D.all_false((5, 5), 0.1)

    with pytest.raises(aa.exc.MaskException, match="cannot be combined"):
        mask + aa.Mask2D.all_false((5, 6), 0.1)
    with pytest.raises(aa.exc.MaskException, match="cannot be combined"):
        mask + aa.Mask2D.all_false((5, 5), 0.2)


def test_resizing_that_would_move_the_centre_is_refused():
    mask = aa.Mask2D.all_false((5, 6), 0.1)

    with pytest.raises(exc.MaskException, match=r"an odd ny and an even nx: resized_from\(\(9, 8\)\)"):
        mask.resized_from((8, 8))
