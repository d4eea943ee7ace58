"""Simulated images of lenses."""

from __future__ import annotations

import autogalaxy as ag
from autoarray import Grid2D, Imaging, exc
from autolens.lens.tracer import Tracer


class SimulatorImaging(ag.SimulatorImaging):
    """A telescope pointed at a lens; settings as in ``aa.SimulatorImaging``."""

    def via_tracer_from(self, tracer: Tracer, grid: Grid2D) -> Imaging:
        """The observation of the lensed light of a tracer's galaxies on every pixel of the frame of ``grid``."""
        if not isinstance(tracer, Tracer) or not isinstance(grid, Grid2D):
            raise exc.DatasetException(
                f"via_tracer_from got a {type(tracer).__name__} and a {type(grid).__name__}, wanted a Tracer and a "
                "Grid2D: via_tracer_from(tracer, Grid2D.uniform((100, 100), pixel_scales=0.05))."
            )
        return self._via_light_from(tracer, grid)
