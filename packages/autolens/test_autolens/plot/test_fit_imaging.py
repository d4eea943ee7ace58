import numpy as np
import pytest

import autolens as al
from autolens.plot import subplot_fit
from autolens.plot.curves import caustics_from, critical_curves_from
from autolens.plot.source_plane import source_extent_from, source_plane_panel

EXTENT = (-2.0, 2.0, -2.0, 2.0)


def tracer_of(shear: float = 0.0, centre: tuple[float, float] = (0.0, 0.0)) -> al.Tracer:
    lens = al.Galaxy(
        redshift=0.5,
        mass=al.mp.IsothermalSph(einstein_radius=1.2),
        shear=al.mp.ExternalShear(gamma_1=shear),
        light=al.lp.Gaussian(intensity=1.0, sigma=0.3),
    )
    return al.Tracer([lens, al.Galaxy(redshift=1.0, light=al.lp.Gaussian(centre=centre, intensity=2.0, sigma=0.1))])


def fit_of(tracer: al.Tracer) -> al.FitImaging:
    data = np.ones((40, 40))
    dataset = al.Imaging(data=data, noise_map=data, pixel_scales=0.1)
    return al.FitImaging(dataset.apply_mask(al.Mask2D.circular((40, 40), radius=1.7, pixel_scales=0.1)), tracer)


def test_critical_curve_of_an_isothermal_sphere_is_its_einstein_ring():
    (curve,) = critical_curves_from(tracer_of(), EXTENT)
    radii = np.sqrt(np.sum(curve.points**2, axis=1))
    assert curve.label == "tangential"
    assert radii == pytest.approx(np.full(len(radii), 1.2), rel=1e-7)


def test_caustic_of_an_isothermal_sphere_with_shear_has_the_cusps_of_theory():
    tracer = tracer_of(shear=0.1)
    caustic = caustics_from(tracer, EXTENT)[0].points
    # beta = (1 - g) x - theta_E on the x-axis, where x = theta_E / (1 + g); likewise on the y-axis
    assert np.abs(caustic[:, 1]).max() == pytest.approx(1.2 * abs((1 - 0.1) / (1 + 0.1) - 1), rel=1e-4)
    assert np.abs(caustic[:, 0]).max() == pytest.approx(1.2 * abs((1 + 0.1) / (1 - 0.1) - 1), rel=1e-4)


def test_source_plane_shows_the_source_where_it_is():
    tracer = tracer_of(shear=0.05, centre=(0.2, -0.1))
    panel = source_plane_panel(tracer, EXTENT, [])
    row, column = np.unravel_index(np.argmax(panel.values), panel.values.shape)
    x_min, x_max, y_min, y_max = panel.extent
    step = (x_max - x_min) / panel.values.shape[1]
    assert y_max - (row + 0.5) * step == pytest.approx(0.2, abs=step)
    assert x_min + (column + 0.5) * step == pytest.approx(-0.1, abs=step)
    assert panel.values.max() == pytest.approx(2.0, rel=1e-3)


def test_source_plane_holds_source_and_caustics():
    tracer = tracer_of(shear=0.1, centre=(0.3, 0.0))
    caustics = caustics_from(tracer, EXTENT)
    x_min, x_max, y_min, y_max = source_extent_from(tracer, EXTENT, caustics)
    assert x_max - x_min == pytest.approx(y_max - y_min)
    # 2 per cent of the peak of a Gaussian is at sqrt(2 ln 50) = 2.8 sigma
    assert y_max > 0.3 + 2.7 * 0.1
    assert x_min < caustics[0].points[:, 1].min()


def test_fit_is_drawn_in_eight_panels(tmp_path):
    figure = subplot_fit(fit_of(tracer_of(shear=0.05)), tmp_path / "fit.png", title="A lens")
    images = {axes.get_title(): np.asarray(axes.images[0].get_array()) for axes in figure.axes if axes.images}
    assert len(images) == 8
    assert images["Data"] - images["Data - lens light"] + images["Lensed source model"] == pytest.approx(
        images["Model"]
    )
    assert (tmp_path / "fit.png").stat().st_size > 50_000


def test_fit_of_a_lens_without_mass_is_drawn():
    light = al.lp.Gaussian(intensity=1.0, sigma=0.3)
    figure = subplot_fit(fit_of(al.Tracer([al.Galaxy(redshift=0.5, light=light), al.Galaxy(redshift=1.0)])))
    assert sum(bool(axes.images) for axes in figure.axes) == 8
