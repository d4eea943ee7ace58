"""Latent quantities of a lens, in one compiled batch and in a loop over NumPy instances."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import parity

import autolens as al
from autogalaxy.inference.latent import latents_of


def model_from() -> al.Collection:
    """A lens at a free redshift with linear light of its own, and a linear source."""
    lens = al.Model(al.Galaxy, redshift=al.UniformPrior(0.4, 0.6), mass=al.mp.Isothermal, bulge=al.lp_linear.Sersic)
    lens.mass.einstein_radius = al.UniformPrior(1.0, 1.5)
    lens.bulge.effective_radius = al.UniformPrior(0.3, 0.9)
    lens.bulge.sersic_index = al.UniformPrior(1.0, 3.0)
    source = parity.sersic_source(al.lp_linear.Sersic)
    return al.Collection(galaxies=al.Collection(lens=lens, source=source))


def samples_from() -> al.Samples:
    """A Gaussian around a lens that is no limit of anything."""
    model = model_from()
    vector = parity.vectors_from(model, rows=1, seed=2)[0]
    return al.Samples(model, [vector], [0.0], covariance=np.diag([(0.002 * p.width) ** 2 for p in model.priors]))


def analysis_from(use_jax: bool) -> al.AnalysisImaging:
    """The analysis of a simulated image, with a zero point."""
    light = al.lp.Sersic(intensity=1.0, effective_radius=0.5, sersic_index=2.0)
    lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=1.25), bulge=light)
    source = al.Galaxy(redshift=1.0, bulge=al.lp.Sersic(intensity=2.0, effective_radius=0.3, sersic_index=1.5))
    dataset = parity.imaging_from(al.Tracer([lens, source]))
    return al.AnalysisImaging(dataset, use_jax=use_jax, magnitude_zero_point=25.0)


def batch_equals_loop() -> None:
    """Every number of the table, all of which JAX can trace."""
    import jax

    tables = [latents_of(samples_from(), analysis_from(use_jax), n_draws=8) for use_jax in (True, False)]
    compiled, looped = tables
    jax.eval_shape(analysis_from(True).latents_from, model_from().instance_from_prior_medians())  # or raises
    parity.check(compiled.names == looped.names and len(compiled) == 13, f"latents {compiled.names}")
    for ours, wanted in zip(compiled, looped, strict=True):
        parity.check(ours.failures == wanted.failures == 0, f"{ours.name} has no value in {ours.failures} draws")
        values = [[t.maximum, t.median, t.median + t.upper_error] for t in (ours, wanted)]
        parity.close(values[0], values[1], ours.name, relative=1e-8)


def what_jax_cannot_trace_goes_through_the_loop() -> None:
    """A function of the user's with a condition in it, beside one that is compiled."""

    def branching(instance: Any) -> float:
        radius = instance.galaxies.lens.mass.einstein_radius
        return 2.0 * radius if radius > 0.0 else 0.0

    def traceable(instance: Any) -> Any:
        return 2.0 * instance.galaxies.lens.mass.einstein_radius

    table = latents_of(
        samples_from(), analysis_from(True), {"branching": branching, "traceable": (traceable, "arcsec")}
    )
    parity.close(table["branching"].median, table["traceable"].median, "function that JAX cannot trace")
    parity.check(table["branching"].draws == 200 and table["traceable"].unit == "arcsec", "draws or unit of a function")


if __name__ == "__main__":
    batch_equals_loop()
    what_jax_cannot_trace_goes_through_the_loop()
