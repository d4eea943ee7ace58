"""Cored, broken and perturbed power laws against quadrature of convergences that are written down here."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

import autoarray as aa
from autogalaxy import convert
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles.mass.total.elliptical_power import excess_from, mapped_from, second_excess_from

DIRECTIONS = (0.1, 0.8, np.pi / 2)


def along_major(q: float) -> tuple[float, float]:
    return convert.ell_comps_from(axis_ratio=q, angle=0.0)


def points_at(radius: float) -> np.ndarray:
    return radius * np.array([(np.sin(a), np.cos(a)) for a in DIRECTIONS])


def schramm_deflection(
    kappa: Callable[[float], float], q: float, point: np.ndarray, break_radius: float = np.inf
) -> tuple[float, float]:
    """(y, x) deflection in the profile's frame by the line integrals of Schramm (1990, A&A 231, 19)."""
    y, x = point

    def m_of(u: float) -> float:
        return np.sqrt(u * (x**2 + y**2 / (1.0 - (1.0 - q**2) * u)))

    def integrand(log: float, n: int) -> float:
        u = np.exp(log)
        return u * kappa(m_of(u)) / (1.0 - (1.0 - q**2) * u) ** (n + 0.5)

    kink = [np.log(u) for u in (root_of(m_of, break_radius),) if u is not None]
    edges = [-200.0, -60.0, -30.0, -15.0, -8.0, -4.0, -2.0, -1.0, 0.0]
    edges = sorted({*edges, *kink})
    j = [
        sum(quad(integrand, a, b, args=(n,), epsabs=0.0, epsrel=1e-12, limit=200)[0] for a, b in pairwise(edges))
        for n in (0, 1)
    ]
    return q * y * j[1], q * x * j[0]


def root_of(m_of: Callable[[float], float], radius: float) -> float | None:
    """u of the ellipse of that radius, if it is inside the point's."""
    if m_of(1.0) <= radius:
        return None
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if m_of(middle) < radius else (low, middle)
    return low


def relative_error(actual: np.ndarray, wanted: np.ndarray) -> float:
    """The largest length of the difference over the length of the vector."""
    return float(np.max(np.hypot(*(actual - wanted).T) / np.hypot(*wanted.T)))


@pytest.mark.parametrize("q", [0.2, 0.6, 1.0])
@pytest.mark.parametrize("slope", [1.05, 1.2, 2.0, 2.8])
def test_deflection_of_a_cored_power_law_is_the_quadrature_at_all_radii(slope, q):
    lens = mp.PowerLawCore(ell_comps=along_major(q), einstein_radius=1.3, slope=slope, core_radius=0.05)

    def kappa(m: float) -> float:
        return (3.0 - slope) / (1.0 + q) * (1.3**2 / (m**2 + 0.05**2)) ** (0.5 * (slope - 1.0))

    for radius in (0.01, 0.5, 3.0, 100.0, 1e4):
        points = points_at(0.05 * radius)
        expected = np.array([schramm_deflection(kappa, q, point) for point in points])
        assert relative_error(lens.deflections_yx_2d_from(points), expected) < 2e-9


@pytest.mark.parametrize("slope", [1.2, 2.0, 2.8])
def test_cored_power_law_is_continuous_where_its_sum_ends(slope):
    lens = mp.PowerLawCore(ell_comps=(0.4, -0.3), einstein_radius=1.3, slope=slope, core_radius=1e-4)
    edge = np.array([(np.sin(a), np.cos(a)) for a in np.linspace(0.0, 6.0, 25)])
    edge *= 10.0 / np.asarray(lens.elliptical_radii_grid_from(edge))[:, None]
    below, above = edge * (1.0 - 1e-12), edge * (1.0 + 1e-12)

    assert relative_error(lens.deflections_yx_2d_from(below), lens.deflections_yx_2d_from(above)) < 2e-9
    assert relative_error(lens.shear_yx_2d_from(below), lens.shear_yx_2d_from(above)) < 1e-8
    assert lens.potential_2d_from(below) == pytest.approx(lens.potential_2d_from(above), rel=4e-9)


