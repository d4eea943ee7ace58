"""Multiple images that are known to come from one source keep the mass model in the right region."""

from __future__ import annotations

from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.arguments import LARGEST
from autoarray.concrete import number_from
from autoarray.type import Namespace
from autolens.lens.tracer import Tracer


class PositionsLH:
    """Penalty on mass models that do not bring the multiple images of a source together on its plane."""

    def __init__(
        self,
        positions: Any,
        threshold: float,
        log_likelihood_penalty_factor: float = 1e8,
        plane_redshift: float | None = None,
    ) -> None:
        self.positions = positions if isinstance(positions, aa.Grid2DIrregular) else aa.Grid2DIrregular(positions)
        if len(self.positions) < 2:
            raise exc.GridException(
                f"{len(self.positions)} position, wanted at least two images of one source: "
                "PositionsLH(positions=[(1.0, 0.2), (-0.9, 0.1)], threshold=0.3)."
            )
        if not _is_positive(threshold):
            raise exc.GridException(
                f"threshold={exc.shown(threshold)}, wanted a positive number of arc-seconds: threshold=0.3."
            )
        if not _is_positive(log_likelihood_penalty_factor):
            raise exc.GridException(
                f"log_likelihood_penalty_factor={exc.shown(log_likelihood_penalty_factor)}, wanted a positive "
                f"number: 1e8."
            )
        self.threshold = float(threshold)
        self.log_likelihood_penalty_factor = float(log_likelihood_penalty_factor)
        if plane_redshift is not None and not _is_positive(plane_redshift):
            raise exc.TracerException(
                f"plane_redshift={exc.shown(plane_redshift)}, wanted the redshift of the source's plane: "
                f"plane_redshift=1.0."
            )
        self.plane_redshift = None if plane_redshift is None else number_from(plane_redshift)

    def to_dict(self) -> dict[str, Any]:
        """What the constructor wants, in plain types."""
        return {
            "positions": np.asarray(self.positions.array).tolist(),
            "threshold": self.threshold,
            "log_likelihood_penalty_factor": self.log_likelihood_penalty_factor,
            "plane_redshift": self.plane_redshift,
        }

    @classmethod
    def from_dict(cls, dictionary: Any) -> PositionsLH:
        """What :meth:`to_dict` wrote."""
        try:
            return cls(**dictionary)
        except (TypeError, exc.AutoException) as error:
            raise exc.FileException(f"the stored positions are damaged ({error}); fit anew.") from None

    def max_separation_from(self, tracer: Tracer, xp: Namespace = np) -> Any:
        """Largest distance [arcsec] between two of the images on the source's plane."""
        traced = tracer.traced_grid_2d_list_from(self.positions, xp=xp)
        points = traced[self._plane_index_of(tracer)].array
        squared = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=-1)
        largest = xp.max(squared)
        positive = largest > 0.0
        return xp.where(positive, xp.sqrt(xp.where(positive, largest, 1.0)), 0.0)

    def _plane_index_of(self, tracer: Tracer) -> int:
        """Index of the source's plane, looked up by what orders planes: a free redshift may have any value."""
        if self.plane_redshift is None:
            return -1
        redshifts = [plane.galaxies[0].plane_key[0] for plane in tracer.planes]
        if self.plane_redshift not in redshifts:
            raise exc.TracerException(
                f"plane_redshift={self.plane_redshift}, but the planes are at {redshifts} (a free redshift counts with "
                "the median of its prior): PositionsLH(..., plane_redshift=...) wants one of these."
            )
        return redshifts.index(self.plane_redshift)

    def log_likelihood_penalty_from(self, tracer: Tracer, xp: Namespace = np) -> Any:
        """``factor * (separation - threshold)`` beyond the threshold, 0 within it."""
        excess = self.max_separation_from(tracer, xp=xp) - self.threshold
        return self.log_likelihood_penalty_factor * xp.where(excess > 0.0, excess, 0.0)


def _is_positive(value: Any) -> bool:
    return 0.0 < number_from(value) <= LARGEST
