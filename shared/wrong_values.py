"""What is said of a value that a model refuses: the one table from pydantic's kinds of errors to sentences of our own.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.contracts import GENERATION_ID_PATTERN, LANGUAGE_PATTERN, VIDEO_ID_PATTERN

OTHERWISE = "is not a value that is taken here"
# By the kind of error; the limits in braces are the error's own. https://docs.pydantic.dev/latest/errors/validation_errors/
SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field that is known here",
    "string_type": "must be text",
    "string_unicode": "must be text in Unicode",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "is not written as it must be",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "json_invalid": "must be JSON",
    "union_tag_invalid": "has no {discriminator} that is known; choose one of {expected_tags}",
    "union_tag_not_found": "must have {discriminator}",
    # A check of ours, which says it itself.
    "value_error": "{error}",
}
# A pattern is said in words, and never shown.
PATTERNS: Mapping[str, str] = {
    LANGUAGE_PATTERN: "must be a language code such as en-US",
    VIDEO_ID_PATTERN: "must be an id: at most 100 letters, digits, hyphens and underscores",
    GENERATION_ID_PATTERN: "must be an id: at most 40 letters, digits, hyphens and underscores",
}


def of(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, by one of pydantic's errors; without the value, and without a full stop."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    limits = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    return PATTERNS.get(limits.get("pattern", ""), SENTENCES.get(error["type"], OTHERWISE)).format(**limits)


def first(error: ValidationError) -> tuple[tuple[str, ...], str]:
    """Return where the first thing is that a model refused, and what is wrong with it."""
    first_error: Any = error.errors(include_input=False, include_url=False)[0]
    return tuple(str(part) for part in first_error["loc"]), of(first_error)
