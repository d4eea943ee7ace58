import numpy as np
import pytest

import autogalaxy as ag
from autogalaxy import exc
from drawn_panels import axes_of, blank_panels, images_of

GRID = ag.Grid2D.uniform((40, 40), pixel_scales=0.1, over_sample_size=1)


def galaxy_of(**changes):
    parts = {
        "bulge": ag.lp.Gaussian(intensity=2.0, sigma=0.3),
        "disk": ag.lp.Gaussian(centre=(1.0, -0.5), intensity=1.0, sigma=0.2),
        "mass": ag.mp.IsothermalSph(einstein_radius=1.2),
    }
    return ag.Galaxy(redshift=0.5, **{**parts, **changes})


def test_galaxies_are_drawn_with_their_light_and_their_lensing(tmp_path):
    faint = ag.Galaxy(redshift=0.5, light=ag.lp.Gaussian(centre=(-1.0, 0.0), intensity=0.5, sigma=0.2))
    figure = ag.plot.subplot_galaxies([galaxy_of(), faint], GRID, tmp_path / "galaxies.png", title="Two")
    images = images_of(figure)
    assert list(images) == [
        "Image",
        "Galaxy 0",
        "Galaxy 1",
        "Convergence",
        "Potential",
        "Deflection y",
        "Deflection x",
        "Magnification",
    ]
    assert images["Galaxy 0"] + images["Galaxy 1"] == pytest.approx(images["Image"])
    # the deflection of an isothermal sphere is its Einstein radius, outwards: up in the upper half
    length = np.hypot(images["Deflection y"], images["Deflection x"])
    assert length == pytest.approx(np.full((40, 40), 1.2), rel=1e-9)
    assert np.all(images["Deflection y"][:20] > 0.0) and np.all(images["Deflection x"][:, 20:] > 0.0)
    assert blank_panels(figure) == []


def test_critical_curve_stands_in_convergence_and_magnification():
    figure = ag.plot.subplot_galaxies([galaxy_of()], GRID)
    for title in ("Convergence", "Magnification"):
        (curve,) = [line for line in axes_of(figure, title).lines if line.get_label() == "tangential"]
        assert np.hypot(*curve.get_xydata().T) == pytest.approx(np.full(len(curve.get_xydata()), 1.2), rel=1e-6)


def test_magnification_is_negative_inside_the_ring_and_capped():
    image = axes_of(ag.plot.subplot_galaxies(galaxy_of(), GRID), "Magnification").images[0]
    assert image.get_clim() == (-10.0, 10.0)
    y, x = np.moveaxis(np.asarray(GRID.native.array), -1, 0)
    radius = np.hypot(y, x)
    expected = 1.0 / (1.0 - 1.2 / radius)  # isothermal sphere
    assert np.asarray(image.get_array()) == pytest.approx(expected, rel=1e-5)


def test_light_profiles_are_drawn_under_their_names_where_they_are():
    images = images_of(ag.plot.subplot_galaxy_light_profiles(galaxy_of(), GRID))
    assert list(images) == ["bulge (Gaussian)", "disk (Gaussian)"]
    row, column = np.unravel_index(np.argmax(images["disk (Gaussian)"]), (40, 40))
    assert (row, column) in [(9, 14), (9, 15), (10, 14), (10, 15)]  # y = 1.0 up, x = -0.5 left


def test_mass_profiles_have_a_row_of_three_panels_each():
    galaxy = galaxy_of(shear=ag.mp.ExternalShear(gamma_1=0.1))
    figure = ag.plot.subplot_galaxy_mass_profiles(galaxy, GRID)
    assert figure.axes[0].get_subplotspec().get_gridspec().ncols == 3
    images = images_of(figure)
    assert len(images) == 6
    y, x = np.moveaxis(np.asarray(GRID.native.array), -1, 0)
    assert images["shear (ExternalShear): deflection"] == pytest.approx(0.1 * np.hypot(y, x))
    assert images["mass (IsothermalSph): potential"] == pytest.approx(1.2 * np.hypot(y, x))


def test_basis_is_drawn_whole_and_in_parts():
    basis = ag.lp_basis.Basis([ag.lp.Gaussian(intensity=i, sigma=0.3) for i in (1.0, 2.0)])
    images = images_of(ag.plot.subplot_basis_image(basis, GRID))
    assert list(images) == ["All", "0: Gaussian", "1: Gaussian"]
    assert images["0: Gaussian"] + images["1: Gaussian"] == pytest.approx(images["All"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ag.plot.subplot_galaxies([galaxy_of()], [(0.0, 1.0)]), "is a list, wanted a Grid2D"),
        (lambda: ag.plot.subplot_galaxies([ag.Galaxy(redshift=0.5)], GRID), "neither light nor mass"),
        (lambda: ag.plot.subplot_galaxy_light_profiles([galaxy_of()], GRID), "got a list, wanted a Galaxy"),
        (lambda: ag.plot.subplot_galaxy_mass_profiles(ag.Galaxy(redshift=0.5), GRID), "a galaxy without mass"),
        (lambda: ag.plot.subplot_basis_image(ag.lp.Gaussian(), GRID), "got a Gaussian, wanted a Basis"),
    ],
)
def test_bad_calls_are_refused_with_what_is_wanted(call, message):
    with pytest.raises(exc.PlotException, match=message):
        call()
