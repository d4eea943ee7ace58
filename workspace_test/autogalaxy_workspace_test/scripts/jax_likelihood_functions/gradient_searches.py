"""QuasiNewton, LBFGS and MultiStartAdam under JAX, against closed forms and against Levenberg-Marquardt."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import parity
from parity import check, close

import autogalaxy as ag
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import UniformPrior, parameter

MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[0.010, 0.005, 0.0], [0.005, 0.02, -0.003], [0.0, -0.003, 0.005]])


@dataclass(eq=False)
class Point(InstancePytree):
    x: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))
    y: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))
    z: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))


class AnalysisOf(ag.Analysis):
    """The log likelihood is any function of a point, ``(3,) -> ()``."""

    def __init__(self, function: Callable, use_jax: bool = True) -> None:
        super().__init__(use_jax=use_jax)
        self.function = function

    def log_likelihood_function(self, instance: Any) -> Any:
        point = instance.point
        return self.function(self._xp.stack([self._xp.asarray(v) for v in (point.x, point.y, point.z)]), self._xp)


def gaussian(point: Any, xp: Any) -> Any:
    """Seven at its maximum."""
    offset = point - MEAN
    return 7.0 - 0.5 * offset @ np.linalg.inv(COVARIANCE) @ offset


def two_peaks(point: Any, xp: Any) -> Any:
    """Maxima 3 and 2, up to exp(-200)."""
    first = 3.0 - 10.0 * xp.sum((point - np.array([-2.0, 1.0, 0.0])) ** 2)
    second = 2.0 - 10.0 * xp.sum((point - np.array([2.5, -1.0, 1.0])) ** 2)
    return xp.logaddexp(first, second)


def leaning(point: Any, xp: Any) -> Any:
    """Rises towards the limit x = 5, where it is 100 at y = 1, z = -1."""
    return 20.0 * point[0] - 50.0 * (point[1] - 1.0) ** 2 - 50.0 * (point[2] + 1.0) ** 2


def cut(point: Any, xp: Any) -> Any:
    """A maximum of zero at (0.9, 0, 0) a hair before the points without a likelihood or a gradient, x >= 1."""
    inside = xp.sqrt(1.0 - point[0]) - np.sqrt(0.1)
    return -10.0 * inside**2 - 50.0 * (point[1] ** 2 + point[2] ** 2)


def fitted(search_class: type, analysis: AnalysisOf, **settings: Any) -> Any:
    return search_class(show_progress=False, **settings).fit(ag.Collection(point=Point), analysis)


def check_closed_forms(search_class: type, analyses: list[AnalysisOf]) -> None:
    name = search_class.__name__
    result = fitted(search_class, analyses[0])
    close(result.samples.max_log_likelihood_vector, MEAN, f"{name}: mean of a Gaussian", relative=1e-4)
    close(result.samples.covariance_matrix, COVARIANCE, f"{name}: covariance of a Gaussian", relative=1e-4)
    check(abs(result.log_likelihood - 7.0) < 1e-5, f"{name}: height of a Gaussian is {result.log_likelihood}")
    check(result.search_info["converged"], f"{name}: a Gaussian is not converged")
    check(result.search_info["starts_agreeing"] >= 3, f"{name}: starts do not agree on a Gaussian")

    result = fitted(search_class, analyses[1])
    short = 0.05 if search_class is ag.MultiStartAdam else 5e-3  # first-order steps creep
    check(abs(result.log_likelihood - 100.0) < short, f"{name}: height at a limit is {result.log_likelihood}")
    check(result.search_info["parameters_at_limits"] == ["point.x"], f"{name}: a limit was not noticed")

    result = fitted(search_class, analyses[2])
    close(result.samples.max_log_likelihood_vector, np.array([0.9, 0.0, 0.0]), f"{name}: beside NaN", relative=1e-3)


def check_two_optima(analysis: AnalysisOf) -> None:
    result = fitted(ag.QuasiNewton, analysis, agree=8)
    first, second = result.search_info["optima"]
    close(first["parameters"], np.array([-2.0, 1.0, 0.0]), "first of two optima", relative=1e-3)
    close(second["parameters"], np.array([2.5, -1.0, 1.0]), "second of two optima", relative=1e-3)
    close([first["log_likelihood"], second["log_likelihood"]], np.array([3.0, 2.0]), "their heights", relative=1e-5)
    check(first["starts"] + second["starts"] == result.search_info["starts_followed"], "a start ended elsewhere")

    numpy_result = fitted(ag.QuasiNewton, AnalysisOf(two_peaks, use_jax=False), agree=8)
    same = [o["parameters"] for o in numpy_result.search_info["optima"]]
    close(same, np.array([first["parameters"], second["parameters"]]), "optima under NumPy", relative=1e-4)


def check_second_derivatives(analysis: AnalysisOf) -> None:
    """Those at a mode, from differences of gradients, equal those of automatic differentiation."""
    import jax

    from autogalaxy.inference import Fitness
    from autogalaxy.inference.posterior.coordinates import GaussianCoordinates

    model = ag.Collection(point=Point)
    (optimum, *_) = ag.QuasiNewton(show_progress=False).fit(model, analysis).search_info["optima"]
    coordinates, fitness = GaussianCoordinates(model), Fitness(model, analysis)
    z = coordinates.z_from(np.array(optimum["mode"]))
    exact = -jax.hessian(lambda point: coordinates.log_density_from(point, fitness))(z)
    close(optimum["mode_hessian"], exact, "second derivatives at a mode", relative=1e-6)
    gradient = jax.grad(lambda point: coordinates.log_density_from(point, fitness))(z)
    check(np.max(np.abs(gradient)) < 1e-2, "a mode with a gradient")


def check_image() -> None:
    """A Sersic galaxy in an image: the maximum of Levenberg-Marquardt, to 0.05 in ln L; another dataset after it."""
    galaxy = ag.Model(ag.Galaxy, redshift=0.5, bulge=ag.lp.Sersic)
    model = ag.Collection(galaxies=ag.Collection(galaxy=galaxy))
    truth = model.instance_from_vector([0.1, -0.2, 0.15, 0.2, 0.8, 0.6, 2.5])
    datasets = [parity.imaging_from(ag.Galaxies(truth.galaxies), seed=seed) for seed in (1, 2)]
    analysis = ag.AnalysisImaging(datasets[0], use_jax=True)
    settings = {"show_progress": False, "check_over_sampling": False}
    wanted = ag.LevenbergMarquardt(**settings).fit(model, analysis)
    for search in (ag.QuasiNewton(**settings), ag.LBFGS(**settings), ag.MultiStartAdam(n_starts=12, **settings)):
        result = search.fit(model, analysis)
        behind = wanted.log_likelihood - result.log_likelihood
        check(abs(behind) < 0.05, f"{search.name} is {behind:.3f} in ln L behind Levenberg-Marquardt")
        errors, known = (np.sqrt(np.diag(r.samples.covariance_matrix)) for r in (result, wanted))
        check(np.all(np.abs(errors / known - 1.0) < 0.2), f"{search.name}: other errors than the Fisher matrix")
        print(f"  {search.name}: {behind:.4f} in ln L behind, {result.search_info['gradients']} gradients")

    other = analysis.for_dataset(datasets[1])
    behind = ag.LevenbergMarquardt(**settings).fit(model, other).log_likelihood
    behind -= ag.QuasiNewton(**settings).fit(model, other).log_likelihood
    check(abs(behind) < 0.05, f"QuasiNewton is {behind:.3f} in ln L behind on a second dataset")


def main() -> None:
    analyses = [AnalysisOf(function) for function in (gaussian, leaning, cut)]
    for search_class in (ag.QuasiNewton, ag.LBFGS, ag.MultiStartAdam):
        check_closed_forms(search_class, analyses)
    analysis = AnalysisOf(two_peaks)
    check_two_optima(analysis)
    check_second_derivatives(analysis)
    check_image()
    print("gradient searches: ok")


if __name__ == "__main__":
    main()
