"""What was found in an observation, in words and in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoarray import exc

SEVERITIES = ("note", "warning", "error")
"""From least to worst: worth knowing; a fit is biased or its errors are; a fit cannot be made or means nothing."""


@dataclass(frozen=True)
class DataFinding:
    """One thing that is wrong with the data, or worth knowing of them."""

    name: str
    """What was found, for programs: ``noise_scale``, ``psf_sum``, ..."""
    severity: str
    """A word of ``SEVERITIES``."""
    what: str
    """What was found and how far off it is, in one sentence."""
    value: float | None
    """The number that was judged."""
    limit: float | None
    """The number that it was judged by."""
    effect: str
    """What it does to a fit."""
    mend: str
    """The call or the command that mends it."""

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise exc.DatasetException(f"severity={self.severity!r}, wanted one of {', '.join(SEVERITIES)}.")

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was found, what was measured on the way, and guesses to start from."""

    findings: tuple[DataFinding, ...] = ()
    guesses: dict[str, Any] = field(default_factory=dict)
    """``lens_centre`` (y, x), ``arc_positions`` and ``einstein_radius`` [arcsec]; ``background`` and ``sky_scatter`` in
    the unit of the data; those that could not be made are ``None``. Nothing uses them by itself."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What was measured, for programs and reports."""
    maps: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Images for the picture, by name; not written to files."""

    @property
    def worst(self) -> str:
        """``good`` where nothing was found, else the worst severity."""
        return max((f.severity for f in self.findings), key=SEVERITIES.index, default="good")

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0, or 1 where somebody has to look."""
        return 1 if self.worst in ("warning", "error") else 0

    def named(self, name: str) -> DataFinding | None:
        """The finding of that name; ``None`` where there is none."""
        return next((f for f in self.findings if f.name == name), None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "worst": self.worst,
            "findings": [f.to_dict() for f in self.findings],
            "guesses": dict(self.guesses),
            "facts": dict(self.facts),
        }

    @classmethod
    def from_dict(cls, dictionary: Any) -> Diagnosis | None:
        """What :meth:`to_dict` wrote; ``None`` where it is something else."""
        try:
            findings = tuple(DataFinding(**finding) for finding in dictionary["findings"])
            guesses, facts = dictionary["guesses"], dictionary["facts"]
        except (TypeError, KeyError, exc.DatasetException):
            return None
        if not (isinstance(guesses, Mapping) and isinstance(facts, Mapping)):
            return None
        return cls(findings, dict(guesses), dict(facts))

    def __str__(self) -> str:
        lines = [_heading_of(self)]
        for finding in self.findings:
            lines += [
                "",
                f"{finding.severity.upper():8}{finding.what}",
                f"        effect: {finding.effect}",
                f"        mend:   {finding.mend}",
            ]
        if guesses := lines_of_guesses(self.guesses):
            lines += ["", "Guesses, used by nothing unless you say so:"] + [f"  {line}" for line in guesses]
        return "\n".join(lines)


def _heading_of(diagnosis: Diagnosis) -> str:
    if not diagnosis.findings:
        return "good: nothing was found"
    counts = {s: sum(f.severity == s for f in diagnosis.findings) for s in reversed(SEVERITIES)}
    parts = [f"{n} {s}{'s' if n > 1 else ''}" for s, n in counts.items() if n]
    return f"{diagnosis.worst}: {', '.join(parts)}"


def lines_of_guesses(guesses: Mapping[str, Any]) -> list[str]:
    """A line for each guess that could be made."""
    lines = []
    if (centre := guesses.get("lens_centre")) is not None:
        lines.append(f"centre of the lens (y, x) = ({centre[0]:.3f}, {centre[1]:.3f}) arcsec")
    if (radius := guesses.get("einstein_radius")) is not None:
        lines.append(f"Einstein radius {radius:.2f} arcsec")
    if positions := guesses.get("arc_positions"):
        places = ", ".join(f"({y:.2f}, {x:.2f})" for y, x in positions)
        lines.append(f"bright places of the arcs (y, x) = {places} arcsec")
    if (scatter := guesses.get("sky_scatter")) is not None:
        level = guesses.get("background")
        told = "" if level is None else f"sky level {level:.3g}, "
        lines.append(f"{told}scatter of a pixel of empty sky {scatter:.3g}")
    return lines
