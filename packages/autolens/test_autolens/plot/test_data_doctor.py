import numpy as np
import pytest

import autolens as al
from autolens import exc
from autolens.plot.data_doctor import arcs_panel, data_panel, subplot_doctor


@pytest.fixture
def diagnosis():
    rng = np.random.default_rng(1)
    y, x = np.meshgrid(0.1 * (45 - np.arange(91)), 0.1 * (np.arange(91) - 45), indexing="ij")
    light = 2.0 * np.exp(-0.5 * (x**2 + y**2) / 0.3**2) + np.exp(-0.5 * ((y - 1.2) ** 2 + x**2) / 0.15**2)
    noise_map = np.full(light.shape, 0.05)
    data = light + noise_map * rng.normal(size=light.shape)
    data[10, 20] = 5.0
    psf = np.exp(-0.5 * ((np.arange(13) - 6)[:, None] ** 2 + (np.arange(13) - 6) ** 2) / 1.2**2)
    return al.doctor(al.Imaging(data, noise_map, psf, pixel_scales=0.1))


def test_subplot_has_eight_panels_and_the_verdict_on_top(diagnosis, tmp_path):
    figure = subplot_doctor(None, diagnosis, tmp_path / "doctor.png", title="lens")
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert len(titles) == 8
    assert any("100.0 per cent" in title for title in titles)
    assert figure.get_suptitle().startswith("lens: warning")
    assert (tmp_path / "doctor.png").stat().st_size > 10_000


def test_guesses_and_bad_pixels_are_marked_where_they_are(diagnosis):
    panel = data_panel(diagnosis.maps, diagnosis.facts, diagnosis.guesses)
    places = {points.label: points.points for points in panel.points}
    assert places["bad pixels"][0] == pytest.approx([3.5, -2.5])  # row 10, column 20
    assert places["lens"][0] == pytest.approx([0.0, 0.0], abs=0.05)
    assert panel.values is diagnosis.maps["data"]


def test_panel_of_arcs_is_cut_to_where_they_were_looked_for(diagnosis):
    panel = arcs_panel(diagnosis.maps, diagnosis.facts, diagnosis.guesses)
    assert panel.extent == pytest.approx((-2.95, 2.95, -2.95, 2.95), abs=0.11)


def test_diagnosis_from_a_file_has_no_images(diagnosis):
    with pytest.raises(exc.PlotException, match="al.doctor"):
        subplot_doctor(None, al.Diagnosis.from_dict(diagnosis.to_dict()))


def test_a_cut_out_that_is_off_the_middle_of_the_image_is_drawn_where_it_is(diagnosis):
    facts = {**diagnosis.facts, "examined_middle": (20.0, -10.0)}
    panel = data_panel(diagnosis.maps, facts, {})
    assert panel.extent == pytest.approx((-14.55, -5.45, 15.45, 24.55))
    assert panel.points[0].points[0] == pytest.approx([23.5, -12.5])
    assert arcs_panel(diagnosis.maps, facts, {}).extent == pytest.approx((-12.95, -7.05, 17.05, 22.95), abs=0.11)
