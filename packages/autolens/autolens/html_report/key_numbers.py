"""The numbers that stand at the top of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autogalaxy.inference.latent import Latent, LatentTable
from autolens.html_report.numbers import Measured, measured_from, unit_from
from autolens.html_report.posterior import Column, measured_of

_MOST = 12


@dataclass(frozen=True)
class KeyNumber:
    """One of them, with what it is exactly."""

    label: str
    measured: Measured
    number: float
    """The same, to sort and to draw."""
    unit: str = ""
    note: str = ""


def key_numbers_from(
    columns: list[Column],
    latents: LatentTable | None,
    search: Mapping[str, Any],
    figures: Mapping[str, Any],
    dataset: str = "",
) -> list[KeyNumber]:
    """Einstein radius and mass, shape of the mass, shear, magnification, evidence and chi-squared, as far as known.

    Of several datasets latent quantities are those of ``dataset``.
    """
    prefix = f"{dataset}." if dataset else ""
    known = {latent.name.removeprefix(prefix): latent for latent in latents or () if latent.name.startswith(prefix)}
    found = []
    if (radius := known.get("einstein_radius")) is not None:
        found.append(_of_latent("Einstein radius", radius, "″", "of the area inside the tangential critical curve"))
    if (mass := known.get("einstein_mass")) is not None and not assumed_redshifts_of(search):
        found.append(_of_latent("Einstein mass", mass, "M☉", "inside the Einstein radius"))
    found += _of_mass(columns, is_radius_known=radius is not None)
    for name, latent in known.items():
        if name.endswith(".magnification"):
            owner = name.removesuffix(".magnification").rpartition(".")[2]
            where = f" {dataset}" if dataset else ""
            note = f"light of {owner} in the image{where} over its light without lensing"
            found.append(_of_latent("Magnification", latent, "", note))
    return [*found[: _MOST - 2], *_of_fit(search, figures)]


def assumed_redshifts_of(search: Mapping[str, Any]) -> list[str]:
    """Redshifts that nobody stated, from what the search says of the command: ``redshift_lens``."""
    command = search.get("command")
    names = command.get("assumed") if isinstance(command, Mapping) else None
    return [name for name in ("redshift_lens", "redshift_source") if isinstance(names, list) and name in names]


def _of_latent(label: str, latent: Latent, unit: str, note: str) -> KeyNumber:
    if latent.has_errors:
        return KeyNumber(label, measured_of(latent), latent.median, unit, note)
    return KeyNumber(label, measured_of(latent), latent.maximum, unit, f"at the maximum; {note}")


def _of_mass(columns: list[Column], is_radius_known: bool) -> list[KeyNumber]:
    """Those of mass profiles: what has an Einstein radius, and a shear."""
    owners = [c.name.rpartition(".")[0] for c in columns if c.name.endswith(".einstein_radius")]
    shapes = [c.name.rpartition(".")[0] for c in columns if c.name.endswith(".axis_ratio")]
    owners += [owner for owner in shapes if any(word in owner for word in ("mass", "dark", "halo", "nfw"))]
    found = []
    for column in columns:
        owner, _, last = column.name.rpartition(".")
        unit = unit_from(column.unit)
        if owner in owners[:1]:
            labels = {"axis_ratio": "Axis ratio of the mass", "angle": "Position angle", "slope": "Slope of the mass"}
            notes = {
                "axis_ratio": f"{owner}, minor over major axis",
                "angle": f"{owner}, counter-clockwise from the x axis",
            }
            if not is_radius_known:
                labels["einstein_radius"] = f"{owner}.einstein_radius"
                notes["einstein_radius"] = "parameter of the profile, not that of the whole lens"
            if last in labels:
                found.append(KeyNumber(labels[last], column.measured, column.maximum, unit, notes.get(last, owner)))
        elif last == "strength":
            found.append(KeyNumber("Shear", column.measured, column.maximum, "", owner))
        elif last == "angle" and any(c.name == f"{owner}.strength" for c in columns):
            note = "counter-clockwise from the x axis"
            found.append(KeyNumber("Shear angle", column.measured, column.maximum, unit, note))
    order = {"Einstein radius": 0, "Slope of the mass": 1, "Axis ratio of the mass": 2, "Position angle": 3}
    return sorted(found, key=lambda n: order.get("Einstein radius" if "." in n.label else n.label, 9))


def _of_fit(search: Mapping[str, Any], figures: Mapping[str, Any]) -> list[KeyNumber]:
    found = []
    if (evidence := search.get("log_evidence")) is not None:
        error = search.get("log_evidence_error")
        found.append(KeyNumber("ln evidence", measured_from(evidence, error, error), evidence, "", "natural logarithm"))
    chi_squared, pixels = figures.get("chi_squared"), figures.get("pixels")
    if isinstance(chi_squared, float) and isinstance(pixels, int) and pixels > 0:
        note = f"χ² = {chi_squared:.0f} for {pixels} pixels"
        reduced = chi_squared / pixels
        found.append(KeyNumber("χ² per pixel", Measured(f"{reduced:.3f}"), reduced, "", note))
    return found
