"""The cores in which stellar profiles are expanded, in effective radii, a set of them for each range of index."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache

import numpy as np

from autoarray.abstract_ndarray import is_concrete_number
from autoarray.special_functions import special_functions_from
from autoarray.type import Array, Namespace
from autogalaxy.profiles.light.standard.sersic import sersic_constant_from
from autogalaxy.profiles.mass.cored_steep_fit import CoredSteepFit, cored_steep_fit_from, sampled_radii_from

# Where the range of the index begins; the smallest and largest core that a Sersic profile needs there. The higher the
# index, the further in is mass that the deflection at 0.01 effective radii feels. The deflection jumps from one range
# to the next, so none begins at an index that a model is likely to start from or to be differenced at.
_RANGES = (
    (0.5, 0.012, 30.0),
    (0.57, 5e-3, 30.0),
    (0.73, 2e-3, 30.0),
    (0.93, 5e-4, 30.0),
    (1.33, 1e-4, 60.0),
    (1.87, 3e-5, 120.0),
    (2.67, 1e-5, 250.0),
    (3.7, 3e-6, 250.0),
    (5.3, 1e-6, 250.0),
    (7.7, 3e-7, 250.0),
)
LARGEST_INDEX = 10.0
_EDGES = [begin for begin, _, _ in _RANGES[1:]]
_CORES = 48
_CUSP_CORES = 80
_SMALLEST_CUSP_CORE = 1e-9
_CUSP_SPACING = 0.6
_NEAREST = 3e-3
"""Radius inside which only the enclosed mass matters."""


def stellar_fit_from(sersic_index: Array, cusp: bool, xp: Namespace = np) -> CoredSteepFit:
    """The fit for profiles like a Sersic profile of this index; with ``cusp`` for ones unlike it inside, as well."""
    if is_concrete_number(sersic_index):
        return _fit_of_range(bisect(_EDGES, sersic_index), cusp)
    at = xp.searchsorted(xp.asarray(_EDGES), sersic_index, side="right")
    return CoredSteepFit(**{name: xp.asarray(array)[at] for name, array in _stacked(cusp).items()})


@lru_cache(maxsize=2)
def _stacked(cusp: bool) -> dict[str, np.ndarray]:
    """The arrays of the fits of all ranges, with a leading axis."""
    fits = [vars(_fit_of_range(index, cusp)) for index in range(len(_RANGES))]
    return {name: np.stack([fit[name] for fit in fits]) for name in fits[0]}


@lru_cache(maxsize=2 * len(_RANGES))
def _fit_of_range(index: int, cusp: bool) -> CoredSteepFit:
    """Weighted by the mean convergence inside a radius, for the index in the middle of the range."""
    begin, smallest, largest = _RANGES[index]
    middle = np.sqrt(begin * (*_EDGES, LARGEST_INDEX)[index])
    cores = _cusp_cores_from(smallest, largest) if cusp else np.geomspace(smallest, largest, _CORES)
    radii = sampled_radii_from(cores, smallest=0.3 * cores[0], largest=max(1.5 * largest, 150.0))
    weights = np.minimum(1.0, radii / _NEAREST) ** (1.3 if cusp else 1.0) / _mean_brightness_from(radii, middle)
    return cored_steep_fit_from(cores, radii, weights)


def _cusp_cores_from(smallest: float, largest: float) -> np.ndarray:
    """Wide steps in the cusp, narrow ones from where the profile turns, as long as digits are left."""
    smallest = max(smallest, 1e-5)
    below = int(np.ceil(np.log(smallest / _SMALLEST_CUSP_CORE) / _CUSP_SPACING))
    below = max(below, _CUSP_CORES - _CORES if smallest > 5e-5 else 0)
    inner = np.geomspace(_SMALLEST_CUSP_CORE, smallest, below + 1)[:-1]
    return np.concatenate((inner, np.geomspace(smallest, largest, _CUSP_CORES - below)))


def _mean_brightness_from(radii: np.ndarray, sersic_index: float) -> np.ndarray:
    """Mean brightness of a Sersic profile inside the radii, up to a factor."""
    b, special = sersic_constant_from(sersic_index), special_functions_from(np)
    return special.gammainc(2.0 * sersic_index, b * radii ** (1.0 / sersic_index)) / radii**2
