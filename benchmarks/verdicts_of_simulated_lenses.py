"""Verdicts on simulated lenses: how often the true model is called good, and models that are wrong on purpose.

    python verdicts_of_simulated_lenses.py [--seeds 1 20] [--search auto]

The true model is fitted from its priors. Models without shear, with a round source or a PSF 20 % too wide are followed
from near the truth, so that nothing but what they lack speaks against them. The wrong basin is a single run from a
mass that is too small and a source on the wrong side, kept although others are better.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from compare_rounds import machine, write
from simulated_lenses import WRONG, Lens, lens_from, model_from, truth_vector_from

SEEDS = (1, 20)
"""First and last seed, fixed before any was fitted."""
LEAST_GOOD, MOST_GOOD = 18, 1
"""Lenses of 20 whose true model has to be good, and that may be good with each wrong one."""
WORSE = 20.0
"""Difference of ln L at least by which a basin is a wrong one."""
TRIES = 8
SAMPLERS = ("importance", "nuts")
"""What ``al.Auto`` may sample with; nested sampling would take minutes for a lens."""
SAMPLING = ("method", "effective_samples", "pareto_k", "r_hat", "gradients", "seconds", "rejected")
"""What is kept of how a posterior was sampled."""
NEAR_TRUTH = 0.02
"""Spread of starts near the truth, in widths of the priors."""


class Fits:
    """Fits of all lenses with one compilation for each model."""

    def __init__(self, search: str) -> None:
        self.search = search
        self.models = {
            "true": model_from(),
            "no shear": model_from(shear=False),
            "spherical source": model_from(spherical_source=True),
        }
        self.models |= {"wide PSF": self.models["true"], "wrong basin": self.models["true"]}
        self.first: dict[int, Any] = {}

    def analysis_of(self, kind: str, lens: Lens) -> Any:
        """An analysis that takes over what is compiled for the model of this kind."""
        import autolens as al

        dataset = lens.dataset_with_wide_psf if kind == "wide PSF" else lens.dataset
        key = id(self.models[kind])
        if key not in self.first:
            self.first[key] = al.AnalysisImaging(dataset=dataset, use_jax=True)
            return self.first[key]
        return self.first[key].for_dataset(dataset)

    def fit(self, kind: str, lens: Lens, starts: np.ndarray | None = None) -> Any:
        import autolens as al

        analysis, settings = self.analysis_of(kind, lens), {"show_progress": False, "check_over_sampling": False}
        if self.search == "auto" and starts is None:
            return al.Auto(seed=lens.seed, samplers=SAMPLERS, **settings).fit(self.models[kind], analysis)
        if starts is not None:
            settings |= {"initial_vectors": starts, "n_starts": len(starts), "n_screen": 0, "agree_tolerance": 0.5}
        return al.LevenbergMarquardt(seed=lens.seed, **settings).fit(self.models[kind], analysis)

    def near_truth(self, kind: str, lens: Lens, number: int = 4) -> np.ndarray:
        model = self.models[kind]
        widths = np.array([prior.width for prior in model.priors])
        noise = np.random.default_rng([lens.seed, 7]).normal(size=(number, model.prior_count))
        return truth_vector_from(lens, model) + NEAR_TRUTH * widths * noise

    def wrong_basin(self, lens: Lens, best: dict[str, Any]) -> Any:
        """The most likely of a few runs that ended in other places than the ``best`` fit, a converged one if any is.

        They start at other optima of the fit of the true model, then from a small mass with the source on the wrong
        side.
        """
        model, rng = self.models["wrong basin"], np.random.default_rng([lens.seed, 11])
        names, widths = model.paths, np.array([prior.width for prior in model.priors])
        starts = [np.array(vector) for vector in best["optima"][1:4]]
        for _ in range(TRIES):
            start = truth_vector_from(lens, model) + NEAR_TRUTH * widths * rng.normal(size=model.prior_count)
            start[names.index("galaxies.lens.mass.einstein_radius")] *= rng.uniform(0.55, 0.7)
            for i in (0, 1):
                start[names.index(f"galaxies.source.light.centre.centre_{i}")] *= -2.0
            starts.append(start)
        found: list[Any] = []
        for start in starts:
            result = self.fit("wrong basin", lens, start[None])
            found += [result] if result.log_likelihood < best["log_likelihood"] - WORSE else []
            if len(found) == 3:
                break
        return max(found, key=lambda r: (bool(r.search_info["converged"]), r.log_likelihood), default=None)


def rows_of(seeds: list[int], search: str, kinds: tuple[str, ...], kept: Path) -> list[dict[str, Any]]:
    """A row for each kind of model and seed; those that a run before has written are read."""
    fits = Fits(search)
    lines = kept.read_text().splitlines() if kept.exists() else []
    rows = {(row["kind"], row["seed"]): row for row in map(json.loads, lines)}
    wanted = [(kind, seed) for kind in kinds for seed in seeds]
    for kind, seed in wanted:
        if (kind, seed) in rows:
            continue
        lens, begin = lens_from(seed), time.perf_counter()
        if kind == "wrong basin":
            result = fits.wrong_basin(lens, rows.get(("true", seed)) or _row(seed, "true", fits.fit("true", lens), 0.0))
        else:
            result = fits.fit(kind, lens, None if kind == "true" else fits.near_truth(kind, lens))
        row = rows[kind, seed] = _row(seed, kind, result, time.perf_counter() - begin)
        with kept.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(seed, kind, row["grade"], row["bad"], f"{row.get('seconds', 0.0):.1f} s", file=sys.stderr, flush=True)
    return [rows[key] for key in wanted]


def _row(seed: int, kind: str, result: Any, seconds: float) -> dict[str, Any]:
    if result is None:
        return {"seed": seed, "kind": kind, "grade": "none", "bad": {}, "reasons": [], "from_residuals": "none"}
    verdict, sampling = result.verdict, result.search_info.get("sampling") or {}
    by_fit = [f for f in verdict.findings if f.name.startswith(("residuals", "missing", "arcs"))]
    return {
        "seed": seed,
        "kind": kind,
        "grade": verdict.grade,
        "from_residuals": type(verdict).of(by_fit).grade,
        "bad": {f.name: f.value for f in verdict.findings if f.grade != "good"},
        "reasons": verdict.reasons if verdict.grade != "good" else [],
        "largest": {f.name: f.value for f in by_fit},
        "log_likelihood": float(result.log_likelihood),
        "agreeing": [result.search_info.get("starts_agreeing"), result.search_info.get("starts_followed")],
        "optima": [optimum["parameters"] for optimum in result.search_info["optima"][:4]],
        "sampling": {name: sampling[name] for name in SAMPLING if name in sampling},
        "seconds": seconds,
    }


def main() -> None:
    """Fit every lens with every model, write ``results/verdicts`` and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs=2, default=SEEDS, help="first and last")
    parser.add_argument("--search", choices=("lm", "auto"), default="lm", help="of the true model")
    parser.add_argument("--models", nargs="+", choices=("true", *WRONG), default=("true", *WRONG))
    parser.add_argument("--name", default="verdicts", help="of the files in results/")
    parser.add_argument("--rows", type=Path, help="file of rows, to which a run that was ended is added")
    options = parser.parse_args()
    state = machine()
    seeds = list(range(options.seeds[0], options.seeds[1] + 1))
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(seeds, options.search, tuple(options.models), options.rows or Path(folder) / "rows.jsonl")
    write(options.name, {"machine": state, "search": options.search, "rows": rows}, _markdown(state, rows, options))


