"""Light profiles that are convolved with the PSF already, as ``ag.lp_operated``."""

from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles.light.variants import LightProfileOperated, operated

Gaussian = operated(lp.Gaussian)
Moffat = operated(lp.Moffat)
Sersic = operated(lp.Sersic)

__all__ = [
    "Gaussian",
    "LightProfileOperated",
    "Moffat",
    "Sersic",
]
