import numpy as np
import pytest
from astropy import constants, units
from astropy.cosmology import Planck15
from scipy.special import gamma, gammaincinv

import autolens as al
from autogalaxy.inference import latent
from autolens.analysis.latents import magnification_from

SCALE = 0.05


def dataset_of(tracer, shape=(80, 80)):
    """Noiseless image of a tracer."""
    mask = al.Mask2D.circular(shape, radius=1.9, pixel_scales=SCALE)
    noise = np.full(shape, 0.01)
    empty = al.Imaging(data=np.zeros(shape), noise_map=noise, pixel_scales=SCALE, over_sample_size_lp=4)
    empty = empty.apply_mask(mask)
    return empty.with_data(al.FitImaging(empty, tracer).model_data)


def latents_of(galaxies, **settings):
    instance = al.ModelInstance({"galaxies": al.ModelInstance(galaxies)})
    tracer = al.Tracer(settings.pop("truth", galaxies).values())
    return al.AnalysisImaging(dataset_of(tracer), **settings).latents_from(instance)


def sie_and_source(**light):
    lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=1.2, ell_comps=(0.1, 0.2)))
    return {"lens": lens, "source": al.Galaxy(redshift=1.0, **light)}


def test_einstein_radius_and_mass_of_an_isothermal_ellipsoid():
    found = latents_of(sie_and_source(bulge=al.lp.SersicSph(centre=(0.1, 0.0), effective_radius=0.2)))

    f = np.hypot(0.1, 0.2)
    q = (1.0 - f) / (1.0 + f)
    # the critical curve is kappa = 1/2, an ellipse of semi-axes m and q m with m = 2 theta_E / (1 + q)
    radius = 2.0 * np.sqrt(q) / (1.0 + q) * 1.2
    d_l, d_s = (Planck15.angular_diameter_distance(z) for z in (0.5, 1.0))
    d_ls = (Planck15.comoving_distance(1.0) - Planck15.comoving_distance(0.5)) / 2.0  # a flat universe
    angle = (radius * units.arcsec).to(units.rad).value
    mass = constants.c**2 / (4.0 * constants.G) * angle**2 * d_l * d_s / d_ls
    assert found["einstein_radius"] == pytest.approx(radius, rel=1e-7)
    assert found["einstein_mass"] == pytest.approx(mass.to(units.M_sun).value, rel=1e-4)
    assert found["galaxies.lens.mass.axis_ratio"] == pytest.approx(q, rel=1e-12)
    assert found["galaxies.lens.mass.angle"] == pytest.approx(np.degrees(0.5 * np.arctan2(0.1, 0.2)), rel=1e-12)
    assert "galaxies.source.bulge.axis_ratio" not in found  # it is round


def test_flux_and_magnitude_of_a_sersic_profile():
    light = al.lp.Sersic(ell_comps=(0.2, 0.0), intensity=3.0, effective_radius=0.3, sersic_index=2.5)

    found = latents_of(sie_and_source(disk=light), magnitude_zero_point=25.5)

    b = gammaincinv(5.0, 0.5)
    flux = 2.0 * np.pi * 2.5 * 3.0 * 0.3**2 * np.exp(b) * b**-5.0 * gamma(5.0) / SCALE**2
    assert found["galaxies.source.disk.total_flux"] == pytest.approx(flux, rel=1e-6)
    assert found["galaxies.source.disk.magnitude"] == pytest.approx(25.5 - 2.5 * np.log10(flux), abs=1e-6)


def test_magnification_of_a_small_source_behind_an_isothermal_sphere():
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.2))
    source = al.Galaxy(redshift=1.0, bulge=al.lp.GaussianSph(centre=(0.0, 0.4), sigma=0.05, intensity=2.0))

    found = latents_of({"lens": lens, "source": source})

    assert found["galaxies.source.magnification"] == pytest.approx(2.0 * 1.2 / 0.4, rel=0.02)
    assert "galaxies.lens.magnification" not in found


def test_linear_light_has_the_flux_that_is_solved_for():
    shape = {"ell_comps": (0.1, 0.1), "effective_radius": 0.2, "centre": (0.05, 0.1)}
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.2))
    truth = {"lens": lens, "source": al.Galaxy(redshift=1.0, disk=al.lp.Exponential(intensity=2.0, **shape))}
    linear = {"lens": lens, "source": al.Galaxy(redshift=1.0, disk=al.lp_linear.Exponential(**shape))}

    found, wanted = latents_of(linear, truth=truth), latents_of(truth)

    assert list(found) == list(wanted)
    assert [float(value) for value in found.values()] == pytest.approx([float(v) for v in wanted.values()], rel=1e-6)


def test_a_lens_too_weak_for_a_critical_curve_has_no_einstein_radius():
    weak = al.mp.IsothermalCore(einstein_radius=0.1, core_radius=1.0)
    galaxies = {"lens": al.Galaxy(redshift=0.5, mass=weak), "source": al.Galaxy(redshift=1.0, bulge=al.lp.SersicSph())}

    assert np.isnan(latents_of(galaxies)["einstein_radius"])


def test_errors_are_those_of_the_parameters():
    model = al.Collection(galaxies=al.Collection(**sie_and_source(bulge=al.lp.SersicSph(effective_radius=0.2))))
    model.galaxies.lens = al.Model(al.Galaxy, redshift=0.5, mass=al.Model(al.mp.Isothermal, ell_comps=(0.1, 0.2)))
    model.galaxies.lens.mass.centre = (0.0, 0.0)
    samples = al.Samples(model, [[1.2]], [0.0], covariance=[[0.01**2]])
    analysis = al.AnalysisImaging(dataset_of(al.Tracer(model.instance_from_vector([1.2]).galaxies), shape=(40, 40)))

    latents = latent.latents_of(al.Result(samples, analysis), n_draws=60)

    radius, q = latents["einstein_radius"], latents["galaxies.lens.mass.axis_ratio"]
    factor = 2.0 * np.sqrt(q.median) / (1.0 + q.median)
    assert radius.lower_error + radius.upper_error == pytest.approx(2.0 * 0.01 * factor, rel=0.35)
    assert q.lower_error == q.upper_error == 0.0
    assert latents["einstein_mass"].unit == "solMass"
    ratio = latents["einstein_mass"].upper_error / latents["einstein_mass"].median
    assert ratio == pytest.approx(2.0 * radius.upper_error / radius.median, rel=0.05)


def test_zero_point_that_is_no_number_is_refused():
    with pytest.raises(al.exc.DatasetException, match="zero_point='AB'"):
        al.AnalysisImaging(dataset_of(al.Tracer(sie_and_source().values())), magnitude_zero_point="AB")


def test_a_source_without_light_has_no_magnification():
    source = al.Galaxy(redshift=1.0, light=al.lp.SersicSph(intensity=0.0))
    tracer = al.Tracer([al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.0)), source])
    grid = al.Grid2D.uniform(shape_native=(20, 20), pixel_scales=0.2, over_sample_size=1)
    assert np.isnan(magnification_from(tracer, source, grid))
