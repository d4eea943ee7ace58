"""What the page of one fit shows, gathered before anything is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from autogalaxy.inference.latent import LatentTable
from autogalaxy.inference.verdict import Verdict
from autolens.data_doctor.diagnosis import DataFinding
from autolens.html_report import page, rings
from autolens.html_report.images import LARGEST, Picture, is_lens, native_from, pictures_of
from autolens.html_report.key_numbers import KeyNumber, assumed_redshifts_of, key_numbers_from
from autolens.html_report.numbers import plain_from
from autolens.html_report.opened import OpenedFit
from autolens.html_report.posterior import Column, columns_of, figure_of, latent_rows, parameter_rows
from autolens.html_report.read import list_from, mapping_from
from autolens.html_report.sky import orientation_of, sky_rows
from autolens.html_report.story import facts_of, files_of, lines_of, reproduction_of, sentence_from, stages_of

LATENT_SECONDS = 2.0
"""For errors of latent quantities that the folder does not hold."""
_SAYS = {
    "check": "Look at this before you use it.",
    "failed": "Do not use this fit.",
    "": "Nobody judged this fit.",
}
_SECTIONS = (
    ("posterior", "Posterior"),
    ("parameters", "Parameters"),
    ("data-doctor", "Data"),
    ("search", "Search"),
    ("reproduce", "Reproduce"),
)


@dataclass(frozen=True)
class FitContents:
    """Everything on the page of one fit."""

    fit: OpenedFit
    fits: list[dict[str, Any]]
    """Of each dataset."""
    columns: list[Column]
    latents: LatentTable | None
    latents_note: str
    keys: list[KeyNumber]

    @classmethod
    def of(cls, fit: OpenedFit, latent_seconds: float = LATENT_SECONDS) -> FitContents:
        """Gather it; ``latent_seconds`` for errors of latent quantities that are not stored."""
        found = fit.fits()
        largest = int(LARGEST / max(len(found), 1) ** 0.5)  # so that the page does not grow with their number
        fits = [_fit_content(name, each, i, largest) for i, (name, each) in enumerate(found)]
        columns = columns_of(fit.result.samples, fit.dataset)
        latents, latents_note = fit.latents(latent_seconds)
        figures = {"chi_squared": fit.search.get("chi_squared"), "pixels": sum(f["pixels"] for f in fits)}
        if fits:
            figures["chi_squared"] = sum(content["chi_squared"] for content in fits)
        keys = key_numbers_from(columns, latents, fit.search, figures, dataset=fits[0]["name"] if fits else "")
        return cls(fit, fits, columns, latents, latents_note, keys)

    def page(self, shared: str | None = None, up: str | None = None) -> str:
        """The page; ``shared`` is the address of the drawing library, ``up`` of the page of all fits."""
        fit, samples = self.fit, self.fit.result.samples
        at_limits = {str(name) for name in list_from(fit.search.get("parameters_at_limits"))}
        posterior = {**figure_of(samples, self.columns), "texts": [str(column.measured) for column in self.columns]}
        return page.page_from(
            "fit.html.j2",
            shared=shared,
            figures={"fits": [content["figures"] for content in self.fits], "posterior": posterior},
            up=up,
            title=fit.name,
            subtitle=self._subtitle,
            notices=fit.notices,
            keys=self.keys,
            assumed=self._assumed,
            sky=sky_rows(fit.summary.get("sky")),
            fits=self.fits,
            sections=[*((content["id"], content["heading"]) for content in self.fits[:1]), *_SECTIONS],
            posterior_note=_posterior_note(samples, len(self.columns[0].draws)),
            parameters=parameter_rows(samples, at_limits, fit.dataset),
            latents=latent_rows(self.latents, self.columns, fit.dataset) if self.latents is not None else [],
            latents_note=self.latents_note,
            doctor=None if fit.doctor is None else [_doctor_row(finding) for finding in fit.doctor.findings],
            story=sentence_from(fit, self._pixels),
            stages=stages_of(fit.search),
            search_lines=lines_of(fit.search),
            search_facts=facts_of(fit.search),
            reproduce=reproduction_of(fit),
            versions=list(mapping_from(fit.summary.get("versions")).items()),
            files=files_of(fit),
            **_verdict_content(fit.result.verdict),
        )

    @property
    def _assumed(self) -> str:
        """A sentence where redshifts were not stated."""
        if not (names := assumed_redshifts_of(self.fit.search)):
            return ""
        whose = " and ".join(name.removeprefix("redshift_") for name in names)
        options = " and ".join(f"--{name.replace('_', '-')}" for name in names)
        return (
            f"The redshift of the {whose} was not stated and is assumed: masses mean nothing until it is known. State "
            f"it with {options}, or in info.json."
        )

    @property
    def _pixels(self) -> int:
        return sum(content["pixels"] for content in self.fits)

    @property
    def _subtitle(self) -> str:
        says = []
        if self.fits and (redshifts := self.fits[0]["redshifts"]):
            assumed = " (assumed)" if assumed_redshifts_of(self.fit.search) else ""
            says.append("redshifts " + " and ".join(f"{float(z):g}" for z in redshifts) + assumed)
        if self.fits:
            says.append(f"{self._pixels} pixels of {self.fits[0]['pixel_scale']:g}″")
        says.append(f"{self.fit.result.samples.model.prior_count} free parameters")
        if identifier := self.fit.summary.get("identifier"):
            says.append(f"fit {identifier}")
        return " · ".join(says)


def _fit_content(name: str, fit: Any, i: int, largest: int) -> dict[str, Any]:
    """What the page shows of the fit to one dataset."""
    prefix = f"fit{i}"
    pictures = pictures_of(fit, largest)
    tracer = getattr(fit, "tracer", None)
    has_mass = is_lens(tracer)
    centre, of_what = centre_of(fit)
    x_min, x_max, y_min, y_max = _extent_of(pictures[0])
    figures = {
        "prefix": prefix,
        "pictures": [picture.to_dict(prefix) for picture in pictures],
        "rings": {**rings.rings_of(fit, centre), "unit": pictures[0].unit},
        "histogram": rings.histogram_of(fit),
    }
    if has_mass:
        figures["mass"] = rings.mass_profile_of(fit, centre, 0.5 * min(x_max - x_min, y_max - y_min))
    return {
        "id": f"images-{i}" if i else "images",
        "name": name,
        "prefix": prefix,
        "heading": f"Images of {name}" if name else "Images",
        "pictures": pictures,
        "centre": of_what,
        "orientation": orientation_of(fit.dataset),
        "has_mass": has_mass,
        "pixels": int(fit.mask.pixels_in_mask),
        "pixel_scale": float(fit.mask.pixel_scales[0]),
        "redshifts": [] if tracer is None else list(tracer.plane_redshifts),
        "chi_squared": float(fit.chi_squared),
        "figures": figures,
    }


def _extent_of(picture: Picture) -> tuple[float, float, float, float]:
    height, width = picture.values.shape
    return picture.frame.extent((height, width))


def centre_of(fit: Any) -> tuple[tuple[float, float], str]:
    """(y, x) of the lens, and what it is the centre of."""
    tracer = getattr(fit, "tracer", None)
    if tracer is not None:
        galaxies = tracer.planes[0].galaxies
        masses = [profile for galaxy in galaxies for profile in galaxy.mass_profiles]
        lights = [profile for galaxy in galaxies for profile in galaxy.light_profile_list]
        for profile in [*(m for m in masses if hasattr(m, "einstein_radius")), *lights]:
            y, x = (float(value) for value in profile.centre)
            return (y, x), f"centre of {'the mass' if profile in masses else 'the light'} of the lens"
    native, frame = native_from(fit.data)
    x_min, x_max, y_min, y_max = frame.extent((native.shape[0], native.shape[1]))
    return (0.5 * (y_min + y_max), 0.5 * (x_min + x_max)), "centre of the mask"


def _verdict_content(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"grade": "", "headline": _SAYS[""], "reasons": [], "findings": []}
    grade = verdict.grade
    headline = _SAYS.get(grade, f"Good, in all of {len(verdict.findings)} things that were looked at.")
    reasons = [] if grade == "good" else verdict.reasons
    return {"grade": grade, "headline": headline, "reasons": reasons, "findings": verdict.findings}


def _posterior_note(samples: Any, draws: int) -> str:
    of_what = "a Gaussian around the maximum" if samples.covariance is not None else f"{len(samples)} weighted samples"
    return (
        f"{draws} draws of equal weight from {of_what}. Contours hold 68 and 95 per cent; the cross and the dashed "
        "line are the most likely values. Angles and axis ratios follow from the parameters of each draw."
    )


_CODE = re.compile(r"(autolens|pip|--)[^,;]*|[\w.]+\(.*\)")
"""Something to type, and nothing else."""


def _doctor_row(finding: DataFinding) -> dict[str, Any]:
    numbers = [] if finding.value is None else [plain_from(finding.value)]
    numbers += [] if finding.limit is None else [f"limit {plain_from(finding.limit)}"]
    words = {key: str(getattr(finding, key) or "") for key in ("severity", "what", "effect", "mend")}
    words["is_code"] = "x" if _CODE.fullmatch(words["mend"]) else ""
    return {**words, "name": str(finding.name).replace("_", " "), "numbers": ", ".join(numbers)}
