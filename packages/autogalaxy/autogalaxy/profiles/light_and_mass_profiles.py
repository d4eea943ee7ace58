"""Light and mass profiles that share their parameters, as ``ag.lmp``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles.light_and_mass import LightMassProfile, light_and_mass

Chameleon: Any = light_and_mass(mp.Chameleon, lp.Chameleon)
ChameleonSph: Any = light_and_mass(mp.ChameleonSph, lp.ChameleonSph)
DevVaucouleurs: Any = light_and_mass(mp.DevVaucouleurs, lp.DevVaucouleurs)
DevVaucouleursSph: Any = light_and_mass(mp.DevVaucouleursSph, lp.DevVaucouleursSph)
Exponential: Any = light_and_mass(mp.Exponential, lp.Exponential)
ExponentialSph: Any = light_and_mass(mp.ExponentialSph, lp.ExponentialSph)
Gaussian: Any = light_and_mass(mp.Gaussian, lp.Gaussian)
GaussianGradient: Any = light_and_mass(mp.GaussianGradient, lp.Gaussian)
Sersic: Any = light_and_mass(mp.Sersic, lp.Sersic)
SersicCore: Any = light_and_mass(mp.SersicCore, lp.SersicCore)
SersicCoreSph: Any = light_and_mass(mp.SersicCoreSph, lp.SersicCoreSph)
SersicGradient: Any = light_and_mass(mp.SersicGradient, lp.Sersic)
SersicGradientSph: Any = light_and_mass(mp.SersicGradientSph, lp.SersicSph)
SersicSph: Any = light_and_mass(mp.SersicSph, lp.SersicSph)


@dataclass(eq=False)
class ExponentialGradient(SersicGradient):
    """Exponential disc of light and mass with a gradient of the mass-to-light ratio."""

    sersic_index: float = field(init=False, default=1.0)


@dataclass(eq=False)
class ExponentialGradientSph(SersicGradientSph):
    """Circular exponential disc of light and mass with a gradient of the mass-to-light ratio."""

    sersic_index: float = field(init=False, default=1.0)


__all__ = [
    "Chameleon",
    "ChameleonSph",
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
