"""Black holes, alone and in pairs."""

from __future__ import annotations

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import exc


def test_einstein_radius_of_a_black_hole_is_that_of_a_point_of_its_mass():
    cosmology = pytest.importorskip("astropy.cosmology").Planck15
    lens = ag.mp.SMBH(mass=1e10, redshift_object=0.5, redshift_source=1.0)

    radius = lens.average_convergence_of_1_radius

    d_l, d_s = (cosmology.angular_diameter_distance(z).to("m").value for z in (0.5, 1.0))
    d_ls = d_s - d_l * 1.5 / 2.0  # flat
    expected = np.sqrt(4.0 * 1e10 * 1.3271244e20 / 299792458.0**2 * d_ls / (d_l * d_s)) * 648000.0 / np.pi
    assert radius == pytest.approx(expected, rel=1e-6)
    assert radius == pytest.approx(0.16375796131289383, rel=1e-4)  # PyAutoLens 2026.10


def test_binary_is_two_points_at_opposite_sides_of_its_centre():
    binary = ag.mp.SMBHBinary(centre=(0.1, 0.2), separation=2.0, angle_binary=30.0, mass=5e9, mass_ratio=4.0)
    first = ag.mp.SMBH(centre=(0.1 + 0.5, 0.2 + np.sqrt(0.75)), mass=4e9)
    second = ag.mp.SMBH(centre=(0.1 - 0.5, 0.2 - np.sqrt(0.75)), mass=1e9)
    points = np.array([(0.3, 0.7), (1.0, -2.0), (-0.4, -0.6), (0.61, 1.1)])

    for name in ("deflections_yx_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        expected = getattr(first, name)(points) + getattr(second, name)(points)
        assert getattr(binary, name)(points) == pytest.approx(expected, rel=1e-12), name


def test_binary_far_away_is_one_black_hole_of_both_masses():
    binary, single = ag.mp.SMBHBinary(separation=0.1, mass=3e9, mass_ratio=1.0), ag.mp.SMBH(mass=3e9)
    point = np.array([(0.0, 100.0)])

    assert binary.deflections_yx_2d_from(point) == pytest.approx(single.deflections_yx_2d_from(point), rel=1e-6)


def test_mass_of_a_binary_within_a_circle_is_that_of_the_holes_inside():
    binary, single = ag.mp.SMBHBinary(separation=1.0, mass_ratio=3.0, mass=2e10), ag.mp.SMBH(mass=2e10)
    mass = np.pi * single.average_convergence_of_1_radius**2

    # both holes are at 0.5 from the centre
    for radius, part in ((0.0, 0.0), (0.1, 0.0), (0.499, 0.0), (0.5, 0.5), (0.501, 1.0), (8.0, 1.0)):
        assert binary.mass_angular_within_circle_from(radius) == pytest.approx(part * mass, rel=1e-9, abs=1e-12), radius
    with pytest.raises(exc.ProfileException, match="radius"):
        binary.mass_angular_within_circle_from(-1.0)


def test_source_in_front_of_the_black_hole_is_refused():
    with pytest.raises(exc.ProfileException, match="source behind the lens"):
        ag.mp.SMBH(redshift_object=1.0, redshift_source=0.5)
    with pytest.raises(exc.ProfileException, match="mass"):
        ag.mp.SMBH(mass=-1.0)
