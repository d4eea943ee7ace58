"""Time delays and Hessians of lenses at one and two redshifts against another code.

The numbers were made with lenstronomy 1.14.2 called as a black box (``SIE`` with theta_E times 2 sqrt(q) / (1 + q),
``SHEAR``, ``SIS``; each ray has its own source; multi-plane Hessian by its differences of 1e-6 arcsec).
"""

import numpy as np
import pytest

import autolens as al

POINTS = np.array([(0.9, 0.7), (-1.1, 0.4), (0.2, -1.3), (0.3, 0.25)])
COSMOLOGY = al.cosmo.FlatLambdaCDM(H0=70.0, Om0=0.3, Tcmb0=0.0)


def tracer(*between):
    mass = al.mp.Isothermal(centre=(-0.05, 0.1), ell_comps=(0.1, -0.2), einstein_radius=1.2)
    lens = al.Galaxy(redshift=0.5, mass=mass, shear=al.mp.ExternalShear(gamma_1=0.05, gamma_2=-0.03))
    return al.Tracer([lens, *between, al.Galaxy(redshift=1.5)], cosmology=COSMOLOGY)


def halo():
    return al.Galaxy(redshift=0.8, mass=al.mp.IsothermalSph(centre=(0.2, 0.3), einstein_radius=0.3))


def test_time_delays_of_a_sheared_ellipsoid():
    days = tracer().time_delays_from(al.Grid2DIrregular(POINTS))

    assert isinstance(days, al.ArrayIrregular)
    assert days.array == pytest.approx(
        [-60.158504027173606, -54.826389017896034, -88.30609556816238, 14.097364732751839], rel=1e-8
    )


def test_time_delays_through_two_planes():
    days = tracer(halo()).time_delays_from(POINTS)

    assert days == pytest.approx(
        [-44.082193679295685, -71.68382289053629, -101.48730718140708, -40.37478961028036], rel=1e-8
    )


def test_hessian_through_two_planes():
    yy, xy, yx, xx = al.LensCalc.from_tracer(tracer(halo())).hessian_from(POINTS)

    assert xx == pytest.approx(
        [1.4737074296999886, 1.267017448458585, 0.08240313376095543, 2.7306653245240398], abs=1e-8
    )
    assert yy == pytest.approx(
        [0.28440118293726613, 0.07557089543031026, 0.8087374751275522, 0.4644511787943450], abs=1e-8
    )
    assert xy == pytest.approx(
        [-0.22033896501794, 0.12553432493511707, 0.04497828010041616, -1.3025291737411848], abs=1e-8
    )
    assert yx == pytest.approx(
        [-0.5970777651187475, 0.2371974875403637, 0.01305389413233, -1.0116725816522454], abs=1e-8
    )
