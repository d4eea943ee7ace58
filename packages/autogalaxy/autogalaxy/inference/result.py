"""What a search found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference import result_files
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.identifier import Identity
from autogalaxy.inference.latent import N_DRAWS, Functions, LatentTable, latents_of
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.prior_passing import centred_prior_from, passed_prior_from
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.verdict import Verdict


class Result:
    """Samples of a search with the maximum-likelihood instance, fit, and models for a search that follows."""

    def __init__(self, samples: Samples, analysis: Analysis, search_info: dict[str, Any] | None = None) -> None:
        self.samples = samples
        self.analysis = analysis
        if not isinstance(samples, Samples) or not isinstance(search_info, dict | None):
            raise exc.SearchException(
                f"Result got samples={exc.shown(samples)} and search_info={exc.shown(search_info)}, wanted Samples, a "
                "dictionary: Result(samples, analysis)."
            )
        self.search_info = dict(search_info or {})
        self.identity: Identity | None = None
        """What the fit is of; known where it has a folder."""
        self.read_from: Path | None = None
        """The file that this result was read from."""
        self._fit: Any = None
        self._latents: LatentTable | None = None
        self._verdict: Verdict | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the search came to its end, so that it need not be run again."""
        return not self.search_info.get("interrupted", False)

    @property
    def verdict(self) -> Verdict | None:
        """Whether the fit can be trusted, and why; ``None`` where nobody judged it."""
        held = self.search_info.get("verdict") if self._verdict is None else self._verdict
        return held if isinstance(held, Verdict) else Verdict.from_dict(held)

    @verdict.setter
    def verdict(self, verdict: Verdict | None) -> None:
        self._verdict = verdict

    @property
    def log_likelihood(self) -> float:
        return self.samples.max_log_likelihood

    @property
    def max_log_likelihood_instance(self) -> Any:
        return self.samples.max_log_likelihood_instance

    @property
    def instance(self) -> Any:
        return self.max_log_likelihood_instance

    @property
    def max_log_likelihood_fit(self) -> Any:
        """The fit of the maximum-likelihood instance, computed once."""
        if self.analysis is None:
            raise exc.FitException(
                "This result was read from a folder that does not hold its data: its analysis is no class that a file "
                "may name. Write load_result(folder, analysis=analysis)."
            )
        if self._fit is None:
            self._fit = self.analysis.fit_from(self.max_log_likelihood_instance)
        return self._fit

    @property
    def latents(self) -> LatentTable:
        """Quantities that follow from the parameters, with errors, as the analysis offers them.

        Computed once; those that were before the result was written are read from its folder.
        """
        if self._latents is None:
            self._latents = LatentTable.from_dict(
                self.search_info.get("latents") or {}, str(self.read_from or "result.json")
            )
            if len(self._latents) == 0 and self.analysis is not None:
                self._latents = latents_of(self)
                self.search_info["latents"] = self._latents.to_dict()
        return self._latents

    def latents_with(self, functions: Functions, n_draws: int = N_DRAWS, seed: int = 1) -> LatentTable:
        """The same for functions of an instance: ``result.latents_with({"ratio": f, "mass": (g, "solMass")})``."""
        return latents_of(self, functions=functions, n_draws=n_draws, seed=seed)

    @property
    def sky_positions(self) -> dict[str, Any]:
        """Right ascension, declination and position angle of galaxies and profiles of the best fit, by path.

        ``result.sky_positions["galaxies.lens"].sexagesimal()``. Those behind a lens are where they would be seen
        without it.
        """
        positions = None if self.analysis is None else self.analysis.sky_positions_from(self.instance)
        if positions is None:
            raise exc.FitException(
                "this result has no places on the sky: the header of its data has no WCS. Read the data with "
                "Imaging.from_fits from a file that has one (CTYPE1, CRVAL1, CRPIX1, CD1_1...)."
            )
        return positions

    @property
    def original_model(self) -> AbstractModel:
        """The model that was fitted, with its priors."""
        return self.samples.model

    @property
    def model(self) -> AbstractModel:
        """The model with Gaussian priors centred on the result, three sigma wide, inside the original limits.

        None is narrower than the least width for its name or unit, see ``prior_passing.LEAST_WIDTHS``.
        """
        errors = [0.5 * (low + high) for low, high in self.samples.errors_at_sigma(3.0)]
        entries = self.original_model.free_entries
        centres = self.samples.median_pdf_vector
        made = [passed_prior_from(e, float(c), w) for e, c, w in zip(entries, centres, errors, strict=True)]
        return self.original_model.with_priors(made)

    def model_centred(self, sigma: float = 0.1) -> AbstractModel:
        """The model with Gaussian priors centred on the result, ``sigma`` of the original widths wide."""
        return self._model_with_widths([sigma * prior.width for prior in self.original_model.priors])

    def model_centred_absolute(self, a: float) -> AbstractModel:
        """The model with Gaussian priors centred on the result, ``a`` wide in the unit of each parameter."""
        return self._model_with_widths([_positive("a", a)] * self.original_model.prior_count)

    def model_centred_relative(self, r: float) -> AbstractModel:
        """The model with Gaussian priors centred on the result, the part ``r`` of each value wide."""
        return self._model_with_widths([_positive("r", r) * abs(float(v)) for v in self.samples.median_pdf_vector])

    def model_fixed(self, linear_free: bool = False) -> AbstractModel:
        """The model fixed at the maximum; with ``linear_free`` its linear parameters keep their priors."""
        priors = self.original_model.priors
        kept = self.original_model.linear_indexes if linear_free else ()
        best = self.samples.max_log_likelihood_vector
        return self.original_model.with_priors([p if i in kept else float(best[i]) for i, p in enumerate(priors)])

    def vectors_for(self, model: AbstractModel, others: Sequence[Result] = ()) -> np.ndarray:
        """Starts of another search: a vector of ``model`` for each optimum found here, ``(n, p)``.

        Parameters are matched by path. Those that this model does not have are taken from the maximum of the first
        of ``others`` that does, then from the medians of their priors.
        """
        known = dict(zip(model.paths, model.physical_values_from_prior_medians, strict=True))
        for other in reversed(others):
            known.update(zip(other.samples.names, other.samples.max_log_likelihood_vector, strict=True))
        rows = [known | dict(zip(self.samples.names, row, strict=True)) for row in self.samples.parameters]
        return np.array([[row[path] for path in model.paths] for row in rows])

    def _model_with_widths(self, widths: list[float]) -> AbstractModel:
        priors = self.original_model.priors
        centres = self.samples.median_pdf_vector
        made = [centred_prior_from(p, float(c), w) for p, c, w in zip(priors, centres, widths, strict=True)]
        return self.original_model.with_priors(made)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(log_likelihood={self.log_likelihood:.4f}, {len(self.samples)} samples)"

    # ------------------------------------------------------------------ files

    def to_dict(self) -> dict[str, Any]:
        """Summary in plain types: likelihood, each parameter with its errors, and how the search went."""
        return result_files.dict_from(self)

    def write(self, folder: str | Path) -> None:
        """Write the model, the samples, the data, the fit and ``result.json``, the last one when all else is there."""
        result_files.write(self, Path(folder))


def _positive(name: str, value: float) -> float:
    if isinstance(value, str) or not 0.0 < value < np.inf:
        raise exc.ModelException(
            f"got {name}={value!r}, but wants a finite number above zero: result.model_centred_absolute(a=0.05), or "
            "result.model_centred_relative(r=0.1)."
        )
    return float(value)
