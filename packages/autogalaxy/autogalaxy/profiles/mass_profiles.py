"""Mass profiles, as ``ag.mp``."""

from autogalaxy.profiles.mass.abstract import MassProfile
from autogalaxy.profiles.mass.dark.cnfw import cNFW, cNFWSph
from autogalaxy.profiles.mass.dark.cnfw_mcr import (
    cNFWMCRLudlow,
    cNFWMCRLudlowSph,
    cNFWMCRScatterLudlow,
    cNFWMCRScatterLudlowSph,
)
from autogalaxy.profiles.mass.dark.gnfw import gNFW, gNFWSph
from autogalaxy.profiles.mass.dark.gnfw_mcr import gNFWMCRLudlow
from autogalaxy.profiles.mass.dark.gnfw_virial_mass_conc import gNFWVirialMassConcSph, gNFWVirialMassgNFWConcSph
from autogalaxy.profiles.mass.dark.kaplinghat import KaplinghatCoredNFWMCRLudlowSph, KaplinghatCoredNFWSph
from autogalaxy.profiles.mass.dark.nfw import NFW, NFWSph
from autogalaxy.profiles.mass.dark.nfw_mcr import (
    NFWMCRDuffySph,
    NFWMCRLudlow,
    NFWMCRLudlowSph,
    NFWMCRScatterLudlow,
    NFWMCRScatterLudlowSph,
)
from autogalaxy.profiles.mass.dark.nfw_truncated import NFWTruncatedSph
from autogalaxy.profiles.mass.dark.nfw_truncated_mcr import (
    NFWTruncatedMCRDuffySph,
    NFWTruncatedMCRLudlowSph,
    NFWTruncatedMCRScatterLudlowSph,
)
from autogalaxy.profiles.mass.dark.nfw_virial_mass_conc import NFWVirialMassConcSph
from autogalaxy.profiles.mass.dark.yang import YangSIDMMCRLudlowSph, YangSIDMSph
from autogalaxy.profiles.mass.input.gaussian_random_field import GaussianRandomField
from autogalaxy.profiles.mass.input.input_deflections import InputDeflections
from autogalaxy.profiles.mass.input.input_potential import InputPotential
from autogalaxy.profiles.mass.point.point import PointMass
from autogalaxy.profiles.mass.point.smbh import SMBH
from autogalaxy.profiles.mass.point.smbh_binary import SMBHBinary
from autogalaxy.profiles.mass.sheets.external_potential import ExternalPotential
from autogalaxy.profiles.mass.sheets.external_shear import ExternalShear
from autogalaxy.profiles.mass.sheets.mass_sheet import MassSheet
from autogalaxy.profiles.mass.stellar.chameleon import Chameleon, ChameleonSph
from autogalaxy.profiles.mass.stellar.dev_vaucouleurs import DevVaucouleurs, DevVaucouleursSph
from autogalaxy.profiles.mass.stellar.exponential import Exponential, ExponentialSph
from autogalaxy.profiles.mass.stellar.gaussian import Gaussian
from autogalaxy.profiles.mass.stellar.gaussian_gradient import GaussianGradient
from autogalaxy.profiles.mass.stellar.sersic import Sersic, SersicSph
from autogalaxy.profiles.mass.stellar.sersic_core import SersicCore, SersicCoreSph
from autogalaxy.profiles.mass.stellar.sersic_gradient import SersicGradient, SersicGradientSph
from autogalaxy.profiles.mass.total.dual_pseudo_isothermal import PIEMass, dPIEMassB0, dPIEMassB0Sph
from autogalaxy.profiles.mass.total.dual_pseudo_isothermal_potential import dPIEPotential, dPIEPotentialSph
from autogalaxy.profiles.mass.total.isothermal import Isothermal, IsothermalSph
from autogalaxy.profiles.mass.total.isothermal_core import IsothermalCore, IsothermalCoreSph
from autogalaxy.profiles.mass.total.lenstool import dPIEMass, dPIEMassSph
from autogalaxy.profiles.mass.total.power_law import PowerLaw, PowerLawSph
from autogalaxy.profiles.mass.total.power_law_broken import PowerLawBroken, PowerLawBrokenSph
from autogalaxy.profiles.mass.total.power_law_core import PowerLawCore, PowerLawCoreSph
from autogalaxy.profiles.mass.total.power_law_intermediate import PowerLawIntermediate
from autogalaxy.profiles.mass.total.power_law_multipole import PowerLawMultipole

__all__ = [
    "Chameleon",
    "ChameleonSph",
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "Exponential",
    "ExponentialSph",
    "ExternalPotential",
    "ExternalShear",
    "Gaussian",
    "GaussianGradient",
    "GaussianRandomField",
    "InputDeflections",
    "InputPotential",
    "Isothermal",
    "IsothermalCore",
    "IsothermalCoreSph",
    "IsothermalSph",
    "KaplinghatCoredNFWMCRLudlowSph",
    "KaplinghatCoredNFWSph",
    "MassProfile",
    "MassSheet",
    "NFW",
    "NFWMCRDuffySph",
    "NFWMCRLudlow",
    "NFWMCRLudlowSph",
    "NFWMCRScatterLudlow",
    "NFWMCRScatterLudlowSph",
    "NFWSph",
    "NFWTruncatedMCRDuffySph",
    "NFWTruncatedMCRLudlowSph",
    "NFWTruncatedMCRScatterLudlowSph",
    "NFWTruncatedSph",
    "NFWVirialMassConcSph",
    "PIEMass",
    "PointMass",
    "PowerLaw",
    "PowerLawBroken",
    "PowerLawBrokenSph",
    "PowerLawCore",
    "PowerLawCoreSph",
    "PowerLawIntermediate",
    "PowerLawMultipole",
    "PowerLawSph",
    "SMBH",
    "SMBHBinary",
    "Sersic",
    "SersicCore",
    "SersicCoreSph",
    "SersicGradient",
    "SersicGradientSph",
    "SersicSph",
    "YangSIDMMCRLudlowSph",
    "YangSIDMSph",
    "cNFW",
    "cNFWMCRLudlow",
    "cNFWMCRLudlowSph",
    "cNFWMCRScatterLudlow",
    "cNFWMCRScatterLudlowSph",
    "cNFWSph",
    "dPIEMass",
    "dPIEMassB0",
    "dPIEMassB0Sph",
    "dPIEMassSph",
    "dPIEPotential",
    "dPIEPotentialSph",
    "gNFW",
    "gNFWMCRLudlow",
    "gNFWSph",
    "gNFWVirialMassConcSph",
    "gNFWVirialMassgNFWConcSph",
]
