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


def _adaptive(problem: Problem, model: al.Collection, truth: np.ndarray) -> al.Imaging:
    if not hasattr(al, "adaptive"):
        raise NotAvailable("no adaptive over-sampling")
    raise NotAvailable("adaptive over-sampling is not connected")


def likelihood_from(problem: Problem, case: str, row: str) -> Likelihood:
    """The fitness under JAX with the options of a row: uniform, default, adaptive or adaptive-mixed."""
    model = model_from(al, al.Model, al.Collection, case)
    paths = [plain(path) for path in model.paths]
    truth = vector_from(paths, values_from(problem.truth, case))
    if row == "uniform":
        dataset = masked_dataset_from(problem, over_sample_size_lp=SUB_SIZE)
    elif row == "default":
        dataset = masked_dataset_from(problem, rule=None)
    else:
        dataset = _adaptive(problem, model, truth)
    options: dict[str, Any] = {}
    if row.endswith("mixed"):
        if "precision" not in inspect.signature(al.AnalysisImaging).parameters:
            raise NotAvailable("no mixed precision")
        options["precision"] = "mixed"
    analysis = al.AnalysisImaging(dataset=dataset, use_jax=True, **options)
    fitness = al.Fitness(model=model, analysis=analysis)

    def image() -> np.ndarray:
        plainly = al.AnalysisImaging(dataset=dataset)
        return plainly.fit_from(model.instance_from_vector(truth)).model_data.native.array

    def facts() -> dict[str, Any]:
        return {"log_likelihood_converged": _converged(problem, model, truth)} if row == "uniform" else {}

    if case == "c3":
        _refuse_unsolved(image)
    return Likelihood(truth, fitness._jit, image, fitness._vmap, fitness._value_and_grad, facts)


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
