"""Evaluate the JSONata of a state machine for moto, which composes it as `(` declarations `;` expression `)`.

Values only; safe in many threads at once, because the library keeps its parser and the instance at work by thread.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto and jsonata-python ship no types.

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import jsonata
from jsonata.utils import Utils
from moto.stepfunctions.parser.asl.jsonata.jsonata import JSONataException

# moto asks for the type, or the existence, of a whole expression with its declarations.
_OPENING = re.compile(r"(?:\$(?:exists|type)\()?\(")
_DECLARED = re.compile(r"\$(\w+):=")
_DECODER = json.JSONDecoder()


def evaluate(expression: str) -> Any:
    """Return the JSON value of an expression; raise moto's JSONataException."""
    text, values = taken_out(expression)
    try:
        # Reading is most of the work, and no evaluation changes what was read.
        interpreter = jsonata.Jsonata("null")
        interpreter.ast = _read(text)
        return interpreter.evaluate(None, values)
    except jsonata.JException as error:
        raise JSONataException("UNKNOWN", str(error)) from error


def taken_out(expression: str) -> tuple[str, dict[str, Any]]:
    """Return the expression without the declarations of JSON values at its beginning, and these by name.

    moto writes the whole input and every variable in front of each expression, where reading it takes milliseconds.
    """
    opening = _OPENING.match(expression)
    begin = at = opening.end() if opening else 0
    values: dict[str, Any] = {}
    while opening and (match := _DECLARED.match(expression, at)):
        try:
            value, end = _DECODER.raw_decode(expression, match.end())
        except ValueError:
            break
        if expression[end : end + 1] != ";":
            break
        values[match[1]] = _with_nulls(value)
        at = end + 1
    return expression[:begin] + expression[at:], values


@lru_cache(maxsize=1024)
def _read(text: str) -> Any:
    return jsonata.Jsonata(text).ast


def _with_nulls(value: Any) -> Any:
    # The library's own null; Python's None is what JSONata calls undefined.
    if isinstance(value, dict):
        return {key: _with_nulls(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_with_nulls(item) for item in value]
    return Utils.NULL_VALUE if value is None else value
