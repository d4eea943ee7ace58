"""Light and mass profiles whose light is solved for by a linear inversion, as ``ag.lmp_linear``.

The intensity that is solved for is that of the light alone. The mass is that of intensity 1: ``mass_to_light_ratio`` is
the convergence over the surface brightness of intensity 1.
"""

from autogalaxy.profiles import light_and_mass_profiles as lmp
from autogalaxy.profiles.light.variants import linear
from autogalaxy.profiles.light_and_mass import LightMassProfile

DevVaucouleurs = linear(lmp.DevVaucouleurs)
DevVaucouleursSph = linear(lmp.DevVaucouleursSph)
Exponential = linear(lmp.Exponential)
ExponentialGradient = linear(lmp.ExponentialGradient)
ExponentialGradientSph = linear(lmp.ExponentialGradientSph)
ExponentialSph = linear(lmp.ExponentialSph)
Gaussian = linear(lmp.Gaussian)
GaussianGradient = linear(lmp.GaussianGradient)
Sersic = linear(lmp.Sersic)
SersicCore = linear(lmp.SersicCore)
SersicCoreSph = linear(lmp.SersicCoreSph)
SersicGradient = linear(lmp.SersicGradient)
SersicGradientSph = linear(lmp.SersicGradientSph)
SersicSph = linear(lmp.SersicSph)

__all__ = [
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "Exponential",
    "ExponentialGradient",
    "ExponentialGradientSph",
    "ExponentialSph",
    "Gaussian",
    "GaussianGradient",
    "LightMassProfile",
    "Sersic",
    "SersicCore",
    "SersicCoreSph",
    "SersicGradient",
    "SersicGradientSph",
    "SersicSph",
]
