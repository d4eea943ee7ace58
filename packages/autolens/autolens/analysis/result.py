"""The result of a search over lens models."""

from __future__ import annotations

from autogalaxy.inference.result import Result
from autolens.lens.tracer import Tracer


class LensResult(Result):
    """Adds the tracer of the most likely instance."""

    @property
    def max_log_likelihood_tracer(self) -> Tracer:
        """The tracer with the highest likelihood, ready to be evaluated on any grid."""
        return self.analysis.tracer_from(self.max_log_likelihood_instance)
