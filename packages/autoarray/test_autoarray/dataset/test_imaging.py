import copy
import pickle

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc

RNG = np.random.default_rng(3)
DATA, NOISE = RNG.normal(1.0, 0.2, (20, 24)), RNG.uniform(0.1, 0.3, (20, 24))
PSF = RNG.random((5, 3))
MASK = aa.Mask2D.circular((20, 24), radius=0.6, pixel_scales=0.1, centre=(0.1, 0.0))


@pytest.fixture
def dataset():
    return aa.Imaging(DATA, NOISE, psf=PSF, pixel_scales=0.1)


def test_masked_dataset_holds_the_values_of_the_used_pixels(dataset):
    masked = dataset.apply_mask(MASK)

    assert masked.data.array == pytest.approx(DATA[~MASK.array])
    assert masked.noise_map.array == pytest.approx(NOISE[~MASK.array])
    assert masked.mask == MASK
    assert masked.signal_to_noise_max == pytest.approx((DATA / NOISE)[~MASK.array].max())


def test_a_second_mask_adds_to_the_first(dataset):
    other = aa.Mask2D.circular((20, 24), radius=0.6, pixel_scales=0.1, centre=(-0.4, 0.3))

    masked = dataset.apply_mask(MASK).apply_mask(other)

    assert np.array_equal(masked.mask.array, MASK.array | other.array)
    assert masked.data.array == pytest.approx(DATA[~(MASK.array | other.array)])


def test_structures_and_raw_arrays_make_the_same_dataset():
    raw = aa.Imaging(DATA, NOISE, psf=PSF, pixel_scales=0.1)

    built = aa.Imaging(aa.Array2D.no_mask(DATA, 0.1), aa.Array2D.no_mask(NOISE, 0.1), psf=aa.Array2D.no_mask(PSF, 0.1))

    assert np.array_equal(raw.data.array, built.data.array)
    assert np.array_equal(raw.noise_map.array, built.noise_map.array)
    assert raw.psf.static_key == built.psf.static_key


@pytest.mark.parametrize("dtype", [">f8", ">f4", "<f4", "<i2"])
def test_other_number_types_are_promoted_to_native_float64(dtype):
    data = np.arange(480).reshape(20, 24).astype(dtype)

    found = aa.Imaging(data, np.ones((20, 24), dtype=dtype), pixel_scales=0.1).data.array

    assert found.dtype == np.dtype(float) and found.dtype.isnative
    assert np.array_equal(found, np.arange(480.0))


def test_the_callers_arrays_are_neither_changed_nor_locked():
    data, noise, psf = DATA.copy(), NOISE.copy(), PSF.copy()

    dataset = aa.Imaging(data, noise, psf=psf, pixel_scales=0.1).apply_mask(MASK)
    dataset.apply_noise_scaling(aa.Mask2D.all_false((20, 24), 0.1))
    data[0, 0] = 7.0

    assert np.array_equal(data[1:], DATA[1:]) and np.array_equal(noise, NOISE) and np.array_equal(psf, PSF)
    assert dataset.data.array == pytest.approx(DATA[~MASK.array])


def test_arrays_of_a_dataset_cannot_be_changed(dataset):
    with pytest.raises(ValueError, match="read-only"):
        dataset.data.array[0] = 1.0


def test_psf_is_normalized_by_default(dataset):
    assert dataset.psf.sum == pytest.approx(1.0, abs=1e-15)
    assert dataset.psf.kernel.native.array == pytest.approx(PSF / PSF.sum())


def test_psf_that_is_not_to_be_normalized_stays_so_through_every_change():
    dataset = aa.Imaging(DATA, NOISE, psf=10.0 * PSF / PSF.sum(), pixel_scales=0.1, use_normalized_psf=False)

    for changed in (
        dataset,
        dataset.apply_mask(MASK),
        dataset.apply_mask(MASK).apply_over_sampling(over_sample_size_lp=2),
        dataset.apply_noise_scaling(MASK),
    ):
        assert changed.psf.sum == pytest.approx(10.0)
        assert changed.use_normalized_psf is False


def test_masking_keeps_sub_sizes_of_the_pixels():
    sizes = RNG.integers(1, 5, (20, 24))

    dataset = aa.Imaging(DATA, NOISE, psf=PSF, pixel_scales=0.1, over_sample_size_lp=sizes, over_sample_size_blurring=3)
    masked = dataset.apply_mask(MASK)

    assert np.array_equal(masked.grids.lp.over_sampler.sub_size, sizes[~MASK.array])
    assert masked.over_sample_size_blurring == 3
    assert masked.over_sample_size_pixelization == 4


def test_over_sampling_is_applied_to_the_grids(dataset):
    changed = dataset.apply_mask(MASK).apply_over_sampling(over_sample_size_lp=2, over_sample_size_pixelization=3)

    assert changed.grids.lp.over_sampled.shape == (4 * MASK.pixels_in_mask, 2)
    assert changed.grids.pixelization.over_sampled.shape == (9 * MASK.pixels_in_mask, 2)


