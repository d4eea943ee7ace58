"""Griffe extension: formulas of docstrings, written for Sphinx, in the notation of the pages."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from griffe import Extension, Object

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


class Formulas(Extension):
    """Rewrites every docstring once it has been read."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Called by griffe for each module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = marked_down(obj.docstring.value)
