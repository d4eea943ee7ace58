"""Light profiles, as ``ag.lp``."""

from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.standard.dev_vaucouleurs import DevVaucouleurs, DevVaucouleursSph
from autogalaxy.profiles.light.standard.exponential import Exponential, ExponentialSph
from autogalaxy.profiles.light.standard.gaussian import Gaussian, GaussianSph
from autogalaxy.profiles.light.standard.sersic import Sersic, SersicSph
from autogalaxy.profiles.light.standard.sersic_core import SersicCore, SersicCoreSph

__all__ = [
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "Exponential",
    "ExponentialSph",
    "Gaussian",
    "GaussianSph",
    "LightProfile",
    "Sersic",
    "SersicCore",
    "SersicCoreSph",
    "SersicSph",
]
