"""The names of files as text: what of one can be shown and stored.

Values only; touches nothing.
"""

from __future__ import annotations

import os
import re

# Bytes of a file name where the file system does not say: what most of them take.
NAME_LIMIT = 255
UNNAMED = "recording"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f/]+")


def readable(name: str) -> str:
    """Return a file's name as text that can be shown and stored; bytes that are no UTF-8 are taken as Latin-1."""
    raw = os.fsencode(name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return _CONTROLS.sub(" ", text).strip() or UNNAMED
