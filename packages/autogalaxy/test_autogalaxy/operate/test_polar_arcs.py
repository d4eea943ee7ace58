"""Contours through a point where a function has no limit, against areas in closed form."""

import numpy as np
import pytest

from autogalaxy.operate.critical_curves import Window, zero_curves_from
from autogalaxy.operate.polar_arcs import arcs_from, has_no_limit, rings_from

CENTRE = np.array((0.13, -0.21))
WINDOW = Window((-2.0, -2.0), (2.0, 2.0))


def in_polar(function, angle=0.3, scale=1.0):
    """Of the distance to the centre and the angle from a direction."""

    def at(points):
        y, x = (points - CENTRE).T
        return function(np.hypot(y, x) / scale, np.arctan2(y, x) - angle)

    return at


@pytest.mark.parametrize("scale", [1.0, 0.1, 0.003])
@pytest.mark.parametrize("spacing", [0.05, 0.17])
def test_lemniscate_has_two_lobes_of_area_one_half(scale, spacing):
    function = in_polar(lambda r, phi: r**2 - np.cos(2.0 * phi), scale=scale)

    curves = zero_curves_from(function, WINDOW, (spacing, spacing), CENTRE[None])

    assert [curve.area for curve in curves] == pytest.approx([0.5 * scale**2] * 2, rel=1e-7)
    assert all(np.sum(np.all(curve.points == CENTRE, axis=1)) == 1 for curve in curves)


@pytest.mark.parametrize("width", [0.3, 1e-2, 1e-4])
@pytest.mark.parametrize("spacing", [0.05, 0.17])
def test_slivers_of_any_width_have_the_area_of_the_integral(width, spacing):
    function = in_polar(lambda r, phi: r**2 - 1.0 + (np.sin(phi) / width) ** 2, scale=0.1)
    edge = np.arcsin(width)
    # of (1 - sin^2 / width^2) / 2 between both edges
    area = 0.01 * (edge - 0.5 * (edge - np.sin(edge) * np.cos(edge)) / width**2)

    curves = zero_curves_from(function, WINDOW, (spacing, spacing), CENTRE[None])

    assert [curve.area for curve in curves] == pytest.approx([area, area], rel=1e-6)


@pytest.mark.parametrize("spacing", [0.05, 0.17])
def test_a_cardioid_leaves_the_disc_about_its_cusp(spacing):
    function = in_polar(lambda r, phi: r - 0.5 * (1.0 + np.cos(phi)))

    (curve,) = zero_curves_from(function, WINDOW, (spacing, spacing), CENTRE[None])

    assert curve.area == pytest.approx(0.375 * np.pi, rel=1e-7)
    assert np.any(np.all(curve.points == CENTRE, axis=1))


def test_a_point_with_a_limit_needs_no_polar_coordinates():
    assert not has_no_limit(in_polar(lambda r, phi: r - 0.5), CENTRE)
    assert not has_no_limit(in_polar(lambda r, phi: 1.0 + 0.1 * np.cos(phi)), CENTRE)
    assert has_no_limit(in_polar(lambda r, phi: 1.02 + np.cos(phi)), CENTRE)


def test_ring_off_the_centre_is_a_closed_arc_and_a_line_two_open_ones():
    ring = in_polar(lambda r, phi: np.hypot(r * np.cos(phi) - 0.2, r * np.sin(phi)) - 0.1)
    line = in_polar(lambda r, phi: np.cos(phi))

    (arc,) = arcs_from(rings_from(ring, CENTRE, 0.5))
    assert arc.is_closed
    distances = np.linalg.norm(arc.negative - CENTRE, axis=1)
    assert (distances.min(), distances.max()) == pytest.approx((0.1, 0.3), rel=1e-3)
    arcs = arcs_from(rings_from(line, CENTRE, 0.5))
    assert sorted(sum(arc.ends_in_centre) for arc in arcs) == [1, 1]


def test_noise_has_no_rings():
    generator = np.random.default_rng(1)

    assert rings_from(lambda points: generator.normal(size=len(points)), CENTRE, 0.5) == []
