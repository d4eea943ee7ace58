"""Expressions, arrays, assertions and fixed parts of a model under JAX, against the same model under NumPy."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from parity import check, close, differences_from

from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import LogUniformPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Array, Collection, Fitness, LevenbergMarquardt

AXIS = np.linspace(-6.0, 6.0, 60)
NOISE = 0.1


@dataclass(eq=False)
class Line(InstancePytree):
    centre: float = parameter(0.0, unit="arcsec", prior=UniformPrior(-5.0, 5.0))
    sigma: float = parameter(1.0, unit="arcsec", prior=LogUniformPrior(0.1, 4.0))
    intensity: float = parameter(1.0, unit="", prior=UniformPrior(0.0, 10.0), linear=True)

    def is_physical(self, xp: Any = np) -> Any:
        return xp.asarray(self.sigma) > 0.0

    def values_from(self, axis: Any, xp: Any = np) -> Any:
        return self.intensity * xp.exp(-0.5 * ((axis - self.centre) / self.sigma) ** 2)


class AnalysisLines(Analysis):
    """Lines on a background that is the product of a column and a row."""

    traces = 0

    def __init__(self, data: np.ndarray, use_jax: bool = False) -> None:
        super().__init__(use_jax=use_jax)
        self.data = data

    def model_data_from(self, instance: Any) -> Any:
        AnalysisLines.traces += 1
        xp = self._xp
        background = xp.outer(instance.background[:, 0], xp.asarray(instance.background)[0]).reshape(-1)
        lines = sum(line.values_from(AXIS, xp=xp) for line in instance.lines)
        return lines + xp.concatenate([background, xp.zeros(len(AXIS) - background.size)])

    def residual_vector_from(self, instance: Any) -> Any:
        return (self.data - self.model_data_from(instance)) / NOISE


def model_from() -> Collection:
    """Seven free parameters; two of them stand in expressions alone."""
    model = Collection(lines=[Line, Line, Line], background=Array((3, 2)))
    total, fraction = UniformPrior(1.0, 10.0), UniformPrior(0.0, 1.0)
    first, second, third = model.lines
    first.intensity, second.intensity = total * fraction, total * (1.0 - fraction)
    second.sigma = 2 * first.sigma
    second.centre = first.centre + 1.5 * abs(fraction - 0.25)
    third.centre = -first.centre
    third.sigma = (first.sigma**2 + 0.3**2) ** 0.5
    third.intensity = total / (second.sigma + 1.0)
    model.background[0, 0] = UniformPrior(-1.0, 1.0)
    model.background[1, 0] = model.background[0, 0]
    model.background[2, 0] = 0.3
    model.background[0, 1] = UniformPrior(-1.0, 1.0)
    model.background[1:, 1] = UniformPrior(-1.0, 1.0)
    model.add_assertion(first.centre + 0.5 < second.centre, name="right of the first")
    model.add_assertion(total * fraction >= 0.5)
    return model


TRUTH = {
    "lines.0.centre": 0.3,
    "lines.0.sigma": 0.8,
    "lines.0.intensity.prior_0": 6.0,
    "lines.0.intensity.prior_1": 0.7,
    "background.element_0_0": 0.4,
    "background.element_0_1": -0.2,
    "background.element_1_1": 0.1,
}


def data_from(model: Collection) -> np.ndarray:
    exact = AnalysisLines(np.zeros_like(AXIS)).model_data_from(model.instance_from_vector(list(TRUTH.values())))
    return exact + np.random.default_rng(2).normal(0.0, NOISE, AXIS.size)


def check_instances(model: Collection, rows: np.ndarray) -> None:
    """Every value of an instance, for each row alone and for all of them under ``vmap``."""
    import jax
    import jax.numpy as jnp

    def values(vector: Any, xp: Any = np) -> Any:
        instance = model.instance_from_vector(vector, xp=xp)
        numbers = [x for line in instance.lines for x in (line.centre, line.sigma, line.intensity)]
        return xp.concatenate([xp.stack([xp.asarray(x) for x in numbers]), xp.ravel(instance.background)])

    wanted = np.array([values(row) for row in rows])
    close(jax.jit(jax.vmap(lambda v: values(v, xp=jnp)))(rows), wanted, "instances under jit and vmap")
    close(jax.jit(lambda v: values(v, xp=jnp))(rows[0]), wanted[0], "an instance under jit")
    first = wanted[0]
    fraction = rows[0][3]
    close(first[2] + first[5], rows[0][2], "the parts of a total")
    close(first[3], rows[0][0] + 1.5 * abs(fraction - 0.25), "a centre beside another")
    close(first[9:], [rows[0][4], rows[0][5], rows[0][4], rows[0][6], 0.3, rows[0][6]], "an array of a model")

    hold = np.array([bool(model.assertions_hold(row)) for row in rows])
    compiled = jax.jit(jax.vmap(lambda v: model.assertions_hold(v, xp=jnp)))(rows)
    check(np.array_equal(compiled, hold) and 0 < hold.sum() < len(hold), "assertions under jit and vmap")
    crossed = jax.jit(lambda instance: instance)(model.instance_from_vector(rows[0]))
    check(isinstance(crossed.background, jax.Array), "an array of a model is no leaf of its instance")

    gathered = Collection(map=Array((4, 5), prior=UniformPrior(0.0, 1.0)))
    gathered.map[1, 1] = 0.5
    vector = np.random.default_rng(0).random(gathered.prior_count)
    traced = jax.make_jaxpr(lambda v: gathered.instance_from_vector(v, xp=jnp).map)(vector)
    check(len(traced.eqns) < 30, f"an array of 20 elements takes {len(traced.eqns)} operations")
    wanted_map = gathered.instance_from_vector(vector).map
    close(gathered.instance_from_vector(jnp.asarray(vector), xp=jnp).map, wanted_map, "gathered")


def check_fitness(model: Collection, rows: np.ndarray) -> None:
    """The NumPy loop equals ``vmap``; gradients through expressions equal central differences."""
    data = data_from(model)
    fitness, loop = Fitness(model, AnalysisLines(data, use_jax=True)), Fitness(model, AnalysisLines(data))
    import jax
    import jax.numpy as jnp

    wanted = loop._vmap(rows)
    refused = wanted == -1e99
    check(0 < refused.sum() < len(rows), "rows against an assertion")
    for name, values in (("vmap", jax.vmap(fitness)(jnp.array(rows))), ("_vmap", fitness._vmap(rows))):
        check(np.array_equal(np.asarray(values) == -1e99, refused), f"{name} refuses other rows")
        close(np.asarray(values)[~refused], wanted[~refused], f"ln L by {name}")
    row = rows[~refused][0]
    gradient = jax.grad(fitness)(jnp.array(row))
    close(gradient, differences_from(loop._vmap, row), "gradient through expressions", relative=1e-6)
    gradients = np.asarray(jax.vmap(jax.grad(fitness))(jnp.array(rows)))
    check(np.isfinite(gradients).all() and (gradients[refused] == 0.0).all(), "gradients of refused rows")

    root = Collection(lines=[Line, Line], background=Array((3, 2)))
    root.lines[1].sigma = (root.lines[0].centre / root.lines[0].sigma) ** 0.5
    rows = np.array([[1.0, 0.5, 1.0, 0.5, 1.0], [-1.0, 0.5, 1.0, 0.5, 1.0], [0.0, 0.5, 1.0, 0.5, 1.0]])
    pair = [Fitness(root, AnalysisLines(data, use_jax=use_jax))._vmap(rows) for use_jax in (True, False)]
    check(np.array_equal(pair[0] == -1e99, [False, True, True]), "a root of a negative number is refused under JAX")
    check(np.array_equal(pair[1] == -1e99, [False, True, True]), "a root of a negative number is refused under NumPy")
    close(pair[0][0], pair[1][0], "ln L of a root")


def check_search(model: Collection) -> None:
    """A search recovers what the expressions are made of, and a part of it with the rest fixed."""
    data = data_from(model)
    truth = np.array(list(TRUTH.values()))
    results = [
        LevenbergMarquardt(n_screen=64, show_progress=False).fit(model, AnalysisLines(data, use_jax=use_jax))
        for use_jax in (True, False)
    ]
    best = [result.samples.max_log_likelihood_vector for result in results]
    close(results[0].log_likelihood, results[1].log_likelihood, "ln L of the optimum", relative=1e-4)
    errors = np.sqrt(np.diag(results[0].samples.covariance_matrix))
    held = errors < 0.25 * np.array([prior.width for prior in model.priors])  # the data say nothing of one of them
    check(np.sum(held) == 6, f"errors {errors}")
    check(np.all(np.abs(best[0] - best[1])[held] < 0.1 * errors[held]), f"optima {best[0]}, {best[1]} +- {errors}")
    check(np.all(np.abs(best[0] - truth) < 5.0 * errors), f"truth {truth}, found {best[0]} +- {errors}")
    part = model.fixed_at(results[0], only=["lines.0.centre", "background"])
    found = LevenbergMarquardt(n_screen=32, show_progress=False).fit(part, AnalysisLines(data, use_jax=True))
    check(found.original_model.prior_count == 3, "three parameters stay free")
    close(found.log_likelihood, results[0].log_likelihood, "ln L with a part fixed at the optimum", relative=1e-6)


def main() -> None:
    model = model_from()
    check(model.paths == list(TRUTH), f"free parameters {model.paths}")
    rows = np.random.default_rng(4).uniform(0.7, 1.3, size=(16, 7)) * np.array(list(TRUTH.values()))
    check_fitness(model, rows)
    check_instances(model, rows)
    check_search(model)
    print("model composition: ok")


if __name__ == "__main__":
    main()
