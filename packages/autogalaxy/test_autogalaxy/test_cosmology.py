from dataclasses import dataclass

import astropy.cosmology
import astropy.units as u
import numpy as np
import pytest
from astropy import constants
from scipy import integrate

import autoarray as aa
from autoarray import exc
from autogalaxy import cosmology as cosmo

REDSHIFTS = np.array([0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0])

PAIRS = {
    "default": (
        cosmo.FlatLambdaCDM(),
        astropy.cosmology.FlatLambdaCDM(H0=67.66, Om0=0.30966, Tcmb0=2.7255, Neff=3.046, Ob0=0.04897),
    ),
    "planck15": (cosmo.Planck15(), astropy.cosmology.Planck15),
    "three_massive_neutrinos": (
        cosmo.FlatLambdaCDM(H0=70.0, Om0=0.3, m_nu=0.3),
        astropy.cosmology.FlatLambdaCDM(H0=70.0, Om0=0.3, Tcmb0=2.7255, Neff=3.046, m_nu=0.3 * u.eV),
    ),
    "no_radiation": (
        cosmo.FlatLambdaCDM(H0=70, Om0=0.3, Tcmb0=0.0),
        astropy.cosmology.FlatLambdaCDM(H0=70.0, Om0=0.3, Tcmb0=0.0),
    ),
    "sterile_fraction_of_a_neutrino": (
        cosmo.FlatLambdaCDM(H0=70.0, Om0=0.3, Neff=0.4),
        astropy.cosmology.FlatLambdaCDM(H0=70.0, Om0=0.3, Tcmb0=2.7255, Neff=0.4),
    ),
}


def between(theirs, nearer, farther):
    """Angular diameter distance of a flat universe, from one redshift to another."""
    return (theirs.comoving_distance(farther) - theirs.comoving_distance(nearer)) / (1.0 + farther)


@pytest.fixture(params=list(PAIRS))
def pair(request):
    return PAIRS[request.param]


def test_distances_to_earth_are_those_of_astropy(pair):
    ours, theirs = pair

    assert ours.comoving_distance_mpc_from(REDSHIFTS) == pytest.approx(theirs.comoving_distance(REDSHIFTS).value, 1e-9)
    assert ours.luminosity_distance_mpc_from(REDSHIFTS) == pytest.approx(
        theirs.luminosity_distance(REDSHIFTS).value, 1e-9
    )
    assert ours.angular_diameter_distance_to_earth_in_kpc_from(REDSHIFTS) == pytest.approx(
        theirs.angular_diameter_distance(REDSHIFTS).to_value("kpc"), 1e-9
    )


def test_distances_between_redshifts_are_those_of_astropy(pair):
    ours, theirs = pair
    nearer, farther = REDSHIFTS[:-1], REDSHIFTS[1:]

    distances = ours.angular_diameter_distance_between_redshifts_in_kpc_from(nearer, farther)

    assert distances == pytest.approx(between(theirs, nearer, farther).to_value("kpc"), 1e-9)


def test_scales_on_the_sky_are_those_of_astropy(pair):
    ours, theirs = pair

    assert ours.kpc_per_arcsec_from(REDSHIFTS) == pytest.approx(
        theirs.kpc_proper_per_arcmin(REDSHIFTS).to_value("kpc / arcsec"), 1e-9
    )
    assert ours.arcsec_per_kpc_from(0.5) == pytest.approx(theirs.arcsec_per_kpc_proper(0.5).value, 1e-9)


def test_critical_density_of_the_universe_is_that_of_astropy(pair):
    ours, theirs = pair
    expected = theirs.critical_density(REDSHIFTS)

    assert ours.critical_density_from(REDSHIFTS) == pytest.approx(expected.to_value("g / cm3"), 1e-9)
    assert ours.critical_density_solar_mass_per_kpc3_from(REDSHIFTS) == pytest.approx(
        expected.to_value("solMass / kpc3"), 1e-9
    )


def test_critical_surface_density_follows_from_constants_and_distances_of_astropy():
    ours, theirs = PAIRS["planck15"]
    d_l, d_s = theirs.angular_diameter_distance(0.222), theirs.angular_diameter_distance(0.609)
    d_ls = between(theirs, 0.222, 0.609)
    expected = constants.c**2 / (4.0 * np.pi * constants.G) * d_s / (d_l * d_ls)
    arcsec2 = ((1.0 * u.arcsec).to_value("rad") * d_l) ** 2

    per_kpc2 = ours.critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(0.222, 0.609)
    per_arcsec2 = ours.critical_surface_density_between_redshifts_from(0.222, 0.609)

    assert per_kpc2 == pytest.approx(expected.to_value("solMass / kpc2"), rel=1e-9)
    assert per_arcsec2 == pytest.approx((expected * arcsec2).to_value("solMass"), rel=1e-9)


def test_scaling_factor_is_one_for_the_final_plane_and_zero_for_the_lens_itself():
    ours = cosmo.FlatLambdaCDM()

    assert ours.scaling_factor_between_redshifts_from(0.5, 2.0, 2.0) == pytest.approx(1.0, rel=1e-14)
    assert ours.scaling_factor_between_redshifts_from(0.5, 0.5, 2.0) == 0.0
    assert ours.scaling_factor_between_redshifts_from(2.0, 2.0, 2.0) == 0.0


