"""The data as our ``Imaging``; used by C7 as well."""

from __future__ import annotations

import inspect
from typing import Any

from measure import NotAvailable
from models import dataset_from
from problem import PIXEL_SCALE, Problem

import autolens as al


def masked_dataset_from(problem: Problem, rule: str | None = "uniform", **options: Any) -> al.Imaging:
    """The masked data with a sub-pixel rule, or with our defaults where ``rule`` is None."""
    ruled = "over_sample_rule" in inspect.signature(al.Imaging).parameters
    if rule is not None and ruled:
        options["over_sample_rule"] = rule
    elif rule is None and not ruled:
        raise NotAvailable("no sub-pixel rule but the uniform one")
    return dataset_from(al, problem, **options).apply_mask(mask=al.Mask2D(problem.mask, pixel_scales=PIXEL_SCALE))
