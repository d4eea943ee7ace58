"""Simulated images of lenses."""

from __future__ import annotations

import autogalaxy as ag
from autoarray import Grid2D, Imaging
from autolens.lens.tracer import Tracer


class SimulatorImaging(ag.SimulatorImaging):
    """A telescope pointed at a lens; settings as in ``aa.SimulatorImaging``."""

    def via_tracer_from(self, tracer: Tracer, grid: Grid2D) -> Imaging:
        """The observation of the lensed light of a tracer's galaxies on every pixel of the frame of ``grid``."""
        return self._via_light_from(tracer, grid)
