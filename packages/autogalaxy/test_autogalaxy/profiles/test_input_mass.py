"""Tabulated lenses against the closed forms that the tables were made of."""

from __future__ import annotations

import numpy as np
import pytest

import autoarray as aa
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles.mass.input.spline import Lattice, Spline

CORE = 0.6


def lens_deflections(points: np.ndarray) -> np.ndarray:
    """Cored isothermal sphere and shear: psi = s - 0.6 ln(0.6 + s), s^2 = r^2 + 0.36, plus 0.05 (x^2 - y^2) / 2."""
    y, x = points.T
    root = np.sqrt(y**2 + x**2 + CORE**2)
    return points / (root + CORE)[:, None] + 0.05 * np.stack((-y, x), axis=-1)


def lens_potential(points: np.ndarray) -> np.ndarray:
    y, x = points.T
    root = np.sqrt(y**2 + x**2 + CORE**2)
    return root - CORE * np.log(root + CORE) + 0.025 * (x**2 - y**2)


def lens_convergence(points: np.ndarray) -> np.ndarray:
    return 0.5 / np.sqrt(np.sum(points**2, axis=1) + CORE**2)


def lens_shear(points: np.ndarray) -> np.ndarray:
    """Columns gamma_2 and gamma_1."""
    y, x = points.T
    squared = y**2 + x**2
    mean = 1.0 / (np.sqrt(squared + CORE**2) + CORE)
    scale = -(mean - lens_convergence(points)) / squared
    return np.stack((scale * 2.0 * x * y, scale * (x**2 - y**2) + 0.05), axis=-1)


def mask_of(pixel_scales: float = 0.1, radius: float = 2.0) -> aa.Mask2D:
    n = round(2.4 * radius / pixel_scales)
    return aa.Mask2D.circular(shape_native=(n, n + 3), radius=radius, pixel_scales=pixel_scales)


def centres_of(mask: aa.Mask2D) -> np.ndarray:
    return np.asarray(aa.Grid2D.from_mask(mask, over_sample_size=1).array)


def potential_table(mask: aa.Mask2D, **keywords: str) -> mp.InputPotential:
    return mp.InputPotential(lens_potential(centres_of(mask)), centres_of(mask), mask, **keywords)


def deflection_table(mask: aa.Mask2D, **keywords: str) -> mp.InputDeflections:
    alpha = lens_deflections(centres_of(mask))
    return mp.InputDeflections(alpha[:, 0], alpha[:, 1], aa.Grid2D.from_mask(mask), mask, **keywords)


def points_within(radius: float, n: int = 400) -> np.ndarray:
    random = np.random.default_rng(5)
    r, angle = radius * np.sqrt(random.uniform(size=n)), random.uniform(0.0, 2.0 * np.pi, n)
    return np.stack((r * np.sin(angle), r * np.cos(angle)), axis=-1)


TABLES = {"potential": potential_table, "deflections": deflection_table}
# errors in the interior and in the whole mask, for pixels of 0.1 arcsec; the lens changes over 0.6 arcsec
ERRORS = {
    "potential": {"deflections": (2e-6, 2e-4), "convergence": (1e-4, 2e-3), "shear": (1e-4, 2e-3)},
    "deflections": {"deflections": (2e-5, 5e-5), "convergence": (4e-4, 1e-3), "shear": (6e-4, 1e-3)},
}


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("place", [0, 1], ids=["interior", "whole"])
def test_table_gives_the_lens_it_was_made_of(kind, place):
    lens, points = TABLES[kind](mask_of()), points_within((1.2, 1.95)[place])
    error = {name: pair[place] for name, pair in ERRORS[kind].items()}

    assert lens.deflections_yx_2d_from(points) == pytest.approx(lens_deflections(points), abs=error["deflections"])
    assert lens.convergence_2d_from(points) == pytest.approx(lens_convergence(points), abs=error["convergence"])
    assert lens.shear_yx_2d_from(points) == pytest.approx(lens_shear(points), abs=error["shear"])
    psi = lens.potential_2d_from(points) - lens.potential_2d_from(points[:1])
    expected = lens_potential(points) - lens_potential(points[:1])
    assert psi == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("kind", "order"), [("potential", 4.5), ("deflections", 3.5)])
