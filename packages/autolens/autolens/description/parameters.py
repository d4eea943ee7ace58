"""What stands for a parameter in a file: a number, a prior, or the parameter of another profile."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Operand
from autogalaxy.inference.declared import Declared
from autolens.description.document import Place, Table, shown
from autolens.description.priors import number_from, pair_of_priors_from, prior_from

EXAMPLE = '1.0, { prior = "uniform", lower = 0.5, upper = 3.0 } or { same_as = "galaxies.lens.light.centre" }'
Lookup = Callable[[str, Place], Any]
"""From the key of a parameter to what stands there, for ``same_as``."""


def parameter_from(value: Any, declared: Declared, domain: Any, place: Place, lookup: Lookup) -> Any:
    """A number, a prior or an expression; a tuple of them where the profile declares a tuple."""
    if declared.prior is None:
        return _setting_from(value, declared, place)
    if isinstance(declared.default, tuple):
        found = _tuple_from(value, len(declared.default), place, lookup)
        _check_shape(found, place)
        return found
    return _one_from(value, domain, place, lookup)


def _tuple_from(value: Any, length: int, place: Place, lookup: Lookup) -> tuple[Any, ...]:
    if isinstance(value, dict) and "prior" in value:
        return pair_of_priors_from(value, length, place)
    if isinstance(value, dict) and "same_as" in value:
        found = _linked_from(value, place, lookup)
        if not isinstance(found, tuple) or len(found) != length:
            raise place.error(f"is the same as {shown(value['same_as'])}, which is no parameter of {length} numbers.")
        return found
    if isinstance(value, list) and len(value) == length:
        return tuple(_one_from(part, None, place.at(i), lookup) for i, part in enumerate(value))
    numbers = ", ".join(["0.0"] * length)
    raise place.error(
        f"is {shown(value)}, wanted {length} numbers: [{numbers}], each of which may be a prior, or one prior of all: "
        '{ prior = "gaussian", mean = 0.0, sigma = 0.1 }.'
    )


def _one_from(value: Any, domain: Any, place: Place, lookup: Lookup) -> Any:
    if isinstance(value, dict) and "prior" in value:
        prior = prior_from(value, place)
        _check_reach(prior, domain, place)
        return prior
    if isinstance(value, dict) and "same_as" in value:
        found = _linked_from(value, place, lookup)
        if not isinstance(found, float | Operand):
            raise place.error(f"is the same as {shown(value['same_as'])}, which is no single number.")
        return found
    if isinstance(value, dict | list | str | bool):
        raise place.error(f"is {shown(value)}, wanted {EXAMPLE}.")
    number = number_from(value, place)
    if not math.isfinite(number) or (domain is not None and not domain.contains(number)):
        raise place.error(f"is {shown(value)}, wanted {domain or 'a finite number'}.")
    return number


def _linked_from(value: dict[str, Any], place: Place, lookup: Lookup) -> Any:
    """Another parameter, ``times`` a number ``plus`` a number."""
    table = Table(value, place)
    table.only(["same_as", "times", "plus"])
    key = table.get("same_as")
    if not isinstance(key, str):
        raise place.error(f'is the same as {shown(key)}, wanted a key: same_as = "galaxies.lens.light.centre".')
    found = lookup(key, place)
    for name in ("times", "plus"):
        if name in table:
            number = number_from(table.get(name), place.at(name))
            parts = found if isinstance(found, tuple) else (found,)
            parts = tuple(part * number if name == "times" else part + number for part in parts)
            found = parts if isinstance(found, tuple) else parts[0]
    return found


def _setting_from(value: Any, declared: Declared, place: Place) -> Any:
    """A setting of a profile, which is never free: a whole number, such as the order of a multipole, or a number."""
    if isinstance(value, dict) and ("prior" in value or "same_as" in value):
        raise place.error(f"cannot be free: it is a setting, wanted a number such as {declared.default!r}.")
    if isinstance(value, dict | list | str | bool):
        raise place.error(f"is {shown(value)}, wanted a number.")
    number_from(value, place)
    return value


def _check_shape(values: tuple[Any, ...], place: Place) -> None:
    """Elliptical components of an ellipse lie inside the unit circle."""
    if place.keys[-1] == "ell_comps" and all(isinstance(v, float) for v in values) and math.hypot(*values) >= 1.0:
        raise place.error(
            f"is {list(values)}, wanted e_1^2 + e_2^2 below 1: (f sin 2 phi, f cos 2 phi), f = (1-q)/(1+q)."
        )


def _check_reach(prior: Prior, domain: Any, place: Place) -> None:
    """Raise where no value of the prior is one that the profile may have."""
    if domain is not None and (prior.upper_limit <= domain.lower or prior.lower_limit >= domain.upper):
        raise place.error(
            f"has a prior from {prior.lower_limit:g} to {prior.upper_limit:g}, and none of these values is allowed; "
            f"wanted {domain}."
        )
