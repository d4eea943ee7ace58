"""Griffe extension: docstrings in the notation of the pages, and a table of parameters for each profile."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
import textwrap
from typing import Any

from griffe import Attribute, Class, Docstring, ExprCall, Extension, Object

_ROLE = re.compile(r":math:`([^`]+)`")
_OTHER_ROLE = re.compile(r":(?:class|func|meth|mod|attr|obj):`~?([^`]+)`")
_BLOCK = re.compile(
    r"^(?P<indent>[ ]*)\.\. math::[ ]*(?P<first>[^\n]*)\n(?P<rest>(?:[ ]*\n|(?P=indent)[ ]+[^\n]*\n)*)", re.MULTILINE
)


def marked_down(text: str) -> str:
    """``text`` with ``:math:`` roles as ``$...$`` and ``.. math::`` blocks as ``$$...$$``."""
    text = _BLOCK.sub(_displayed, text + "\n").rstrip("\n")
    text = _ROLE.sub(lambda found: f"${' '.join(found.group(1).split())}$", text)
    return _OTHER_ROLE.sub(r"`\1`", text).replace("``", "`")


def _displayed(found: re.Match[str]) -> str:
    lines = " ".join([found["first"], *textwrap.dedent(found["rest"]).split()])
    return f"{found['indent']}$${lines.strip()}$$\n\n"


def parameter_table(cls: type) -> str:
    """A row for each model parameter of a dataclass: default, unit, prior and meaning; empty where it has none."""
    fields = [field for field in dataclasses.fields(cls) if field.init and "prior" in field.metadata]
    if not fields:
        return ""
    meanings = _meanings_of(cls)
    rows = [
        f"| `{field.name}` | `{field.default}` | {field.metadata['unit']} | {_short(field.metadata['prior'])} "
        f"| {meanings.get(field.name, '')} |"
        for field in fields
    ]
    return "\n".join(["| parameter | default | unit | prior | |", "|---|---|---|---|---|", *rows])


def _short(prior: Any) -> str:
    kind = type(prior).__name__.removesuffix("Prior")
    names = ("mean", "sigma") if "Gaussian" in kind else ("lower_limit", "upper_limit")
    return f"{kind}({', '.join(f'{getattr(prior, name):g}' for name in names)})"


def _meanings_of(cls: type) -> dict[str, str]:
    """The text below each field, of ``cls`` and what it derives from."""
    found: dict[str, str] = {}
    for owner in reversed(cls.__mro__[:-1]):
        try:
            body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0].body  # type: ignore[attr-defined]
        except (OSError, TypeError):
            continue
        for field, text in zip(body, body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                found[field.target.id] = marked_down(" ".join(str(text.value.value).split()))  # type: ignore[union-attr]
    return found


class Docstrings(Extension):
    """Rewrites every docstring once it has been read."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Called by griffe for each module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = marked_down(obj.docstring.value)

    def on_attribute_instance(self, *, attr: Attribute, **_: Any) -> None:
        """Called by griffe for each attribute: a signature shows the default of a parameter, not its declaration."""
        value = attr.value
        if isinstance(value, ExprCall) and str(value.function).endswith("parameter") and value.arguments:
            attr.value = value.arguments[0]

    def on_class_members(self, *, cls: Class, **_: Any) -> None:
        """Called by griffe for each class with its members: profiles get their table."""
        if not cls.path.startswith("autogalaxy.profiles.") or cls.parent is None or not cls.parent.is_module:
            return
        real = getattr(importlib.import_module(cls.parent.path), cls.name)
        if not dataclasses.is_dataclass(real) or not (table := parameter_table(real)):
            return
        if cls.docstring is None:
            cls.docstring = Docstring("", parent=cls)
        head, mark, tail = cls.docstring.value.partition("\nReferences\n")
        cls.docstring.value = f"{head.rstrip()}\n\n{table}\n{mark}{tail}"
