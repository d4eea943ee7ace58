import numpy as np
import pytest
from scipy.stats import norm

import autoarray as aa
from autoarray import exc

RNG = np.random.default_rng(5)
DATA, NOISE, MODEL = RNG.normal(1.0, 0.3, (9, 8)), RNG.uniform(0.1, 0.5, (9, 8)), RNG.uniform(0.5, 1.5, (9, 8))
MASK = aa.Mask2D.circular((9, 8), radius=0.35, pixel_scales=0.1)


class FitOfImage(aa.FitImaging):
    """A fit whose model is given as numbers."""

    def __init__(self, dataset, native, **kwargs):
        super().__init__(dataset, **kwargs)
        self.model_data = aa.Array2D(native, dataset.mask)


@pytest.fixture
def dataset():
    return aa.Imaging(DATA, NOISE, pixel_scales=0.1).apply_mask(MASK)


def test_log_likelihood_is_that_of_independent_normal_pixels(dataset):
    fit = FitOfImage(dataset, MODEL)
    used = ~MASK.array

    expected = norm.logpdf(DATA[used], loc=MODEL[used], scale=NOISE[used]).sum()

    assert fit.log_likelihood == pytest.approx(expected, rel=1e-13)
    assert fit.figure_of_merit == fit.log_likelihood


def test_maps_are_residual_normalized_residual_and_chi_squared(dataset):
    fit = FitOfImage(dataset, MODEL)
    used = ~MASK.array
    residual = (DATA - MODEL)[used]

    for found, expected in (
        (fit.residual_map, residual),
        (fit.normalized_residual_map, residual / NOISE[used]),
        (fit.chi_squared_map, (residual / NOISE[used]) ** 2),
        (fit.signal_to_noise_map, np.maximum(DATA / NOISE, 0.0)[used]),
    ):
        assert type(found) is aa.Array2D
        assert found.mask is dataset.mask
        assert found.array == pytest.approx(expected, rel=1e-14)
    assert fit.chi_squared == pytest.approx(np.sum((residual / NOISE[used]) ** 2))
    assert fit.reduced_chi_squared == pytest.approx(fit.chi_squared / used.sum())
    assert fit.noise_normalization == pytest.approx(np.log(2.0 * np.pi * NOISE[used] ** 2).sum())


def test_sky_level_of_the_dataset_model_is_taken_from_the_data(dataset):
    lifted = aa.Imaging(DATA + 0.25, NOISE, pixel_scales=0.1).apply_mask(MASK)

    fit = FitOfImage(lifted, MODEL, dataset_model=aa.DatasetModel(background_sky_level=0.25))

    assert fit.data.array == pytest.approx(dataset.data.array, abs=1e-14)
    assert fit.log_likelihood == pytest.approx(FitOfImage(dataset, MODEL).log_likelihood, rel=1e-12)


def test_grids_are_those_of_the_dataset_when_nothing_moves(dataset):
    assert FitOfImage(dataset, MODEL).grids is dataset.grids
    assert FitOfImage(dataset, MODEL, dataset_model=aa.DatasetModel(background_sky_level=1.0)).grids is dataset.grids


def test_grid_offset_is_subtracted_from_every_grid():
    dataset = aa.Imaging(DATA, NOISE, psf=np.ones((3, 3)), pixel_scales=0.1).apply_mask(MASK)

    moved = FitOfImage(dataset, MODEL, dataset_model=aa.DatasetModel(grid_offset=(0.1, -0.2))).grids

    for name in ("lp", "pixelization", "blurring", "extended"):
        before, after = getattr(dataset.grids, name), getattr(moved, name)
        assert after.array == pytest.approx(before.array - np.array([0.1, -0.2]), abs=1e-14)
        assert after.over_sampled.array == pytest.approx(before.over_sampled.array - np.array([0.1, -0.2]), abs=1e-14)


def test_grid_rotation_turns_the_axes_counter_clockwise(dataset):
    moved = FitOfImage(dataset, MODEL, dataset_model=aa.DatasetModel(grid_rotation_angle=90.0)).grids.lp.array
    y, x = dataset.grids.lp.array.T

    assert moved == pytest.approx(np.stack((-x, y), axis=-1), abs=1e-14)  # the old y-axis is the new x-axis


def test_fit_without_model_data_says_what_to_set(dataset):
    with pytest.raises(exc.FitException, match="model_data"):
        _ = aa.FitImaging(dataset).residual_map


def test_fit_of_an_unchecked_dataset_with_nan_raises():
    data = DATA.copy()
    data[4, 4] = np.nan
    dataset = aa.Imaging(data, NOISE, pixel_scales=0.1, check_values=False)

    with pytest.raises(exc.DatasetException, match="data is nan at row 4, column 4"):
        FitOfImage(dataset, MODEL)


@pytest.mark.parametrize(
    "arguments", [{"grid_offset": 1.0}, {"grid_offset": (1.0, np.nan)}, {"background_sky_level": np.inf}]
)
def test_dataset_model_with_a_bad_value_names_it(arguments):
    with pytest.raises(exc.DatasetException, match=next(iter(arguments))):
        aa.DatasetModel(**arguments)
