import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import autoarray as aa
from autoarray.plot import Line, Panel, figure_from, panel_from, panels
from autoarray.plot.marks import outline_segments
from autoarray.plot.panels import zoomed


def shown_rgb(panel: Panel) -> tuple[np.ndarray, Figure]:
    """The pixels of a drawing that is nothing but the panel."""
    figure = Figure(figsize=(4, 4), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    panels.draw(axes, panel)
    axes.axis("off")
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float), figure


def test_up_on_the_sky_is_up_in_the_drawing_and_x_rises_to_the_right():
    mask = aa.Mask2D.all_false((20, 20), pixel_scales=0.1)
    y, x = np.moveaxis(mask.grid_slim.reshape(20, 20, 2), -1, 0)
    image = aa.Array2D(np.where((y > 0.5) & (x > 0.5), 1.0, 0.0).ravel(), mask)

    rgb, _ = shown_rgb(panel_from(image, kind="linear"))

    lightness = rgb.sum(axis=-1)
    bright = np.argwhere(lightness > 0.9 * lightness[60, 340])
    assert lightness[60, 340] > 2.0 * lightness[340, 200]
    assert bright[:, 0].mean() < 110 and bright[:, 1].mean() > 290


def test_extent_of_a_panel_is_the_outer_edge_of_the_pixels():
    image = aa.Array2D.no_mask(np.ones((4, 6)), pixel_scales=0.5)
    assert panel_from(image).extent == pytest.approx((-1.5, 1.5, -1.0, 1.0))


def test_zoom_keeps_each_pixel_where_it_is_on_the_sky():
    mask = aa.Mask2D.circular((40, 40), radius=0.5, pixel_scales=0.1, centre=(1.0, -0.7))
    y, x = mask.grid_slim.T
    panel = panel_from(aa.Array2D(y + 10.0 * x, mask))

    ny, nx = panel.values.shape
    x_min, x_max, y_min, y_max = panel.extent
    rows, columns = np.nonzero(~panel.mask)
    y_drawn = y_max - (rows + 0.5) * (y_max - y_min) / ny
    x_drawn = x_min + (columns + 0.5) * (x_max - x_min) / nx

    assert panel.values.shape == (12, 12)  # ten pixels across and one more on each side
    assert panel.values[rows, columns] == pytest.approx(y_drawn + 10.0 * x_drawn)


def test_zoom_of_an_image_without_mask_is_the_image():
    panel = Panel(np.ones((3, 3)), (-1.0, 1.0, -1.0, 1.0))
    assert zoomed(panel) is panel


def test_outline_of_one_pixel_is_its_four_edges():
    mask = np.ones((3, 3), dtype=bool)
    mask[0, 2] = False  # the frame's own edge needs no line
    mask[1, 1] = False
    segments = outline_segments(mask, (-1.5, 1.5, -1.5, 1.5))

    lengths = np.abs(segments[:, 1] - segments[:, 0]).sum(axis=1)
    around_centre = np.all(np.abs(segments) <= 0.5 + 1e-12, axis=(1, 2))
    assert lengths == pytest.approx(np.ones(6))
    assert around_centre.sum() == 4


def test_masked_pixels_are_grey_whatever_they_hold():
    mask = np.zeros((10, 10), dtype=bool)
    mask[:, :5] = True
    values = np.where(mask, 1e30, 1.0)
    values[0, 9] = 2.0
    panel = Panel(values, (-1.0, 1.0, -1.0, 1.0), mask=mask)

    rgb, _ = shown_rgb(panel)

    assert panel.colour_limits()[1] == 2.0
    assert rgb[100, 100] == pytest.approx(np.full(3, 0.78 * 255), abs=2.0)


@pytest.mark.parametrize(("width", "label"), [(6.0, '1"'), (1.0, '0.1"'), (0.15, '0.01"')])
def test_scale_bar_is_the_power_of_ten_that_fits(width, label):
    half = 0.5 * width
    figure = figure_from([Panel(np.ones((4, 4)), (-half, half, -half, half))])
    axes = figure.axes[0]
    bar = axes.lines[0].get_xdata()
    assert [text.get_text() for text in axes.texts] == [label]
    assert bar[1] - bar[0] == pytest.approx(float(label[:-1]))


def test_colour_bar_is_pointed_where_values_lie_beyond():
    values = np.array([[-9.0, 0.0], [1.0, 2.0]])
    figure = figure_from([Panel(values, (-1.0, 1.0, -1.0, 1.0), kind="residual")])
    assert figure.axes[0].images[0].colorbar.extend == "min"


def test_lines_are_drawn_in_x_and_y():
    line = Line(np.array([(0.1, 0.5), (0.2, 0.6)]))
    figure = figure_from([Panel(np.ones((2, 2)), (-1.0, 1.0, -1.0, 1.0), lines=[line])])
    drawn = figure.axes[0].lines[0]
    assert list(drawn.get_xdata()) == [0.5, 0.6]
    assert list(drawn.get_ydata()) == [0.1, 0.2]
