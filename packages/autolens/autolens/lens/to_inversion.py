"""From the light of a lens and of what lies behind it to the image they make."""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Namespace
from autogalaxy.galaxy.to_inversion import LightToInversion


class TracerToInversion(LightToInversion):
    """The lensed image of a tracer, or of some of its galaxies (``tracer.lit_by``)."""

    def __init__(
        self,
        dataset: aa.Imaging,
        tracer: Any,
        grids: aa.GridsInterface | None = None,
        settings: aa.Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        super().__init__(dataset, tracer, grids=grids, settings=settings, xp=xp)
