"""Simulated lenses against what their file says."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal

import autolens as al
from autolens.description.simulation import Simulation

LENS = """
[galaxies.lens]
redshift = 0.2
[galaxies.lens.mass]
profile = "mp.IsothermalSph"
centre = [0.0, 0.0]
einstein_radius = { prior = "uniform", lower = 0.8, upper = 1.2 }
[galaxies.source]
redshift = 0.6
[galaxies.source.light]
profile = "lp.ExponentialSph"
centre = [0.05, 0.1]
intensity = 3.0
effective_radius = 0.3
[dataset]
shape = [40, 44]
pixel_scale = 0.1
psf = { fwhm = 0.2 }
exposure_time = 500.0
background = 0.5
"""


def simulation_of(folder, text: str = LENS) -> Simulation:
    (folder / "lens.toml").write_text(text)
    return Simulation.from_file(folder / "lens.toml")


def test_dataset_has_the_light_of_the_lens_and_its_poisson_noise(tmp_path):
    lens = simulation_of(tmp_path).lens()
    dataset = lens.dataset
    kernel = np.asarray(dataset.psf.kernel.native.array)
    grid = al.Grid2D.uniform((40, 44), pixel_scales=0.1, over_sample_size=12)
    image = np.asarray(al.Tracer(lens.instance.galaxies).image_2d_from(grid).native.array)
    expected = scipy.signal.convolve2d(image, kernel, mode="same")
    inside = slice(6, -6), slice(6, -6)  # beyond, light comes in from outside the frame

    assert dataset.shape_native == (40, 44)
    variance = np.asarray(dataset.noise_map.native.array) ** 2
    assert variance[inside] * 500.0 - 0.5 == pytest.approx(expected[inside], rel=2e-3)
    normalized = (np.asarray(dataset.data.native.array) - expected)[inside] / np.sqrt(variance[inside])
    assert np.mean(normalized**2) == pytest.approx(1.0, abs=5.0 * np.sqrt(2.0 / normalized.size))


def test_psf_has_the_width_that_was_asked_for(tmp_path):
    kernel = simulation_of(tmp_path).observing.psf.kernel
    y = kernel.mask.grid_slim[:, 0]
    values = np.asarray(kernel.array)

    assert values.sum() == pytest.approx(1.0)
    assert np.sqrt(np.sum(values * y**2)) == pytest.approx(0.2 / 2.3548200450309493, rel=0.02)


def test_same_seed_gives_the_same_lens_and_others_differ(tmp_path):
    simulation = simulation_of(tmp_path)
    first, again, second = simulation.lens(0, 3), simulation.lens(0, 3), simulation.lens(1, 3)

    assert first.parameters == again.parameters
    assert np.array_equal(first.dataset.data.array, again.dataset.data.array)
    assert first.parameters != second.parameters
    assert not np.array_equal(first.dataset.data.array, second.dataset.data.array)
    path = "galaxies.lens.mass.einstein_radius"
    assert first.parameters[path] == first.instance.galaxies.lens.mass.einstein_radius


def test_draws_follow_the_prior(tmp_path):
    simulation = simulation_of(tmp_path)
    radii = [simulation._draw(np.random.default_rng(i))[0][0] for i in range(400)]

    assert min(radii) > 0.8
    assert max(radii) < 1.2
    assert np.mean(radii) == pytest.approx(1.0, abs=5.0 * 0.4 / np.sqrt(12.0 * 400))


def test_draws_obey_assertions(tmp_path):
    text = 'assertions = ["galaxies.lens.mass.einstein_radius > 1.15"]\n' + LENS
    simulation = simulation_of(tmp_path, text)
    assert all(simulation._draw(np.random.default_rng(i))[0][0] > 1.15 for i in range(20))
    simulation = simulation_of(tmp_path, text.replace("1.15", "1.3"))
    with pytest.raises(al.exc.ModelException, match="assertion"):
        simulation.lens()


def test_psf_may_be_a_file_beside_the_description(tmp_path):
    simulation_of(tmp_path).observing.psf.kernel.output_to_fits(tmp_path / "my_psf.fits")
    text = LENS.replace("{ fwhm = 0.2 }", '{ file = "my_psf.fits" }')
    kernel = simulation_of(tmp_path, text).observing.psf.kernel
    assert kernel.array == pytest.approx(np.asarray(simulation_of(tmp_path).observing.psf.kernel.array))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[dataset]", "[datset]", "did you mean dataset"),
        ("shape = [40, 44]", "shape = [40]", "dataset.shape is .* wanted rows and columns"),
        ("shape = [40, 44]", "shape = [40, 100000]", "wanted rows and columns from 3 to 4096"),
        ("shape = [40, 44]", "", "dataset.shape is None"),
        ("pixel_scale = 0.1", "pixel_scale = 0.0", "dataset.pixel_scale is 0.0, wanted a number above 0"),
        ("pixel_scale = 0.1", "", "dataset has no pixel_scale"),
        ("pixel_scale = 0.1", "pixel_scal = 0.1", "did you mean pixel_scale"),
        ("fwhm = 0.2", "fwhm = -0.2", "dataset.psf.fwhm is -0.2"),
        ("fwhm = 0.2", "fwhm = 0.2, sigma = 0.1", "has fwhm and sigma of"),
        ("fwhm = 0.2", "pixels = 11", "has none of"),
        ("fwhm = 0.2", "fwhm = 0.2, pixels = 10", "odd number"),
        ("fwhm = 0.2", 'file = "../psf.fits"', "in the folder of the description"),
        ("fwhm = 0.2", 'file = "/etc/passwd"', "in the folder of the description"),
        ("fwhm = 0.2", 'file = "none.fits"', "none.fits"),
        ("exposure_time = 500.0", "exposure_time = inf", "exposure_time is inf"),
        ("background = 0.5", "background = -0.5", "wanted a number of at least 0"),
        ("background = 0.5", "background = 0.5\nseed = 1.5", "dataset.seed is 1.5"),
        ("shape = [40, 44]", "shape = [2000, 2000]\nover_sample_size = 4", "over_sample_size is 4 .* wanted at most 2"),
        ("intensity = 3.0", "", "galaxies.source.light .* has no intensity"),
        ('"lp.ExponentialSph"', '"lp_linear.ExponentialSph"', "wanted one that has: lp.ExponentialSph"),
        ('"lp.ExponentialSph"', '"mge"', "wanted profiles with an intensity"),
    ],
)
def test_errors_name_the_key(tmp_path, old, new, said):
    assert LENS.count(old) == 1
    with pytest.raises(al.exc.AutoException, match=said):
        simulation_of(tmp_path, LENS.replace(old, new))
