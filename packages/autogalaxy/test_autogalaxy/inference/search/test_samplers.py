"""What needs no library: draws, the log of likelihoods, batches and the errors."""

import builtins
import time
from dataclasses import dataclass

import numpy as np
import pytest

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import GaussianPrior, UniformPrior, parameter
from autogalaxy.inference import Analysis, Collection, Model
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.posterior.coordinates import GaussianCoordinates
from autogalaxy.inference.search.batch_pool import BatchPool
from autogalaxy.inference.search.batches import RAISED, REFUSED, Batches, finite_draws
from autogalaxy.inference.search.drawer import Drawer
from autogalaxy.inference.search.dynesty import DynestyDynamic, DynestyStatic
from autogalaxy.inference.search.emcee import Emcee
from autogalaxy.inference.search.nautilus import Nautilus
from autogalaxy.inference.search.progress import Progress
from autogalaxy.inference.search.replay import Recorded


@dataclass(eq=False)
class Point(InstancePytree):
    a: float = parameter(0.0, unit="", prior=GaussianPrior(1.0, 2.0))
    b: float = parameter(0.0, unit="", prior=UniformPrior(-10.0, 10.0))

    def is_physical(self, xp=np):
        return xp.asarray(self.b) < 9.0


class AnalysisPoint(Analysis):
    """A Gaussian around (0, 1) with widths 1 and 2."""

    def __init__(self, raises_above=np.inf, interrupt_after=None, scale=1.0):
        super().__init__()
        self.raises_above = raises_above
        self.interrupt_after = interrupt_after
        self.scale = scale
        self.calls = 0

    def log_likelihood_function(self, instance):
        self.calls += 1
        if self.interrupt_after is not None and self.calls > self.interrupt_after:
            raise KeyboardInterrupt
        if instance.point.a > self.raises_above:
            raise ZeroDivisionError("a is too large")
        return self.scale * (-0.5 * instance.point.a**2 - 0.5 * ((instance.point.b - 1.0) / 2.0) ** 2)


class Kept(Checkpoint):
    """Keeps copies in memory, and says that a save is due after every call."""

    def __init__(self, due=True):
        self.arrays = None
        self.due = due
        self.saves = 0

    def load(self):
        return self.arrays

    def save(self, **arrays):
        self.saves += 1
        self.arrays = {name: np.array(values) for name, values in arrays.items()}

    def is_due(self):
        return self.due


def model():
    return Collection(point=Point)


def drawing(checkpoint=None, **settings):
    search = Drawer(**{"total_draws": 20000, "show_progress": False, **settings})
    if checkpoint is not None:
        search.checkpoint = checkpoint
    return search


QUIET = Progress("test", show=False)

# Integral of exp(-a^2/2) N(a; 1, 2) da = N(1; 0, 5) sqrt(2 pi), that of the other over its prior is 2 sqrt(2 pi) / 20;
# product of Gaussians: the mean of a is (1/4) / (1 + 1/4), its variance 1 / (1 + 1/4).
LOG_EVIDENCE = -0.5 * np.log(5.0) - 0.1 + np.log(2.0 * np.sqrt(2.0 * np.pi) / 20.0)
MEAN, SIGMA = np.array([0.2, 1.0]), np.array([np.sqrt(0.8), 2.0])


def test_draws_weighted_by_their_likelihood_have_the_closed_form_posterior_and_evidence():
    result = drawing().fit(model(), AnalysisPoint())

    info, samples = result.search_info, result.samples
    effective = info["effective_samples"]
    assert abs(info["log_evidence"] - LOG_EVIDENCE) < 3.0 * info["log_evidence_error"] < 0.1
    assert np.all(np.abs(samples.weights @ samples.parameters - MEAN) < 4.0 * SIGMA / np.sqrt(effective))
    assert np.sqrt(np.diag(samples.covariance_matrix)) == pytest.approx(SIGMA, rel=0.05)
    assert info["evaluations"] == 20000
    # a twentieth of the uniform prior is not physical
    assert info["likelihood_refused"] == pytest.approx(1000, abs=4 * np.sqrt(950))


