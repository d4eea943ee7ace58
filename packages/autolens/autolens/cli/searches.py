"""The searches by the names that the command knows them by."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autoarray import exc
from autogalaxy.inference.posterior.chain import SAMPLERS
from autogalaxy.inference.search.abstract import AbstractSearch


@dataclass(frozen=True)
class Choice:
    """A search that can be asked for by name."""

    make: Callable[..., AbstractSearch]
    """Called with the seed, a name and the folder."""
    purpose: str
    needs: str | None = None
    """Module that must be installed for it."""
    has_chains: bool = False
    """Whether it may end in chains, for which there can be a time limit."""


def _auto(samplers: tuple[str, ...]) -> Callable[..., AbstractSearch]:
    def make(**settings: Any) -> AbstractSearch:
        from autogalaxy.inference.search.auto import Auto

        return Auto(samplers=samplers, **settings)

    return make


def _nautilus(**settings: Any) -> AbstractSearch:
    from autogalaxy.inference.search.nautilus import Nautilus

    return Nautilus(**settings)


def _dynesty(**settings: Any) -> AbstractSearch:
    from autogalaxy.inference.search.dynesty import DynestyStatic

    return DynestyStatic(**settings)


def _smc(**settings: Any) -> AbstractSearch:
    from autogalaxy.inference.search.smc import SMC

    return SMC(**settings)


REGISTRY: dict[str, Choice] = {
    "auto": Choice(_auto(SAMPLERS), "the best fit in stages, then a posterior with its evidence", has_chains=True),
    "maximum": Choice(_auto(()), "the best fit in stages, with Gaussian errors"),
    "importance": Choice(_auto(("importance",)), "the best fit, then importance sampling alone"),
    "nuts": Choice(_auto(("nuts",)), "the best fit, then Hamiltonian chains alone", "blackjax", has_chains=True),
    "nautilus": Choice(_nautilus, "nested sampling of the whole prior (slow)", "nautilus"),
    "dynesty": Choice(_dynesty, "nested sampling of the whole prior (slow)", "dynesty"),
    "smc": Choice(_smc, "sequential Monte Carlo from the whole prior (slow)", "blackjax"),
}


def choice_from(name: str) -> Choice:
    """The search of a name, or our error with the names there are."""
    if (choice := REGISTRY.get(name.lower())) is not None:
        return choice
    close = difflib.get_close_matches(name.lower(), REGISTRY, n=1)
    meant = f" (did you mean {close[0]}?)" if close else ""
    raise exc.SearchException(f"--search {name} is unknown{meant}, wanted one of {', '.join(REGISTRY)}.")


def search_from(search: str, /, **settings: Any) -> AbstractSearch:
    """The search of a name with ``seed``, ``name`` and ``output_path``."""
    return choice_from(search).make(**settings)
