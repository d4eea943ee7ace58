r"""Whether the residuals of a fit are what noise alone leaves.

The residuals r of a best fit are whitened noise without what the free parameters took: with an orthonormal basis Q of
the directions in which the parameters move the image, :math:`\langle r r^T \rangle = 1 - Q Q^T`. Every expectation
here is of that matrix, so that it holds for few pixels and many parameters too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array
from autogalaxy.inference.verdict import Finding

SIGNIFICANT = 5.0
"""Standard deviations at which something is no longer noise; a dozen numbers are judged in every fit."""
REACHES = (1.5, 3.0)
"""Distances [pixels] within which residuals are compared with each other."""
HOPELESS = 3.0
"""Chi-squared per degree of freedom beyond which nothing of a fit can be believed, unless several starts agree."""
HOPELESS_PLACES = ("", "in the arcs")
"""Where it is judged by that: the centre of a bright galaxy is a few pixels, which say little of the rest."""
LEAST_PIXELS = 8
"""Pixels below which a region says nothing."""
_IGNORED_NOISE = 50.0
"""Noise, in units of the median, of pixels that were made unimportant instead of being masked."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Whitened residuals of a best fit, and what its free parameters took from them."""

    values: Array
    """In units of the noise, ``(n,)``."""
    mask: aa.Mask2D
    basis: Array
    """Q: orthonormal directions in which the free parameters move the whitened image, shorter ones where a
    regularization holds them, ``(n, p)``."""
    counts: Array
    """Which pixels count: not those whose noise was raised to make them unimportant, ``(n,)`` booleans."""

    @classmethod
    def of_fit(cls, fit: Any, columns: Array) -> Residuals:
        """Those of a NumPy fit; ``columns`` are derivatives of the whitened image by the parameters, ``(n, p)``."""
        linear = linear_basis_from(fit)
        columns = columns - linear @ (linear.T @ columns)
        noise = np.asarray(fit.noise_map.array)
        return cls(
            values=np.asarray(fit.whitened_residuals),
            mask=fit.mask,
            basis=np.concatenate((linear, basis_from(columns)), axis=1),
            counts=noise <= _IGNORED_NOISE * np.median(noise),
        )


@dataclass(frozen=True)
class Deviation:
    """A number that residuals give, what noise gives, and how unlikely that makes it."""

    value: float
    expected: float
    sigmas: float
    count: int


def basis_from(columns: Array, least: float = 1e-9) -> Array:
    """An orthonormal basis of the space of columns, ``(n, k) -> (n, r)``, without directions that are rounding."""
    columns = np.asarray(columns, dtype=float)
    lengths = np.linalg.norm(columns, axis=0)
    columns = columns[:, lengths > 0.0] / lengths[lengths > 0.0]
    if columns.shape[1] == 0:
        return columns
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, values > least * values[0]]


def linear_basis_from(fit: Any) -> Array:
    r"""Q of the linear intensities that a fit found not to be zero, ``(n, k)``.

    :math:`Q Q^T = A (A^T A + H)^{-1} A^T` of their whitened images A, a projection without a regularization H. With
    one it makes :math:`1 - Q Q^T` the covariance of the residuals of sources drawn from that regularization.
    """
    inversion = getattr(fit, "inversion", None)
    if inversion is None:
        return np.zeros((fit.mask.pixels_in_mask, 0))
    found = np.asarray(inversion.reconstruction) != 0.0
    images = np.asarray(fit.dataset.whitened_from(np.asarray(inversion.operated_mapping_matrix)[:, found].T)).T
    if not inversion.is_regularized:
        return basis_from(images)
    matrix = images.T @ images + np.asarray(inversion.regularization_matrix)[np.ix_(found, found)]
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-12 * values[-1]
    return images @ (vectors[:, kept] / np.sqrt(values[kept]))


def chi_squared_deviation_from(residuals: Residuals, region: Array) -> Deviation:
    r"""Chi-squared of the pixels of a region, ``(n,)`` booleans, against what noise gives.

    Mean and variance are :math:`\sum (1 - h_i)` and :math:`2 (n - 2 \sum h_i + |Q_R^T Q_R|^2)` with the leverages
    :math:`h_i = |Q_i|^2`; the significance is that of Wilson & Hilferty (1931), PNAS 17, 684.
    """
    region = region & residuals.counts
    count, basis = int(region.sum()), residuals.basis[region]
    value = float(np.sum(residuals.values[region] ** 2))
    gram = basis.T @ basis
    expected = count - float(np.trace(gram))
    variance = 2.0 * (count - 2.0 * float(np.trace(gram)) + float(np.sum(gram**2)))
    if expected <= 0.5 or variance <= 0.0:
        return Deviation(value, max(expected, 0.0), 0.0, count)
    freedom = 2.0 * expected**2 / variance
    width = 2.0 / (9.0 * freedom)
    sigmas = ((value / expected) ** (1.0 / 3.0) - (1.0 - width)) / np.sqrt(width)
    return Deviation(value, expected, float(sigmas), count)


