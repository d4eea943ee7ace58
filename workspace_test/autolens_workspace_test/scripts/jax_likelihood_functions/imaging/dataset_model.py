"""A lens in a dataset with an unknown sky level, shift and rotation; its source has sub-pixels of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import numpy as np
import parity

import autolens as al


def model_from() -> al.Collection:
    """A lens with light and a source, priors narrowed around what was simulated, and every part of a dataset model."""
    lens = al.Model(al.Galaxy, redshift=0.5, bulge=al.lp.Sersic, mass=al.mp.Isothermal)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    return al.Collection(
        galaxies=al.Collection(lens=lens, source=parity.sersic_source()), dataset_model=al.Model(al.DatasetModel)
    )


def analysis_from(use_jax: bool) -> Any:
    """The analysis of the image of the model's own median; lens and source light are on different grids."""
    tracer = al.Tracer(model_from().instance_from_prior_medians().galaxies)
    dataset = parity.imaging_from(tracer).apply_over_sampling(over_sample_size_lp=2, over_sample_size_lensed=4)
    return al.AnalysisImaging(dataset, use_jax=use_jax)


def grids_move_as_on_numpy() -> None:
    """Every grid of the dataset under ``jax.jit`` and ``jax.vmap``, with the sub-pixels."""
    import jax
    import jax.numpy as jnp

    grids = analysis_from(True).dataset.grids
    parity.check(grids.lensed is not grids.extended, "lensed and other light are on the same grid")
    offset, angle = np.array([[0.1, -0.2], [0.0, 0.0], [-0.3, 0.05]]), np.array([0.2, 0.0, -0.1])
    for name in ("lp", "extended", "lensed", "blurring", "pixelization"):

        def moved(offset: Any, angle: Any, name: str = name, xp: Any = jnp) -> Any:
            grid = getattr(grids.moved_from((offset[0], offset[1]), angle, xp=xp), name)
            return xp.concatenate((grid.array, grid.over_sampled.array))

        wanted = np.array([moved(*row, xp=np) for row in zip(offset, angle, strict=True)])
        still = np.concatenate((getattr(grids, name).array, getattr(grids, name).over_sampled.array))
        parity.close(wanted[1], still, f"{name} without a shift")
        parity.check(np.abs(wanted[0] - still).min(axis=0).max() > 0.0, f"{name} does not move")
        parity.close(jax.jit(moved)(offset[0], angle[0]), wanted[0], f"{name}, jit")
        parity.close(jax.vmap(moved)(jnp.array(offset), jnp.array(angle)), wanted, f"{name}, vmap")
    print("grids: ok")


if __name__ == "__main__":
    parity.round_trip(analysis_from, model_from())
    parity.batch(analysis_from, model_from())
    grids_move_as_on_numpy()
