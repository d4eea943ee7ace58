"""``profile = "mge"``: many Gaussians with linear intensities that share a place and a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Operand
from autogalaxy import lp_linear
from autogalaxy.analysis.multi_gaussian import mge_model_from
from autogalaxy.inference.declared import declared_arguments
from autogalaxy.inference.model import Model
from autolens.description.document import Table, shown
from autolens.description.parameters import parameter_from
from autolens.description.priors import text_of

if TYPE_CHECKING:
    from autolens.description.galaxies import Galaxies

NAME = "mge"
COUNTS = ("total_gaussians", "gaussian_per_basis")
LENGTHS = ("mask_radius", "sigma_min")
SWITCHES = ("use_spherical", "centre_per_basis", "order_bases")
PARAMETERS = ("centre", "ell_comps")


def model_from(table: Table, galaxies: Galaxies) -> Model:
    """The model of ``mge_model_from`` with the options of the table."""
    if galaxies.complete:
        raise table.place.error('is "mge", whose intensities only a fit gives; wanted profiles with an intensity.')
    table.only(["profile", *PARAMETERS, *COUNTS, *LENGTHS, *SWITCHES])
    options: dict[str, Any] = {"mask_radius": galaxies.radius}
    for names, kind, wanted in ((COUNTS, int, "a whole number"), (LENGTHS, int | float, "a number of arc-seconds")):
        for name in names:
            if name in table:
                options[name] = table.get(name)
                if isinstance(options[name], bool) or not isinstance(options[name], kind):  # type: ignore[arg-type]
                    raise table.place.at(name).error(f"is {shown(options[name])}, wanted {wanted}.")
    for name in SWITCHES:
        if name in table and not isinstance(table.get(name), bool):
            raise table.place.at(name).error(f"is {shown(table.get(name))}, wanted true or false.")
        options |= {name: table.get(name)} if name in table else {}
    if options["mask_radius"] is None:
        raise table.place.error("has no mask_radius, wanted the sigma of the widest Gaussian: mask_radius = 3.0.")
    if options.get("order_bases") and "ell_comps" in table:
        raise table.place.at("order_bases").error(
            "is true, which is for the shapes that are not given: leave out ell_comps."
        )
    try:
        model = mge_model_from(**options)
    except exc.ModelException as error:
        raise table.place.error(f"is not possible: {error}") from None
    _set_parameters(model, table, galaxies, options)
    return model


def _set_parameters(model: Model, table: Table, galaxies: Galaxies, options: dict[str, Any]) -> None:
    """Put centre and shape where the table gives them; each set of Gaussians has a shape of its own."""
    declared = declared_arguments(lp_linear.Gaussian)[0]
    gaussians = list(model.profile_list)
    per_set = options.get("total_gaussians", 30)
    for name in PARAMETERS:
        if name not in table:
            continue
        if name == "ell_comps" and options.get("use_spherical"):
            raise table.place.at(name).error("is given, but use_spherical = true makes the Gaussians round.")
        is_own = name == "ell_comps" or options.get("centre_per_basis", False)
        value: Any = None
        for i, gaussian in enumerate(gaussians):
            if value is None or (is_own and i % per_set == 0):
                value = parameter_from(table.get(name), declared[name], None, table.place.at(name), galaxies.lookup)
            setattr(gaussian, name, value)
    if not options.get("centre_per_basis", False):
        galaxies._known[(*table.place.keys, "centre")] = tuple(gaussians[0].centre)


def options_of(basis: Model) -> dict[str, Any] | None:
    """The options with which :func:`model_from` makes ``basis``; ``None`` where it is no such expansion.

    ``centre`` and ``ell_comps`` are tuples of what stands there in the first set.
    """
    members = list(basis.profile_list)
    kinds = {getattr(m, "cls", None) for m in members}
    if basis.regularization is not None or basis.assertions or len(kinds) != 1:
        return None
    kind = kinds.pop()
    sigmas = [m.sigma for m in members] if kind in (lp_linear.Gaussian, lp_linear.GaussianSph) else []
    if len(sigmas) < 2 or not all(isinstance(s, float) for s in sigmas):
        return None
    total = sigmas.index(sigmas[0], 1) if sigmas[0] in sigmas[1:] else len(sigmas)
    sets, rest = divmod(len(sigmas), total)
    if rest or sigmas != np.geomspace(sigmas[0], sigmas[total - 1], total).tolist() * sets:
        return None
    firsts = members[::total]
    centre_per_basis = len({_ids(m.centre) for m in firsts}) == sets > 1
    names = ("centre",) if kind is lp_linear.GaussianSph else PARAMETERS
    for name in names:
        is_own = name == "ell_comps" or centre_per_basis
        leaders = firsts if is_own else [firsts[0]] * sets
        if any(_ids(getattr(m, name)) != _ids(getattr(leaders[i // total], name)) for i, m in enumerate(members)):
            return None
        if len({_texts(getattr(m, name)) for m in firsts}) > 1 or (is_own and _is_shared(firsts, name)):
            return None
    options: dict[str, Any] = {"total_gaussians": total, "gaussian_per_basis": sets}
    options |= {"sigma_min": sigmas[0], "mask_radius": sigmas[total - 1]}
    options |= {"centre_per_basis": True} if centre_per_basis else {}
    options |= {"use_spherical": True} if len(names) == 1 else {}
    return options | {name: tuple(getattr(firsts[0], name)) for name in names}


def _ids(values: Any) -> tuple[Any, ...]:
    return tuple(id(v) if isinstance(v, Operand) else v for v in values)


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(text_of(v) if isinstance(v, Prior) else str(v) for v in values)


def _is_shared(firsts: list[Any], name: str) -> bool:
    """Whether a free parameter stands in two sets, or twice in one, or is an expression."""
    found = [v for m in firsts for v in getattr(m, name) if isinstance(v, Operand)]
    return len({id(v) for v in found}) < len(found) or not all(isinstance(v, Prior) for v in found)
