"""Light profiles, as ``ag.lp``."""

from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.light.standard.chameleon import Chameleon, ChameleonSph
from autogalaxy.profiles.light.standard.dev_vaucouleurs import DevVaucouleurs, DevVaucouleursSph
from autogalaxy.profiles.light.standard.elson_free_fall import ElsonFreeFall, ElsonFreeFallSph
from autogalaxy.profiles.light.standard.exponential import Exponential, ExponentialSph
from autogalaxy.profiles.light.standard.exponential_core import ExponentialCore, ExponentialCoreSph
from autogalaxy.profiles.light.standard.gaussian import Gaussian, GaussianSph
from autogalaxy.profiles.light.standard.gaussian_multipole import GaussianMultipole
from autogalaxy.profiles.light.standard.moffat import Moffat, MoffatSph
from autogalaxy.profiles.light.standard.point_source import PointSource
from autogalaxy.profiles.light.standard.sersic import Sersic, SersicSph
from autogalaxy.profiles.light.standard.sersic_core import SersicCore, SersicCoreSph
from autogalaxy.profiles.light.standard.sersic_multipole import SersicMultipole
from autogalaxy.profiles.light.standard.shapelets.cartesian import ShapeletCartesian, ShapeletCartesianSph
from autogalaxy.profiles.light.standard.shapelets.exponential import ShapeletExponential, ShapeletExponentialSph
from autogalaxy.profiles.light.standard.shapelets.polar import ShapeletPolar, ShapeletPolarSph

__all__ = [
    "Chameleon",
    "ChameleonSph",
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "ElsonFreeFall",
    "ElsonFreeFallSph",
    "Exponential",
    "ExponentialCore",
    "ExponentialCoreSph",
    "ExponentialSph",
    "Gaussian",
    "GaussianMultipole",
    "GaussianSph",
    "LightProfile",
    "Moffat",
    "MoffatSph",
    "PointSource",
    "Sersic",
    "SersicCore",
    "SersicCoreSph",
    "SersicMultipole",
    "SersicSph",
    "ShapeletCartesian",
    "ShapeletCartesianSph",
    "ShapeletExponential",
    "ShapeletExponentialSph",
    "ShapeletPolar",
    "ShapeletPolarSph",
]
