"""A model with ordinary light in the place of linear light, whose stages find where the linear model starts.

A stage that fits the light of the lens alone, or mass and source alone, needs light whose amount does not follow from
the rest of the image at once: solved for against the whole data, a lens takes the arcs for its own light. So each basis
becomes a Sersic with its centre and shape, each linear profile the ordinary one, and what they share with the linear
model, prior by prior, is carried over.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import UniformPrior
from autoarray.parameter import Prior, PriorOrder
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.model import AbstractModel, Collection, Model
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles.basis import Basis
from autogalaxy.profiles.light.variants import LightProfileLinear, ordinary_class_of
from autogalaxy.profiles.mass.abstract import MassProfile
from autolens.analysis.named_models import FLUX_FACTOR


def has_linear_light(model: Collection) -> bool:
    """Whether an intensity of any galaxy is solved for."""
    return any(_is_linear(part) for galaxy in model.galaxies for part in parts_by_name(galaxy).values())


def has_linear_light_with_mass(model: Collection) -> bool:
    """Whether an intensity that is solved for belongs to a profile that has mass too.

    Such mass is that of intensity 1 (``ag.lmp_linear``), and that of the ordinary profile grows with the intensity: it
    cannot stand in.
    """
    members = (m for galaxy in model.galaxies for part in parts_by_name(galaxy).values() for m in _profiles_of(part))
    return any(issubclass(_class_of(m), LightProfileLinear) and issubclass(_class_of(m), MassProfile) for m in members)


def stand_in_from(model: Collection, dataset: Any) -> Collection | None:
    """The model with ordinary light, or ``None`` where its mass or a condition would be another."""
    if has_linear_light_with_mass(model):
        return None
    ordinary = ordinary_model_from(model, dataset)
    return ordinary if all(is_on(assertion, ordinary) for assertion in ordinary.assertions) else None


def ordinary_model_from(model: Collection, dataset: Any) -> Collection:
    """The model with ordinary light in place of linear light; priors that both have are the same objects.

    So are assertions on them, and a start from a fit of this model obeys these.
    """
    peak = float(np.max(np.asarray(dataset.data.array)))
    galaxies = Collection()
    for name, galaxy in model.galaxies.items():
        parts = parts_by_name(galaxy)
        redshift = parts.pop("redshift")
        ordinary_parts = {key: _ordinary(part, peak, dataset) for key, part in parts.items()}
        setattr(galaxies, name, Model(Galaxy, redshift=redshift, **ordinary_parts))
    others = {name: item for name, item in model.items() if name != "galaxies"}
    ordinary = Collection(galaxies=galaxies, **others)
    carry_assertions(model, ordinary)
    return ordinary


def carry_assertions(model: AbstractModel, to: AbstractModel) -> None:
    """Assert of ``to`` what is asserted of ``model`` and not of ``to`` yet, where it has the priors, by identity."""
    known = {id(assertion) for assertion in to.assertions}
    for assertion in model.assertions:
        if id(assertion) not in known and is_on(assertion, to):
            to.add_assertion(assertion)


def is_on(assertion: PriorOrder, model: AbstractModel) -> bool:
    """Whether the priors of an assertion are all parameters of ``model``."""
    have = {id(prior) for prior in model.priors}
    return all(id(prior) in have for prior in assertion.priors)


def vector_of(model: AbstractModel, ordinary: AbstractModel, vector: np.ndarray) -> np.ndarray:
    """The vector of ``model`` with the values of the priors it shares with ``ordinary``, medians for the rest."""
    values = {id(prior): value for prior, value in zip(ordinary.priors, vector, strict=True)}
    medians = model.physical_values_from_prior_medians
    return np.array([values.get(id(p), median) for p, median in zip(model.priors, medians, strict=True)])


def parts_by_name(galaxy: Any) -> dict[str, Any]:
    """Names and parts of a galaxy's model, or of a fixed galaxy; of a profile its parameters."""
    if isinstance(galaxy, AbstractModel):
        return dict(galaxy.items())
    return {key: value for key, value in vars(galaxy).items() if not key.startswith("_")}


def _class_of(part: Any) -> type:
    return part.cls if isinstance(part, Model) else type(part)


def _members_of(part: Any) -> list[Any]:
    return list(part.profile_list) if issubclass(_class_of(part), Basis) else [part]


def _profiles_of(part: Any) -> list[Any]:
    """The members of a basis, those of a list of components, or the component itself."""
    if isinstance(part, Collection | list | tuple):
        return [profile for member in part for profile in _profiles_of(member)]
    return _members_of(part)


def _is_linear(part: Any) -> bool:
    return any(issubclass(_class_of(profile), LightProfileLinear) for profile in _profiles_of(part))


def _ordinary(part: Any, peak: float, dataset: Any) -> Any:
    """The component itself, or the ordinary one in its place."""
    if not _is_linear(part):
        return part
    if isinstance(part, Collection | list | tuple):
        return Collection(*(_ordinary(member, peak, dataset) for member in part))
    intensity = UniformPrior(lower_limit=0.0, upper_limit=FLUX_FACTOR * peak)
    if not issubclass(_class_of(part), Basis):
        values = {name: _value_of(part, name) for name in parts_by_name(part) if name != "intensity"}
        return Model(ordinary_class_of(_class_of(part)), **values, intensity=intensity)
    sersics = [_sersic(places, peak, dataset) for places in _places_of(part)]
    return sersics[0] if len(sersics) == 1 else Collection(*sersics)


def _sersic(places: dict[str, Any], peak: float, dataset: Any) -> Model:
    """A Sersic at the place and with the shape of the members of a basis."""
    reach = float(np.max(np.abs(dataset.mask.grid_slim)))
    return Model(
        lp.Sersic if "ell_comps" in places else lp.SersicSph,
        **places,
        intensity=UniformPrior(lower_limit=0.0, upper_limit=FLUX_FACTOR * peak),
        effective_radius=UniformPrior(lower_limit=0.01, upper_limit=reach),
        sersic_index=UniformPrior(lower_limit=0.5, upper_limit=6.0),
    )


def _places_of(basis: Any) -> list[dict[str, Any]]:
    """The different centres and shapes among the members of a basis, in their order."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for member in _members_of(basis):
        places = {name: _value_of(member, name) for name in ("centre", "ell_comps") if hasattr(member, name)}
        values = [value for pair in places.values() for value in pair]
        found.setdefault(tuple(id(value) if isinstance(value, Prior) else value for value in values), places)
    return list(found.values())


def _value_of(part: Any, name: str) -> Any:
    value = getattr(part, name)
    return tuple(value) if name in ("centre", "ell_comps") else value