def test_error_falls_with_the_stated_power_of_the_pixel(kind, order):
    points = points_within(1.0)
    errors = [
        np.abs(TABLES[kind](mask_of(h)).deflections_yx_2d_from(points) - lens_deflections(points)).max()
        for h in (0.16, 0.08)
    ]

    assert np.log2(errors[0] / errors[1]) > order


@pytest.mark.parametrize("kind", TABLES)
def test_table_is_returned_at_its_pixels(kind):
    mask = mask_of()
    lens, centres = TABLES[kind](mask), centres_of(mask)

    if kind == "potential":
        assert lens.potential_2d_from(centres) == pytest.approx(lens_potential(centres), rel=1e-9)
    else:
        assert lens.deflections_yx_2d_from(centres) == pytest.approx(lens_deflections(centres), rel=1e-9, abs=1e-12)


def differences(function, points: np.ndarray, h: float = 1e-5) -> tuple[np.ndarray, np.ndarray]:
    return tuple((function(points + h * e) - function(points - h * e)) / (2.0 * h) for e in np.eye(2))


def test_derivatives_of_a_tabulated_potential_belong_together():
    lens, points = potential_table(mask_of()), points_within(1.9)

    psi_y, psi_x = differences(lens.potential_2d_from, points)
    d_y, d_x = differences(lens.deflections_yx_2d_from, points)

    assert np.stack((psi_y, psi_x), axis=-1) == pytest.approx(lens.deflections_yx_2d_from(points), abs=1e-8)
    assert 0.5 * (d_y[:, 0] + d_x[:, 1]) == pytest.approx(lens.convergence_2d_from(points), abs=1e-8)
    shear = np.stack((d_x[:, 0], 0.5 * (d_x[:, 1] - d_y[:, 0])), axis=-1)
    assert shear == pytest.approx(lens.shear_yx_2d_from(points), abs=1e-8)


def test_potential_of_tabulated_deflections_has_them_as_gradient():
    lens, points = deflection_table(mask_of()), points_within(1.9)

    psi_y, psi_x = differences(lens.potential_2d_from, points)

    assert np.stack((psi_y, psi_x), axis=-1) == pytest.approx(lens.deflections_yx_2d_from(points), abs=2e-4)


@pytest.mark.parametrize("kind", TABLES)
def test_outside_continues_with_the_deflection_of_the_nearest_pixel(kind):
    lens, outside = TABLES[kind](mask_of()), np.array([(0.0, 30.0), (5.0, 4.0), (0.03, -2.2)])

    nearest = [min(centres_of(mask_of()), key=lambda c, p=p: np.hypot(*(c - p))) for p in outside]

    alpha = lens.deflections_yx_2d_from(outside)
    # beyond the frame the pixel nearest to the frame's edge is taken
    assert alpha[2] == pytest.approx(lens_deflections(np.array(nearest))[2], abs=5e-4)
    assert alpha[0] == pytest.approx(lens_deflections(np.array([(0.0, 1.95)]))[0], abs=0.03)
    assert np.all(lens.convergence_2d_from(outside) == 0.0) and np.all(lens.shear_yx_2d_from(outside) == 0.0)
    psi_x = differences(lens.potential_2d_from, outside)[1]
    assert psi_x == pytest.approx(alpha[:, 1], abs=1e-6)


@pytest.mark.parametrize("kind", TABLES)
def test_outside_is_nothing_where_that_is_asked_for(kind):
    lens = TABLES[kind](mask_of(), extrapolate="zero")
    points = np.array([(0.0, 30.0), (0.3, 0.2)])

    for method in ("deflections_yx_2d_from", "potential_2d_from", "convergence_2d_from"):
        values = np.asarray(getattr(lens, method)(points))
        assert np.all(values[0] == 0.0) and np.all(values[1] != 0.0)