def test_the_error_of_the_evidence_of_draws_is_their_scatter():
    """Sixty runs of 200 draws: the scatter of ln Z is what each of them says."""
    infos = [drawing(total_draws=200, seed=seed).fit(model(), AnalysisPoint()).search_info for seed in range(60)]

    scatter = np.std([info["log_evidence"] for info in infos])
    assert scatter == pytest.approx(np.mean([info["log_evidence_error"] for info in infos]), rel=0.3)


def test_draws_that_raise_are_counted_and_end_nothing(capsys):
    info = drawing(total_draws=2000, show_progress=True).fit(model(), AnalysisPoint(raises_above=1.0)).search_info

    # half of the prior of a lies above its mean, less the twentieth that is refused before
    assert info["likelihood_raised"] == pytest.approx(950, abs=4 * np.sqrt(500))
    assert "likelihoods raised, the last one ZeroDivisionError: a is too large" in capsys.readouterr().err
    assert info["log_likelihood"] <= 0.0 and not info["interrupted"]


@pytest.mark.parametrize("total_draws", [300, 5000])
def test_draws_without_a_likelihood_end_after_a_thousand_and_name_the_error(total_draws):
    analysis = AnalysisPoint(raises_above=-np.inf)

    with pytest.raises(exc.SearchException, match=f"none of {min(total_draws, 1000)} .* ZeroDivisionError: a is too"):
        drawing(total_draws=total_draws).fit(model(), analysis)
    assert analysis.calls <= 1000


def test_likelihoods_that_are_no_number_end_the_search_after_a_thousand_draws():
    analysis = AnalysisPoint(scale=np.nan)
    batches = Batches(model(), analysis, 64, QUIET)

    with pytest.raises(exc.SearchException, match="none of 1000 draws.*NaN or infinite"):
        finite_draws(batches, batches, np.random.default_rng(1))
    assert analysis.calls <= 1000


def test_assertions_that_nothing_fulfils_are_named():
    impossible = Collection(point=Model(Point, a=UniformPrior(5.0, 6.0), b=UniformPrior(1.0, 2.0)))
    impossible.add_assertion(impossible.point.a < impossible.point.b)

    with pytest.raises(exc.SearchException, match="None of 1000 draws from the priors fulfil the assertions"):
        drawing().fit(impossible, AnalysisPoint())


def test_as_many_finite_draws_come_as_are_wanted():
    batches = Batches(model(), AnalysisPoint(raises_above=1.0), 10, QUIET)
    vectors, values = finite_draws(batches, batches, np.random.default_rng(1), wanted=30)

    assert len(vectors) == len(values) >= 30
    assert np.all(vectors[:, 0] <= 1.0) and np.all(vectors[:, 1] < 9.0)
    assert values == pytest.approx(-0.5 * vectors[:, 0] ** 2 - 0.125 * (vectors[:, 1] - 1.0) ** 2)


def test_refused_and_raised_draws_have_values_of_their_own():
    values = Batches(model(), AnalysisPoint(raises_above=1.0), 10, QUIET)(
        np.array([[0.0, 1.0], [0.0, 9.5], [2.0, 0.0]])
    )

    assert list(values) == [0.0, REFUSED, RAISED]


# ---------------------------------------------------------------------- the log of likelihoods


