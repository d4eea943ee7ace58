"""Families of light profiles that differ from ``ag.lp`` in what their intensity is, with no formulas of their own.

A variant is a class of the same name that inherits a mark, then the profile: ``linear(lp.Sersic)``.
"""

from __future__ import annotations

import copy
import math
import sys
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Array, GridLike, Namespace
from autogalaxy.profiles.light.abstract import LightProfile
from autogalaxy.profiles.validation import POSITIVE

P = TypeVar("P", bound=LightProfile)


@dataclass(eq=False)
class LightProfileLinear:
    """Light whose intensity is no parameter but solved for by a linear inversion; the image is that of intensity 1."""

    intensity: float = field(init=False, default=1.0)
    is_linear: ClassVar[bool] = True


class LightProfileOperated:
    """Light that is convolved with the PSF already: it is not blurred again."""

    is_operated: ClassVar[bool] = True


@dataclass(eq=False)
class SignalToNoise:
    """The parameter that light of a given signal to noise has ahead of all others."""

    signal_to_noise_ratio: float = aa.parameter(
        10.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=100.0)
    )
    """Signal to noise of the brightest pixel of the blurred image of this profile alone."""


@dataclass(eq=False)
class LightProfileSNR:
    """Light whose intensity follows from its signal to noise in an observation.

    ``Galaxy.set_snr_of_snr_light_profiles`` and the simulators set the intensity; before that there is no image.
    """

    intensity: float = field(init=False, default=0.0)

    def set_intensity_from(
        self,
        grid: GridLike,
        exposure_time: float,
        background_sky_level: float = 0.0,
        psf: aa.Convolver | None = None,
        mask: aa.Mask2D | None = None,
    ) -> None:
        r"""Set the intensity from the brightest pixel of the image on ``grid``, blurred onto ``mask`` by a PSF.

        With the sky B and the exposure time t, :math:`x t / \sqrt{(x + B) t} = S` is the signal to noise of a pixel x.
        """
        profile: Any = copy.copy(self)
        profile.intensity = 1.0
        image = profile.image_2d_from(grid)
        if psf is not None and mask is not None:
            image = psf.convolved_extended_image_from(image, mask)
        peak = float(np.max(np.asarray(image)))
        if not peak > 0.0:
            raise exc.ProfileException(
                f"lp_snr.{type(self).__name__} is dark on the grid (brightest pixel {peak:g}), wanted one that has its "
                "light: set_snr_of_snr_light_profiles(grid=Grid2D.uniform((100, 100), pixel_scales=0.05), ...)."
            )
        squared = profile.signal_to_noise_ratio**2
        root = math.sqrt(squared**2 + 4.0 * exposure_time * background_sky_level * squared)
        self.intensity = 0.5 * (squared + root) / (exposure_time * peak)

    def image_on(self, grid: GridLike, xp: Namespace = np) -> Array:
        """Surface brightness [e- s^-1] as a raw array ``(n,)``."""
        self._check_intensity()
        return super().image_on(grid, xp=xp)  # type: ignore[misc]

    def luminosity_within_circle_from(self, radius: float, xp: Namespace = np) -> Array:
        """Light [e- s^-1 arcsec^2] inside a circle of ``radius`` [arcsec] about the centre."""
        self._check_intensity()
        return super().luminosity_within_circle_from(radius, xp=xp)  # type: ignore[misc]

    def _check_intensity(self) -> None:
        if self.intensity == 0.0:
            raise exc.FitException(
                f"lp_snr.{type(self).__name__} has no intensity yet, wanted an observation that sets it: "
                "galaxy.set_snr_of_snr_light_profiles(grid=grid, exposure_time=300.0), or a simulator."
            )


def linear(cls: type[P]) -> type[P]:
    """The profile ``cls`` with an intensity that a linear inversion solves for."""
    return _variant((LightProfileLinear, cls), "whose intensity is solved for linearly")


def operated(cls: type[P]) -> type[P]:
    """The profile ``cls`` as light that is convolved with the PSF already."""
    return _variant((LightProfileOperated, cls), "that is convolved with the PSF already")


def of_signal_to_noise(cls: type[P]) -> type[P]:
    """The profile ``cls`` with a signal-to-noise ratio in place of the intensity."""
    bases = (LightProfileSNR, cls, SignalToNoise)
    domains = {**cls.domains, "signal_to_noise_ratio": POSITIVE}
    return _variant(bases, "with a signal-to-noise ratio in place of its intensity", domains=domains)


def ordinary_class_of(cls: type) -> type:
    """The profile, with an intensity that is a number, that ``cls`` is the linear variant of; itself if it is none."""
    return next(c for c in cls.__mro__ if issubclass(c, LightProfile) and not issubclass(c, LightProfileLinear))


def _variant(bases: tuple[type, ...], what: str, **namespace: Any) -> Any:
    """A dataclass of the name of the profile, in the module that asks for it."""
    cls = bases[1]
    names = {"__doc__": f"``{cls.__module__}.{cls.__name__}`` {what}.", **namespace}
    return dataclass_of(cls.__name__, bases, names, module=sys._getframe(2).f_globals["__name__"])


def dataclass_of(name: str, bases: tuple[type, ...], names: dict[str, Any], module: str) -> Any:
    """The class ``name`` of ``module`` that a ``class`` statement with these bases and names would make there."""
    return dataclass(eq=False)(type(name, bases, {"__module__": module, "__qualname__": name, **names}))
