import numpy as np
import pytest
from scipy.integrate import quad

import autoarray as aa
import autogalaxy as ag


def _ell_comps(axis_ratio, angle):
    f, phi = (1.0 - axis_ratio) / (1.0 + axis_ratio), np.deg2rad(angle)
    return f * np.sin(2.0 * phi), f * np.cos(2.0 * phi)


def _schramm_deflections(convergence, axis_ratio, angle, points):
    """Schramm (1990), eq. 25 and 26: deflections of a convergence of m^2 = x^2 + y^2 / q^2 as line integrals."""
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    deflections = []
    for y, x in points:
        along, across = cos * x + sin * y, cos * y - sin * x
        a = along * _schramm_integral(convergence, axis_ratio, along, across, power=0.5)
        b = across * _schramm_integral(convergence, axis_ratio, along, across, power=1.5)
        deflections.append((sin * a + cos * b, cos * a - sin * b))
    return np.array(deflections)


def _schramm_integral(convergence, axis_ratio, along, across, power):
    def integrand(t):  # u = t^2 takes the root of a singular centre away
        below = 1.0 - (1.0 - axis_ratio**2) * t**2
        return 2.0 * t * convergence(t**2 * (along**2 + across**2 / below)) / below**power

    return axis_ratio * quad(integrand, 0.0, 1.0, epsabs=0.0, epsrel=1e-12, limit=400)[0]


def _points(scale):
    radii, angles = scale * np.geomspace(0.01, 100.0, 7), np.linspace(0.2, 6.0, 7)
    return np.stack((radii * np.sin(angles), radii * np.cos(angles)), axis=-1)


@pytest.mark.parametrize("axis_ratio", [0.2, 0.7, 0.999, 1.0])
@pytest.mark.parametrize("core", [0.0, 0.01, 2.0])
def test_cored_isothermal_deflections_are_the_quadrature_of_the_convergence(axis_ratio, core):
    points = _points(max(core, 0.5))
    lens = ag.mp.IsothermalCore(ell_comps=_ell_comps(axis_ratio, 35.0), einstein_radius=1.3, core_radius=core)
    expected = _schramm_deflections(
        lambda squared: 1.3 / (1.0 + axis_ratio) / np.sqrt(core**2 + squared), axis_ratio, 35.0, points
    )

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array

    assert np.abs(deflections - expected).max(axis=1) / np.hypot(*expected.T) == pytest.approx(0.0, abs=1e-13)


def test_cored_isothermal_without_core_is_the_singular_one():
    points, ell_comps = aa.Grid2DIrregular([(0.3, -1.1), (2.0, 0.4)]), _ell_comps(0.6, 20.0)
    cored = ag.mp.IsothermalCore(ell_comps=ell_comps, einstein_radius=1.3, core_radius=0.0)
    singular = ag.mp.Isothermal(ell_comps=ell_comps, einstein_radius=1.3)

    for name in ("deflections_yx_2d_from", "convergence_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        assert getattr(cored, name)(points).array == pytest.approx(getattr(singular, name)(points).array, rel=1e-13)


def test_cored_isothermal_convergence_at_its_centre_and_radius():
    lens = ag.mp.IsothermalCoreSph(einstein_radius=1.3, core_radius=0.4)

    convergence = lens.convergence_2d_from(aa.Grid2DIrregular([(0.0, 0.0), (0.0, 0.3)])).array

    assert convergence == pytest.approx([0.65 / 0.4, 0.65 / 0.5], rel=1e-14)
