"""What is known of an observation, and who said so."""

from __future__ import annotations

from typing import Any

from autoarray.structures.header import Header


class Ledger:
    """Numbers with their origins, and remarks in the order in which they were made."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.notes: list[str] = []

    def say(self, name: str, value: Any, origin: str) -> Any:
        """Keep a value; it is given back."""
        self.values[name], self.origins[name] = value, origin
        return value

    def note(self, text: str) -> None:
        """Keep a remark."""
        self.notes.append(text)

    def number(self, name: str, given: float | None, header: Header, keywords: tuple[str, ...]) -> float | None:
        """A number above zero as it was given, or from the first of the keywords that has one."""
        if given is not None:
            return self.say(name, float(given), "given")
        for keyword in keywords:
            value = header.number(keyword)
            if value is not None and value > 0.0:
                return self.say(name, value, f"header, {keyword}")
        return None
