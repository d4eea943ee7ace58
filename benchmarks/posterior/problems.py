"""The posteriors that are compared: C7, the same lens at a tenth of its signal to noise, and two real lenses."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "c7_fit"), str(HERE.parent), str(HERE.parent / "likelihood")]

NAMES = ("c7", "faint", "j0946", "euclid")


def problem_from(name: str, folder: Path) -> tuple[Any, Any]:
    """Model and analysis; ``folder`` is the one with the shared data."""
    import autolens as al

    if name in ("j0946", "euclid"):
        import real_lenses

        from autolens.analysis.named_models import model_from

        dataset = {"j0946": real_lenses.j0946_from, "euclid": real_lenses.euclid_from}[name](folder)
        model = model_from(dataset, "sie+shear", *real_lenses.LENSES[name]["redshifts"])
        return model, al.AnalysisImaging(dataset, use_jax=True)
    import ours
    import problem
    from dataset import masked_dataset_from

    case = problem.load(folder / "benchmark_c1")
    model = ours.model_from(case.truth)
    if name == "faint":
        image = case.images["c1"]  # the same noise, ten times as strong
        case = dataclasses.replace(case, data=image + 10.0 * (case.data - image), noise_map=10.0 * case.noise_map)
        model.galaxies.lens.mass = _power_law_like(model.galaxies.lens.mass)
    return model, al.AnalysisImaging(masked_dataset_from(case), use_jax=True)


def _power_law_like(isothermal: Any) -> Any:
    """A power law of free slope with the priors of an isothermal ellipsoid."""
    import autolens as al

    power_law = al.Model(al.mp.PowerLaw)
    for name in ("centre", "ell_comps", "einstein_radius"):
        setattr(power_law, name, getattr(isothermal, name))
    power_law.slope = al.UniformPrior(1.5, 2.5)
    return power_law


def summary_from(parameters: Any, weights: Any) -> dict[str, list[float]]:
    """Weighted means and standard deviations of the parameters."""
    import numpy as np

    weights = np.asarray(weights) / np.sum(weights)
    means = weights @ np.asarray(parameters)
    widths = np.sqrt(weights @ (np.asarray(parameters) - means) ** 2)
    return {"means": means.tolist(), "widths": widths.tolist()}
