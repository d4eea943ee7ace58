"""Every sampler on a Gaussian problem with a closed form, with NumPy and JAX; interruption, kill and resumption."""

from __future__ import annotations

import contextlib
import importlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from parity import check

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import GaussianPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection
from autogalaxy.inference.search import nautilus
from autogalaxy.inference.search.batches import Batches
from autogalaxy.inference.search.drawer import Drawer
from autogalaxy.inference.search.dynesty import DynestyDynamic, DynestyStatic
from autogalaxy.inference.search.emcee import Emcee
from autogalaxy.inference.search.nautilus import Nautilus

CENTRE = np.array([0.5, -0.3, 1.0])
COVARIANCE = np.array([[0.25, 0.10, 0.00], [0.10, 0.30, -0.05], [0.00, -0.05, 0.20]])
WHITENING = np.linalg.inv(np.linalg.cholesky(COVARIANCE))
PRIOR_SIGMA = 2.0
QUIET: dict[str, Any] = {"show_progress": False, "checkpoint_interval": 0.1}


@dataclass(eq=False)
class Point(InstancePytree):
    """Uniform priors that hold the whole likelihood, and a Gaussian one that pulls."""

    a: float = parameter(0.0, unit="", prior=UniformPrior(-5.0, 5.0))
    b: float = parameter(0.0, unit="", prior=GaussianPrior(0.0, PRIOR_SIGMA))
    c: float = parameter(0.0, unit="", prior=UniformPrior(-4.0, 6.0))

    def is_physical(self, xp: Any = np) -> Any:
        return xp.asarray(self.a) > -4.5  # ten sigma from the likelihood


class AnalysisPoint(Analysis):
    def __init__(self, use_jax: bool = False, scale: float = 1.0) -> None:
        super().__init__(use_jax=use_jax)
        self.scale = scale

    def log_likelihood_function(self, instance: Any) -> Any:
        xp, point = self._xp, instance.point
        offset = xp.stack([xp.asarray(value, dtype=float) for value in (point.a, point.b, point.c)]) - CENTRE
        return -0.5 * self.scale * xp.sum((WHITENING @ offset) ** 2)


def model() -> Collection:
    return Collection(point=Point)


def closed_form() -> tuple[np.ndarray, np.ndarray, float]:
    """Mean and covariance of the product with the Gaussian prior of b, and ln Z: its integral over the priors."""
    precision = np.linalg.inv(COVARIANCE)
    prior = np.diag([0.0, PRIOR_SIGMA**-2, 0.0])
    covariance = np.linalg.inv(precision + prior)
    marginal = PRIOR_SIGMA**2 + COVARIANCE[1, 1]
    log_evidence = (
        0.5 * np.linalg.slogdet(2.0 * np.pi * COVARIANCE)[1]
        - 0.5 * CENTRE[1] ** 2 / marginal
        - 0.5 * np.log(2.0 * np.pi * marginal)
        - 2.0 * np.log(10.0)
    )
    return covariance @ precision @ CENTRE, covariance, log_evidence


def check_posterior(search: Any, use_jax: bool) -> Any:
    """Mean, widths and evidence of one sampler."""
    start = time.perf_counter()
    result = search.fit(model(), AnalysisPoint(use_jax=use_jax))
    info, samples = result.search_info, result.samples
    name = f"{type(search).__name__} with {'JAX' if use_jax else 'NumPy'}"
    mean, covariance, log_evidence = closed_form()
    sigma = np.sqrt(np.diag(covariance))
    effective = info["effective_samples"]
    check(effective >= 100, f"{name}: {effective:.0f} effective samples")
    offset = np.abs(samples.weights @ samples.parameters - mean) / (sigma / np.sqrt(effective))
    check(np.all(offset < 4.0), f"{name}: means are {offset} standard errors off")
    widths = np.sqrt(np.diag(samples.covariance_matrix)) / sigma
    check(np.all(np.abs(widths - 1.0) < 0.15), f"{name}: widths are {widths} of those of the closed form")
    check(info["converged"] and not info["interrupted"], f"{name}: {info}")
    text = "no evidence"
    if not isinstance(search, Emcee):
        difference, error = info["log_evidence"] - log_evidence, info["log_evidence_error"]
        check(abs(difference) < 3.0 * error < 1.0, f"{name}: ln Z is {difference} off, its error is {error}")
        text = f"ln Z {difference:+.3f} +- {error:.3f}"
    seconds = time.perf_counter() - start
    print(
        f"  {name}: {text}, means {np.max(offset):.1f} standard errors off at most, widths within "
        f"{np.max(np.abs(widths - 1.0)):.3f}, {effective:.0f} effective, {info['evaluations']} calls, {seconds:.1f} s"
    )
    return result


