"""What a best fit of an image says of itself: structure in its residuals, and changes that would fit better."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autoarray.type import Array
from autogalaxy.analysis.residual_structure import Residuals, residual_findings_from
from autogalaxy.analysis.score_tests import (
    Change,
    jacobian_from,
    score_findings_from,
    vector_of_instance,
)
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.verdict import Finding

BRIGHT = 1.0
"""Signal to noise above which a pixel of a model image belongs to it."""
CENTRE_PART = 0.3
"""Part of its peak above which light belongs to the centre of a galaxy."""
EXPLAINED = 0.5
"""Part of the chi-squared of the arcs that the lensed light has to take away."""
DETECTED = 3.0
"""Signal to noise of what the foreground leaves over, above which a pixel shows an arc."""


def fit_findings_from(
    residuals_of: Callable[..., Array],
    fit: Any,
    instance: Any,
    model: AbstractModel,
    regions: Mapping[str, Array],
    changes_from: Callable[[Array], Iterable[Change]],
) -> list[Finding]:
    """Findings of a NumPy ``fit``; ``residuals_of(instance)`` are whitened residuals of other instances.

    A regularized source imitates what is missing, so that changes are not tried beside one.
    """
    vector = vector_of_instance(model, instance)
    jacobian = jacobian_from(lambda v: residuals_of(model.instance_from_vector(v)), model, vector)
    residuals = Residuals.of_fit(fit, jacobian)
    inversion = getattr(fit, "inversion", None)
    if inversion is not None and inversion.is_regularized:
        return residual_findings_from(residuals, regions)
    changes = list(changes_from(np.asarray(fit.whitened_residuals)))
    return [*score_findings_from(residuals, changes), *residual_findings_from(residuals, regions)]


def centre_of(image: Array, noise: Array) -> Array:
    """Pixels of the peak of the light of a galaxy, ``(n,)`` booleans; none where it is below the noise."""
    image = np.asarray(image)
    return (image > CENTRE_PART * image.max()) & (image > BRIGHT * noise)


def arcs_finding_from(fit: Any, lensed: Array) -> Finding | None:
    """Whether the lensed light is where the foreground leaves light over; ``None`` where it leaves none."""
    noise = np.asarray(fit.noise_map.array)
    left = np.asarray(fit.residual_map.array)
    arcs = (left + lensed) / noise > DETECTED
    before = float(np.sum(((left + lensed) / noise)[arcs] ** 2))
    if int(arcs.sum()) < 5:
        return None
    explained = 1.0 - float(np.sum((left / noise)[arcs] ** 2)) / before
    text = f"The lensed light explains {100.0 * explained:.0f} % of what the lens galaxy leaves over in the arcs"
    if explained >= EXPLAINED:
        return Finding("arcs", "good", f"{text}.", explained, EXPLAINED)
    text += ": the arcs are not modelled, a wrong basin; fit again with more starts, or from other priors."
    return Finding("arcs", "failed", text, explained, EXPLAINED)
