"""A fit in plain types, for ``--json`` and for the table of many lenses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autolens.analysis.result import LensResult


@dataclass(frozen=True)
class Outcome:
    """A fit that has ended, and what the command leaves with."""

    name: str
    folder: Path
    result: LensResult
    times: dict[str, Any]
    chi_squared: float | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    """What else was made: the report, what the doctor found."""

    @property
    def exit_code(self) -> int:
        verdict = self.result.verdict
        return 1 if verdict is None else verdict.exit_code

    def to_dict(self) -> dict[str, Any]:
        """Everything that a machine may ask, with names that stay."""
        result, info = self.result, self.result.search_info
        samples, verdict = result.samples, result.verdict
        best, errors = samples.max_log_likelihood_vector, samples.errors_at_sigma(1.0)
        rows = zip(samples.names, best, samples.median_pdf_vector, errors, result.original_model.units, strict=True)
        return {
            "name": self.name,
            "results": self.folder,
            "exit_code": self.exit_code,
            "finished": result.is_finished,
            "verdict": None if verdict is None else verdict.grade,
            "reasons": [] if verdict is None else verdict.reasons,
            "parameters": {
                path: {"best": value, "median": median, "lower_error": low, "upper_error": high, "unit": unit}
                for path, value, median, (low, high), unit in rows
            },
            "latents": info.get("latents"),
            "chi_squared": self.chi_squared,
            "pixels": result.analysis.dataset.mask.pixels_in_mask,
            "log_likelihood": result.log_likelihood,
            "log_evidence": info.get("log_evidence"),
            "log_evidence_error": info.get("log_evidence_error"),
            "effective_samples": info.get("effective_samples"),
            "sampling": (info.get("sampling") or {}).get("method"),
            **(info.get("command") or self.times),
            **self.beside,
        }