def _markdown(state: dict[str, Any], rows: list[dict[str, Any]], options: Any) -> str:
    lines = [
        "# Verdicts on simulated lenses",
        "",
        f"Seeds {options.seeds[0]} to {options.seeds[1]}, search {options.search}, {state['cpus']} CPUs "
        f"({state['cpu']}), {state['date']}.",
        "",
        "| model | good | check | failed | good by its residuals alone | found by (lenses) | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in options.models:
        own = [row for row in rows if row["kind"] == kind and row["grade"] != "none"]
        grades, alone = Counter(row["grade"] for row in own), Counter(row["from_residuals"] for row in own)
        limit = LEAST_GOOD * len(own) // 20 if kind == "true" else MOST_GOOD
        reached = grades["good"] >= limit if kind == "true" else grades["good"] <= limit
        by = Counter(name for row in own for name in row["bad"]).most_common(6)
        lines.append(
            f"| {kind} ({len(own)}) | {grades['good']} | {grades['check']} | {grades['failed']} | {alone['good']} "
            f"| {', '.join(f'{name} {count}' for name, count in by)} | {'reached' if reached else 'NOT REACHED'} |"
        )
    lines += ["", "What the verdicts say of the first lens:", ""]
    for row in (row for row in rows if row["seed"] == options.seeds[0]):
        lines.append(f"- {row['kind']}, {row['grade']}: {' '.join(row['reasons'][:3])}".rstrip(": "))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
