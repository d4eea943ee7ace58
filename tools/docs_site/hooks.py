"""MkDocs hooks: formulas become MathML while the site is built, and pages come from elsewhere in the repository."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parent))

import messages
import reference

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    "benchmarks.md": "benchmarks/README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
_FROM_THE_NETWORK = re.compile(
    r"""<(?:script|img|iframe)[^>]*\ssrc="?https?://[^>]*>|<link[^>]*stylesheet[^>]*https?://[^>]*>"""
)
EVERY_MESSAGE = "<!-- every message -->"
_FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', flags=re.DOTALL)


def on_files(files: Files, config: Any, **_: Any) -> Files:
    """The pages of ``docs/`` and those of ``ELSEWHERE``."""
    for page, path in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text().replace("](docs/", "](")))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lists from the source; and links to files outside of ``docs/``, right in a clone, lead to their pages."""
    for page, path in ELSEWHERE.items():
        markdown = markdown.replace(f"](../{path})", f"]({page})")
    if EVERY_MESSAGE in markdown:
        markdown = markdown.replace(EVERY_MESSAGE, messages.listing())
    return reference.with_entries(markdown)


def on_page_content(content: str, **_: Any) -> str:
    """Each formula that ``pymdownx.arithmatex`` marked, as MathML: it needs no script."""
    return _FORMULA.sub(_mathml, content)


def on_post_build(config: Any, **_: Any) -> None:
    """An error where a page would load something from the network."""
    site = Path(config.site_dir)
    for page in site.rglob("*.html"):
        if found := _FROM_THE_NETWORK.search(page.read_text()):
            raise PluginError(f"{page.relative_to(site)} loads from the network: {found[0]}")


def _mathml(found: re.Match[str]) -> str:
    tag, bracket, latex = found.groups()
    formula = convert(html.unescape(latex).strip(), display="block" if bracket == "[" else "inline")
    return f'<{tag} class="formula">{formula}</{tag}>'
