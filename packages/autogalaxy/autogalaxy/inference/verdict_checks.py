"""What is looked at to judge a fit: its starts, its optima, the edges of its priors, its sampling, its residuals.

Thresholds are those of measurements on simulated and real lenses; no check can stop a fit from being returned: one
that fails itself says so, and the verdict is then no better than ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from autoarray.parameter import Prior
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.distinct_optima import different_from
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.verdict import MARK, Finding, Verdict

AGREE = 3
"""Starts that have to end in the best optimum; two were not enough on real lenses."""
NEAR = 10.0
"""Difference of ln L within which another optimum belongs to the posterior."""
EDGE_SIGMAS = 2.0
"""Errors between a parameter and a limit of its prior below which the limit shapes the posterior: it cuts 2 % off."""
EDGE_PART = 0.01
"""Part of a prior without limits in whose tail a parameter is held by the prior."""
_NEAR_EDGE, _PART_NEAR_EDGE = 0.25, 0.01
"""The same for draws: more than this part of them is within so many of their standard deviations of a limit."""
_DRAWS = 100
"""Samples that are no draws of a posterior are fewer."""
PARETO_K = 0.7
EFFECTIVE_SAMPLES = 100.0
R_HAT = 1.01
LAPLACE_SHIFT = 0.2
LAPLACE_WIDTHS = (0.85, 1.15)
REFUSED_PART = 0.5
"""Part of the likelihoods without a value above which the priors reach far beyond the model."""


def verdict_from(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Verdict:
    """Whether a fit can be trusted, from what its search said of itself and from its best fit."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        findings += _found(name, partial(check, info, samples, analysis, model))
    return Verdict.of(_with_agreement(findings))


def _found(name: str, check: Callable[[], Any]) -> list[Finding]:
    """The findings of a check, or the one that it could not be made."""
    try:
        return list(check())
    except KeyboardInterrupt:
        why = "interrupted"
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
    text = f"The {name.replace('_', ' ')} could not be checked ({why}): look at the fit yourself."
    return [Finding(name, "check", text)]


def _with_agreement(findings: list[Finding]) -> list[Finding]:
    """Large residuals are no failure of the search where several starts agree on them: no better fit was missed."""
    agree = any(f.name == "agreement" and f.grade == "good" for f in findings)
    if not agree:
        return findings
    return [
        replace(f, grade="check", text=f"{f.text} Several starts agree, so that a search for longer will not help.")
        if f.grade == "failed" and "residuals." in f.name
        else f
        for f in findings
    ]


# ------------------------------------------------------------------ the search


