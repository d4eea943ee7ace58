"""Gaussian whose mass-to-light ratio depends on its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import autoarray as aa
from autoarray.type import Array
from autogalaxy.profiles.mass.stellar.gaussian import Gaussian
from autogalaxy.profiles.validation import NOT_NEGATIVE, POSITIVE, Domain

_SOFTENING = 0.01
"""Added to sigma [arcsec], so that the narrowest Gaussians of an expansion have a finite ratio."""


def _ratio_of(profile: GaussianGradient) -> Array:
    ratio = (profile.sigma + _SOFTENING) / profile.mass_to_light_radius
    return profile.mass_to_light_ratio_base * ratio**profile.mass_to_light_gradient


@dataclass(eq=False)
class GaussianGradient(Gaussian):
    r"""Gaussian of an expansion of the light whose mass-to-light ratio changes with radius.

    .. math:: \Upsilon(\sigma) = \Upsilon_0 \left(\frac{\sigma + 0.01''}{r_\Upsilon}\right)^g

    One Gaussian has one ratio; Gaussians of different sigma with the same base, gradient and radius have together a
    gradient.

    References
    ----------
    Shajib (2019), MNRAS 488, 1387; Oldham & Auger (2018), MNRAS 476, 133.
    """

    mass_to_light_ratio: ClassVar[property] = property(_ratio_of)  # type: ignore[assignment, misc]
    """Of the parameters below."""
    mass_to_light_ratio_base: float = aa.parameter(
        1.0, unit="", prior=aa.LogUniformPrior(lower_limit=0.01, upper_limit=10.0)
    )
    """Convergence over light of a Gaussian as wide as the radius."""
    mass_to_light_gradient: float = aa.parameter(0.0, unit="", prior=aa.UniformPrior(lower_limit=-1.0, upper_limit=1.0))
    """Power of sigma; zero for a constant ratio."""
    mass_to_light_radius: float = aa.parameter(
        1.0, unit="arcsec", prior=aa.UniformPrior(lower_limit=0.1, upper_limit=10.0)
    )
    """Where the ratio is its base."""

    domains: ClassVar[dict[str, Domain]] = {
        "sigma": POSITIVE,
        "mass_to_light_ratio_base": NOT_NEGATIVE,
        "mass_to_light_radius": POSITIVE,
    }
