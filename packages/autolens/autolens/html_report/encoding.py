"""Arrays inside a page: typed arrays for the scripts, and small PNG images that are there before any script runs."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

import numpy as np

from autolens.html_report.colours import MASKED, palette_from

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'\u2028\u2029"}


def typed(values: Any) -> dict[str, Any]:
    """An array as Plotly reads it: base64 of single precision, with its shape; NaN where there is no value."""
    array = np.ascontiguousarray(np.asarray(values), dtype="<f4")
    coded = base64.b64encode(array.tobytes()).decode()
    return {"dtype": "f4", "bdata": coded, "shape": ", ".join(str(n) for n in array.shape)}


def script_json(content: Any) -> str:
    """JSON that is safe inside a ``<script>`` element, whatever words are in it."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def png_from(values: np.ndarray, kind: str, limits: tuple[float, float]) -> str:
    """``values`` between ``limits`` in the colours of ``kind``, as a ``data:`` address; NaN is grey."""
    low, high = limits
    fractions = (np.asarray(values, dtype=float) - low) / ((high - low) or 1.0)
    indexes = np.clip(np.nan_to_num(fractions, nan=0.0) * (MASKED - 1), 0, MASKED - 1).round().astype(np.uint8)
    indexes[np.isnan(fractions)] = MASKED
    height, width = indexes.shape
    rows = np.hstack([np.zeros((height, 1), dtype=np.uint8), indexes])  # every row starts with its filter, none
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # eight bits, with a palette
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette_from(kind).tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    )
    content = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
