"""Residuals that are noise, and residuals that are not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import autoarray as aa
from autogalaxy.analysis.residual_structure import (
    Residuals,
    basis_from,
    chi_squared_deviation_from,
    correlation_deviation_from,
    linear_basis_from,
    residual_findings_from,
)

SHAPE = (30, 24)


def _mask(shape=SHAPE, radius=None):
    if radius is None:
        return aa.Mask2D.all_false(shape, pixel_scales=1.0)
    return aa.Mask2D.circular(shape, radius=radius, pixel_scales=1.0)


def _residuals(values, mask, columns=None, counts=None):
    size = mask.pixels_in_mask
    return Residuals(
        values=values,
        mask=mask,
        basis=basis_from(np.zeros((size, 0)) if columns is None else columns),
        counts=np.ones(size, dtype=bool) if counts is None else counts,
    )


def _fitted_noise(rng, mask, columns):
    noise = rng.normal(size=mask.pixels_in_mask)
    return noise - columns @ np.linalg.lstsq(columns, noise, rcond=None)[0]


def _grades(findings):
    return {f.name.removeprefix("residuals."): f.grade for f in findings}


def test_white_noise_after_a_fit_is_good_in_at_least_99_of_100_images():
    rng, mask = np.random.default_rng(1), _mask(radius=10.0)
    y, x = mask.grid_slim.T
    columns = np.stack([np.ones_like(y), y, x, y * x, y**2, x**2], axis=1)
    arcs = np.abs(np.hypot(y, x) - 6.0) < 1.5

    bad = 0
    for _ in range(300):
        residuals = _residuals(_fitted_noise(rng, mask, columns), mask, columns)
        bad += any(f.grade != "good" for f in residual_findings_from(residuals, {"in the arcs": arcs}))

    assert bad <= 3


def test_chi_squared_expects_the_trace_of_the_projection():
    rng, mask = np.random.default_rng(2), _mask((9, 7))
    columns = rng.normal(size=(63, 5))
    region = rng.random(63) < 0.4
    projection = np.eye(63) - columns @ np.linalg.solve(columns.T @ columns, columns.T)
    within = projection[np.ix_(region, region)]

    found = chi_squared_deviation_from(_residuals(np.ones(63), mask, columns), region)

    freedom = np.trace(within) ** 2 / np.trace(within @ within)
    cube_root = (region.sum() / np.trace(within)) ** (1 / 3)
    assert found.expected == pytest.approx(np.trace(within), rel=1e-10)
    assert found.sigmas == pytest.approx((cube_root - 1 + 2 / (9 * freedom)) / np.sqrt(2 / (9 * freedom)), rel=1e-9)


@pytest.mark.parametrize("reach", [1.5, 3.0])
def test_correlation_expects_that_of_the_projection_over_all_pairs(reach):
    rng, mask = np.random.default_rng(3), _mask((8, 9), radius=3.6)
    size = mask.pixels_in_mask
    columns, values = rng.normal(size=(size, 4)), rng.normal(size=size)
    projection = np.eye(size) - columns @ np.linalg.solve(columns.T @ columns, columns.T)
    distances = np.linalg.norm(mask.grid_slim[:, None] - mask.grid_slim, axis=-1)
    pairs = np.triu((distances > 0.0) & (distances <= reach))
    within = projection @ (pairs + pairs.T) @ projection

    found = correlation_deviation_from(_residuals(values, mask, columns), np.ones(size, dtype=bool), reach)

    assert found.count == pairs.sum()
    assert found.value == pytest.approx(np.sum(np.outer(values, values)[pairs]) / pairs.sum(), rel=1e-10)
    assert found.expected == pytest.approx(np.sum(projection[pairs]) / pairs.sum(), rel=1e-10)
    sigma = np.sqrt(np.sum(within**2) / 2.0) / pairs.sum()  # the variance of a quadratic form of normal variates
    assert found.sigmas == pytest.approx((found.value - found.expected) / sigma, rel=1e-9)


def test_noise_shared_by_two_neighbours_is_half_correlated_between_them():
    rng, mask = np.random.default_rng(5), _mask((40, 40))
    noise = rng.normal(size=(40, 41))
    values = ((noise[:, 1:] + noise[:, :-1]) / np.sqrt(2.0)).ravel()
    across, along, diagonal = 40 * 39, 39 * 40, 2 * 39 * 39

    residuals = _residuals(values, mask)
    found = correlation_deviation_from(residuals, np.ones(1600, dtype=bool), 1.5)

    # diagonal neighbours and those above share no draw
    assert found.count == across + along + diagonal
    assert found.value == pytest.approx(0.5 * across / found.count, abs=0.03)
    assert _grades(residual_findings_from(residuals)) == {"chi_squared": "good", "correlation": "check"}


def test_an_offset_far_below_the_noise_is_seen_in_the_correlation_alone():
    rng, mask = np.random.default_rng(6), _mask((50, 50))

    grades = _grades(residual_findings_from(_residuals(rng.normal(size=2500) + 0.25, mask)))

    assert grades == {"chi_squared": "good", "correlation": "check"}


def test_a_noise_map_that_is_too_large_is_named_with_how_much():
    rng, mask = np.random.default_rng(7), _mask((60, 60))

    found = residual_findings_from(_residuals(rng.normal(size=3600) / 1.2, mask))[0]

    part = float(found.text.split("lies ")[1].split(" %")[0])
    assert found.grade == "check" and "above the scatter of pixels" in found.text
    assert part == pytest.approx(20.0, abs=3.0)


def test_structure_in_a_region_is_found_where_the_whole_image_hides_it():
    rng, mask = np.random.default_rng(8), _mask((60, 60))
    values = rng.normal(size=3600)
    arcs = np.zeros(3600, dtype=bool)
    arcs[:80] = True
    values[arcs] *= 1.6

    grades = _grades(residual_findings_from(_residuals(values, mask), {"in the arcs": arcs}))

    assert grades["chi_squared"] == "good"
    assert grades["chi_squared_in_the_arcs"] != "good"


def test_residuals_of_four_times_the_noise_fail():
    rng, mask = np.random.default_rng(9), _mask()

    findings = residual_findings_from(_residuals(4.0 * rng.normal(size=mask.pixels_in_mask), mask))

    assert findings[0].grade == "failed"


def test_residuals_that_are_nan_are_never_good():
    mask = _mask()

    findings = residual_findings_from(_residuals(np.full(mask.pixels_in_mask, np.nan), mask))

    assert all(f.grade == "check" for f in findings)


def test_pixels_whose_noise_was_raised_do_not_count():
    rng, mask = np.random.default_rng(10), _mask((50, 50))
    values, noise = rng.normal(size=2500), np.ones(2500)
    values[:500], noise[:500] = 0.0, 1e8
    fit = type("Fit", (), {"noise_map": aa.Array2D(noise, mask), "whitened_residuals": values, "mask": mask})()

    residuals = Residuals.of_fit(fit, np.zeros((2500, 0)))

    assert chi_squared_deviation_from(residuals, np.ones(2500, dtype=bool)).expected == 2000
    assert _grades(residual_findings_from(residuals)) == {"chi_squared": "good", "correlation": "good"}


def _linear_fit(images, penalty, reconstruction=None):
    """A fit of linear images to nothing, with the parts that are asked of it."""
    mask = _mask((images.shape[0], 1))
    dataset = SimpleNamespace(whitened_from=lambda values: values)
    inversion = SimpleNamespace(
        reconstruction=np.ones(images.shape[1]) if reconstruction is None else reconstruction,
        operated_mapping_matrix=images,
        is_regularized=bool(np.any(penalty)),
        regularization_matrix=penalty,
    )
    return SimpleNamespace(dataset=dataset, inversion=inversion, mask=mask)


def test_intensities_that_were_solved_for_take_their_part_of_chi_squared():
    images = np.random.default_rng(11).normal(size=(50, 6))
    active = np.array([1.0, 1.0, 0.0, 2.0, 0.0, 1.0])

    basis = linear_basis_from(_linear_fit(images, np.zeros((6, 6)), active))

    assert basis.T @ basis == pytest.approx(np.eye(4), abs=1e-12)  # one dimension for each that is not zero
    assert basis @ (basis.T @ images[:, active > 0.0]) == pytest.approx(images[:, active > 0.0], abs=1e-12)


def test_a_regularized_source_takes_what_it_takes_of_sources_drawn_from_its_prior():
    rng = np.random.default_rng(12)
    images, penalty = rng.normal(size=(60, 8)), np.diag(rng.uniform(5.0, 100.0, size=8))

    basis = linear_basis_from(_linear_fit(images, penalty))

    # the residual of the ridge solution is (1 - H) d, and data have the covariance 1 + A P^-1 A^T
    solution = np.eye(60) - images @ np.linalg.solve(images.T @ images + penalty, images.T)
    covariance = solution @ (np.eye(60) + images @ np.linalg.solve(penalty, images.T)) @ solution.T
    assert np.eye(60) - basis @ basis.T == pytest.approx(covariance, abs=1e-10)
