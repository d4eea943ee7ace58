"""From templates to a page that opens without a network: scripts inside or beside it, nothing else may run."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.output import write_atomic
from autolens.html_report.colours import MAPS, scale_from
from autolens.html_report.encoding import script_json

TEMPLATES = Path(__file__).parent / "templates"
PLOTLY = "plotly.min.js"
"""Name of the drawing library where pages share one copy."""
_SCRIPTS = ("theme.js", "tables.js", "figures.js", "posterior.js", "sample.js")


def check_parts() -> None:
    """Our error where a part that makes pages is not installed."""
    missing = []
    for name in ("jinja2", "plotly"):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
    if missing:
        raise exc.BackendException(
            f"a report needs {' and '.join(missing)}, not installed here: pip install 'autolens-xp[report]'"
        )


@lru_cache
def plotly_script() -> str:
    """The drawing library, as one script."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("</script", "<\\/script")


@lru_cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from autolens.html_report.numbers import plain_from, seconds_from, unit_from

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plain": plain_from, "seconds": seconds_from, "unit": unit_from}
    return environment


def page_from(template: str, shared: str | None = None, figures: Any = None, **content: Any) -> str:
    """One page.

    Parameters
    ----------
    template
        Name of its file.
    shared
        Address of the drawing library beside the page; inside it where not given.
    figures
        What the scripts draw.
    content
        What the template asks for.
    """
    from markupsafe import Markup

    import autolens

    scripts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    own = "\n".join(scripts)
    inline = [own] if shared is not None else [plotly_script(), own]
    return str(
        _environment()
        .get_template(template)
        .render(
            policy=_policy_from(inline, is_shared=shared is not None),
            style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),
            inline=[Markup(script) for script in inline],
            shared=shared,
            version=autolens.__version__,
            figures=Markup(script_json({"colours": {kind: scale_from(kind) for kind in MAPS}, **(figures or {})})),
            **content,
        )
    )


def _policy_from(scripts: list[str], is_shared: bool) -> str:
    """What the browser may do for this page: run our scripts, by their hashes, and ask nobody for anything."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in hashes) + (" 'self' file:" if is_shared else "")
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def write_page(path: Path, page: str) -> Path:
    """Write a page, whole or not at all."""
    write_atomic(path, page.encode("utf-8"))
    return path
