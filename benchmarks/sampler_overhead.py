"""What our code adds to a likelihood call inside Nautilus, on the 15-parameter problem C7.

    python sampler_overhead.py [--calls 2000]

Every function that Nautilus calls of ours is timed, and inside it the compiled likelihood; the difference is ours:
the transformation of the unit cube, the batches, counting and the transfer of arrays. To this come the words of
progress and what is kept for a resumption, which are timed as well. All per likelihood.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "c7_fit"), str(HERE / "likelihood")]

from compare_rounds import machine, write  # noqa: E402
from ours import model_from  # noqa: E402  # that of c7_fit
from problem import DEFAULT_FOLDER, load  # noqa: E402

LIMIT_MS = 0.2


class Clock:
    """Seconds spent in functions, by name."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **keywords)
            finally:
                self.seconds[name] += time.perf_counter() - start

        return call


def measure(calls: int, n_live: int, folder: Path) -> dict[str, Any]:
    """Milliseconds per likelihood of each part of a search of ``calls`` likelihoods."""
    import jax
    import nautilus
    from dataset import masked_dataset_from

    import autolens as al
    from autogalaxy.inference.search.batches import Batches
    from autogalaxy.inference.search.sampler import Run

    clock = Clock()

    class TimedSampler(nautilus.Sampler):
        def __init__(self, prior: Any, likelihood: Any, **settings: Any) -> None:
            prior, likelihood = clock.timed("prior", prior), clock.timed("likelihood", likelihood)
            super().__init__(prior, likelihood, **settings)

    def first(batches: Any, vectors: Any) -> Any:
        """Compile, then put a clock around what was compiled."""
        values = plain_first(batches, vectors)
        compiled = batches.fitness._compiled["_vmap"]
        function = clock.timed("compiled", lambda *arguments: jax.block_until_ready(compiled(*arguments)))
        batches.fitness._compiled["_vmap"] = function
        return values

    class TimedNautilus(al.Nautilus):
        _keep = clock.timed("checkpoint", al.Nautilus._keep)

    plain_first, plain_say, plain_sampler = Batches._first, Run.say, nautilus.Sampler
    problem = load(folder)
    analysis = al.AnalysisImaging(dataset=masked_dataset_from(problem), use_jax=True)
    with tempfile.TemporaryDirectory() as output:
        search = TimedNautilus(n_live=n_live, n_like_max=calls, output_path=output, check_over_sampling=False)
        Batches._first, Run.say = first, clock.timed("progress", plain_say)  # type: ignore[method-assign]
        nautilus.Sampler = TimedSampler
        try:
            result = search.fit(model=model_from(problem.truth), analysis=analysis)
        finally:
            nautilus.Sampler = plain_sampler
            Batches._first, Run.say = plain_first, plain_say  # type: ignore[method-assign]
    info = result.search_info
    count = info["evaluations"]
    per_call = {name: 1e3 * seconds / count for name, seconds in clock.seconds.items()}
    ours = per_call["prior"] + per_call["likelihood"] - per_call["compiled"]
    beside = per_call["progress"] + per_call["checkpoint"]
    total = 1e3 * (info["seconds"] - info["compile_seconds"]) / count
    return {
        "calls": count,
        "n_live": n_live,
        "n_batch": search.n_batch,
        "parameters": len(result.samples.names),
        "jax": jax.__version__,
        "nautilus": nautilus.__version__,
        "per_call_ms": {
            "compiled likelihood": per_call["compiled"],
            "ours: unit cube to parameters": per_call["prior"],
            "ours: batches, counts, transfer": per_call["likelihood"] - per_call["compiled"],
            "ours: progress": per_call["progress"],
            "ours: kept for a resumption": per_call["checkpoint"],
            "Nautilus itself": total - per_call["prior"] - per_call["likelihood"] - beside,
            "all": total,
        },
        "ours_ms": ours + beside,
    }


def _markdown(state: dict[str, Any], row: dict[str, Any]) -> str:
    reached = "reached" if row["ours_ms"] <= LIMIT_MS else "NOT REACHED"
    lines = [
        "# What our code adds to a likelihood call inside Nautilus",
        "",
        f"{state['cpus']} CPUs ({state['cpu']}), load average at the start {state['load_average_1m']}, "
        f"{state['date']}, jax {row['jax']}, nautilus {row['nautilus']}; C7 with {row['parameters']} parameters, "
        f"{row['calls']} likelihoods, {row['n_live']} live points, batches of {row['n_batch']}, results and state "
        "written to a folder.",
        "",
        "| part | ms per likelihood |",
        "|---|---|",
        *(f"| {name} | {value:.4f} |" for name, value in row["per_call_ms"].items()),
        "",
        f"- {reached}: ours {row['ours_ms']:.4f} ms in all (limit {LIMIT_MS} ms)",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write ``results/sampler_overhead`` and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder with data.npz")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--n-live", type=int, default=300)
    options = parser.parse_args()
    state = machine()
    row = measure(options.calls, options.n_live, options.data)
    write("sampler_overhead", {"machine": state, **row}, _markdown(state, row))


if __name__ == "__main__":
    main()
