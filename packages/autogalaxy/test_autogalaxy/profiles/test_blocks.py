"""A function in blocks is the function."""

import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy.profiles.mass.blocks import in_blocks


@pytest.mark.parametrize("number", [0, 1, 8191, 8192, 8193, 20000])
def test_blocks_join_without_a_gap(number):
    points = np.random.default_rng(1).normal(size=(number, 2))
    values = in_blocks(lambda block: np.stack((block[:, 0] ** 2, block.sum(axis=1)), axis=-1), points)
    assert values.shape == (number, 2)
    assert np.array_equal(values[:, 0], points[:, 0] ** 2) and np.array_equal(values[:, 1], points.sum(axis=1))


def test_isothermal_deflection_on_the_axes():
    """Kormann, Schneider & Bartelmann (1994), eq. 27: arctan and artanh of the axis ratio alone."""
    q, radius = 0.6, np.array([0.3, 1.0, 4.0])
    lens = ag.mp.Isothermal(ell_comps=(0.0, (1.0 - q) / (1.0 + q)), einstein_radius=1.3)
    scale = 2.0 * 1.3 * q / (1.0 + q) / np.sqrt(1.0 - q**2)
    along = lens.deflections_yx_2d_from(np.stack((0.0 * radius, radius), axis=-1))
    across = lens.deflections_yx_2d_from(np.stack((radius, 0.0 * radius), axis=-1))
    root = np.sqrt(1.0 - q**2)
    assert np.allclose(along, [(0.0, scale * np.arctan(root / q))] * 3, rtol=1e-14, atol=1e-15)
    assert np.allclose(across, [(scale * np.arctanh(root), 0.0)] * 3, rtol=1e-14, atol=1e-15)
