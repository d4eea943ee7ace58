"""Starting points from where the arcs are: a mass model says where on the source plane their light comes from."""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.parameter import Prior
from autogalaxy.inference.model import Collection

SIGNIFICANT = 3.0
"""Signal to noise above which a pixel counts as part of an arc."""
MOST_PIXELS = 400
"""Pixels that are traced; more of them change no median."""
SIZES = ("effective_radius", "sigma")
"""Parameters of a light profile that are lengths like the spread of its light."""


def candidate_vectors_from(model: Collection, arcs: aa.Imaging, tracer_from: Any, number: int, seed: int) -> np.ndarray:
    """Prior draws whose sources are put where each draw's mass model traces the arcs to, ``(number, p)``.

    ``arcs`` is the dataset without the light of the lens, ``tracer_from(instance)`` makes the tracer of a draw. The
    centre of every light profile on the last plane becomes the weighted median of the traced pixels, its size their
    median distance from there. Everything else stays as drawn.
    """
    rng = np.random.default_rng(seed)
    vectors = model.vector_from_unit_vector(rng.random((number, model.prior_count)))
    points, weights = arc_pixels_from(arcs, rng)
    if len(points) < 3:
        return vectors
    places: list[tuple[int, Prior, Any]] = []
    for vector in vectors:
        try:
            tracer = tracer_from(model.instance_from_vector(vector))
        except exc.ProfileException:
            continue  # a draw outside the domain of a profile, two elliptical components of 0.9 say: screened out later
        places = places or _places_of_source(model)
        traced = tracer.traced_grid_2d_list_from(aa.Grid2DIrregular(points))[-1].array
        centre = np.array([weighted_median(traced[:, axis], weights) for axis in (0, 1)])
        size = weighted_median(np.sqrt(((traced - centre) ** 2).sum(axis=1)), weights)
        for index, prior, kind in places:
            value = size * rng.uniform(0.3, 1.0) if kind == "size" else centre[kind]
            vector[index] = np.clip(value, *_inner_limits(prior))
    return vectors


def arc_pixels_from(arcs: aa.Imaging, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates ``(m, 2)`` and weights ``(m,)`` of pixels that stand out of the noise, at most ``MOST_PIXELS``.

    Weights saturate, so that what is left of a bright lens galaxy does not outweigh the arcs.
    """
    signal_to_noise = np.asarray(arcs.data.array) / np.asarray(arcs.noise_map.array)
    bright = np.flatnonzero(signal_to_noise > SIGNIFICANT)
    if len(bright) > MOST_PIXELS:
        bright = rng.choice(bright, MOST_PIXELS, replace=False)
    return arcs.mask.grid_slim[bright], np.minimum(signal_to_noise[bright], 3.0 * SIGNIFICANT)


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value with half of the weight on either side."""
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, 0.5 * cumulative[-1])])


def _places_of_source(model: Collection) -> list[tuple[int, Prior, Any]]:
    """(index in the vector, prior, 0 or 1 for a centre's axis or ``"size"``) of the last plane's light profiles."""
    redshifts = {name: redshift_of(galaxy) for name, galaxy in model.galaxies.items()}
    names = {f"galaxies.{name}" for name, redshift in redshifts.items() if redshift == max(redshifts.values())}
    index_of = {id(prior): i for i, prior in enumerate(model.priors)}
    places: list[tuple[int, Prior, Any]] = []
    for entry in model.entries():
        path = entry.path.split(".")
        if not isinstance(entry.value, Prior) or ".".join(path[:2]) not in names:
            continue
        kind: Any = {"centre_0": 0, "centre_1": 1}.get(path[-1], "size" if path[-1] in SIZES else None)
        if kind is not None:
            places.append((index_of[id(entry.value)], entry.value, kind))
    return places


def redshift_of(galaxy: Any) -> float:
    """The redshift of a galaxy or of its model; the median of the prior of a free one."""
    return float(getattr(galaxy.redshift, "median", galaxy.redshift))


def _inner_limits(prior: Prior) -> tuple[float, float]:
    """The quantiles 0.01 and 0.99: a start on a limit is stuck there."""
    return float(prior.value_for(0.01)), float(prior.value_for(0.99))
