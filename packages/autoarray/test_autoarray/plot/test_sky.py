import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import autoarray as aa
from autoarray import exc
from autoarray.plot import Panel, figure_from, panel_from, plot_array
from autoarray.plot.sky import _ticks_from, directions_from, offsets_from
from drawn_panels import axes_of

EXTENT = (-2.0, 2.0, -2.0, 2.0)


class TiltedSky:
    """A small piece of sky with north ``angle`` [deg] counter-clockwise from +y, east left of north."""

    def __init__(self, angle: float = 0.0, ra: float = 150.0, dec: float = 60.0, mirrored: bool = False) -> None:
        self.angle, self.ra, self.dec, self.hand = np.radians(angle), ra, dec, 1.0 if mirrored else -1.0

    def sky_from(self, positions):
        y, x = np.asarray(positions, dtype=float).T
        north = y * np.cos(self.angle) - x * np.sin(self.angle)
        east = self.hand * (x * np.cos(self.angle) + y * np.sin(self.angle))
        ra = self.ra + east / 3600.0 / np.cos(np.radians(self.dec))
        return np.mod(ra, 360.0), self.dec + north / 3600.0


def panel_on(wcs, **options):
    return Panel(np.arange(16.0).reshape(4, 4), EXTENT, title="A", wcs=wcs, **options)


@pytest.mark.parametrize("angle", [0.0, 35.0, 120.0, -90.0])
def test_arrows_point_where_north_and_east_are(angle):
    north, east = directions_from(TiltedSky(angle), EXTENT)
    tilt = np.radians(angle)
    assert north == pytest.approx((-np.sin(tilt), np.cos(tilt)), abs=1e-6)
    assert east == pytest.approx((-np.cos(tilt), -np.sin(tilt)), abs=1e-6)


def test_compass_is_drawn_inside_the_panel_with_east_to_the_left():
    axes = figure_from([panel_on(TiltedSky())]).axes[0]
    arrows = {line.get_gid(): line.get_xydata() for line in axes.lines if line.get_gid()}
    letters = {text.get_text(): text.get_position() for text in axes.texts}
    assert set(arrows) == {"compass N", "compass E"}
    assert letters["E"][0] < arrows["compass E"][0, 0] < 2.0
    assert -2.0 < letters["E"][1] < letters["N"][1]
    assert letters["N"][0] == pytest.approx(arrows["compass N"][0, 0], abs=1e-4)


def test_no_compass_without_a_place_on_the_sky():
    axes = figure_from([panel_on(None)]).axes[0]
    assert [text.get_text() for text in axes.texts] == ['1"']


def test_offsets_count_east_and_north_across_the_meridian():
    east, north = offsets_from(TiltedSky(ra=0.0), np.array([(0.5, -1.5), (0.0, 1.5)]))
    assert east == pytest.approx([1.5, -1.5], abs=1e-6)
    assert north == pytest.approx([0.5, 0.0], abs=1e-6)


def ticks_of(axis):
    return dict(zip([label.get_text() for label in axis.get_ticklabels()], axis.get_ticklocs(), strict=True))


def test_ticks_in_right_ascension_and_declination_are_where_they_say():
    figure = figure_from([panel_on(TiltedSky(), sky=True)])
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    # 150 deg are 10 h; a second of time is 15 cos(60 deg) = 7.5 arcsec on the sky, to the left
    in_time, in_angle = ticks_of(axes.xaxis), ticks_of(axes.yaxis)
    assert in_time["10:00:00.0"] == pytest.approx(0.0, abs=1e-6)
    assert in_time["10:00:00.2"] == pytest.approx(-1.5, abs=1e-5)
    assert in_angle["+60:00:01"] == pytest.approx(1.0, abs=1e-5)
    assert in_angle["+59:59:59"] == pytest.approx(-1.0, abs=1e-5)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("RA", "Dec")


def test_offset_ticks_rise_to_the_left():
    figure = figure_from([panel_on(TiltedSky(), sky="offset")])
    FigureCanvasAgg(figure).draw()
    ticks = ticks_of(figure.axes[0].xaxis)
    assert ticks["1"] == pytest.approx(-1.0, abs=1e-6)
    assert ticks["\N{MINUS SIGN}1"] == pytest.approx(1.0, abs=1e-6)
    assert figure.axes[0].get_xlabel() == "RA offset (arcsec)"


def test_image_on_its_side_has_declination_along_the_bottom():
    axes = figure_from([panel_on(TiltedSky(90.0), sky=True)]).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Dec", "RA")


def test_image_with_a_header_gets_its_compass_from_it():
    header = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": -5.0, "CRPIX1": 5.5, "CRPIX2": 5.5}
    header |= {"CD1_1": -0.1 / 3600, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 0.1 / 3600}
    array = aa.Array2D.no_mask(np.arange(100.0).reshape(10, 10), pixel_scales=0.1, header=header)
    north, east = directions_from(panel_from(array).wcs, panel_from(array).extent)
    assert north == pytest.approx((0.0, 1.0), abs=1e-6)
    assert east == pytest.approx((-1.0, 0.0), abs=1e-6)
    assert axes_of(plot_array(array, title="A", sky=True), "A").get_xlabel() == "RA"


def test_sky_axes_without_a_header_are_refused_with_what_to_do():
    array = aa.Array2D.no_mask(np.ones((4, 4)), pixel_scales=0.1)
    with pytest.raises(exc.PlotException, match="sky=True, but no panel knows where"):
        plot_array(array, sky=True)
    with pytest.raises(exc.PlotException, match="sky='radec', wanted False"):
        panel_on(TiltedSky(), sky="radec")


def test_marks_are_dark_on_masked_pixels_and_white_on_dark_ones():
    mask = np.zeros((4, 4), dtype=bool)
    mask[-1, 0] = True
    figure = Figure()
    inks = []
    for i, panel in enumerate((panel_on(None), panel_on(None, mask=mask), panel_on(None, kind="residual"))):
        axes = figure.add_subplot(1, 3, i + 1)
        panel.draw_on(axes)
        inks.append(axes.texts[0].get_color())
    assert inks == ["white", "0.1", "0.1"]


def test_ticks_that_round_to_24_hours_are_at_0():
    values = 1.9e-4 * np.array([[-1.0, 1.0]])  # 86400 s come out as 86399.99999999999 in steps of 5e-6
    levels, names, label = _ticks_from(values, 3.75e-4, 0, ra=360.0 - 1e-12, dec=0.0, sky=True)
    at = dict(zip(names, levels, strict=True))
    assert label == "RA" and at["00:00:00.000000"] == pytest.approx(0.0, abs=1e-8)
    assert at["23:59:59.999995"] == pytest.approx(-7.5e-5, abs=1e-8)
