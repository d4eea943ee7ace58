"""What is written so that XLA compiles less of it: the same values and derivatives as the plain form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

import autogalaxy as ag
from autogalaxy.inference.search.least_squares import LeastSquares
from autogalaxy.profiles.fused import packed


def packed_values_are_themselves() -> None:
    """Of traced rows, with a constant among them: values, first and second derivatives, in either precision."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def plain(x: Any) -> tuple[Any, ...]:
        return x[0] / x[1], 1.5, jnp.exp(x[1])

    def total(values: Any) -> Any:
        a, b, c = values
        return a * b + c**2

    rows = np.array([(1.0, 2.0), (-0.5, 0.3), (2.0, 0.7)])
    for transformed in (jax.vmap, lambda f: jax.vmap(jax.grad(f)), lambda f: jax.vmap(jax.hessian(f))):
        wanted = transformed(lambda x: total(plain(x)))(rows)
        found = jax.jit(transformed(lambda x: total(packed(*plain(x), xp=jnp))))(rows)
        parity.close(found, wanted, "packed scalars", relative=1e-14)
    single = jax.jit(lambda x: packed(*plain(x), xp=jnp))(rows[0].astype(np.float32))
    parity.check(all(value.dtype == np.float32 for value in single), "packed scalars change their precision")


def linear_columns_are_those_of_the_jacobian() -> None:
    """Derivatives by intensities alone are columns of the whole Jacobian, for different rows and a traced dataset."""
    import jax

    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Sersic(intensity=1.0), halo=ag.lp.Exponential(intensity=0.5))
    model = ag.Collection(
        galaxies=ag.Collection(
            galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=ag.lp.Sersic, halo=ag.Model(ag.lp.Exponential))
        )
    )
    analysis = ag.AnalysisImaging(parity.imaging_from(ag.Galaxies([galaxy])), use_jax=True)
    problem = LeastSquares(model, analysis)
    linear = problem.linear_indexes
    parity.check(len(linear) == 2, f"{len(linear)} linear parameters, not 2")
    rows = np.array([problem.scaled_from(vector) for vector in parity.vectors_from(model, 3, seed=5)])
    arrays = analysis.dataset_arrays()
    jacobians = jax.jit(jax.vmap(jax.jacfwd(lambda z: problem.residuals_from(z, arrays)[0])))(rows)
    columns = jax.jit(
        jax.vmap(lambda z: jax.jacfwd(lambda values: problem.residuals_with(values, z, arrays)[0])(z[linear]))
    )(rows)
    parity.close(columns, jacobians[:, :, linear], "columns of the intensities", relative=1e-12)
    residuals = jax.vmap(lambda z: problem.residuals_with(z[linear], z, arrays)[0])(rows)
    parity.close(residuals, jax.vmap(lambda z: problem.residuals_from(z, arrays)[0])(rows), "residuals", relative=1e-12)


class OwnCollection(ag.Collection):
    """A model of a user that computes with the whole vector."""

    def instance_from_vector(self, vector: Any, xp: Any = np) -> Any:
        """The instance at the vector, in which nothing is changed."""
        return super().instance_from_vector(1.0 * vector, xp=xp)


def models_of_users_get_arrays() -> None:
    """A search of a model with an ``instance_from_vector`` of its own."""
    galaxy = ag.Galaxy(redshift=0.5, bulge=ag.lp.Exponential(intensity=1.0))
    light = ag.Model(ag.lp.Exponential, centre=(0.0, 0.0), ell_comps=(0.0, 0.0))
    galaxies = ag.Collection(galaxy=ag.Model(ag.Galaxy, redshift=0.5, bulge=light))
    analysis = ag.AnalysisImaging(parity.imaging_from(ag.Galaxies([galaxy])), use_jax=True)
    search = ag.LevenbergMarquardt(n_screen=8, show_progress=False, check_over_sampling=False)
    own, plain = (
        search.fit(kind(galaxies=galaxies), analysis).log_likelihood for kind in (OwnCollection, ag.Collection)
    )
    parity.close(own, plain, "ln L of a model of a user", relative=1e-10)


if __name__ == "__main__":
    packed_values_are_themselves()
    linear_columns_are_those_of_the_jacobian()
    models_of_users_get_arrays()
    print("fused: ok")
