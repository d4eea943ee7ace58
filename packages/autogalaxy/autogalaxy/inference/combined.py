"""Several datasets and one model: ``analysis_a + analysis_b``."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray.type import Array
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.combined_fit import CombinedFit, CombinedResult, joined_checks
from autogalaxy.inference.known_analyses import analysis_from, stored_from
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.per_dataset import check_free, is_per_dataset, parts_of, split
from autogalaxy.inference.verdict import Finding


class CombinedAnalysis(Analysis):
    """Log likelihood of a model given several independent datasets, the sum of those of their analyses.

    ``a + b`` makes one, with datasets named "0", "1", ...; it keeps the analyses as they are then. A model is fitted
    to all datasets, with parameters of each of them where :meth:`with_free_parameters` says so. Or a ``Collection``
    has a model for each dataset under its name; those share the parameters whose priors are the same objects.

    Parameters
    ----------
    analyses
        One for each dataset, all of one backend; or a dictionary of them by name.
    names
        Of the datasets; their numbers where not given.
    free_parameters
        See :meth:`with_free_parameters`.
    """

    stored_name = "autogalaxy.CombinedAnalysis"
    not_in_identifier = (*Analysis.not_in_identifier, "free_parameters", "_lengths")  # the model says which are free

    def __init__(
        self,
        analyses: Sequence[Analysis] | dict[str, Analysis],
        names: Sequence[str] | None = None,
        free_parameters: Sequence[Any] = (),
    ) -> None:
        if isinstance(analyses, dict):
            names = tuple(analyses)
            analyses = tuple(analyses.values())
        _check_parts(analyses)
        super().__init__(use_jax=analyses[0].use_jax)
        self.analyses = tuple(copy.copy(analysis) for analysis in analyses)
        self.names = _checked_names(names, len(analyses))
        if not isinstance(free_parameters, list | tuple):
            raise exc.ModelException(
                f"free_parameters={exc.shown(free_parameters)}, wanted a list: (a + b).with_free_parameters(...)."
            )
        for item in free_parameters:
            check_free(item)
        self.free_parameters = tuple(free_parameters)
        self.log_likelihood_offset = sum(analysis.log_likelihood_offset for analysis in analyses)
        self.latent_units = {name: unit for a in analyses for name, unit in a.latent_units.items()}
        self.latent_periods = {name: period for a in analyses for name, period in a.latent_periods.items()}
        self._lengths: dict[str, int] = {}

    def named(self, *names: str) -> Self:
        """The same with names for the datasets: ``(a + b).named("g", "r")``."""
        return self._with(names=names)

    def with_free_parameters(self, *items: Any) -> Self:
        """The same with parameters that each dataset has for itself.

        Each item is a prior of the model, a tuple of them (``model.dataset_model.grid_offset``), a part of the model
        (``model.galaxies.source.bulge``), or the path of one of these, a string.
        """
        return self._with(free_parameters=(*self.free_parameters, *items))

    def _with(self, **changes: Any) -> Self:
        kept = {"analyses": self.analyses, "names": self.names, "free_parameters": self.free_parameters}
        new = type(self)(**(kept | changes))
        new._lengths = self._lengths  # datasets of the same pixels have as many residuals
        return new

    def __len__(self) -> int:
        return len(self.analyses)

    def __iter__(self) -> Iterator[Analysis]:
        return iter(self.analyses)

    def __getitem__(self, key: int | str) -> Analysis:
        return self.analyses[key if isinstance(key, int) else self.names.index(key)]

    def offers(self, name: str) -> bool:
        """Whether the analyses of all datasets do."""
        return all(analysis.offers(name) for analysis in self.analyses)

    # ------------------------------------------------------------------ models and instances

    def model_for(self, model: AbstractModel) -> AbstractModel:
        """The model with the parameters of each dataset apart, a ``Collection`` of one model for each, if it has any.

        A search calls this; ``Fitness(analysis.model_for(model), analysis)`` wants it called.
        """
        if is_per_dataset(model, self.names) or not self.free_parameters:
            return model
        return split(model, self.free_parameters, self.names)

    def parts_of(self, model: AbstractModel) -> list[tuple[str, AbstractModel, np.ndarray]]:
        """For each dataset its name, its model, and where its parameters are in a vector of the whole model."""
        return list(parts_of(model, self.names))

    def _each(self, instance: Any) -> Iterator[tuple[str, Analysis, Any]]:
        """Name, analysis and instance of each dataset."""
        separate = is_per_dataset(instance, self.names)
        if self.free_parameters and not separate:
            raise exc.ModelException(
                "The instance of a model without parameters of each dataset was given to an analysis with free "
                "parameters, wanted that of analysis.model_for(model): Fitness(analysis.model_for(model), analysis)."
            )
        for name, analysis in zip(self.names, self.analyses, strict=True):
            yield name, analysis, instance[name] if separate else instance

    def is_physical(self, instance: Any) -> Any:
        xp = self._xp
        return xp.all(xp.stack([xp.asarray(analysis.is_physical(part)) for _, analysis, part in self._each(instance)]))

    def is_ordered(self, instance: Any) -> Any:
        xp = self._xp
        return xp.all(xp.stack([xp.asarray(analysis.is_ordered(part)) for _, analysis, part in self._each(instance)]))

    # ------------------------------------------------------------------ likelihood and fits

    def log_likelihood_function(self, instance: Any) -> Any:
        """The sum over the datasets."""
        return sum(analysis.log_likelihood_function(part) for _, analysis, part in self._each(instance))

    def residual_vector_from(self, instance: Any) -> Array:
        """The residuals of all data, dataset after dataset, then the penalties of all datasets."""
        data, penalties = [], []
        for _, analysis, part in self._each(instance):
            residuals = analysis.residual_vector_from(part)
            data.append(analysis.residuals_of_data(residuals))
            penalties.append(residuals[len(data[-1]) :])
        self._lengths["data"] = sum(len(residuals) for residuals in data)
        return self._xp.concatenate([*data, *penalties])

    def residuals_of_data(self, residuals: Array) -> Array:
        if "data" not in self._lengths:
            raise exc.SearchException(
                "residuals_of_data got residuals before any were computed, but wants those of this analysis: "
                "analysis.residuals_of_data(analysis.residual_vector_from(instance))."
            )
        return residuals[: self._lengths["data"]]

    def fit_from(self, instance: Any) -> CombinedFit:
        """The fit of each dataset: ``fit[0]``, or ``fit["g"]`` where datasets have names."""
        return CombinedFit([analysis.fit_from(part) for _, analysis, part in self._each(instance)], self.names)

    def most_likely_from(self, model: AbstractModel, **settings: Any) -> Any:
        """From the best fit to the first dataset, where its analysis has a strategy for that, such as stages."""
        from autogalaxy.inference.combined_start import most_likely_from

        return most_likely_from(self, model, **settings)

    def make_result(self, samples: Any, search: Any) -> CombinedResult:
        """A result with one for each dataset in it."""
        return CombinedResult(samples=samples, analysis=self, search_info=search.info if search is not None else {})

    def verdict_findings_from(self, instance: Any, model: Any) -> list[Finding]:
        """Those of each dataset, which they name."""
        models = self.parts_of(model)
        return [
            replace(finding, name=f"{finding.name} of {name}", text=f"Dataset {name}: {finding.text}")
            for (name, analysis, part), (_, own, _) in zip(self._each(instance), models, strict=True)
            for finding in analysis.verdict_findings_from(part, own)
        ]

    def latents_from(self, instance: Any) -> dict[str, float]:
        """Those of each dataset, as ``g.name``."""
        return {
            f"{name}.{key}": value
            for name, analysis, part in self._each(instance)
            for key, value in analysis.latents_from(part).items()
        }

    def sky_positions_from(self, instance: Any) -> dict[str, Any] | None:
        """Those of each dataset whose header has a WCS, as ``g.galaxies.lens``."""
        found = {
            f"{name}.{path}": place
            for name, analysis, part in self._each(instance)
            for path, place in (analysis.sky_positions_from(part) or {}).items()
        }
        return found or None

    def sky_summary_from(self, instance: Any) -> dict[str, Any] | None:
        """That of the first dataset that has one."""
        found = (analysis.sky_summary_from(part) for _, analysis, part in self._each(instance))
        return next((summary for summary in found if summary is not None), None)

    # ------------------------------------------------------------------ datasets as arguments

    def dataset_arrays(self) -> Any:
        return tuple(analysis.dataset_arrays() for analysis in self.analyses)

    def with_arrays(self, arrays: Any) -> Self:
        pairs = zip(self.analyses, arrays, strict=True)
        return self._with(analyses=[analysis.with_arrays(own) for analysis, own in pairs])

    def for_dataset(self, dataset: Sequence[Any]) -> Self:
        """The analysis of other datasets, a list with one for each."""
        if not isinstance(dataset, list | tuple) or len(dataset) != len(self):
            raise exc.SearchException(
                f"for_dataset got {exc.shown(dataset)}, but this analysis has {len(self)} datasets: "
                f"for_dataset([g, r, ...]) "
                "wants one for each."
            )
        pairs = zip(self.analyses, dataset, strict=True)
        return self._with(analyses=[analysis.for_dataset(own) for analysis, own in pairs])

    # ------------------------------------------------------------------ files

    def to_stored(self) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
        """What each analysis is made of, if all of them can be; a model that is stored has its parameters apart."""
        stored = [stored_from(analysis) for analysis in self.analyses]
        known = [each for each in stored if each is not None]
        if len(known) < len(stored):
            return None
        arrays = {f"{i}.{key}": array for i, (own, _) in enumerate(known) for key, array in own.items()}
        return arrays, {"names": list(self.names), "datasets": [settings for _, settings in known]}

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> CombinedAnalysis:
        analyses = []
        for i, own in enumerate(settings["datasets"]):
            parts = {key.removeprefix(f"{i}."): array for key, array in arrays.items() if key.startswith(f"{i}.")}
            analyses.append(analysis_from(parts, own))
        return cls(analyses, settings["names"])

    def on_data_of(self, other: CombinedAnalysis) -> Self:
        pairs = zip(self.analyses, other.analyses, strict=True)
        return self._with(analyses=[analysis.on_data_of(own) for analysis, own in pairs])

    def write_fit(self, instance: Any, folder: Path) -> dict[str, Any]:
        """The fit of each dataset in a folder of its name."""
        figures: dict[str, Any] = {}
        for name, analysis, part in self._each(instance):
            (folder / name).mkdir(exist_ok=True)
            figures[name] = analysis.write_fit(part, folder / name)
        return figures

    # ------------------------------------------------------------------ checks

    def checks_before_search(self, model: Any) -> dict[str, dict[str, Any]]:
        return _joined([(name, self[name].checks_before_search(own)) for name, own, _ in self.parts_of(model)])

    def checks_after_search(self, model: Any, vector: Array) -> dict[str, dict[str, Any]]:
        vector = np.asarray(vector)
        parts = self.parts_of(model)
        return _joined([(name, self[name].checks_after_search(own, vector[columns])) for name, own, columns in parts])

    def over_sampling_check_from(self, instance: Any) -> dict[str, Any] | None:
        """The checks of all datasets that have sub-pixels; holds where each of them does."""
        checks = [(name, analysis.over_sampling_check_from(part)) for name, analysis, part in self._each(instance)]
        found = [(name, check) for name, check in checks if check is not None]
        return joined_checks(found) if found else None

    def refined_for(self, instance: Any, error: float | None = None) -> Self:
        settings = {} if error is None else {"error": error}
        return self._with(analyses=[a.refined_for(part, **settings) for _, a, part in self._each(instance)])


def combined_from(first: Analysis, second: Analysis) -> CombinedAnalysis:
    """The analysis of the datasets of both, which keep their names and free parameters."""
    analyses: list[Analysis] = []
    names: list[str] = []
    free: list[Any] = []
    for analysis in (first, second):
        if isinstance(analysis, CombinedAnalysis):
            analyses, names = [*analyses, *analysis.analyses], [*names, *analysis.names]
            free += analysis.free_parameters
        else:
            analyses, names = [*analyses, analysis], [*names, ""]
    if all(name == "" or name.isdecimal() for name in names):
        return CombinedAnalysis(analyses, free_parameters=free)
    return CombinedAnalysis(analyses, [name or str(i) for i, name in enumerate(names)], free)


def _joined(each: Sequence[tuple[str, dict[str, dict[str, Any]]]]) -> dict[str, dict[str, Any]]:
    """Checks by what they check, each of all datasets, from those of each dataset."""
    kinds = dict.fromkeys(kind for _, checks in each for kind in checks)
    return {kind: joined_checks([(name, checks[kind]) for name, checks in each if kind in checks]) for kind in kinds}


def _check_parts(analyses: Sequence[Any]) -> None:
    several = isinstance(analyses, list | tuple)
    if not several or not analyses or not all(isinstance(analysis, Analysis) for analysis in analyses):
        names = ", ".join(type(a).__name__ for a in analyses) if several else exc.shown(analyses)
        names = names or "nothing"
        raise exc.SearchException(
            f"CombinedAnalysis got {names}, but wants analyses: AnalysisImaging(g) + AnalysisImaging(r)."
        )
    if len({analysis.use_jax for analysis in analyses}) > 1:
        raise exc.BackendException(
            f"CombinedAnalysis got analyses with use_jax={[a.use_jax for a in analyses]}, but wants all of one "
            "backend: AnalysisImaging(g, use_jax=True) + AnalysisImaging(r, use_jax=True)."
        )


def _checked_names(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    given = names if isinstance(names, list | tuple) else (names,)
    checked = tuple(str(i) for i in range(count)) if names is None else tuple(given)
    usable = all(isinstance(name, str) and re.fullmatch(r"[\w-]+", name) for name in checked)  # they name folders
    if not usable or len(set(checked)) != count or len(checked) != count:
        raise exc.SearchException(
            f"A CombinedAnalysis of {count} datasets got the names {list(checked)}, but wants a different one, of "
            'letters and digits, for each: (a + b).named("g", "r").'
        )
    return checked
