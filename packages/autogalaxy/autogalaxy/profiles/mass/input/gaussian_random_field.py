"""Random perturbation of the lensing potential."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import autoarray as aa
from autoarray import Mask2D, exc
from autoarray.type import Namespace
from autogalaxy.profiles.mass.derived import DerivedMassProfile
from autogalaxy.profiles.mass.input.input_potential import InputPotential
from autogalaxy.profiles.mass.input.tables import checked_mask
from autogalaxy.profiles.validation import NOT_NEGATIVE, checked_number


@dataclass(eq=False)
class GaussianRandomField(DerivedMassProfile):
    r"""Potential that is one draw of a Gaussian random field with a power-law spectrum, as a :class:`InputPotential`.

    White noise of unit variance in each pixel of the mask's frame is multiplied in Fourier space by :math:`\sqrt{P}`,

    .. math:: P(k) = A \, k^{-n}, \quad P(0) = 0, \quad \sigma_\psi^2 = \frac{1}{N} \sum_k P(k) ,

    for wave numbers k [rad / arcsec] of the N Fourier modes of the frame, which is periodic: the potential has no mean
    and A is a power per mode, so that a finer grid with the same A has less power at a given scale, in proportion to
    the area of a pixel.

    References
    ----------
    Chatterjee & Koopmans (2018), MNRAS 474, 1762; Vernardos & Koopmans (2022), MNRAS 516, 1347.
    """

    centre: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
    mask: Mask2D = field(repr=False)
    """Mask on whose unmasked pixels the potential is defined; outside it is continued as an ``InputPotential``."""
    power_amplitude: float = 1.0
    """A [arcsec^4 at k = 1 rad / arcsec]."""
    power_slope: float = 1.0
    """n, positive for more power on large scales."""
    seed: int = 1
    """Seed of the random numbers."""
    input_potential: InputPotential = field(init=False, repr=False)
    """The tabulated lens."""

    def __post_init__(self) -> None:
        owner = type(self).__name__
        super().__post_init__()
        mask = checked_mask(owner, self.mask)
        amplitude = checked_number(owner, "power_amplitude", self.power_amplitude, NOT_NEGATIVE)
        slope = checked_number(owner, "power_slope", self.power_slope, None)
        if isinstance(self.seed, bool) or not isinstance(self.seed, int | np.integer) or self.seed < 0:
            raise exc.ProfileException(
                f"{owner} got seed={exc.shown(self.seed)}, wanted an integer of at least 0: seed=1."
            )
        values = _field_from(mask, amplitude, slope, self.seed)
        self.input_potential = InputPotential(values[~np.asarray(mask.array)], aa.Grid2D.from_mask(mask), mask)

    def equivalent_from(self, xp: Namespace = np) -> InputPotential:
        """The tabulated lens."""
        return self.input_potential


def _field_from(mask: Mask2D, amplitude: float, slope: float, seed: int) -> np.ndarray:
    """The draw on the whole frame, ``(rows, columns)``."""
    frequencies = [np.fft.fftfreq(n, d) for n, d in zip(mask.shape_native, mask.pixel_scales, strict=True)]
    k = 2.0 * np.pi * np.hypot(*np.meshgrid(*frequencies, indexing="ij"))
    power = np.where(k > 0.0, amplitude * np.where(k > 0.0, k, 1.0) ** -slope, 0.0)
    noise = np.random.default_rng(seed).normal(size=mask.shape_native)
    return np.fft.ifft2(np.sqrt(power) * np.fft.fft2(noise)).real