def test_extended_grid_is_mask_and_ring_with_their_own_sub_sizes(dataset):
    grids = dataset.apply_mask(MASK).grids
    extended = grids.extended
    rows = {tuple(np.round(p, 9)): s for p, s in zip(extended.array, extended.over_sampler.sub_size, strict=True)}

    assert len(rows) == len(grids.lp.array) + len(grids.blurring.array)
    assert all(rows[tuple(np.round(p, 9))] == 4 for p in grids.lp.array)
    assert all(rows[tuple(np.round(p, 9))] == 1 for p in grids.blurring.array)


def test_grids_are_pixel_centres_with_y_falling_with_the_row(dataset):
    grid = dataset.grids.lp.native.array

    assert grid[0, 0] == pytest.approx((0.95, -1.15))
    assert grid[-1, -1] == pytest.approx((-0.95, 1.15))


def test_grids_are_made_once(dataset):
    assert dataset.grids is dataset.grids


def test_dataset_without_a_psf_has_no_blurring_grid():
    dataset = aa.Imaging(DATA, NOISE, pixel_scales=0.1)

    assert dataset.grids.blurring is None
    assert dataset.grids.extended is dataset.grids.lp


def test_nan_outside_the_mask_is_legal():
    data, noise = DATA.copy(), NOISE.copy()
    data[0, :], noise[1, :], noise[2, :] = np.nan, 0.0, np.nan

    masked = aa.Imaging(data, noise, psf=PSF, pixel_scales=0.1, check_values=False).apply_mask(MASK)

    assert np.all(np.isfinite(masked.data.native.array))
    assert masked.data.array == pytest.approx(DATA[~MASK.array])


def test_noise_scaling_marks_pixels_by_false():
    marked = aa.Mask2D.circular((20, 24), radius=0.2, pixel_scales=0.1, centre=(0.5, 0.5))
    dataset = aa.Imaging(DATA, NOISE, pixel_scales=0.1)

    scaled = dataset.apply_noise_scaling(marked)

    noise, data = scaled.noise_map.native.array, scaled.data.native.array
    assert np.all(noise[~marked.array] == 1e8) and np.all(data[~marked.array] == 0.0)
    assert np.array_equal(noise[marked.array], NOISE[marked.array])
    assert np.array_equal(data[marked.array], DATA[marked.array])


def test_noise_scaling_to_a_signal_to_noise_gives_that_ratio():
    dataset = aa.Imaging(np.abs(DATA), NOISE, pixel_scales=0.1)

    scaled = dataset.apply_noise_scaling(MASK, signal_to_noise_value=2.0, should_zero_data=False)

    assert scaled.signal_to_noise_map.native.array[~MASK.array] == pytest.approx(2.0)


def test_dataset_survives_pickle_and_deepcopy(dataset):
    masked = dataset.apply_mask(MASK)

    for twin in (pickle.loads(pickle.dumps(masked)), copy.deepcopy(masked)):
        assert np.array_equal(twin.data.array, masked.data.array)
        assert twin.mask == masked.mask and twin.psf.static_key == masked.psf.static_key


def test_from_fits_reads_what_output_to_fits_wrote(dataset, tmp_path):
    paths = {f"{name}_path": tmp_path / f"{name}.fits" for name in ("data", "noise_map", "psf")}

    dataset.output_to_fits(**paths)
    read = aa.Imaging.from_fits(**paths, pixel_scales=0.1)

    assert np.array_equal(read.data.array, dataset.data.array)
    assert np.array_equal(read.noise_map.array, dataset.noise_map.array)
    assert np.array_equal(read.psf.kernel.array, dataset.psf.kernel.array)


def test_from_fits_with_a_mask_never_looks_at_what_is_left_out(tmp_path):
    data = DATA.copy()
    data[0, 0] = np.nan
    aa.Imaging(data, NOISE, pixel_scales=0.1, check_values=False).output_to_fits(
        tmp_path / "data.fits", noise_map_path=tmp_path / "noise.fits"
    )

    read = aa.Imaging.from_fits(tmp_path / "data.fits", tmp_path / "noise.fits", pixel_scales=0.1, mask=MASK)

    assert np.array_equal(read.data.array, DATA[~MASK.array])
    with pytest.raises(exc.DatasetException, match="data is nan at row 0, column 0"):
        aa.Imaging.from_fits(tmp_path / "data.fits", tmp_path / "noise.fits", pixel_scales=0.1)


def test_output_of_a_psf_that_is_not_there_says_so(tmp_path):
    with pytest.raises(exc.DatasetException, match="no PSF"):
        aa.Imaging(DATA, NOISE, pixel_scales=0.1).output_to_fits(tmp_path / "d.fits", psf_path=tmp_path / "p.fits")
