"""Conversions of parameters against values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autogalaxy import convert


@pytest.mark.parametrize(
    ("q", "angle", "expected"),
    [(0.5, 0.0, (0.0, 1 / 3)), (0.5, 45.0, (1 / 3, 0.0)), (0.5, 90.0, (0.0, -1 / 3)), (1.0, 20.0, (0.0, 0.0))],
)
def test_ell_comps_of_axis_ratio_and_angle(q, angle, expected):
    assert convert.ell_comps_from(axis_ratio=q, angle=angle) == pytest.approx(expected, abs=1e-15)


def test_axis_ratio_and_angle_of_ell_comps():
    assert convert.axis_ratio_and_angle_from((-1 / 3, 0.0)) == pytest.approx((0.5, -45.0))
    assert convert.axis_ratio_from((0.0, 0.2)) == pytest.approx(2 / 3)
    assert convert.angle_from((0.0, -0.2)) == pytest.approx(90.0)
    assert convert.axis_ratio_and_angle_from((0.0, 0.0)) == (1.0, 0.0)


def test_arrays_are_converted_element_by_element():
    e0, e1 = convert.ell_comps_from(axis_ratio=np.array([0.5, 0.8]), angle=np.array([10.0, -70.0]))

    q, angle = convert.axis_ratio_and_angle_from((e0, e1))

    assert q == pytest.approx([0.5, 0.8])
    assert angle == pytest.approx([10.0, -70.0])


def test_shear_components_of_magnitude_and_angle():
    assert convert.shear_gamma_1_2_from(magnitude=0.1, angle=0.0) == pytest.approx((0.1, 0.0))
    assert convert.shear_gamma_1_2_from(magnitude=0.1, angle=45.0) == pytest.approx((0.0, 0.1), abs=1e-16)
    assert convert.shear_magnitude_and_angle_from(gamma_1=0.0, gamma_2=-0.2) == pytest.approx((0.2, 135.0))
    assert convert.shear_magnitude_from(gamma_1=0.3, gamma_2=0.4) == pytest.approx(0.5)
    assert convert.shear_angle_from(gamma_1=-0.1, gamma_2=0.0) == pytest.approx(90.0)


def test_multipole_components_of_strength_and_angle():
    assert convert.multipole_comps_from(k_m=0.02, phi_m=22.5, m=4) == pytest.approx((0.02, 0.0), abs=1e-16)
    assert convert.multipole_k_m_and_phi_m_from((0.02, 0.0), m=4) == pytest.approx((0.02, 22.5))
    assert convert.multipole_k_m_and_phi_m_from((-0.02, 0.0), m=4) == pytest.approx((0.02, 67.5))
