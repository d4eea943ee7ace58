"""The fit in one dimension: brightness in rings about the lens, the mass inside a radius, a histogram of residuals."""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa
from autolens.html_report.encoding import typed
from autolens.html_report.images import solved_tracer_of

_RINGS = 30
_BINS = 41
_EDGE = 5.125


def rings_of(fit: Any, centre: tuple[float, float]) -> dict[str, Any]:
    """Mean brightness of data and model in rings about ``centre`` (y, x), with the error of the mean."""
    grid = fit.mask.grid_slim
    radii = np.hypot(grid[:, 0] - centre[0], grid[:, 1] - centre[1])
    data, model, noise = (np.asarray(a.array) for a in (fit.data, fit.model_data, fit.noise_map))
    width = max(float(radii.max()) / _RINGS, max(fit.mask.pixel_scales))
    ring = (radii / width).astype(int)
    counts = np.bincount(ring)
    held = counts > 0

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(ring, weights=values)[held] / counts[held]

    return {
        "radius": typed(mean(radii)),
        "data": typed(mean(data)),
        "model": typed(mean(model)),
        "error": typed(np.sqrt(np.bincount(ring, weights=noise**2)[held]) / counts[held]),
    }


def histogram_of(fit: Any) -> dict[str, Any]:
    """How many pixels have which normalized residual, and what noise alone would give."""
    values = np.asarray(fit.normalized_residual_map.array)
    edges = np.linspace(-_EDGE, _EDGE, _BINS + 1)
    counts, _ = np.histogram(np.clip(values, -_EDGE, _EDGE), bins=edges)
    middles = 0.5 * (edges[1:] + edges[:-1])
    expected = len(values) * (edges[1] - edges[0]) * np.exp(-0.5 * middles**2) / np.sqrt(2.0 * np.pi)
    return {"middle": typed(middles), "pixels": typed(counts), "noise": typed(expected)}


def mass_profile_of(fit: Any, centre: tuple[float, float], reach: float) -> dict[str, Any]:
    r"""Mean convergence on circles about ``centre`` and inside them, which is one at the Einstein radius.

    .. math:: \bar\kappa(< R) = \langle \alpha_R \rangle / R

    by Gauss's theorem, so that point masses count as well.
    """
    tracer = solved_tracer_of(fit)
    radii = np.geomspace(0.02 * reach, reach, 60)[:, None]
    turns = np.linspace(0.0, 2.0 * np.pi, 96, endpoint=False)
    sine, cosine = np.sin(turns), np.cos(turns)
    points = np.stack([centre[0] + radii * sine, centre[1] + radii * cosine], axis=-1).reshape(-1, 2)
    grid = aa.Grid2DIrregular(points)
    kappa = np.asarray(tracer.convergence_2d_from(grid).array).reshape(len(radii), -1)
    alpha = np.asarray(tracer.deflections_between_planes_from(grid, plane_i=0, plane_j=-1).array)
    alpha_y, alpha_x = (alpha[:, i].reshape(len(radii), -1) for i in (0, 1))
    inside = (alpha_y * sine + alpha_x * cosine).mean(axis=1) / radii[:, 0]
    return {"radius": typed(radii[:, 0]), "on": typed(kappa.mean(axis=1)), "inside": typed(inside)}