def test_an_interrupted_search_goes_on_with_the_same_samples_and_computes_nothing_twice():
    whole = drawing(total_draws=950).fit(model(), AnalysisPoint()).samples
    kept, first, second = Kept(due=False), AnalysisPoint(interrupt_after=500), AnalysisPoint()

    stopped = drawing(kept, total_draws=950).fit(model(), first)
    resumed = drawing(kept, total_draws=950).fit(model(), second)

    assert stopped.search_info["interrupted"] and 0 < len(stopped.samples) < len(whole)
    assert np.array_equal(resumed.samples.parameters, whole.parameters)
    assert np.array_equal(resumed.samples.weights, whole.weights)
    replayed = resumed.search_info["evaluations_replayed"]
    assert replayed == stopped.search_info["evaluations"] > 400
    physical = np.sum(whole.parameters[:, 1] < 9.0)
    assert second.calls < physical - 400
    assert resumed.search_info["restarted"] == ""


def test_an_interruption_before_the_first_sample_is_one():
    with pytest.raises(KeyboardInterrupt):
        drawing().fit(model(), AnalysisPoint(interrupt_after=0))


def squares(calls):
    def function(vectors):
        calls.append(len(vectors))
        return np.sum(vectors**2, axis=1)

    return function


def test_the_log_gives_back_what_was_asked_for_in_batches_of_other_sizes():
    kept, rng = Kept(), np.random.default_rng(2)
    rows = rng.normal(size=(40, 3))
    first, again = [], []
    log = Recorded(squares(first), 3, kept, QUIET)
    for i in range(0, 24, 8):
        log(rows[i : i + 8])

    log = Recorded(squares(again), 3, kept, QUIET)
    values = np.concatenate([log(rows[i : i + 5]) for i in range(0, 40, 5)])

    assert values == pytest.approx(np.sum(rows**2, axis=1), rel=1e-14)
    assert (sum(first), sum(again), log.replayed, log.computed) == (24, 16, 24, 16)
    assert len(kept.arrays["values"]) == 40


def test_the_log_is_left_out_from_the_first_other_point_on_and_this_is_said_once():
    kept = Kept()
    rows = np.arange(20.0).reshape(10, 2)
    Recorded(squares([]), 2, kept, QUIET)(rows)
    other = rows.copy()
    other[6, 1] += 1e-9
    calls = []

    log = Recorded(squares(calls), 2, kept, QUIET)
    values = np.concatenate([log(other[i : i + 4]) for i in range(0, 10, 4)])

    assert values == pytest.approx(np.sum(other**2, axis=1), rel=1e-14)
    assert log.replayed == 6 and sum(calls) == 4
    assert "from likelihood 7 on: the 4 that follow" in log.restarted
    assert np.array_equal(kept.arrays["vectors"], other)


def test_a_log_is_not_replaced_by_a_shorter_one_while_it_is_replayed():
    kept = Kept()
    rows = np.arange(20.0).reshape(10, 2)
    Recorded(squares([]), 2, kept, QUIET)(rows)

    log = Recorded(squares([]), 2, kept, QUIET)
    log(rows[:4])
    log.save()

    assert len(kept.arrays["values"]) == 10


@pytest.mark.parametrize(
    "arrays",
    [{}, {"vectors": np.zeros((4, 3)), "values": np.zeros(4)}, {"vectors": np.zeros((4, 2)), "values": np.zeros(3)}],
)
def test_what_is_no_log_is_left_out_and_said(arrays):
    kept = Kept()
    kept.arrays = arrays
    log = Recorded(squares([]), 2, kept, QUIET)

    assert log(np.ones((2, 2))) == pytest.approx([2.0, 2.0])
    assert log.replayed == 0 and "holds no log" in log.restarted


# ---------------------------------------------------------------------- tasks side by side


def test_tasks_side_by_side_get_their_values_in_shared_batches():
    """Task k asks k + 1 times; while all run, each batch has a row of each."""
    sizes = []
    pool = BatchPool(squares(sizes), 4)

    def value(k, step):
        time.sleep(0.003 * k)  # whoever is slow is waited for
        return pool.value(np.array([k, step]))

    def task(k):
        return [value(k, step) for step in range(k + 1)]

    results = pool.map(task, range(6))

    assert results == [[float(k**2 + step**2) for step in range(k + 1)] for k in range(6)]
    assert sizes == [4, 3, 2, 1, 2, 2, 2, 2, 2, 1]


