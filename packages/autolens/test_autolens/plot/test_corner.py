import re
import sys

import numpy as np
import pytest

import autolens as al
from autolens.plot.corner import _columns_from
from autolens.plot.marginals import DrawnMarginals, levels_from

MODEL = al.Collection(
    galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, light=al.Model(al.lp.SersicSph, centre=(0.0, 0.0))))
)
MEAN = np.array([1.0, 0.8, 3.0])
SIGMA = np.array([0.02, 0.05, 0.1])
CORRELATION = np.array([[1.0, -0.9, 0.0], [-0.9, 1.0, 0.0], [0.0, 0.0, 1.0]])
COVARIANCE = SIGMA[:, None] * CORRELATION * SIGMA


class ResultOf:
    def __init__(self, samples):
        self.samples = samples


def drawn(number=20_000):
    """Draws that are twice as wide as the posterior, with the weights that make up for it; one most likely row."""
    rng = np.random.default_rng(1)
    z = 2.0 * rng.standard_normal((number, 3))
    draws = np.concatenate([MEAN[None], MEAN + z @ np.linalg.cholesky(COVARIANCE).T])
    log_weights = -0.5 * (1.0 - 0.25) * np.sum(z**2, axis=1)
    log_likelihoods = np.concatenate([[10.0], 9.0 - 0.5 * np.sum(z**2, axis=1)])
    return ResultOf(al.Samples(MODEL, draws, log_likelihoods, weights=np.concatenate([[0.0], np.exp(log_weights)])))


def gaussian():
    return ResultOf(al.Samples(MODEL, MEAN[None], np.array([10.0]), covariance=COVARIANCE))


def contours_of(axes):
    """Corners of the line around the smallest density that is filled."""
    return max((path.vertices for path in axes.collections[0].get_paths()), key=lambda v: np.ptp(v[:, 0]))


def test_file_has_a_panel_for_every_parameter_and_pair(tmp_path):
    figure = al.plot.corner(drawn(), tmp_path / "new" / "corner.png", title="A lens")
    assert (tmp_path / "new" / "corner.png").read_bytes()[:4] == b"\x89PNG"
    assert len(figure.axes) == 6
    labels = [axes.get_xlabel() for axes in figure.axes if axes.get_xlabel()]
    assert labels == [
        "lens.light\nintensity (e$^-$ s$^{-1}$)",
        "lens.light\neffective_radius (arcsec)",
        "lens.light\nsersic_index",
    ]


def test_figure_leaves_pyplot_alone():
    al.plot.corner(gaussian())
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


@pytest.mark.parametrize("made", [drawn, gaussian])
def test_outer_contour_is_the_ellipse_that_holds_95_per_cent(made):
    axes = al.plot.corner(made()).axes[1]
    corners = contours_of(axes)
    # of two normal parameters 95 per cent lie within a Mahalanobis distance of sqrt(-2 ln 0.05)
    white = np.linalg.solve(np.linalg.cholesky(COVARIANCE[:2, :2]), (corners - MEAN[:2]).T)
    radii = np.sqrt(np.sum(white**2, axis=0))
    outer = radii[radii > 2.0]
    assert np.median(outer) == pytest.approx(np.sqrt(-2.0 * np.log(0.05)), rel=0.03)
    assert np.ptp(corners[:, 0]) == pytest.approx(2.0 * 2.448 * SIGMA[0], rel=0.06)


def test_inner_region_holds_68_per_cent_of_the_weights():
    x, y, density = DrawnMarginals(*(lambda s: (s.parameters, s.weights))(drawn().samples)).surface(0, 2)
    level = levels_from(density, (0.68,))[0]
    assert np.sum(density[density >= level]) / np.sum(density) == pytest.approx(0.68, abs=0.01)
    area = abs((x[1, 0] - x[0, 0]) * (y[0, 1] - y[0, 0]))
    expected = np.pi * -2.0 * np.log(0.32) * SIGMA[0] * SIGMA[2]
    assert np.sum(density >= level) * area == pytest.approx(expected, rel=0.05)


