"""A fit in stages that needs no starting values: lens light, then mass and source, then everything.

From broad priors a bright lens galaxy traps any optimizer. So the light of the lens is fitted first, under a loss that
forgives the arcs; mass and source are fitted to what it leaves over; both together start the joint fit. Where that
leaves more than noise, the light and the lensed part are drawn anew in turn, each with the other one kept, for as long
as that finds something better: agreement between starts alone is no proof of the global optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import Imaging
from autogalaxy.analysis.over_sampling import ERROR
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.checkpoint import Checkpoint
from autogalaxy.inference.model import Collection, Model
from autogalaxy.inference.output import FolderLock
from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.verdict_checks import AGREE, verdict_from
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.abstract import LightProfile
from autolens.analysis.arcs import candidate_vectors_from, redshift_of
from autolens.analysis.result import AnalysisLens, LensResult
from autolens.analysis.stand_ins import (
    carry_assertions,
    has_linear_light,
    is_on,
    parts_by_name,
    stand_in_from,
    vector_of,
)

ROBUST_SCALE = 5.0
"""Residuals beyond this many sigma count linearly while only the lens light is fitted."""
WORTHWHILE = 1.0
"""Gain in ln L below which drawing a part anew is not tried again."""
COARSE = 2
"""Sub-size of the first two stages: they need to find the right region, not the last digit."""
CANDIDATES = 512
"""Mass models whose sources are put where they trace the arcs to, and which are screened."""
STAGES = ("lens light", "mass and source", "all", "final")
"""Stages in their order; parts may be drawn anew in between."""
MAX_ROUNDS = 4
"""Most rounds of drawing both parts anew."""


def most_likely_from(
    model: Collection,
    analysis: AnalysisLens,
    seed: int = 1,
    show_progress: bool = True,
    check_over_sampling: bool = True,
    checkpoint: Checkpoint | None = None,
) -> LensResult | None:
    """The best fit of a lens: at once where its light has no free shape, in stages where it has or that leaves arcs.

    ``None`` for a model that is not one of galaxies, which a general search fits.
    """
    if not isinstance(getattr(model, "galaxies", None), Collection) or len(model.galaxies) == 0:
        return None
    checkpoint = Checkpoint() if checkpoint is None else checkpoint
    direct = None
    if not has_linear_light(model) and not _has_free_light(model):
        search = LevenbergMarquardt(name="maximum", seed=seed, show_progress=show_progress)
        search.check_over_sampling, search.checkpoint = check_over_sampling, checkpoint.part("direct")
        direct = _lens_result(search.fit(model, analysis))
        agree = direct.search_info["starts_agreeing"] >= search.agree
        if direct.search_info["interrupted"] or (agree and leaves_only_noise(direct)):
            return direct
    staged = fit_in_stages(
        model,
        analysis if direct is None else direct.analysis,
        seed=seed,
        show_progress=show_progress,
        check_over_sampling=check_over_sampling,
        checkpoint=checkpoint.part("stages"),
    )
    if direct is not None and direct.log_likelihood > staged.log_likelihood:
        return direct
    return staged


def _has_free_light(model: Collection) -> bool:
    """Whether the light of the lens has free parameters other than intensities."""
    light, _ = parts_of(model)
    return light.prior_count > len(light.linear_indexes)


def fit_in_stages(
    model: Collection,
    analysis: AnalysisLens,
    seed: int = 1,
    output_path: Any = None,
    show_progress: bool = True,
    check_over_sampling: bool = True,
    checkpoint: Checkpoint | None = None,
) -> LensResult:
    """The maximum-likelihood fit of ``model.galaxies``; parts share the priors of ``model``, by identity.

    A model with linear light starts from the fit of one with ordinary light in its place; where nothing can take its
    place, as where it has mass too, the model is fitted at once. An interruption from the keyboard ends it with the
    best joint fit so far; before there is one it is raised.
    """
    is_linear = has_linear_light(model)
    checkpoint = Checkpoint() if checkpoint is None else checkpoint
    settings: dict[str, Any] = {"show_progress": show_progress, "check_over_sampling": check_over_sampling}
    ordinary = stand_in_from(model, analysis.dataset) if is_linear else None
    if ordinary is not None:
        found = fit_in_stages(ordinary, analysis, seed=seed, checkpoint=checkpoint.part("stand_in"), **settings)
        starts = [vector_of(model, ordinary, vector) for vector in found.samples.parameters[:3]]
        staged = _Staged(model, found.analysis, seed, checkpoint=checkpoint, **settings)
        staged.stages = found.search_info.get("stages", [])
        return staged.final(starts, output_path, found.search_info["interrupted"])
    staged = _Staged(model, analysis, seed, checkpoint=checkpoint, **settings)
    if is_linear or not staged.can_be_split:
        search = LevenbergMarquardt(seed=seed, output_path=output_path, **settings)
        search.checkpoint = checkpoint.part("at_once")
        return _lens_result(search.fit(model, analysis))
    vectors = staged.starts()
    staged.resolve(vectors[0])
    best = staged.joint(vectors)
    interrupted = best.search_info["interrupted"]
    try:
        for _ in range(MAX_ROUNDS):
            info = best.search_info
            agree = info["starts_agreeing"] == info["starts_followed"] or info["starts_agreeing"] >= AGREE
            if interrupted or (agree and leaves_only_noise(best)):
                break
            redrawn = staged.redrawn(best)
            interrupted = redrawn.search_info["interrupted"]
            if redrawn.log_likelihood < best.log_likelihood + WORTHWHILE:
                break
            best = redrawn
    except KeyboardInterrupt:
        interrupted = True  # what was found so far is a whole fit
    return staged.final([best.samples.max_log_likelihood_vector], output_path, interrupted)


def _lens_result(result: Any) -> LensResult:
    """What an analysis of a lens makes of its samples."""
    assert isinstance(result, LensResult)
    return result


def _are_same(a: dict[str, Any], b: dict[str, Any], covariance: Any) -> bool:
    """Whether two optima, of likelihoods computed with different sub-pixels, are one: a few errors apart at most."""
    apart = np.array(a["parameters"]) - np.array(b["parameters"])
    errors = np.sqrt(np.diagonal(covariance))
    free = errors > 0.0
    return (
        bool(np.all(np.abs(apart[free]) < 3.0 * errors[free])) and abs(a["log_likelihood"] - b["log_likelihood"]) < 5.0
    )


def leaves_only_noise(result: LensResult) -> bool:
    """Whether chi-squared is what noise alone gives, so that nothing is left to be found.

    Within ``5 sqrt(2 nu)`` of its nu degrees of freedom; a noise map that is off leaves this open, and parts are drawn.
    """
    freedom = result.analysis.dataset.mask.pixels_in_mask - result.original_model.prior_count
    return bool(abs(result.search_info["chi_squared"] - freedom) <= 5.0 * np.sqrt(2.0 * freedom))


class _Staged:
    """The two parts of a lens model, and fits of one with the other kept."""

    def __init__(
        self,
        model: Collection,
        analysis: AnalysisLens,
        seed: int,
        show_progress: bool,
        check_over_sampling: bool = True,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        self.model = model
        self.analysis = analysis
        self.seed = seed
        self.show_progress = show_progress
        self.check_over_sampling = check_over_sampling
        self.checkpoint = Checkpoint() if checkpoint is None else checkpoint
        self.stages: list[dict[str, Any]] = []
        """How each search went, in the order of the stages."""
        self.joint_results: list[LensResult] = []
        self.light, self.lensed = parts_of(model)
        self.coarse = analysis.dataset.apply_over_sampling(over_sample_size_lp=COARSE)

    @property
    def can_be_split(self) -> bool:
        """Whether every free parameter belongs to one of the parts, as does every condition, and one is lensed."""
        parts = (self.light, self.lensed)
        kept = [assertion for part in parts for assertion in part.assertions if is_on(assertion, part)]
        if not len(kept) == sum(len(part.assertions) for part in parts) == len(self.model.assertions):
            return False
        light, lensed = ({id(p) for p in part.priors} for part in (self.light, self.lensed))
        return bool(lensed) and not light & lensed and len(light | lensed) == self.model.prior_count

    def starts(self) -> list[np.ndarray]:
        """Vectors of the joint model from the first two stages."""
        settings: dict[str, Any] = {"n_starts": 8, "n_screen": 128, "agree": AGREE, "robust_scale": ROBUST_SCALE}
        lights = self._light_optima("lens light", self.coarse, **settings)
        lensed = self._lensed_optima(lights[0])
        first = [self._joined(lights[0], vector) for vector in lensed]
        # where starts disagree on the light, the joint fit shows whether that matters
        return [*first, *(self._joined(light, lensed[0]) for light in lights[1:])][:AGREE]

    def resolve(self, vector: np.ndarray) -> None:
        """Give the stages that follow sub-pixels made for a vector, where those they have are too few."""
        instance = self.model.instance_from_vector(vector)
        check = self.analysis.over_sampling_check_from(instance)
        if check is not None and not check["holds"]:
            self.analysis = self.analysis.refined_for(instance, error=0.3 * ERROR)  # it is not the best fit yet

    def _light_optima(
        self, name: str, dataset: Imaging, start: np.ndarray | None = None, **settings: Any
    ) -> list[np.ndarray]:
        """The best light of the lens, and others where few starts agree on it; empty without free parameters."""
        if self.light.prior_count == 0:
            return [np.zeros(0)]
        info = self._fit(name, self.light, dataset, start, **settings).search_info
        best, *others = info["optima"]
        also = others if info["starts_agreeing"] < AGREE else []
        return [np.array(optimum["parameters"]) for optimum in (best, *also)]

    def _lensed_optima(self, light_vector: np.ndarray, start: np.ndarray | None = None) -> list[np.ndarray]:
        """Best distinct optima of mass and source, given the light of the lens."""
        arcs = self._without(self.light, light_vector, self.coarse)
        candidates = candidate_vectors_from(self.lensed, arcs, self.analysis.tracer_from, CANDIDATES, self.seed)
        settings = {"n_starts": 32, "n_screen": 0, "agree": 3, "agree_tolerance": 1.0}
        lensed = self._fit("mass and source", self.lensed, arcs, start, candidate_vectors=candidates, **settings)
        return [np.array(optimum["parameters"]) for optimum in lensed.search_info["optima"]]

    def joint(self, vectors: Sequence[np.ndarray], name: str = "all", **settings: Any) -> LensResult:
        """The fit of everything from given vectors."""
        settings = {"n_screen": 0, "check_over_sampling": False, "agree": len(vectors), **settings}
        search = self._search(name, n_starts=len(vectors), initial_vectors=vectors, **settings)
        result = self._recorded(name, search.fit(self.model, self.analysis), starts_drawn=False)
        self.joint_results.append(result)
        return result

    def final(self, vectors: Sequence[np.ndarray], output_path: Any, interrupted: bool) -> LensResult:
        """The last fit; after an interruption little more than the first vector as it is, and marked as such."""
        before = self.joint_results[:]
        if interrupted:
            result = self.joint(vectors[:1], name="final", max_jacobians=1)
        else:
            result = self.joint(vectors, name="final", check_over_sampling=self.check_over_sampling)
        self._join(result, before)
        result.search_info["interrupted"] |= interrupted
        if result.verdict is not None:  # once more, now that it is known how the stages went
            verdict = verdict_from(result.search_info, result.samples, result.analysis, self.model)
            result.search_info["verdict"] = verdict.to_dict()
        if output_path is not None:
            with FolderLock(Path(output_path)):
                result.write(Path(output_path))
        return result

    def _join(self, result: LensResult, before: list[LensResult]) -> None:
        """Add to the last result how its stages went: starts of joint fits that ended there, and other optima."""
        info = result.search_info
        info["stages"] = self.stages
        info |= {key: sum(stage[key] for stage in self.stages) for key in ("seconds", "compile_seconds")}
        info["total_seconds"] = max(info.get("total_seconds", 0.0), info["seconds"])
        info["starts_dropped"] = info["starts_dropped"] + sum(r.search_info["starts_dropped"] for r in before)
        optima, covariance = info["optima"], result.samples.covariance
        for optimum in (optimum for r in before for optimum in r.search_info["optima"]):
            info["starts_followed"] += optimum["starts"]
            known = next((o for o in optima if _are_same(o, optimum, covariance)), None)
            if known is None:
                optima.append(optimum)
            else:
                known["starts"] += optimum["starts"]
        info["starts_agreeing"] = optima[0]["starts"]

    def redrawn(self, best: LensResult) -> LensResult:
        """The joint fit from where drawing the light anew, and then the lensed part, leads."""
        light_vector, lensed_vector = self._parts_from(best.samples.max_log_likelihood_vector)
        unlensed = self._without(self.lensed, lensed_vector, self.analysis.dataset)
        light_vector = self._light_optima("lens light anew", unlensed, light_vector, n_starts=12, n_screen=96)[0]
        lensed_vectors = [lensed_vector, self._lensed_optima(light_vector, lensed_vector)[0]]
        return self.joint([self._joined(light_vector, vector) for vector in lensed_vectors])

    # ------------------------------------------------------------------ pieces

    def _search(self, name: str, **settings: Any) -> LevenbergMarquardt:
        search = LevenbergMarquardt(name=title_of(name), seed=self.seed, show_progress=self.show_progress, **settings)
        search.checkpoint = self.checkpoint.part(f"stage_{len(self.stages)}")
        return search

    def _recorded(self, name: str, result: Any, starts_drawn: bool = True) -> LensResult:
        """A result of a stage, which is noted, with whether its starts were drawn, not handed on by another stage."""
        facts = ("log_likelihood", "starts_followed", "starts_agreeing", "jacobians", "seconds", "compile_seconds")
        self.stages.append(
            {"stage": name, "starts_drawn": starts_drawn, **{fact: result.search_info[fact] for fact in facts}}
        )
        return _lens_result(result)

    def _fit(
        self, name: str, part: Collection, dataset: Imaging, start: np.ndarray | None = None, **settings: Any
    ) -> LensResult:
        """The fit of one part to a dataset; a part that was interrupted ends the stages."""
        starts = None if start is None else [start]
        search = self._search(name, initial_vectors=starts, check_over_sampling=False, **settings)
        result = self._recorded(name, search.fit(part, self.analysis.with_dataset(dataset)))
        if result.search_info["interrupted"]:
            raise KeyboardInterrupt
        return result

    def _without(self, part: Collection, vector: np.ndarray, dataset: Imaging) -> Imaging:
        """The dataset less the blurred image of a part."""
        if len(part.galaxies) == 0:
            return dataset
        analysis = self.analysis.with_dataset(dataset, use_jax=False)
        return dataset.with_data(dataset.data - analysis.fit_from(part.instance_from_vector(vector)).model_data)

    def _joined(self, light_vector: np.ndarray, lensed_vector: np.ndarray) -> np.ndarray:
        """The vector of the whole model from those of its parts."""
        values = {id(p): v for p, v in zip(self.light.priors, light_vector, strict=True)}
        values |= {id(p): v for p, v in zip(self.lensed.priors, lensed_vector, strict=True)}
        return np.array([values[id(p)] for p in self.model.priors])

    def _parts_from(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The vectors of the parts from that of the whole model."""
        values = {id(p): v for p, v in zip(self.model.priors, vector, strict=True)}
        light, lensed = (np.array([values[id(p)] for p in part.priors]) for part in (self.light, self.lensed))
        return light, lensed