def test_cored_power_law_beyond_its_sum_is_the_quadrature():
    def kappa(m: float) -> float:
        return 0.5 / 1.5 * (1.0 / (m**2 + 1e-10)) ** 0.75

    lens, points = mp.PowerLawCore(ell_comps=along_major(0.5), slope=2.5, core_radius=1e-5), points_at(4.0)

    expected = np.array([schramm_deflection(kappa, 0.5, point) for point in points])

    assert relative_error(lens.deflections_yx_2d_from(points), expected) < 2e-9


def test_potential_of_a_round_cored_power_law_is_the_integral_of_its_deflection():
    lens = mp.PowerLawCoreSph(einstein_radius=1.3, slope=2.4, core_radius=0.2)

    def deflection(r: float) -> float:
        # (2 / r) times the integral of kappa r', which is elementary
        return 0.6 * 1.3**1.4 * ((r**2 + 0.04) ** 0.3 - 0.04**0.3) / (2.0 * 0.3) / r

    for radius in (0.02, 0.3, 5.0):
        expected, _ = quad(deflection, 0.0, radius, epsabs=0.0, epsrel=1e-12)
        assert lens.potential_2d_from(np.array([(0.6 * radius, 0.8 * radius)])) == pytest.approx(expected, rel=3e-9)


def test_power_law_without_a_core_is_the_singular_one():
    keywords = {"centre": (0.1, 0.2), "ell_comps": (0.2, -0.1), "einstein_radius": 1.3, "slope": 2.8}
    cored, singular = mp.PowerLawCore(core_radius=0.0, **keywords), mp.PowerLaw(**keywords)
    points = np.concatenate([points_at(r) for r in (1e-3, 0.7, 30.0)])

    for method in ("deflections_yx_2d_from", "shear_yx_2d_from", "potential_2d_from", "convergence_2d_from"):
        assert getattr(cored, method)(points) == pytest.approx(getattr(singular, method)(points), rel=1e-8)


def test_cored_power_law_has_the_published_values():
    """Frozen from autolens 2026.10."""
    lens = mp.PowerLawCore(ell_comps=(0.2, -0.1), einstein_radius=1.3, slope=2.3, core_radius=0.2)
    points = np.array([(0.3, 0.7), (1.1, -0.4)])

    assert lens.convergence_2d_from(points) == pytest.approx([0.6430238388406856, 0.31875139738309705], rel=1e-12)
    expected = np.array([(0.22463110493638094, 0.8960839375354914), (0.8279779031454575, -0.43543271255004956)])
    assert lens.deflections_yx_2d_from(points) == pytest.approx(expected, rel=1e-8)
    assert lens.potential_2d_from(points) == pytest.approx([0.5537548821831187, 0.9700900330613754], rel=1e-8)


def broken_kappa(q: float, slopes: tuple[float, float], radius: float, theta: float) -> Callable[[float], float]:
    """Convergence of the major-axis radius, normalized by the mass inside the ellipse of area pi theta^2."""

    def shape(m: float) -> float:
        return (radius / (q * m)) ** (slopes[0] if q * m < radius else slopes[1])

    edge = theta / np.sqrt(q)
    cut = min(radius / q, edge)
    inner = 2.0 * np.pi * q * (radius / q) ** slopes[0] * cut ** (2.0 - slopes[0]) / (2.0 - slopes[0])
    outer, _ = quad(lambda m: 2.0 * np.pi * q * m * shape(m), cut, max(edge, cut), epsabs=0.0, epsrel=1e-12)
    mass = inner + outer
    return lambda m: np.pi * theta**2 / mass * shape(m)


@pytest.mark.parametrize("q", [0.2, 0.6, 1.0])
@pytest.mark.parametrize("break_radius", [1e-3, 0.5, 4.0])
@pytest.mark.parametrize("slopes", [(1.5, 2.5), (0.4, 2.0), (1.0, 1.7), (1.7, 3.6)])
def test_deflection_and_convergence_of_a_broken_power_law_are_the_quadrature(slopes, break_radius, q):
    lens = mp.PowerLawBroken(
        ell_comps=along_major(q),
        einstein_radius=1.3,
        inner_slope=slopes[0],
        outer_slope=slopes[1],
        break_radius=break_radius,
    )
    kappa = broken_kappa(q, slopes, break_radius, 1.3)
    points = np.concatenate([points_at(r)[:2] for r in (0.02, 1.2, 60.0)])

    expected = np.array([schramm_deflection(kappa, q, p, break_radius=break_radius / q) for p in points])

    assert relative_error(lens.deflections_yx_2d_from(points), expected) < 1e-9
    m = np.sqrt(points[:, 1] ** 2 + points[:, 0] ** 2 / q**2)
    assert lens.convergence_2d_from(points) == pytest.approx(np.array([kappa(v) for v in m]), rel=1e-10)


