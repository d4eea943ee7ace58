"""Light profiles of a given signal to noise, as ``ag.lp_snr``."""

from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles.light.variants import LightProfileSNR, of_signal_to_noise

Chameleon = of_signal_to_noise(lp.Chameleon)
ChameleonSph = of_signal_to_noise(lp.ChameleonSph)
DevVaucouleurs = of_signal_to_noise(lp.DevVaucouleurs)
DevVaucouleursSph = of_signal_to_noise(lp.DevVaucouleursSph)
ElsonFreeFall = of_signal_to_noise(lp.ElsonFreeFall)
ElsonFreeFallSph = of_signal_to_noise(lp.ElsonFreeFallSph)
Exponential = of_signal_to_noise(lp.Exponential)
ExponentialSph = of_signal_to_noise(lp.ExponentialSph)
Gaussian = of_signal_to_noise(lp.Gaussian)
GaussianSph = of_signal_to_noise(lp.GaussianSph)
Sersic = of_signal_to_noise(lp.Sersic)
SersicCore = of_signal_to_noise(lp.SersicCore)
SersicSph = of_signal_to_noise(lp.SersicSph)

__all__ = [
    "Chameleon",
    "ChameleonSph",
    "DevVaucouleurs",
    "DevVaucouleursSph",
    "ElsonFreeFall",
    "ElsonFreeFallSph",
    "Exponential",
    "ExponentialSph",
    "Gaussian",
    "GaussianSph",
    "LightProfileSNR",
    "Sersic",
    "SersicCore",
    "SersicSph",
]
