"""Analyses that a file may name. Reading looks them up among the classes already imported and runs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.analysis import Analysis


def known_analyses() -> dict[str, type[Analysis]]:
    """Imported analyses that can be stored, by the name that they declare themselves."""
    found: dict[str, type[Analysis]] = {}
    waiting: list[type[Analysis]] = [Analysis]
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        if name := vars(cls).get("stored_name"):
            found.setdefault(name, cls)
    return found


def stored_from(analysis: Any) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
    """Arrays and plain types from which :func:`analysis_from` makes an equal analysis; ``None`` if it cannot.

    A subclass that a user defines does not inherit the name: nobody could say how it is made.
    """
    name = vars(type(analysis)).get("stored_name")
    if not name or (parts := analysis.to_stored()) is None:
        return None
    arrays, settings = parts
    return arrays, {"analysis": name, **settings}


def analysis_from(arrays: Mapping[str, np.ndarray], settings: Any) -> Analysis:
    """The analysis in NumPy of which :func:`stored_from` gave the parts."""
    name = settings.get("analysis") if isinstance(settings, dict) else None
    known = known_analyses()
    if not isinstance(name, str) or name not in known:
        raise exc.FileException(
            f"the folder names the analysis {str(name)[:60]!r}, wanted one of {sorted(known)}: import its package, or "
            "give the analysis: load_result(folder, analysis=analysis)."
        )
    try:
        return known[name].from_stored(arrays, settings)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise exc.FileException(f"the stored analysis is damaged ({exc.shown(error)}); fit anew.") from error
