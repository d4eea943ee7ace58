"""Messages that the page on troubleshooting quotes are raised by the source, and every exception is on the page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import autolens as al

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "docs_site"))

import messages  # noqa: E402

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()


def test_every_quoted_message_is_in_the_source():
    quoted = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    texts = messages.texts_of_source()

    assert len(quoted) > 60
    assert [message for message in quoted if not messages.is_in(message, texts)] == []


def test_a_message_that_nobody_raises_is_found():
    assert not messages.is_in("the lens has fallen over", messages.texts_of_source())


def test_every_kind_of_error_that_users_meet_is_on_the_page():
    heard_of = set(re.findall(r"`(\w+Exception)`", PAGE))
    raised = {name for name, found in messages.raised_messages().items() if len(found) > 8 and hasattr(al.exc, name)}
    assert raised <= heard_of