def test_two_narrow_peaks_stay_narrow_and_where_they_are():
    rng = np.random.default_rng(2)
    draws = 0.05 * rng.standard_normal((4000, 2)) + np.where(np.arange(4000)[:, None] < 2000, -1.0, 1.0)
    x, y, density = DrawnMarginals(draws, np.ones(4000)).surface(0, 1)
    inside = density >= levels_from(density, (0.68,))[0]
    # each peak has the 68 per cent of a Gaussian: radii up to sqrt(-2 ln 0.32) of its sigma, and a cell of the grid
    assert np.abs(np.abs(x[inside]) - 1.0).max() < 1.51 * 0.05 + 0.06
    assert np.mean(x[inside & (x > 0.0)]) == pytest.approx(1.0, abs=0.02)


def test_numbers_are_the_weighted_median_and_errors():
    assert al.plot.corner(gaussian()).axes[5].get_title() == "$3.00^{+0.10}_{-0.10}$"
    numbers = [float(n) for n in re.findall(r"[+-]?[0-9.]+", al.plot.corner(drawn()).axes[5].get_title())]
    assert numbers == pytest.approx([3.0, 0.1, -0.1], abs=0.01)


def test_most_likely_parameters_and_truths_are_marked():
    axes = al.plot.corner(drawn(), truths={"effective_radius": 0.9}, parameters=["intensity", "effective_radius"]).axes
    (cross,) = [line for line in axes[1].lines if line.get_marker() == "+"]
    assert (cross.get_xdata()[0], cross.get_ydata()[0]) == (1.0, 0.8)
    assert [line.get_ydata()[0] for line in axes[1].lines if line is not cross] == [0.9]
    assert [list(line.get_xdata()) for line in axes[2].lines[1:]] == [[0.8, 0.8], [0.9, 0.9]]


def test_nothing_is_drawn_outside_the_prior():
    samples = drawn().samples
    samples.parameters[:, 1] = np.abs(samples.parameters[:, 1] - 0.8) + 0.01
    axes = al.plot.corner(ResultOf(samples), parameters=["effective_radius"]).axes[0]
    assert axes.get_xlim()[0] == pytest.approx(samples.model.priors[1].lower_limit)


def test_many_parameters_are_drawn_up_to_thirty():
    model = al.Collection(galaxies=[al.Model(al.Galaxy, redshift=0.5, light=al.lp.Sersic) for _ in range(5)])
    samples = al.Samples(model, np.full((1, 35), 0.5), np.zeros(1), covariance=np.eye(35) * 1e-4)
    figure = al.plot.corner(ResultOf(samples), parameters=[f"{i}.light.sersic_index" for i in range(5)])
    assert len(figure.axes) == 15
    assert figure.legends[0].get_title().get_text() == "Gaussian around the maximum\n5 of 35 parameters"
    assert _columns_from(samples, None) == list(range(30))


def test_parameter_without_a_width_is_drawn():
    samples = al.Samples(MODEL, MEAN[None], np.array([10.0]), covariance=np.diag([0.0, 0.01, 0.0]))
    assert len(al.plot.corner(ResultOf(samples)).axes) == 6
    assert len(al.plot.corner(ResultOf(al.Samples(MODEL, MEAN[None], np.array([10.0])))).axes) == 6


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"parameters": ["mass"]}, "'mass', which is no parameter; wanted one of lens.light.intensity"),
        ({"parameters": "intensity"}, "wanted a list of names"),
        ({"truths": [1.0]}, "1 truths for 3 parameters"),
    ],
)
def test_wrong_names_are_refused_with_those_there_are(wrong, message):
    with pytest.raises(al.exc.PlotException, match=message):
        al.plot.corner(gaussian(), **wrong)
