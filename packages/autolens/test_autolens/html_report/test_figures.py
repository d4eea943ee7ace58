import base64
from dataclasses import replace

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.latent import LatentTable
from autolens.html_report import rings
from autolens.html_report.contents import FitContents
from autolens.html_report.images import critical_curves_of, native_from, pictures_of
from autolens.html_report.opened import opened
from autolens.html_report.posterior import columns_of, latent_rows, prior_text

from .conftest import analysis_and_samples, result_of


def floats(coded):
    return np.frombuffer(base64.b64decode(coded["bdata"]), dtype="<f4").astype(float)


@pytest.fixture(scope="module")
def fit():
    return opened(result_of()).fits()[0][1]


def test_pixels_of_a_picture_are_where_those_of_the_grid_are():
    mask = al.Mask2D.circular((20, 31), radius=0.6, pixel_scales=(0.1, 0.2), centre=(0.35, -0.8))
    array = al.Array2D(np.arange(mask.pixels_in_mask, dtype=float), mask=mask)
    values, frame = native_from(array)
    points = frame.points(values.shape)[np.isfinite(values).ravel()]
    np.testing.assert_allclose(points, np.asarray(mask.derive_grid.unmasked.array), atol=1e-12)
    np.testing.assert_array_equal(values[np.isfinite(values)], np.arange(mask.pixels_in_mask))


def test_many_pixels_are_shown_in_means_over_blocks():
    mask = al.Mask2D.all_false((600, 600), pixel_scales=0.05)
    y, x = np.asarray(mask.grid_slim).T
    values, frame = native_from(al.Array2D(2.0 * y - x, mask=mask))
    assert values.shape == (200, 200)
    points = frame.points(values.shape)
    np.testing.assert_allclose(values.ravel(), 2.0 * points[:, 0] - points[:, 1], atol=1e-10)


def test_mean_convergence_inside_a_circle_of_an_isothermal_sphere():
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(centre=(0.1, 0.2), einstein_radius=1.3))
    tracer = al.Tracer([lens, al.Galaxy(redshift=1.0)])

    class FitOf:
        pass

    fit = FitOf()
    fit.tracer = tracer
    found = rings.mass_profile_of(fit, (0.1, 0.2), 3.0)
    radius = floats(found["radius"])
    np.testing.assert_allclose(floats(found["inside"]), 1.3 / radius, rtol=1e-6)
    np.testing.assert_allclose(floats(found["on"]), 0.65 / radius, rtol=1e-6)


def test_rings_hold_the_sums_of_the_pixels(fit):
    found = rings.rings_of(fit, (0.0, 0.0))
    radii = np.hypot(*np.asarray(fit.mask.grid_slim).T)
    counts, _ = np.histogram(radii, bins=np.arange(0, 2.2, 0.1) + 1e-12)
    counts = counts[counts > 0]
    assert np.sum(floats(found["data"]) * counts) == pytest.approx(float(np.sum(fit.data.array)), rel=1e-4)


def test_histogram_counts_every_pixel_and_noise_is_normal(fit):
    found = rings.histogram_of(fit)
    assert floats(found["pixels"]).sum() == fit.mask.pixels_in_mask
    assert floats(found["noise"]).sum() == pytest.approx(fit.mask.pixels_in_mask, rel=1e-4)


def test_magnification_diverges_on_the_critical_curve_and_lines_are_closed(fit):
    curves = critical_curves_of(fit.tracer, (-2.0, 2.0, -2.0, 2.0))
    assert [curve.name for curve in curves] == ["tangential"]
    assert np.all(curves[0].points[0] == curves[0].points[-1])
    mu = al.LensCalc.from_tracer(fit.tracer).magnification_2d_from(al.Grid2DIrregular(curves[0].points))
    assert np.all(np.abs(mu.array) > 1e3)


def test_pictures_are_those_of_the_fit(fit):
    pictures = {picture.key: picture for picture in pictures_of(fit)}
    wanted = ["data", "model", "residuals", "arcs", "lensed", "source", "convergence", "magnification", "noise"]
    assert list(pictures) == wanted
    values = pictures["residuals"].values
    np.testing.assert_allclose(values[np.isfinite(values)] @ values[np.isfinite(values)], float(fit.chi_squared))
    source = pictures["source"]
    radii = np.hypot(*(source.frame.points(source.values.shape) - (0.1, 0.05)).T)
    expected = np.exp(
        -7.669249 * ((radii / 0.2) ** 0.25 - 1.0)
    )  # Sersic with n = 4, b from the incomplete gamma function
    np.testing.assert_allclose(source.values.ravel(), expected, rtol=1e-5)
    assert all(picture.thumbnail.startswith("data:image/png;base64,") for picture in pictures.values())


def test_axis_ratio_and_angles_follow_from_the_parameters():
    columns = {column.name: column for column in columns_of(result_of().samples)}
    # f = (1 - q) / (1 + q) = 1 / 9 along the x axis is q = 0.8 at 0 degrees
    assert columns["lens.mass.axis_ratio"].maximum == pytest.approx(0.8)
    assert columns["lens.mass.angle"].maximum == pytest.approx(0.0)
    median, lower, upper = columns["lens.mass.angle"].median_and_errors
    assert median == pytest.approx(0.0, abs=0.2)
    assert 0.5 * (lower + upper) == pytest.approx(0.5 * np.degrees(0.01 * 9.0), rel=0.06)  # half of sigma over f
    assert np.std(columns["lens.mass.einstein_radius"].draws) == pytest.approx(0.002, rel=0.05)


def test_priors_are_told_in_words():
    assert prior_text(al.UniformPrior(-0.5, 2.0)) == "uniform −0.5 … 2"
    assert prior_text(al.GaussianPrior(1.0, 0.1)) == "Gaussian 1 ± 0.1"
    assert prior_text(al.LogUniformPrior(1e-3, 1.0)) == "log-uniform 0.001 … 1"
    assert prior_text(al.TruncatedGaussianPrior(0.0, 1.0, lower_limit=0.0)) == "Gaussian 0 ± 1, 0 … ∞"


def test_key_numbers_of_several_datasets_are_those_of_the_first():
    analysis, samples = analysis_and_samples()
    both = (analysis + analysis).named("g", "r").make_result(samples, None)
    both.search_info = {"search": "Auto"}
    keys = {key.label: key for key in FitContents.of(opened(both), latent_seconds=0.0).keys}
    assert keys["Magnification"].note == "at the maximum; light of source in the image g over its light without lensing"
    assert keys["Einstein radius"].number == pytest.approx(1.2, rel=0.02)
    assert keys["Axis ratio of the mass"].number == pytest.approx(0.8)
    # |gamma| of (0.03, -0.04) is known only where both are free
    assert "Shear" not in keys
    pixels = 2 * int(analysis.dataset.mask.pixels_in_mask)
    assert keys["χ² per pixel"].note.endswith(f"for {pixels} pixels")


def test_shapes_without_errors_have_those_of_the_draws():
    result = result_of()
    bare = [replace(latent, median=np.nan, lower_error=np.nan, upper_error=np.nan) for latent in result.latents]
    rows = {row["name"]: row["measured"] for row in latent_rows(LatentTable(bare), columns_of(result.samples))}
    assert rows["lens.mass.axis_ratio"].upper == "0.016"  # dq = 2 / (1 + f)^2 df, f = 1 / 9 and df = 0.01
    assert rows["einstein_radius"].upper == ""
