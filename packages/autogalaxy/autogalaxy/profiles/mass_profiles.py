"""Mass profiles, as ``ag.mp``."""

from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.sheets.external_shear import ExternalShear
from autogalaxy.profiles.mass.total.isothermal import Isothermal, IsothermalSph

__all__ = [
    "ExternalShear",
    "Isothermal",
    "IsothermalSph",
    "MassProfile",
]
