"""Models, fitness and the Levenberg-Marquardt search under JAX, against the same objects under NumPy."""

from __future__ import annotations

import copy
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from parity import check, close, differences_from

from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import GaussianPrior, LogUniformPrior, TruncatedGaussianPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection, Fitness, LevenbergMarquardt, Model

AXIS = np.linspace(-6.0, 6.0, 80)
NOISE = 0.1
TRUTH = np.array([-1.0, 0.8, 3.0, 1.2, 1.5, 1.2, 2.0])


@dataclass(eq=False)
class Line(InstancePytree):
    centre: float = parameter(0.0, unit="arcsec", prior=UniformPrior(-5.0, 5.0))
    sigma: float = parameter(1.0, unit="arcsec", prior=LogUniformPrior(0.1, 4.0))
    intensity: float = parameter(1.0, unit="", prior=UniformPrior(0.0, 10.0), linear=True)

    def is_physical(self, xp: Any = np) -> Any:
        return xp.logical_and(xp.asarray(self.sigma) > 0.0, xp.asarray(self.intensity) < 9.0)

    def values_from(self, axis: Any, xp: Any = np) -> Any:
        return self.intensity * xp.exp(-0.5 * ((axis - self.centre) / self.sigma) ** 2)


class Group(InstancePytree):
    no_flatten = ("redshift",)
    ordering_parameter = "redshift"

    def __init__(self, redshift: Any, **lines: Any) -> None:
        self.redshift = redshift
        vars(self).update(lines)


class AnalysisLines(Analysis):
    """A sum of lines; the redshift of the second group scales nothing but is a leaf."""

    traces = 0

    def __init__(self, data: np.ndarray, use_jax: bool = False) -> None:
        super().__init__(use_jax=use_jax)
        self.data = data
        self.log_likelihood_offset = -0.5 * len(data) * np.log(2.0 * np.pi * NOISE**2)

    def residual_vector_from(self, instance: Any) -> Any:
        AnalysisLines.traces += 1
        near, far = instance.groups
        factor = far.redshift / 1.2
        model_data = near.line.values_from(AXIS, xp=self._xp) + factor * far.line.values_from(AXIS, xp=self._xp)
        return (self.data - model_data) / NOISE


def model_from(redshift: Any = 1.2) -> Collection:
    near = Model(Group, redshift=0.5, line=Line)
    far = Model(Group, redshift=redshift, line=Line)
    model = Collection(groups=Collection(near, far))
    model.add_assertion(near.line.centre < far.line.centre)
    return model


def data() -> np.ndarray:
    instance = model_from(UniformPrior(0.4, 2.0)).instance_from_vector(TRUTH)
    exact = -NOISE * AnalysisLines(np.zeros_like(AXIS)).residual_vector_from(instance)
    return exact + np.random.default_rng(3).normal(0.0, NOISE, AXIS.size)


def same(actual: Any, wanted: np.ndarray, message: str) -> None:
    """Equal where there is a likelihood, and refused in the same rows."""
    actual, refused = np.asarray(actual), wanted == -1e99
    check(np.array_equal(actual == -1e99, refused), f"{message}: other rows are refused")
    close(actual[~refused], wanted[~refused], message)


def check_fitness() -> None:
    """Every form of a call, in a process in which JAX was not used before; the first one is ``jax.vmap(fitness)``."""
    model = model_from(UniformPrior(0.4, 2.0))
    fitness, loop = Fitness(model, AnalysisLines(data(), use_jax=True)), Fitness(model, AnalysisLines(data()))
    import jax
    import jax.numpy as jnp

    rows = TRUTH * np.random.default_rng(1).uniform(0.9, 1.1, size=(7, 7))
    rows[1, 2] = 9.5  # unphysical
    rows[2, [0, 4]] = rows[2, [4, 0]]  # against the assertion
    rows[3, 3] = 0.45  # behind the lens
    wanted = loop._vmap(rows)
    check((wanted[1:4] == -1e99).all() and (wanted[[0, 4, 5, 6]] > -1e6).all(), "resample values of the NumPy loop")

    same(jax.vmap(fitness)(jnp.array(rows)), wanted, "jax.vmap(fitness)")
    for size in (7, 5, 2, 7):
        same(fitness._vmap(rows[:size]), wanted[:size], f"fitness._vmap of {size} rows")
    close(jax.jit(fitness)(rows[0]), wanted[0], "jax.jit(fitness)")
    same([fitness(row) for row in rows], wanted, "fitness(vector)")
    traces = AnalysisLines.traces
    same([fitness._jit(row) for row in rows[::-1]], wanted[::-1], "fitness._jit")
    fitness._vmap(rows[:6])
    check(AnalysisLines.traces == traces, "a second call traced anew")
    gradient = jax.grad(fitness)(jnp.array(rows[0]))
    close(gradient, differences_from(loop._vmap, rows[0]), "jax.grad(fitness)", relative=1e-6)
    close(fitness._grad(rows[0]), gradient, "fitness._grad")
    close(fitness._value_and_grad(rows[0])[0], wanted[0], "fitness._value_and_grad")
    check(np.all(np.asarray(jax.vmap(jax.grad(fitness))(jnp.array(rows))[1:4]) == 0.0), "gradients of refused rows")
    for other in (pickle.loads(pickle.dumps(fitness)), copy.deepcopy(fitness)):
        close(other(rows[0]), wanted[0], "a pickled or copied fitness")
    log_posterior = [Fitness(model, a, fom_is_log_likelihood=False) for a in (fitness.analysis, loop.analysis)]
    close(log_posterior[0](rows[0]), log_posterior[1](rows[0]), "log posterior")


