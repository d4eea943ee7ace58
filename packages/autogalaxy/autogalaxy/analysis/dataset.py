"""What the analyses of imaging datasets share, with lensing or without."""

from __future__ import annotations

import copy
import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, count
from pathlib import Path
from typing import Any, Self

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import activate_pytrees, register_instance_pytree
from autoarray.settings import checked_settings
from autoarray.type import Array
from autogalaxy.analysis import sky, stored
from autogalaxy.analysis.fit_findings import centre_of, fit_findings_from
from autogalaxy.analysis.light_changes import light_changes_from, psf_change_from
from autogalaxy.analysis.over_sampling import ERROR, adaptive_over_sampling_from
from autogalaxy.analysis.over_sampling_check import check_from, with_doubled_sizes
from autogalaxy.analysis.precision import LARGEST_PRECISION_ERROR, precision_error_of, worst_precision_error_of
from autogalaxy.analysis.score_tests import Change
from autogalaxy.cosmology import LensingCosmology, Planck15
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.verdict import Finding

PRECISIONS = ("double", "mixed")


class AnalysisDataset(Analysis):
    """Log likelihood of a model given one dataset; a subclass says which fit belongs to an instance."""

    def __init__(
        self,
        dataset: aa.Imaging,
        cosmology: LensingCosmology | None = None,
        settings: aa.Settings | None = None,
        use_jax: bool = False,
        precision: str = "double",
    ) -> None:
        super().__init__(use_jax=use_jax)
        if not isinstance(precision, str) or precision not in PRECISIONS or (precision == "mixed" and not use_jax):
            raise exc.BackendException(
                f"{type(self).__name__} got precision={exc.shown(precision)} with use_jax={use_jax}, wanted "
                "'double', or 'mixed' under JAX: AnalysisImaging(dataset, use_jax=True, precision='mixed')."
            )
        self.precision = precision
        if not isinstance(dataset, aa.Imaging):
            raise exc.DatasetException(
                f"{type(self).__name__} got a {type(dataset).__name__}, wanted an Imaging: "
                "Imaging(data, noise_map, psf, pixel_scales=0.05), or Imaging.from_fits(...)."
            )
        if cosmology is not None and not isinstance(cosmology, LensingCosmology):
            raise exc.CosmologyException(
                f"{type(self).__name__} got cosmology={exc.shown(cosmology)}, wanted one of al.cosmo: "
                "cosmology=al.cosmo.Planck15()."
            )
        self.dataset = dataset
        self.settings = checked_settings(settings)
        self.cosmology = Planck15() if cosmology is None else cosmology
        self.log_likelihood_offset = -0.5 * float(dataset.noise_normalization)

    def with_dataset(self, dataset: aa.Imaging, use_jax: bool | None = None) -> AnalysisDataset:
        """An analysis of another dataset, with the same cosmology and without penalties."""
        use_jax = self.use_jax if use_jax is None else use_jax
        precision = self.precision if use_jax else "double"
        return type(self)(
            dataset, cosmology=self.cosmology, settings=self.settings, use_jax=use_jax, precision=precision
        )

    def dataset_arrays(self) -> aa.ImagingArrays:
        """Data, noise and PSF of the dataset."""
        return self.dataset.arrays

    def with_arrays(self, arrays: aa.ImagingArrays) -> Self:
        """This analysis of other data, noise and PSF on the same pixels, which JAX may trace."""
        return self._of(self.dataset.with_arrays(arrays))

    def for_dataset(self, dataset: aa.Imaging) -> Self:
        """This analysis of another dataset with the same pixels, sub-pixels and shape of PSF, or our error."""
        self.dataset.check_same_pixels(dataset)
        new = self._of(dataset)
        compiled = {key: kernel for key, kernel in vars(self).get("_kernels", {}).items() if key != "precision"}
        object.__setattr__(new, "_kernels", compiled)
        return new

    def _of(self, dataset: aa.Imaging) -> Self:
        new = copy.copy(self)
        new.dataset = dataset
        new.log_likelihood_offset = -0.5 * dataset.noise_normalization
        return new

    @abstractmethod
    def fit_from(self, instance: Any) -> Any:
        raise NotImplementedError

    # ------------------------------------------------------------------ precision

    def _as_fitted(self, instance: Any) -> tuple[aa.Imaging, Any]:
        """The dataset and the instance of which fits are made: with ``precision="mixed"`` both are float32.

        Then images are float32; data, residuals and all sums stay float64.
        """
        if self.precision == "double":
            return self.dataset, instance
        held = vars(self).get("_single_precision")
        if held is None or held[0] is not self.dataset:
            held = self._single_precision = (self.dataset, self.dataset.in_single_precision())
        return held[1], single_precision_of(instance)

    def checks_before_search(self, model: Any) -> dict[str, dict[str, Any]]:
        """With mixed precision the error of ln L that it causes; more than ``LARGEST_PRECISION_ERROR`` is refused."""
        if self.precision == "double":
            return {}
        error = self.precision_error_from(model)
        if not error <= LARGEST_PRECISION_ERROR:
            raise exc.FitException(
                f"precision='mixed' changes ln L by {error:.2g} here, wanted at most {LARGEST_PRECISION_ERROR}: write "
                f"{type(self).__name__}(..., precision='double')."
            )
        return {"precision": {"mode": self.precision, "error": error, "summary": f"mixed, ln L to {error:.1g}"}}

    def checks_after_search(self, model: Any, vector: Array) -> dict[str, dict[str, Any]]:
        """With mixed precision the error of ln L at the best fit, which may be far from the draws before."""
        if self.precision == "double":
            return {}
        error = self._precision_error_function(model)(vector)
        error = math.inf if error is None else error
        holds = error <= LARGEST_PRECISION_ERROR
        summary = f"mixed, ln L to {error:.1g} at the best fit"
        if not holds:
            summary += f", NOT to {LARGEST_PRECISION_ERROR}: search once more with precision='double'"
        return {"precision": {"at_best_fit": error, "holds": holds, "summary": summary}}

    def precision_error_from(self, model: Any, draws: int = 4) -> float:
        """How far ln L near its maximum may be off in mixed precision, the worst of the median and a few draws.

        Draws without finite residuals in double precision are replaced by others, see ``precision_error_of``.
        """
        vars(self).get("_kernels", {}).pop("precision", None)  # the model may have changed since
        error_at, rng = self._precision_error_function(model), np.random.default_rng(0)
        units = (rng.uniform(0.25, 0.75, size=model.prior_count) for _ in count())
        vectors = chain([model.physical_values_from_prior_medians], map(model.vector_from_unit_vector, units))
        return worst_precision_error_of(map(error_at, vectors), draws + 1)

    def _precision_error_function(self, model: Any) -> Callable[[Any], float | None]:
        """The error of a physical vector; compiled once for a search, its beginning and its end."""
        held = vars(self).setdefault("_kernels", {})
        if held.get("precision", (None,))[0] is not model:
            import jax

            double = self.with_dataset(self.dataset)
            double.precision = "double"
            of_mixed, of_double = (
                jax.jit(lambda v, a=a: a.fit_from(model.instance_from_vector(v, xp=a._xp)).whitened_residuals)
                for a in (self, double)
            )
            held["precision"] = (model, lambda v: precision_error_of(of_mixed(np.asarray(v)), of_double(np.asarray(v))))
        return held["precision"][1]

    def log_likelihood_function(self, instance: Any) -> Any:
        """Log likelihood of the instance, less what penalties take."""
        return self.fit_from(instance).figure_of_merit - self.log_likelihood_penalty_from(instance)

    def residual_vector_from(self, instance: Any) -> Array:
        """Whitened residuals of every pixel, then those of the coefficients where linear light is regularized.

        Half of the sum of their squares is what the coefficients minimize; the determinants of the evidence are not in
        it. A subclass with a penalty adds the root of twice the penalty.
        """
        fit = self.fit_from(instance)
        inversion = getattr(fit, "inversion", None)
        if inversion is None or not inversion.is_regularized:
            return fit.whitened_residuals
        return self._xp.concatenate((fit.whitened_residuals, inversion.regularization_residuals))

    def residuals_of_data(self, residuals: Array) -> Array:
        """Those of the pixels, ``(n,)``."""
        return residuals[: self.dataset.mask.pixels_in_mask]

    def log_likelihood_penalty_from(self, instance: Any) -> Any:
        """What is subtracted from the log likelihood for reasons that are not in the data; nothing by default."""
        return 0.0

    # ------------------------------------------------------------------ instances

    def galaxies_from(self, instance: Any) -> list[Galaxy]:
        """The galaxies of an instance with a collection ``galaxies`` (and ``extra_galaxies``, if it has any)."""
        if not hasattr(instance, "galaxies"):
            names = [name for name in vars(instance) if not name.startswith("_")]
            raise exc.ModelException(
                f"the model has {names} and no galaxies; wanted Collection(galaxies=Collection(lens=..., source=...))."
            )
        return [*instance.galaxies, *(getattr(instance, "extra_galaxies", None) or ())]

    def light_from(self, instance: Any) -> Any:
        """What shines: the galaxies of an instance."""
        return Galaxies(self.galaxies_from(instance))

    def sky_positions_from(self, instance: Any) -> dict[str, Any] | None:
        wcs = self.dataset.wcs
        return None if wcs is None else sky.sky_positions_from(instance, wcs, self.dataset_model_from(instance))

    def sky_summary_from(self, instance: Any) -> dict[str, Any] | None:
        return sky.summary_from(self.sky_positions_from(instance) or {})

    # ------------------------------------------------------------------ files

    def to_stored(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        return stored.parts_of(self)

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> AnalysisDataset:
        return cls(**stored.arguments_from(arrays, settings))

    def on_data_of(self, other: AnalysisDataset) -> Self:
        return self._of(other.dataset)

    def write_fit(self, instance: Any, folder: Path) -> dict[str, Any]:
        fit = self._in_numpy(self.dataset).fit_from(instance)
        return stored.write_fit(fit, self.images_of(fit), folder)

    def images_of(self, fit: Any) -> dict[str, aa.Array2D]:
        """The images of a fit by the name of their HDU in ``fit.fits``."""
        return stored.images_of(fit)

    # ------------------------------------------------------------------ sub-pixels

    def over_sampling_check_from(self, instance: Any) -> dict[str, Any] | None:
        """What twice the sub-sizes change in ln L, and in the pixels in units of their noise."""
        fit, finer = (self._in_numpy(d).fit_from(instance) for d in (self.dataset, with_doubled_sizes(self.dataset)))
        return check_from(fit, finer).to_dict()

    def refined_for(self, instance: Any, error: float = 0.7 * ERROR) -> Self:
        """This analysis with sub-sizes made for an instance, pixel by pixel, at the nodes of a quadrature.

        An ``error`` below what the check allows leaves room for a model that moves until then.
        """
        refined = copy.copy(self)
        refined.dataset, _ = adaptive_over_sampling_from(
            self.dataset.apply_over_sampling(over_sample_rule="quadrature"),
            self.light_from(instance),
            error=error,
            dataset_model=self.dataset_model_from(instance),
            settings=self.settings,
        )
        return refined

    # ------------------------------------------------------------------ verdict

    def verdict_findings_from(self, instance: Any, model: Any) -> list[Finding]:
        """Structure in the residuals, and what changes of the model would gain; in NumPy."""
        analysis = self._in_numpy(self.dataset)
        fit = analysis.fit_from(instance)

        def residuals_of(other: Any, dataset: aa.Imaging | None = None) -> Array:
            own = analysis if dataset is None else analysis._in_numpy(dataset)
            return own.fit_from(other).whitened_residuals

        def changes_from(start: Array) -> Iterator[Change]:
            return self._changes_from(residuals_of, start, instance)

        findings = fit_findings_from(residuals_of, fit, instance, model, self._regions_from(fit), changes_from)
        return [*findings, *(Finding("linear_light", "check", text) for text in getattr(fit, "warnings", []))]

    def _regions_from(self, fit: Any) -> dict[str, Array]:
        """Parts of the image that are judged by themselves, ``(n,)`` booleans by where they are."""
        return {"in the centre": centre_of(fit.model_data.array, fit.noise_map.array)}

    def _changes_from(self, residuals_of: Any, start: Array, instance: Any) -> Iterator[Change]:
        """Changes of the model whose gain is looked at."""
        profiles = [p for galaxy in self.galaxies_from(instance) for p in galaxy.light_profile_list]
        yield from light_changes_from(residuals_of, start, instance, {"galaxies": profiles})
        yield from psf_change_from(lambda dataset: residuals_of(instance, dataset), start, self.dataset)

    def _in_numpy(self, dataset: aa.Imaging) -> Self:
        analysis = copy.copy(self)
        analysis.dataset, analysis.use_jax, analysis.precision = dataset, False, "double"
        return analysis

    def dataset_model_from(self, instance: Any) -> aa.DatasetModel | None:
        """The background and grid offset of the model, if it has any."""
        return getattr(instance, "dataset_model", None)

    def _register_fit_imaging_pytrees(self, *classes: type) -> None:
        """Make fits returnable from ``jax.jit``; idempotent, and independent of the order of registration."""
        for cls in (*classes, aa.DatasetModel):
            register_instance_pytree(cls, no_flatten=getattr(cls, "no_flatten", ()))
        activate_pytrees()


def single_precision_of(instance: Any) -> Any:
    """An instance whose traced and array values are float32; plain numbers follow the arrays they meet."""
    import jax
    import jax.numpy as jnp

    def single(leaf: Any) -> Any:
        if isinstance(leaf, jax.Array | np.ndarray | np.floating) and jnp.issubdtype(leaf.dtype, jnp.floating):
            return jnp.asarray(leaf, dtype=jnp.float32)
        return leaf

    return jax.tree.map(single, instance)