@pytest.mark.parametrize("slopes", [(1.5, 2.5), (0.4, 2.0), (1.2, 1.2)])
def test_potential_of_a_broken_power_law_is_the_path_integral_of_its_deflection(slopes):
    lens = mp.PowerLawBroken(
        ell_comps=(0.3, -0.2), inner_slope=slopes[0], outer_slope=slopes[1], break_radius=0.3, einstein_radius=1.1
    )
    direction = np.array([0.6, 0.8])

    def along(root: float) -> float:
        # r = root^8 tames the singular centre
        return 8.0 * root**7 * float(lens.deflections_yx_2d_from(np.array([root**8 * direction]))[0] @ direction)

    m = float(lens.elliptical_radii_grid_from(np.array([direction]))[0])
    kink = (0.3 / float(lens.axis_ratio()) / m) ** 0.125
    for radius in (0.1, 2.0, 9.0):
        edges = sorted({0.0, min(kink, radius**0.125), radius**0.125})
        expected = sum(quad(along, a, b, epsabs=0.0, epsrel=1e-11)[0] for a, b in pairwise(edges))
        assert lens.potential_2d_from(np.array([radius * direction])) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("break_radius", [1e-9, 1e6])
def test_broken_power_law_with_its_break_out_of_sight_is_a_power_law(break_radius):
    slopes = {"inner_slope": 0.9, "outer_slope": 1.3}
    broken = mp.PowerLawBroken(ell_comps=(0.3, -0.2), einstein_radius=1.1, break_radius=break_radius, **slopes)
    slope = 1.0 + (1.3 if break_radius < 1.0 else 0.9)
    single = mp.PowerLawIntermediate(ell_comps=(0.3, -0.2), einstein_radius=1.1, slope=slope)
    points = np.concatenate([points_at(r) for r in (0.1, 0.7, 5.0)])

    for method in ("deflections_yx_2d_from", "convergence_2d_from", "shear_yx_2d_from"):
        expected = np.asarray(getattr(single, method)(points))
        assert getattr(broken, method)(points) == pytest.approx(expected, rel=1e-5 if break_radius < 1.0 else 1e-11)


def test_series_of_elliptical_shells_is_regular_where_the_power_is_a_logarithm():
    y, f = (np.array([0.3, -0.5]), np.array([-0.4, 0.1])), 0.55
    log, w = np.log(1.0 + y[0] + 1j * y[1]), mapped_from(y)

    value = excess_from(w, 1.0, f)
    near = excess_from(w, 1.0 + 1e-6, f)
    slope = second_excess_from(w, 1.0, f)

    assert value[0] + 1j * value[1] == pytest.approx(log, rel=1e-14)
    assert (near[0] - value[0]) / -2e-6 == pytest.approx(slope[0], rel=1e-5)


@pytest.mark.parametrize("m", [2, 3, 4, 7])
@pytest.mark.parametrize("slope", [1.3, 2.0, 2.7])
def test_multipole_is_the_harmonic_integral_of_its_convergence(m, slope):
    """psi_m = -[r^-m int_0^r kappa_m r'^(1 + m) + r^m int_r^inf kappa_m r'^(1 - m)] / m."""
    amplitude, phase, radius = 0.07, 0.4, 0.9
    comps = (amplitude * np.sin(m * phase), amplitude * np.cos(m * phase))
    lens = mp.PowerLawMultipole(m=m, einstein_radius=1.3, slope=slope, multipole_comps=comps)

    def kappa(r: float) -> float:
        return 0.5 * amplitude * (1.3 / r) ** (slope - 1.0)

    def radial(r: float) -> float:
        inner, _ = quad(lambda s: kappa(s) * s ** (1 + m), 0.0, r, epsabs=0.0, epsrel=1e-12)
        outer, _ = quad(lambda s: kappa(s) * s ** (1 - m), r, np.inf, epsabs=0.0, epsrel=1e-10)
        return -(r**-m * inner + r**m * outer) / m

    for angle in (0.0, 1.0, 4.0):
        point = radius * np.array([(np.sin(angle), np.cos(angle))])
        cosine = np.cos(m * (angle - phase))
        assert lens.potential_2d_from(point) == pytest.approx(radial(radius) * cosine, rel=1e-8)
        assert lens.convergence_2d_from(point) == pytest.approx(kappa(radius) * cosine, rel=1e-12)


