import numpy as np
import pytest
from scipy.signal import convolve2d

import autogalaxy as ag

PSF = ag.Convolver(np.array([[0.0, 1.0, 0.0], [1.0, 4.0, 1.0], [0.0, 1.0, 0.0]]) / 8.0, 0.2)
GALAXY = ag.Galaxy(redshift=0.5, light=ag.lp.Sersic(centre=(0.05, 0.05), sersic_index=4.0, effective_radius=0.3))


@pytest.fixture
def grid():
    """A grid that is finer in the middle."""
    sizes = np.full((9, 9), 2)
    sizes[3:6, 3:6] = 16
    return ag.Grid2D.uniform((9, 9), 0.2, over_sample_size=sizes)


def test_simulated_image_keeps_the_sub_sizes_of_its_grid(grid):
    simulator = ag.SimulatorImaging(100.0, add_poisson_noise_to_data=False)

    dataset = simulator.via_galaxies_from([GALAXY], grid)

    assert dataset.data.array == pytest.approx(GALAXY.image_2d_from(grid).array, rel=1e-12)
    assert np.array_equal(dataset.over_sample_size_lp.array, grid.over_sample_size.array)


def test_unmasked_blurred_image_keeps_the_sub_sizes_of_its_grid(grid):
    blurred = GALAXY.unmasked_blurred_image_2d_from(grid, PSF)

    image = GALAXY.image_2d_from(grid).native.array
    expected = convolve2d(image, PSF.kernel.native.array, mode="valid")
    assert blurred.native.array[1:-1, 1:-1] == pytest.approx(expected, rel=1e-10)
