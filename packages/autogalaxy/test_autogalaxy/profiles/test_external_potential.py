import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag

_VALUES = {"gamma_1": 0.1, "gamma_2": -0.05, "tau_1": 0.02, "tau_2": 0.03, "delta_1": -0.04, "delta_2": 0.01}


def _potential(y, x):
    """gamma z^2 / 2, tau |z|^2 z / 4 and delta z^3 / 6 with complex numbers."""
    z = (x - 0.2) + 1j * (y - 0.1)
    gamma, tau, delta = 0.1 - 0.05j, 0.02 + 0.03j, -0.04 + 0.01j
    return np.real(np.conj(gamma) * z**2 / 2.0 + np.conj(tau) * abs(z) ** 2 * z / 4.0 + np.conj(delta) * z**3 / 6.0)


def test_external_potential_is_the_polynomial_of_its_derivatives():
    points = np.array([(0.0, 0.7), (3.0, 4.0), (-2.0, 1.0)])
    lens = ag.mp.ExternalPotential(centre=(0.1, 0.2), **_VALUES)
    (y, x), h = points.T, 0.5  # central differences of a cubic: first ones are off by h^2 times the third derivative
    grid = aa.Grid2DIrregular(points)

    def first(move_y, move_x):
        one = (_potential(y + move_y, x + move_x) - _potential(y - move_y, x - move_x)) / 2.0
        two = (_potential(y + 2 * move_y, x + 2 * move_x) - _potential(y - 2 * move_y, x - 2 * move_x)) / 4.0
        return (4.0 * one - two) / 3.0 / h

    def second(move_y, move_x):
        return (_potential(y + move_y, x + move_x) - 2.0 * _potential(y, x) + _potential(y - move_y, x - move_x)) / h**2

    yy, xx, diagonal = second(h, 0.0), second(0.0, h), second(h, h)

    assert lens.potential_2d_from(grid).array == pytest.approx(_potential(y, x), rel=1e-13)
    deflections = np.stack((first(h, 0.0), first(0.0, h)), axis=-1)
    assert lens.deflections_yx_2d_from(grid).array == pytest.approx(deflections, rel=1e-12)
    assert lens.convergence_2d_from(grid).array == pytest.approx(0.5 * (xx + yy), abs=1e-12)
    shear = np.stack((0.5 * (diagonal - xx - yy), 0.5 * (xx - yy)), axis=-1)
    assert lens.shear_yx_2d_from(grid).array == pytest.approx(shear, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "deflection", "potential"),
    [
        ("tau_1", (0.551, 1.29325), 2.17075),
        ("tau_2", (0.99175, 0.551), 1.656625),
        ("delta_1", (-1.102, 0.3015), -0.683366667),
        ("delta_2", (0.3015, 1.102), 1.68731667),
    ],
)
def test_external_potential_has_the_published_convention(name, deflection, potential):
    """Values of autolens 2026.10 at (3.0, 4.0)."""
    lens = ag.mp.ExternalPotential(centre=(0.1, 0.2), **{name: 0.1})
    grid = aa.Grid2DIrregular([(3.0, 4.0)])

    assert lens.deflections_yx_2d_from(grid).array == pytest.approx(np.array([deflection]), rel=1e-12)
    assert lens.potential_2d_from(grid).array == pytest.approx([potential], rel=1e-8)


def test_external_potential_without_third_order_is_an_external_shear():
    grid = aa.Grid2DIrregular([(3.0, 4.0)])
    lens = ag.mp.ExternalPotential(gamma_1=0.1, gamma_2=-0.05)

    expected = ag.mp.ExternalShear(gamma_1=0.1, gamma_2=-0.05).deflections_yx_2d_from(grid).array

    assert lens.deflections_yx_2d_from(grid).array == pytest.approx(expected, rel=1e-14)
