"""Nested sampling with neural networks by Nautilus."""

from __future__ import annotations

import copy
import tempfile
import time
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.search.batches import REFUSED, Counts, finite_draws
from autogalaxy.inference.search.sampler import AbstractSampler, Posterior, Run, SearchSettings
from autogalaxy.inference.search.termination import Termination

_SLICE_SECONDS = 1.0
"""Between two words of progress, and two questions whether the state is to be kept: at least four in an interval."""
_STATE = (
    "bounds",
    "points",
    "log_l",
    "shell_n",
    "shell_n_sample",
    "shell_n_eff",
    "shell_log_l",
    "shell_log_v",
    "shell_end_exp",
    "explored",
)


class Nautilus(AbstractSampler):
    """Importance nested sampling whose shells are found by neural networks.

    The library states no error of the evidence. Here it is that of the mean likelihood of each shell, from its
    effective samples, and of its volume, from the share of a bound that lies in it; what ``discard_exploration``
    is for, a few hundredths in ln Z with a few hundred live points, comes on top.

    Its state is kept as the bytes of its HDF5 file (arrays and numbers, nothing that can run), by the checkpoint of
    the search: whole or not at all, as the file itself is damaged by a kill at the wrong moment.

    Parameters
    ----------
    n_live
        Live points; a new bound holds as many.
    n_batch
        Likelihoods that are computed at once.
    n_update, enlarge_per_dim, n_points_min, split_threshold, n_networks, n_like_new_bound, n_shell
        See the documentation of Nautilus.
    n_eff
        Effective samples after which it is done.
    f_live
        Share of the evidence in the live points below which the exploration ends.
    discard_exploration
        Whether points from before that end are left out, for an estimate without bias.
    n_like_max
        Likelihoods after which it ends, converged or not.
    timeout
        Seconds after which it ends, converged or not.

    References
    ----------
    Lange (2023), MNRAS 525, 3181.
    """

    @checked(exc.SearchException)
    def __init__(
        self,
        n_live: int = 3000,
        n_batch: int = 100,
        n_update: int | None = None,
        enlarge_per_dim: float = 1.1,
        n_points_min: int | None = None,
        split_threshold: float = 100.0,
        n_networks: int = 4,
        n_like_new_bound: int | None = None,
        n_shell: int = 1,
        n_eff: float = 500.0,
        f_live: float = 0.01,
        discard_exploration: bool = False,
        n_like_max: int | None = None,
        timeout: float | None = None,
        seed: int = 1,
        **settings: Unpack[SearchSettings],
    ) -> None:
        super().__init__(seed, **settings)
        self.n_live = self._count("n_live", n_live, 2)
        self.n_batch = self._count("n_batch", n_batch, 1)
        self.n_update = self._optional_count("n_update", n_update, 1)
        self.enlarge_per_dim = self._positive("enlarge_per_dim", enlarge_per_dim)
        self.n_points_min = self._optional_count("n_points_min", n_points_min, 1)
        self.split_threshold = self._positive("split_threshold", split_threshold)
        self.n_networks = self._count("n_networks", n_networks, 0)
        self.n_like_new_bound = self._optional_count("n_like_new_bound", n_like_new_bound, 1)
        self.n_shell = self._count("n_shell", n_shell, 1)
        self.n_eff = self._positive("n_eff", n_eff)
        self.f_live = self._positive("f_live", f_live)
        self.discard_exploration = bool(discard_exploration)
        self.n_like_max = self._optional_count("n_like_max", n_like_max, 1)
        self.timeout = None if timeout is None else self._positive("timeout", timeout)

    def _batch_size(self, analysis: Analysis) -> int:
        return self.n_batch

    def _sampled(self, run: Run) -> Posterior | None:
        if run.model.prior_count < 2:
            raise exc.SearchException(
                f"Nautilus got a model with {run.model.prior_count} free parameter, but wants at least 2. "
                "Use DynestyStatic() or Emcee() for it."
            )
        library = self._library("nautilus", "nautilus-sampler")
        sampler = self._resumed(library, run)
        if sampler is None:
            finite_draws(run.batches, run.batches, np.random.default_rng(self.seed))
            sampler = self._made(library, run)
        converged = False
        whole = _arrays_of(sampler)
        try:
            converged = self._run(sampler, library, run, whole)
        except KeyboardInterrupt:  # perhaps between two changes of its arrays
            run.interrupted = True
            vars(sampler).update(whole)
        return _posterior_from(sampler, converged)

    def _run(self, sampler: Any, library: Any, run: Run, whole: dict[str, Any]) -> bool:
        """In slices, so that there is something to see and to keep; whether all aims are reached."""
        limit = np.inf if self.n_like_max is None else self.n_like_max
        end = time.monotonic() + (np.inf if self.timeout is None else self.timeout)
        done, slice_seconds = False, float(np.clip(0.25 * self.checkpoint.interval, 1e-3, _SLICE_SECONDS))
        while not done and sampler.n_like < limit and (left := end - time.monotonic()) > 0.0:
            done = sampler.run(
                f_live=self.f_live,
                n_shell=self.n_shell,
                n_eff=self.n_eff,
                n_like_max=limit,
                discard_exploration=self.discard_exploration,
                timeout=min(slice_seconds, left),
            )
            whole.update(_arrays_of(sampler))
            stage = "" if sampler.explored else f", exploring, {len(sampler.bounds)} bounds"
            run.say(sampler.log_z, sampler.n_eff, stage)
            if self.checkpoint.is_due():
                self._keep(sampler, library, run)
        self._keep(sampler, library, run)
        return bool(done)

    # ------------------------------------------------------------------ the library's object

    def _made(self, library: Any, run: Run, filepath: Path | None = None) -> Any:
        asked_before = Termination.requests

        def log_likelihood(vectors: np.ndarray) -> np.ndarray:
            if Termination.requests > asked_before and not run.interrupted:
                raise KeyboardInterrupt  # the first was swallowed where networks are trained
            values = run.batches(vectors)
            run.counts.add(values)
            return np.maximum(values, REFUSED)  # a draw that raised is no better than a refused one, and finite

        return library.Sampler(
            run.model.vector_from_unit_vector,
            log_likelihood,
            n_dim=run.model.prior_count,
            n_live=self.n_live,
            n_update=self.n_update,
            enlarge_per_dim=self.enlarge_per_dim,
            n_points_min=self.n_points_min,
            split_threshold=self.split_threshold,
            n_networks=self.n_networks,
            n_batch=self.n_batch,
            n_like_new_bound=self.n_like_new_bound,
            vectorized=True,
            pass_dict=False,
            seed=self.seed,
            filepath=filepath,
        )

    def _keep(self, sampler: Any, library: Any, run: Run) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "state.hdf5"
            sampler.write(path)
            content = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        self.checkpoint.save(
            hdf5=content, counts=run.counts.to_array(), version=np.array(getattr(library, "__version__", ""))
        )

    def _resumed(self, library: Any, run: Run) -> Any:
        """The sampler of a killed run; ``None`` without one, or where it cannot be read, which is said once."""
        if (stored := self.checkpoint.load()) is None:
            return None
        try:
            if str(stored["version"]) != getattr(library, "__version__", ""):
                raise ValueError(f"it was written by version {stored['version']} of nautilus")
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "state.hdf5"
                path.write_bytes(np.asarray(stored["hdf5"], dtype=np.uint8).tobytes())
                sampler = self._made(library, run, filepath=path)
            counts = Counts.from_array(stored["counts"])
        except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
            run.restarted = f"what a killed run kept cannot be read ({error}): the search starts anew"
            run.progress.line(f"restarted: {run.restarted}")
            return None
        sampler.filepath = None  # it would write to it after every batch
        vars(run.counts).update(vars(counts))
        run.progress.line(f"goes on after {counts.evaluations} likelihoods that are known")
        return sampler


