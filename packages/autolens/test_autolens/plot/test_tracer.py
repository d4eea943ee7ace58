import numpy as np
import pytest

import autolens as al
from drawn_panels import axes_of, blank_panels, images_of

GRID = al.Grid2D.uniform((40, 40), pixel_scales=0.1, over_sample_size=1)


def tracer_of(source_centre=(0.2, -0.1)):
    lens = al.Galaxy(
        redshift=0.5,
        light=al.lp.Gaussian(intensity=1.0, sigma=0.3),
        mass=al.mp.IsothermalSph(einstein_radius=1.2),
        shear=al.mp.ExternalShear(gamma_1=0.05),
    )
    source = al.Galaxy(redshift=1.0, light=al.lp.Gaussian(centre=source_centre, intensity=2.0, sigma=0.1))
    return al.Tracer([lens, source])


def curves_in(axes):
    return [line.get_xydata() for line in axes.lines if len(line.get_xydata()) > 20]


def test_tracer_is_drawn_in_eight_panels_none_of_them_blank(tmp_path):
    figure = al.plot.subplot_tracer(tracer_of(), GRID, tmp_path / "tracer.png", title="A lens")
    images = images_of(figure)
    assert list(images) == [
        "Image",
        "Lensed source",
        "Source plane",
        "Convergence",
        "Potential",
        "Deflection y",
        "Deflection x",
        "Magnification",
    ]
    assert blank_panels(figure) == []
    assert (tmp_path / "tracer.png").stat().st_size > 50_000
    y, x = np.moveaxis(np.asarray(GRID.native.array), -1, 0)
    assert images["Deflection y"] == pytest.approx(1.2 * y / np.hypot(y, x) - 0.05 * y)
    assert images["Deflection x"] == pytest.approx(1.2 * x / np.hypot(y, x) + 0.05 * x)


def test_source_plane_has_the_caustic_and_the_source_where_they_are():
    figure = al.plot.plot_source_plane(tracer_of(), GRID)
    axes = figure.axes[0]
    (caustic,) = curves_in(axes)
    # beta = (1 - g) x - theta_E on the x-axis, where x = theta_E / (1 + g)
    assert np.abs(caustic[:, 0]).max() == pytest.approx(1.2 * abs(0.95 / 1.05 - 1.0), rel=1e-4)
    image = np.asarray(axes.images[0].get_array())
    row, column = np.unravel_index(np.argmax(image), image.shape)
    x_min, x_max, y_min, y_max = axes.images[0].get_extent()
    step = (x_max - x_min) / image.shape[1]
    assert x_min + (column + 0.5) * step == pytest.approx(-0.1, abs=step)
    assert y_max - (row + 0.5) * step == pytest.approx(0.2, abs=step)


def test_critical_curve_stands_over_the_image():
    axes = al.plot.plot_critical_curves(tracer_of(), GRID).axes[0]
    (curve,) = curves_in(axes)
    # the tangential eigenvalue is zero at theta_E / (1 + g) on the x-axis and at theta_E / (1 - g) on the y-axis
    assert np.abs(curve[:, 0]).max() == pytest.approx(1.2 / 1.05, rel=1e-4)
    assert np.abs(curve[:, 1]).max() == pytest.approx(1.2 / 0.95, rel=1e-4)
    assert al.plot.plot_caustics(tracer_of(), GRID).axes[0].get_title() == "Caustics"


def test_positions_stand_over_the_data():
    array = al.Array2D.no_mask(np.arange(100.0).reshape(10, 10), pixel_scales=0.4)
    axes = al.plot.plot_positions_overlay(array, [(1.0, -0.5)], tracer=tracer_of(), title="Data").axes[0]
    assert [line.get_xydata().tolist() for line in axes.lines if line.get_label() == "positions"] == [[[-0.5, 1.0]]]
    assert len(curves_in(axes)) == 1


def test_tracer_of_light_alone_is_drawn():
    figure = al.plot.subplot_tracer(al.Tracer([al.Galaxy(redshift=0.5, light=al.lp.Gaussian())]), GRID)
    assert list(images_of(figure)) == ["Image"]


def test_convergence_of_several_planes_is_what_they_do_together():
    behind = al.Galaxy(redshift=0.7, mass=al.mp.IsothermalSph(centre=(0.5, 0.4), einstein_radius=0.2))
    tracer = al.Tracer([*tracer_of().galaxies, behind])
    images = images_of(al.plot.subplot_tracer(tracer, GRID))
    assert "Potential" not in images and "Convergence" not in images
    # twice the convergence is the divergence of the deflections, here by central differences over two pixels
    y, x = images["Deflection y"], images["Deflection x"]
    divergence = (y[:-2, 1:-1] - y[2:, 1:-1] + x[1:-1, 2:] - x[1:-1, :-2]) / 0.2
    smooth = np.s_[26:36, 2:14]  # far from both centres
    assert 2.0 * images["Effective convergence"][1:-1, 1:-1][smooth] == pytest.approx(divergence[smooth], rel=0.02)


def test_first_plane_is_drawn_without_caustics():
    axes = al.plot.plot_source_plane(tracer_of(), GRID, plane=0).axes[0]
    assert curves_in(axes) == []
    assert np.asarray(axes.images[0].get_array()).max() == pytest.approx(1.0, rel=1e-2)


def test_panels_of_different_figures_make_one():
    tracer = tracer_of()
    extent = GRID.geometry.extent
    panels = [
        al.plot.source_plane_panel(tracer, extent, al.plot.caustics_from(tracer, extent)),
        al.plot.panel_from(tracer.image_2d_from(GRID), "Image", lines=al.plot.critical_curves_from(tracer, extent)),
        *al.plot.panels_of_1d_mass(tracer.galaxies[0]),
    ]
    figure = al.plot.figure_from(panels, columns=3)
    assert [axes.get_title() for axes in figure.axes if axes.get_title()][:3] == ["Source plane", "Image", "Mass"]
    assert axes_of(figure, "Mass").get_xscale() == "log"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: al.plot.subplot_tracer([al.Galaxy(redshift=0.5)], GRID), "got a list, wanted a Tracer"),
        (lambda: al.plot.subplot_tracer(tracer_of(), 0.05), "is a float, wanted a Grid2D"),
        (lambda: al.plot.plot_source_plane(tracer_of(), GRID, plane=2), "plane=2 of 2 planes"),
        (lambda: al.plot.plot_positions_overlay(GRID, [(0.0, 0.0)]), "wanted an image with pixel scales"),
        (lambda: al.plot.subplot_fit_imaging(tracer_of()), "got a Tracer, wanted the fit of a lens"),
    ],
)
def test_bad_calls_are_refused_with_what_is_wanted(call, message):
    with pytest.raises(al.exc.PlotException, match=message):
        call()


def test_every_name_of_the_namespace_is_there():
    for name in al.plot.__all__:
        assert callable(getattr(al.plot, name)), name
