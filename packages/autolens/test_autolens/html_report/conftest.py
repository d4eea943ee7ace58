"""A lens at its truth with a Gaussian posterior, as a result in memory and in a folder."""

import functools

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.latent import latents_of

LENS = al.Galaxy(
    redshift=0.5,
    light=al.lp.Sersic(ell_comps=(0.05, 0.1), intensity=1.0, effective_radius=0.6, sersic_index=3.0),
    mass=al.mp.Isothermal(ell_comps=(0.0, 1.0 / 9.0), einstein_radius=1.2),
    shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.04),
)
SOURCE = al.Galaxy(redshift=1.0, light=al.lp.SersicSph(centre=(0.1, 0.05), intensity=1.0, effective_radius=0.2))
SIGMA = np.array([0.01, 0.01, 0.002, 0.003])


def analysis_and_samples(name="lens"):
    """Free are the shape of the mass, its Einstein radius and one component of the shear."""
    grid = al.Grid2D.uniform(shape_native=(50, 50), pixel_scales=0.1, over_sample_size=2)
    simulator = al.SimulatorImaging(exposure_time=1000.0, background_sky_level=0.1, noise_seed=1)
    dataset = simulator.via_tracer_from(al.Tracer([LENS, SOURCE]), grid)
    dataset = dataset.apply_mask(al.Mask2D.circular((50, 50), radius=2.0, pixel_scales=0.1))
    mass = al.Model(al.mp.Isothermal, centre=(0.0, 0.0), einstein_radius=al.UniformPrior(0.5, 3.0))
    shear = al.Model(al.mp.ExternalShear, gamma_1=0.03, gamma_2=al.GaussianPrior(0.0, 0.1))
    lens = al.Model(al.Galaxy, redshift=0.5, light=LENS.light, mass=mass, shear=shear)
    model = al.Collection(galaxies=al.Collection(**{name: lens, "source": SOURCE}))
    best = np.array([[0.0, 1.0 / 9.0, 1.2, -0.04]])
    samples = al.Samples(model, best, np.array([10.0]), covariance=np.diag(SIGMA**2))
    return al.AnalysisImaging(dataset), samples


@functools.cache
def _latents():
    """From few draws, once: they take most of the time of a page."""
    analysis, samples = analysis_and_samples()
    return latents_of(samples, analysis=analysis, n_draws=4).to_dict()


def result_of(name="lens", finished=True, grade="good"):
    """As a search leaves it."""
    analysis, samples = analysis_and_samples(name)
    result = analysis.make_result(samples, None)
    result.search_info = {"search": "Auto", "seed": 1, "interrupted": not finished, "log_likelihood": 10.0}
    result.search_info["latents"] = _latents()
    result.verdict = al.Verdict.of([al.Finding("sampling", grade, "It was <b>sampled</b>.", 1.0, 2.0)])
    return result


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A results folder; tests copy it before they change anything."""
    path = tmp_path_factory.mktemp("results") / "lens"
    result_of().write(path)
    return path
