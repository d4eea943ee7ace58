"""Sersic profile with multipoles."""

from __future__ import annotations

from dataclasses import dataclass

from autogalaxy.profiles.light.standard.multipole import MultipoleLight
from autogalaxy.profiles.light.standard.sersic import Sersic


@dataclass(eq=False)
class SersicMultipole(MultipoleLight, Sersic):
    """Elliptical Sersic light profile whose contours are bent by multipoles of order 3 and 4."""
