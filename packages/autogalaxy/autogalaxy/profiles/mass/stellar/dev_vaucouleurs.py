"""De Vaucouleurs profile of mass."""

from __future__ import annotations

from dataclasses import dataclass, field

from autogalaxy.profiles.mass.stellar.sersic import Sersic


@dataclass(eq=False)
class DevVaucouleurs(Sersic):
    """Elliptical de Vaucouleurs bulge of stellar mass: a Sersic profile of index 4."""

    sersic_index: float = field(init=False, default=4.0)


@dataclass(eq=False)
class DevVaucouleursSph(DevVaucouleurs):
    """Circular de Vaucouleurs bulge of stellar mass."""

    ell_comps: tuple[float, float] = field(init=False, default=(0.0, 0.0))
