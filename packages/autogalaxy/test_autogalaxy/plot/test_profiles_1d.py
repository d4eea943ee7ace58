import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy import exc
from autogalaxy.plot.radial import angular_mass_within_from, einstein_radius_from, half_width_of, radii_from
from drawn_panels import axes_of

RADII = np.geomspace(0.05, 4.0, 40)


def curves_of(axes):
    return {line.get_label(): line.get_xydata() for line in axes.lines}


def test_light_against_radius_is_that_of_the_profile():
    galaxy = ag.Galaxy(redshift=0.5, light=ag.lp.Gaussian(centre=(0.3, -0.2), intensity=2.0, sigma=0.5))
    axes = ag.plot.plot_1d_light(galaxy, radii=RADII).axes[0]
    r, light = axes.lines[0].get_xydata().T
    assert r == pytest.approx(RADII)
    assert light == pytest.approx(2.0 * np.exp(-0.5 * (RADII / 0.5) ** 2))


def test_mean_convergence_of_an_ellipse_is_that_of_quadrature():
    mass = ag.mp.Isothermal(centre=(0.1, 0.2), ell_comps=(0.1, 0.2), einstein_radius=1.3)
    axes = ag.plot.plot_1d_convergence(mass, radii=RADII).axes[0]
    f = np.hypot(0.1, 0.2)
    q = (1.0 - f) / (1.0 + f)
    phi = 2.0 * np.pi * (np.arange(4000) + 0.5) / 4000
    b = 2.0 * q * 1.3 / (1.0 + q)
    mean = np.mean(b / (2.0 * np.sqrt(q**2 * np.cos(phi) ** 2 + np.sin(phi) ** 2)))  # Kormann et al. (1994)
    assert axes.lines[0].get_ydata() == pytest.approx(mean / RADII, rel=1e-9)


def test_mass_within_a_circle_is_the_closed_form_and_needs_no_centre_of_its_own_for_the_shear():
    sphere, shear = ag.mp.IsothermalSph(centre=(0.2, 0.1), einstein_radius=1.2), ag.mp.ExternalShear(gamma_1=0.1)
    galaxy = ag.Galaxy(redshift=0.5, shear=shear, mass=sphere)
    axes = ag.plot.plot_1d_mass(galaxy, radii=RADII).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx(np.pi * 1.2 * RADII, rel=1e-9)
    (marker,) = [line for line in axes.lines if line.get_label().startswith("Einstein")]
    assert marker.get_xdata()[0] == pytest.approx(1.2, rel=1e-6)


def test_mass_within_circles_agrees_with_the_profile_off_its_power_law():
    halo = ag.mp.NFWSph(kappa_s=0.3, scale_radius=2.0)
    found = angular_mass_within_from(halo, RADII, (0.0, 0.0))
    assert found == pytest.approx([halo.mass_angular_within_circle_from(r) for r in RADII], rel=1e-6)


def test_einstein_radius_outside_the_radii_is_not_marked():
    assert einstein_radius_from(RADII, np.pi * RADII**2 * 0.5) is None
    assert einstein_radius_from(RADII, np.pi * RADII**2 * (RADII / 0.7) ** -1.5) == pytest.approx(0.7, rel=1e-9)


def test_several_profiles_add_up_to_all():
    galaxy = ag.Galaxy(
        redshift=0.5, bulge=ag.lp.Gaussian(intensity=2.0, sigma=0.2), disk=ag.lp.Gaussian(intensity=0.5, sigma=0.9)
    )
    curves = curves_of(ag.plot.plot_1d_light(galaxy, radii=RADII).axes[0])
    assert curves["bulge"][:, 1] + curves["disk"][:, 1] == pytest.approx(curves["all"][:, 1])


