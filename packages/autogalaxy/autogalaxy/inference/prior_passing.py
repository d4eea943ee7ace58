"""Priors of a search that follows another one: centred on its result, and wide enough to be wrong about it.

The error of a parameter says how far noise may have moved it. A model that follows is another one, which moves it
further: hence a least width, by name where a parameter is known by one, else by unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoarray.parameter import GaussianPrior, Prior, TruncatedGaussianPrior
from autogalaxy.inference.abstract_model import Entry

_LEAST_PART = 1e-3
"""Smallest width of a passed prior as a part of the original one: an error of zero would fix the parameter."""


@dataclass(frozen=True)
class LeastWidth:
    """The larger one of a number in the unit of the parameter and a part of its value."""

    absolute: float = 0.0
    relative: float = 0.0

    def at(self, value: float) -> float:
        return max(self.absolute, self.relative * abs(value))


LEAST_WIDTHS_BY_NAME: dict[str, LeastWidth] = {
    "centre": LeastWidth(absolute=0.05),
    "ell_comps": LeastWidth(absolute=0.05),
    "gamma_1": LeastWidth(absolute=0.02),
    "gamma_2": LeastWidth(absolute=0.02),
    "slope": LeastWidth(absolute=0.1),
    "inner_slope": LeastWidth(absolute=0.1),
    "sersic_index": LeastWidth(absolute=0.2),
    "multipole_comps": LeastWidth(absolute=0.01),
    "multipole_3_comps": LeastWidth(absolute=0.01),
    "multipole_4_comps": LeastWidth(absolute=0.01),
    "redshift": LeastWidth(absolute=0.05),
    "mass_to_light_ratio": LeastWidth(relative=0.5),
}
"""Least width (one sigma) of parameters whose unit does not tell it."""

LEAST_WIDTHS: dict[str, LeastWidth] = {
    "arcsec": LeastWidth(absolute=0.01, relative=0.1),
    "e- s^-1": LeastWidth(relative=0.5),
    "solMass": LeastWidth(relative=0.5),
    "deg": LeastWidth(absolute=5.0),
    "degrees": LeastWidth(absolute=5.0),
}
"""Least width (one sigma) by unit."""

ANY_OTHER = LeastWidth(relative=0.1)


def least_width_from(entry: Entry, value: float) -> float:
    """The least width of a parameter, at a path of a model with what its class declares."""
    names = entry.path.split(".")[-2:]
    if len(names) == 2 and not names[1].startswith(f"{names[0]}_"):  # no component of a tuple
        names = names[1:]
    for name in names:
        if name in LEAST_WIDTHS_BY_NAME:
            return LEAST_WIDTHS_BY_NAME[name].at(value)
    unit = entry.declared.unit if entry.declared else ""
    return LEAST_WIDTHS.get(unit, ANY_OTHER).at(value)


def passed_prior_from(entry: Entry, centre: float, sigma: float) -> Prior:
    """A Gaussian at ``centre``, at least as wide as :func:`least_width_from`, for the prior of an entry."""
    if np.isfinite(sigma):
        sigma = max(sigma, least_width_from(entry, centre))
    return centred_prior_from(entry.value, centre, sigma)


def centred_prior_from(prior: Prior, centre: float, sigma: float) -> Prior:
    """A Gaussian at ``centre``, no wider than ``prior`` and cut at its limits."""
    sigma = max(sigma, _LEAST_PART * prior.width) if np.isfinite(sigma) else prior.width
    sigma = min(sigma, prior.width)
    if not (np.isfinite(prior.lower_limit) or np.isfinite(prior.upper_limit)):
        return GaussianPrior(mean=centre, sigma=sigma)
    inside = min(max(centre, prior.lower_limit), prior.upper_limit)
    return TruncatedGaussianPrior(inside, sigma, prior.lower_limit, prior.upper_limit)
