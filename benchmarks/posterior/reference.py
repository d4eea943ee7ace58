"""Posteriors to compare with, made once and kept: frozen importance draws, NUTS chains, a nested run in a box.

    python reference.py c7 --importance 10000 --nuts 500 --nautilus
    python reference.py j0946 --nuts 4000

Chains take short steps, in coordinates whitened by the covariance of a run before them: with those of the covariance
at the mode and steps of usual length, one draw of J0946 in eight ends in a divergence. Ctrl-C keeps what there is of
them. Each part is written to ``results/posterior_reference_NAME.json`` as it ends; parts that are not asked for stay.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from problems import NAMES, problem_from, summary_from  # noqa: E402

DATA = HERE.parents[2] / "shared" / "data"
RESULTS = HERE.parent / "results"
BOX = 6.0
"""Half the side of the box of the nested run, in sigma of the Gaussian at the mode."""
PILOT = 250
"""Draws of each chain of the run whose covariance whitens that of the reference."""
ACCEPTANCE = 0.97
"""Of the steps of reference chains, which have to be right rather than quick."""


class Reference:
    """The file of one problem."""

    def __init__(self, name: str) -> None:
        self.path = RESULTS / f"posterior_reference_{name}.json"
        self.content: dict[str, Any] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def keep(self, key: str, value: dict[str, Any]) -> None:
        self.content[key] = value
        self.path.write_text(json.dumps(self.content, indent=1) + "\n")
        print(key, {k: v for k, v in value.items() if k not in ("means", "widths")}, flush=True)


def main() -> None:
    """Find the maximum, then make the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--importance", type=int, default=0, help="draws from the frozen proposal at the mode")
    parser.add_argument("--nuts", type=int, default=0, help="draws of each of four chains")
    parser.add_argument("--nautilus", action="store_true", help="nested sampling in a box around the mode")
    options = parser.parse_args()
    import autolens as al
    from autogalaxy.inference.posterior.chain import Chain
    from autogalaxy.inference.posterior.laplace import modes_from

    model, analysis = problem_from(options.name, options.data)
    search = al.Auto(seed=1, samplers=(), check_over_sampling=options.name in ("j0946", "euclid"))
    best = search.fit(model, analysis)
    chain = Chain(model, best.analysis, seed=1)
    chain.modes = modes_from(chain.density, model, best.analysis, best.samples.parameters[:1])
    reference = Reference(options.name)
    reference.keep("maximum", {"log_likelihood": best.log_likelihood, "paths": model.paths})
    if options.importance:
        reference.keep("importance", _importance(chain, options.importance))
    if options.nuts:
        reference.keep("nuts", _nuts(chain, options.nuts))
    if options.nautilus:
        reference.keep("nautilus", _nautilus(chain))


def _importance(chain: Any, number: int) -> dict[str, Any]:
    from autogalaxy.inference.posterior.importance import draws_from, proposal_from

    begin = time.perf_counter()
    draws = draws_from(chain.density, proposal_from(chain.modes), number, np.random.default_rng(1234))
    return {
        **summary_from(chain.density.coordinates.vector_from(draws.z), draws.weights),
        **draws.to_dict(),
        "log_evidence": draws.log_evidence,
        "log_evidence_error": draws.log_evidence_error,
        "seconds": time.perf_counter() - begin,
    }


def _nuts(chain: Any, number: int) -> dict[str, Any]:
    from autogalaxy.inference.posterior.chain_evidence import chain_evidence
    from autogalaxy.inference.posterior.nuts import run_nuts
    from autogalaxy.inference.search.nuts import starts_around
    from autogalaxy.inference.search.progress import Progress

    mode = chain.modes[0]
    starts = starts_around(chain.density, chain.modes, 4, np.random.default_rng(1))
    centre, covariance = mode.z, mode.covariance
    with Progress("NUTS") as progress:
        for n_draw, seed in ((PILOT, 76), (number, 77)):
            run = run_nuts(
                chain.density.fitness,
                chain.density.coordinates,
                starts,
                centre,
                np.linalg.cholesky(covariance),
                n_warm=300,
                n_draw=n_draw,
                seed=seed,
                target_accept=ACCEPTANCE,
                max_tree_depth=8,
                until=None,
                progress=progress,
            )
            if run.interrupted:
                break
            starts, centre, covariance = run.draws[:, -1], run.flat_draws.mean(axis=0), np.cov(run.flat_draws.T)
    z = run.flat_draws
    rng = np.random.default_rng(5)
    evidence = chain_evidence(chain.density, run.draws, run.log_densities, 4000, rng) or (None, None)
    return {
        **summary_from(chain.density.coordinates.vector_from(z), np.ones(len(z))),
        "draws": len(z),
        "effective_samples": run.effective_samples,
        "r_hat": run.r_hat,
        "divergences": run.divergences,
        "gradients": run.gradients,
        "log_evidence": evidence[0],
        "log_evidence_error": evidence[1],
        "seconds": run.seconds,
    }


def _nautilus(chain: Any) -> dict[str, Any]:
    """Nested sampling of ``L p`` in a box of the whitened coordinates, outside of which there is nothing."""
    import nautilus

    mode = chain.modes[0]
    cholesky = np.linalg.cholesky(mode.covariance)
    _, log_determinant = np.linalg.slogdet(2.0 * BOX * cholesky)

    def log_density(unit: np.ndarray) -> np.ndarray:
        z = mode.z + (BOX * (2.0 * np.atleast_2d(unit) - 1.0)) @ cholesky.T
        values = chain.density(z)[0]
        return np.where(np.isfinite(values), values, -1e99)

    begin = time.perf_counter()
    sampler = nautilus.Sampler(
        lambda unit: unit, log_density, n_dim=len(mode.z), n_live=1000, n_batch=200, vectorized=True,
        pass_dict=False, seed=1,
    )  # fmt: skip
    sampler.run(verbose=False, n_eff=3000, discard_exploration=True)
    unit, log_weights, _ = sampler.posterior()
    weights = np.exp(log_weights - np.max(log_weights))
    vectors = chain.density.coordinates.vector_from(mode.z + (BOX * (2.0 * unit - 1.0)) @ cholesky.T)
    return {
        **summary_from(vectors, weights),
        "log_evidence": float(sampler.log_z + log_determinant),
        "effective_samples": float(sampler.n_eff),
        "evaluations": int(sampler.n_like),
        "box_sigma": BOX,
        "seconds": time.perf_counter() - begin,
    }


if __name__ == "__main__":
    main()
