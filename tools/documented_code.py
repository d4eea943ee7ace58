"""The Python blocks of a page of the documentation, run as one module."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
NEEDS_JAX = "<!-- needs jax -->\n"


def run(page: str, with_jax: bool) -> dict[str, Any]:
    """Run the blocks of ``docs/page`` in order and return their names; an assertion of the page fails as it stands."""
    text = (DOCS / page).read_text()
    blocks = re.findall(rf"^({NEEDS_JAX})?```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    module = ModuleType(page.removesuffix(".md").replace("-", "_"))
    sys.modules[module.__name__] = module  # dataclasses look their module up
    for marker, code in blocks:
        if with_jax or not marker:
            line = text[: text.index(code)].count("\n")
            exec(compile("\n" * line + code, str(DOCS / page), "exec"), vars(module))
    return vars(module)
