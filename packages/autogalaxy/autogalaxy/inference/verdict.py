"""Whether a fit can be trusted, with reasons in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autoarray import exc

GRADES = ("good", "check", "failed")
"""From best to worst."""
MARK = "_vector"
"""Attribute of an instance that is judged: the free parameters it was made from."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what it says of the fit."""

    name: str
    """What was looked at: ``agreement``, ``sampling``, ``prior_edge``, ``residuals``, ``over_sampling``, ..."""
    grade: str
    """What it allows the verdict to be at best."""
    text: str
    """One sentence for the user: what was found, and if it is not good what to do."""
    value: float | None = None
    """The number that was judged."""
    limit: float | None = None
    """The number that it was judged by."""

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.name, self.text, self.grade)) or self.grade not in GRADES:
            raise exc.SearchException(
                f"Finding got name={exc.shown(self.name)}, grade={exc.shown(self.grade)} and text="
                f"{exc.shown(self.text)}, wanted texts, and one of {GRADES}."
            )

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Verdict:
    """The worst grade of all findings."""

    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.findings, tuple) or not all(isinstance(f, Finding) for f in self.findings):
            raise exc.SearchException(
                f"Verdict got {exc.shown(self.findings)}, wanted findings: Verdict.of([finding])."
            )

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Verdict:
        return cls(tuple(findings) if isinstance(findings, Sequence) else findings)  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, dictionary: Any) -> Verdict | None:
        """What :meth:`to_dict` wrote; ``None`` where it is something else."""
        try:
            return cls(tuple(Finding(**finding) for finding in dictionary["findings"]))
        except (TypeError, KeyError, IndexError, ValueError):
            return None

    @property
    def grade(self) -> str:
        return max((f.grade for f in self.findings), key=GRADES.index, default="good")

    @property
    def reasons(self) -> list[str]:
        """Sentences of the findings that are not good, the worst first; what was good where all are."""
        bad = [f.text for grade in ("failed", "check") for f in self.findings if f.grade == grade]
        return bad or [f.text for f in self.findings]

    @property
    def lines(self) -> list[str]:
        """The grade, and a line for each reason where it is not good."""
        reasons = [] if self.grade == "good" else self.reasons
        return [f"verdict: {self.grade}", *(f"- {reason}" for reason in reasons)]

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 where the fit is good, 1 where somebody has to look."""
        return 0 if self.grade == "good" else 1

    def to_dict(self) -> dict[str, Any]:
        return {"grade": self.grade, "reasons": self.reasons, "findings": [f.to_dict() for f in self.findings]}

    def __str__(self) -> str:
        if self.grade == "good":
            return f"good, in all of {len(self.findings)} things that were looked at"
        return f"{self.grade}: " + " ".join(self.reasons)
