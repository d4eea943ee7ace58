"""Changes of a lens model that would fit better: the size of what is missing is known, because it was put there."""

from __future__ import annotations

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.verdict_checks import verdict_from

NOISE = 0.02
MASS = {"centre": (0.02, -0.01), "ell_comps": (0.06, 0.1), "einstein_radius": 1.1}
SOURCE = {"centre": (0.1, 0.06), "ell_comps": (0.15, -0.1), "intensity": 1.5, "effective_radius": 0.25}


def _psf(sigma=0.1):
    return al.Convolver.from_gaussian((9, 9), 0.1, sigma=sigma, normalize=True)


def _tracer(mass=(), source=None, isothermal=None):
    lens = al.Galaxy(
        redshift=0.5,
        light=al.lp.Sersic(centre=(0.02, -0.01), intensity=0.4, effective_radius=0.5, sersic_index=2.0),
        mass=isothermal or al.mp.Isothermal(**MASS),
        **dict(mass),
    )
    source = al.Galaxy(redshift=1.0, light=source or al.lp.Sersic(**SOURCE, sersic_index=1.5))
    return al.Tracer([lens, source])


def _dataset(tracer, psf=None, seed=None):
    """The image of a tracer with noise drawn from a seed, or without any."""
    grid = al.Grid2D.uniform((60, 60), pixel_scales=0.1)
    image = tracer.image_2d_from(grid.padded_grid_from((9, 9)))
    image = _psf().convolved_extended_image_from(image, al.Mask2D.all_false((60, 60), 0.1))
    noise = 0.0 if seed is None else NOISE * np.random.default_rng(seed).normal(size=3600)
    data = al.Array2D.no_mask((image.array + noise).reshape(60, 60), pixel_scales=0.1)
    dataset = al.Imaging(data=data, noise_map=data * 0.0 + NOISE, psf=psf or _psf())
    return dataset.apply_mask(al.Mask2D.circular((60, 60), radius=2.4, pixel_scales=0.1))


def _model(light=al.lp.Sersic):
    """Einstein radius and ellipticity, and the place and brightness of the source, are free."""
    ellipticity = tuple(al.UniformPrior(-0.4, 0.4) for _ in range(2))
    mass = al.Model(
        al.mp.Isothermal, **{**MASS, "einstein_radius": al.UniformPrior(0.5, 2.0), "ell_comps": ellipticity}
    )
    lit = al.Model(al.lp.Sersic, centre=(0.02, -0.01), ell_comps=(0.0, 0.0), intensity=0.4)
    lit.effective_radius, lit.sersic_index = 0.5, 2.0
    fixed = {k: v for k, v in SOURCE.items() if k not in ("intensity", "centre") and hasattr(light, k)}
    if light is al.lp.SersicSph:
        del fixed["ell_comps"]
    centre = tuple(al.UniformPrior(-0.3, 0.3) for _ in range(2))
    bright = al.Model(light, **fixed, centre=centre, sersic_index=1.5, intensity=al.UniformPrior(0.0, 5.0))
    lens = al.Model(al.Galaxy, redshift=0.5, light=lit, mass=mass)
    return al.Collection(galaxies=al.Collection(lens=lens, source=al.Model(al.Galaxy, redshift=1.0, light=bright)))


def _findings(dataset, light=al.lp.Sersic):
    """What the analysis finds at the truth of what the model has."""
    model = _model(light)
    values = dict.fromkeys(model.paths, 0.0) | {
        "galaxies.lens.mass.einstein_radius": MASS["einstein_radius"],
        "galaxies.source.light.intensity": SOURCE["intensity"],
    }
    for i in (0, 1):
        values[f"galaxies.lens.mass.ell_comps.ell_comps_{i}"] = MASS["ell_comps"][i]
        values[f"galaxies.source.light.centre.centre_{i}"] = SOURCE["centre"][i]
    instance = model.instance_from_vector(np.array([values[path] for path in model.paths]))
    return {f.name: f for f in al.AnalysisImaging(dataset=dataset).verdict_findings_from(instance, model)}


def _numbers(text):
    """The signed numbers in a sentence."""
    return [float(word.strip("(),:%")) for word in text.split() if word.strip("(),:%")[:1] in "+-"]


def test_the_true_model_with_noise_is_good_in_everything():
    findings = _findings(_dataset(_tracer(), seed=1))

    assert {f.grade for f in findings.values()} == {"good"}
    assert {"arcs", "missing.external_shear", "missing.width_of_the_PSF", "missing.slope_of_the_mass"} <= set(findings)


def test_a_shear_that_is_missing_is_found_with_its_components():
    shear = al.mp.ExternalShear(gamma_1=0.004, gamma_2=-0.003)

    found = _findings(_dataset(_tracer({"shear": shear})))["missing.external_shear"]

    assert found.grade == "check" and "al.mp.ExternalShear" in found.text
    assert _numbers(found.text)[:2] == pytest.approx([0.004, -0.003], abs=0.0006)


def test_a_slope_that_is_not_isothermal_is_found():
    steeper = al.mp.PowerLaw(**MASS, slope=2.03)

    found = _findings(_dataset(_tracer(isothermal=steeper)))["missing.slope_of_the_mass"]

    assert found.grade == "check"
    assert float(found.text.split("slope ")[1].split()[0]) == pytest.approx(2.03, abs=0.005)


def test_a_boxy_mass_is_found():
    wave = al.mp.PowerLawMultipole(
        m=4, centre=MASS["centre"], einstein_radius=1.1, slope=2.0, multipole_comps=(0.01, 0.0)
    )

    found = _findings(_dataset(_tracer({"wave": wave})))["missing.boxy_or_disky_mass"]

    assert found.grade == "check"
    assert float(found.text.split("amplitude ")[1].split(")")[0]) == pytest.approx(0.01, abs=0.002)


@pytest.mark.parametrize(("sigma", "direction"), [(0.11, "narrower"), (0.09, "wider")])
def test_a_psf_of_the_wrong_width_is_found_with_its_direction(sigma, direction):
    found = _findings(_dataset(_tracer(), psf=_psf(sigma)))["missing.width_of_the_PSF"]

    assert found.grade == "check" and direction in found.text
    assert float(found.text.split("about ")[1].split(" %")[0]) == pytest.approx(10.0, abs=4.0)


def test_a_source_that_is_not_round_is_found_in_a_model_that_cannot_be_elliptical():
    source = al.lp.Sersic(**{**SOURCE, "ell_comps": (0.03, -0.02)}, sersic_index=1.5)

    found = _findings(_dataset(_tracer(source=source)), light=al.lp.SersicSph)["missing.ellipticity_of_the_source"]

    assert found.grade == "check"
    assert _numbers(found.text)[:2] == pytest.approx([0.03, -0.02], abs=0.011)


def test_arcs_without_a_source_in_the_right_place_fail():
    model, dataset = _model(), _dataset(_tracer(), seed=2)
    vector = np.array(model.physical_values_from_prior_medians)
    vector[model.paths.index("galaxies.lens.mass.einstein_radius")] = 0.5
    samples = al.Samples(model, vector[None], [0.0], covariance=1e-6 * np.eye(len(vector)))
    info = {"starts_followed": 1, "starts_agreeing": 1, "converged": True}

    verdict = verdict_from(info, samples, al.AnalysisImaging(dataset=dataset), model)

    assert verdict.grade == "failed" and "the arcs are not modelled" in verdict.reasons[0]
