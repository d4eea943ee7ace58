"""A model, or galaxies with values, as the text of a TOML file that reads back to the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.parameter import Prior, PriorOrder
from autoarray.prior_arithmetic import Expression
from autogalaxy import Galaxy, lp_basis
from autogalaxy.inference.declared import Declared, declared_arguments
from autogalaxy.inference.model import AbstractModel, Collection, Model
from autogalaxy.inference.tuple_parameter import TupleParameter
from autolens.description import expansion
from autolens.description.document import table_from
from autolens.description.galaxies import GROUPS
from autolens.description.model import collection_from
from autolens.description.priors import PRIORS, number_text, text_of
from autolens.description.registry import name_of
from autolens.description.values import values_of


def text_from(model: Any, title: str | None = None, pixel_scale: float | None = None) -> str:
    """The file of a model with ``galaxies`` (and ``extra_galaxies``), or of an instance of one.

    ``pixel_scale`` [arcsec] is that of the pixels in which intensities count, which other codes need to know.
    """
    writer = _Writer()
    lines = [] if title is None else [f"title = {quoted(title)}"]
    lines += [] if pixel_scale is None else [f"pixel_scale = {number_text(pixel_scale)}"]
    lines += [""] if lines else []
    groups = [(group, getattr(model, group)) for group in GROUPS if hasattr(model, group)]
    body = [line for group, galaxies in groups for line in writer.galaxies(group, galaxies)]
    if hasattr(model, "dataset_model"):
        body += writer.profile_like("dataset_model", model.dataset_model)
    assertions = [writer.assertion(a) for a in model.assertions] if isinstance(model, AbstractModel) else []
    if assertions:
        lines += ["assertions = [", *(f"    {quoted(text)}," for text in assertions), "]", ""]
    text = "\n".join([*lines, *body]).rstrip("\n") + "\n"
    if isinstance(model, Collection) and not _are_same(collection_from(table_from(text, "text")), model):
        raise exc.ModelException(
            "the model has parts that a TOML file cannot say, such as a parameter that is shared in another way than "
            "from profile to profile; wanted model.to_json(path)."
        )
    return text


def _are_same(read: Collection, model: Collection) -> bool:
    """Whether two models have the same parameters, priors and values; expressions may be written in another way."""
    if read.to_dict() == model.to_dict():
        return True
    if read.paths != model.paths or [repr(p) for p in read.priors] != [repr(p) for p in model.priors]:
        return False
    for unit in (0.3, 0.6):
        vector = model.vector_from_unit_vector(np.full(model.prior_count, unit))
        found, wanted = (values_of(each.instance_from_vector(vector)) for each in (read, model))
        if found.keys() != wanted.keys() or not all(np.isclose(found[k], wanted[k], rtol=1e-12) for k in wanted):
            return False
    return len(read.assertions) == len(model.assertions)


def quoted(text: str) -> str:
    """A TOML string."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writer:
    """Knows which parameters stand in the file already, under which key."""

    def __init__(self) -> None:
        self.key_of: dict[int, str] = {}

    def galaxies(self, group: str, galaxies: Any) -> Iterable[str]:
        items = list(galaxies.items()) if hasattr(galaxies, "items") else list(enumerate(galaxies))
        is_list = all(str(name).isdecimal() for name, _ in items)
        for name, galaxy in items:
            yield f"[[{group}]]" if is_list else f"[{group}.{name}]"
            yield from self._galaxy(group if is_list else f"{group}.{name}", f"{group}.{name}", galaxy)

    def _galaxy(self, table: str, key: str, galaxy: Any) -> Iterable[str]:
        items = dict(galaxy.items()) if isinstance(galaxy, AbstractModel) else _values_of(galaxy)
        yield f"redshift = {self._parameter(f'{key}.redshift', items.pop('redshift'))}"
        yield ""
        for name, part in items.items():
            members = _members(part)
            if members is None:
                yield from self._profile(f"{table}.{name}", f"{key}.{name}", part)
            for i, member in enumerate(members or ()):
                yield from self._profile(f"{table}.{name}", f"{key}.{name}.{i}", member, is_member=True)

    def _profile(self, table: str, key: str, profile: Any, is_member: bool = False) -> Iterable[str]:
        cls = profile.cls if isinstance(profile, AbstractModel) else type(profile)  # type: ignore[attr-defined]
        name = name_of(cls)
        if name is None:
            raise exc.ModelException(
                f"{key} is a {cls.__name__}, which no file can name; wanted a profile of al.lp, al.mp and so on."
            )
        yield f"[[{table}]]" if is_member else f"[{table}]"
        options = expansion.options_of(profile) if cls is lp_basis.Basis and isinstance(profile, Model) else None
        if options is not None and self._are_fresh(options):
            yield from self._expansion(key, options)
            return
        yield f"profile = {quoted(name)}"
        if cls is lp_basis.Basis:
            yield ""
            if profile.regularization is not None:
                raise exc.ModelException(f"{table} has a regularization, which a file cannot hold.")
            for i, member in enumerate(profile.profile_list):
                member_key = f"{key}.profile_list.{i}"
                yield from self._profile(f"{table}.profile_list", member_key, member, is_member=True)
            return
        yield from self._parameters(key, profile, declared_arguments(cls)[0])
        yield ""

    def _are_fresh(self, options: dict[str, Any]) -> bool:
        """Whether the file may give these priors to an expansion, each of whose sets has its own."""
        values = [v for name in expansion.PARAMETERS for v in options.get(name, ())]
        return not any(id(v) in self.key_of for v in values)

    def _expansion(self, key: str, options: dict[str, Any]) -> Iterable[str]:
        yield f"profile = {quoted(expansion.NAME)}"
        for name, value in options.items():
            if isinstance(value, tuple):
                yield f"{name} = {self._tuple(f'{key}.{name}', list(value))}"
            else:
                yield f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        yield ""

    def profile_like(self, key: str, item: Any) -> Iterable[str]:
        """A table of parameters without a profile."""
        cls = item.cls if isinstance(item, AbstractModel) else type(item)  # type: ignore[attr-defined]
        yield f"[{key}]"
        yield from self._parameters(key, item, declared_arguments(cls)[0])
        yield ""

    def _parameters(self, key: str, profile: Any, declared: dict[str, Declared]) -> Iterable[str]:
        items = dict(profile.items()) if isinstance(profile, AbstractModel) else vars(profile)
        for name, field in declared.items():
            value = items[name]
            if field.prior is None and (value is None or value == field.default):
                continue
            yield f"{name} = {self._parameter(f'{key}.{name}', value)}"

    def _parameter(self, key: str, value: Any) -> str:
        if isinstance(value, TupleParameter | tuple | list):
            return self._tuple(key, list(value))
        return self._one(key, value)

    def _tuple(self, key: str, values: list[Any]) -> str:
        keys = [self.key_of.get(id(v)) if isinstance(v, Prior) else None for v in values]
        if all(keys) and all(k == f"{str(keys[0])[:-2]}.{i}" for i, k in enumerate(keys)):
            return f"{{ same_as = {quoted(str(keys[0])[:-2])} }}"
        fresh = [v for v in values if isinstance(v, Prior) and id(v) not in self.key_of]
        if len({id(v) for v in fresh}) == len(values) and len({type(v) for v in values}) == 1:
            self.key_of |= {id(v): f"{key}.{i}" for i, v in enumerate(values)}
            return text_of(*values)
        return "[" + ", ".join(self._one(f"{key}.{i}", v) for i, v in enumerate(values)) + "]"

    def _one(self, key: str, value: Any) -> str:
        if isinstance(value, Prior):
            if id(value) in self.key_of:
                return f"{{ same_as = {quoted(self.key_of[id(value)])} }}"
            if type(value) not in PRIORS.values():
                raise exc.ModelException(f"{key} has a {type(value).__name__}, which no file can name.")
            self.key_of[id(value)] = key
            return text_of(value)
        if isinstance(value, Expression):
            return self._expression(key, value)
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            raise exc.ModelException(f"{key} is {value!r}, which no file can hold; wanted a number.")
        return str(int(value)) if isinstance(value, int | np.integer) else number_text(float(value))

    def _expression(self, key: str, value: Expression) -> str:
        """``prior * times + plus``, the one kind of expression that a file can say."""
        factor, offset, inner = 1.0, 0.0, value
        while isinstance(inner, Expression) and len(inner.operands) == 2 and inner.operator in ("+", "*"):
            numbers = [o for o in inner.operands if isinstance(o, int | float)]
            others = [o for o in inner.operands if not isinstance(o, int | float)]
            if len(numbers) != 1:
                break
            if inner.operator == "+":
                offset += factor * numbers[0]
            else:
                factor *= numbers[0]
            inner = others[0]
        if not isinstance(inner, Prior) or id(inner) not in self.key_of:
            raise exc.ModelException(
                f"{key} is {value}, which a file can say only as another parameter times a number plus a number."
            )
        said = [f"same_as = {quoted(self.key_of[id(inner)])}"]
        said += [f"times = {number_text(factor)}"] if factor != 1.0 else []
        said += [f"plus = {number_text(offset)}"] if offset != 0.0 else []
        return "{ " + ", ".join(said) + " }"

    def assertion(self, order: PriorOrder) -> str:
        """``lower < upper`` with the keys of both sides."""
        sides = []
        for side in (order.lower, order.upper):
            if isinstance(side, Prior) and id(side) in self.key_of:
                sides.append(self.key_of[id(side)])
            elif isinstance(side, int | float):
                sides.append(number_text(side))
            else:
                raise exc.ModelException(f"the assertion on {side} cannot be written; wanted parameters or numbers.")
        return f"{sides[0]} {'<' if order.strict else '<='} {sides[1]}"


def _values_of(galaxy: Galaxy) -> dict[str, Any]:
    return {"redshift": galaxy.redshift} | {k: v for k, v in vars(galaxy).items() if k not in galaxy.not_components}


def _members(part: Any) -> list[Any] | None:
    """The profiles of a list of them, ``None`` for one profile."""
    if isinstance(part, Collection):
        return list(part)
    return list(part) if isinstance(part, list | tuple) or type(part).__name__ == "ModelInstance" else None