def test_an_error_in_a_task_or_in_the_likelihood_ends_all_tasks():
    def broken(vectors):
        if len(vectors) < 3:
            raise KeyboardInterrupt
        return np.zeros(len(vectors))

    def task(k):
        if k == 2:
            raise ZeroDivisionError
        return pool.value(np.array([k]))

    pool = BatchPool(squares([]), 3)
    with pytest.raises(ZeroDivisionError):
        pool.map(task, range(3))
    pool = BatchPool(broken, 2)
    with pytest.raises(KeyboardInterrupt):
        pool.map(lambda k: pool.value(np.array([k])), range(2))


# ---------------------------------------------------------------------- settings and libraries


@pytest.mark.parametrize(
    ("search", "library"),
    [(Nautilus(), "nautilus"), (DynestyStatic(), "dynesty"), (DynestyDynamic(), "dynesty"), (Emcee(), "emcee")],
)
def test_a_library_that_is_missing_is_named_with_what_installs_it(search, library, monkeypatch):
    real = builtins.__import__

    def blocked(name, *args, **kwargs):
        if name.split(".")[0] == library:
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    import importlib

    monkeypatch.setattr(importlib, "import_module", lambda name: blocked(name))
    search.show_progress = False
    with pytest.raises(exc.SearchException, match=r"pip install 'autogalaxy-xp\[samplers\]'"):
        search.fit(model(), AnalysisPoint())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Nautilus(n_live=0), "n_live=0"),
        (lambda: Nautilus(timeout=-1.0), "timeout=-1.0"),
        (lambda: Nautilus(f_live=float("nan")), "f_live=nan"),
        (lambda: DynestyStatic(nlive=True), "nlive=True"),
        (lambda: DynestyDynamic(n_effective=0.5), "n_effective=0.5"),
        (lambda: Drawer(total_draws=0), "total_draws=0"),
        (lambda: Emcee(seed=-1), "seed=-1"),
        (lambda: Emcee(nwalkers=3).fit(model(), AnalysisPoint()), "nwalkers=3 for 2 free"),
        (lambda: Nautilus(show_progress=False).fit(Collection(point=Model(Point, a=0.0)), AnalysisPoint()), "least 2"),
        (lambda: Drawer().fit(Collection(point=Model(Point, a=0.0, b=0.0)), AnalysisPoint()), "0 free parameters"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(make, message):
    with pytest.raises(exc.SearchException, match=message):
        make()


class Chain:
    """What emcee's sampler has after a run: independent draws of each walker around its own place."""

    acceptance_fraction = np.array([0.5])

    def __init__(self, places, steps=400):
        rng = np.random.default_rng(1)
        self.iteration = steps
        self.walkers = np.asarray(places)[None, :, None] + 0.05 * rng.standard_normal((steps, len(places), 2))

    def get_autocorr_time(self, **settings):
        return np.ones(2)

    def get_chain(self, discard=0, flat=False):
        chain = self.walkers[discard:]
        return chain.reshape(-1, 2) if flat else chain

    def get_blobs(self, discard=0, flat=False):
        return -0.5 * np.sum(self.get_chain(discard, flat=True) ** 2, axis=1)


@pytest.mark.parametrize(("places", "agree"), [(np.zeros(20), True), (np.repeat([-1.0, 1.0], 10), False)])
def test_walkers_in_different_modes_have_not_converged(places, agree):
    coordinates = GaussianCoordinates(Collection(point=Model(Point)))

    posterior = Emcee(nwalkers=20)._posterior_from(Chain(places), coordinates, converged=True)

    assert posterior.converged is agree
    assert (posterior.details["r_hat"] < 1.05) is agree
    # 395 independent steps of each of 20 walkers, or hardly more than one for each of two modes
    assert (posterior.effective_samples > 5000) is agree and (agree or posterior.effective_samples < 100)
