import base64
import json
import zlib

import numpy as np

from autolens.html_report.colours import palette_from
from autolens.html_report.encoding import png_from, script_json, typed


def test_arrays_come_back_to_single_precision():
    values = np.array([[1.0 / 3.0, np.nan], [-2e7, 1e-12]])
    coded = typed(values)
    assert (coded["dtype"], coded["shape"]) == ("f4", "2, 2")
    back = np.frombuffer(base64.b64decode(coded["bdata"]), dtype="<f4").reshape(2, 2)
    np.testing.assert_allclose(back, values, rtol=1e-7)


def test_no_word_ends_a_script_element():
    words = "</script><script>alert(1)</script><!-- & ' \u2028"
    text = script_json({"name": words})
    assert not set("<>&'\u2028") & set(text)
    assert json.loads(text) == {"name": words}


def test_pixels_of_an_image_have_the_colours_of_their_values():
    values = np.array([[0.0, 10.0], [np.nan, 99.0]])
    address = png_from(values, "image", (0.0, 10.0))
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    start = content.index(b"IDAT") + 4
    length = int.from_bytes(content[start - 8 : start - 4])
    rows = zlib.decompress(content[start : start + length])
    assert list(rows) == [0, 0, 254, 0, 255, 254]  # each row with its filter, none, in front
    palette = palette_from("image")
    assert palette[0].tolist() == [0x44, 0x01, 0x54] and palette[254].tolist() == [0xFD, 0xE7, 0x25]  # ends of viridis
