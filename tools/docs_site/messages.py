"""The messages of our errors, read from the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("autoarray", "autogalaxy", "autolens")


def message_of(node: ast.expr) -> str:
    """The text of a message, with ``...`` for what it is filled with; empty where there is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(message_of(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return "..."
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return message_of(node.left) + message_of(node.right)
    if isinstance(node, ast.Call) and node.args:
        return next((text for argument in node.args if (text := message_of(argument))), "")
    return "..." if isinstance(node, ast.Name | ast.Attribute | ast.IfExp | ast.Subscript | ast.Call) else ""


def raised_messages() -> dict[str, list[tuple[str, str]]]:
    """Messages and the file each is in, by the name of the exception."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / "packages" / package / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (name := _name_of(node.func)).endswith(("Exception", "Warning")):
                    text = message_of(node.args[0]) if node.args else ""
                    found[name].append((" ".join(text.split()), str(path.relative_to(ROOT))))
    return found


def texts_of_source() -> str:
    """Every text of the source, ``...`` where it is filled in, in one line each."""
    lines = []
    for package in PACKAGES:
        for path in sorted((ROOT / "packages" / package / package).rglob("*.py")):
            nodes = ast.walk(ast.parse(path.read_text()))
            lines += [" ".join(message_of(n).split()) for n in nodes if isinstance(n, ast.Constant | ast.JoinedStr)]
    return "\n".join(lines)


def is_in(quoted: str, texts: str) -> bool:
    """Whether the source has the text that a page quotes; ``...`` of the page stands for anything."""
    pattern = ".*".join(re.escape(part.strip()) for part in " ".join(quoted.split()).split("..."))
    return re.search(pattern, texts) is not None


def _name_of(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def listing() -> str:
    """All messages in Markdown, by class and by the part of the package that raises them."""
    lines: list[str] = []
    for name, found in sorted(raised_messages().items()):
        lines.append(f"\n## {name}\n")
        for text, path in sorted(set(found), key=lambda message: (message[1], message[0])):
            if text.replace(".", "").replace(":", "").strip():
                place = path.removeprefix("packages/").partition("/")[2].removesuffix(".py").replace("/", ".")
                lines.append(f"- `` {text} `` ({place})")
    return "\n".join(lines) + "\n"