def _arrays_of(sampler: Any) -> dict[str, Any]:
    """What the posterior is made of; the lists are copied, the points in them are never changed."""
    return {name: copy.copy(getattr(sampler, name)) for name in _STATE}


def _log_evidence_error(sampler: Any) -> float:
    """Of ``Z = sum_i V_i <L>_i`` over shells: ``var ln Z = sum_i (Z_i / Z)^2 [1 / n_eff_i + (1 - f_i) / n_i]``.

    Of the points in a bound n_i, a share f_i, lie in its shell.
    """
    used = sampler.shell_n > 0
    parts = np.exp(sampler.shell_log_l[used] + sampler.shell_log_v[used] - sampler.log_z)
    bounds = np.array([bound.log_v for bound in sampler.bounds])[used]
    shares = np.minimum(np.exp(sampler.shell_log_v[used] - bounds), 1.0)
    variance = 1.0 / sampler.shell_n_eff[used] + (1.0 - shares) / sampler.shell_n[used]
    return float(np.sqrt(np.sum(parts**2 * variance)))


def _posterior_from(sampler: Any, converged: bool) -> Posterior | None:
    if not sampler.points or sum(len(points) for points in sampler.points) == 0:
        return None
    vectors, log_weights, values = sampler.posterior()
    effective = float(sampler.n_eff)
    if not np.isfinite(effective) or effective <= 0.0 or not np.any(values > REFUSED):
        return None
    return Posterior(
        vectors,
        values,
        np.exp(log_weights - np.max(log_weights)),
        converged=converged,
        log_evidence=float(sampler.log_z),
        log_evidence_error=_log_evidence_error(sampler),
        log_evidence_error_from="effective samples and volumes of the shells; nautilus states none",
        effective_samples=effective,
        details={"explored": bool(sampler.explored), "bounds": len(sampler.bounds)},
    )
