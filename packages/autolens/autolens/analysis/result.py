"""The result of a search over lens models, and the analysis it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autoarray.type import Array
from autogalaxy.analysis.dataset import AnalysisDataset
from autogalaxy.analysis.fit_findings import BRIGHT, arcs_finding_from, centre_of
from autogalaxy.analysis.light_changes import light_changes_from, psf_change_from
from autogalaxy.analysis.score_tests import Change
from autogalaxy.inference.result import Result
from autogalaxy.inference.verdict import Finding
from autolens.analysis.score_tests import mass_changes_from
from autolens.lens.tracer import Tracer


class AnalysisLens(AnalysisDataset):
    """What the analyses of lenses share: an instance becomes a tracer, samples become a :class:`LensResult`."""

    def tracer_from(self, instance: Any) -> Tracer:
        """The tracer of an instance with a collection ``galaxies`` (and ``extra_galaxies``, if it has any)."""
        return Tracer(self.galaxies_from(instance), cosmology=self.cosmology)

    def light_from(self, instance: Any) -> Tracer:
        """What shines: the tracer of an instance."""
        return self.tracer_from(instance)

    def verdict_findings_from(self, instance: Any, model: Any) -> list[Finding]:
        """Those of every fit, and whether the arcs are modelled at all; where not, changes of the model say nothing."""
        fit = self._in_numpy(self.dataset).fit_from(instance)
        arcs = arcs_finding_from(fit, self._lensed_image_of(fit)) if fit.tracer.total_planes > 1 else None
        findings = super().verdict_findings_from(instance, model)
        if arcs is None:
            return findings
        if arcs.grade != "good":
            findings = [finding for finding in findings if not finding.name.startswith("missing.")]
        return [arcs, *findings]

    @staticmethod
    def _lensed_image_of(fit: Any) -> Array:
        """Blurred light of every plane but the first, ``(n,)``."""
        return sum((image.array for image in fit.model_images_of_planes_list[1:]), start=np.zeros(fit.data.size))

    def _regions_from(self, fit: Any) -> dict[str, Array]:
        """The arcs, and the centre of the lens."""
        if fit.tracer.total_planes < 2:
            return super()._regions_from(fit)
        noise = np.asarray(fit.noise_map.array)
        foreground = np.asarray(fit.model_images_of_planes_list[0].array)
        return {
            "in the arcs": self._lensed_image_of(fit) > BRIGHT * noise,
            "in the centre of the lens": centre_of(foreground, noise),
        }

    def _changes_from(self, residuals_of: Any, start: Array, instance: Any) -> Iterator[Change]:
        """Changes of the mass, of the light of the lens and of what lies behind it, and of the PSF."""
        tracer = self.tracer_from(instance)
        yield from mass_changes_from(residuals_of, start, instance, tracer)
        planes = [[p for g in plane.galaxies for p in g.light_profile_list] for plane in tracer.planes]
        groups = {"lens": planes[0], "source": [p for plane in planes[1:] for p in plane]}
        groups = {name: profiles for name, profiles in groups.items() if profiles}
        yield from light_changes_from(residuals_of, start, instance, groups)
        yield from psf_change_from(lambda dataset: residuals_of(instance, dataset), start, self.dataset)

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