def test_multipole_has_the_published_values():
    """Frozen from autolens 2026.10, whose potential is zero."""
    lens = mp.PowerLawMultipole(m=4, einstein_radius=1.3, slope=1.7, multipole_comps=(0.1, 0.05))
    points = np.array([(0.3, 0.7), (1.1, -0.4)])

    expected = np.array(
        [(0.011733602112634928, -0.015693350764981875), (-0.015349784780465552, -0.0063139227103840454)]
    )
    assert lens.deflections_yx_2d_from(points) == pytest.approx(expected, rel=1e-12)
    assert lens.convergence_2d_from(points) == pytest.approx([0.07084080951146002, 0.05768671213786354], rel=1e-12)


def test_lopsided_multipole_is_smooth_through_slope_two():
    """At slope 2 its potential is (k / 2) theta_E r ln(r / theta_E) cos(phi - phi_1)."""
    points = np.concatenate([points_at(r) for r in (0.02, 1.3, 7.0)])
    y, x = points.T

    def lens(slope: float) -> mp.PowerLawMultipole:
        return mp.PowerLawMultipole(m=1, einstein_radius=1.3, slope=slope, multipole_comps=(0.03, -0.04))

    radii = np.hypot(y, x)
    expected = 0.5 * 1.3 * np.log(radii / 1.3) * (0.03 * y - 0.04 * x)
    assert lens(2.0).potential_2d_from(points) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    middle = lens(2.0).deflections_yx_2d_from(points)
    below, above = (lens(2.0 + d).deflections_yx_2d_from(points) for d in (-1e-5, 1e-5))
    assert 0.5 * (below + above) == pytest.approx(middle, abs=1e-9)
    # frozen from autolens 2026.10 at slope 1.7, which lacks the uniform deflection that takes the pole away
    shift = 1.3 / (0.3 * 2.3) * np.array([0.1, 0.05])
    skew = mp.PowerLawMultipole(m=1, einstein_radius=1.3, slope=1.7, multipole_comps=(0.1, 0.05))
    published = np.array([(0.17666819134968362, 0.1180093713557401)])
    assert skew.deflections_yx_2d_from(np.array([(0.3, 0.7)])) + shift == pytest.approx(published, rel=1e-12)


@pytest.mark.parametrize("m", [0, -1, 2.5, True, "4"])
def test_order_that_is_no_positive_integer_is_refused(m):
    with pytest.raises(aa.exc.ProfileException, match="m="):
        mp.PowerLawMultipole(m=m)


def test_order_comes_first():
    lens = mp.PowerLawMultipole(3, (0.1, 0.2), 1.4, 2.1, (0.01, 0.02))

    assert (lens.m, lens.centre, lens.einstein_radius) == (3, (0.1, 0.2), 1.4)
    assert (lens.slope, lens.multipole_comps) == (2.1, (0.01, 0.02))


def test_mean_convergence_is_one_inside_the_ellipse_of_the_area_of_the_einstein_circle():
    lens = mp.PowerLawIntermediate(ell_comps=along_major(0.4), einstein_radius=1.3, slope=1.8)

    def integrand(root: float) -> float:
        m = root**4  # tames the singular centre
        return 4.0 * root**3 * 2.0 * np.pi * 0.4 * m * float(lens.convergence_2d_from(np.array([(0.0, m)]))[0])

    mass, _ = quad(integrand, 0.0, (1.3 / np.sqrt(0.4)) ** 0.25, epsabs=0.0, epsrel=1e-10)

    assert mass == pytest.approx(np.pi * 1.3**2, rel=1e-9)
