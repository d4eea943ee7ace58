"""The result of a search over lens models, and the analysis it comes from."""

from __future__ import annotations

from typing import Any

from autogalaxy.analysis.dataset import AnalysisDataset
from autogalaxy.inference.result import Result
from autolens.lens.tracer import Tracer


class AnalysisLens(AnalysisDataset):
    """What the analyses of lenses share: an instance becomes a tracer, samples become a :class:`LensResult`."""

    def tracer_from(self, instance: Any) -> Tracer:
        """The tracer of an instance with a collection ``galaxies`` (and ``extra_galaxies``, if it has any)."""
        return Tracer(self.galaxies_from(instance), cosmology=self.cosmology)

    def light_from(self, instance: Any) -> Tracer:
        """What shines: the tracer of an instance."""
        return self.tracer_from(instance)

    def make_result(self, samples: Any, search: Any) -> LensResult:
        """A result that knows the tracer."""
        return LensResult(samples=samples, analysis=self, search_info=search.info if search is not None else {})


class LensResult(Result):
    """Adds the tracer of the most likely instance."""

    analysis: AnalysisLens

    @property
    def max_log_likelihood_tracer(self) -> Tracer:
        """The tracer with the highest likelihood, ready to be evaluated on any grid; linear light has intensities."""
        tracer = self.analysis.tracer_from(self.max_log_likelihood_instance)
        if not any(profile.is_linear for profile in tracer.light_profile_list):
            return tracer
        analysis = self.analysis.with_dataset(self.analysis.dataset, use_jax=False)
        return analysis.fit_from(self.max_log_likelihood_instance).tracer_linear_light_profiles_to_light_profiles