def test_spline_of_a_polynomial_of_its_order_is_that_polynomial():
    """Up to the third order, which the continuation beyond the mask leaves as it is too."""
    mask = aa.Mask2D.circular(shape_native=(24, 30), radius=1.0, pixel_scales=(0.1, 0.08))
    y, x = centres_of(mask).T
    spline = Spline.from_values(Lattice.from_mask(mask), 1.0 + x - 2.0 * y * x + y**3 - x**2 * y, order=3)
    y, x = points_within(0.9).T
    places = spline.lattice.places_from(y, x)

    value, d_y, d_x, d_yy, d_yx = spline.derivatives_from(places, ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1)))

    assert np.all(places.is_inside)
    assert value == pytest.approx(1.0 + x - 2.0 * y * x + y**3 - x**2 * y, abs=1e-5)
    assert d_y == pytest.approx(-2.0 * x + 3.0 * y**2 - x**2, abs=1e-4)
    assert d_x == pytest.approx(1.0 - 2.0 * y - 2.0 * x * y, abs=1e-4)
    assert d_yy == pytest.approx(6.0 * y, abs=3e-3)
    assert d_yx == pytest.approx(-2.0 - 2.0 * x, abs=3e-3)


def test_random_field_has_the_stated_spectrum():
    mask = aa.Mask2D.all_false(shape_native=(32, 32), pixel_scales=0.08)
    k = 2.0 * np.pi * np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(32, 0.08)]))
    power = 0.0
    for seed in range(25):
        lens = mp.GaussianRandomField(mask, power_amplitude=0.02, power_slope=3.0, seed=seed)
        psi = np.asarray(lens.potential_2d_from(centres_of(mask))).reshape(32, 32)
        power = power + np.abs(np.fft.fft2(psi)) ** 2 / 32**2 / 25
        assert abs(psi.mean()) < 1e-12

    for low, high in ((3.0, 10.0), (10.0, 20.0), (20.0, 40.0)):
        shell = np.logical_and(k > low, k < high)
        assert np.mean(power[shell] * k[shell] ** 3 / 0.02) == pytest.approx(1.0, abs=0.1)


def test_random_field_is_repeated_by_its_seed_and_scales_with_its_amplitude():
    mask, points = mask_of(), points_within(1.5)
    alpha = [
        mp.GaussianRandomField(mask, power_amplitude=a, power_slope=4.0, seed=s).deflections_yx_2d_from(points)
        for a, s in ((1.0, 3), (1.0, 3), (4.0, 3), (1.0, 4))
    ]

    assert np.array_equal(alpha[0], alpha[1])
    assert alpha[2] == pytest.approx(2.0 * alpha[0], rel=1e-9, abs=1e-12)
    assert not np.allclose(alpha[0], alpha[3])


@pytest.mark.parametrize(
    ("keywords", "match"),
    [
        ({"lensing_potential": np.ones(3)}, "lensing_potential"),
        ({"image_plane_grid": np.zeros((4, 2))}, "image_plane_grid"),
        ({"mask": None}, "mask"),
        ({"extrapolate": "linear"}, "extrapolate"),
        ({"Hy": np.eye(3)}, "Hy"),
    ],
)
def test_bad_table_is_refused_by_name(keywords, match):
    mask = mask_of(0.4)
    good = {"lensing_potential": lens_potential(centres_of(mask)), "image_plane_grid": centres_of(mask), "mask": mask}

    with pytest.raises(aa.exc.ProfileException, match=match):
        mp.InputPotential(**{**good, **keywords})


def test_value_that_is_no_number_in_a_table_is_refused():
    mask = mask_of(0.4)
    alpha = lens_deflections(centres_of(mask))
    alpha[3, 1] = np.nan

    with pytest.raises(aa.exc.ProfileException, match="deflections_x"):
        mp.InputDeflections(alpha[:, 0], alpha[:, 1], centres_of(mask), mask)
    with pytest.raises(aa.exc.ProfileException, match="seed"):
        mp.GaussianRandomField(mask, seed=-1)
