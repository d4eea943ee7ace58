"""A sky level, a shift and a rotation of the dataset, as parts of a model."""

import numpy as np
import pytest

import autogalaxy as ag

SHAPE, SCALE = (20, 22), 0.1
KERNEL = np.random.default_rng(1).random((7, 5))
OFFSET, ANGLE = (0.15, -0.23), 25.0


def dataset_from(size: int) -> ag.Imaging:
    data = np.random.default_rng(2).normal(size=SHAPE)
    psf = ag.Convolver(KERNEL, SCALE, convolve_over_sample_size=size)
    dataset = ag.Imaging(data, 0.1 * np.ones(SHAPE), psf, pixel_scales=SCALE)
    return dataset.apply_mask(ag.Mask2D.circular(SHAPE, radius=0.7, pixel_scales=SCALE))


def sersic_from(centre: tuple[float, float], angle: float) -> ag.Galaxy:
    ell_comps = ag.convert.ell_comps_from(axis_ratio=0.6, angle=angle)
    return ag.Galaxy(redshift=0.5, bulge=ag.lp.Gaussian(centre=centre, ell_comps=ell_comps, sigma=0.4, intensity=1.0))


@pytest.mark.parametrize("size", [1, 3])
def test_moved_dataset_sees_what_a_moved_galaxy_looks_like(size):
    dataset, centre = dataset_from(size), np.array([0.12, 0.3])
    cos, sin = np.cos(np.radians(ANGLE)), np.sin(np.radians(ANGLE))
    moved = (OFFSET[0] + cos * centre[0] + sin * centre[1], OFFSET[1] + cos * centre[1] - sin * centre[0])
    model = ag.DatasetModel(background_sky_level=0.3, grid_offset=OFFSET, grid_rotation_angle=ANGLE)

    found = ag.FitImaging(dataset, [sersic_from(tuple(centre), 10.0)], dataset_model=model)
    expected = ag.FitImaging(dataset, [sersic_from(moved, 10.0 + ANGLE)])

    assert found.model_data.array == pytest.approx(expected.model_data.array, rel=1e-12)
    assert found.data.array == pytest.approx(expected.data.array - 0.3, abs=1e-15)
