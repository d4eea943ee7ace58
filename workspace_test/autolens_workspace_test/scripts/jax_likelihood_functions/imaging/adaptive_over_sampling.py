"""Sub-pixels that differ from pixel to pixel, and between the light of the lens and that of the source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import parity
import sie

import autolens as al


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median, with sub-pixels made for it."""
    tracer = al.Tracer(sie.model_from().instance_from_prior_medians().galaxies)
    dataset, report = al.adaptive_over_sampling_from(parity.imaging_from(tracer), tracer, error=0.02)
    parity.check(dataset.grids.lensed is not dataset.grids.extended, "lens and source share their sub-pixels")
    parity.check(min(len(sizes) for sizes in report.sub_sizes.values()) > 1, "all pixels have the same sub-size")
    return al.AnalysisImaging(dataset, use_jax=use_jax)


if __name__ == "__main__":
    parity.round_trip(analysis_from, sie.model_from())
    parity.batch(analysis_from, sie.model_from())
