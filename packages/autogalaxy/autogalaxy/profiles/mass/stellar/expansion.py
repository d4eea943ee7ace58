"""The cores in which stellar profiles are expanded, in effective radii."""

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
_NEAREST = 3e-3
"""Radius inside which only the enclosed mass matters."""

Shares = tuple[tuple[Array | float, CoredSteepFit], ...]
"""Fits with the same cores and radii, each with the share in which its amplitudes are taken."""

_TYPICAL_INDEX = 4.0
_CUSP_SLOPE = 0.2
"""Logarithmic slope from which the fit is that for a cusp; from zero on it turns from one into the other."""
_TURN = 0.5 * np.pi - 1.0
"""Direction of complex cores; the larger, the sharper a break they follow and the closer they have to be."""
# From where to where, in effective radii, and the logarithm of the step: of real cores, then of complex ones. What is
# further in than the nearest point of interest adds mass only, which takes few cores.
_CORE_STEPS = ((1e-9, 1e-5, 0.6), (1e-5, 1e-3, 0.35)), (1e-3, 400.0, 0.3)
_GRADIENT_STEPS = ((1e-14, 1e-9, 1.0), (1e-9, 1e-5, 0.6), (1e-5, 1e-3, 0.35)), (1e-3, 400.0, 0.24)


def stellar_fit_from(sersic_index: Array, xp: Namespace = np) -> CoredSteepFit:
    """The fit for a Sersic profile of this index."""
    if is_concrete_number(sersic_index):
        return _fit_of_range(bisect(_EDGES, sersic_index))
    at = xp.searchsorted(xp.asarray(_EDGES), sersic_index, side="right")
    return CoredSteepFit(**{name: xp.asarray(array)[at] for name, array in _stacked().items()})


@lru_cache(maxsize=1)
def _stacked() -> dict[str, np.ndarray]:
    """The arrays of the fits of all ranges, with a leading axis."""
    fits = [vars(_fit_of_range(index)) for index in range(len(_RANGES))]
    return {name: np.stack([fit[name] for fit in fits]) for name in fits[0]}


@lru_cache(maxsize=len(_RANGES))
def _fit_of_range(index: int) -> CoredSteepFit:
    """Weighted by the mean convergence inside a radius, for the index in the middle of the range."""
    begin, smallest, largest = _RANGES[index]
    middle = np.sqrt(begin * (*_EDGES, LARGEST_INDEX)[index])
    cores = np.geomspace(smallest, largest, _CORES)
    radii = sampled_radii_from(cores, smallest=0.3 * cores[0], largest=max(1.5 * largest, 150.0))
    weights = np.minimum(1.0, radii / _NEAREST) / _mean_brightness_from(radii, middle)
    return cored_steep_fit_from(cores, radii, weights)


def core_fits_from(slope: Array, xp: Namespace = np) -> Shares:
    """The fits for core-Sersic profiles of any index, with the logarithmic ``slope`` of the core."""
    return _shares_from(slope, _wide_fit(True, False), _wide_fit(True, True), xp=xp)


def gradient_fits_from(slope: Array, xp: Namespace = np) -> Shares:
    """The fits for Sersic profiles of any index over the power ``slope`` of the radius, of either sign."""
    return _shares_from(slope, _wide_fit(False, False), _wide_fit(False, True), xp=xp)


def _shares_from(slope: Array, flat: CoredSteepFit, cusp: CoredSteepFit, xp: Namespace = np) -> Shares:
    share = xp.clip(slope / _CUSP_SLOPE, 0.0, 1.0)
    return (1.0 - share, flat), (share, cusp)


@lru_cache(maxsize=4)
def _wide_fit(core: bool, cusp: bool) -> CoredSteepFit:
    """Real cores further in and complex ones further out, for any index.

    Deep inside a cusp only the mass counts. A flat centre is to be flat there as well, which the smallest cores would
    spoil if nothing held them. Where the mass-to-light ratio rises outwards the centre is empty, and weighs more.
    """
    real, turned = _CORE_STEPS if core else _GRADIENT_STEPS
    inner, outer = np.concatenate([_steps_from(*steps) for steps in real]), _steps_from(*turned)
    both = np.concatenate((inner, outer))
    radii = sampled_radii_from(both, smallest=0.1 * both[0], largest=both[-1])
    weights = np.minimum(1.0, radii / _NEAREST) ** 1.6
    if not cusp:
        weights = np.maximum(weights, 1e-4)
    if not core:
        weights *= (1.0 + np.minimum(0.1 / radii, 30.0)) ** 0.3
    weights /= _mean_brightness_from(radii, _TYPICAL_INDEX)
    return cored_steep_fit_from(inner, radii, weights, regularization=1e-13, turned=outer * np.exp(1j * _TURN))


def _steps_from(first: float, last: float, step: float) -> np.ndarray:
    """Equal steps in the logarithm of at most ``step``, without the last."""
    number = int(np.ceil(np.log(last / first) / step))
    return np.geomspace(first, last, number + 1)[:-1]


def _mean_brightness_from(radii: np.ndarray, sersic_index: float) -> np.ndarray:
    """Mean brightness of a Sersic profile inside the radii, up to a factor."""
    b, special = sersic_constant_from(sersic_index), special_functions_from(np)
    return special.gammainc(2.0 * sersic_index, b * radii ** (1.0 / sersic_index)) / radii**2
