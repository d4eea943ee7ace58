"""The solver of linear light on JAX: jit, batches of different problems, and derivatives of every kind."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

from autoarray.inversion.solver import covariance_from, result_from, solution_from

CASES = ("positive", "duplicates", "free", "regularized")
THETA = np.array([0.03, -0.05, 0.15, 0.18, 0.35])


def columns_from(theta: Any, number: int = 30, duplicates: bool = False, xp: Any = np) -> Any:
    """Concentric Gaussians and a ring over the noise, ``(n, number + 1)``: condition above 1e10 for 30 of them."""
    axis = np.linspace(-1.95, 1.95, 40)
    y, x = (a.ravel() for a in np.meshgrid(axis, axis, indexing="ij"))
    dy, dx = y - theta[0], x - theta[1]
    squared = dy**2 * (1.0 + theta[2]) + dx**2 / (1.0 + theta[2]) + theta[3] * dy * dx
    gaussians = xp.exp(-0.5 * squared[:, None] / np.geomspace(0.05, 2.5, number) ** 2)
    ring = xp.exp(-0.5 * ((xp.sqrt(y**2 + x**2 + 1e-4) - 1.0) / theta[4]) ** 2)[:, None]
    more = (gaussians[:, 12:13], 0.0 * ring, ring) if duplicates else ()
    return xp.concatenate((gaussians, ring, *more), axis=1) / 0.01


def target_from(seed: int) -> np.ndarray:
    """A galaxy that is no Gaussian and a fainter ring over the noise, ``(n,)``, with a peak of 300."""
    rng = np.random.default_rng(seed)
    columns = columns_from(THETA + 0.02 * rng.standard_normal(5), 60)
    weights = np.append(rng.uniform(0.0, 0.2, 60) * np.geomspace(1.0, 0.05, 60), 0.1)
    return columns @ weights + rng.standard_normal(columns.shape[0])


def chi_squared(design: np.ndarray, target: np.ndarray, coefficients: Any) -> float:
    """Computed by NumPy, whoever found the coefficients."""
    return float(np.sum((target - design @ np.asarray(coefficients)) ** 2))


def batches_of_different_problems_equal_a_loop() -> None:
    """Collinear, identical, empty and random columns and an empty target in a batch, beside a lane without numbers."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(2)
    designs = [columns_from(THETA + 0.05 * rng.standard_normal(5)) for _ in range(6)]
    targets = [target_from(seed) for seed in range(6)]
    designs[1][:, 3:8] = designs[1][:, [12]]
    designs[2][:, ::2] = 0.0
    designs[3] = rng.standard_normal(designs[3].shape)
    targets[4] = np.zeros_like(targets[4])
    designs.append(np.full_like(designs[0], np.nan))
    targets.append(targets[0])
    covariance_of = jax.jit(lambda design, passive: covariance_from(design, passive, xp=jnp))
    for positive in (True, False):

        def solved(design: Any, target: Any, positive: bool = positive) -> Any:
            return result_from(design, target, positive=positive, xp=jnp)

        single, batch = jax.jit(solved), jax.jit(jax.vmap(solved))(jnp.array(designs), jnp.array(targets))
        for i in range(6):
            wanted = result_from(designs[i], targets[i], positive=positive)
            best = chi_squared(designs[i], targets[i], wanted.coefficients)
            results = (single(designs[i], targets[i]), batch._replace(coefficients=batch.coefficients[i]))
            for name, result in zip(("jit", "vmap"), results, strict=True):
                value = chi_squared(designs[i], targets[i], result.coefficients)
                relative = parity.RELATIVE if positive else 1e-8
                parity.close(value, best, f"chi-squared of problem {i}, positive={positive}, {name}", relative=relative)
            parity.check(bool(batch.converged[i]), f"problem {i} did not converge")
            if positive:
                parity.check(np.array_equal(batch.passive[i], wanted.passive), f"passive set of problem {i}")
                parity.check(np.array_equal(batch.undetermined[i], wanted.undetermined), f"degeneracy of problem {i}")
                covariance = covariance_of(designs[i], wanted.passive)
                scale = np.linalg.norm(designs[i], axis=0)[:, None] * np.linalg.norm(designs[i], axis=0)
                wanted_covariance = covariance_from(designs[i], wanted.passive) * scale
                parity.close(covariance * scale, wanted_covariance, f"covariance of problem {i}", relative=1e-6)
    print("batches: ok")