class Stop:
    """Counts the likelihoods that are computed and ends the process of a fit, softly or hard."""

    def __init__(self) -> None:
        self.rows = 0
        self.limit: float = np.inf
        self.hard = False

    @contextmanager
    def counting(self, limit: float = np.inf) -> Iterator[None]:
        self.rows, self.limit = 0, limit
        plain = Batches.__call__

        def call(batches: Batches, vectors: np.ndarray) -> np.ndarray:
            if batches._began:
                self.rows += len(vectors)
            if self.rows > self.limit:
                if self.hard:
                    signal.raise_signal(signal.SIGKILL)
                raise KeyboardInterrupt
            return plain(batches, vectors)

        Batches.__call__ = call  # type: ignore[method-assign]
        try:
            yield
        finally:
            Batches.__call__ = plain  # type: ignore[method-assign]


def small_searches(**settings: Any) -> dict[str, Any]:
    """Runs that end after a few hundred likelihoods."""
    return {
        "drawer": Drawer(900, **QUIET, **settings),
        "emcee": Emcee(nwalkers=10, nsteps=120, **QUIET, **settings),
        "static": DynestyStatic(nlive=30, dlogz=1.0, **QUIET, **settings),
        "side by side": DynestyStatic(nlive=30, dlogz=1.0, n_batch=4, sample="rwalk", **QUIET, **settings),
        "dynamic": DynestyDynamic(nlive_init=30, nlive_batch=30, n_effective=200, **QUIET, **settings),
        "nautilus": Nautilus(n_live=60, n_batch=20, n_networks=1, n_eff=200, **QUIET, **settings),
    }


def check_resumption(name: str, folder: Path, use_jax: bool = False, kill: bool = False) -> None:
    """A run that was stopped in its middle ends with the samples of one that was not, and repeats no likelihood."""
    stop = Stop()
    with stop.counting():
        whole = small_searches()[name].fit(model(), AnalysisPoint(use_jax=use_jax))
    all_rows = stop.rows
    limit = int(0.7 * all_rows)
    search = small_searches(output_path=folder)[name]
    if kill:
        child = subprocess.run([sys.executable, __file__, "--kill", name, str(limit), str(folder)], check=False)
        check(child.returncode == -signal.SIGKILL, f"{name}: the process ended with {child.returncode}")
    else:
        with stop.counting(limit):
            stopped = search.fit(model(), AnalysisPoint(use_jax=use_jax))
        check(stopped.search_info["interrupted"] and not stopped.search_info["converged"], f"{name}: not interrupted")
        check(0 < len(stopped.samples), f"{name}: no samples when it was interrupted")
    with stop.counting():
        resumed = search.fit(model(), AnalysisPoint(use_jax=use_jax))
    same = np.array_equal(resumed.samples.parameters, whole.samples.parameters)
    check(
        same and np.array_equal(resumed.samples.weights, whole.samples.weights), f"{name}: other samples when resumed"
    )
    check(resumed.search_info["log_evidence"] == whole.search_info["log_evidence"], f"{name}: another evidence")
    check(resumed.search_info["restarted"] == "", f"{name}: {resumed.search_info['restarted']}")
    check(stop.rows < 0.6 * all_rows, f"{name}: {stop.rows} of {all_rows} likelihoods computed after it was resumed")
    how = "killed" if kill else "interrupted"
    print(f"  {name} {how} after {limit} of {all_rows} likelihoods: {stop.rows} more, the same samples")


def check_damaged_state(folder: Path) -> None:
    """State that Nautilus cannot read is said once, and the search starts anew."""
    search = small_searches(output_path=folder)["nautilus"]
    plain = Nautilus._keep

    def damaged(self: Nautilus, sampler: Any, library: Any, run: Any) -> None:
        self.checkpoint.save(
            hdf5=np.zeros(100, dtype=np.uint8), counts=run.counts.to_array(), version=np.array(library.__version__)
        )

    Nautilus._keep = damaged  # type: ignore[method-assign]
    try:
        with Stop().counting(300):
            search.fit(model(), AnalysisPoint())
    finally:
        Nautilus._keep = plain  # type: ignore[method-assign]
    result = search.fit(model(), AnalysisPoint())
    check("starts anew" in result.search_info["restarted"], "damaged state was not named")
    check(result.search_info["converged"], "no result after damaged state")


