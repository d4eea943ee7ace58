"""The PSF: its sum, centre, wings and edge.

References
----------
Trujillo et al. (2001), MNRAS 328, 977 (what wings of a PSF do to profiles).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autolens.data_doctor.diagnosis import DataFinding
from autolens.data_doctor.images import Images

SUM_LIMIT = 0.01
"""A tenth of the flux error that one usually has; light of the model is off by the same."""
CENTRE_LIMIT = 0.1
"""Pixels; a PSF that is off by this moves the model against positions, masks and other bands by as much."""
NEGATIVE_LIMIT = 1e-3
"""Fraction of the light below zero that rounding and Fourier transforms do not leave."""
LOST_LIMIT = 0.01
"""Fraction of the light beyond the edge; as for the sum."""


def findings_from(images: Images) -> Iterator[DataFinding]:
    """What the PSF says."""
    psf = images.psf
    if psf is None:
        yield DataFinding(
            "psf_missing",
            "warning",
            "There is no PSF.",
            None,
            None,
            "Models are not blurred: the source comes out too large and the lens light too flat.",
            "--psf psf.fits: a star of the same image, or a model of the telescope",
        )
        return
    if not np.all(np.isfinite(psf)) or psf.sum() <= 0.0 or psf.max() <= 0.0:
        yield DataFinding(
            "psf_values",
            "error",
            f"The PSF holds {int((~np.isfinite(psf)).sum())} pixels that are not finite; its sum is {psf.sum():.3g}.",
            float(psf.sum()),
            0.0,
            "No fit can be made.",
            "choose another HDU: --psf-hdu; or replace these pixels by 0",
        )
        return
    yield from _parity_from(psf)
    yield from _sum_from(psf)
    yield from _centre_from(psf)
    yield from _negative_from(psf)
    yield from _edge_from(psf)


def _parity_from(psf: np.ndarray) -> Iterator[DataFinding]:
    if all(n % 2 for n in psf.shape):
        return
    yield DataFinding(
        name="psf_parity",
        severity="error",
        what=f"The PSF has {psf.shape[0]} x {psf.shape[1]} pixels: an even side has no pixel in its middle.",
        value=float(next(n for n in psf.shape if n % 2 == 0)),
        limit=None,
        effect="No fit can be made; cutting a row off blindly would shift the model by half a pixel.",
        mend="aa.preprocess.psf_with_odd_dimensions_from(psf) keeps sum and centroid",
    )


def _sum_from(psf: np.ndarray) -> Iterator[DataFinding]:
    total = float(psf.sum())
    if abs(total - 1.0) <= SUM_LIMIT:
        return
    yield DataFinding(
        name="psf_sum",
        severity="warning",
        what=f"The PSF sums to {total:.4g}, not 1.",
        value=total,
        limit=1.0 - SUM_LIMIT if total < 1.0 else 1.0 + SUM_LIMIT,
        effect=f"Used as it is, every flux of the model comes out {100.0 * (1.0 / total - 1.0):+.1f} per cent off.",
        mend="Imaging.from_fits(..., use_normalized_psf=True), which is the default here; elsewhere psf.normalized",
    )


def centroid_of(psf: np.ndarray) -> tuple[float, float]:
    """Rows and columns by which the core of the PSF is off the middle of its frame.

    The centroid of the light above a tenth of the peak: wings and spikes, which need not be symmetric, have no say. An
    iterated Gaussian window (Bertin & Arnouts' ``XWIN``) of that size makes it free of the frame.
    """
    rows, columns = np.meshgrid(*(np.arange(n) - (n - 1) / 2.0 for n in psf.shape), indexing="ij")
    core = np.clip(psf, 0.0, None)
    width = np.sqrt(max((core > 0.5 * psf.max()).sum() / np.pi, 1.0))
    row, column = np.unravel_index(np.argmax(psf), psf.shape)
    centre = np.array([rows[row, column], columns[row, column]])
    for _ in range(30):
        window = core * np.exp(-0.5 * ((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / (1.5 * width) ** 2)
        offset = np.array([(window * (a - c)).sum() for a, c in zip((rows, columns), centre, strict=True)])
        step = 2.0 * offset / window.sum()
        centre = centre + step
        if np.abs(step).max() < 1e-5:
            break
    return float(centre[0]), float(centre[1])


def _centre_from(psf: np.ndarray) -> Iterator[DataFinding]:
    down, right = centroid_of(psf)
    distance = float(np.hypot(down, right))  # raw numbers
    if distance <= CENTRE_LIMIT:
        return
    yield DataFinding(
        name="psf_centre",
        severity="error" if distance > 1.0 else "warning",
        what=f"The PSF is off the middle of its frame by {distance:.2f} pixels (y {-down:+.2f}, x {right:+.2f}).",
        value=distance,
        limit=CENTRE_LIMIT,
        effect="The model is shifted by as much against the data: centres, positions and other bands disagree.",
        mend="cut it out about its peak, or shift it by the fraction: scipy.ndimage.shift(psf, "
        f"({-down:.2f}, {-right:.2f}), order=3)",
    )


def _negative_from(psf: np.ndarray) -> Iterator[DataFinding]:
    fraction = float(-psf[psf < 0.0].sum() / psf.sum())
    if fraction <= NEGATIVE_LIMIT:
        return
    yield DataFinding(
        name="psf_negative",
        severity="warning",
        what=f"{int((psf < 0.0).sum())} pixels of the PSF are negative, {100.0 * fraction:.2g} per cent of its light.",
        value=fraction,
        limit=NEGATIVE_LIMIT,
        effect="Bright cores dig holes around themselves, which sources and rings are then fitted to.",
        mend="subtract the sky of the star properly, or np.clip(psf, 0.0, None) and normalize",
    )


def edge_of(psf: np.ndarray) -> dict[str, Any]:
    """What lies beyond the edge: the light as a fraction, and the power by which the PSF falls there.

    Means over rings at the edge R, where it is ``I``, and at 0.75 and 0.5 of it. Where the fall gets steeper outwards
    as that of a Gaussian does, ``2 pi s^2 I`` lies beyond, with the width s of the outer two; else
    ``2 pi R^2 I / (n - 2)`` of a power law ``r^-n``, n being that of the outer two and at least 3, which a diffraction
    pattern has.
    """
    centre = np.unravel_index(np.argmax(psf), psf.shape)
    rows, columns = np.indices(psf.shape)
    radius = np.sqrt((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2)
    edge = float(min(centre[0], centre[1], psf.shape[0] - 1 - centre[0], psf.shape[1] - 1 - centre[1]))
    if edge < 1.0:
        return {"lost": 1.0, "power": 0.0, "radius": edge}
    places, levels = [], []
    for part in (0.5, 0.75, 1.0):
        ring = np.abs(radius - part * edge) <= max(0.5, 0.06 * edge)
        places.append(float(np.sqrt(np.mean(radius[ring] ** 2))) if ring.any() else part * edge)
        levels.append(float(psf[ring].mean() / psf.sum()) if ring.any() else np.inf)
    if levels[2] <= 0.0:
        return {"lost": 0.0, "power": np.inf, "radius": edge}
    fall = np.log(np.maximum(np.array(levels[:2]) / np.array(levels[1:]), 1e-3))
    powers = fall / np.log(np.array(places[1:]) / np.array(places[:2]))
    rim = edge + 0.5  # of the outermost pixels
    if powers[1] > 1.6 * max(powers[0], 0.5):
        squared = 0.5 * (places[2] ** 2 - places[1] ** 2) / fall[1]
        lost = 2.0 * np.pi * squared * levels[2] * np.exp(-0.5 * (rim**2 - edge**2) / squared)
    else:
        power = max(float(powers[1]), 3.0)
        lost = 2.0 * np.pi * rim**2 * levels[2] * (edge / rim) ** power / (power - 2.0)
    return {"lost": float(lost / (1.0 + lost)), "power": float(powers[1]), "radius": edge}


def _edge_from(psf: np.ndarray) -> Iterator[DataFinding]:
    edge = edge_of(psf)
    if edge["lost"] <= LOST_LIMIT:
        return
    yield DataFinding(
        name="psf_cut_off",
        severity="warning",
        what=(
            f"The PSF is cut off {edge['radius']:g} pixels from its centre, where it falls like r^-{edge['power']:.1f}"
            f": about {100.0 * edge['lost']:.2g} per cent of its light lies beyond."
        ),
        value=edge["lost"],
        limit=LOST_LIMIT,
        effect="Normalized, the core is too bright by that: light of the lens is left in a halo under the arcs.",
        mend="use a larger cut-out of the PSF, or a model of the telescope for its wings",
    )
