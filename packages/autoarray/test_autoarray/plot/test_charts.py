import numpy as np
import pytest

from autoarray import exc
from autoarray.plot import Chart, Curve, Marker, Scatter, figure_from, plot_grid, plot_yx

X = np.geomspace(0.1, 10.0, 30)


def test_chart_is_drawn_on_logarithmic_axes_from_end_to_end():
    axes = figure_from([Chart([Curve(X, X**-2.0)], x_scale="log", y_scale="log", x_label="r", y_label="k")]).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlim() == pytest.approx((0.1, 10.0))
    assert axes.get_ylim() == pytest.approx((0.01 / 1.3, 130.0))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("r", "k")


def test_band_and_marker_are_where_they_belong():
    axes = plot_yx(X, X, band=(0.5 * X, 2.0 * X), markers=[(1.5, "here")]).axes[0]
    corners = axes.collections[0].get_paths()[0].vertices
    assert corners[:, 1].max() == pytest.approx(20.0) and corners[:, 1].min() == pytest.approx(0.05)
    assert [list(line.get_xdata()) for line in axes.lines if line.get_label() == "here"] == [[1.5, 1.5]]


def test_values_below_six_decades_do_not_squeeze_the_rest():
    axes = figure_from([Chart([Curve(X, np.exp(-5.0 * X))], y_scale="log")]).axes[0]
    top = float(np.exp(-0.5))
    assert axes.get_ylim() == pytest.approx((1e-6 * top / 1.3, 1.3 * top))


def test_curves_side_by_side_have_colours_of_their_own():
    axes = figure_from([Chart([Curve(X, X, "a"), Curve(X, 2.0 * X, "b")], markers=[Marker(1.0, "m")])]).axes[0]
    assert len({line.get_color() for line in axes.lines}) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b", "m"]


def test_points_of_a_grid_are_drawn_in_x_and_y_with_equal_scales():
    axes = plot_grid([(1.0, 0.2), (-1.0, 0.4)], values=[3.0, 4.0]).axes[0]
    drawn = axes.collections[0]
    assert np.asarray(drawn.get_offsets()) == pytest.approx(np.array([(0.2, 1.0), (0.4, -1.0)]))
    assert list(drawn.get_array()) == [3.0, 4.0]
    assert axes.get_aspect() == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_yx([1.0, 2.0], [1.0]), "wanted two rows of equal length"),
        (lambda: Chart([], x_scale="log10"), "scale 'log10' of an axis"),
        (lambda: plot_grid([1.0, 2.0]), r"wanted \(y, x\) pairs"),
        (lambda: plot_grid([(1.0, 2.0)], values=[1.0, 2.0]), "2 values for 1 points"),
        (lambda: figure_from(Scatter(np.zeros((1, 2)))), "wanted a list of panels"),
        (lambda: figure_from([Chart([])], columns=0), "columns=0"),
    ],
)
def test_bad_charts_are_refused_with_what_is_wanted(call, message):
    with pytest.raises(exc.PlotException, match=message):
        call()
