import subprocess
import sys

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.plot import Panel, figure_from, panels_of_fit, save, subplot_imaging


def dataset_7x7() -> aa.Imaging:
    values = np.arange(49.0).reshape(7, 7)
    kernel = aa.Array2D.no_mask(np.ones((3, 3)) / 9.0, pixel_scales=0.1)
    return aa.Imaging(data=values, noise_map=np.full((7, 7), 2.0), psf=aa.Convolver(kernel), pixel_scales=0.1)


def titles_of(figure):
    return [axes.get_title() for axes in figure.axes if axes.images]


@pytest.mark.parametrize(("number", "rows", "columns"), [(1, 1, 1), (4, 1, 4), (5, 2, 4), (8, 2, 4)])
def test_panels_fill_rows_of_four(number, rows, columns):
    panel = Panel(np.ones((2, 2)), (-1.0, 1.0, -1.0, 1.0))
    figure = figure_from([panel] * number)
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (rows, columns)


def test_figure_of_no_panels_raises():
    with pytest.raises(exc.PlotException, match="empty list"):
        figure_from([])


def test_imaging_subplot_shows_signal_to_noise():
    figure = subplot_imaging(dataset_7x7())
    assert titles_of(figure) == ["Data", "Noise map", "Signal to noise", "PSF"]
    assert np.asarray(figure.axes[2].images[0].get_array())[0, 6] == pytest.approx(3.0)


def test_fit_panels_show_residuals_in_units_of_the_noise():
    fit = aa.FitImaging(dataset_7x7())
    fit.model_data = fit.dataset.data - 3.0
    data, model, residuals, chi_squared = panels_of_fit(fit)
    assert data.limits == model.limits == (0.0, 48.0)
    assert residuals.values == pytest.approx(np.full((7, 7), 1.5))
    assert chi_squared.values == pytest.approx(np.full((7, 7), 2.25))


def test_saved_picture_is_a_png_and_leaves_nothing_else(tmp_path):
    path = save(subplot_imaging(dataset_7x7()), tmp_path / "new" / "figure.png")
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert [file.name for file in path.parent.iterdir()] == ["figure.png"]


def test_saving_under_an_unknown_ending_raises(tmp_path):
    with pytest.raises(exc.PlotException, match="figure.gif"):
        save(subplot_imaging(dataset_7x7()), tmp_path / "figure.gif")


def test_saving_below_a_file_raises_our_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(exc.FileException, match="cannot be written"):
        save(subplot_imaging(dataset_7x7()), tmp_path / "file" / "figure.png")


def test_no_figure_needs_pyplot():
    code = "import sys, autoarray.plot; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
