"""What is taken of a client's values: of a text one line of what can be seen, and a whole number as JSON writes it.

Values only; touches nothing.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field, StringConstraints

# Characters of a title.
TITLE_LIMIT = 200
# What the OpenAPI document says of such a text beyond its constraints.
VISIBLE: Any = {"pattern": r"[^\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"}
# One rule for all of a client's text that is kept and shown. Controls and separators of lines become a space; marks
# that nobody sees, of which some turn the text round, go.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MARKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def plain_line(text: str) -> str:
    """Return a client's text as one line of what can be seen."""
    return _MARKS.sub("", _CONTROLS.sub(" ", text)).strip()


def _plain(value: object) -> object:
    """Return text as a plain line, and labels by plain names: of two that look alike the later counts, as in JSON."""
    if isinstance(value, dict):
        return {_plain(name): _plain(label) for name, label in cast("dict[object, object]", value).items()}
    return plain_line(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    # To JSON 3.0 is an integer, too.
    return int(value) if isinstance(value, float) and value.is_integer() else value


PLAIN = BeforeValidator(_plain)
WHOLE = BeforeValidator(_whole)
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TITLE_LIMIT, strip_whitespace=True),
    PLAIN,
    Field(json_schema_extra=VISIBLE),
]
