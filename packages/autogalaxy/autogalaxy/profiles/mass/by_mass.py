"""Parameters of profiles that are given by a mass and by redshifts, each declared once.

A profile names the groups of its parameters among its bases, the last group of its signature first: dataclasses collect
fields from the last base on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import is_traced
from autoarray.type import Array, Namespace
from autogalaxy.profiles.validation import POSITIVE, Domain


@dataclass(eq=False)
class LensRedshifts:
    """The lens and the source for which its angles are reduced; in a tracer that is the last plane.

    Distances are those of Planck 2015.
    """

    redshift_object: float = aa.parameter(0.5, unit="", prior=aa.UniformPrior(lower_limit=0.05, upper_limit=1.0))
    """Redshift of the lens; in most models a number, that of the galaxy."""
    redshift_source: float = aa.parameter(1.0, unit="", prior=aa.UniformPrior(lower_limit=1.0, upper_limit=5.0))
    """Redshift of the source; in most models a number, that of the last plane."""

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[misc]
        lens, source = self.redshift_object, self.redshift_source
        if not is_traced(lens) and not is_traced(source) and lens >= source:
            owner = type(self).__name__
            raise exc.ProfileException(
                f"{owner} got redshift_object={float(lens):g} and redshift_source={float(source):g}, wanted the source "
                f"behind the lens: {owner}(redshift_object=0.5, redshift_source=1.0)."
            )

    def is_physical(self, xp: Namespace = np) -> Array:
        """Whether every parameter is inside its domain and the source behind the lens."""
        inside = super().is_physical(xp=xp)  # type: ignore[misc]
        return xp.logical_and(inside, self.redshift_object < self.redshift_source)


@dataclass(eq=False)
class HaloMass:
    """The mass of a halo."""

    mass_at_200: float = aa.parameter(1e9, unit="solMass", prior=aa.LogUniformPrior(lower_limit=1e8, upper_limit=1e15))
    """Mass [solar mass] inside the radius where the mean density is 200 times the critical density at the redshift of
    the halo."""


@dataclass(eq=False)
class ConcentrationScatter:
    """How far the concentration of a halo is from the median at its mass."""

    scatter_sigma: float = aa.parameter(0.0, unit="", prior=aa.GaussianPrior(mean=0.0, sigma=1.0))
    """In standard deviations of 0.15 dex; the more, the more concentrated."""


LENS_DOMAINS: dict[str, Domain] = {"redshift_object": POSITIVE, "redshift_source": POSITIVE}
HALO_DOMAINS: dict[str, Domain] = {
    "mass_at_200": POSITIVE,
    "redshift_object": Domain(lower=0.0, upper=7.0),
    "redshift_source": POSITIVE,
}
"""Of a halo with a concentration from its mass, a relation that ends near redshift 7."""
SCATTER_DOMAINS: dict[str, Domain] = {"scatter_sigma": Domain(lower=-10.0, upper=10.0), **HALO_DOMAINS}
"""With scatter of the concentration, up to a factor of 30."""
