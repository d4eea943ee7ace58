"""Galaxies of a file: redshifts and profiles, each parameter once however often it is named."""

from __future__ import annotations

import difflib
from typing import Any

from autoarray import exc
from autoarray.parameter import UniformPrior
from autoarray.prior_arithmetic import Operand
from autogalaxy import Galaxy, lp_basis
from autogalaxy.inference.declared import REQUIRED, Declared, declared_arguments
from autogalaxy.inference.model import Collection, Model
from autogalaxy.profiles.validation import NOT_NEGATIVE
from autolens.description import expansion
from autolens.description.document import Place, Table, shown
from autolens.description.parameters import parameter_from
from autolens.description.registry import nearest, nearest_profile, profiles

GROUPS = ("galaxies", "extra_galaxies")
MOST_PROFILES = 2000
LONGEST_CHAIN = 32
"""Parameters that are the same as the next one, one after the other."""


class Galaxies:
    """Reads the galaxies of a file.

    ``complete`` wants every parameter to be in the file, where otherwise those left out keep the profile's own prior.
    ``redshifts`` are those of galaxies that do not say their own, by name; ``radius`` [arcsec] is that of what is
    fitted.
    """

    def __init__(
        self,
        top: Table,
        complete: bool = False,
        redshifts: dict[str, float] | None = None,
        radius: float | None = None,
    ) -> None:
        self.top = top
        self.complete = complete
        self.redshifts = redshifts or {}
        self.radius = radius
        self._known: dict[tuple[str, ...], Any] = {}
        self._asked: list[tuple[str, ...]] = []
        self._parts: dict[tuple[str, ...], Model] = {}

    # ------------------------------------------------------------------ galaxies

    def collection(self, group: str) -> Collection:
        """The galaxies of ``[galaxies]`` or ``[extra_galaxies]``, by name or as a list."""
        content, place = self.top.get(group), self.top.place.at(group)
        if isinstance(content, list):
            return Collection([self._galaxy(Table(c, place.at(i)), group) for i, c in enumerate(content)])
        table = Table(content, place)
        if not table.content:
            raise place.error("is empty, wanted galaxies: [galaxies.lens] and [galaxies.source].")
        return self._composed(Collection, {n: self._galaxy(table.table(n), group) for n in table}, place)

    def _galaxy(self, table: Table, group: str) -> Model:
        place = table.place
        for name in table:
            if not isinstance(table.get(name), dict | list | str):
                self._check_is_redshift(name, table)
        parts = {name: self._part(table.get(name), place.at(name)) for name in table if name != "redshift"}
        return self._composed(Model, {"redshift": self._redshift(table, group), **parts}, place, Galaxy)

    def _check_is_redshift(self, name: str, table: Table) -> None:
        """Raise for a number under another name: the redshift is the one number of a galaxy."""
        if name == "redshift":
            return
        close = difflib.get_close_matches(name.lower(), ["redshift", "z"], n=1, cutoff=0.6)
        owner = table.place.key
        meant = "did you mean redshift?" if close else f"wanted redshift, or a profile: [{owner}.{name}]."
        raise table.place.at(name).error(f"is {shown(table.get(name))}, and a galaxy has no such number: {meant}")

    def _redshift(self, table: Table, group: str) -> Any:
        keys = (*table.place.keys, "redshift")
        if keys in self._known:
            return self._known[keys]
        place = table.place.at("redshift")
        value = table.get("redshift", self.redshifts.get("lens" if group == "extra_galaxies" else table.place.keys[-1]))
        if value is None:
            raise table.place.error("has no redshift, wanted one: redshift = 0.5.")
        self._known[keys] = found = parameter_from(value, _REDSHIFT, NOT_NEGATIVE, place, self.lookup)
        return found

    def _composed(self, make: Any, items: dict[str, Any], place: Place, *arguments: Any) -> Any:
        for name in items:
            if not name.isidentifier():
                raise place.at(name).error("is a name with more than letters, digits and _: wanted one such as lens_2.")
        try:
            return make(*arguments, **items)
        except exc.ModelException as error:
            raise place.error(f"is not possible: {error}") from None

    # ------------------------------------------------------------------ profiles

    def _part(self, content: Any, place: Place) -> Any:
        """A profile, or a list of them."""
        if isinstance(content, list):
            return [self.profile(part, place.at(i)) for i, part in enumerate(content)]
        return self.profile(content, place)

    def profile(self, content: Any, place: Place) -> Model:
        """The model of one profile; its name alone stands for its own priors."""
        if len(self._parts) >= MOST_PROFILES:
            raise place.error(f"is one profile too many, wanted at most {MOST_PROFILES}.")
        if place.keys not in self._parts:
            self._parts[place.keys] = self._profile(content, place)
        return self._parts[place.keys]

    def _profile(self, content: Any, place: Place) -> Model:
        if isinstance(content, str):
            content = {"profile": content}
        if not isinstance(content, dict):
            raise place.error(f'is {shown(content)}, wanted a profile: [{place.key}] with profile = "mp.Isothermal".')
        table = Table(content, place)
        if table.get("profile") == expansion.NAME:
            return expansion.model_from(table, self)
        cls = self._class_of(table)
        if cls is lp_basis.Basis:
            return self._basis(table)
        declared = declared_arguments(cls)[0]
        table.only(["profile", *declared])
        if missing := [n for n, d in declared.items() if n not in table and (self._wants(d) or d.default is REQUIRED)]:
            raise place.error(self._missing(table, missing, declared))
        names = [n for n, d in declared.items() if n in table or d.prior is not None]
        values = {name: self.value((*place.keys, name), place) for name in names}
        self._check(cls, values, place)
        return Model(cls, **values)

    def _wants(self, declared: Declared) -> bool:
        return self.complete and declared.prior is not None

    def _missing(self, table: Table, missing: list[str], declared: dict[str, Declared]) -> str:
        examples = [f"{n} = {_example(declared[n].default)}" for n in missing]
        return f"({table.get('profile')}) has no {', '.join(missing)}, wanted for example: {'; '.join(examples)}."

    def _class_of(self, table: Table) -> type:
        name = table.get("profile")
        if name is None:
            raise table.place.error('has no profile, wanted its name: profile = "mp.Isothermal".')
        if not isinstance(name, str) or name not in profiles():
            raise table.place.at("profile").error(
                f"is {shown(name)}, which is no profile: {nearest_profile(str(name))}"
            )
        if self.complete and ("linear" in name.partition(".")[0]):
            raise table.place.at("profile").error(
                f"is {shown(name)}, which has no intensity of its own; wanted one that has: "
                f"{name.replace('_linear', '')}."
            )
        return profiles()[name]

    def _basis(self, table: Table) -> Model:
        table.only(["profile", "profile_list"])
        members = table.get("profile_list")
        if not isinstance(members, list) or not members:
            raise table.place.error(f"is a basis without profiles, wanted [[{table.place.key}.profile_list]].")
        place = table.place.at("profile_list")
        return Model(lp_basis.Basis, profile_list=[self.profile(m, place.at(i)) for i, m in enumerate(members)])

    def _check(self, cls: type, values: dict[str, Any], place: Place) -> None:
        """Raise where the profile refuses its numbers; where some are free, its settings alone."""
        if any(isinstance(v, Operand) for v in _leaves(values)):
            declared = declared_arguments(cls)[0]
            values = {name: value for name, value in values.items() if declared[name].prior is None}
        try:
            cls(**values)
        except exc.AutoException as error:
            raise place.error(f"is no profile: {error}") from None

    # ------------------------------------------------------------------ parameters

    def value(self, keys: tuple[str, ...], place: Place) -> Any:
        """What stands for the parameter ``keys``: the same object whoever asks."""
        if keys in self._known:
            return self._known[keys]
        if keys in self._asked:
            raise place.error(f"is the same as itself: {' -> '.join('.'.join(k) for k in [*self._asked, keys])}.")
        if len(self._asked) >= LONGEST_CHAIN:
            raise place.error(f"is the same as one that is the same as another, over more than {LONGEST_CHAIN} steps.")
        table, name = self._table_at(keys[:-1], place), keys[-1]
        if name == "redshift" and len(keys) == 3:
            self._asked.append(keys)
            found = self._redshift(table, keys[0])
            self._asked.pop()
            return found
        if table.get("profile") == expansion.NAME:
            self.profile(table.content, table.place)
            if keys not in self._known:
                raise place.error(f"is the same as {'.'.join(keys)}, wanted its centre, where all Gaussians share one.")
            return self._known[keys]
        cls = self._class_of(table)
        declared = declared_arguments(cls)[0]
        if name not in declared:
            raise place.error(f"is the same as {'.'.join(keys)}, but {nearest(name, list(declared))}")
        self._asked.append(keys)
        if name in table:
            domain = getattr(cls, "domains", {}).get(name)
            found = parameter_from(table.get(name), declared[name], domain, table.place.at(name), self.lookup)
        elif self.complete:
            raise table.place.error(self._missing(table, [name], declared))
        else:
            found = _own_prior(declared[name])
        self._asked.pop()
        self._known[keys] = found
        return found

    def lookup(self, key: str, place: Place) -> Any:
        """The parameter that ``same_as`` names, or one component of it (``...centre.0``)."""
        keys = tuple(key.split("."))
        component = keys[-1].rpartition("_")[2] if len(keys) > 2 else ""
        if component.isdecimal() and keys[-1] in (component, f"{keys[-2]}_{component}"):
            found = self.value(keys[:-1], place)
            if isinstance(found, tuple) and int(component) < len(found):
                return found[int(component)]
            raise place.error(f"is the same as {shown(key)}, but {'.'.join(keys[:-1])} has no component {component}.")
        return self.value(keys, place)

    def _table_at(self, keys: tuple[str, ...], place: Place) -> Table:
        """The table at ``keys``; a profile by its name alone counts as one."""
        content: Any = self.top.content
        for i, key in enumerate(keys):
            known = list(content) if isinstance(content, dict) else [str(n) for n in range(len(content))]
            if key not in known:
                where = f"in {'.'.join(keys[:i])}" if i else "at the top"
                raise place.error(
                    f"is the same as something of {shown(key)}, which is not {where}: {nearest(key, known)}"
                )
            content = content[key] if isinstance(content, dict) else content[int(key)]
            content = {"profile": content} if isinstance(content, str) else content
            if not isinstance(content, dict | list):
                raise place.error(f"is the same as something in {'.'.join(keys[: i + 1])}, which is no table.")
        if not keys or keys[0] not in GROUPS:
            raise place.error('is the same as no parameter of a galaxy, wanted same_as = "galaxies.lens.light.centre".')
        return Table(content, Place(self.top.place.file, keys, self.top.place.lines))


def _own_prior(declared: Declared) -> Any:
    assert declared.prior is not None
    if isinstance(declared.default, tuple):
        return tuple(declared.prior.copy() for _ in declared.default)
    return declared.prior.copy()


def _leaves(values: dict[str, Any]) -> list[Any]:
    return [part for value in values.values() for part in (value if isinstance(value, tuple) else (value,))]


def _example(default: Any) -> str:
    if isinstance(default, tuple):
        return f"[{', '.join(map(str, default))}]"
    return str(default) if isinstance(default, int | float) else "2"


_REDSHIFT = Declared(default=0.5, prior=UniformPrior(lower_limit=0.0, upper_limit=2.0))