def check_model() -> None:
    """Priors and instances with JAX arrays equal those with NumPy."""
    import jax
    import jax.numpy as jnp

    units = np.array([0.01, 0.3, 0.7, 0.99])
    for prior in (
        UniformPrior(-1.0, 3.0),
        LogUniformPrior(0.01, 10.0),
        GaussianPrior(1.5, 0.3),
        TruncatedGaussianPrior(1.0, 2.0, 0.0, 2.5),
    ):
        values = prior.value_for(units)
        name = type(prior).__name__
        close(jax.jit(lambda u, p=prior: p.value_for(u, xp=jnp))(units), values, f"{name}.value_for")
        close(jax.jit(lambda v, p=prior: p.unit_value_for(v, xp=jnp))(values), units, f"{name}.unit_value_for")
        log_prior = jax.jit(lambda v, p=prior: p.log_prior_from_value(v, xp=jnp))(values)
        close(log_prior, prior.log_prior_from_value(values), f"{name}.log_prior_from_value")

    model = model_from(UniformPrior(0.4, 2.0))
    instance = model.instance_from_vector(TRUTH)
    crossed = jax.jit(lambda i: i)(instance)
    check(isinstance(crossed.groups[1].redshift, jax.Array), "a free redshift is no leaf")
    check(crossed.groups[0].redshift == 0.5 and isinstance(crossed.groups[0].redshift, float), "a fixed redshift moved")
    fixed = jax.jit(lambda i: i)(model_from().instance_from_vector(np.delete(TRUTH, 3)))
    check(isinstance(fixed.groups[1].redshift, float), "a fixed redshift is a leaf")
    unit = model.unit_vector_from_vector(TRUTH)
    close(jax.jit(lambda u: model.vector_from_unit_vector(u, xp=jnp))(unit), TRUTH, "vector_from_unit_vector")


def check_search() -> None:
    """The compiled search ends where scipy's does, with the same errors, and an equal model is compiled once."""
    for robust_scale in (None, 2.0):
        results = []
        for use_jax in (True, False):
            analysis = AnalysisLines(data(), use_jax=use_jax)
            search = LevenbergMarquardt(n_screen=64, robust_scale=robust_scale, show_progress=False)
            results.append(search.fit(model_from(), analysis))
            if use_jax:
                traces = AnalysisLines.traces
                again = LevenbergMarquardt(n_screen=64, seed=9, robust_scale=robust_scale, show_progress=False)
                found = again.fit(model_from(), analysis)
                check(AnalysisLines.traces == traces, "an equal model was traced anew")
                close(found.log_likelihood, results[0].log_likelihood, "ln L of another seed", relative=1e-5)
                pickle.loads(pickle.dumps(found))
        jax_result, numpy_result = results
        best = [r.samples.max_log_likelihood_vector for r in results]
        close(best[0], best[1], f"optimum, robust_scale={robust_scale}", relative=1e-4)
        if robust_scale is None:  # with a robust loss scipy keeps another approximation of the second derivatives
            covariance = numpy_result.samples.covariance_matrix
            close(jax_result.samples.covariance_matrix, covariance, "covariance", relative=1e-3)
        check(jax_result.search_info["starts_agreeing"] >= 3, "starts do not agree")

    limited = model_from()
    limited.groups[0].line.intensity = UniformPrior(0.0, 2.5)
    result = LevenbergMarquardt(n_screen=32, show_progress=False).fit(limited, AnalysisLines(data(), use_jax=True))
    check(result.search_info["parameters_at_limits"] == ["groups.0.line.intensity"], "a limit was not noticed")


def main() -> None:
    check_fitness()
    check_model()
    check_search()
    print("inference: ok")


if __name__ == "__main__":
    main()
