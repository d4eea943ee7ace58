"""Whether the sub-pixels of a fit are fine enough, by the same fit with twice as many each way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

import autoarray as aa
from autogalaxy.analysis.over_sampling import ERROR, LOG_LIKELIHOOD_ERROR, sub_pixels_of


@dataclass(frozen=True)
class OverSamplingCheck:
    """What finer sub-pixels change in a fit."""

    delta_log_likelihood: float
    """Figure of merit of the finer fit less that of the fit."""
    largest_change: float
    """Largest change of a pixel of the model image, in units of its noise."""
    sub_pixels: int
    """Points at which the fit evaluates light, of both groups and with the ring."""

    @property
    def holds(self) -> bool:
        """Whether the fit is right to ``LOG_LIKELIHOOD_ERROR`` in ln L and to ``ERROR`` in each pixel."""
        return abs(self.delta_log_likelihood) <= LOG_LIKELIHOOD_ERROR and self.largest_change <= ERROR

    def to_dict(self) -> dict[str, Any]:
        """Plain types for a file, and a line for a person."""
        summary = "" if self.holds else "NOT fine enough: "
        summary += (
            f"twice the sub-sizes change ln L by {self.delta_log_likelihood:.2f} and a pixel by at most "
            f"{self.largest_change:.2g} of its noise, {self.sub_pixels} sub-pixels"
        )
        return {**asdict(self), "holds": self.holds, "summary": summary}


def with_doubled_sizes(dataset: aa.Imaging) -> aa.Imaging:
    """The dataset with twice the sub-size of every pixel, and of the ring around the mask."""
    lensed = dataset.over_sample_size_lensed
    return dataset.apply_over_sampling(
        over_sample_size_lp=dataset.over_sample_size_lp * 2,
        over_sample_size_lensed=None if lensed is None else lensed * 2,
        over_sample_size_blurring=dataset.over_sample_size_blurring * 2,
    )


def check_from(fit: Any, finer: Any) -> OverSamplingCheck:
    """The check of a fit against that of the same model with finer sub-pixels."""
    change = (finer.model_data.array - fit.model_data.array) / fit.noise_map.array
    return OverSamplingCheck(
        delta_log_likelihood=float(finer.figure_of_merit - fit.figure_of_merit),
        largest_change=float(np.abs(change).max()),
        sub_pixels=sub_pixels_of(fit.dataset),
    )
