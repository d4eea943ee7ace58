import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.plot import Line, plot_array, subplot_fit_imaging, subplot_imaging_dataset
from drawn_panels import axes_of, blank_panels, images_of, pixels_in


def array_of(values, **options):
    return aa.Array2D.no_mask(np.asarray(values, dtype=float), pixel_scales=0.5, **options)


def dataset_of(n=12):
    rng = np.random.default_rng(1)
    kernel = np.exp(-0.5 * (np.hypot(*np.mgrid[-2:3, -2:3]) / 0.8) ** 2)
    psf = aa.Convolver(aa.Array2D.no_mask(kernel / kernel.sum(), pixel_scales=0.1))
    return aa.Imaging(rng.random((n, n)), 0.1 + 0.1 * rng.random((n, n)), psf=psf, pixel_scales=0.1)


def test_a_bright_pixel_in_the_upper_left_appears_there():
    values = np.zeros((8, 8))
    values[1, 1] = 1.0
    figure = plot_array(array_of(values), title="A", kind="linear")
    inside = pixels_in(figure, axes_of(figure, "A"))
    lightness = inside.sum(axis=-1)
    height = len(lightness)
    lightness = lightness[: height // 2]  # the scale bar is below
    row, column = np.argwhere(lightness > 0.9 * lightness.max()).mean(axis=0)
    # the middle of pixel [1, 1] is at 1.5 / 8 of the height and the width
    assert row / height == pytest.approx(1.5 / 8.0, abs=0.02)
    assert column / lightness.shape[1] == pytest.approx(1.5 / 8.0, abs=0.02)


def test_position_and_line_are_drawn_where_they_are():
    array = array_of(np.arange(64.0).reshape(8, 8))
    line = Line(np.array([(1.0, -1.0), (1.5, -0.5)]), label="curve")
    axes = plot_array(array, title="A", positions=[(1.5, -0.5)], lines=[line]).axes[0]
    (dots,) = [drawn for drawn in axes.lines if drawn.get_label() == "positions"]
    (curve,) = [drawn for drawn in axes.lines if drawn.get_label() == "curve"]
    assert dots.get_xydata().tolist() == [[-0.5, 1.5]]
    assert curve.get_xydata().tolist() == [[-1.0, 1.0], [-0.5, 1.5]]


def test_limits_and_stretch_are_those_asked_for():
    image = plot_array(array_of(np.geomspace(1e-3, 1e3, 16).reshape(4, 4)), stretch="log").axes[0].images[0]
    assert type(image.norm).__name__ == "LogNorm"
    assert image.norm.vmax == pytest.approx(1e3) and image.norm.vmin == pytest.approx(0.1)  # four decades
    image = plot_array(array_of(np.ones((4, 4))), stretch="linear", limits=(0.0, 3.0)).axes[0].images[0]
    assert image.get_clim() == (0.0, 3.0)
    assert float(image.norm(1.5)) == pytest.approx(0.5)


def test_what_is_not_above_zero_is_dark_and_not_grey_on_a_logarithmic_stretch():
    values = np.full((4, 4), 10.0)
    values[0, 0], values[1, 1] = -1.0, 0.01
    image = plot_array(array_of(values), stretch="log").axes[0].images[0]
    rgba = image.cmap(image.norm(image.get_array()))
    assert rgba[0, 0] == pytest.approx(image.cmap(0.0))


def test_dataset_is_drawn_in_four_panels_with_the_psf_about_its_centre(tmp_path):
    dataset = dataset_of()
    figure = subplot_imaging_dataset(dataset, tmp_path / "data.png", title="A lens", positions=[(0.1, 0.2)])
    images = images_of(figure)
    assert list(images) == ["Data", "Noise map", "Signal to noise", "PSF"]
    assert images["Signal to noise"] * images["Noise map"] == pytest.approx(images["Data"])
    assert axes_of(figure, "PSF").get_xlim() == pytest.approx((-0.25, 0.25))
    assert blank_panels(figure) == []
    assert (tmp_path / "data.png").stat().st_size > 10_000


def test_dataset_without_a_psf_has_three_panels():
    assert len(images_of(subplot_imaging_dataset(aa.Imaging(np.eye(5), np.ones((5, 5)), pixel_scales=0.1)))) == 3


def test_fit_is_drawn_with_residuals_symmetric_about_zero():
    fit = aa.FitImaging(dataset_of())
    fit.model_data = fit.dataset.data * 0.9
    figure = subplot_fit_imaging(fit)
    low, high = axes_of(figure, "Normalized residuals").images[0].get_clim()
    assert low == -high
    assert blank_panels(figure) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_array(np.ones((3, 3))), "wanted an image with pixel scales"),
        (lambda: plot_array(array_of(np.ones((3, 3))), kind="log"), "kind='log', wanted one of image"),
        (lambda: plot_array(array_of(np.ones((3, 3))), stretch="sqrt"), "stretch='sqrt', wanted one of asinh"),
        (lambda: plot_array(array_of(np.ones((3, 3))), limits=(1.0, 0.0)), "wanted two rising numbers"),
        (lambda: plot_array(array_of(np.eye(3)), stretch="log", limits=(0.0, 1.0)), "wanted both above zero"),
        (lambda: plot_array(array_of(np.ones((3, 3))), positions=[1.0, 2.0]), r"wanted \(y, x\) pairs"),
        (lambda: subplot_imaging_dataset("data.fits"), "got a str, wanted an Imaging"),
        (lambda: subplot_fit_imaging(dataset_of()), "got a Imaging, wanted a fit"),
    ],
)
def test_bad_calls_are_refused_with_value_and_wish(call, message):
    with pytest.raises(exc.PlotException, match=message):
        call()