def test_half_width_of_a_psf_is_that_of_its_gaussian():
    y, x = np.mgrid[-10:11, -10:11] * 0.05
    kernel = np.exp(-0.5 * (y**2 + x**2) / 0.08**2)
    psf = ag.Convolver(kernel / kernel.sum(), pixel_scales=0.05)
    assert half_width_of(psf) == pytest.approx(0.08 * np.sqrt(2.0 * np.log(2.0)), rel=0.02)


def result_of(einstein_error=0.02):
    """A posterior in which only the Einstein radius varies, normally distributed about 1.2."""
    mass = ag.Model(ag.mp.IsothermalSph, centre=(0.0, 0.0))
    lens = ag.Model(ag.Galaxy, redshift=0.5, light=ag.lp.Gaussian(intensity=1.0, sigma=0.4), mass=mass)
    model = ag.Collection(galaxies=ag.Collection(lens=lens, source=ag.Galaxy(redshift=1.0)))
    samples = ag.Samples(model, np.array([[1.2]]), np.zeros(1), covariance=np.array([[einstein_error**2]]))

    class Analysis:
        cosmology = ag.cosmo.Planck15()
        dataset = None

    return ag.Result(samples, Analysis())


def test_bands_hold_what_they_say_of_a_posterior():
    figure = ag.plot.plot_1d_convergence(result_of(), radii=RADII, n_draws=3000)
    axes, errors = axes_of(figure, "Convergence"), axes_of(figure, "Convergence: error")
    assert axes.lines[0].get_ydata() == pytest.approx(0.6 / RADII, rel=2e-3)
    wide, narrow = [0.5 * np.ptp(c.get_paths()[0].vertices[:, 1]) for c in errors.collections]
    assert narrow == pytest.approx(100.0 * 0.02 / 1.2 * 0.994, rel=0.06)  # quantile 0.84 of a normal distribution
    assert wide == pytest.approx(100.0 * 0.02 / 1.2 * 1.960, rel=0.06)
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["95 %", "68 %", "median", 'Einstein radius 1.20"']


def test_mass_of_a_result_is_in_solar_masses():
    axes = axes_of(ag.plot.plot_1d_mass(result_of(), radii=RADII, n_draws=400), "Mass")
    cosmology = ag.cosmo.Planck15()
    density = float(cosmology.critical_surface_density_between_redshifts_from(0.5, 1.0))
    assert axes.lines[0].get_ydata() == pytest.approx(np.pi * 1.2 * RADII * density, rel=4e-3)
    assert "M$_\\odot$" in axes.get_ylabel()


def test_all_there_is_stands_side_by_side_with_errors_below():
    figure = ag.plot.subplot_1d(result_of(), radii=RADII, n_draws=5)
    titles = ["Light", "Convergence", "Mass"]
    assert [axes.get_title() for axes in figure.axes] == titles + [f"{title}: error" for title in titles]
    figure = ag.plot.subplot_1d(ag.Galaxy(redshift=0.5, light=ag.lp.Gaussian()))
    assert [axes.get_title() for axes in figure.axes] == ["Light"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ag.plot.plot_1d_light(ag.mp.IsothermalSph()), "a IsothermalSph without light, wanted a galaxy"),
        (lambda: ag.plot.plot_1d_mass(ag.Galaxy(redshift=0.5)), "without mass, wanted a galaxy"),
        (lambda: ag.plot.plot_1d_light("lens"), "got a str without light"),
        (
            lambda: ag.plot.plot_1d_mass(result_of(), galaxy="halo"),
            r"galaxy='halo', wanted one of \['lens', 'source'\]",
        ),
        (lambda: ag.plot.plot_1d_mass(ag.mp.IsothermalSph(), galaxy="lens"), "chooses from a result"),
        (lambda: ag.plot.subplot_1d(ag.Galaxy(redshift=0.5)), "neither light nor mass"),
        (lambda: radii_from([1.0, 0.5]), "wanted at least two rising radii"),
    ],
)
def test_bad_calls_are_refused_with_what_is_wanted(call, message):
    with pytest.raises(exc.PlotException, match=message):
        call()