def first_derivatives_from(residuals: Any) -> Any:
    """A compiled function of theta: every way to the gradient of chi-squared, and the Jacobian."""
    import jax
    import jax.numpy as jnp

    def objective(theta: Any, frozen: bool = False) -> Any:
        return jnp.sum(residuals(theta, frozen=frozen) ** 2)

    @jax.jit
    def derivatives(theta: Any) -> dict[str, Any]:
        value, transpose = jax.vjp(residuals, theta)
        return {
            "reverse": jax.grad(objective)(theta),
            "forward": jax.jacfwd(objective)(theta),
            "transposed": 2.0 * transpose(value)[0],
            "envelope": jax.grad(lambda t: objective(t, frozen=True))(theta),
            "jacobian": jax.jacfwd(residuals)(theta),
        }

    return derivatives


def central_differences_from(function: Any, step: float = 1e-5) -> np.ndarray:
    """Jacobian at THETA of a batched function of vectors, ``(b, p) -> (b, m)``, as ``(m, p)``."""
    steps = step * np.eye(THETA.size)
    return (np.asarray(function(THETA + steps)) - np.asarray(function(THETA - steps))).T / (2.0 * step)


def derivatives_are_central_differences() -> None:
    """Chi-squared, residuals and second derivatives by both modes, and the envelope theorem."""
    import jax
    import jax.numpy as jnp

    target = target_from(9)
    for case in CASES:
        number = 8 if case == "free" else 30
        regularization = 5.0 * np.eye(number + 1) if case == "regularized" else None

        def residuals(
            theta: Any, frozen: bool = False, case: str = case, number: int = number, matrix: Any = regularization
        ) -> Any:
            design = columns_from(theta, number, duplicates=case == "duplicates", xp=jnp)
            solution = solution_from(design, target, matrix, positive=case != "free", xp=jnp)
            solution = jax.lax.stop_gradient(solution) if frozen else solution
            root = 0.0 if matrix is None else np.sqrt(5.0)
            return jnp.concatenate((target - design @ solution, root * solution))

        first = first_derivatives_from(residuals)(jnp.array(THETA))
        model = jax.jit(jax.vmap(residuals))
        wanted = parity.differences_from(lambda rows, model=model: np.sum(np.asarray(model(rows)) ** 2, axis=1), THETA)
        parity.close(first["reverse"], wanted, f"{case}: reverse mode", relative=parity.GRADIENT)
        parity.close(first["forward"], wanted, f"{case}: forward mode", relative=parity.GRADIENT)
        parity.close(first["transposed"], wanted, f"{case}: transposed Jacobian", relative=parity.GRADIENT)
        parity.close(first["reverse"], first["envelope"], f"{case}: envelope theorem", relative=1e-8)
        differences = central_differences_from(model)
        parity.close(first["jacobian"], differences, f"{case}: Jacobian of the residuals", relative=parity.GRADIENT)
        if case in ("positive", "free"):
            gradient = jax.grad(lambda theta, residuals=residuals: jnp.sum(residuals(theta) ** 2))
            hessian = jax.jit(jax.jacfwd(gradient))(jnp.array(THETA))
            differences = central_differences_from(jax.jit(jax.vmap(gradient)))
            parity.close(hessian, differences, f"{case}: second derivatives", relative=parity.GRADIENT)
    print("derivatives: ok")


def derivatives_are_finite_where_nothing_is_free() -> None:
    """An empty target or design, and a design that cannot be positive."""
    import jax
    import jax.numpy as jnp

    design, target = columns_from(THETA), target_from(1)
    gradient = jax.jit(
        jax.grad(lambda a, b: jnp.sum((b - a @ solution_from(a, b, xp=jnp)) ** 2) + jnp.sum(a), argnums=(0, 1))
    )
    for a, b in ((0.0 * design, target), (design, 0.0 * target), (design, -target)):
        by_design, by_target = gradient(a, b)
        parity.close(by_design, np.ones_like(design), "a design without influence")
        parity.close(by_target, 2.0 * b, "a target that is not fitted") if np.any(b) else None
    print("nothing free: ok")


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    batches_of_different_problems_equal_a_loop()
    derivatives_are_central_differences()
    derivatives_are_finite_where_nothing_is_free()