def title_of(stage: str) -> str:
    """What a stage is called while it runs: those that come once have a number."""
    if stage not in STAGES:
        return f"stage {STAGES.index('all') + 1} of {len(STAGES)}, again: {stage}"
    return f"stage {STAGES.index(stage) + 1} of {len(STAGES)}: {'everything' if stage == 'all' else stage}"


def parts_of(model: Collection) -> tuple[Collection, Collection]:
    """The unlensed light of ``model.galaxies``, and everything else: mass, light behind it, further galaxies.

    A sky level or offset of the dataset belongs to both; free, it keeps the model from being split.
    """
    galaxies = dict(model.galaxies.items())
    nearest = min(redshift_of(galaxy) for galaxy in galaxies.values())
    light, lensed = Collection(), Collection()
    for name, galaxy in galaxies.items():
        is_foreground = redshift_of(galaxy) == nearest
        components = parts_by_name(galaxy)
        redshift = components.pop("redshift")
        shining = {k: c for k, c in components.items() if is_foreground and _is_light(c)}
        rest = {k: c for k, c in components.items() if k not in shining}
        if shining:
            setattr(light, name, Model(Galaxy, redshift=redshift, **shining))
        setattr(lensed, name, Model(Galaxy, redshift=redshift, **rest))
    others = {name: item for name, item in model.items() if name != "galaxies"}
    of_dataset = {name: item for name, item in others.items() if name == "dataset_model"}
    parts = Collection(galaxies=light, **of_dataset), Collection(galaxies=lensed, **others)
    for part in parts:
        carry_assertions(model, part)
    return parts


def _is_light(component: Any) -> bool:
    """Whether a component gives light and nothing but light."""
    if isinstance(component, Collection):
        return all(_is_light(part) for part in component)
    cls = component.cls if isinstance(component, Model) else type(component)
    if issubclass(cls, Basis):
        return all(_is_light(part) for part in component.profile_list)
    return issubclass(cls, LightProfile) and not hasattr(cls, "deflections_yx_2d_from")