def test_scaling_factor_is_the_ratio_of_distances_of_astropy():
    ours, theirs = PAIRS["default"]
    expected = (
        between(theirs, 0.5, 1.0) * between(theirs, 0.0, 2.0) / (between(theirs, 0.0, 1.0) * between(theirs, 0.5, 2.0))
    )

    assert ours.scaling_factor_between_redshifts_from(0.5, 1.0, 2.0) == pytest.approx(expected.value, rel=1e-9)
    assert ours.scaling_factor_between_redshifts_from(0.5, 3.0, 2.0) > 1.0


def test_einstein_de_sitter_universe_has_its_closed_form():
    ours = cosmo.FlatLambdaCDM(H0=50.0, Om0=1.0, Tcmb0=0.0)
    expected = 2.0 * 299792.458 / 50.0 * (1.0 - 1.0 / np.sqrt(1.0 + REDSHIFTS))

    assert ours.comoving_distance_mpc_from(REDSHIFTS) == pytest.approx(expected, rel=1e-12)


def test_time_delay_distance_and_days_follow_from_constants_and_distances_of_astropy():
    ours, theirs = PAIRS["default"]
    d_l, d_s = theirs.angular_diameter_distance(0.6), theirs.angular_diameter_distance(1.4)
    distance = 1.6 * d_l * d_s / between(theirs, 0.6, 1.4)
    days = (distance / constants.c).to_value("day") * (1.0 * u.arcsec).to_value("rad") ** 2

    assert ours.time_delay_distance_mpc_from(0.6, 1.4) == pytest.approx(distance.to_value("Mpc"), rel=1e-9)
    assert ours.days_per_arcsec2_from(0.6, 1.4) == pytest.approx(days, rel=1e-9)


def test_isothermal_sphere_of_its_velocity_dispersion_has_the_einstein_radius():
    ours, theirs = PAIRS["default"]
    ratio = between(theirs, 0.3, 1.0) / theirs.angular_diameter_distance(1.0)

    sigma = ours.velocity_dispersion_from(0.3, 1.0, einstein_radius=1.2)

    radius = 4.0 * np.pi * (sigma * u.km / u.s / constants.c).to_value("") ** 2 * ratio.value * u.rad
    assert radius.to_value("arcsec") == pytest.approx(1.2, rel=1e-9)


def test_recombination_is_reached_by_the_fixed_nodes():
    ours = cosmo.FlatLambdaCDM()
    expected, _ = integrate.quad(lambda u: np.exp(u) * ours.inverse_efunc_from(np.exp(u) - 1.0), 0.0, np.log(1090.0))

    assert ours.comoving_distance_mpc_from(1089.0) == pytest.approx(299792.458 / 67.66 * expected, rel=1e-9)


@pytest.mark.parametrize(
    "parameters",
    [
        {"H0": 0.0},
        {"H0": -70.0},
        {"H0": np.nan},
        {"Om0": np.inf},
        {"Om0": -0.1},
        {"Om0": "0.3"},
        {"H0": None},
        {"Tcmb0": -1.0},
        {"m_nu": -0.1},
        {"m_nu": (0.0, 0.06)},
    ],
)
def test_parameter_outside_its_domain_is_named(parameters):
    with pytest.raises(exc.CosmologyException, match=next(iter(parameters))):
        cosmo.FlatLambdaCDM(**parameters)


@pytest.mark.parametrize("redshift", [-0.1, np.nan, np.inf, np.array([0.5, -1.0]), [0.5, np.nan]])
def test_redshift_outside_its_domain_is_an_error(redshift):
    with pytest.raises(exc.CosmologyException, match="wanted a finite number not below 0"):
        cosmo.Planck15().kpc_per_arcsec_from(redshift)


def test_source_before_the_lens_is_an_error():
    ours = cosmo.FlatLambdaCDM()

    with pytest.raises(exc.CosmologyException, match="swap the arguments"):
        ours.angular_diameter_distance_between_redshifts_in_kpc_from(1.0, 0.5)
    with pytest.raises(exc.CosmologyException, match="both at redshift"):
        ours.critical_surface_density_between_redshifts_from(0.5, 0.5)
    with pytest.raises(exc.CosmologyException, match="redshift 0"):
        ours.time_delay_distance_mpc_from(0.0, 0.5)
    with pytest.raises(exc.CosmologyException, match="z > 0"):
        ours.arcsec_per_kpc_from(0.0)


def test_hubble_constant_and_matter_density_are_the_free_parameters():
    from dataclasses import fields

    free = {f.name: f.metadata["prior"] for f in fields(cosmo.Planck15) if "prior" in f.metadata}

    assert list(free) == ["H0", "Om0"]
    assert all(isinstance(prior, aa.UniformPrior) for prior in free.values())


def test_equal_cosmologies_are_one_constant_and_different_ones_are_not():
    assert cosmo.FlatLambdaCDM(H0=70).static_key == cosmo.FlatLambdaCDM(H0=70.0).static_key
    assert cosmo.FlatLambdaCDM(H0=70.0).static_key != cosmo.FlatLambdaCDM(H0=71.0).static_key
    assert cosmo.FlatLambdaCDM().static_key != cosmo.Planck15().static_key


def test_the_constant_of_a_subclass_counts_its_own_fields_and_class():
    def of_dark_energy(w0):
        @dataclass(eq=False)
        class DarkEnergy(cosmo.FlatLambdaCDM):
            w0: float = -1.0

        return DarkEnergy, DarkEnergy(w0=w0)

    cls, one = of_dark_energy(-0.9)

    assert one.static_key == cls(w0=-0.9).static_key
    assert one.static_key != cls(w0=-0.8).static_key
    assert one.static_key != of_dark_energy(-0.9)[1].static_key
    assert cls(w0=np.ones(2)).static_key is None
