"""Gaussian profile with multipoles."""

from __future__ import annotations

from dataclasses import dataclass

from autogalaxy.profiles.light.standard.gaussian import Gaussian
from autogalaxy.profiles.light.standard.multipole import MultipoleLight


@dataclass(eq=False)
class GaussianMultipole(MultipoleLight, Gaussian):
    """Elliptical Gaussian light profile whose contours are bent by multipoles of order 3 and 4."""