class Swallowing(AnalysisPoint):
    """Asks the process to end, and swallows that as the training of a network does."""

    calls = 0

    def log_likelihood_function(self, instance: Any) -> Any:
        self.calls += 1
        if self.calls == 500:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        return super().log_likelihood_function(instance)


def check_swallowed_interruption() -> None:
    """An interruption that a library swallows ends Nautilus with its next batch."""
    analysis = Swallowing()
    info = Nautilus(n_live=60, n_batch=20, n_networks=1, n_eff=200, **QUIET).fit(model(), analysis).search_info
    check(info["interrupted"], "an interruption that was swallowed is forgotten")
    check(analysis.calls <= 521, f"{analysis.calls} likelihoods where 500 and a batch were due")


def check_slices(folder: Path) -> None:
    """Nautilus stops often enough to be kept within the interval that was asked for."""
    library = importlib.import_module("nautilus")
    timeouts, plain = [], library.Sampler.run

    def noting(self: Any, **settings: Any) -> bool:
        timeouts.append(settings["timeout"])
        return bool(plain(self, **settings))

    library.Sampler.run = noting
    try:
        small_searches(output_path=folder)["nautilus"].fit(model(), AnalysisPoint())
    finally:
        library.Sampler.run = plain
    most = 0.25 * QUIET["checkpoint_interval"]
    check(0.0 < max(timeouts) <= most, f"slices of up to {max(timeouts):.3f} s where {most:.3f} s were due")


def check_nothing_finite(use_jax: bool) -> None:
    for name, search in small_searches().items():
        stop = Stop()
        with stop.counting():
            try:
                search.fit(model(), AnalysisPoint(use_jax=use_jax, scale=np.nan))
            except exc.SearchException as error:
                check("NaN or infinite" in str(error), f"{name}: {error}")
            else:
                check(False, f"{name}: accepted a likelihood that is NaN everywhere")
        check(stop.rows <= 1000, f"{name}: {stop.rows} draws of a likelihood that is NaN everywhere")


def searches(use_jax: bool) -> list[Any]:
    """With numbers of samples that make the limits of the checks sharp."""
    both = [
        Drawer(15000, n_batch=1000, **QUIET),
        DynestyStatic(nlive=100, **QUIET),
        Nautilus(n_live=120, n_networks=1, n_eff=800.0, **QUIET),
    ]
    if not use_jax:
        return [*both, Emcee(nwalkers=12, nsteps=3000, **QUIET)]
    return [
        *both,
        Emcee(nwalkers=20, nsteps=3000, **QUIET),
        DynestyStatic(nlive=100, n_batch=8, sample="rwalk", **QUIET),
        DynestyDynamic(nlive_init=100, nlive_batch=100, n_effective=2000, **QUIET),
    ]


def main() -> None:
    nautilus._SLICE_SECONDS = 0.05
    start = time.perf_counter()
    for use_jax in (False, True):
        for search in searches(use_jax):
            check_posterior(search, use_jax)
        check_nothing_finite(use_jax)
    check_swallowed_interruption()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("drawer", "emcee", "static", "dynamic", "nautilus"):
            check_resumption(name, Path(folder) / name)
        check_slices(Path(folder) / "slices")
        check_resumption("side by side", Path(folder) / "side by side", use_jax=True)
        for name in ("static", "nautilus"):
            check_resumption(name, Path(folder) / f"{name} killed", kill=True)
        check_damaged_state(Path(folder) / "damaged")
    print(f"samplers: ok, {time.perf_counter() - start:.0f} s")


def killed(name: str, limit: int, folder: str) -> None:
    """A fit in a process that ends in its middle without a word."""
    nautilus._SLICE_SECONDS = 0.05
    stop = Stop()
    stop.hard = True
    search = small_searches(output_path=folder)[name]
    search.checkpoint_interval = 0.02
    with stop.counting(limit):
        search.fit(model(), AnalysisPoint())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--kill"]:
        killed(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