def correlation_deviation_from(residuals: Residuals, region: Array, reach: float) -> Deviation:
    r"""Mean product of two residuals of a region that are at most ``reach`` [pixels] apart, against what noise gives.

    With W half of the matrix that marks those pairs, the sum is :math:`r^T W r`; its mean is
    :math:`-\mathrm{tr}(Q^T W Q)` and its variance
    :math:`2 \, \mathrm{tr}(W W) - 4 |W Q|^2 + 2 \, \mathrm{tr}[(Q^T W Q)^2]`, in which the first term counts the pairs.
    """
    values, basis = residuals.values, residuals.basis
    total, count, product = 0.0, 0, np.zeros_like(basis)
    for first, second in _pairs_from(residuals.mask, region & residuals.counts, reach):
        total += float(values[first] @ values[second])
        count += len(first)
        product[first] += 0.5 * basis[second]  # no pixel comes twice in one lag
        product[second] += 0.5 * basis[first]
    inner = basis.T @ product
    expected = -float(np.trace(inner))
    variance = count - 4.0 * float(np.sum(product**2)) + 2.0 * float(np.sum(inner**2))
    if count == 0 or variance <= 0.0:
        return Deviation(0.0, 0.0, 0.0, count)
    return Deviation(total / count, expected / count, float((total - expected) / np.sqrt(variance)), count)


def _pairs_from(mask: aa.Mask2D, region: Array, reach: float) -> Iterator[tuple[Array, Array]]:
    """For each lag up to ``reach`` the slim indexes of the pixels of all pairs, each pair once."""
    places = np.asarray(mask.native_for_slim)[region]
    slim = np.flatnonzero(region)
    far = int(reach)
    index = np.full(np.array(mask.shape_native) + 2 * far, -1)
    index[tuple((places + far).T)] = slim
    steps = range(-far, far + 1)
    for lag in ((y, x) for y in range(far + 1) for x in steps if (y > 0 or x > 0) and y**2 + x**2 <= reach**2):
        other = index[tuple((places + far + np.array(lag)).T)]
        both = other >= 0
        yield slim[both], other[both]


# ------------------------------------------------------------------ what it says to a user


def residual_findings_from(residuals: Residuals, regions: Mapping[str, Array] | None = None) -> list[Finding]:
    """Chi-squared and correlation of the whole image and of regions of it, ``{"in the arcs": (n,) booleans}``."""
    everything = np.ones(len(residuals.values), dtype=bool)
    findings = []
    for place, region in {"": everything, **(regions or {})}.items():
        if np.sum(region & residuals.counts) >= LEAST_PIXELS:
            findings += [_chi_squared_finding(residuals, place, region), _correlation_finding(residuals, place, region)]
    return findings


def _chi_squared_finding(residuals: Residuals, place: str, region: Array) -> Finding:
    found = chi_squared_deviation_from(residuals, region)
    where = f" {place}" if place else ""
    ratio = found.value / found.expected if found.expected > 0.0 else 1.0
    text = f"Chi-squared{where} is {found.value:.0f} where noise gives {found.expected:.0f} ({found.sigmas:+.1f} sigma)"
    grade = "good" if abs(found.sigmas) <= SIGNIFICANT else "check"
    if grade == "good":
        text += "."
    elif found.sigmas < 0.0:
        text += (
            f": the noise map lies {100.0 * (ratio**-0.5 - 1.0):.0f} % above the scatter of pixels. Rightly so where "
            "it was raised because neighbours are correlated, otherwise errors are too large: "
            "aa.preprocess.noise_correlation_from measures that correlation in empty sky, as the data doctor does."
        )
    else:
        text += (
            f", {ratio:.2f} times as much: the model leaves structure, or the noise map is too small; look at the "
            "residual map and free what is fixed there."
        )
        grade = "failed" if ratio > HOPELESS and place in HOPELESS_PLACES else "check"
    return Finding(_named("chi_squared", place), grade, text, found.sigmas, SIGNIFICANT)


def _correlation_finding(residuals: Residuals, place: str, region: Array) -> Finding:
    """Of the distance at which it is farthest from that of noise."""
    deviations = {reach: correlation_deviation_from(residuals, region, reach) for reach in REACHES}
    reach = max(REACHES, key=lambda reach: abs(deviations[reach].sigmas))
    found = deviations[reach]
    where = f" {place}" if place else ""
    text = (
        f"Residuals{where} within {reach:g} pixels of each other are {'alike' if found.sigmas > 0.0 else 'unlike'}, "
        f"{abs(found.sigmas):.1f} sigma from those of noise"
    )
    grade = "good" if abs(found.sigmas) <= SIGNIFICANT else "check"
    if grade == "good":
        text += "."
    elif found.sigmas > 0.0:
        text += (
            ": the model leaves structure, or the noise of neighbours is correlated; look at the residual map, and at "
            "aa.preprocess for the correlation of the noise."
        )
    else:
        text += ": the noise is not independent from pixel to pixel; look at how the image was made."
    return Finding(_named("correlation", place), grade, text, found.sigmas, SIGNIFICANT)


def _named(name: str, place: str) -> str:
    return "residuals." + "_".join([name, *place.split()])
