"""``profile = "mge"``: many Gaussians with linear intensities that share a place and a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoarray import exc
from autogalaxy import lp_linear
from autogalaxy.analysis.multi_gaussian import mge_model_from
from autogalaxy.inference.declared import declared_arguments
from autogalaxy.inference.model import Model
from autolens.description.document import Table, shown
from autolens.description.parameters import parameter_from

if TYPE_CHECKING:
    from autolens.description.galaxies import Galaxies

NAME = "mge"
COUNTS = ("total_gaussians", "gaussian_per_basis")
LENGTHS = ("mask_radius", "sigma_min")
SWITCHES = ("use_spherical", "centre_per_basis", "order_bases")
PARAMETERS = ("centre", "ell_comps")


def model_from(table: Table, galaxies: Galaxies) -> Model:
    """The model of ``mge_model_from`` with the options of the table."""
    table.only(["profile", *PARAMETERS, *COUNTS, *LENGTHS, *SWITCHES])
    if galaxies.complete:
        raise table.place.error('is "mge", whose intensities only a fit gives; wanted profiles with an intensity.')
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
