import numpy as np
import pytest

import autolens as al
from autolens.lens.source_in_view import source_extent_from
from autolens.plot import subplot_fit
from autolens.plot.curves import caustics_from, critical_curves_from
from autolens.plot.source_plane import source_plane_panel
from drawn_panels import axes_of, blank_panels, images_of

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
    x_min, x_max, y_min, y_max = source_extent_from(tracer, EXTENT, [line.points for line in caustics])
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


def test_fit_with_all_panels_adds_up_and_none_is_blank():
    figure = al.plot.subplot_fit_imaging(fit_of(tracer_of(shear=0.05)))
    images = images_of(figure)
    assert len(images) == 12
    assert images["Data"] - images["Model"] == pytest.approx(images["Residuals"])
    assert images["Lens light model"] + images["Lensed source model"] == pytest.approx(images["Model"])
    for title in ("Normalized residuals", "Residuals", "Magnification"):
        low, high = axes_of(figure, title).images[0].get_clim()
        assert low == -high
    assert blank_panels(figure) == []


def test_logarithmic_figure_has_logarithmic_light_and_linear_residuals():
    figure = al.plot.subplot_fit_imaging_log10(fit_of(tracer_of(shear=0.05)))
    norms = {a.get_title(): type(a.images[0].norm).__name__ for a in figure.axes if a.images}
    assert {norms[name] for name in ("Data", "Model", "Source plane", "Lensed source model")} == {"LogNorm"}
    assert {norms[name] for name in ("Normalized residuals", "Residuals", "Chi-squared")} == {"Normalize"}


def test_planes_have_a_row_each_whose_data_lack_the_light_of_the_other():
    fit = fit_of(tracer_of(shear=0.05, centre=(0.1, 0.0)))
    figure = al.plot.subplot_fit_imaging_of_planes(fit)
    images = images_of(figure)
    assert figure.axes[0].get_subplotspec().get_gridspec().ncols == 3
    assert list(images) == [
        "Data of plane 0",
        "Model of plane 0",
        "Plane 0 unlensed, z = 0.5",
        "Data of plane 1",
        "Model of plane 1",
        "Plane 1 unlensed, z = 1",
    ]
    kept = np.asarray(fit.data.native.array) != 0.0
    shown = images["Data of plane 0"] + images["Model of plane 1"]
    assert shown[shown != 0.0] == pytest.approx(np.ones(int(kept.sum())))
    assert images["Plane 1 unlensed, z = 1"].max() == pytest.approx(2.0, rel=1e-2)
    assert len(images_of(al.plot.subplot_fit_imaging_of_planes(fit, plane_index=1))) == 3
    with pytest.raises(al.exc.PlotException, match=r"plane_index=2, wanted one of \[0, 1\]"):
        al.plot.subplot_fit_imaging_of_planes(fit, plane_index=2)


def test_linear_light_is_drawn_with_the_intensities_that_were_found():
    lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.2))
    source = al.lp.Gaussian(centre=(0.1, 0.0), intensity=7.0, sigma=0.2)
    mask = al.Mask2D.circular((40, 40), radius=1.7, pixel_scales=0.1)
    image = al.Tracer([lens, al.Galaxy(redshift=1.0, light=source)]).image_2d_from(al.Grid2D.from_mask(mask))
    dataset = al.Imaging(data=image.native, noise_map=np.ones((40, 40)), pixel_scales=0.1).apply_mask(mask)
    linear = al.Galaxy(redshift=1.0, light=al.lp_linear.Gaussian(centre=(0.1, 0.0), sigma=0.2))
    fit = al.FitImaging(dataset, al.Tracer([lens, linear]))
    for draw in (al.plot.subplot_fit, al.plot.subplot_fit_imaging_tracer):
        assert images_of(draw(fit))["Source plane"].max() == pytest.approx(7.0, rel=1e-2)


def test_fit_without_lensing_is_drawn_in_six_panels():
    images = images_of(al.plot.subplot_fit_imaging_x1_plane(fit_of(tracer_of())))
    assert list(images)[:3] == ["Data", "Signal to noise", "Model"] and len(images) == 6


def test_panels_of_a_fit_have_the_axes_of_the_sky_where_it_is_known():
    header = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": -5.0, "CRPIX1": 20.5}
    header |= {"CRPIX2": 20.5, "CD1_1": -0.1 / 3600, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 0.1 / 3600}
    data = al.Array2D.no_mask(np.ones((40, 40)), pixel_scales=0.1, header=header)
    fit = al.FitImaging(al.Imaging(data=data, noise_map=np.ones((40, 40)), pixel_scales=0.1), tracer_of(shear=0.05))
    figure = subplot_fit(fit, sky=True)
    assert axes_of(figure, "Model").get_xlabel() == axes_of(figure, "Convergence").get_xlabel() == "RA"
    assert axes_of(figure, "Source plane").get_xlabel() != "RA"
    letters = {text.get_text() for text in axes_of(figure, "Normalized residuals").texts}
    assert {"N", "E"} < letters