def agreement(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """How many starts ended in the best optimum."""
    followed, agreeing = info.get("starts_followed"), info.get("starts_agreeing")
    if followed is None or agreeing is None:
        return
    text = f"{agreeing} of {followed} starts that were followed end in the best fit"
    # the whole model starts from where the stages before ended: it is in them that many starts meet
    drawn = [s for s in info.get("stages") or () if s.get("starts_drawn", True) and s["starts_followed"] > 1]
    stages = [s["starts_agreeing"] for s in drawn]
    if stages and min(stages) >= AGREE > agreeing == followed:
        yield Finding(
            "agreement", "good", f"{text}, and at least {min(stages)} of each stage before.", min(stages), AGREE
        )
    elif agreeing >= AGREE:
        yield Finding("agreement", "good", f"{text}.", float(agreeing), AGREE)
    else:
        text += f", wanted {AGREE}: there may be a better one; fit again with more starts or narrower priors."
        yield Finding("agreement", "check", text, float(agreeing), AGREE)


def convergence(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """Whether the search came to its end."""
    if (limit := info.get("time_limit_reached")) is not None:
        text = (
            f"Sampling was not done at the time limit of {limit:g} s, and this is what there was of it by then: run it "
            "again, it goes on where it was."
        )
        yield Finding("convergence", "check", text)
    elif info.get("interrupted"):
        text = "The search was interrupted, this is the best fit until then: run it again, it goes on where it was."
        yield Finding("convergence", "check", text)
    elif not info.get("converged", True):
        text = "The search ended before it converged: give it more steps or evaluations."
        yield Finding("convergence", "check", text)
    elif "converged" in info:
        yield Finding("convergence", "good", "The search converged.")
    higher = (info.get("sampling") or {}).get("higher_maxima", 0)
    if higher:
        places = "a place" if higher == 1 else f"{higher} places"
        text = f"Sampling found {places} with a higher likelihood than the best fit: fit again with more starts."
        yield Finding("higher_maxima", "check", text, float(higher), 0.0)
    flat = int(info.get("flat_directions", 0) or 0)
    if flat:
        text = (
            f"The data say less than the priors along {flat} directions of the parameters: their errors are those of "
            "the priors; fix parameters, or tie them to each other."
        )
        yield Finding("flat_directions", "check", text, float(flat), 0.0)


def optima(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """Other optima that are nearly as good."""
    found = info.get("optima")
    if not found:
        return
    best = max(found, key=lambda o: o["log_likelihood"])
    near = [
        (best["log_likelihood"] - o["log_likelihood"], o)
        for o in found
        if o is not best and o.get("converged", True) and best["log_likelihood"] - o["log_likelihood"] < NEAR
    ]
    for below, other in sorted(near, key=lambda pair: pair[0]):
        where = different_from(np.array(best["parameters"]), np.array(other["parameters"]), below, samples, model)
        if where is None:
            continue
        name, here, there = where
        text = (
            f"A second optimum lies {below:.1f} below the best fit in ln L, with {name} = {there:.4g} in place of "
            f"{here:.4g}: errors around one of them alone are too small; look at both fits."
        )
        yield Finding("second_optimum", "check", text, float(below), NEAR)
        return
    yield Finding("second_optimum", "good", f"No other optimum was found within {NEAR:g} in ln L.", None, NEAR)


def _edge_of_draws(samples: Samples, prior: Prior, index: int) -> str | None:
    """The limit of a prior that draws of a posterior reach, an empty string for none; ``None`` where none were drawn.

    Looked at where the prior is uniform from 0 to 1.
    """
    if samples.covariance is not None or len(samples) < _DRAWS:
        return None
    units = prior.unit_value_for(samples.parameters[:, index])
    mean = samples.weights @ units
    near = _NEAR_EDGE * float(np.sqrt(samples.weights @ (units - mean) ** 2))
    below, above = (float(samples.weights @ part) for part in (units < near, units > 1.0 - near))
    if max(below, above) <= _PART_NEAR_EDGE:
        return ""
    return "lower" if below > above else "upper"


def _edge_from(samples: Samples, prior: Prior, index: int, median: float, errors: tuple[float, float]) -> str:
    """The side of a prior that holds a parameter, ``lower`` or ``upper``; an empty string for none."""
    if not (np.isfinite(prior.lower_limit) and np.isfinite(prior.upper_limit)):
        unit = float(prior.unit_value_for(median))
        if not EDGE_PART <= unit <= 1.0 - EDGE_PART:
            return "lower" if unit < 0.5 else "upper"
    if (side := _edge_of_draws(samples, prior, index)) is not None:
        return side
    down, up = (max(error, 1e-300) for error in errors)
    distances = (median - prior.lower_limit) / down, (prior.upper_limit - median) / up
    if min(distances) >= EDGE_SIGMAS:
        return ""
    return "lower" if distances[0] <= distances[1] else "upper"


def prior_edges(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """Parameters that a prior, and not the data, holds where they are."""
    held = set(info.get("parameters_at_limits") or ())
    medians, errors = samples.median_pdf_vector, samples.errors_at_sigma(1.0)
    any_found = False
    for i, (path, prior) in enumerate(zip(model.paths, model.priors, strict=True)):
        median = float(medians[i])
        unit = float(np.clip(prior.unit_value_for(median), 0.0, 1.0))
        side = _edge_from(samples, prior, i, median, errors[i])
        if not side and path not in held:
            continue
        any_found = True
        side = side or ("lower" if unit < 0.5 else "upper")
        limit = prior.lower_limit if side == "lower" else prior.upper_limit
        where = f"the {side} limit {limit:.4g}" if np.isfinite(limit) else f"the {side} end"
        error = errors[i][0] if side == "lower" else errors[i][1]
        value = f"{median:.4g}" if path in held else f"{median:.4g} +- {error:.2g}"
        text = (
            f"{path} = {value} is {'at' if path in held else 'not well away from'} {where} of its prior: widen the "
            "prior if it can be there, or fix the parameter."
        )
        yield Finding("prior_edge", "check", text, unit, EDGE_PART)
    if not any_found:
        yield Finding("prior_edge", "good", "No parameter is at an edge of its prior.")


# ------------------------------------------------------------------ the posterior


def sampling(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """Whether the samples are those of the posterior."""
    facts = {key: info[key] for key in _SAMPLING if info.get(key) is not None} | dict(info.get("sampling") or {})
    if not facts:
        return
    method = str(facts.get("method") or info.get("search") or "sampling")
    rejected = " ".join(str(sentence) for sentence in facts.get("rejected") or ())
    if facts.get("accepted") is False:
        text = f"No method drew samples that can be trusted, errors are those of {method}. {rejected}".strip()
        yield Finding("sampling", "check", text)
        return
    bad = list(_bad_numbers(facts))
    for text, value, limit in bad:
        yield Finding("sampling", "check", f"{method}: {text}", value, limit)
    if not bad:
        effective = facts.get("effective_samples")
        count = "" if effective is None else f", {effective:.0f} effective samples"
        yield Finding(
            "sampling", "good", f"The posterior was sampled by {method}{count}. {rejected}".strip(), effective
        )
    yield from _laplace(facts, method)


_SAMPLING = (
    "pareto_k",
    "effective_samples",
    "r_hat",
    "r_hat_limit",
    "divergences",
    "laplace_shift",
    "laplace_width_ratio",
)


def _bad_numbers(facts: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Sentence, number and limit of what speaks against the samples."""

    def number(name: str, otherwise: float) -> float:
        value = facts.get(name)
        return otherwise if value is None else float(value)

    # written as "not good", so that a number that is nan is not passed over
    if not (k := number("pareto_k", 0.0)) < PARETO_K:
        yield f"the weights of the samples have a Pareto k of {k:.2f}: a few of them decide; use al.NUTS.", k, PARETO_K
    if not (n := number("effective_samples", np.inf)) >= EFFECTIVE_SAMPLES:
        yield f"only {n:.0f} effective samples: errors are rough; ask for more.", n, EFFECTIVE_SAMPLES
    most = number("r_hat_limit", R_HAT)  # that of an ensemble of many walkers is another one
    if not (r := number("r_hat", 1.0)) <= most:
        yield f"the chains differ, r-hat {r:.3f}: run them for longer.", r, most
    if not (d := number("divergences", 0.0)) == 0.0:
        yield f"{d:.0f} divergent steps: the posterior has a corner that is not sampled; use al.Nautilus.", d, 0.0


def _laplace(facts: dict[str, Any], method: str) -> Iterator[Finding]:
    """Whether the Gaussian around the maximum was the posterior; it matters where nothing else was sampled."""
    shift = facts.get("laplace_shift")
    names = ("laplace_width_ratio", "laplace_width_ratio_least", "laplace_width_ratio_most")
    ratios = np.concatenate([np.ravel(np.asarray(facts.get(name, 1.0), dtype=float)) for name in names])
    low, high = LAPLACE_WIDTHS
    is_off = shift is not None and not np.max(np.abs(shift)) <= LAPLACE_SHIFT
    if not is_off and np.all((ratios >= low) & (ratios <= high)):
        return
    of = "" if shift is None else f" by {float(np.max(np.abs(shift))):.2f} sigma in the mean and"
    worst = float(ratios[np.argmax(np.abs(np.log(np.maximum(ratios, 1e-9))))])
    text = f"The Gaussian around the maximum differs from the samples{of} by a factor {worst:.2f} in width"
    if method == "laplace":
        yield Finding("gaussian", "check", f"{text}: do not use its errors; sample with al.NUTS.", worst)
    else:
        yield Finding("gaussian", "good", f"{text}; the samples are used.", worst)


# ------------------------------------------------------------------ the likelihood


def likelihood(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> Iterator[Finding]:
    """Sub-pixels, precision, and points without a likelihood."""
    for name, what in (("over_sampling", "Sub-pixels are"), ("precision", "Mixed precision is")):
        check = info.get(name)
        if not isinstance(check, dict) or "holds" not in check:
            continue
        summary = f"({check.get('summary', '')})"
        if check["holds"]:
            yield Finding(name, "good", f"{what} fine enough {summary}.")
        else:
            text = f"{what} not fine enough {summary}: raise over_sample_size, or use precision='double'."
            yield Finding(name, "check", text)
    refused, raised = (_count(info, name) for name in ("likelihood_refused", "likelihood_raised"))
    evaluations = float(info.get("evaluations") or 0)
    if evaluations and refused > REFUSED_PART * evaluations:
        text = (
            f"{refused:.0f} of {evaluations:.0f} likelihoods have no value: the priors reach far beyond what the model "
            "allows; narrow them."
        )
        yield Finding("likelihood_refused", "check", text, refused / evaluations, REFUSED_PART)
    if raised:
        text = f"The likelihood raised an error {raised:.0f} times, and these points were left out: look at why."
        yield Finding("likelihood_raised", "check", text, raised, 0.0)
    if not np.isfinite(samples.max_log_likelihood):
        yield Finding("likelihood", "failed", "The best fit has no finite likelihood: nothing was fitted.")


def _count(info: dict[str, Any], name: str) -> float:
    return float(info.get(name) or 0) + float((info.get("sampling") or {}).get(name) or 0)


def residuals(info: dict[str, Any], samples: Samples, analysis: Analysis, model: AbstractModel) -> list[Finding]:
    """What the best fit says of itself."""
    instance = samples.max_log_likelihood_instance
    vars(instance)[MARK] = samples.max_log_likelihood_vector
    return analysis.verdict_findings_from(instance, model)


CHECKS: dict[str, Callable[..., Any]] = {
    "agreement": agreement,
    "convergence": convergence,
    "optima": optima,
    "prior_edges": prior_edges,
    "sampling": sampling,
    "likelihood": likelihood,
    "residuals": residuals,
}
"""What is looked at, by the name under which a check that fails itself appears."""
