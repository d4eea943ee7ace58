"""The cases through our public Model, AnalysisImaging and Fitness; one row of the table is one set of options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from dataset import masked_dataset_from
from measure import Likelihood, NotAvailable, serve
from models import model_from
from problem import SUB_SIZE, Problem, plain, values_from, vector_from

import autolens as al

CONVERGED = 16
"""Sub-size of the image that the error of a row's sub-pixels is measured against."""


def _adaptive_from(problem: Problem, tracer: al.Tracer) -> tuple[al.Imaging, dict[str, Any]]:
    """The data with sub-sizes chosen for the truth from our defaults, and how many points that takes."""
    if not hasattr(al, "adaptive_over_sampling_from"):
        raise NotAvailable("no adaptive over-sampling")
    dataset, report = al.adaptive_over_sampling_from(masked_dataset_from(problem, rule=None), tracer)
    return dataset, {"sub_pixels": report.sub_pixels, "sub_pixels_before": report.sub_pixels_before}


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """The fitness under JAX with the options of a row: uniform, default, adaptive or adaptive-mixed."""
    model = model_from(al, al.Model, al.Collection, case)
    paths = [plain(path) for path in model.paths]
    truth = vector_from(paths, values_from(problem.truth, case))
    chosen: dict[str, Any] = {}
    if row == "uniform":
        dataset = masked_dataset_from(problem, over_sample_size_lp=SUB_SIZE)
    elif row == "default":
        dataset = masked_dataset_from(problem, rule=None)
    else:
        any_analysis = al.AnalysisImaging(dataset=masked_dataset_from(problem))
        dataset, chosen = _adaptive_from(problem, any_analysis.tracer_from(model.instance_from_vector(truth)))
    options: dict[str, Any] = {}
    if row.endswith("mixed"):
        if "precision" not in inspect.signature(al.AnalysisImaging).parameters:
            raise NotAvailable("no mixed precision")
        options["precision"] = "mixed"
    analysis = al.AnalysisImaging(dataset=dataset, use_jax=True, **options)
    fitness = al.Fitness(model=model, analysis=analysis)

    def image() -> np.ndarray:
        plainly = al.AnalysisImaging(dataset=dataset)
        model_data = plainly.fit_from(model.instance_from_vector(truth)).model_data
        if options:
            model_data = model_data.with_new_array(_compiled_image(analysis, model, truth))
        return model_data.native.array

    def facts() -> dict[str, Any]:
        return chosen | ({"log_likelihood_converged": _converged(problem, model, truth)} if row == "uniform" else {})

    if case == "c3":
        _refuse_unsolved(image)
    return Likelihood(truth, fitness._jit, image, fitness._vmap, fitness._value_and_grad, facts)


def _compiled_image(analysis: al.AnalysisImaging, model: al.Collection, truth: np.ndarray) -> np.ndarray:
    """Model image of the pixels in the mask as the compiled likelihood has it."""
    import jax

    def image_of(vector: Any) -> Any:
        return analysis.fit_from(model.instance_from_vector(vector, xp=jax.numpy)).model_data.array

    return np.asarray(jax.jit(image_of)(truth))


def _refuse_unsolved(image: Callable[[], np.ndarray]) -> None:
    try:
        image()
    except al.exc.AutoException as error:
        raise NotAvailable(f"linear light is not solved for: {error}") from error


def _converged(problem: Problem, model: al.Collection, truth: np.ndarray) -> float:
    """ln L at the truth with ``CONVERGED`` uniform sub-pixels each way everywhere; NumPy, not timed."""
    dataset = masked_dataset_from(problem, over_sample_size_lp=CONVERGED, over_sample_size_blurring=CONVERGED)
    return float(al.Fitness(model=model, analysis=al.AnalysisImaging(dataset=dataset))(truth))


if __name__ == "__main__":
    serve(likelihood_from)
