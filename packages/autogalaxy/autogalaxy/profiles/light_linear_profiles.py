"""Light profiles whose intensity is solved for by a linear inversion, as ``ag.lp_linear``."""

from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles.light.variants import LightProfileLinear, linear

DevVaucouleurs = linear(lp.DevVaucouleurs)
DevVaucouleursSph = linear(lp.DevVaucouleursSph)
Exponential = linear(lp.Exponential)
ExponentialCore = linear(lp.ExponentialCore)
ExponentialCoreSph = linear(lp.ExponentialCoreSph)
ExponentialSph = linear(lp.ExponentialSph)
Gaussian = linear(lp.Gaussian)
GaussianMultipole = linear(lp.GaussianMultipole)
GaussianSph = linear(lp.GaussianSph)
Moffat = linear(lp.Moffat)
MoffatSph = linear(lp.MoffatSph)
PointSource = linear(lp.PointSource)
Sersic = linear(lp.Sersic)
SersicCore = linear(lp.SersicCore)
SersicCoreSph = linear(lp.SersicCoreSph)
SersicMultipole = linear(lp.SersicMultipole)
SersicSph = linear(lp.SersicSph)
ShapeletCartesian = linear(lp.ShapeletCartesian)
ShapeletCartesianSph = linear(lp.ShapeletCartesianSph)
ShapeletExponential = linear(lp.ShapeletExponential)
ShapeletExponentialSph = linear(lp.ShapeletExponentialSph)
ShapeletPolar = linear(lp.ShapeletPolar)
ShapeletPolarSph = linear(lp.ShapeletPolarSph)

__all__ = [
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "Exponential",
    "ExponentialCore",
    "ExponentialCoreSph",
    "ExponentialSph",
    "Gaussian",
    "GaussianMultipole",
    "GaussianSph",
    "LightProfileLinear",
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
