"""Light profiles that are convolved with the PSF already and linear, as ``ag.lp_linear_operated``."""

from autogalaxy.profiles import light_operated_profiles as lp_operated
from autogalaxy.profiles.light.variants import linear

Gaussian = linear(lp_operated.Gaussian)
Moffat = linear(lp_operated.Moffat)
Sersic = linear(lp_operated.Sersic)

__all__ = [
    "Gaussian",
    "Moffat",
    "Sersic",
]
